"""gkmlpt: the tree of categories, the lists behind it to their ends, and whatever an answer is."""

import json
from time import monotonic

import pytest

from giar_crawler.platforms import ListEntry, detect
from giar_crawler.platforms.page import page_of_text

HOST = "http://a.gov.cn"
API = f"{HOST}/ab/gkmlpt/api/all/2629?page=1&sid=763021"
SHELL = "<html><script>window._CONFIG = {{SID: '763021', TREE: {tree}, SERVICE_AREA_ID: 21}};</script><a href='/'>要闻</a></html>"


def answer(url: str, *numbers: int, **beside: object):
    articles = [
        {"title": f"某县2021年年报{n}", "url": f"//a.gov.cn/gkmlpt/content/2/1/post_{n}.html", "display_publish_time": 1642953600}
        for n in numbers
    ]
    return page_of_text(url, json.dumps({"articles": articles, **beside}))


def following(page) -> list[str]:
    platform = detect(page)
    assert platform.name == "gkmlpt"
    return [request.url for request in platform.next_requests(page)]


def test_the_tree_leads_to_the_lists() -> None:
    tree = [
        {"id": 1, "name": "机构职能", "children": [{"id": 2, "name": "领导信息", "jump_url": ""}]},
        {"id": 2629, "name": "政府信息公开年报", "children": [{"id": 7, "name": "2021年", "children": []}]},
        {"id": 3, "name": "依申请公开", "jump_url": "/ysq/"},
        {"id": "20010037", "name": "部门年报"},
    ]
    page = page_of_text(f"{HOST}/ab/gkmlpt/index", SHELL.format(tree=json.dumps(tree).replace("/", "\\/")))
    api = f"{HOST}/ab/gkmlpt/api/all/"
    assert detect(page).name == "gkmlpt"
    assert [(entry.title, entry.url) for entry in detect(page).entries(page)] == [
        ("机构职能", f"{api}1?page=1&sid=763021"),
        ("领导信息", f"{api}2?page=1&sid=763021"),
        ("政府信息公开年报", f"{api}2629?page=1&sid=763021"),
        ("政府信息公开年报", f"{api}7?page=1&sid=763021"),
        ("依申请公开", f"{HOST}/ysq/"),
        ("部门年报", f"{api}20010037?page=1&sid=763021"),
        ("要闻", f"{HOST}/"),
    ]
    assert following(page) == []


def test_a_list_to_its_end() -> None:
    first = answer(API, 1, 2, total=3, offset=0, classify={"post_count": 9})
    platform = detect(first)
    assert platform.entries(first)[0] == ListEntry(f"{HOST}/gkmlpt/content/2/1/post_1.html", "某县2021年年报1", "2022-01-24")
    assert platform.total(first) == 3
    [second] = following(first)
    assert second == API.replace("page=1", "page=2")
    assert following(answer(second, 3, total=3, offset=2)) == []


def test_a_list_without_total_ends_with_an_empty_answer() -> None:
    assert following(answer(API, 1, 2, classify={"post_count": 9}))
    assert following(answer(API, 1, 2, classify={"post_count": 2})) == []
    assert following(answer(API, 1, 2))
    assert following(answer(API, total=5)) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1]",
        "{",
        '{"articles": {}}',
        '{"articles": [1, null, {"title": null, "url": []}, {"title": "年报", "url": "ftp://a"}], "total": {}}',
        '{"articles": [{"title": "年报"}], "total": -5, "offset": "x"}',
        '{"articles":' * 100_000,
    ],
)
def test_answers_that_are_none(text: str) -> None:
    page = page_of_text(API, text)
    platform = detect(page)
    assert platform.entries(page) == []
    platform.next_requests(page)
    platform.total(page)


@pytest.mark.parametrize(
    "tree",
    [
        "[",
        "[" * 100_000,
        "[1, null, {}]",
        '[{"id": [], "name": {}, "children": 5}]',
        '[{"id": 1, "name": "x", "jump_url": "javascript:y"}]',
    ],
)
def test_trees_that_are_none(tree: str) -> None:
    page = page_of_text(f"{HOST}/gkmlpt/index", SHELL.format(tree=tree))
    assert [entry.title for entry in detect(page).entries(page)] == ["要闻"]


def test_a_tree_without_end_is_cut() -> None:
    tree: list = []
    for number in range(20):
        tree = [{"id": number, "name": f"栏目{number}", "children": tree}]
    wide = [{"id": number, "name": f"栏目{number}", "children": tree} for number in range(600)]
    page = page_of_text(f"{HOST}/gkmlpt/index", SHELL.format(tree=json.dumps(wide)))
    assert 100 < len(detect(page).entries(page)) <= 3001


@pytest.mark.parametrize("piece", ["SID: ", "TREE: [", '{"articles":[', "window._CONFIG = {"])
def test_hostile_pages_are_read_in_time(piece: str) -> None:
    page = page_of_text(f"{HOST}/gkmlpt/index", "SID: '1'" + piece * (1_000_000 // len(piece)) + " " * 500_000)
    started = monotonic()
    platform = detect(page, "gkmlpt")
    assert (platform.entries(page), platform.next_requests(page), platform.total(page)) == ([], [], None)
    assert monotonic() - started < 5
