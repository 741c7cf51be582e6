"""What somebody meets who calls `giar` clumsily: the message says what was found and what to do, and a moment is told in China's time."""

import os
import re
import subprocess
import sys

import pytest

from giar_crawler.archive.errors import ArchiveError
from giar_crawler.archive.writer import WarcWriter
from giar_crawler.cli.common import emit
from giar_crawler.cli.places import check_place
from giar_crawler.export import extras
from pipelines.storage import open_storage
from tests import starting
from tests.storage.records import NOON, full

GIAR = starting.GIAR


def giar(*words, code):
    done = starting.run([*GIAR, *map(str, words)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout, done.stderr


@pytest.fixture
def database(tmp_path):
    url = f"sqlite:///{tmp_path}/giar.db"
    storage = open_storage(url)
    storage.upsert_portal({"id": "a", "name": "甲县", "adcode": "610430", "level": "county"})
    storage.store_reading(full(), keep=True, portal_id="a", crawl_id=None, seen_at=NOON)
    yield url
    storage.close()


def test_a_closed_stdout_is_said(tmp_path):
    command = " ".join([*GIAR, "portals", "list"])
    done = subprocess.run(["bash", "-c", f"{command} >&-"], capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith("giar: the output cannot be written")
    assert "Traceback" not in done.stderr


def test_what_prints_nothing_needs_no_stdout(database, tmp_path):
    words = ["export", "figures", "-o", tmp_path / "x.csv", "--database", database]
    done = subprocess.run(["bash", "-c", '"$@" >&- 2>&-', "bash", *GIAR, *map(str, words)], check=False, timeout=60)
    assert done.returncode == 0
    assert (tmp_path / "x.csv").stat().st_size > 100


def test_a_cell_is_explained_in_chinas_time(database):
    out, _ = giar("coverage", "--explain", "a", full().report_year, "--database", database, code=0)
    assert re.search(r"^first_seen_at +\d{4}-\d\d-\d\d \d\d:\d\d$", out, re.MULTILINE)


def test_columns_stand_below_each_other_after_chinese(capsys):
    for name in ("辽宁省", "新疆维吾尔自治区"):
        emit({"name": name, "portals": 1}, as_json=False)
    first, second = capsys.readouterr().out.splitlines()
    assert len(first) - len(second) == len("新疆维吾尔自治区") - len("辽宁省")


def test_an_export_without_rows_says_where_to_look(database, tmp_path):
    _, err = giar("export", "figures", "-o", tmp_path / "x.csv", "--years", "2005-2007", "--database", database, code=0)
    assert "giar coverage" in err


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("999999", "--place 999999: no place has or had this code; those of the provinces are listed by: giar portals missing --counts"),
        ("610498", "--place 610498: no place has or had this code; near it are 610482 彬州市, 610481 兴平市, 6104"),
    ],
)
def test_a_place_that_never_was_is_refused(database, tmp_path, place, words):
    _, err = giar("export", "figures", "-o", tmp_path / "x.csv", "--place", place, "--database", database, code=2)
    assert words in err
    assert not (tmp_path / "x.csv").exists()


def test_places_of_the_past_and_of_several_counties_are_places():
    # 崇文区 was merged in 2010; of 济源市 and its like the code's beginning is no city.
    for place in ("110103", "419000", "610430"):
        check_place(place)


def test_a_release_that_would_overwrite_names_the_option_that_decides(database, tmp_path):
    _, err = giar("release", "create", "t1", "--out", tmp_path, "--database", database, code=2)
    assert "another folder with --out" in err


def test_rates_of_a_sheet_that_is_not_there(tmp_path):
    _, err = giar("rates", tmp_path / "none.csv", code=2)
    assert "none.csv cannot be read: there is no such file; give the sheet" in err


def test_an_empty_page_is_not_probed(tmp_path):
    (tmp_path / "page.html").touch()
    out, err = giar("portals", "probe", tmp_path / "page.html", code=2)
    assert (out, "is empty" in err) == ("", True)


def test_a_saved_page_is_named_as_it_was_given(tmp_path):
    (tmp_path / "page.html").write_text("<html><body><a href='/a'>首页</a></body></html>", "utf-8")
    _, err = giar("portals", "probe", tmp_path / "page.html", code=0)
    assert err.startswith(f"{tmp_path}/page.html: static")


def test_a_missing_library_is_installed_where_the_program_is():
    with pytest.raises(extras.ExtraMissing, match=re.escape(f"{sys.executable} -m pip install 'giar-crawler[data]'")):
        extras.need("no_such_module_here")


def test_a_file_in_the_place_of_the_archive(tmp_path):
    (tmp_path / "archive").touch()
    with pytest.raises(ArchiveError, match=rf"^archive {re.escape(os.fspath(tmp_path))}/archive: File exists; name a folder"):
        WarcWriter(tmp_path / "archive").check()


# Python runs this before anything else: whoever imports the module is interrupted.
INTERRUPTING = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "{}":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
"""


@pytest.mark.parametrize("module", ["sqlalchemy", "giar_crawler.runner.probe"])
def test_ctrl_c_while_modules_load_is_quiet(tmp_path, module):
    (tmp_path / "sitecustomize.py").write_text(INTERRUPTING.format(module))
    command = [*GIAR, "portals", "probe", str(tmp_path / "none.html")]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)
    assert (done.returncode, done.stdout) == (3, "")
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 1
