"""What an export says is what is stored, in the columns of the contract, and harmless to a spreadsheet."""

import csv
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from giar_crawler.cli.common import Refused, Stopped
from giar_crawler.cli.export import export
from giar_crawler.export.files import defused
from giar_crawler.export.record import record
from giar_crawler.items import Figure, Report
from pipelines.storage import open_storage
from tests import starting
from tests.storage.records import NOON, full, small

FIGURE_COLUMNS = (
    "document_url, portal, publisher, scope, adcode, report_year, form, indicator, column, value, status, raw, unit, source, preferred, "
    "corrected, confidence, label, locator, fetched_at, content_sha256, parser_version, implied_value, implied_by"
).split(", ")


@pytest.fixture
def database(database_url):
    storage = open_storage(database_url)
    for portal, level in (("a", "county"), ("b", "city")):
        storage.upsert_portal({"id": portal, "name": portal, "adcode": "610430", "level": level, "home": f"http://{portal}/"})
    storage.store_reading(full(), keep=True, portal_id="a", crawl_id=None, seen_at=NOON)
    storage.store_reading(small("http://b/2", "b", portal="b", title="=1+1"), keep=True, portal_id="b", crawl_id=None, seen_at=NOON)
    storage.store_reading(small("http://b/1", "b", portal="b", title="=1+1"), keep=True, portal_id="b", crawl_id=None, seen_at=NOON)
    storage.mark_gone([full().url], NOON)
    yield database_url
    storage.close()


def run(kind, output, database, **options):
    export(kind, output, database=database, **options)
    return output.read_bytes()


def rows(data):
    return list(csv.DictReader(data.decode("utf-8-sig").splitlines(keepends=True)))


def test_the_record_has_the_keys_of_the_contract():
    out = record(full(), file="page.html")
    assert list(out)[:7] == ["file", "url", "portal", "fetched_at", "body_sha256", "content_sha256", "parser_version"]
    assert list(out)[-6:] == ["form", "figures", "findings", "sections", "attachments", "text"]
    assert out["fetched_at"] == "2026-03-01T04:00:00.123456Z"
    assert (out["published_date"], out["dates"][1]["value"], out["outcome"]) == ("2022-02-08", None, "mirror")
    assert out["index_number"]["organization_valid"] is True
    assert [(type(figure["value"]), figure["value"]) for figure in out["figures"][:2]] == [(int, 6), (float, 587.4072)]
    assert json.loads(json.dumps(out)) == out
    assert list(out["figures"][3].items())[-2:] == [("implied_value", 0), ("implied_by", "row_total")]
    assert "text" not in record(full(), with_text=False)
    assert record(Report())["index_number"] is None
    whole = Figure("x", None, Decimal(25), "number", "25", "万元", "table")
    assert json.dumps(record(small("http://a", figures=[whole]))["figures"][0]["value"]) == "25"


def test_reports_as_json_lines(database, tmp_path):
    lines = [json.loads(line) for line in run("reports", tmp_path / "x.jsonl", database).decode().splitlines()]
    assert [line["url"] for line in lines] == [full().url, "http://b/1"]
    gone, alive = lines
    expected = record(full(), with_text=False)
    assert gone == expected | {"gone_since": "2026-03-01T04:00:00.123456Z", "alternate_urls": []}
    assert list(gone) == [*expected, "gone_since", "alternate_urls"]
    assert (alive["gone_since"], alive["url"], alive["alternate_urls"]) == (None, "http://b/1", ["http://b/2"])
    with_text = run("reports", tmp_path / "x.jsonl", database, with_text=True).decode().splitlines()
    assert json.loads(with_text[0])["text"] == full().text


def test_reports_as_csv(database, tmp_path):
    data = run("reports", tmp_path / "x.csv", database)
    assert data.startswith(b"\xef\xbb\xbfurl,portal,publisher")
    assert data.count(b"\r\n") == 3
    first, second = rows(data)
    assert (first["index_number"], first["figures"], first["mirror_of"]) == ("11610430MB2A/2022-00187", "4", "http://www.b.gov.cn/1.html")
    assert first["date_is_migration"] == "false"
    assert (second["title"], second["alternate_urls"], second["publisher"]) == ("'=1+1", "http://b/2", "")


