"""Lists in shapes that no family has: drawn pagers, reports that are files, columns whose names say little."""

from __future__ import annotations

import pytest

from giar_crawler.platforms import page as pages
from giar_crawler.platforms.pagers import drawn_next, drawn_pages
from giar_crawler.platforms.static import has_more
from giar_crawler.spiders.lexicon import belongs_inside
from giar_crawler.spiders.organs import PROBES
from giar_crawler.spiders.recognition import bare_title

from .conftest import Portals, Workplace, links, page, report, rows

LIST = "http://a.gov.cn/xxgk/list.html?id=5"
JUMP = "jump:function(obj,first){if(!first){location.href='/xxgk/list.html?id=5&curr='+obj.curr;}}"


def drawn(script: str, url: str = LIST) -> pages.ListPage:
    return pages.page_of_text(
        url, f"<html><body><ul><li><a href=a.html>甲</a></li></ul><div id=p></div><script>{script}</script></body></html>"
    )


@pytest.mark.parametrize(
    ("script", "number"),
    [
        ("laypage.render({elem:'p',count:40,limit:12,curr:1})", 4),
        ("laypage.render({elem:'p',count:12,limit:12})", 1),
        ("laypage.render({elem:'p',count:21})", 3),
        ("laypage({cont:'p',pages:3,curr:1})", 3),
        ("$('#p').pagination(41, {items_per_page: 20})", 3),
        ('$("#p").bootstrapPaginator({bootstrapMajorVersion:3,currentPage:1,totalPages:"7"})', 7),
        ("$('#p').pagination({totalData: 100, showData: 50})", 2),
        ("news({count:40,limit:12})", 0),
        ("laypage.render({elem:'p',count:total,limit:size})", 0),
    ],
)
def test_pages_of_a_drawn_pager(script: str, number: int) -> None:
    assert drawn_pages(drawn(script)) == number
    assert has_more(drawn(script)) is (number > 1)


def test_the_next_page_of_a_drawn_pager() -> None:
    script = f"laypage.render({{elem:'p',count:40,limit:12,{JUMP}}})"
    assert drawn_next(drawn(script)) == LIST + "&curr=2"
    assert drawn_next(drawn(script, LIST + "&curr=3")) == LIST + "&curr=4"
    assert drawn_next(drawn(script, LIST + "&curr=4")) is None
    behind = "laypage({cont:'p',pages:3,jump:function(e,first){if(!first){window.location='list_'+e.curr+'.html';}}})"
    assert drawn_next(drawn(behind, "http://a.gov.cn/nb/list.html")) == "http://a.gov.cn/nb/list_2.html"
    assert drawn_next(drawn("laypage.render({count:40,limit:12,jump:function(obj){load(obj.curr)}})")) is None


@pytest.mark.parametrize(
    "button", ["<div class=more onclick='m()'>加载更多</div>", "<a href='javascript:;'>点击加载更多</a>", "<button>显示更多</button>"]
)
def test_a_button_that_loads_the_rest(button: str) -> None:
    assert has_more(pages.page_of_text(LIST, f"<html><body><ul><li><a href=a.html>甲</a></li></ul>{button}</body></html>"))
    assert not has_more(pages.page_of_text(LIST, "<html><body><ul><li><a href=a.html>甲</a></li></ul><a href=/n/>更多</a></body></html>"))


def test_words_of_a_picture() -> None:
    text = "<html><body><map><area href=gk/ alt=政府信息公开></map><a href=nb/><img title=年度报告></a></body></html>"
    assert [anchor.text for anchor in pages.page_of_text("http://a.gov.cn/", text).anchors()] == ["政府信息公开", "年度报告"]


@pytest.mark.parametrize("name", ["县区", "县（市、区）", "各县区", "区县年报", "县市区政府", "各市县", "区级"])
def test_columns_of_the_places_below(name: str) -> None:
    assert belongs_inside(name)


@pytest.mark.parametrize("title", ["2021年年报.docx", "2021年年报（PDF版）", "2021年年报", "2021年年报.pdf下载"])
def test_titles_of_files(title: str) -> None:
    assert bare_title(title) == "2021年年报"


def report_rows(*years: int, ending: str = ".html") -> str:
    return rows(*((f"/a/{year}{ending}", f"某县人民政府{year}年政府信息公开工作年度报告", f"{year + 1}-01-20") for year in years))


