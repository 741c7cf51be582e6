"""Portals of around 2010: menus of pictures without words, image maps, links that scripts write with a function around their words."""

from __future__ import annotations

import pytest

from giar_crawler.platforms.page import page_of_text
from giar_crawler.platforms.rows import entries_of

from .conftest import Portals, Workplace, page, report, rows

MAP = "<img src=b.jpg usemap=#m><map name=m><area href=index.asp><area href='more.asp?id=3'><area href='{}'></map>"
LIST = {
    "/more.asp?id=23": page(
        "列表", rows(*((f"/show.asp?id={n}", f"某县{n}年政府信息公开工作年度报告", f"{n + 1}-03-05") for n in (2012, 2011)))
    ),
    **{f"/show.asp?id={year}": report("某县人民政府", year) for year in (2012, 2011)},
}


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<a href=a.asp><img src='images/xxgk_nb.gif'></a>", "信息公开年报"),
        ("<a href=a.asp><img src='img/zwgk01.jpg'></a>", "政务公开"),
        ("<a href=a.asp><img src='/i/nb.png'></a>", "年度报告"),
        ("<a href=a.asp><img src='/i/nb.png' alt='信息公开'></a>", "信息公开"),
        ("<map><area href='xxgk.asp'></map>", "信息公开"),
        ("<map><area href='bmwz/index.asp'></map>", "部门网站"),
    ],
)
def test_the_name_of_a_picture_says_what_a_link_is(markup: str, words: str) -> None:
    [entry] = entries_of(page_of_text("http://a.gov.cn/", markup))
    assert entry.title == words


@pytest.mark.parametrize("name", ["index_08.gif", "bjnb2.gif", "xxgkx.gif", "banner.jpg", "unb.gif"])
def test_other_pictures_say_nothing(name: str) -> None:
    assert entries_of(page_of_text("http://a.gov.cn/", f"<a href=a.asp><img src='images/{name}'></a>")) == []


@pytest.mark.parametrize("way", ["xxgk.asp", "page.asp?c=4"], ids=["named", "nameless"])
def test_image_maps_and_pictures_lead_to_the_list(way: str, portals: Portals, workplace: Workplace) -> None:
    pictures = "<a href='more.asp?id=21'><img src=images/xxgk_zn.gif></a><a href='more.asp?id=23'><img src=images/xxgk_nb.gif></a>"
    pages = {"/": page("某县", MAP.format(way)), "/index.asp": page("某县", MAP.format(way)), "/more.asp?id=3": page("要闻", "x")}
    portals.add("asp", pages | LIST | {f"/{way}": page("政府信息公开", pictures), "/more.asp?id=21": page("指南", "x")})
    done = workplace.crawl("asp", "--portals", portals.register())
    assert (done.outcome("asp"), done.row("asp")["reports"]) == ("ok", 2)


@pytest.mark.parametrize(
    "script",
    [
        "document.write('<li><a href=\"/1.html\" target=_blank>'+cutStr('某县2021年年报',60)+'</a></li>');",
        'var l=[{"title":"某县2021年年报","linkurl":"/1.html","pubtime":"2022-01-01"}];',
        'var l=[{"title":"某县2021年年报","picurl":"/1.jpg","siteurl":"/","arthref":"/1.html"}];',
    ],
)
def test_rows_in_scripts_are_rows(script: str) -> None:
    [entry] = entries_of(page_of_text("http://a.gov.cn/", f"<script>{script}</script>"))
    assert (entry.url, entry.title) == ("http://a.gov.cn/1.html", "某县2021年年报")


def test_rows_that_a_script_writes_in_a_way_that_is_not_understood_leave_the_walk_partial(portals: Portals, workplace: Workplace) -> None:
    odd = "<ul id=u></ul><script>for(i in ids){$('#u').append('<li><a href='+to(ids[i])+'>'+name(ids[i])+'</a></li>')}</script>"
    pages = {"/": page("某县", "<a href=/nb/>公开年报</a><a href=/bm/>部门年报</a>"), "/bm/": page("部门年报", odd)}
    pages["/nb/"] = page("公开年报", rows(("/1.html", "某县2021年政府信息公开年报", "2022-01-01")))
    portals.add("odd", pages | {"/1.html": report("某县人民政府", 2021)})
    done = workplace.crawl("odd", "--portals", portals.register(), code=None)
    assert (done.outcome("odd"), workplace.reasons("odd")) == ("partial", {"undrawn"})
