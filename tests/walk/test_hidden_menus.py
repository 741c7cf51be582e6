"""Portals whose menus are in script files or frames, or whose columns only a site map has."""

from __future__ import annotations

import pytest

from giar_crawler.platforms.page import page_of_script, page_of_text

from .conftest import Answer, Portals, Workplace, links, page, report, rows

COLUMN = {
    "/nb/": page(
        "政府信息公开年报", rows(*((f"/{year}.html", f"某县{year}年政府信息公开年报", f"{year + 1}-01-20") for year in (2023, 2022)))
    ),
    **{f"/{year}.html": report("某县人民政府", year) for year in (2023, 2022)},
}
GK = {"/gk/": page("政务公开", links(("/nb/", "公开年报")))}


def framed(*frames: str) -> Answer:
    return Answer(f"<html><frameset cols='200,*'>{''.join(f'<FRAME SRC={one}>' for one in frames)}</frameset></html>".encode())


@pytest.mark.parametrize(
    "pages",
    [
        {
            "/": page("某县", "<script src=/js/jquery-1.8.js></script><script src='/js/menu.js'></script>"),
            "/js/menu.js": Answer(b"document.write('<li><a href=\"gk/\">\xe6\x94\xbf\xe5\x8a\xa1\xe5\x85\xac\xe5\xbc\x80</a></li>');"),
        },
        {
            "/": framed("top.htm", "left.htm"),
            "/top.htm": page("", "<img src=a.gif>"),
            "/left.htm": page("", "<script src=data/d1.js></script>"),
            "/data/d1.js": Answer('var m=new Array();\nm[0]=new Array("概况","jj.htm");\nm[1]=new Array("政务公开","/gk/");'.encode()),
        },
        {
            "/": page("某县", "<div id=app></div>"),
            "/sitemap.xml": Answer(b"<urlset><url><loc>{HOME}c/1.html</loc></url><url><loc>{HOME}c/2.html</loc></url></urlset>"),
            "/c/1.html": page("要闻", "x"),
            "/c/2.html": page("政务公开", links(("/nb/", "公开年报"))),
        },
        {
            "/": page("某县", links(("/gk.php?id=1&amp;amp;t=2", "政务公开"))),
            "/gk.php?id=1&t=2": page("政务公开", links(("/nb/", "公开年报"))),
        },
    ],
    ids=["written by a file", "array in a file of a frame", "site map without names", "escaped twice"],
)
def test_the_way_is_found(pages: dict[str, Answer], portals: Portals, workplace: Workplace) -> None:
    portal = portals.add("hidden", GK | COLUMN)
    home = portal.home.encode()
    portal.pages |= {path: Answer(one.body.replace(b"{HOME}", home), one.status, one.headers) for path, one in pages.items()}
    done = workplace.crawl("hidden", "--portals", portals.register())
    assert (done.outcome("hidden"), done.row("hidden")["reports"]) == ("ok", 2)
    assert "/js/jquery-1.8.js" not in portal.paths


def test_a_platform_in_frames_shows_its_organs(portals: Portals, workplace: Workplace) -> None:
    organs = {str(number): name for number, name in enumerate(("教育局", "公安局", "民政局", "财政局(国资局)", "城关镇"))}
    tree = "".join(f"d.add({number},0,'{name}','dept.jsp?id={number}');" for number, name in organs.items())
    pages = {"/": page("某县", links(("/xxgk/", "政府信息公开"))), "/xxgk/": framed("top.jsp", "left.jsp"), **COLUMN}
    pages |= {
        "/xxgk/top.jsp": page("", links(("/nb/", "公开年报"))),
        "/xxgk/left.jsp": page("", f"<script>{tree}document.write(d)</script>"),
    }
    for number, name in organs.items():
        pages[f"/xxgk/dept.jsp?id={number}"] = page(name, links((f"list.jsp?id={number}", "公开年报")))
        pages[f"/xxgk/list.jsp?id={number}"] = page("公开年报", rows((f"/d{number}.html", f"{name}2023年政府信息公开年报", "2024-01-12")))
        pages[f"/d{number}.html"] = report(f"某县{name}", 2023)
    portals.add("framed", pages)
    done = workplace.crawl("framed", "--portals", portals.register())
    assert (done.outcome("framed"), done.row("framed")["reports"]) == ("ok", 7)


def test_a_script_is_a_part_of_the_page_that_has_it() -> None:
    script = "document.write(\"<a href='list.asp?c=3'>公开年报</a>\");m=[['政务公开','gk/index.asp'],['/a.asp','x']];</script>"
    found = page_of_script(page_of_text("http://a.gov.cn/js/menu.js", script), "http://a.gov.cn/x/left.htm")
    assert {(anchor.url, anchor.text) for anchor in found.anchors()} == {
        ("http://a.gov.cn/x/list.asp?c=3", "公开年报"),
        ("http://a.gov.cn/x/gk/index.asp", "政务公开"),
    }
