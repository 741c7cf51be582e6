"""Reviewed values win over the reading, stay through every other reading, and say so when the page has changed under them."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from giar_crawler.items import Figure
from giar_crawler.outcomes import PageOutcome
from pipelines.checks.identities import broken_relations
from pipelines.checks.implied import imply_zeros
from pipelines.statistics.forms import forms
from pipelines.statistics.reviewed import review
from pipelines.storage import CorrectionRefused, Proposal, ReportFilter, ReportUnknown, Storage, Wanted, Withdrawal, open_storage, parse_url
from tests.reading.records import figures, whole
from tests.storage.records import NOON, small

HOUR = timedelta(hours=1)
URL = "http://a/1"
NEW = "requests.received_new[natural_person]"
TOTAL = "requests.received_new[total]"


@pytest.fixture
def storage(database_url):
    storage = open_storage(database_url)
    storage.upsert_portal({"id": "a", "name": "甲县", "adcode": "610430"})
    yield storage
    storage.close()


def report(url=URL, content="content", values=None, **changes):
    values = dict(whole("giar_2021", 1)) | (values or {})
    facts = {
        "form": "giar_2021",
        "publisher": "甲县人民政府",
        "scope": "consolidated",
        "figures": list(figures("giar_2021", values).values()),
    }
    made = small(url, content, **facts | changes)
    if made.form:
        form, by_name = forms()[made.form], {figure.name: figure for figure in made.figures}
        made.findings = broken_relations(form, by_name)
        imply_zeros(form, by_name)
    return made


def put(storage, *reports, at=NOON):
    for each in reports:
        storage.store_reading(each, keep=True, portal_id="a", crawl_id=None, seen_at=at)


def correct(storage, figure=NEW, words="13", wanted=Wanted(URL), at=NOON, **changes):  # noqa: B008 - it is frozen
    facts = {"reason": "a misprint", "source": "a scan", "by": "zhang"} | changes
    return storage.correct([Proposal(wanted, figure, words, **facts)], at)


def only(storage):
    (found,) = storage.reports(ReportFilter())
    return found.report


def preferred(record, name):
    (figure,) = [figure for figure in record.figures if figure.name == name and figure.preferred]
    return figure


def test_corrections_of_one_figure_at_one_instant_stand_behind_each_other(storage):
    put(storage, report())
    assert [correct(storage, words=words) for words in ("11", "12", "11")] == [[True]] * 3
    assert correct(storage, words="10", at=NOON - HOUR) == [True]
    assert preferred(only(storage), NEW).value == 10
    log = list(storage.corrections(ReportFilter(), withdrawn=True))
    assert [(each.value, each.made_at - NOON) for each in log] == [
        (value, timedelta(microseconds=number)) for number, value in enumerate((11, 12, 11, 10))
    ]
    assert [each.withdrawn_at for each in log] == [*(each.made_at for each in log[1:]), None]
    storage.withdraw(Withdrawal(Wanted(URL), NEW, "no", "li"), NOON)
    assert correct(storage, words="9") == [True]


def test_two_who_correct_one_figure_at_once_take_their_turns(database_url, storage):
    put(storage, report())
    # Each a storage of its own, as processes have.
    others = [Storage(parse_url(database_url)) for _ in range(8)]
    with ThreadPoolExecutor(len(others)) as pool:
        made = list(pool.map(lambda number: correct(others[number], words=str(number)), range(len(others))))
    assert made == [[True]] * len(others)
    log = list(storage.corrections(ReportFilter(), withdrawn=True))
    assert len({each.made_at for each in log}) == len(others)
    assert [each.withdrawn_at is None for each in log] == [False] * (len(others) - 1) + [True]
    for each in others:
        each.close()


def codes(record):
    return [remark.code for remark in record.findings]


def test_a_correction_wins_and_stands_beside_what_was_read(storage):
    put(storage, report())
    read = preferred(only(storage), NEW)
    assert correct(storage) == [True]
    shown = only(storage)
    won = preferred(shown, NEW)
    assert (won.value, won.status, won.source, won.unit, won.confidence) == (13, "number", "correction", "件", 1.0)
    assert won.locator == read.locator
    kept = [figure for figure in shown.figures if figure.name == NEW and figure.source == "table"]
    assert kept == [dataclasses.replace(read, preferred=False)]
    remark = next(remark for remark in shown.findings if remark.code == "corrected")
    assert remark.figures == [NEW]
    assert "a misprint (a scan)" in remark.message
    assert "correction_outdated" not in codes(shown)


def test_findings_and_implied_zeros_follow_the_corrected_value(storage):
    names = whole("giar_2021", 1)
    column = [name for name in names if name.startswith("requests.received_new[") and name != TOTAL]
    values = dict.fromkeys(column) | {NEW: 7, TOTAL: 5}
    put(storage, report(figures=list(figures("giar_2021", values).values())))
    wrong = only(storage)
    assert TOTAL in {name for remark in wrong.findings if remark.code == "sum_disagrees" for name in remark.figures}
    assert all(preferred(wrong, name).implied_value is None for name in column)
    correct(storage, TOTAL, "7")
    mended = only(storage)
    assert "sum_disagrees" not in codes(mended)
    assert {name for name in column if preferred(mended, name).implied_value == 0} == set(column) - {NEW}
    # A zero that followed from a misread total follows no more.
    correct(storage, TOTAL, "8", at=NOON + HOUR)
    assert all(preferred(only(storage), name).implied_value is None for name in column)
    # What a corrected figure breaks is nobody's fault: another part may be misread.
    correct(storage, TOTAL, "6", at=NOON + 2 * HOUR)
    (remark,) = [remark for remark in only(storage).findings if remark.code == "sum_disagrees"]
    assert (remark.blame, remark.severity) == (None, "warning")


def test_a_figure_that_the_page_lacks_can_be_given_and_one_can_be_taken_back_to_blank(storage):
    put(storage, report(figures=[Figure("requests.received_new", "natural_person", 73, "number", "73", "件", "table")]))
    correct(storage, "article20_8.administrative_fees[fees_amount]", "587.4072")
    correct(storage, NEW, "blank")
    shown = only(storage)
    fees = preferred(shown, "article20_8.administrative_fees[fees_amount]")
    assert (fees.value, fees.unit) == (Decimal("587.4072"), "万元")
    assert (preferred(shown, NEW).status, preferred(shown, NEW).value) == ("blank", None)
    assert {correction.read for correction in storage.corrections(ReportFilter())} == {None, "73"}


def test_a_correction_outlives_other_readings_and_says_when_the_page_changed(storage):
    put(storage, report())
    correct(storage)
    put(storage, report(parser_version="9", values={NEW: 14}), at=NOON + HOUR)
    again = only(storage)
    assert (preferred(again, NEW).value, "correction_outdated" in codes(again)) == (13, False)
    put(storage, report(content="changed", values={NEW: 15}), at=NOON + 2 * HOUR)
    changed = only(storage)
    remark = next(remark for remark in changed.findings if remark.code == "correction_outdated")
    assert preferred(changed, NEW).value == 13
    assert (remark.severity, remark.figures) == ("warning", [NEW])
    assert "read as 15" in remark.message
    assert [each.outdated for each in storage.corrections(ReportFilter())] == [True]
    # The reviewer looks again: the same value on today's page.
    assert correct(storage, at=NOON + 3 * HOUR) == [True]
    assert "correction_outdated" not in codes(only(storage))


def test_nothing_is_deleted(storage):
    put(storage, report())
    read = preferred(only(storage), NEW).value
    assert correct(storage) == [True]
    assert correct(storage, at=NOON + HOUR) == [False]
    assert correct(storage, words="14", at=NOON + 2 * HOUR) == [True]
    (withdrawn,) = storage.withdraw(Withdrawal(Wanted(URL), NEW, "the scan was of another year", "li"), NOON + 3 * HOUR)
    assert (withdrawn.value, withdrawn.withdrawn_by) == (14, "li")
    assert preferred(only(storage), NEW).value == read
    assert list(storage.corrections(ReportFilter())) == []
    log = list(storage.corrections(ReportFilter(), withdrawn=True))
    assert [(each.value, each.withdrawn_at - NOON, each.withdrawn_reason) for each in log] == [
        (13, 2 * HOUR, "replaced by a later correction"),
        (14, 3 * HOUR, "the scan was of another year"),
    ]
    with pytest.raises(ReportUnknown, match="no correction of"):
        storage.withdraw(Withdrawal(Wanted(URL), NEW, "again", "li"), NOON)
    assert correct(storage, words="15", at=NOON + 4 * HOUR) == [True]
    assert preferred(only(storage), NEW).value == 15


def test_a_correction_is_the_records_whatever_address_stands_for_it(storage):
    put(storage, report("http://a/1"), report("http://a/2"))
    (record,) = storage.reports(ReportFilter())
    assert (record.document_url, record.alternate_urls) == ("http://a/1", ["http://a/2"])
    correct(storage, wanted=Wanted("http://a/2#top"))
    storage.mark_gone(["http://a/1"], NOON + HOUR)
    (record,) = storage.reports(ReportFilter())
    assert (record.document_url, preferred(record.report, NEW).value) == ("http://a/2", 13)
    assert correct(storage, words="14", wanted=Wanted("http://a/2"), at=NOON + 2 * HOUR) == [True]
    assert [each.value for each in storage.corrections(ReportFilter())] == [14]
    storage.withdraw(Withdrawal(Wanted("http://a/1"), NEW, "x", "y"), NOON + 3 * HOUR)
    assert [figure.source for figure in only(storage).figures if figure.name == NEW] == ["table"]


def test_a_correction_outlives_the_withholding_of_the_address_that_it_was_made_at(storage):
    put(storage, report("http://a/1"), report("http://a/2"))
    correct(storage)
    storage.mark_gone(["http://a/1"], NOON + HOUR)
    storage.withhold("http://a/1", "names of applicants", "li", NOON + HOUR)
    (record,) = storage.reports(ReportFilter())
    assert (record.document_url, record.alternate_urls, preferred(record.report, NEW).value) == ("http://a/2", [], 13)


def test_a_report_is_named_by_publisher_year_and_scope_where_that_is_one(storage):
    put(
        storage,
        report("http://a/1"),
        report("http://a/2", "office", scope="office"),
        report("http://a/3", "2020", report_year=2020),
        report("http://a/4", "copy", report_year=2020, outcome=PageOutcome.MIRROR),
    )
    whose = {"publisher": "甲县人民政府"}
    with pytest.raises(CorrectionRefused) as refusal:
        correct(storage, wanted=Wanted(**whose, year=2021))
    assert "is 2 reports" in str(refusal.value)
    assert all(word in str(refusal.value) for word in ("http://a/1 (2021, consolidated, ok)", "http://a/2 (2021, office, ok)"))
    assert correct(storage, wanted=Wanted(**whose, year=2021, scope="office")) == [True]
    assert correct(storage, wanted=Wanted(**whose, year=2020)) == [True]
    assert [each.document_url for each in storage.corrections(ReportFilter())] == ["http://a/2", "http://a/3"]
    assert [each.document_url for each in storage.corrections(ReportFilter(years=(2021, None)))] == ["http://a/2"]
    with pytest.raises(CorrectionRefused, match=r"no report 甲县人民政府 2019; of 甲县人民政府 there are"):
        correct(storage, wanted=Wanted(**whose, year=2019))
    with pytest.raises(CorrectionRefused, match="full name"):
        correct(storage, wanted=Wanted(publisher="甲县", year=2021))
    with pytest.raises(CorrectionRefused, match="no report at http://b/"):
        correct(storage, wanted=Wanted("http://b/"))


def test_all_or_none_are_recorded(storage):
    put(storage, report())
    good = Proposal(Wanted(URL), NEW, "13", "r", "s", "b")
    with pytest.raises(CorrectionRefused) as refusal:
        storage.correct([good, dataclasses.replace(good, figure="requests.received"), good], NOON)
    assert sorted(refusal.value.reasons) == [1, 2]
    assert "given twice" in refusal.value.reasons[2]
    with storage.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM corrections")).scalar() == 0


@pytest.mark.parametrize(
    ("name", "words", "complaint"),
    [
        ("requests.received_new", "1", r"has requests.received_new\[natural_person\], "),
        ("requests.received_new[persons]", "1", "near are requests.received_new"),
        ("wholly.other", "1", "for example"),
        (NEW, "1.5", "not whole"),
        (NEW, "-1", "negative"),
        (NEW, "1,300", "neither a number in 件"),
        (NEW, "nan", "neither a number"),
        (NEW, "", "neither a number"),
        (NEW, "1 3", "neither a number"),
        (NEW, "１３", "neither a number"),
        (NEW, "Blank", "one of blank, dash, unreadable"),
    ],
)
def test_what_cannot_stand_in_a_cell_is_refused(name, words, complaint):
    with pytest.raises(ValueError, match=complaint):
        review(name, words, "giar_2021", [])


def test_a_report_without_a_table_takes_the_codes_of_prose():
    stated = Figure("disclosed.total", None, 1, "number", "1条", "条", "prose")
    codes = {cell.name for table in forms()["giar_2014"].tables for cell in table.cells.values()}
    one = min(codes)
    assert review(one, "5", None, []).indicator == one.partition("[")[0]
    with pytest.raises(ValueError, match="a report without a table"):
        review("wholly.other", "5", None, [stated])
    # What a sentence of a report with a table states has the code of another form.
    prose = Figure(one, None, 1, "number", "1条", "条", "prose")
    assert review(one, "5", "giar_2021", [prose]).value == 5
    with pytest.raises(ValueError, match="giar_2021 has no figure"):
        review(one, "5", "giar_2021", [])