def portal_of(nb: str, *years: int) -> dict:
    return {
        "/": page("某县人民政府", links(("/xxgk/", "政府信息公开"))),
        "/xxgk/": page("政府信息公开", links(("/xxgk/nb/", "政府信息公开年报"))),
        "/xxgk/nb/": page("政府信息公开年报", nb),
        **{f"/a/{year}.html": report("某县人民政府", year) for year in years},
    }


def test_a_list_that_a_script_turns_is_read_to_its_end(portals: Portals, workplace: Workplace) -> None:
    script = "<script>laypage.render({count:5,limit:2,jump:function(o,f){if(!f){location.href='/xxgk/nb/?page='+o.curr;}}})</script>"
    answers = portal_of(report_rows(2023, 2022) + script, 2023, 2022, 2021, 2020, 2019)
    answers["/xxgk/nb/?page=2"] = page("政府信息公开年报", report_rows(2021, 2020) + script)
    answers["/xxgk/nb/?page=3"] = page("政府信息公开年报", report_rows(2019) + script)
    portals.add("drawn", answers)
    done = workplace.crawl("drawn", "--portals", portals.register())
    assert (done.outcome("drawn"), done.row("drawn")["reports"]) == ("ok", 5)


def test_a_list_that_only_a_script_turns_is_not_whole(portals: Portals, workplace: Workplace) -> None:
    script = "<script>laypage.render({count:5,limit:2,jump:function(o){load(o.curr)}})</script>"
    portals.add("drawn", portal_of(report_rows(2023, 2022) + script, 2023, 2022))
    assert workplace.crawl("drawn", "--portals", portals.register(), code=None).outcome("drawn") == "partial"


def test_reports_that_are_files_alone_are_left_out(portals: Portals, workplace: Workplace) -> None:
    portals.add("mixed", portal_of(report_rows(2023, 2022) + report_rows(2021, ending=".pdf"), 2023, 2022))
    portals.add("files", portal_of(report_rows(2023, 2022, ending=".docx")))
    portals.add("both", portal_of(report_rows(2023, 2022) + report_rows(2022, ending=".pdf"), 2023, 2022))
    done = workplace.crawl("mixed", "files", "both", "--portals", portals.register(), code=None)
    assert {name: done.outcome(name) for name in ("mixed", "files", "both")} == {"mixed": "partial", "files": "partial", "both": "ok"}
    assert workplace.crawl("mixed", "--portals", portals.register(), "--years", "2022-").outcome("mixed") == "ok"


def test_columns_that_are_called_reports_alone(portals: Portals, workplace: Workplace) -> None:
    """县政府年报 and 乡镇年报 beside each other: bare years below the one, towns below the other."""
    towns = {f"/z/{town}/": page(town, links((f"/z/{town}/r.html", "2023年政府信息公开报告"))) for town in "abc"}
    reports = {f"/z/{town}/r.html": report(f"{name}乡人民政府", 2023) for town, name in zip("abc", ("凤城", "长洲", "沿溪"), strict=True)}
    portals.add(
        "towns",
        {
            "/": page("某县人民政府", links(("/g/", "政府信息公开"))),
            "/g/": page("政府信息公开", links(("/x/", "县政府年报"), ("/z/", "乡镇年报"))),
            "/x/": page("某县人民政府", links(*((f"/x/{year}.html", f"{year}年度") for year in (2023, 2022)))),
            "/x/2023.html": report("某县人民政府", 2023),
            "/x/2022.html": report("某县人民政府", 2022),
            "/z/": page("某县人民政府", links(("/z/a/", "凤城乡"), ("/z/b/", "长洲乡"), ("/z/c/", "沿溪乡"))),
            **towns,
            **reports,
        },
    )
    done = workplace.crawl("towns", "--portals", portals.register())
    assert (done.outcome("towns"), done.row("towns")["reports"]) == ("ok", 5)


