"""The panel: one row for each unit, publisher, scope and year; the best document; every missing value with its reason."""

import csv
import json
from datetime import date
from decimal import Decimal

import pandas as pd
import pyreadstat
import pytest

from giar_crawler.cli.common import Refused
from giar_crawler.cli.export import export
from giar_crawler.export import panel
from giar_crawler.export.choice import RULES
from giar_crawler.export.names import LONGEST, cells, indicator_names
from giar_crawler.export.places import whereabouts
from giar_crawler.items import Figure, Mirror
from giar_crawler.outcomes import PageOutcome
from pipelines.findings import finding
from pipelines.metadata.units import unit_of
from pipelines.statistics.forms import forms
from pipelines.storage import Proposal, ReportFilter, Wanted, open_storage
from tests.storage.records import NOON, small

CONSOLIDATED = ReportFilter(scopes=("consolidated",), mirrors=False)


def cell(indicator, column=None, value=None, status=None, source="table", **more):
    return Figure(indicator, column, value, status or "number", "x", "件", source, **more)


def report(url, publisher="临安市人民政府", year=2016, adcode="330185", **changes):
    facts = {"publisher": publisher, "report_year": year, "adcode": adcode, "scope": "consolidated", "form": "giar_2014", "figures": []}
    return small(url, url, **facts | changes)


@pytest.fixture
def put(sqlite_url):
    storage = open_storage(sqlite_url)
    storage.upsert_portal({"id": "a", "name": "a", "adcode": "330100", "level": "city", "home": "http://a/"})

    def store(*reports):
        for made in reports:
            storage.store_reading(made, keep=True, portal_id="a", crawl_id=None, seen_at=NOON)
        return storage

    return store


def long(storage, filters=CONSOLIDATED):
    return {(row["publisher"], row["report_year"], row["indicator"]): row for row in panel.rows(storage, filters)}


def test_an_indicator_over_all_forms_has_its_value_grade_and_document(put):
    storage = put(
        report("http://a/2014", year=2014, figures=[cell("replies_count", value=7), cell("requests_received_count", value=9)]),
        report("http://a/2016", year=2016, form="giar_2021", figures=[cell("requests.results_total", "total", 5)]),
        report("http://a/2015", year=2015, form=None, figures=[cell("dedicated_budget", value=Decimal("1.5"), source="prose")]),
    )
    rows = long(storage)
    assert len(rows) == 3 * 123
    old, new = rows["临安市人民政府", 2014, "requests_concluded"], rows["临安市人民政府", 2016, "requests_concluded"]
    assert (old["value"], old["grade"], old["missing"], old["document_url"], old["unit"]) == (7, "B", None, "http://a/2014", "件")
    assert (new["value"], new["grade"], new["form"], new["documents"], new["chosen_by"]) == (5, "A", "giar_2021", 1, "only")
    budget = rows["临安市人民政府", 2015, "dedicated_budget"]
    assert (budget["value"], budget["grade"]) == (1.5, "A")
    assert rows["临安市人民政府", 2015, "requests_new"]["missing"] == "no_table"
    names = (
        "unit_id adcode adcode_today place publisher scope report_year indicator value implied_value missing unit grade corrected".split()
    )
    assert list(old) == [*names, "findings", "document_url", "content_sha256", "form", "documents", "chosen_by"]


def test_why_a_value_is_missing(put):
    review = "review_litigation."
    figures = [
        cell("requests.received_new", "total", status="blank", implied_value=0, implied_by="row_total"),
        cell("requests.carried_over", "total", status="dash"),
        cell("requests.carried_to_next", "total", status="unreadable"),
        cell(review + "review_total", value=3),
        cell(review + "review_pending", status="blank", implied_value=0),
        cell("requests.unable_not_held", "total", 4, source="correction"),
    ]
    remark = finding("sum_disagrees", [review + "review_total"], check="a", left="1", right="2")
    storage = put(report("http://a/1", year=2022, adcode="330112", form="giar_2021", figures=figures, findings=[remark]))
    rows = {row["indicator"]: row for row in panel.rows(storage, CONSOLIDATED)}
    facts = {code: (rows[code]["missing"], rows[code]["value"], rows[code]["implied_value"]) for code in rows}
    assert facts["requests_new"] == ("blank", None, 0)
    assert facts["requests_carried_over"] == ("dash", None, None)
    assert facts["requests_carried_to_next"] == ("unreadable", None, None)
    assert facts["outcome_granted"] == ("row_absent", None, None)
    assert facts["requests_in_person"] == ("not_in_form", None, None)
    assert facts["review_closed"] == ("operand_missing", None, 3)
    assert facts["review_total"] == (None, 3, None)
    assert (rows["review_total"]["findings"], rows["review_total"]["corrected"]) == ("sum_disagrees", False)
    assert (rows["review_closed"]["findings"], rows["unable_not_held"]["corrected"]) == ("sum_disagrees", True)
    assert rows["requests_in_person"]["grade"] is None


