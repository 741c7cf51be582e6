"""A portal that gets another content system in the middle of a walk: it is noticed, soon, and nobody else suffers."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import contextmanager

import pytest

from demo.families import FAMILIES, register_of
from demo.families.replaced import PORTAL, ReplacedSite
from demo.server import DemoPortals
from giar_crawler.platforms.page import page_of_text
from giar_crawler.spiders.upheaval import FIRST_DOUBT, Upheaval

from .conftest import Answer, links, page, report, rows

NEIGHBOURS = [(portal, site) for family in ("boda", "trs") for portals, site in [FAMILIES[family]] for portal in portals[:1]]


def after(number):
    """Says that the time has come after so many requests for reports."""
    seen = Counter()

    def come(path):
        seen["reports"] += path.startswith("/zwgk/zfxxgknb/2")
        return seen["reports"] > number

    return come


def at(wanted):
    return lambda path: path == wanted


@contextmanager
def served(folder, when):
    site = ReplacedSite(when)
    portals = [PORTAL, *(portal for portal, _ in NEIGHBOURS)]
    sites = {PORTAL.host: site} | {portal.host: made(portal) for portal, made in NEIGHBOURS}
    with DemoPortals(0, served=sites) as demo:
        register = folder / "portals.yaml"
        register.write_text(register_of(portals, demo.port), "utf-8")
        yield demo, site, str(register)


def reasons(workplace):
    with sqlite3.connect(workplace.folder / "giar.db") as database:
        [counts] = database.execute("SELECT counts FROM crawls WHERE portal_id = ? ORDER BY id DESC LIMIT 1", [PORTAL.id]).fetchone()
    return json.loads(counts)["reasons"], json.loads(counts)["evidence"]


@pytest.mark.parametrize("when", [after(12), after(0), at("/zwgk/zfxxgknb/index_4.html")], ids=["reports", "no report", "list"])
def test_it_is_noticed_and_the_next_walk_begins_anew(workplace, when):
    with served(workplace.folder, when) as (demo, site, register):
        first = workplace.crawl("--portals", register, code=1)
        assert site.replaced
        assert first.outcome(PORTAL.id) == "partial"
        assert reasons(workplace)[0] == {"replaced": 1}
        assert reasons(workplace)[1]["url"] == f"http://{PORTAL.host}:{demo.port}/"
        assert f"{PORTAL.id}: partial (replaced)" in first.stderr
        # Nobody else is disturbed.
        for portal, made in NEIGHBOURS:
            assert (first.outcome(portal.id), first.row(portal.id)["reports"]) == ("ok", len(made(portal).report_urls(demo.port)))
        # What it takes to notice, the home page once more, and each time the request that has left before the answer is read.
        assert site.since <= FIRST_DOUBT + 3
        second = workplace.crawl("--portals", register)
        assert second.outcome(PORTAL.id) == "ok"
        assert second.row(PORTAL.id)["inserted"] == len(site.report_urls(demo.port))


def test_nothing_is_called_gone_before_the_new_portal_was_walked(workplace):
    with served(workplace.folder, lambda _: False) as (_, site, register):
        first = workplace.crawl("--portals", register)
        known = first.row(PORTAL.id)["reports"]
        site.when = at("/zwgk/zfxxgknb/index_2.html")
        second = workplace.crawl("--portals", register, code=1)
        assert (second.outcome(PORTAL.id), second.row(PORTAL.id)["gone"]) == ("partial", 0)
        third = workplace.crawl("--portals", register, PORTAL.id)
        assert (third.outcome(PORTAL.id), third.row(PORTAL.id)["inserted"], third.row(PORTAL.id)["gone"]) == ("ok", known, known)


def test_a_list_of_dead_links_is_no_new_portal(workplace, portals):
    titles = [(f"/r/{number}.html", f"某县第{number}局2021年政府信息公开工作年度报告", "2022-01-20") for number in range(30)]
    home = page("某县", links(*((f"/c{number}/", f"栏目{number}") for number in range(8)), ("/nb/", "政府信息公开年报")))
    portal = portals.add("x", {"/": home, "/nb/": page("政府信息公开年报", rows(*titles)), "/r/0.html": report("某县第0局", 2021)})
    result = workplace.crawl("--portals", portals.register())
    assert (result.outcome("x"), result.row("x")["reports"]) == ("ok", 1)
    # After five, after ten more, and at the end.
    assert portal.paths.count("/") == 4


def test_a_new_home_page_that_does_not_come_decides_nothing(workplace, portals):
    titles = [(f"/r/{number}.html", f"某县第{number}局2021年政府信息公开工作年度报告", "2022-01-20") for number in range(9)]
    answers = iter([page("某县", links(("/nb/", "政府信息公开年报")))])
    portal = portals.add("x", {"/": lambda _: next(answers, Answer(b"x", 500)), "/nb/": page("政府信息公开年报", rows(*titles))})
    result = workplace.crawl("--portals", portals.register(), code=1)
    assert result.outcome("x") == "partial"
    assert portal.paths.count("/") == 4


def test_news_change_and_menus_do_not():
    def home(*names):
        return page_of_text("http://a.gov.cn/", "".join(f"<a href='/{name}'>{name}</a>" for name in names))

    upheaval = Upheaval()
    upheaval.began(home("gk", "nb", "news1", "news2", "news3", "news4"))
    assert not upheaval.is_another(home("gk", "nb", "news5", "news6", "news7", "news8"))
    assert upheaval.is_another(home("zwgk", "zwgk/nb", "xw"))
    assert upheaval.is_another(home())
    empty = Upheaval()
    empty.began(home())
    assert not empty.is_another(home("gk"))
