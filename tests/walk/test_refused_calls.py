"""Lists that a script asks for and the server keeps: a call answered with an error as data, one that only the script can sign."""

from __future__ import annotations

import json

import pytest

from giar_crawler.platforms.refused import says_refused

from .conftest import Answer, Portals, Workplace, links, page, report, rows

COUNTY = "某县人民政府"
OLD = {"/2018.html": report(COUNTY, 2018), "/2017.html": report(COUNTY, 2017)}
OLD_ROWS = rows(*((f"/{year}.html", f"某县{year}年政府信息公开工作年度报告", f"{year + 1}-01-20") for year in (2018, 2017)))
BUILD = "/api-gateway/jpaas-publish-server/front/page/build/unit"
UNIT = (
    f"<script src='/script/0/AuthorizedRead/unitbuild.js' url='{BUILD}' queryData=\"{{'webId':'1','tagId':'列表','pageId':'9'}}\"></script>"
)
ASKS = "<ul id=list></ul><script>function load(n){$.getJSON('/api/list?channelId=7&pageNo='+n,draw)}load(1)</script>"
SIGNED = "<ul id=list></ul><script>var s=md5('k'+ts());$.getJSON('/api/list?channelId=7&pageNo=1&sign='+s,draw)</script>"
PACKED = "<script>eval(function(p,a,c,k,e,d){return p}('0.1(\"/2/3\",{4:5})',6,6,'$|ajax|api|list|id|77'.split('|'),0,{}))</script>"


@pytest.mark.parametrize(
    "answer",
    [
        {"code": 401, "msg": "签名错误", "data": None},
        {"success": False, "msg": "签名错误"},
        {"code": "401", "message": "Unauthorized", "success": False},
        {"errcode": 40001, "errmsg": "invalid credential"},
        {"code": 500, "msg": "系统异常", "data": {"rows": []}},
        {"error": "token expired"},
        {"code": 0, "msg": "请先登录", "data": []},
        {"timestamp": 1, "status": 500},
    ],
)
def test_an_error_as_data_is_one(answer: dict) -> None:
    text = json.dumps(answer, ensure_ascii=False)
    assert says_refused(text.encode())
    assert says_refused(f"callback({text});".encode())


@pytest.mark.parametrize(
    "answer",
    [
        {"total": 0, "rows": []},
        {"code": 200, "data": {"total": 0, "results": []}},
        {"success": True, "code": "200", "data": {"html": "<ul></ul>"}},
        {"code": 1, "msg": "success", "data": []},
        {"success": False, "msg": "暂无数据", "rows": []},
        {"code": -1, "rows": [{"title": "x"}]},
        {"code": 404, "msg": "数据不存在"},
        {"classify": {"post_count": 0}, "articles": []},
        ["x"],
    ],
)
def test_an_empty_list_and_one_with_rows_are_none(answer: object) -> None:
    assert not says_refused(json.dumps(answer, ensure_ascii=False).encode())


def test_what_is_no_data_is_none() -> None:
    assert not any(map(says_refused, (b"", b"{", b"{}", b"<html>{", b"{" * 5000, b'{"a":' * 700, b"\xff{")))


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (links(("/old/", "历年年报")) + UNIT, "call_refused"),
        (links(("/old/", "历年年报")) + ASKS, "call_refused"),
        (OLD_ROWS + ASKS, "call_refused"),
        (links(("/old/", "历年年报")) + SIGNED, "undrawn"),
        (links(("/old/", "历年年报")) + PACKED, "undrawn"),
        (links(("/old/", "历年年报")) + "<ul id=list></ul><script src=/js/nb-list.js></script>", "undrawn"),
    ],
    ids=["unit", "call", "call beside rows", "signed", "packed", "signed in a file"],
)
def test_a_list_that_the_server_keeps_leaves_the_walk_partial(column: str, reason: str, portals: Portals, workplace: Workplace) -> None:
    refused = Answer('{"code":401,"msg":"签名错误"}'.encode(), headers={"Content-Type": "application/json"})
    portal = portals.add(
        "kept", {"/": page(COUNTY, links(("/gk/", "政务公开"))), "/gk/": page("政务公开", links(("/nb/", "政府信息公开年报")))}
    )
    portal.pages |= {"/nb/": page("政府信息公开年报", column), "/old/": page("历年年报", OLD_ROWS), **OLD}
    portal.pages["/js/nb-list.js"] = Answer(SIGNED.partition("<script>")[2].removesuffix("</script>").encode())
    portal.pages["/api/list?channelId=7&pageNo=1"] = refused
    asked = "webId=1&tagId=%E5%88%97%E8%A1%A8&pageId=9&paramJson=%7B%22pageNo%22%3A1%2C%22pageSize%22%3A%2250%22%7D"
    portal.pages[f"{BUILD}?{asked}"] = refused
    done = workplace.crawl("kept", "--portals", portals.register(), code=None)
    assert (done.outcome("kept"), done.row("kept")["reports"]) == ("partial", 2)
    assert reason in workplace.reasons("kept")


def test_a_refused_call_of_a_page_on_the_way_leaves_nothing_out(portals: Portals, workplace: Workplace) -> None:
    portals.add(
        "way",
        {
            "/": page(COUNTY, links(("/gk/", "公开专栏")), "<script>$.getJSON('/api/menu?channelId=1&pageNo=1',draw)</script>"),
            "/api/menu?channelId=1&pageNo=1": Answer(b'{"code":401}'),
            "/gk/": page("公开专栏", OLD_ROWS),
            **OLD,
        },
    )
    done = workplace.crawl("way", "--portals", portals.register())
    assert (done.outcome("way"), done.row("way")["reports"]) == ("ok", 2)


def test_a_counter_of_visits_beside_links_to_years_draws_nothing(portals: Portals, workplace: Workplace) -> None:
    counter = "<script>var channelId='c{0}';$.get('/stat/record?siteId=3&channelId='+channelId+'&t='+Math.random())</script>"
    years = links(("/nb/2018/", "2018年"), ("/nb/2017/", "2017年"))
    pages = {"/": page(COUNTY, links(("/nb/", "政府信息公开年报"))), "/nb/": page("政府信息公开年报", years, counter.format(1)), **OLD}
    for year in (2018, 2017):
        row = rows((f"/{year}.html", f"某县{year}年政府信息公开工作年度报告", f"{year + 1}-01-20"))
        pages[f"/nb/{year}/"] = page(f"{year}年", years, row, counter.format(year))
    portals.add("counted", pages)
    done = workplace.crawl("counted", "--portals", portals.register())
    assert (done.outcome("counted"), done.row("counted")["reports"]) == ("ok", 2)
