"""Every change between two releases is told with its class: each class is made for real, in the storage, as the program makes it."""

import json
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from giar_crawler.cli.commands import app
from giar_crawler.cli.common import Refused, Stopped
from giar_crawler.cli.release import create, diff
from giar_crawler.export.formats import WRITERS
from giar_crawler.export.package import MARK, SUMS, sha256_of
from giar_crawler.items import Figure
from giar_crawler.outcomes import PageOutcome
from giar_crawler.release import merging
from pipelines.storage import Observation, PageFilter, Proposal, Rereading, Wanted, Withdrawal, open_storage
from tests.storage.records import NOON, small

HOUR = timedelta(hours=1)
URL = "http://a/1"
NAME = "requests.received_new[total]"
OURS = {"publisher": "甲县人民政府", "scope": "consolidated", "form": "giar_2021", "adcode": "610430"}


class Place:
    """A database, and the releases made of it one after the other."""

    def __init__(self, folder, url):
        self.folder, self.url, self.storage = folder, url, open_storage(url)
        self.storage.upsert_portal({"id": "a", "name": "甲县", "adcode": "610430", "level": "county"})
        self.at = NOON

    def report(self, content="as it was", value=3, url=URL, version="1", **changes):
        figure = Figure("requests.received_new", "total", value, "number", str(value), "件", "table")
        facts = OURS | {"figures": [figure], "body_sha256": "body of " + content, "parser_version": version} | changes
        return small(url, content, fetched_at=self.at, **facts)

    def fetch(self, report, *, keep=True):
        """The page comes, is archived, read as this, and stored."""
        page = {"kind": "report", "portal_id": "a", "crawl_id": None, "content_type": "text/html", "encoding": None, "status": 200}
        place = {"warc_file": "a.warc.gz", "warc_offset": 7, "warc_length": 9, "body_sha256": report.body_sha256}
        self.storage.add_observation(Observation(request_key=report.url, url=report.url, fetched_at=self.at, **page, **place))
        self.storage.store_reading(report, keep=keep, portal_id="a", crawl_id=None, seen_at=self.at)
        self.at += HOUR

    def read_again(self, *reports, version="2"):
        """Other code reads every archived page as this."""
        pages = self.storage.archived_pages(PageFilter(), None, after=0, most=100)
        readings = [
            Rereading(page, replace(report, fetched_at=page.fetched_at, parser_version=version, url=page.url), keep=True)
            for page, report in zip(pages, reports, strict=True)
        ]
        reparse_id, _ = self.storage.begin_reparse(version, {}, self.at)
        self.storage.take_readings(reparse_id, readings)

    def correct(self, value, name=NAME):
        self.at += HOUR
        self.storage.correct([Proposal(Wanted(URL), name, value, "a misprint", "the office", "zhang")], self.at)

    def release(self, tag):
        create(tag, out=self.folder / tag, database=self.url)


@pytest.fixture
def place(sqlite_url, tmp_path):
    made = Place(tmp_path, sqlite_url)
    yield made
    made.storage.close()


def errata(folder, old="r1", new="r2"):
    out = folder / "errata.jsonl"
    diff(str(folder / old), str(folder / new), out=out)
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def told(rows):
    """Class, kind and what changed from what to what."""
    return [
        (
            row["class"],
            row["kind"],
            row["field"] or ((row["indicator"] or "") + (f"[{row['column']}]" if row["column"] else "")),
            row["old"],
            row["new"],
        )
        for row in rows
        if row["field"] != "content_sha256"
    ]


def of_panel(rows):
    return {row[2:] for row in told(rows) if row[1] == "panel"}


def without_panel(rows):
    return [row for row in told(rows) if row[1] != "panel"]


def test_nothing_changed(place):
    place.fetch(place.report())
    place.correct("5")
    place.release("r1")
    place.release("r2")
    assert errata(place.folder) == []


def test_page_the_office_printed_another_number(place):
    place.fetch(place.report(value=3))
    place.release("r1")
    place.fetch(place.report("edited", value=5))
    place.release("r2")
    rows = errata(place.folder)
    assert {row["class"] for row in rows} == {"page"}
    assert without_panel(rows) == [("page", "figure", NAME, "3", "5")]
    assert {row[1:] for row in of_panel(rows)} == {("3", "5")}
    (content,) = [row for row in rows if row["field"] == "content_sha256"]
    assert (content["old"], content["new"]) == (content["old_content_sha256"], content["new_content_sha256"])
    assert content["old"] != content["new"]