def organs_of(*names: str, years: tuple[int, ...]) -> dict:
    """A platform whose page of disclosure links every organ's page, and these their column. Without years the organs have none."""
    menu = "政府信息公开年报"
    answers = {
        "/": page("某县人民政府", links(("/public/column/1?type=4", "政府信息公开"))),
        "/public/column/1?type=4": page(
            "某县信息公开",
            links(("/public/column/1?type=5", menu)),
            links(*((f"/public/column/{number}?type=4", name) for number, name in enumerate(names, 10))),
        ),
        "/public/column/1?type=5": page("年报", rows(("/public/1/1.html", "某县人民政府2023年政府信息公开工作年度报告", "2024-01-20"))),
        "/public/1/1.html": report("某县人民政府", 2023),
    }
    for number, name in enumerate(names, 10):
        menus = links((f"/public/column/{number}?type=5", menu)) if years else "<p>机构职能</p>"
        answers[f"/public/column/{number}?type=4"] = page(name, menus)
        own = [(f"/public/{number}/{year}.html", f"{name}{year}年政府信息公开工作年度报告", f"{year + 1}-01-20") for year in years]
        answers[f"/public/column/{number}?type=5"] = page("年报", rows(*own))
        answers |= {path: report(name, year) for (path, _, _), year in zip(own, years, strict=True)}
    return answers


ORGANS = ("某县教育局", "某县民政局", "某县财政局", "某县水利局", "河口镇", "城关镇人民政府", "某县卫生健康委员会")


def test_organs_that_only_the_page_of_disclosure_links(portals: Portals, workplace: Workplace) -> None:
    portals.add("platform", organs_of(*ORGANS, years=(2023, 2022)))
    done = workplace.crawl("platform", "--portals", portals.register())
    assert (done.outcome("platform"), done.row("platform")["reports"]) == ("ok", 1 + 2 * len(ORGANS))


def test_a_table_of_organs_that_leads_to_no_reports_is_left(portals: Portals, workplace: Workplace) -> None:
    portal = portals.add("duties", organs_of(*ORGANS, years=()))
    assert workplace.crawl("duties", "--portals", portals.register()).row("duties")["reports"] == 1
    assert sum(path.endswith("type=4") for path in portal.paths) == 1 + PROBES


def test_a_large_county_has_more_organs_than_a_walk_has_pages(portals: Portals, workplace: Workplace) -> None:
    portals.add("large", organs_of(*(f"{chr(0x5000 + number)}山镇" for number in range(70)), years=(2023,)))
    done = workplace.crawl("large", "--portals", portals.register())
    assert (done.outcome("large"), done.row("large")["reports"]) == ("ok", 71)


@pytest.mark.parametrize(
    "pager",
    [
        '<a href="#" data-page="1">1</a><a href="#" data-page="2">2</a>',
        '<a onclick="turn(2)">下一页</a>',
        '<a href="javascript:turn(3)">末页</a>',
        "<script>var totalCount = 12; var pageSize = 5; draw()</script>",
        "<script>var countPage = 3;</script>",
    ],
)
def test_pagers_that_nothing_turns(pager: str) -> None:
    assert has_more(pages.page_of_text(LIST, f"<html><body><ul><li><a href=a.html>甲</a></li></ul>{pager}</body></html>"))


@pytest.mark.parametrize(
    "pager",
    [
        '<a onclick="turn(1)">下一页</a><a onclick="turn(1)">末页</a>',
        "<script>var totalCount = 5; var pageSize = 15;</script>",
        "<script>var countPage = 1; var pageSize = 15;</script>",
        "<a href='#top'>返回顶部</a>",
    ],
)
def test_pagers_of_a_single_page(pager: str) -> None:
    assert not has_more(pages.page_of_text(LIST, f"<html><body><ul><li><a href=a.html>甲</a></li></ul>{pager}</body></html>"))


def test_folders_in_the_column_whatever_they_are_called(portals: Portals, workplace: Workplace) -> None:
    answers = portal_of(report_rows(2023) + links(("/xxgk/nb/qt/", "其他"), ("/xxgk/nb/zn/", "指南"), ("/gd/", "归档")), 2023, 2022, 2021)
    answers |= {"/xxgk/nb/qt/": page("其他", report_rows(2022)), "/gd/": page("归档", report_rows(2021)), "/xxgk/nb/zn/": page("指南")}
    portal = portals.add("folders", answers)
    done = workplace.crawl("folders", "--portals", portals.register())
    assert (done.outcome("folders"), done.row("folders")["reports"]) == ("ok", 3)
    assert "/xxgk/nb/zn/" not in portal.paths
