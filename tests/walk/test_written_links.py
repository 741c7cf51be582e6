"""Links that are no `href`: rows and menus that open an address when they are clicked, trees that a script draws, years in a `<select>`."""

from __future__ import annotations

from time import monotonic, process_time

import pytest

from giar_crawler.platforms import detect
from giar_crawler.platforms.page import page_of_text
from giar_crawler.platforms.static import has_more
from giar_crawler.spiders.frontier import key
from giar_crawler.spiders.lexicon import navigation_score
from giar_crawler.spiders.recognition import is_inside
from giar_crawler.spiders.scope import Scope
from giar_crawler.spiders.visits import Visit

from .conftest import Portals, Workplace, links, page, report, rows
from .test_outcomes import usual

ROOT = "http://a.gov.cn"
TITLE = "某县2021年政府信息公开工作年度报告"
OPENS = "function openInfo(id){ window.open('/xxgk/info.html?id=' + id + '&lm=7'); }"


@pytest.mark.parametrize(
    ("html", "path"),
    [
        ("<li onclick=\"location.href='/xxgk/nb/'\">{}</li>", "/xxgk/nb/"),
        ("<div onclick=\"window.open('/xxgk/1.html','_blank')\"><p>{}</p></div>", "/xxgk/1.html"),
        ("<a href='javascript:void(0)' onclick=\"toUrl('1.html')\">{}</a>", "/1.html"),
        ("<a href=\"javascript:window.open('/xxgk/1.jsp?id=7')\">{}</a>", "/xxgk/1.jsp?id=7"),
        ("<a href='#' onclick='location.assign(\"./nb/\");return false'>{}</a>", "/nb/"),
        (f"<script>{OPENS}</script><a onclick=\"openInfo('2022/1')\">{{}}</a>".replace("{{}}", "{}"), "/xxgk/info.html?id=2022/1&lm=7"),
        (f"<script>{OPENS}</script><a href='javascript:;' onclick=\"openInfo('a-7')\">{{}}</a>", "/xxgk/info.html?id=a-7&lm=7"),
        ('<script>var zNodes=[{id:1,pId:0,name:"{}",url:"/xxgk/nb/",open:true}]</script>', "/xxgk/nb/"),
        ('<script>var t=[{"children":[],"title":"{}","attributes":{"a":1},"href":"/xxgk\\/nb/"}}]</script>', "/xxgk/nb/"),
        ("<script>d.add(3,0,'{}','/xxgk/nb/','','main');</script>", "/xxgk/nb/"),
        ("<select onchange='location=this.value'><option value='/xxgk/nb/'>{}</option></select>", "/xxgk/nb/"),
        ("<select onchange=\"location='/nb.do?d='+this.value\"><option value=7>{}</option></select>", "/nb.do?d=7"),
        (f"<script>{OPENS}</script><select onchange='openInfo(this.value)'><option value=7>{{}}</select>", "/xxgk/info.html?id=7&lm=7"),
        ("<form action=/nb><input type=hidden name=c value=2><select name=y><option value=7>{}</option></select></form>", "/nb?y=7&c=2"),
        ("<script>function see(id,t){window.open('/v.do?id='+id+'&t='+t);}</script><li onclick=\"see('a7',3)\">{}</li>", "/v.do?id=a7&t=3"),
        ("<script>function see(t,id){location.href='/v/'+id+'.html';}</script><a onclick='see(1,22)'>{}</a>", "/v/22.html"),
        ("<a data-id=a7>{}</a><script>$('a').click(function(){window.open('/v/'+$(this).data('id')+'.html')})</script>", "/v/a7.html"),
        (
            "<li data-no=7>{}</li><script>$('li').on('click',function(){location.href='v.do?n='+$(this).attr('data-no');})</script>",
            "/v.do?n=7",
        ),
        ("<li data-url='/xxgk/nb_2021.html' onclick='tab(this)'>{}</li>", "/xxgk/nb_2021.html"),
        ("<a href='javascript:;' data-href='./1.html'>{}</a>", "/1.html"),
        ("<a href='..\\nb\\1.html\n'>{}</a>", "/nb/1.html"),
        ("<a href='1.html'><h3>{}</h3><p>为贯彻落实《条例》…</p><span>2022-01-03</span></a>", "/1.html"),
        ("<a href='1.html'><i>2022-01-03</i><span>{}</span></a>", "/1.html"),
        ('<script>var rows=[{"t":"{}","u":"\\/a\\/1.html","d":"2022-01-03"}]</script>', "/a/1.html"),
        ('<script>var rows=[{"docTitle":"{}","pubUrl":"/a/1.html"}]</script>', "/a/1.html"),
        ("<script>document.write(\"<li><a href='/nb/'>{}</a></li>\")</script>", "/nb/"),
        ('<script>document.write("<li><a href=\\"/nb/\\">{}</a></li>")</script>', "/nb/"),
    ],
)
def test_what_a_click_opens_is_a_link(html: str, path: str) -> None:
    found = page_of_text(f"{ROOT}/", f"<html><body>{html.replace('{}', TITLE)}</body></html>")
    assert [(anchor.url, anchor.text) for anchor in found.anchors()] == [(ROOT + path, TITLE)]