def test_page_a_report_came_and_one_vanished(place):
    place.fetch(place.report())
    place.release("r1")
    place.fetch(place.report("new", url="http://a/2", report_year=2022))
    place.storage.mark_gone([URL], place.at)
    place.release("r2")
    rows = errata(place.folder)
    assert {row["class"] for row in rows} == {"page"}
    assert without_panel(rows) == [
        ("page", "report", "gone_since", None, "2026-03-01T06:00:00.123456Z"),
        ("page", "report", "", None, "http://a/2"),
        ("page", "figure", NAME, None, "3"),
    ]
    assert [row["change"] for row in rows] == ["changed", "added", "added", "added"]


def test_page_a_withheld_report_is_gone_from_the_newer_release(place):
    place.fetch(place.report())
    place.release("r1")
    place.storage.withhold(URL, "personal data", "li", place.at)
    place.release("r2")
    assert {(row["class"], row["change"]) for row in errata(place.folder)} == {("page", "removed")}


def test_reading_the_same_page_read_otherwise(place):
    place.fetch(place.report(value=3))
    place.release("r1")
    place.read_again(place.report(value=5))
    place.release("r2")
    rows = errata(place.folder)
    assert {row["class"] for row in rows} == {"reading"}
    assert without_panel(rows) == [("reading", "figure", NAME, "3", "5")]
    assert (rows[0]["old_parser_version"], rows[0]["new_parser_version"]) == ("1", "2")
    assert {row[1:] for row in of_panel(rows)} == {("3", "5")}


def test_reading_the_same_bytes_decoded_otherwise(place):
    place.fetch(place.report("乱码", body_sha256="bytes"))
    place.release("r1")
    place.read_again(place.report("文字", value=4, body_sha256="bytes"))
    place.release("r2")
    rows = errata(place.folder)
    assert {row["class"] for row in rows} == {"reading"}
    assert "content_sha256" in {row["field"] for row in rows}


def test_reading_other_code_and_a_new_banner_at_once(place):
    """The bytes and the content digest are others, but the newer code finds the same content in the older page."""
    place.fetch(place.report("乱码", body_sha256="bytes"))
    place.release("r1")
    place.read_again(place.report("文字", value=4, body_sha256="bytes"))
    place.fetch(place.report("文字", value=4, body_sha256="bytes and a banner", version="2"))
    place.release("r2")
    assert {row["class"] for row in errata(place.folder)} == {"reading"}


def test_reading_a_page_that_was_archived_becomes_a_report_and_another_is_none_any_more(place):
    place.fetch(place.report(outcome=PageOutcome.NOT_A_REPORT), keep=False)
    place.fetch(place.report("two", url="http://a/2", report_year=2022))
    place.release("r1")
    place.read_again(place.report(), place.report("two", url="http://a/2", outcome=PageOutcome.NOT_A_REPORT))
    place.release("r2")
    rows = errata(place.folder)
    assert {row["class"] for row in rows} == {"reading"}
    assert [(row[2:]) for row in without_panel(rows)] == [
        ("", None, URL),
        (NAME, None, "3"),
        ("", "http://a/2", None),
        (NAME, "3", None),
    ]


def test_correction_made_changed_withdrawn(place):
    place.fetch(place.report(value=3))
    place.release("r1")
    place.correct("5")
    place.release("r2")
    place.correct("6")
    place.release("r3")
    place.at += HOUR
    place.storage.withdraw(Withdrawal(Wanted(URL), NAME, "it was right", "zhang"), place.at)
    place.release("r4")
    for old, new, words in (("r1", "r2", ("3", "5")), ("r2", "r3", ("5", "6")), ("r3", "r4", ("6", "3"))):
        rows = errata(place.folder, old, new)
        assert {row["class"] for row in rows} == {"correction"}
        assert without_panel(rows) == [("correction", "figure", NAME, *words)]
        assert {row[1:] for row in of_panel(rows)} == {words}
        assert rows[0]["source"] == "correction"
    assert errata(place.folder, "r1", "r4") == []


def test_correction_and_the_zeros_that_go_with_it(place):
    columns = ("natural_person", "org_business", "org_research", "org_nonprofit", "org_legal_service", "org_other", "total")
    figures = [Figure("requests.received_new", name, 6, "number", "6", "件", "table") for name in (columns[0], "total")]
    figures += [
        Figure("requests.received_new", name, None, "blank", "", "件", "table", implied_value=0, implied_by="row_total")
        for name in columns[1:-1]
    ]
    place.fetch(place.report(figures=figures))
    place.release("r1")
    place.correct("7")
    place.release("r2")
    rows = errata(place.folder)
    assert {row["class"] for row in rows} == {"correction"}
    lost = [row for row in rows if row["kind"] == "figure" and row["old"] == "blank (implied 0)"]
    assert [row["new"] for row in lost] == ["blank"] * 5