def test_figures_have_the_columns_of_the_contract_in_both_formats(database, tmp_path):
    table = rows(run("figures", tmp_path / "x.csv", database))
    assert list(table[0]) == FIGURE_COLUMNS
    assert [row["value"] for row in table] == ["6", "587.4072", "587.4", "", "1"]
    assert [row["column"] for row in table[:2]] == ["natural_person", ""]
    lines = [json.loads(line) for line in run("figures", tmp_path / "x.jsonl", database).decode().splitlines()]
    assert [list(line) for line in lines] == [FIGURE_COLUMNS] * 5
    assert [line["value"] for line in lines] == [6, 587.4072, 587.4, None, 1]
    assert lines[1]["column"] is None
    assert [(line["implied_value"], line["implied_by"]) for line in lines[2:4]] == [(None, None), (0, "row_total")]
    assert (table[3]["implied_value"], table[3]["value"], table[3]["status"]) == ("0", "", "blank")
    assert run("figures", tmp_path / "y.csv", database) == run("figures", tmp_path / "x.csv", database)


def test_filters(database, tmp_path):
    def urls(**options):
        return [row["url"] for row in rows(run("reports", tmp_path / "f.csv", database, **options))]

    assert urls(portals=["b,a"]) == [full().url, "http://b/1"]
    assert urls(portals=["b"]) == urls(level=["city"]) == urls(mirrors=False) == ["http://b/1"]
    assert urls(form=["giar_2021"]) == urls(scope=["consolidated", "office"]) == [full().url]
    assert urls(years="2022-") == []
    assert urls(years="-2021", place="610000") == [full().url, "http://b/1"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"portals": ["aa"]}, "known are a"),
        ({"place": "61"}, "six digits"),
        ({"years": "2022-2020"}, "after"),
        ({"form": ["giar_2020"]}, "giar_20"),
        ({"level": ["counties"]}, "known are county"),
        ({"with_text": True}, "jsonl"),
    ],
)
def test_a_filter_that_can_never_match_is_refused(database, tmp_path, options, words):
    with pytest.raises(Refused, match=words):
        run("figures", tmp_path / "x.csv", database, **options)
    assert list(tmp_path.glob("*x.csv*")) == []


def test_refusals(database, tmp_path):
    for kind, name in (("indicators", "x.csv"), ("reports", "x.ods"), ("reports", "x"), ("reports", "no/x.csv")):
        with pytest.raises(Refused, match="there are: reports, figures" if kind == "indicators" else "ending|no folder"):
            run(kind, tmp_path / name, database)
    with pytest.raises(Refused, match="nothing yet"):
        run("reports", tmp_path / "x.csv", f"sqlite:///{tmp_path}/none.db")
    (tmp_path / "page.db").write_text("<html>" * 999)
    with pytest.raises(Stopped, match="not a database"):
        run("reports", tmp_path / "x.csv", f"sqlite:///{tmp_path}/page.db")
    with pytest.raises(Stopped, match="cannot be written"):
        run("reports", Path("/proc/x.csv"), database)


def test_a_database_that_breaks_in_the_middle_leaves_the_old_file(sqlite_url, tmp_path):
    storage = open_storage(sqlite_url)
    for n in range(600):
        storage.store_reading(
            small(f"http://a/{n}", "x" * 5000 + str(n), portal=None), keep=True, portal_id=None, crawl_id=None, seen_at=NOON
        )
    storage.engine.dispose()
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    data = bytearray(file.read_bytes())
    for page in range(len(data) // 4096 // 2, len(data) // 4096, 3):
        data[page * 4096 : page * 4096 + 100] = b"\xff" * 100
    file.write_bytes(data)
    (tmp_path / "x.csv").write_text("old")
    with pytest.raises(Stopped, match="malformed"):
        run("reports", tmp_path / "x.csv", sqlite_url)
    assert (tmp_path / "x.csv").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_the_command_line(sqlite_url, tmp_path):
    storage = open_storage(sqlite_url)
    storage.store_reading(small("http://a/1", portal=None), keep=True, portal_id=None, crawl_id=None, seen_at=NOON)
    command = starting.GIAR
    good = starting.run(
        [*command, "export", "figures", "-o", "x.csv", "--database", sqlite_url], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert (good.stdout, good.stderr) == ("", "wrote 1 rows to x.csv\n")
    bad = starting.run(
        [*command, "export", "figures", "-o", "x.ods", "--database", sqlite_url], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (bad.returncode, bad.stdout) == (2, "")
    assert re.match("giar: x.ods: .*\\.csv, \\.jsonl", bad.stderr)
    up = starting.run([*command, "db", "upgrade", "--database", sqlite_url], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "already" in up.stderr


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("@x", "'@x"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-1+1", "'-1+1"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("＝1+1", "'＝1+1"),
        ("－", "－"),
        ("-5", "-5"),
        ("+12.5%", "+12.5%"),
        ("-1,234.50", "-1,234.50"),
        ("-", "-"),
        (-5, -5),
        ("a=b", "a=b"),
        (True, "true"),
    ],
)
def test_formulas_are_defused_and_numbers_left_alone(cell, safe):
    assert defused(cell) == safe