@pytest.mark.parametrize(
    "html",
    [
        "<li onclick=\"location.href='list.jsp?page='+n\">下一页</li>",
        "<li onclick=\"location.href=base+'/list.jsp'\">下一页</li>",
        "<script>function see(id,t){window.open(base+id+t);}</script><li onclick=\"see('a7',3)\">政府信息公开年报</li>",
        "<a data-id=a7>政府信息公开年报</a><script>$('a').click(function(){show($(this).data('id'))})</script>",
        "<li onclick=\"toggle('menu1')\">政府信息公开年报</li>",
        "<a href='javascript:go(2)'>2</a>",
        "<option value='3'>政府信息公开年报</option>",
        '<script>var a={name:"政府信息公开年报",url:url+"/nb/"}</script>',
        '<script>var a={name:"",url:"/nb/"}</script>',
    ],
)
def test_what_a_script_puts_together_is_none(html: str) -> None:
    assert page_of_text(f"{ROOT}/", f"<html><body>{html}</body></html>").anchors() == []


def test_a_row_that_holds_its_link_is_one_link() -> None:
    row = f"<li onclick=\"window.open('/1.html')\"><a href='/1.html'>{TITLE}</a><span>2022-01-20</span></li>"
    assert [anchor.text for anchor in page_of_text(f"{ROOT}/", f"<html><body>{row}</body></html>").anchors()] == [TITLE]


def test_clicked_rows_have_titles_and_dates() -> None:
    row = "<div onclick=\"window.open('/{0}.html')\"><p>某县{0}年政府信息公开工作年度报告</p><i>[{1}-01-20]</i></div>"
    html = row.format(2021, 2022) + row.format(2020, 2021) + "<button onclick=\"location.href='?page=2'\">下一页</button>"
    found = page_of_text(f"{ROOT}/list", f"<html><body>{html}</body></html>")
    entries = detect(found).entries(found)
    assert [(entry.title, entry.date) for entry in entries] == [
        (TITLE, "2022-01-20"),
        ("某县2020年政府信息公开工作年度报告", "2021-01-20"),
    ]
    assert [request.url for request in detect(found).next_requests(found)] == [f"{ROOT}/list?page=2"]


@pytest.mark.parametrize("piece", ["{", "d.add(1,0,'", "{name:'", "function f(a){", "onclick=\"f('", '{"url":"/a",'])
def test_scripts_of_any_length_are_read_in_time(piece: str) -> None:
    started = monotonic()
    page_of_text(f"{ROOT}/", f"<html><body><script>{piece * 200_000}</script><a onclick=\"f('1')\">年报</a></body></html>").anchors()
    assert monotonic() - started < 5


@pytest.mark.parametrize(
    "html",
    [
        f"<form>{'<input name=a>' * 50_000}<select name=y>{'<option value=1>2021</option>' * 3000}</select></form>",
        f"{'<div onclick=go(2)>' * 240}{'<p>公开</p>' * 100_000}",
    ],
    ids=["many fields and options", "buttons around all"],
)
def test_a_page_takes_no_time_for_each_pair_of_its_elements(html: str) -> None:
    hostile = page_of_text(f"{ROOT}/", f"<html><body>{html}</body></html>")
    started = process_time()
    hostile.anchors()
    assert not has_more(hostile)
    assert process_time() - started < 5


def test_a_session_in_the_path_hides_no_query() -> None:
    href = "/info.jsp;jsessionid=6E1A.node_1?id={}#top"
    found = page_of_text(f"{ROOT}/", "".join(f"<a href='{href.format(number)}'>年报</a>" for number in (1, 2)))
    assert [anchor.url for anchor in found.anchors()] == [f"{ROOT}/info.jsp?id=1", f"{ROOT}/info.jsp?id=2"]
    assert key(f"{ROOT}/info.jsp;jsessionid=1?id=1") == key(f"{ROOT}/info.jsp?id=1") != key(f"{ROOT}/info.jsp?id=2")


@pytest.mark.parametrize(
    ("title", "words", "inside"),
    [
        ("年报-某县人民政府", "政府信息公开年报", True),
        ("某县人民政府", "信息公开年报", True),
        ("政府信息公开指南", "政府信息公开指南", False),
        ("某县人民政府", "政务公开", False),
    ],
)
def test_a_column_is_one_by_its_title_or_by_the_link_to_it(title: str, words: str, inside: bool) -> None:
    found = page_of_text(f"{ROOT}/lm/7/", f"<html><head><title>{title}</title></head><body>x</body></html>")
    assert is_inside(found, [], Visit("navigation", text=words), Scope.__new__(Scope)) is inside


@pytest.mark.parametrize("words", ["部门年报", "各乡镇年报", "县直部门年度报告", "部门信息公开年度报告", "乡镇（街道）年报", "各单位年报"])
def test_the_columns_of_organs_are_worth_a_look_when_reports_are_there(words: str) -> None:
    assert navigation_score(words, f"{ROOT}/lm/7/", inside=False) >= 60


