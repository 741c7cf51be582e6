"""A sample is random, the same each time, small in memory, and tells the coder nothing of what was read."""

import csv
import json
import shlex
import tracemalloc
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import openpyxl
import pytest

from giar_crawler.cli.common import Refused
from giar_crawler.cli.sample import sample
from giar_crawler.export.columns import table
from giar_crawler.export.names import cells
from giar_crawler.items import Figure
from giar_crawler.sampling.draw import TooSmall, allocate, draw
from giar_crawler.sampling.population import population
from giar_crawler.sampling.strata import Stratum
from pipelines.storage import ReportFilter, open_storage
from tests.storage.records import NOON, small

A, B = Stratum(("a",), True), Stratum(("a",), False)
FORM = cells()["giar_2021"]
EVIL = "http://a/it's;rm -rf ~"


def made(count, stratum=A, start=0):
    for number in range(start, start + count):
        yield SimpleNamespace(
            identity=f"http://a/{number}\nx", stratum=stratum, order=("", number, ""), question=lambda n=number: {"n": n}, reading=dict
        )


def report(number, **changes):
    """A report that answers a third of its form: numbers with one doubt, a blank, and cells that were not found."""
    names = list(FORM)[:40]
    figures = [
        Figure(
            cell.name.partition("[")[0], cell.name.partition("[")[2].rstrip("]") or None, place, "number", str(place), cell.unit, "table",
            locator=f"/html/body/div/table[2]/tr[{place}]/td[1]",
        )
        for place, name in enumerate(names)
        for cell in [SimpleNamespace(name=name, unit=FORM[name].unit)]
    ]  # fmt: skip
    figures[3] = replace(figures[3], value=None, status="blank", raw="")
    facts = {"form": "giar_2021", "publisher": "=甲县人民政府", "title": "甲县年报", "figures": figures}
    return replace(small(f"http://a/{number}", f"content {number}", **facts), **changes)


def fill(url):
    storage = open_storage(url)
    for portal, level in (("a", "county"), ("b", "city")):
        storage.upsert_portal({"id": portal, "name": portal, "adcode": "610430", "level": level, "home": f"http://{portal}/"})
    for number in range(6):
        portal = "ab"[number % 2]
        storage.store_reading(report(number, portal=portal), keep=True, portal_id=portal, crawl_id=None, seen_at=NOON)
    prose = report(7, form=None, figures=[Figure("requests_received_count", None, 5, "number", "收到申请5件", "件", "prose")], url=EVIL)
    storage.store_reading(prose, keep=True, portal_id="a", crawl_id=None, seen_at=NOON)
    storage.close()
    return url


@pytest.fixture
def database(tmp_path):
    return fill(f"sqlite:///{tmp_path}/x.db")


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_cell_is_drawn_equally_often():
    times = Counter(row.question["n"] for seed in range(400) for row in draw(made(20), 5, seed).rows)
    # Each of 20 cells is expected 100 times of 400, with a standard deviation of 8.7.
    assert min(times.values()) > 65
    assert max(times.values()) < 135
    assert sum(times.values()) == 2000


def test_the_order_of_the_cells_does_not_matter():
    one, other = draw(made(100), 10, 1), draw(reversed(list(made(100))), 10, 1)
    assert [row.id for row in one.rows] == [row.id for row in other.rows]
    assert [row.id for row in one.rows] != [row.id for row in draw(made(100), 10, 2).rows]
    assert len({row.id for row in draw(made(100), 200, 1).rows}) == 100


def test_shares_of_strata():
    assert allocate({A: 900, B: 100}, 40) == {A: 30, B: 10}
    assert allocate({A: 900, B: 3}, 400) == {A: 397, B: 3}
    assert allocate({A: 1, B: 1}, 5) == {A: 1, B: 1}
    with pytest.raises(TooSmall, match=r"2 strata or more .* need 2 cells each"):
        draw([*made(10), *made(10, B, 10)], 3, 1)
    assert len(draw([*made(10), *made(10, B, 10)], 4, 1).rows) == 4


def test_too_many_strata_are_refused_before_they_fill_the_memory():
    seen = 0

    def portals():
        nonlocal seen
        for seen in range(1, 100_000):
            yield from made(1, Stratum((str(seen),), True), seen)

    with pytest.raises(TooSmall, match=r"301 strata or more"):
        draw(portals(), 300, 1)
    assert seen == 301


def test_memory_does_not_grow_with_the_number_of_cells():
    peaks = []
    for count in (2_000, 100_000):
        tracemalloc.start()
        draw(made(count), 50, 1)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_what_can_be_drawn(database):
    found = list(population(open_storage(database), ReportFilter(), ("form", "level")))
    county = [cell for cell in found if cell.stratum.group == ("giar_2021", "county")]
    assert Counter(cell.stratum.given for cell in county)[True] == 3 * 39
    assert {cell.name for cell in county} > set(FORM)
    # What only sentences state can be missed too.
    assert {"proactive_info_count", "request_fees_collected"} <= {cell.name for cell in county if not cell.stratum.given}
    prose = [cell for cell in found if cell.stratum.group == ("none", "county")]
    assert [cell.name for cell in prose if cell.stratum.given] == ["requests_received_count"]
    assert len(prose) > 50
    assert len({cell.identity for cell in found}) == len(found)


