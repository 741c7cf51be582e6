"""The five real documents agree with their truth to the last figure and field. `GIAR_SEEDS` names their folder."""

import json
import os
from decimal import Decimal
from functools import cache
from pathlib import Path

import opencc
import pytest

from giar_crawler.items import Page
from pipelines import read
from tests.evaluate import figures_of, value_of

FOLDER = os.environ.get("GIAR_SEEDS")
pytestmark = pytest.mark.skipif(not FOLDER, reason="GIAR_SEEDS does not name the folder of the real documents")
DOCUMENTS = sorted(Path(FOLDER).glob("*.txt")) if FOLDER else []
IDS = [path.name[:3] for path in DOCUMENTS]
FIELDS = (
    "outcome",
    "title",
    "report_year",
    "index_number",
    "published_date",
    "document_number",
    "form",
    "adcode",
    "site_code",
    "publisher",
    "scope",
)


@cache
def truth_of(path):
    return json.loads(path.with_suffix(".truth.json").read_text("utf-8"), parse_float=Decimal)


@cache
def report_of(path):
    return read(Page(None, path.read_bytes()))


def test_all_five_are_there():
    assert len(DOCUMENTS) == 5


@pytest.mark.parametrize("path", DOCUMENTS, ids=IDS)
@pytest.mark.parametrize("field", FIELDS)
def test_field(path, field):
    if field not in truth_of(path):
        pytest.skip(f"the truth of {path.name} says nothing of {field}")
    assert value_of(report_of(path), field) == truth_of(path)[field]


@pytest.mark.parametrize("path", DOCUMENTS, ids=IDS)
def test_publisher_in_the_pages_own_wording(path):
    """The truth is written in simplified characters, the record keeps those of the page."""
    raw, wanted = report_of(path).publisher_raw, truth_of(path)["publisher_raw"]
    assert (opencc.OpenCC("t2s").convert(raw) if raw else raw) == wanted
    assert raw is None or raw in path.read_text("utf-8")


@pytest.mark.parametrize("path", DOCUMENTS, ids=IDS)
def test_figures(path):
    found = figures_of(report_of(path))
    assert {key: found[key].value if key in found else "missing" for key in truth_of(path)["figures"]} == truth_of(path)["figures"]


@pytest.mark.parametrize("path", DOCUMENTS, ids=IDS)
def test_blanks_are_blanks(path):
    found = figures_of(report_of(path))
    assert {found[key].status for key, value in truth_of(path)["figures"].items() if value is None} <= {"blank"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=IDS)
def test_prose_figures_bear_their_sentence(path):
    text = path.read_text("utf-8")
    stated = [figure for figure in report_of(path).figures if figure.source == "prose"]
    assert all(figure.raw and figure.raw in text for figure in stated)
    if truth_of(path)["form"] is None:
        assert len(stated) >= len(truth_of(path)["figures"])
