"""What is read of a page stands in the same order in every process: the digest of a reading is over that order."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EVERY = 12
# Pages of which a table was given up, whose figures and findings stood in the order of a set.
GIVEN_UP = ["2014_values_before_labels_no_header", "blind_text_2019_card_lines"]
DIGESTS = f"""
from pipelines import read
from pipelines.storage.rows import to_rows
from tests.evaluate import PAGES, golden_folders, load_case
names = sorted({{*[folder.name for folder in golden_folders()][::{EVERY}], *{GIVEN_UP}}})
for name in names:
    print(name, to_rows(read(load_case(PAGES / name).page)).report["reading_sha256"])
"""


@cache
def digests(seed):
    """The digests of some golden pages, read by a process that hashes in its own way."""
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", DIGESTS], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return dict(line.split() for line in done.stdout.splitlines())


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_reads_the_same(seed):
    expected = digests("0")
    assert set(GIVEN_UP) < set(expected)
    assert digests(seed) == expected
