"""Whole lists that a portal posted again on one day: their days of publication are marked, and the record stays what it is."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from giar_crawler.export.rows import KINDS
from giar_crawler.outcomes import PageOutcome, PortalOutcome
from pipelines.storage import Change, ReportFilter, open_storage
from pipelines.storage.reposts import Dated, is_late, reposted
from tests.storage.records import NOON, small

HOUR = timedelta(hours=1)
MOVE = date(2020, 3, 2)


@pytest.fixture
def storage(database_url):
    storage = open_storage(database_url)
    for portal_id in ("a", "b"):
        storage.upsert_portal({"id": portal_id, "name": portal_id})
    yield storage
    storage.close()


def report(year, published=MOVE, **changes):
    facts = {"report_year": year, "published_date": published, "published_date_source": "header"} | changes
    return small(f"http://a/{year}", f"report of {year}", **facts)


def put(storage, *reports, at=NOON, portal_id="a"):
    return [storage.store_reading(each, keep=True, portal_id=portal_id, crawl_id=None, seen_at=at) for each in reports]


def walk(storage, portal_id="a", at=NOON):
    crawl = storage.start_crawl(portal_id, at, {})
    storage.finish_crawl(crawl.id, at, PortalOutcome.OK, {})


def marks(storage):
    return {found.report.report_year: found.report.date_is_migration for found in storage.reports(ReportFilter())}


def test_late_reports_of_one_week_are_marked_at_the_end_of_a_walk_and_the_timely_one_is_not(storage):
    put(storage, report(2016), report(2017, MOVE + timedelta(days=6)), report(2018), report(2019), report(2014, date(2015, 3, 1)))
    assert set(marks(storage).values()) == {None}
    walk(storage)
    # 2018 came out 14 months after its year: late, but maybe no more than that.
    assert marks(storage) == {2014: None, 2016: True, 2017: True, 2018: None, 2019: None}


def test_the_mark_is_no_change_and_outlives_another_reading_of_the_same_page(storage):
    reports = [report(year) for year in (2015, 2016, 2017)]
    put(storage, *reports)
    assert storage.mark_migration_dates("a") == 3
    before = [found.report for found in storage.reports(ReportFilter())]
    assert put(storage, *reports, at=NOON + HOUR) == [Change.UNCHANGED] * 3
    assert [found.report for found in storage.reports(ReportFilter())] == before
    assert storage.mark_migration_dates("a") == 0
    assert put(storage, report(2015, parser_version="0.2.0", validity="有效"), at=NOON + HOUR) == [Change.CHANGED]
    assert marks(storage) == {2015: True, 2016: True, 2017: True}
    walk(storage)
    assert marks(storage) == {2015: True, 2016: True, 2017: True}
    with storage.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM reports")).scalar() == 3


def test_what_the_page_shows_itself_stays(storage):
    alone = report(2012, date(2019, 5, 5), date_is_migration=True)
    put(storage, alone, report(2015, date_is_migration=True), report(2016, date_is_migration=False), report(2017), report(2018))
    walk(storage)
    assert marks(storage) == {2012: True, 2015: True, 2016: False, 2017: True, 2018: None}


def test_a_mark_holds_for_its_day_only(storage):
    put(storage, *(report(year) for year in (2015, 2016, 2017)))
    walk(storage)
    put(storage, report(2016, date(2017, 2, 1)), at=NOON + HOUR)
    assert marks(storage) == {2015: True, 2016: None, 2017: True}
    # Two years are left, and two prove nothing.
    walk(storage, at=NOON + HOUR)
    assert set(marks(storage).values()) == {None}


def test_other_portals_old_versions_and_pages_that_are_no_reports_prove_nothing(storage):
    put(storage, report(2015), report(2016), report(2013, outcome=PageOutcome.NOT_A_REPORT))
    put(storage, report(2017), portal_id="b")
    put(storage, report(2014))
    put(storage, small("http://a/2014", "edited", report_year=2014, published_date=date(2015, 3, 1)), at=NOON + HOUR)
    walk(storage)
    walk(storage, "b")
    assert set(marks(storage).values()) == {None}


def test_exports_show_the_mark(storage):
    put(storage, *(report(year) for year in (2015, 2016, 2017)))
    walk(storage)
    kind = KINDS["reports"]
    assert [row["date_is_migration"] for row in kind.rows(storage, ReportFilter())] == [True] * 3
    assert [item["date_is_migration"] for item in kind.objects(storage, ReportFilter(), False)] == [True] * 3
    assert marks(storage) == {2015: True, 2016: True, 2017: True}
    assert [found.report.date_is_migration for found in storage.reports(ReportFilter(years=(2016, 2016)))] == [True]


@pytest.mark.parametrize(
    ("year", "published", "late"),
    [(2018, date(2020, 3, 31), False), (2018, date(2020, 4, 1), True), (2018, date(2019, 1, 1), False), (9999, date(2020, 1, 1), False)],
)
def test_late_is_fifteen_months_after_the_report_year(year, published, late):
    assert is_late(year, published) is late


@given(st.lists(st.tuples(st.integers(2008, 2012), st.integers(0, 30)), max_size=12))
def test_marks_are_those_of_any_seven_days_with_three_years(drawn):
    reports = [Dated(number, year, date(2012, 3, 20) + timedelta(days=day)) for number, (year, day) in enumerate(drawn)]
    expected = set()
    for first in reports:
        week = [each for each in reports if first.published <= each.published < first.published + timedelta(days=7)]
        if len({each.year for each in week}) >= 3:
            expected |= {each for each in week if is_late(each.year, each.published)}
    assert reposted(reports) == expected


def test_a_list_of_many_thousands_is_judged_at_once():
    reports = [Dated(number, 2008 + number % 10, MOVE) for number in range(50_000)]
    start = time.perf_counter()
    assert len(reposted(reports)) == 50_000
    assert time.perf_counter() - start < 2
