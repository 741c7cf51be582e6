"""Lists that a menu of data, a frame or only the portal's own search leads to, and how those end that have no count."""

from __future__ import annotations

import json
import tracemalloc
from urllib.parse import parse_qsl, urlencode

import pytest

from giar_crawler.platforms import ListEntry
from giar_crawler.platforms.page import page_of_text
from giar_crawler.spiders.organs import Organs
from giar_crawler.spiders.searches import WORDS, searches_of

from .conftest import Answer, Portals, Workplace, links, page, report, rows

COUNTY = "某县人民政府"
YEARS = (2023, 2022, 2021)
REPORTS = {f"/{year}.html": report(COUNTY, year) for year in YEARS}
ENTRIES = [(f"/{year}.html", f"某县{year}年政府信息公开工作年度报告", f"{year + 1}-01-20") for year in YEARS]
MENU = [
    {"id": 1, "name": "机构职能", "children": []},
    {"id": 2, "name": "政府信息公开", "children": [{"id": 3, "name": "指南"}, {"id": 4, "name": "政府信息公开年报", "children": []}]},
]


def walked(portals: Portals, workplace: Workplace, answers: dict) -> tuple[str, int]:
    """The outcome of a walk, and how many reports it brought."""
    portals.add("last", answers)
    done = workplace.crawl("last", "--portals", portals.register(), code=None)
    return done.outcome("last"), done.row("last")["reports"]


def listed(*entries: tuple[str, str, str]) -> Answer:
    return Answer(json.dumps({"total": 3, "rows": [{"title": title, "url": url, "date": day} for url, title, day in entries]}).encode())


@pytest.mark.parametrize("name", ["getQueryString('cid')", "new URLSearchParams(location.search).get('cid')"])
def test_a_menu_that_a_script_asks_for_leads_to_a_list_that_one_draws(name: str, portals: Portals, workplace: Workplace) -> None:
    draws = "$.each(d,function(i,m){$('#tree').append('<a href=\"/xxgk/list.html?cid='+m.id+'\">'+m.name+'</a>')})"
    shell = f"<script>var cid={name};function load(p){{$.getJSON('/api/list?cid='+cid+'&page='+p,draw)}}load(1)</script>"
    answers = {
        "/": page(COUNTY, links(("/xxgk/", "信息公开"))),
        "/xxgk/": page("信息公开", f"<div id=tree></div><script>$.getJSON('/xxgk/menu.json',function(d){{{draws}}})</script>"),
        "/xxgk/menu.json": Answer(json.dumps({"data": MENU}).encode(), headers={"Content-Type": "application/json"}),
        **REPORTS,
    }
    answers |= {f"/xxgk/list.html?cid={number}": page("列表", "<ul id=list></ul>", shell) for number in range(1, 5)}
    answers |= {f"/api/list?cid=4&page={number}": listed(*ENTRIES[number - 1 :][:1]) for number in range(1, 5)}
    answers |= {f"/api/list?cid={number}&page=1": listed() for number in range(1, 4)}
    assert walked(portals, workplace, answers) == ("ok", 3)


def test_a_menu_of_data_is_not_asked_where_links_lead_to_the_list(portals: Portals, workplace: Workplace) -> None:
    script = "<script>$.getJSON('/menu.json',draw)</script>"
    column = {"/nb/": page("政府信息公开年报", rows(*ENTRIES)), **REPORTS}
    answers = {"/": page(COUNTY, links(("/gk/", "信息公开")), script), "/gk/": page("信息公开", links(("/nb/", "公开年报"))), **column}
    assert walked(portals, workplace, answers) == ("ok", 3)
    assert "/menu.json" not in portals.all[0].paths


def test_a_page_with_the_links_of_another_and_a_frame_of_its_own(portals: Portals, workplace: Workplace) -> None:
    menu = links(("/list.jsp?id=1", "公开目录"), ("/list.jsp?id=2", "年度报告"))
    answers = {"/": page(COUNTY, links(("/gk.jsp", "信息公开"))), "/gk.jsp": page("信息公开", menu), **REPORTS}
    answers |= {f"/list.jsp?id={number}": page("列表", menu, f"<iframe src='/inner.jsp?id={number}'></iframe>") for number in (1, 2)}
    answers |= {"/inner.jsp?id=1": page("", "无"), "/inner.jsp?id=2": page("", rows(*ENTRIES))}
    assert walked(portals, workplace, answers) == ("ok", 3)


