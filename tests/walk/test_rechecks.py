"""Known reports: asked for by age, with conditions, and never counted as lost because they rest."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from giar_crawler.spiders.rechecks import Rechecks, Seen

from .conftest import Answer, page, report, rows

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CLASSES = [(30, 0), (365, 30), (None, 180)]


@pytest.mark.parametrize(
    ("known", "last", "due"),
    [(1, 0, True), (29, 0, True), (31, 1, False), (31, 30, True), (364, 29, False), (400, 100, False), (400, 180, True), (4000, 181, True)],
)
def test_age_classes(known, last, due):
    seen = Seen("http://a/1", NOW - timedelta(days=known), NOW - timedelta(days=last))
    assert Rechecks(CLASSES, NOW).is_due(seen) is due


def portal_of(portals, **conditions):
    def conditional(headers):
        if headers.get("if-none-match") == conditions.get("etag") is not None:
            return Answer(b"", 304)
        answer = report("某县人民政府", 2022)
        return Answer(answer.body, 200, {"ETag": conditions["etag"]} if conditions else {})

    entries = [(f"/{year}.html", f"某县人民政府{year}年政府信息公开工作年度报告", f"{year + 1}-01-20") for year in (2021, 2022)]
    pages = {
        "/": page("某县", '<a href="/nb/">政府信息公开年报</a>'),
        "/nb/": page("政府信息公开年报", rows(*entries)),
        "/2021.html": report("某县人民政府", 2021),
        "/2022.html": conditional,
    }
    return portals.add("x", pages)


def test_a_server_that_says_unchanged_sends_nothing(workplace, portals):
    portal = portal_of(portals, etag='"v1"')
    first = workplace.crawl("--portals", portals.register())
    second = workplace.crawl("--portals", portals.register())
    assert (first.total["inserted"], second.total["unchanged"], second.total["changed"]) == (2, 2, 0)
    assert second.outcome("x") == "ok"
    assert portal.paths.count("/2022.html") == 2
    third = workplace.crawl("--portals", portals.register(), "--offline")
    assert third.outcome("x") == "ok"
    assert third.total["unchanged"] == 2


def age(workplace, **days):
    """Makes all documents older: known for and fetched so many days ago."""
    with sqlite3.connect(workplace.folder / "giar.db") as database:
        for column, ago in days.items():
            database.execute(f"UPDATE documents SET {column} = datetime({column}, '-{ago} days')")  # noqa: S608


def test_old_reports_rest_and_are_neither_lost_nor_gone(workplace, portals):
    portal = portal_of(portals)
    workplace.crawl("--portals", portals.register())
    age(workplace, first_seen=100, last_seen=5)
    again = workplace.crawl("--portals", portals.register())
    assert portal.paths.count("/2022.html") == 1
    assert (again.outcome("x"), again.total["gone"]) == ("ok", 0)
    age(workplace, last_seen=30)
    workplace.crawl("--portals", portals.register())
    assert portal.paths.count("/2022.html") == 2


def test_a_resting_report_that_no_list_links_is_asked_for(workplace, portals):
    portal = portal_of(portals)
    workplace.crawl("--portals", portals.register())
    age(workplace, first_seen=100, last_seen=5)
    portal.pages["/nb/"] = page("政府信息公开年报", rows(("/2021.html", "某县人民政府2021年政府信息公开工作年度报告", "2022-01-20")))
    del portal.pages["/2022.html"]
    assert workplace.crawl("--portals", portals.register()).total["gone"] == 1
