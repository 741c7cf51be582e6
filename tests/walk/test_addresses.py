"""Addresses that are not ASCII are asked as browsers ask them: the path in UTF-8, the query in the page's own encoding."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from giar_crawler.platforms import read_page

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
