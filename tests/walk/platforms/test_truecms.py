"""truecms: rows in the call, then JSON(P) around XML, in sizes that the server takes."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from giar_crawler.platforms import detect
from giar_crawler.platforms.page import page_of_text
from giar_crawler.platforms.truecms import TrueCms

ROOT = "http://a.gov.cn"
PROXY = f"{ROOT}/truecms/messageController/getMessage.do?columnId=754f-6d&callback=cb"


def store(count: int, total: int | None) -> str:
    rows = "".join(
        f'<record><![CDATA[<li><a href="/x/content/{n}.html">某局2021年年报{n}</a><span>2022-01-02</span></li>]]></record>'
        for n in range(count)
    )
    return f"<datastore>{f'<totalrecord>{total}</totalrecord>' if total else ''}<recordset>{rows}</recordset></datastore>"


def answer(start: int, size: int, count: int, total: int | None, shape: str = "cb({});"):
    url = f"{PROXY}&startrecord={start}&endrecord={start + size - 1}&perpage={size}"
    return page_of_text(url, shape.format(json.dumps({"result": store(count, total)})))


def asked(requests) -> list[tuple[str, str, str]]:
    found = [dict(parse_qsl(urlsplit(request.url).query)) for request in requests]
    return [(one["startrecord"], one["endrecord"], one["perpage"]) for one in found]


def test_the_page_and_its_first_request() -> None:
    script = f"""$('#c').jpage({{dataStore:'{store(30, 72)}',totalRecord:72,perPage:10,groupSize:3,
    proxyUrl:'/truecms/messageController/getMessage.do',ajaxParam:{{columnId:'754f-6d'}}}});"""
    page = page_of_text(f"{ROOT}/x/nb/nb.html", f"<script>{script}</script>")
    assert detect(page).name == "truecms"
    assert len(detect(page).entries(page)) == 30
    assert detect(page).total(page) == 72
    assert asked(detect(page).next_requests(page)) == [("31", "80", "50")]


@pytest.mark.parametrize("shape", ["cb({});", "{}"])
def test_rows(shape: str) -> None:
    page = answer(31, 50, 2, 32, shape)
    assert detect(page).name == "truecms"
    assert [(entry.title, entry.date) for entry in detect(page).entries(page)] == [
        ("某局2021年年报0", "2022-01-02"),
        ("某局2021年年报1", "2022-01-02"),
    ]
    assert detect(page).total(page) == 32


@pytest.mark.parametrize(
    ("page", "following"),
    [
        (answer(31, 50, 50, 200), [("81", "130", "50")]),
        (answer(31, 50, 20, 200), [("51", "100", "50")]),
        (answer(31, 50, 0, None), [("31", "40", "10")]),
        (answer(31, 10, 0, None), []),
        (answer(31, 10, 10, 72), [("41", "50", "10")]),
        (answer(31, 50, 42, 72), []),
        (answer(31, 50, 42, None), []),
    ],
)
def test_pages(page, following: list[tuple[str, str, str]]) -> None:
    assert asked(TrueCms().next_requests(page)) == following


@pytest.mark.parametrize(
    "text", ["", "cb(", "{}", '{"result":1}', '{"result":null}', "cb([1])", "{" * 100_000 + "}", "<datastore><record>"]
)
def test_hostile_answers(text: str) -> None:
    page = page_of_text(f"{PROXY}&startrecord=²&perpage=10", text)
    assert TrueCms().entries(page) == []
    assert TrueCms().next_requests(page) == []
    assert TrueCms().total(page) is None