def test_an_empty_column_with_the_links_of_another_page_is_a_list(portals: Portals, workplace: Workplace) -> None:
    menu = links(("/gk/ml/", "公开目录"), ("/gk/nb/", "政府信息公开年报"))
    answers = {"/": page(COUNTY, links(("/gk/", "信息公开"))), "/gk/": page("信息公开", menu)}
    answers |= {"/gk/ml/": page("公开目录", menu), "/gk/nb/": page("政府信息公开年报", menu, "<p>该栏目暂无内容</p>")}
    assert walked(portals, workplace, answers) == ("list_without_reports", 0)


UNREAD = "<script>var _0x4f=['\\x70'];$[_0x4f[0]]('/'+sign('bmnb'),function(r){draw(dec(r))})</script>"


@pytest.mark.parametrize(
    ("body", "head", "outcome"),
    [
        (UNREAD, "", "partial"),
        ("<div id=app></div><script src=/js/bmnb.js></script>", "", "partial"),
        ("<p>暂无内容</p>" + UNREAD, "", "ok"),
        ("<script>var column=7;</script>", "", "ok"),
        # What all pages have draws no list.
        ("", UNREAD + "<script src=/js/site.js></script>", "ok"),
    ],
)
def test_a_column_that_a_script_draws_which_nobody_understands_is_not_empty(
    body: str, head: str, outcome: str, portals: Portals, workplace: Workplace
) -> None:
    menu = head + links(("/gk/nb/", "县政府信息公开年报"), ("/gk/bmnb/", "部门信息公开年报"))
    answers = {"/": page(COUNTY, links(("/gk/", "信息公开"))), "/gk/": page("信息公开", menu), **REPORTS}
    answers |= {"/gk/nb/": page("县政府信息公开年报", menu, rows(*ENTRIES)), "/gk/bmnb/": page("部门信息公开年报", menu, body)}
    answers |= {f"/js/{name}.js": Answer(b"(function(){start()})()") for name in ("bmnb", "site")}
    assert walked(portals, workplace, answers) == (outcome, 3)


def test_titles_that_a_list_cuts_before_they_say_what_they_are(portals: Portals, workplace: Workplace) -> None:
    cut = [(url, f"某县人力资源和社会保障局{title[2:6]}年政府...", day) for url, title, day in ENTRIES]
    answers = {"/": page(COUNTY, links(("/nb/", "年度报告"))), "/nb/": page("年度报告", rows(*cut)), **REPORTS}
    assert walked(portals, workplace, answers) == ("ok", 3)


@pytest.mark.parametrize(("end", "outcome"), [(Answer(), "ok"), (Answer(status=502), "partial")])
def test_a_list_that_grows_ends_where_the_server_sends_nothing(end: Answer, outcome: str, portals: Portals, workplace: Workplace) -> None:
    script = "<script>var page=1;$('.more').click(function(){$.get('/more',{page:page},draw)})</script>"
    more = f"<a class=more href='javascript:;'>加载更多</a>{script}"
    answers = {
        "/": page(COUNTY, links(("/nb/", "公开年报"))),
        "/nb/": page("公开年报", links(("/", "首页")), rows(*ENTRIES[:1]), more),
        **REPORTS,
    }
    answers |= {f"/more?page={number}": Answer(rows(ENTRIES[number - 1]).encode()) for number in (1, 2, 3)} | {"/more?page=4": end}
    assert walked(portals, workplace, answers) == (outcome, 3)