def test_a_correction_outlives_another_reading_and_both_are_told(place):
    place.fetch(place.report(value=3))
    place.release("r1")
    place.correct("5")
    place.read_again(place.report(value=4))
    place.release("r2")
    rows = errata(place.folder)
    assert without_panel(rows) == [("correction", "figure", NAME, "3", "5"), ("reading", "figure", NAME, "3", "4")]
    assert {row["class"] for row in rows if row["kind"] == "panel"} == {"correction"}


def test_identity_the_same_figures_under_another_name_year_and_scope(place):
    place.fetch(place.report())
    place.release("r1")
    place.read_again(place.report(publisher="乙县人民政府", report_year=2022, adcode="610431"))
    place.release("r2")
    rows = errata(place.folder)
    assert {row["class"] for row in rows} == {"identity"}
    assert without_panel(rows) == [
        ("identity", "report", "adcode", "610430", "610431"),
        ("identity", "report", "publisher", "甲县人民政府", "乙县人民政府"),
        ("identity", "report", "report_year", "2021", "2022"),
    ]
    assert of_panel(rows) == {("document_url", URL, None), ("document_url", None, URL)}


def test_identity_another_document_stands_for_the_year(place):
    place.fetch(place.report(value=3))
    place.release("r1")
    more = [Figure("requests.received_new", column, 8, "number", "8", "件", "table") for column in ("natural_person", "total")]
    place.fetch(place.report("longer", url="http://a/2", figures=more))
    place.release("r2")
    rows = errata(place.folder)
    assert {(row["class"], row["kind"]) for row in rows} == {("page", "report"), ("page", "figure"), ("identity", "panel")}
    assert ("document_url", URL, "http://a/2") in of_panel(rows)
    assert {row[1:] for row in of_panel(rows)} == {(URL, "http://a/2"), ("3", "8"), ("row_absent", "8")}


def test_identity_the_same_report_stands_under_another_address(place):
    place.fetch(place.report())
    place.release("r1")
    place.fetch(place.report(url="http://a/2"))
    place.storage.mark_gone([URL], place.at)
    place.release("r2")
    rows = errata(place.folder)
    assert {row["class"] for row in rows} == {"identity"}
    assert without_panel(rows) == [
        ("identity", "report", "", URL, "http://a/2"),
        ("identity", "figure", NAME, "3", None),
        ("identity", "report", "", URL, "http://a/2"),
        ("identity", "figure", NAME, None, "3"),
    ]
    assert [row["change"] for row in rows if row["kind"] == "report"] == ["removed", "added"]
    assert of_panel(rows) == {("document_url", URL, "http://a/2")}


def test_a_value_in_another_unit_is_told_with_both_units(place):
    figures = [Figure("fees.charged", None, 25, "number", "25", unit, "table") for unit in ("元", "万元")]
    place.fetch(place.report(figures=figures[:1]))
    place.release("r1")
    place.read_again(place.report(figures=figures[1:]))
    place.release("r2")
    assert ("reading", "figure", "fees.charged", "25 元", "25 万元") in told(errata(place.folder))


def test_what_does_not_fit_into_the_memory_is_the_same(place, monkeypatch):
    for number in range(40):
        place.fetch(place.report(f"report {number}", number, url=f"http://a/{number}", publisher=f"{number}县人民政府"))
    place.release("r1")
    for number in range(0, 40, 3):
        place.fetch(place.report(f"edited {number}", number + 1, url=f"http://a/{number}", publisher=f"{number}县人民政府"))
    place.release("r2")
    rows = errata(place.folder)
    assert len([row for row in rows if row["kind"] == "figure"]) == 14
    monkeypatch.setattr(merging, "MOST", 3)
    assert errata(place.folder) == rows


def test_the_errata_in_every_format(place):
    place.fetch(place.report(value=3))
    place.fetch(place.report("nobody's", url="http://a/2", publisher=None, report_year=None))
    place.release("r1")
    place.read_again(place.report(value=5), place.report("nobody's", 4, url="http://a/2", publisher=None, report_year=None))
    place.release("r2")
    expected = errata(place.folder)
    assert [row["report_year"] for row in expected if row["kind"] == "figure"] == [2021, None]
    for ending in WRITERS:
        diff(str(place.folder / "r1"), str(place.folder / "r2"), out=place.folder / f"errata{ending}")
    frame = pd.read_parquet(place.folder / "errata.parquet")
    assert list(frame["old"]) == [row["old"] for row in expected]
    assert list(frame.columns) == list(expected[0])
    book = openpyxl.load_workbook(place.folder / "errata.xlsx")["errata"]
    assert [row[12] for row in book.iter_rows(min_row=2, values_only=True)] == [row["old"] for row in expected]