def test_the_sheet_does_not_tell_what_was_read(database):
    """Question by question: it is the same when the reading found nothing in that cell."""
    storage = open_storage(database)
    by_name = {
        cell.name: cell for cell in population(storage, ReportFilter(portals=("a",)), ()) if cell.stored.document_url == "http://a/0"
    }
    for name in list(FORM)[:3]:
        cell = by_name[name]
        figures = [figure for figure in cell.stored.report.figures if figure.name != name]
        without = replace(cell.stored, report=replace(cell.stored.report, figures=figures))
        assert replace(cell, stored=without, figure=None).question() == cell.question()
    asked = (
        by_name["requests.received_new[natural_person]"].question() if "requests.received_new[natural_person]" in FORM else cell.question()
    )
    assert asked["place_on_page"].startswith("表格 table")
    assert not {"value", "raw", "status", "source", "confidence", "locator"} & set(table("sample").names)
    assert "td" not in by_name[next(iter(FORM))].question()["place_on_page"]


def test_sheet_and_key(database, tmp_path, capsys):
    sheet = tmp_path / "sheet.csv"
    sample(60, None, sheet, database=database)
    printed = capsys.readouterr().out
    assert printed.split()[:4] == ["form", "level", "cells", "drawn"]
    rows = read(sheet)
    assert list(rows[0]) == list(table("sample").names)
    assert len(rows) == len({row["id"] for row in rows}) == 60
    assert {row["coder_value"] for row in rows} == {""}
    assert {row["publisher"] for row in rows} == {"'=甲县人民政府"}
    key = json.loads((tmp_path / "sheet.key.json").read_text("utf-8"))
    assert list(key["rows"]) == [row["id"] for row in rows]
    statuses = Counter(row["status"] for row in key["rows"].values())
    assert set(statuses) >= {"number", "absent"}
    assert all((row["value"] is None) is (row["status"] != "number") for row in key["rows"].values())
    assert sum(stratum["drawn"] for stratum in key["strata"]) == 60
    # What a coder would paste into a terminal is one command, whatever the address.
    quoted = [row["archived_page"] for row in rows if row["document_url"] == EVIL]
    assert quoted
    assert {tuple(shlex.split(command)) for command in quoted} == {("giar", "archive", "get", EVIL, "--at", "2026-03-01T04:00:00.123456Z")}


def test_the_same_database_gives_the_same_sheet(database, tmp_path):
    for name in ("a", "b"):
        sample(40, ["form"], tmp_path / f"{name}.csv", database=database)
    sample(40, ["form"], tmp_path / "c.csv", database=database, seed=1)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert (tmp_path / "a.key.json").read_bytes() == (tmp_path / "b.key.json").read_bytes()
    assert {row["id"] for row in read(tmp_path / "a.csv")} != {row["id"] for row in read(tmp_path / "c.csv")}


def test_another_kind_of_database_gives_the_same_sheet(database, postgres_url, tmp_path):
    sample(40, ["form"], tmp_path / "a.csv", database=database)
    sample(40, ["form"], tmp_path / "b.csv", database=fill(postgres_url))
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert (tmp_path / "a.key.json").read_bytes() == (tmp_path / "b.key.json").read_bytes()


def test_a_workbook(database, tmp_path):
    sample(40, ["form"], tmp_path / "a.xlsx", database=database)
    sample(40, ["form"], tmp_path / "b.csv", database=database)
    head, *rows = openpyxl.load_workbook(tmp_path / "a.xlsx")["sample"].iter_rows(values_only=True)
    assert [row[0] for row in rows] == [row["id"] for row in read(tmp_path / "b.csv")]
    assert head == table("sample").names
    assert {cell.data_type for row in openpyxl.load_workbook(tmp_path / "a.xlsx")["sample"].iter_rows() for cell in row} <= {"s", "n"}


def test_withheld_pages_are_not_drawn(database, tmp_path):
    storage = open_storage(database)
    storage.withhold("http://a/0", "names", "me", NOON)
    sample(2000, ["form"], tmp_path / "a.csv", database=database)
    urls = {row["document_url"] for row in read(tmp_path / "a.csv")}
    assert "http://a/0" not in urls
    assert "http://a/2" in urls
    assert "http://a/0" not in (tmp_path / "a.key.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"output": "x.pdf"}, "must be one of .csv, .xlsx"),
        ({"output": "none/x.csv"}, "there is no folder"),
        ({"by": ["county"]}, "--by county: unknown"),
        ({"n": 3}, "--n 3: 2 strata or more .* draw more"),
        ({"years": "2030"}, "nothing to draw from"),
        ({"output": "there.csv"}, "there.csv is there already"),
        ({"output": "keyed.csv"}, "keyed.key.json is there already"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(database, tmp_path, options, words):
    (tmp_path / "there.csv").write_text("filled")
    (tmp_path / "keyed.key.json").write_text("{}")
    before = sorted(tmp_path.glob("[!x]*"))
    call = {"n": 300, "by": None, "output": "sheet.csv"} | options
    with pytest.raises(Refused, match=words):
        sample(call.pop("n"), call.pop("by"), tmp_path / call.pop("output"), database=database, **call)
    assert sorted(tmp_path.glob("[!x]*")) == before