def test_organs_in_folders_of_their_own(portals: Portals, workplace: Workplace) -> None:
    organs = {"fgj": "发展和改革局", "jyj": "教育局", "czj": "财政局", "bpz": "白坡镇人民政府"}
    answers = {
        "/": page(COUNTY, links(("/gk/", "信息公开"))),
        "/gk/": page("信息公开", links(("/nb/", "公开年报"), ("/bm/", "部门信息公开"))),
        "/nb/": page("公开年报", rows(*ENTRIES)),
        "/bm/": page("部门信息公开", links(*((f"/{folder}/open/index.html", name) for folder, name in organs.items()))),
        **REPORTS,
    }
    for folder, name in organs.items():
        answers[f"/{folder}/open/index.html"] = page(name, links((f"/{folder}/open/nb/", "公开年报")))
        answers[f"/{folder}/open/nb/"] = page(
            "公开年报", rows((f"/{folder}/1.html", f"某县{name}2023年政府信息公开年度报告", "2024-01-20"))
        )
        answers[f"/{folder}/1.html"] = report(f"某县{name}", 2023)
    assert walked(portals, workplace, answers) == ("ok", 7)


# --- The portal's own search

FORM = "<form action='/search'><input type=text name=keyword><input type=hidden name=site value=1><input type=submit value=搜索></form>"


def found(crumb: str = "") -> dict[str, Answer]:
    searches = {
        f"/search?{urlencode({'keyword': words, 'site': 1})}": page("结果", FORM, rows(*(one for one in ENTRIES if words in one[1])))
        for words in WORDS
    }
    articles = {path: Answer(one.body.replace(b"<h1>", crumb.encode() + b"<h1>")) for path, one in REPORTS.items()}
    return {"/": page(COUNTY, FORM, links(("/news/", "要闻"))), **searches, **articles}


def test_reports_that_only_the_search_has_are_read_and_not_called_all(portals: Portals, workplace: Workplace) -> None:
    assert walked(portals, workplace, found()) == ("partial", 3)


def test_the_column_above_what_the_search_found_is_read(portals: Portals, workplace: Workplace) -> None:
    crumb = "<div class=position>当前位置:<a href='/'>首页</a> <a href='/lm/7/'>公告</a></div>"
    answers = found(crumb) | {"/lm/7/": page("公告", links(("/news/", "要闻")), rows(*ENTRIES))}
    assert walked(portals, workplace, answers) == ("ok", 3)


def test_the_search_is_not_asked_where_a_list_is_known(portals: Portals, workplace: Workplace) -> None:
    answers = found() | {"/news/": page("要闻", links(("/nb/", "公开年报"))), "/nb/": page("公开年报", rows(*ENTRIES))}
    answers["/"] = page(COUNTY, FORM, links(("/nb/", "公开年报")))
    assert walked(portals, workplace, answers) == ("ok", 3)
    assert not [path for path in portals.all[0].paths if path.startswith("/search")]


@pytest.mark.parametrize(
    ("form", "asks"),
    [
        (FORM, True),
        ("<form method=post action=/s.jsp class=search><input name=q></form>", True),
        ("<form action=/login><input name=name><input type=password name=p></form>", False),
        ("<form action=/search><input name=title><input name=number></form>", False),
        ("<form action=/letter><input name=title><textarea name=content></textarea><input type=submit value=查询></form>", False),
        ("<form action=/subscribe><input name=email></form>", False),
    ],
)
def test_which_form_is_a_search(form: str, *, asks: bool) -> None:
    text = f"<html><head><meta charset=gbk></head><body>{form}</body></html>"
    asked = searches_of(page_of_text("http://a.gov.cn/", text))
    assert bool(asked) == asks
    for one in asked:
        pairs = dict(parse_qsl(one.posted or one.url.partition("?")[2]))
        assert one.spare
        assert "信息公开" in (pairs.get("keyword") or pairs["q"])


def test_a_table_of_organs_in_endless_folders_costs_no_more_than_another() -> None:
    deep = "/".join(f"f{number}" for number in range(400))
    entries = [ListEntry(f"http://a.gov.cn/{deep}/x{number}.html", "某县教育局") for number in range(200)]
    overview = page_of_text("http://a.gov.cn/", "<html></html>")
    tracemalloc.start()
    try:
        Organs().add(overview, entries, 1)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20 * sum(len(entry.url) for entry in entries)