def test_the_summary(place):
    place.fetch(place.report(value=3))
    place.release("r1")
    place.fetch(place.report("edited", value=5))
    place.correct("6")
    place.release("r2")
    words = ["release", "diff", str(place.folder / "r1"), str(place.folder / "r2")]
    result = CliRunner().invoke(app, [*words, "--json"])
    summary = json.loads(result.stdout)
    assert (summary["old"], summary["new"], summary["parser_versions"]) == ("r1", "r2", {"old": ["1"], "new": ["1"]})
    assert summary["made_of"] == {"register": "same", "corrections": "other", "gazetteer": "same", "archive": "other"}
    assert summary["pages"] == {"both": 1, "only_old": 0, "only_new": 1}
    counts = {(line["class"], line["kind"]): (line["added"], line["removed"], line["changed"]) for line in summary["errata"]}
    assert counts["page", "report"] == (0, 0, 1)
    assert counts["correction", "figure"] == (0, 0, 1)
    printed = CliRunner().invoke(app, words)
    assert printed.exit_code == 0
    assert "class=correction  kind=figure" in printed.stdout


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (
            lambda folder: (folder / "data/figures.csv").write_bytes((folder / "data/figures.csv").read_bytes().replace(b",3,", b",4,", 1)),
            "checksum",
        ),
        (lambda folder: (folder / "data/panel.csv").unlink(), "data/panel.csv is missing"),
        (lambda folder: (folder / SUMS).unlink(), "SHA256SUMS cannot be read"),
        (lambda folder: (folder / SUMS).write_text(""), "does not name datapackage.json"),
        (lambda folder: (folder / SUMS).open("a").write(f"{'0' * 64}  ../../x\n"), "does not name ../../x"),
        (lambda folder: (folder / MARK).write_text("{"), "no release"),
        (lambda folder: forge(folder, lambda facts: facts.update(format=2)), "format 2"),
        (lambda folder: forge_table(folder, b"indicator", b"indikator"), "not what datapackage.json says"),
    ],
)
def test_a_damaged_release_is_refused_before_anything_is_compared(place, damage, words):
    place.fetch(place.report(value=3))
    place.release("r1")
    place.release("r2")
    damage(place.folder / "r2")
    for pair in (("r1", "r2"), ("r2", "r1")):
        with pytest.raises(Refused, match=words):
            errata(place.folder, *pair)
    assert not (place.folder / "errata.jsonl").exists()


def forge(folder, change):
    package = json.loads((folder / MARK).read_text("utf-8"))
    change(package["giar"])
    (folder / MARK).write_text(json.dumps(package), "utf-8")
    sum_again(folder)


def forge_table(folder, old, new):
    path = folder / "data/figures.csv"
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    sum_again(folder)


def sum_again(folder):
    names = [line.split("  ")[1] for line in (folder / SUMS).read_text("utf-8").splitlines()]
    (folder / SUMS).write_text("".join(f"{sha256_of(folder / name)}  {name}\n" for name in names))


def test_what_is_no_release_and_what_cannot_be_written(place, monkeypatch):
    monkeypatch.chdir(place.folder)
    with pytest.raises(Refused, match="no release of that tag, and no such folder; there is none in releases/"):
        diff("r1", "r2")
    place.fetch(place.report())
    create("r1", database=place.url)
    with pytest.raises(Refused, match="releases/ has: r1"):
        diff("r1", "r2")
    for out, words in (("x.txt", "ending"), ("no/x.csv", "existing folder"), ("releases", "ending")):
        with pytest.raises(Refused, match=words):
            diff("r1", "r1", out=place.folder / out)
    with pytest.raises(Stopped, match="cannot be written"):
        diff("r1", "r1", out=type(place.folder)("/proc/x.csv"))
    diff("r1", "releases/r1", out=place.folder / "x.csv")
    assert (place.folder / "x.csv").read_text("utf-8-sig").startswith("class,kind,change,portal")


def test_namesakes_of_no_known_place_are_not_taken_for_each_other(place):
    """The gazetteer has many places called 市区, all ended before the first report."""
    codes = ("320101", "330101")
    for code in codes:
        place.fetch(place.report(f"of {code}", int(code[:2]), f"http://a/{code}", publisher="市区人民政府", adcode=code))
    place.release("r1")
    place.release("r2")
    place.fetch(place.report("edited", 7, "http://a/320101", publisher="市区人民政府", adcode="320101"))
    place.release("r3")
    assert errata(place.folder) == []
    changed = [row for row in errata(place.folder, "r2", "r3") if row["kind"] == "panel" and row["field"] != "content_sha256"]
    assert {row["document_url"] for row in changed} == {"http://a/320101"}