@pytest.mark.parametrize("words", ["企业年报", "统计年报", "部门统计年报", "部门预算", "网站年报"])
def test_other_annual_reports_are_not(words: str) -> None:
    assert navigation_score(words, f"{ROOT}/lm/7/", inside=False) < 60


def test_a_short_list_whose_pager_is_clicked_does_not_move() -> None:
    found = page_of_text(f"{ROOT}/", "<html><body><b onclick=\"location.href='2.html'\">下一页</b></body></html>")
    assert found.moves_to() is None
    assert page_of_text(f"{ROOT}/", "<html><body onload=\"location.href='2.html'\"></body></html>").moves_to() == f"{ROOT}/2.html"


@pytest.mark.parametrize(
    "script",
    ["function go(n){location.href='list_'+n+'.html';}", "function go(n){if(n==1)location.href='list.html';}", "location.href='list_'+n;"],
)
def test_a_short_list_whose_script_turns_pages_does_not_move(script: str) -> None:
    assert (
        page_of_text(f"{ROOT}/", f"<html><body><a href='1.html'>2009年年报</a><script>{script}</script></body></html>").moves_to() is None
    )


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<h3><span>政府信息公开年报</span><a href='/nb/'>更多&gt;&gt;</a></h3>", "政府信息公开年报"),
        ("<div><b>信息公开年报</b><i><a href='/nb/'>MORE</a></i></div><ul><li>某县2021年</li></ul>", "信息公开年报"),
        ("<div>政府信息公开年报<a href='/nb/'>+</a></div>", "政府信息公开年报"),
        ("<p><a href='/nb/'>更多</a></p>", "更多"),
        ("<p>这里有很多很多的文字,这里有很多很多的文字,这里有很多很多的文字<a href='/nb/'>更多</a></p>", "更多"),
    ],
)
def test_more_is_more_of_what_the_heading_says(html: str, words: str) -> None:
    assert [anchor.text for anchor in page_of_text(f"{ROOT}/", f"<html><body>{html}</body></html>").anchors()] == [words]


def test_a_portal_of_clicks(portals: Portals, workplace: Workplace) -> None:
    nodes = '<script>var zNodes=[{id:1,name:"政府信息公开年报",url:"/lm/nb.html"}]</script>'
    row = "<li onclick=\"window.open('/a/{0}.html')\"><b>某县人民政府{0}年政府信息公开工作年度报告</b></li>"
    pages = {
        "/": page("某县人民政府", "<div onclick=\"location.href='/xxgk/'\">政府信息公开</div>", links(("/news/", "新闻"))),
        "/xxgk/": page("政府信息公开", nodes),
        "/lm/nb.html": page("某县", row.format(2021), row.format(2020), "<i onclick=\"location.href='nb_2.html'\">下一页</i>"),
        "/lm/nb_2.html": page("某县", row.format(2019)),
        **{f"/a/{year}.html": report("某县人民政府", year) for year in (2019, 2020, 2021)},
    }
    portals.add("clicks", pages)
    result = workplace.crawl("--portals", portals.register())
    assert (result.outcome("clicks"), result.row("clicks")["reports"]) == ("ok", 3)


@pytest.mark.parametrize(
    ("pager", "outcome"),
    [
        ("<a href='javascript:turn(2)'>2</a>", "partial"),
        ("<b onclick='turn(2)'>[2]</b>", "partial"),
        ("<p>共2页 第1页 <a href='javascript:turn()'>下一页</a></p>", "partial"),
        ("<p>1/3页</p>", "partial"),
        ("<p>共1页 <a href='javascript:turn(1)'>1</a> <a href='javascript:turn(1)'>下一页</a> 1/1页</p>", "ok"),
    ],
)
def test_a_list_that_goes_on_in_an_unknown_way_is_not_complete(portals: Portals, workplace: Workplace, pager: str, outcome: str) -> None:
    pages = usual()
    listed = pages["/xxgk/nb/"].body.decode().partition("<body>")[2].partition("</body>")[0]
    pages["/xxgk/nb/"] = page("政府信息公开年报", listed, pager)
    portals.add("unturned", pages)
    result = workplace.crawl("--portals", portals.register(), code=None)
    assert (result.outcome("unturned"), result.row("unturned")["reports"]) == (outcome, 2)


def test_the_list_of_the_departments_beside_that_of_the_government(portals: Portals, workplace: Workplace) -> None:
    pages = usual()
    pages["/xxgk/"] = page("政务公开", links(("/xxgk/nb/", "政府信息公开年报"), ("/xxgk/bm/", "部门年报")))
    pages["/xxgk/bm/"] = page("部门", rows(("/b/1.html", "某县教育局2021年政府信息公开工作年度报告", "2022-01-20")))
    pages["/b/1.html"] = report("某县教育局", 2021)
    portals.add("organs", pages)
    result = workplace.crawl("--portals", portals.register())
    assert (result.outcome("organs"), result.row("organs")["reports"]) == ("ok", 3)
