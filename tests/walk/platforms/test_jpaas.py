"""Hanweb jpaas: which units of a page are asked for, their pages to the end, and whatever an answer is."""

import json
from time import monotonic
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from giar_crawler.platforms import ListEntry, detect
from giar_crawler.platforms.page import page_of_text

HOST = "http://a.gov.cn"
BUILD = "/api-gateway/jpaas-publish-server/front/page/build/unit"
UNIT = """<script src="/script/0/AuthorizedRead/unitbuild.js?v=3" url="{build}"
queryData="{{'parseType':'bulidstatic','webId':'149','tplSetId':'LW1','pageType':'column','tagId':'{tag}','editType':'null','pageId':'12'}}"></script>"""
ROW = '<li><a href="/col/col12/art/2022/art_{n:032x}.html" title="某县2021年年报{n}">某县2021…</a><span>2022-01-{n:02d}</span></li>'


def column(*tags: str):
    return page_of_text(f"{HOST}/col/col12/index.html", "<html>" + "".join(UNIT.format(build=BUILD, tag=tag) for tag in tags) + "</html>")


def asked(url: str) -> dict[str, str]:
    assert urlsplit(url).path == BUILD
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def following(page) -> list[str]:
    platform = detect(page)
    assert platform.name == "jpaas"
    return [request.url for request in platform.next_requests(page)]


def answer(url: str, *numbers: int, pager: str = ""):
    rows = "".join(ROW.format(n=number) for number in numbers)
    return page_of_text(url, json.dumps({"success": True, "data": {"html": f"<ul>{rows}</ul>{pager}"}}))


def test_units_that_are_lists_are_asked_for() -> None:
    [url] = following(column("页头导航", "当前栏目list", "其他"))
    assert asked(url)["tagId"] == "当前栏目list"
    assert "%E5%BD%93%E5%89%8D" in url
    assert asked(url)["parseType"] == "bulidstatic"
    assert json.loads(asked(url)["paramJson"]) == {"pageNo": 1, "pageSize": "50"}
    # None of these names says what it is.
    assert [asked(url)["tagId"] for url in following(column("单元1", "底部", "单元2"))] == ["单元1", "单元2"]


def test_the_pages_of_a_unit_by_its_count() -> None:
    [first] = following(column("信息列表"))
    page = answer(first, 1, 2, pager='<script>oLayPageRender("p", {rows:"2", count:"5", pageNo:"1"})</script>')
    assert detect(page).entries(page)[0] == ListEntry(f"{HOST}/col/col12/art/2022/art_{1:032x}.html", "某县2021年年报1", "2022-01-01")
    assert detect(page).total(page) == 5
    [second] = following(page)
    assert json.loads(asked(second)["paramJson"]) == {"pageNo": 2, "pageSize": "2"}
    [third] = following(answer(second, 3, 4, pager='count:"5"'))
    assert following(answer(third, 5, pager="共5条记录")) == []


def test_a_unit_without_count_ends_with_an_empty_answer() -> None:
    [first] = following(column("信息列表"))
    [second] = following(answer(first, 1, 2))
    assert json.loads(asked(second)["paramJson"]) == {"pageNo": 2, "pageSize": "2"}
    assert following(answer(second)) == []


def test_a_server_that_gives_its_first_page_for_ever() -> None:
    [first] = following(column("信息列表"))
    pager = 'rows:"2", count:"9", pageNo:"1"'
    [second] = following(answer(first, 1, 2, pager=pager))
    assert following(answer(second, 1, 2, pager=pager)) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"success":false,"code":"500","data":{}}',
        '{"data":[]}',
        '{"data":{"html":5}}',
        '{"data":{"html":""}}',
        '{"data":' * 100_000,
        "<html>",
    ],
)
def test_answers_that_are_none(text: str) -> None:
    page = page_of_text(f"{HOST}{BUILD}?{urlencode({'tagId': 'list', 'paramJson': '[1]'})}", text)
    platform = detect(page)
    assert (platform.name, platform.entries(page), platform.next_requests(page), platform.total(page)) == ("jpaas", [], [], None)


@pytest.mark.parametrize("query", ["", "{", "[]", "{'a':1}", "'" * 100_000, "{'tagId':'" + "x" * 5000 + "'}"])
def test_parameters_that_are_none(query: str) -> None:
    page = page_of_text(
        f"{HOST}/col/", f'<html><script src="AuthorizedRead/unitbuild.js" url="{BUILD}" queryData="{query}"></script></html>'
    )
    assert following(page) == []


@pytest.mark.parametrize("piece", [UNIT.format(build=BUILD, tag="list"), "<script url='", "queryData=\"{'a':'", "count:", 'pageNo=" '])
def test_hostile_pages_are_read_in_time(piece: str) -> None:
    page = page_of_text(f"{HOST}/col/", "<html>" + piece * (1_000_000 // len(piece)))
    started = monotonic()
    platform = detect(page, "jpaas")
    platform.entries(page)
    assert len(platform.next_requests(page)) <= 4
    built = page_of_text(f"{HOST}{BUILD}?pageNo=1", json.dumps({"data": {"html": piece * (1_000_000 // len(piece))}}))
    platform.entries(built)
    assert len(platform.next_requests(built)) <= 1
    assert monotonic() - started < 10
