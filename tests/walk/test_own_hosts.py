"""Hosts that the register does not name: those below the portal's own name, and columns that stand elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from giar_crawler.register import Portal as Entry
from giar_crawler.spiders.scope import Scope

from .conftest import Answer, Portal, Portals, Workplace, links, page, report, rows

# What the walk's own process resolves: names below localhost, which are this machine everywhere and known nowhere.
RESOLVER = """
import socket
def known(plain):
    def resolve(host, *arguments, **options):
        name = host.decode() if isinstance(host, bytes) else host
        return plain("ADDRESS" if isinstance(name, str) and name.endswith(".localhost") else host, *arguments, **options)
    return resolve
socket.getaddrinfo, socket.gethostbyname = known(socket.getaddrinfo), known(socket.gethostbyname)
"""


@pytest.fixture
def named(portals: Portals, workplace: Workplace, tmp_path: Path) -> Portal:
    """A portal that has a name, so that there can be names below it; its pages are those of all of its hosts."""
    portal = portals.add("named")
    (tmp_path / "sitecustomize.py").write_text(RESOLVER.replace("ADDRESS", portal.host), "utf-8")
    workplace.environment["PYTHONPATH"] = str(tmp_path)
    portal.host = "www.county.localhost"
    return portal


def column(host: str = "") -> dict[str, Answer]:
    entries = [(f"{host}/{year}.html", f"某县{year}年政府信息公开工作年度报告", f"{year + 1}-01-20") for year in (2023, 2022, 2021)]
    return {"/nb/": page("政府信息公开年报", rows(*entries))} | {
        f"/{year}.html": report("某县人民政府", year) for year in (2023, 2022, 2021)
    }


def test_pages_of_disclosure_on_a_host_of_the_portal_are_walked(named: Portal, portals: Portals, workplace: Workplace) -> None:
    there = f"//xxgk.county.localhost:{named.port}"
    named.pages |= {
        "/": page("某县", links((f"{there}/gk/", "政府信息公开"), (f"//jyj.county.localhost:{named.port}/x/", "教育局"))),
        **column(),
    }
    named.pages["/gk/"] = page("政府信息公开", links(("/nb/", "公开年报")))
    done = workplace.crawl("named", "--portals", portals.register())
    assert (done.outcome("named"), done.row("named")["reports"]) == ("ok", 3)
    assert "/x/" not in named.paths


def test_a_column_that_has_its_reports_on_another_host_brings_them(named: Portal, portals: Portals, workplace: Workplace) -> None:
    named.pages |= {"/": page("某县", links(("/nb/", "公开年报"))), **column(f"http://doc.county.localhost:{named.port}")}
    done = workplace.crawl("named", "--portals", portals.register())
    assert (done.outcome("named"), done.row("named")["reports"]) == ("ok", 3)


def test_a_page_of_disclosure_that_moved_to_another_host_is_followed(named: Portal, portals: Portals, workplace: Workplace) -> None:
    named.pages |= {"/": page("某县", links(("/old/", "政务公开"))), **column(), "/gk/": page("政务公开", links(("/nb/", "公开年报")))}
    named.pages["/old/"] = Answer(status=302, headers={"Location": f"http://zwgk.county.localhost:{named.port}/gk/"})
    done = workplace.crawl("named", "--portals", portals.register())
    assert (done.outcome("named"), done.row("named")["reports"]) == ("ok", 3)


EARLIER = {
    "/old/": page(
        "年度报告", rows(*((f"/{year}.html", f"某县{year}年政府信息公开工作年度报告", f"{year + 1}-01-20") for year in (2013, 2012)))
    ),
    **{f"/{year}.html": report("某县人民政府", year) for year in (2013, 2012)},
}


@pytest.mark.parametrize("words", ["历年年报(2020年及以前)", "2013年以前", "旧版年报", "2013年"])
def test_earlier_years_on_the_portal_before_are_read(words: str, named: Portal, portals: Portals, workplace: Workplace) -> None:
    named.pages |= {"/": page("某县", links(("/nb/", "公开年报"))), **column(), **EARLIER}
    earlier = links((f"//old.county.localhost:{named.port}/old/", words))
    named.pages["/nb/"] = Answer(column()["/nb/"].body.replace(b"</body>", earlier.encode() + b"</body>"))
    done = workplace.crawl("named", "--portals", portals.register())
    assert (done.outcome("named"), done.row("named")["reports"]) == ("ok", 5)


@pytest.mark.parametrize(("words", "outcome"), [("历年年报", "partial"), ("旧版网站", "ok"), ("各县区", "ok")])
def test_earlier_years_on_a_stranger_host_are_not_all(words: str, outcome: str, portals: Portals, workplace: Workplace) -> None:
    portals.add("both", {"/": page("某县", links(("/nb/", "公开年报"))), **column()})
    earlier = links(("http://old.example.gov.cn/nb/", words))
    portals.all[0].pages["/nb/"] = Answer(column()["/nb/"].body.replace(b"</body>", earlier.encode() + b"</body>"))
    done = workplace.crawl("both", "--portals", portals.register(), code=None)
    assert (done.outcome("both"), done.row("both")["reports"]) == (outcome, 3)


def test_reports_of_other_portals_are_no_column(portals: Portals, workplace: Workplace) -> None:
    towns = [
        (f"http://www.town{number}.gov.cn/2023.html", f"{name}2023年政府信息公开工作年度报告")
        for number, name in enumerate(("南区", "北区"))
    ]
    portals.add("city", {"/": page("某县", links(("/nb/", "公开年报"))), **column()})
    portals.all[0].pages["/nb/"] = Answer(column()["/nb/"].body.replace(b"</body>", links(*towns).encode() + b"</body>"))
    done = workplace.crawl("city", "--portals", portals.register())
    assert (done.outcome("city"), done.row("city")["reports"]) == ("ok", 3)


@pytest.mark.parametrize(
    ("words", "outcome"),
    [("部门信息公开年报", "partial"), ("公开年报", "ok"), ("上级政府信息公开年报", "ok"), ("甲乙省政府信息公开年报", "ok")],
)
def test_a_column_on_a_stranger_host_beside_a_list_is_not_all(words: str, outcome: str, portals: Portals, workplace: Workplace) -> None:
    portals.add("both", {"/": page("某县", links(("/nb/", "公开年报"), ("http://xxgk.example.gov.cn/nb/", words))), **column()})
    done = workplace.crawl("both", "--portals", portals.register(), code=None)
    assert (done.outcome("both"), done.row("both")["reports"]) == (outcome, 3)


@pytest.mark.parametrize(
    ("home", "url", "takes"),
    [
        ("http://www.x.gov.cn/", "http://xxgk.x.gov.cn/", True),
        ("http://www.x.gov.cn/", "https://a.b.x.gov.cn/", True),
        ("http://x.gov.cn/", "http://xxgk.x.gov.cn/", True),
        ("http://www.x.gov.cn/", "http://xxgk.y.gov.cn/", False),
        ("http://www.x.gov.cn/", "http://evilx.gov.cn/", False),
        ("http://www.x.gov.cn/", "http://other.x.gov.cn/", False),
        ("http://www.x.gov.cn/", "http://xxgk.x.gov.cn:8080/", False),
        ("http://www.x.gov.cn/", "http://user@xxgk.x.gov.cn/", False),
        # A department has what lies below its own name, and nothing of the city.
        ("http://jyj.x.gov.cn/", "http://www.x.gov.cn/", False),
        ("http://jyj.x.gov.cn/", "http://gaj.x.gov.cn/", False),
        ("http://jyj.x.gov.cn/", "http://xxgk.jyj.x.gov.cn/", True),
        ("http://www.gov.cn/", "http://www.x.gov.cn/", False),
        ("http://127.0.0.1/", "http://1.127.0.0.1/", False),
    ],
)
def test_what_lies_below_the_own_name(home: str, url: str, takes: bool) -> None:
    scope = Scope(Entry("a", "某县人民政府", "610430", "county", home), frozenset({"other.x.gov.cn"}))
    assert (scope.takes(url), scope.refuses(url) is None) == (takes, takes)


def test_three_hosts_are_taken_over_and_no_more() -> None:
    scope = Scope(Entry("a", "某县人民政府", "610430", "county", "http://www.x.gov.cn/"))
    assert [scope.takes(f"http://{name}.x.gov.cn/") for name in "abcd"] == [True, True, True, False]
