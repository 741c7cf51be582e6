"""Addresses that are not ASCII are asked as browsers ask them: the path in UTF-8, the query in the page's own encoding."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from urllib.parse import quote

import pytest

from giar_crawler.platforms import read_page
from giar_crawler.platforms.addresses import absolute

from .conftest import Answer, Portals, Workplace, page
from .test_outcomes import usual

LINK = '<a href="/xxgk/列表.jsp?栏目=年报&y=%C4%EA">政府信息公开年报</a>'


@pytest.mark.parametrize(("declared", "encoding"), [("gbk", "gb18030"), ("gb2312", "gb18030"), ("utf-8", "utf-8"), ("big5", "big5")])
def test_links_of_pages_in_an_encoding_of_their_own(declared: str, encoding: str) -> None:
    text = LINK if encoding != "big5" else LINK.replace("报", "報").replace("栏", "欄")
    found = read_page(
        "http://a.gov.cn/",
        f"<meta charset={declared}><p>政府文件</p>{text}".replace("报", "報" if encoding == "big5" else "报").encode(encoding, "replace"),
    )
    query = text.partition("?")[2].partition("&")[0]
    wanted = quote("/xxgk/列表.jsp") + "?" + quote(query.encode(encoding), safe="=") + "&y=%C4%EA"
    [anchor] = found.anchors()
    assert anchor.url == f"http://a.gov.cn{wanted}"


def test_a_portal_in_gbk_is_asked_in_gbk(portals: Portals, workplace: Workplace) -> None:
    pages = usual()
    home = page("某县人民政府", LINK, "<p>政府信息公开,政府公报,领导之窗,办事指南</p>").body.decode().replace("utf-8", "gbk").encode("gbk")
    pages["/"] = Answer(home, headers={"Content-Type": "text/html"})
    asked = quote("/xxgk/列表.jsp") + "?" + quote("栏目=年报".encode("gbk"), safe="=") + "&y=%C4%EA"
    pages[asked] = pages.pop("/xxgk/nb/")
    portal = portals.add("gbk", pages)
    result = workplace.crawl("--portals", portals.register())
    assert asked in portal.paths
    assert (result.outcome("gbk"), result.row("gbk")["reports"]) == ("ok", 2)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("list.jsp;jsessionid=0A1B2C3D4E5F60718293?c=3", "list.jsp?c=3"),
        ("list.php?c=3&PHPSESSID=46072631582fc240dd2674a7d063b040", "list.php?c=3"),
        ("list.php?PHPSESSID=46072631582fc240dd2674a7d063b040&c=3", "list.php?c=3"),
        ("index.php?PHPSESSID=46072631582fc240dd2674a7d063b040", "index.php"),
        ("list.asp?c=3&ASPSESSIONIDQQABCDEF=KLMNOPQRSTUVWXYZ", "list.asp?c=3"),
        ("list.do?c=3&session_id=9f86d081884c7d65", "list.do?c=3"),
        ("list.do?_=1700000000123&c=3", "list.do?c=3"),
        ("list.do?c=3&rnd=0.8437521904", "list.do?c=3"),
        # Numbers of sites, days and pages stay.
        ("list.do?sid=763021&t=20231201", "list.do?sid=763021&t=20231201"),
        ("list.do?session=12&r=2", "list.do?session=12&r=2"),
    ],
)
def test_what_names_the_visit_is_no_part_of_an_address(written: str, asked: str) -> None:
    assert absolute("http://a.gov.cn/x/", written) == f"http://a.gov.cn/x/{asked}"


def test_a_portal_that_writes_a_new_visit_into_every_link_is_walked_once(portals: Portals, workplace: Workplace) -> None:
    visits = count()

    def shown(path: str) -> Callable[[dict[str, str]], Answer]:
        made = usual()[path]

        def answer(_: dict[str, str]) -> Answer:
            return Answer(
                made.body.replace(b'.html"', b'.html?PHPSESSID=%032x"' % next(visits)).replace(b'/"', b'/?PHPSESSID=%032x"' % next(visits))
            )

        return answer

    portal = portals.add("visits", {path: shown(path) for path in usual()})
    result = workplace.crawl("--portals", portals.register())
    assert (result.outcome("visits"), result.row("visits")["reports"]) == ("ok", 2)
    assert len(portal.paths) == len(set(portal.paths)) <= len(usual()) + 1
