"""The matrix of portals and report years: each reason for a missing report, days late, and nothing accused lightly."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from giar_crawler.cli.coverage import SIGNS, group_rows, sign
from giar_crawler.coverage.deadlines import deadline, publisher_kind
from giar_crawler.coverage.matrix import cells
from giar_crawler.coverage.summary import By, summary
from giar_crawler.export.rows import KINDS, coverage_row
from giar_crawler.outcomes import PageOutcome, PortalOutcome
from pipelines.storage import ReportFilter, open_storage
from tests.storage.records import full

TODAY = date(2026, 4, 20)
PORTAL = {"id": "a", "name": "甲县人民政府", "adcode": "610430", "level": "county", "home": "http://www.a.gov.cn/", "delay": 1.0}


def at(month, day, year=2026):
    return datetime(year, month, day, 4, tzinfo=UTC)


@pytest.fixture
def storage(tmp_path):
    storage = open_storage(f"sqlite:///{tmp_path}/x.db")
    storage.upsert_portal(PORTAL)
    yield storage
    storage.close()


def walk(storage, when, outcome=PortalOutcome.OK, years=(None, None), limit=None, **reasons):
    crawl = storage.start_crawl("a", when, {"years": list(years), "limit": limit, "run": str(when)})
    storage.finish_crawl(crawl.id, when, outcome, {"reasons": reasons})


def report(storage, year, seen=None, **changes):
    own = full(
        url=f"http://www.a.gov.cn/{year}-{changes.get('scope', 'consolidated')}.html", report_year=year, outcome=PageOutcome.OK, mirror=None
    )
    own = replace(own, content_sha256=f"{year}{changes}", date_is_migration=None, **changes)
    storage.store_reading(own, keep=True, portal_id="a", crawl_id=None, seen_at=seen or at(4, 1))


def cell(storage, year, today=TODAY):
    return next(one for one in cells(storage, ReportFilter(), today) if one.report_year == year)


def test_deadlines():
    assert deadline(2007, "government") is None
    assert deadline(2018, "department") == date(2019, 3, 31)
    assert deadline(2021, "department") == date(2022, 1, 31)
    assert deadline(2021, "government") == date(2022, 3, 31)
    assert publisher_kind("county") == "government"
    assert publisher_kind("county", "township") == "township"
    assert publisher_kind("department") == "department"


def test_never_walked(storage):
    found = list(cells(storage, ReportFilter(), TODAY))
    assert {one.outcome for one in found} == {PortalOutcome.NOT_CRAWLED}
    assert [one.report_year for one in found] == [None, *range(2008, 2026)]


def test_nobody_is_accused_before_the_deadline_or_after_one_look(storage):
    walk(storage, at(2, 10))
    assert cell(storage, 2025, date(2026, 2, 11)).outcome == PortalOutcome.NOT_DUE
    assert cell(storage, 2025).outcome == PortalOutcome.NOT_FOUND
    walk(storage, at(4, 2))
    assert cell(storage, 2025).outcome == PortalOutcome.NOT_FOUND
    walk(storage, datetime(2026, 4, 2, 9, tzinfo=UTC))
    assert cell(storage, 2025).outcome == PortalOutcome.NOT_FOUND
    walk(storage, at(4, 9))
    found = cell(storage, 2025)
    assert found.outcome == PortalOutcome.NOT_PUBLISHED
    assert found.last_absent_at == at(4, 9)
    assert "2026-04-02, 2026-04-09" in found.evidence


@pytest.mark.parametrize(
    "arguments",
    [{"outcome": PortalOutcome.PARTIAL}, {"outcome": PortalOutcome.BLOCKED}, {"years": (2019, 2020)}, {"limit": 3}],
    ids=str,
)
def test_incomplete_walks_prove_nothing(storage, arguments):
    for day in (2, 9, 16):
        walk(storage, at(4, day), **arguments)
    outcome = cell(storage, 2025).outcome
    assert outcome not in (PortalOutcome.NOT_PUBLISHED, PortalOutcome.NOT_FOUND)
    assert outcome == arguments.get("outcome", PortalOutcome.NOT_CRAWLED)


def test_years_that_the_address_does_not_serve(storage):
    storage.upsert_portal(PORTAL | {"valid_years": [2015, None]})
    walk(storage, at(4, 2))
    assert cell(storage, 2014).outcome == PortalOutcome.NOT_EXPECTED
    assert cell(storage, 2015).outcome == PortalOutcome.NOT_FOUND


def test_a_report_with_its_days(storage):
    walk(storage, at(2, 10))
    report(storage, 2025, published_date=date(2026, 4, 3))
    found = cell(storage, 2025)
    assert (found.outcome, found.days_late, found.deadline) == (PageOutcome.OK, 3, date(2026, 3, 31))
    assert (found.date_basis, found.first_seen_at, found.last_absent_at) == ("header", at(4, 1), at(2, 10))
    assert found.evidence == "http://www.a.gov.cn/2025-consolidated.html"


def test_reports_of_departments_are_counted_and_are_not_the_governments(storage):
    walk(storage, at(4, 2))
    report(storage, 2025, scope="department")
    found = cell(storage, 2025)
    assert (found.outcome, found.reports) == (PortalOutcome.NOT_FOUND, 1)
    assert "departments and towns" in found.evidence


def test_a_migration_date_is_no_verdict(storage):
    walk(storage, at(4, 2))
    for year in (2014, 2015, 2016):
        report(storage, year, published_date=date(2020, 4, 5))
    storage.mark_migration_dates("a")
    found = cell(storage, 2015)
    assert (found.date_basis, found.days_late, found.published_date) == ("migration", None, date(2020, 4, 5))


def test_the_portal_itself_and_the_reasons_of_its_walk(storage):
    walk(storage, at(4, 2), PortalOutcome.UNREACHABLE, timeout=3)
    own = cell(storage, None)
    assert (own.outcome, own.evidence) == (PortalOutcome.UNREACHABLE, "the walk of 2026-04-02 ended as unreachable: timeout 3")
    assert cell(storage, 2025).outcome == PortalOutcome.UNREACHABLE
    assert sign(own) == "x"
    assert sign(cell(storage, 2008)) == "x"


def test_filters_and_export(storage):
    walk(storage, at(4, 2))
    report(storage, 2025)
    assert list(cells(storage, ReportFilter(portals=("b",)), TODAY)) == []
    assert list(cells(storage, ReportFilter(place="620000"), TODAY)) == []
    years = [one.report_year for one in cells(storage, ReportFilter(years=(2020, 2022), place="610000"), TODAY)]
    assert years == [None, 2020, 2021, 2022]
    rows = list(KINDS["coverage"].rows(storage, ReportFilter(years=(2025, 2025))))
    assert [list(row) for row in rows] == [list(KINDS["coverage"].table.names)] * len(rows)
    assert json.dumps(rows)
    assert coverage_row(cell(storage, 2025))["deadline"] == "2026-03-31"
    assert set(SIGNS) <= {*PageOutcome, *PortalOutcome}


def test_findings_are_exported_with_the_columns_of_the_contract(storage):
    report(storage, 2025)
    rows = list(KINDS["findings"].rows(storage, ReportFilter()))
    assert rows
    assert [list(row) for row in rows] == [list(KINDS["findings"].table.names)] * len(rows)


def test_groups_count_what_was_due_and_what_is_there(storage):
    storage.upsert_portal(PORTAL | {"id": "b", "adcode": "620102", "level": "department"})
    walk(storage, at(4, 2))
    report(storage, 2024)
    report(storage, 2023, outcome=PageOutcome.IMAGE_ONLY)
    found = list(cells(storage, ReportFilter(years=(2023, 2025)), TODAY))
    marks = storage.portal_marks()
    told = {by: {group.key: group for group in summary(found, marks, by)} for by in By}
    here, there = told[By.PROVINCE]["610000"], told[By.PROVINCE]["620000"]
    assert (here.portals, here.expected, here.there, here.read) == (1, 3, 2, 1)
    assert (there.expected, there.there, there.outcomes) == (3, 0, {PortalOutcome.NOT_CRAWLED: 3})
    assert {key: (group.there, group.read) for key, group in told[By.LEVEL].items()} == {"county": (2, 1), "department": (0, 0)}
    assert {key: (group.portals, group.there) for key, group in told[By.YEAR].items()} == {"2023": (2, 1), "2024": (2, 1), "2025": (2, 0)}
    lines = group_rows(told[By.PROVINCE].values(), By.PROVINCE)
    facts = {"province": "610000", "name": "陕西省", "portals": 1, "expected": 3, "there": 2, "read": 1}
    assert lines[0] == facts | {"image_only": 1, "not_crawled": 0, "not_found": 1, "ok": 1}