def test_a_reviewed_value_wins_and_is_marked(put):
    read = [cell("requests.unable_not_held", "total", 4), cell("requests.received_new", "total", 2)]
    storage = put(report("http://a/1", year=2022, adcode="330112", form="giar_2021", figures=read))
    proposal = Proposal(Wanted("http://a/1"), "requests.unable_not_held[total]", "14", "a digit was lost", "the scan", "reviewer")
    storage.correct([proposal], NOON)
    rows = long(storage)
    facts = {code: (row["value"], row["corrected"]) for (_, _, code), row in rows.items()}
    assert facts["unable_not_held"] == (14, True)
    assert facts["requests_new"] == (2, False)


def test_a_year_between_two_has_no_report_unless_a_form_was_asked_for(put):
    storage = put(report("http://a/1", year=2014), report("http://a/2", year=2017, publisher="临安市人民政府", adcode="330185"))
    years = sorted({row["report_year"]: row for row in panel.wide_rows(storage, CONSOLIDATED, False)})
    assert years == [2014, 2015, 2016, 2017]
    gap = long(storage)["临安市人民政府", 2015, "requests_new"]
    assert (gap["missing"], gap["value"], gap["unit"], gap["document_url"], gap["documents"]) == ("no_report", None, "件", None, 0)
    assert (gap["adcode"], gap["place"], gap["adcode_today"]) == ("330185", "临安市", "330112")
    of_form = ReportFilter(forms=("giar_2014",), scopes=("consolidated",))
    assert [row["report_year"] for row in panel.wide_rows(storage, of_form, False)] == [2014, 2017]


def test_a_place_keeps_its_id_through_a_new_code(put):
    storage = put(report("http://a/1"), report("http://a/2", publisher="临安区人民政府", adcode="330112", year=2018))
    rows = list(panel.wide_rows(storage, CONSOLIDATED, False))
    assert [(row["place"], row["adcode"], row["adcode_today"], row["report_year"]) for row in rows] == [
        ("临安区", "330112", "330112", 2018),
        ("临安市", "330185", "330112", 2016),
    ]
    assert rows[0]["unit_id"] == rows[1]["unit_id"] == unit_of("330112").unit_id
    assert rows[0]["unit_number"] == rows[1]["unit_number"]
    assert rows[0]["series_number"] != rows[1]["series_number"]


def test_a_place_that_was_merged_has_the_code_of_its_only_successor_today():
    chongwen = unit_of("110103", 2009)
    assert whereabouts(chongwen.unit_id, 2009).adcode_today == "110101"
    assert whereabouts(chongwen.unit_id, 2009).place == "崇文区"
    assert whereabouts(None, 2009, "999999").unit_id is None


def test_namesakes_of_no_known_place_are_told_apart(put):
    """There are fifty places called 市区 in the gazetteer, all ended before the first report; and every county has a 教育局."""
    storage = put(
        *(report(f"http://a/{code}/{year}", "市区人民政府", year, code) for code in ("320101", "330101") for year in (2014, 2016)),
        report("http://a/office", "教育局", adcode=None),
        report("http://a/office/2", "教育局", adcode=None),
    )
    storage.upsert_portal({"id": "b", "name": "b", "adcode": "330200", "level": "city", "home": "http://b/"})
    elsewhere = report("http://b/office", "教育局", adcode=None, portal="b")
    storage.store_reading(elsewhere, keep=True, portal_id="b", crawl_id=None, seen_at=NOON)
    seen = list(panel.observations(storage, CONSOLIDATED))
    assert [(each.publisher, each.report_year, each.place.adcode, each.documents) for each in seen] == [
        *(("市区人民政府", year, code, count) for code in ("320101", "330101") for year, count in ((2014, 1), (2015, 0), (2016, 1))),
        ("教育局", 2016, None, 2),
        ("教育局", 2016, None, 1),
    ]
    assert {each.stored.document_url for each in seen[-2:]} == {"http://a/office", "http://b/office"}
    assert len({panel.series_number(each) for each in seen}) == 4


