"""UCAP: numbered files, the search by page, the posted call; to their ends, and whatever an answer is."""

import json
from time import monotonic

import pytest

from giar_crawler.platforms import ListEntry, detect
from giar_crawler.platforms.page import page_of_text

HOST = "http://a.gov.cn"
CHANNEL = "0123456789abcdef0123456789abcdef"
META = f'<meta name="channelId" content="{CHANNEL}">'
SEARCH = f"{HOST}/common/search/{CHANNEL}?_isAgg=true&_isJson=true&_pageSize=20&_template=index&page=1"


def answer(url: str, total: object, *numbers: int, rows: object = 20, posted: str | None = None):
    results = [
        {
            "title": f"某县<em>2021年</em>年报&amp;{n}",
            "url": f"//a.gov.cn/x/c1/202201/{n:032x}.shtml",
            "publishedTimeStr": f"2022-01-{n:02d} 09:30:00",
        }
        for n in numbers
    ]
    data = {"total": total, "rows": rows, "results": results}
    page = page_of_text(url, json.dumps({"results": {"data": data}} if posted else {"data": data}))
    page.posted = posted
    return page


def following(page) -> list[str]:
    platform = detect(page)
    assert platform.name == "ucap"
    return [request.url for request in platform.next_requests(page)]


def test_files_are_counted_from_one() -> None:
    names = [f"{HOST}/x/c1/list{number}.shtml" for number in ("", "_2", "_3")]
    # Some versions of the script count the page itself from 0.
    for here in (1, 0):
        turning = f"<html><head>{META}</head><script>createPageHTML('page_div',3, {here},'list','shtml',41);</script></html>"
        pages = [page_of_text(name, turning) for name in names]
        assert [following(page) for page in pages] == [names[1:], names[2:], []]
        assert detect(pages[0]).total(pages[0]) == 41


def test_a_search_goes_on_with_as_many_rows_as_the_server_gives() -> None:
    shell = page_of_text(f"{HOST}/x/c1/list.shtml", f"<html><head>{META}</head><ul id=pagelist></ul></html>")
    assert following(shell) == [SEARCH]
    first = answer(SEARCH, 5, 1, 2)
    assert detect(first).entries(first)[0] == ListEntry(f"{HOST}/x/c1/202201/{1:032x}.shtml", "某县2021年年报&1", "2022-01-01")
    assert detect(first).total(first) == 5
    [second] = following(first)
    assert second == SEARCH.replace("_pageSize=20", "_pageSize=2").replace("page=1", "page=2")
    [third] = following(answer(second, 5, 3, 4))
    assert following(answer(third, 5, 5)) == []


@pytest.mark.parametrize(
    ("script", "path"),
    [
        (f"$.get('/searchList/{CHANNEL}?_isJson=true')", "/searchList/"),
        (f"var channelId = '{CHANNEL}'; $.get('/search/' + channelId)", "/search/"),
        (f"{META}<form action='/search/'>", "/common/search/"),
    ],
)
def test_where_the_search_lies(script: str, path: str) -> None:
    page = page_of_text(f"{HOST}/x/zfxxgknb/list.shtml", f"<html>{script}<a href='/x/202201/{CHANNEL}.shtml'>年报</a></html>")
    assert [url.partition("?")[0] for url in following(page)] == [f"{HOST}{path}{CHANNEL}"]


def test_the_posted_call() -> None:
    script = f"<script>var channelId = '{CHANNEL}'; $.post('/getFileListByCodeId', draw)</script>"
    page = page_of_text(f"{HOST}/zcfgk/c100006/list.html", script)
    [first] = detect(page).next_requests(page)
    assert (first.url, first.posted) == (f"{HOST}/getFileListByCodeId", f"codeId=&channelId={CHANNEL}&page=1&size=20")
    read = answer(first.url, 3, 1, 2, posted=first.posted)
    assert len(detect(read).entries(read)) == 2
    [second] = detect(read).next_requests(read)
    assert second.posted == f"codeId=&channelId={CHANNEL}&page=2&size=2"
    assert detect(read).next_requests(answer(first.url, 3, 3, posted=second.posted)) == []


@pytest.mark.parametrize(
    ("total", "numbers", "more"),
    [(None, [1], True), ("31", [1, 2], True), ("x", [1], True), (-1, [1], True), (True, [], False), (9, [], False)],
)
def test_totals_that_are_none(total: object, numbers: list[int], more: bool) -> None:
    assert bool(following(answer(SEARCH, total, *numbers))) is more


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{",
        '{"data": []}',
        '{"data": {"results": {}}}',
        '{"data": {"results": [1, null, [], {"title": 1, "url": 2}, {"title": "年报", "url": "javascript:x"}]}}',
        '{"data": {"results": [{"title": "年报", "url": "http://[", "publishedTimeStr": 5}], "total": 1e999}}',
        '{"a":' * 100_000,
        "[" * 100_000,
        '{"total": ' + "9" * 10_000 + "}",
        "<html>参数page不合法!</html>",
    ],
)
def test_answers_that_are_none(text: str) -> None:
    page = page_of_text(SEARCH, text)
    platform = detect(page)
    assert platform.entries(page) == []
    platform.next_requests(page)
    platform.total(page)


@pytest.mark.parametrize(
    "piece", ['<meta name="channelId" content="', "createPageHTML(", "channelId = ", "/common/search/", '{"results":[']
)
def test_hostile_pages_are_read_in_time(piece: str) -> None:
    page = page_of_text(f"{HOST}/x/list.shtml", piece * (1_000_000 // len(piece)) + " " * 500_000)
    started = monotonic()
    platform = detect(page, "ucap")
    assert (platform.entries(page), platform.next_requests(page), platform.total(page)) == ([], [], None)
    assert monotonic() - started < 5
