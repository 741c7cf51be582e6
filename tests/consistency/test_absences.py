"""Dates that a complete list of a later day refutes, and the innocent ones that look like them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from giar_crawler.export.remarks import remarks
from giar_crawler.outcomes import PageOutcome, PortalOutcome
from pipelines.storage import open_storage
from tests.storage.records import full

PORTAL = {"id": "a", "name": "甲县人民政府", "adcode": "610430", "level": "county", "home": "http://www.a.gov.cn/", "delay": 1.0}
BEFORE = datetime(2026, 1, 10, 4, tzinfo=UTC)
LISTED, CAME = datetime(2026, 5, 2, 4, tzinfo=UTC), datetime(2026, 6, 10, 4, tzinfo=UTC)


@pytest.fixture
def storage(database_url):
    storage = open_storage(database_url)
    storage.upsert_portal(PORTAL)
    report(storage, 2024, BEFORE, published_date=date(2025, 3, 20))
    walk(storage, LISTED)
    yield storage
    storage.close()


def walk(storage, when, outcome=PortalOutcome.OK, **arguments):
    crawl = storage.start_crawl("a", when, {"years": [None, None], "limit": None} | arguments)
    storage.finish_crawl(crawl.id, when, outcome, {})


def report(storage, year, seen, name="", text="", **changes):
    own = full(url=f"http://www.a.gov.cn/{year}{name}.html", report_year=year, outcome=PageOutcome.OK, mirror=None, date_is_migration=None)
    facts = {"published_date": date(2026, 3, 20), "published_date_source": "header", "text": text or f"{year}{name}"} | changes
    own = replace(own, **facts, content_sha256=f"{year}{name}")
    storage.store_reading(own, keep=True, portal_id="a", crawl_id=None, seen_at=seen)


def told(storage):
    return {
        url: [one for one in found if one.code == "date_before_absence"]
        for url, found in remarks(storage).items()
        if any(one.code == "date_before_absence" for one in found)
    }


def test_a_date_before_a_list_that_lacked_the_report(storage):
    report(storage, 2025, CAME)
    ((url, (one,)),) = told(storage).items()
    assert (url, one.blame, one.severity) == ("http://www.a.gov.cn/2025.html", None, "warning")
    for day in ("2026-03-20", "2026-05-02", "2026-06-10"):
        assert day in one.message
        assert day in one.message_zh


@pytest.mark.parametrize(
    "changes",
    [
        {"published_date": date(2026, 5, 2)},
        {"published_date": None},
        {"published_date_source": "signature"},
        {"date_is_migration": True},
        {"publisher": "甲县民政局", "scope": "department"},
        {"outcome": PageOutcome.MIRROR},
    ],
    ids=["that day", "no date", "signed", "migration", "a list that was not known", "mirror"],
)
def test_nothing_is_said_of(storage, changes):
    report(storage, 2025, CAME, **changes)
    assert told(storage) == {}


@pytest.mark.parametrize(
    ("outcome", "arguments"),
    [(PortalOutcome.PARTIAL, {}), (PortalOutcome.OK, {"years": [2019, 2024]}), (PortalOutcome.OK, {"limit": 3})],
    ids=["partial", "other years", "limit"],
)
def test_lists_that_were_not_complete_prove_nothing(database_url, outcome, arguments):
    storage = open_storage(database_url)
    storage.upsert_portal(PORTAL)
    report(storage, 2024, BEFORE)
    walk(storage, LISTED, outcome, **arguments)
    report(storage, 2025, CAME)
    assert told(storage) == {}
    storage.close()


def test_a_report_that_moved_was_there_before(storage):
    early = datetime(2026, 4, 1, 4, tzinfo=UTC)
    report(storage, 2025, early, text="same")
    walk(storage, datetime(2026, 4, 8, 4, tzinfo=UTC), run="the list has another address for it")
    report(storage, 2025, CAME, name="-new", text="same")
    storage.mark_gone(["http://www.a.gov.cn/2025.html"], CAME)
    assert [mark.first_seen for mark in storage.report_marks(["a"]) if mark.report_year == 2025] == [early]
    report(storage, 2025, CAME, name="-rewritten", text="other")
    assert told(storage) == {}