def test_the_best_document_and_the_rule_that_chose_it(put):
    number = cell("requests_received_count", value=1)
    blank = cell("requests_fax_count", status="blank")
    attached = [cell("requests_received_count", value=2, source="attachment"), cell("requests_fax_count", value=2, source="attachment")]
    mirror = {"outcome": PageOutcome.MIRROR, "mirror": Mirror(1.0, [], None)}
    storage = put(
        report("http://a/1", year=2011, figures=[number, blank], **mirror),
        report("http://b/1", year=2011),
        report("http://a/2", year=2012, figures=attached),
        report("http://b/2", year=2012, figures=[number]),
        report("http://a/3", year=2013, figures=[number, cell("requests_fax_count", status="unreadable")]),
        report("http://b/3", year=2013, figures=[number, blank]),
        report("http://a/4", year=2014, figures=[number]),
        report("http://b/4", year=2014, figures=[number]),
        report("http://a/5", year=2015, published_date=date(2016, 1, 1)),
        report("http://b/5", year=2015, published_date=date(2016, 2, 1)),
        report("http://b/6", year=2016),
        report("http://a/6", year=2016),
        report("http://c/6", year=2016),
    )
    storage.mark_gone(["http://a/4"], NOON)
    seen = list(panel.observations(storage, ReportFilter()))
    assert [(one.chosen_by, one.stored.document_url, one.documents) for one in seen] == [
        ("own_site", "http://b/1", 2),
        ("html", "http://b/2", 2),
        ("complete", "http://b/3", 2),
        ("present", "http://b/4", 2),
        ("newest", "http://b/5", 2),
        ("address", "http://a/6", 3),
    ]
    assert [one.chosen_by for one in seen] == list(RULES)
    assert next(panel.observations(storage, CONSOLIDATED)).documents == 1


def test_what_has_no_place_in_the_panel_is_said(put, tmp_path, capsys):
    storage = put(
        report("http://a/1", publisher=None),
        report("http://a/2", year=None),
        report("http://a/3", scope=None),
        report("http://a/4", scope="department", publisher="临安市财政局"),
        report("http://a/5"),
    )
    url = storage.engine.url.render_as_string(hide_password=False)
    export("panel", tmp_path / "x.csv", database=url)
    assert capsys.readouterr().err.splitlines() == [
        f"wrote 123 rows to {tmp_path / 'x.csv'}",
        "left out: 2 reports without publisher or report year",
        "left out: 1 reports of unknown scope; --scope consolidated,unknown has them",
    ]
    export("panel", tmp_path / "x.csv", database=url, layout="wide", scope=["unknown,department"])
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [(row["scope"], row["publisher"]) for row in csv.DictReader(file)] == [
            ("", "临安市人民政府"),
            ("department", "临安市财政局"),
        ]


@pytest.fixture
def wide(put):
    figures = [
        cell("requests.received_new", "total", status="blank", implied_value=0, implied_by="row_total"),
        cell("requests.received_new", "natural_person", 3),
        cell("requests.carried_over", "total", status="dash"),
        cell("article20_8.administrative_fees", "fees_amount", Decimal("587.4072")),
        cell("proactive_info_count", value=12, source="prose"),
    ]
    storage = put(
        report("http://a/1", year=2021, adcode="330112", form="giar_2021", figures=figures),
        report("http://a/2", year=2023, adcode="330112", form=None),
        report("http://a/3", year=2021, adcode=None, publisher="某县人民政府", form="giar_2019"),
    )
    return storage.engine.url.render_as_string(hide_password=False)


