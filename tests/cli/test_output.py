"""What comes out of `giar`: UTF-8 in any locale, nothing but data, and one message instead of a traceback when it cannot be written."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from giar_crawler.cli.commands import COMMANDS
from tests import starting

GIAR = starting.GIAR
TITLE = "某县人民政府2021年政府信息公开工作年度报告"
PAGE = f"<html><title>{TITLE}</title><body><p>{TITLE}</p></body></html>".encode()


def run(*words, start=subprocess.run, **options):
    return start([*GIAR, *map(str, words)], capture_output=True, check=False, timeout=60, **options)


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.html"
    path.write_bytes(PAGE)
    return path


def test_data_are_utf_8_in_any_locale(page):
    ascii_only = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    done = run("parse", page, env=ascii_only)
    assert done.stderr == b""
    assert json.loads(done.stdout.decode("utf-8"))["title"] == TITLE
    assert run("portals", "list", env=ascii_only).stdout.decode("utf-8").count("人民政府") > 100


def test_the_version_is_that_of_the_records(page):
    printed = json.loads(run("parse", page, start=starting.run).stdout)
    assert run("--version").stdout.decode().strip() == printed["parser_version"]


def test_a_file_name_that_is_no_text_is_printed_as_json(tmp_path):
    path = os.fsencode(tmp_path) + b"/\xb1\xa8.html"
    Path(os.fsdecode(path)).write_bytes(PAGE)
    done = subprocess.run([*map(os.fsencode, GIAR), b"parse", path], capture_output=True, check=False)
    assert os.fsencode(json.loads(done.stdout)["file"]) == path


def test_pipes_and_stdin_are_files(page):
    piped = run("parse", "-", input=PAGE, start=starting.run)
    assert json.loads(piped.stdout)["file"] == "-"
    command = f"{sys.executable} -m giar_crawler.cli parse <(cat '{page}')"
    substituted = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert [json.loads(done.stdout)["title"] for done in (piped, substituted)] == [TITLE] * 2
    assert run("parse", "-", "-", input=PAGE, start=starting.run).returncode == 2


@pytest.mark.parametrize("words", [("parse", "{page}"), ("portals", "list"), ("portals", "list", "--json")])
def test_an_output_that_is_full_or_gone(page, words):
    words = [word.format(page=page) for word in words]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*GIAR, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3
    assert "the output cannot be written: No space left" in done.stderr
    assert "Traceback" not in done.stderr
    # The pipe is closed before the first byte.
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        done = subprocess.run([*GIAR, *words], stdout=gone, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0
    assert "rror" not in done.stderr


@pytest.mark.parametrize("url", ["http://[bad/", "http://example.org:99999/", "ftp://example.org/", "nonsense"])
def test_an_address_that_is_none_is_refused(page, url):
    done = run("parse", page, "--url", url, text=True, start=starting.run)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"giar: --url {url}: not an http address")


@pytest.mark.parametrize("words", [*COMMANDS, "portals list", "portals check", "db upgrade", "release create", "release diff"])
def test_every_command_loads_by_itself_and_its_help_has_an_example(words):
    done = run(*words.split(), "--help", text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search("Examples?: giar ", " ".join(done.stdout.split()))


# It says which of these were loaded for a call; half a second and more each.
LOADED = """
import sys
from giar_crawler.cli import main
try:
    main()
finally:
    print(*[name for name in ("scrapy", "sqlalchemy", "pipelines.line") if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        ("--help", ""),
        ("portals list", ""),
        ("portals missing --counts", ""),
        ("parse {page}", "scrapy pipelines.line"),
        ("export reports -o {folder}/x.csv --database sqlite:///{folder}/giar.db", "sqlalchemy"),
        ("coverage --database sqlite:///{folder}/giar.db", "sqlalchemy"),
        ("crawl --portals {folder}", "sqlalchemy"),
    ],
)
def test_a_call_loads_only_what_it_needs(page, tmp_path, words, needed):
    call = [sys.executable, "-c", LOADED, *words.format(page=page, folder=tmp_path).split()]
    done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr.splitlines()[-1] == needed