def test_wide_the_columns_are_short_names_and_statistics_programs_get_the_reasons(wide, tmp_path):
    for ending in (".dta", ".csv", ".jsonl", ".parquet", ".xlsx"):
        export("panel", tmp_path / f"x{ending}", database=wide, layout="wide")
    rows, meta = pyreadstat.read_dta(str(tmp_path / "x.dta"), user_missing=True)
    columns = list(panel.wide_table().names)
    assert list(rows.columns) == columns
    assert list(rows["requests_new"]) == ["a", "g", "f", "d"]
    assert list(rows["requests_carried_over"]) == ["b", "g", "f", "d"]
    assert list(rows["administrative_fees"]) == [587.4072, "g", "f", "e"]
    assert meta.column_names_to_labels["requests_new"] == "New requests"
    lines = [json.loads(line) for line in (tmp_path / "x.jsonl").read_text("utf-8").splitlines()]
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    frames = [pd.read_parquet(tmp_path / "x.parquet"), pd.read_excel(tmp_path / "x.xlsx"), pd.DataFrame(lines), pd.DataFrame(table)]
    assert [list(frame.columns) for frame in frames] == [columns] * 4
    for frame in frames:
        assert pd.to_numeric(frame["administrative_fees"], errors="coerce").fillna(-1).to_list() == [587.4072, -1, -1, -1]
        assert pd.to_numeric(frame["unit_number"]).iloc[0] == lines[0]["unit_number"]
    stata = pd.read_stata(tmp_path / "x.dta", convert_categoricals=False)
    assert list(stata["series_number"].astype(int)) == [line["series_number"] for line in lines]
    assert not stata.duplicated(["series_number", "report_year"]).any()


def test_blanks_that_can_only_be_zero_are_so_on_wish(wide, tmp_path):
    for blanks, expected in (("none", None), ("implied", 0)):
        export("panel", tmp_path / "x.jsonl", database=wide, layout="wide", blanks=blanks)
        first = json.loads((tmp_path / "x.jsonl").read_text("utf-8").splitlines()[0])
        assert (first["requests_new"], first["requests_carried_over"]) == (expected, None)
        export("figures", tmp_path / "x.jsonl", database=wide, layout="wide", blanks=blanks)
        first = json.loads((tmp_path / "x.jsonl").read_text("utf-8").splitlines()[0])
        assert (first["rq_new_tot"], first["rq_new_np"], first["rq_carried_over_tot"]) == (expected, 3, None)
    for refused in ({"blanks": "implied"}, {"layout": "wide", "kind": "reports"}):
        with pytest.raises(Refused, match="layout wide"):
            export(refused.pop("kind", "panel"), tmp_path / "y.csv", database=wide, **refused)


def test_wide_figures_have_a_column_for_every_cell_of_the_forms(wide, tmp_path):
    export("figures", tmp_path / "x.dta", database=wide, layout="wide")
    rows, _ = pyreadstat.read_dta(str(tmp_path / "x.dta"), user_missing=True)
    assert len(rows.columns) == 10 + len({figure for form in forms().values() for figure in form.types})
    assert list(rows["rq_new_tot"]) == ["a", "d", "f"]
    assert list(rows["a8_fees_amount"]) == [587.4072, "e", "f"]
    # What only a sentence says is in no cell.
    assert list(rows["s14_proactive"]) == ["e", "e", "f"]


def test_short_names_are_those_of_all_indicators_and_cells_and_stand_for_one_thing():
    names = {figure: cell.name for in_form in cells().values() for figure, cell in in_form.items()}
    assert set(names) == {figure for form in forms().values() for figure in form.types}
    both = [*indicator_names().values(), *names.values()]
    assert len(set(both)) == len(both)
    assert max(map(len, both)) <= LONGEST
    assert (names["requests.granted[total]"], indicator_names()["normative_documents_disclosed"]) == (
        "rq_granted_tot",
        "normative_docs_disclosed",
    )
    for in_form in cells().values():
        for cell in in_form.values():
            assert 0 < len(cell.zh) <= 80
            assert 0 < len(cell.en) <= 80
    assert {column.name for column in panel.wide_table().columns if len(column.zh) > 80 or len(column.en) > 80} == set()
