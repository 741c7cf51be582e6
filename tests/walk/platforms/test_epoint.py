"""Epoint: from the template to the site's script, to the rows, to the last of them."""

from __future__ import annotations

import json
from time import monotonic

import pytest

from giar_crawler.platforms import ListEntry, detect
from giar_crawler.platforms.epoint import Epoint
from giar_crawler.platforms.page import page_of_text

ROOT = "http://a.gov.cn"
SITE = 'var siteInfo = {"projectName": "/EWB-FRONT", "siteGuid": "bc6e816e"};'
ACTION = f"{ROOT}/EWB-FRONT/rest/lightfrontaction/getgovinfolist"


def asked(request) -> dict:
    return json.loads(request.posted)


def answer(number: int, size: int, shown: int, total: object, *, below: bool = False):
    data = [
        {
            "infourl": f"/003/{n}.html",
            "title": "某局…",
            "realtitle": f"某局&quot;年报&quot;<b>{n}</b>",
            "infodate": "2022-01-02 10:00",
        }
        for n in range(shown)
    ]
    page = page_of_text(ACTION, json.dumps({"custom": {"data": data, "total": total}}))
    values = {"deptcode": "", "categorynum": "003005", "siteGuid": "bc6e816e", "pageIndex": number, "pageSize": size}
    page.posted = json.dumps({"token": "", "params": values} if below else values)
    return page


def test_the_way_over_the_script() -> None:
    url = f"{ROOT}/dynamic/zwgk/govInfoPub.html?categorynum=003005&deptcode=007"
    page = page_of_text(url, "<script src='/abc/js/webBuilderCommon.js?v=2'></script><ul id=list></ul>")
    assert detect(page).name == "epoint"
    [script] = detect(page).next_requests(page)
    assert script.url == f"{ROOT}/abc/js/webBuilderCommon.js?deptcode=007&categorynum=003005"
    answered = page_of_text(script.url, SITE + "function home(){window.location.href='/'}")
    assert detect(answered).name == "epoint"
    assert answered.moves_to() is None
    assert detect(answered).entries(answered) == []
    [first] = detect(answered).next_requests(answered)
    assert (first.url, first.content_type) == (ACTION, "application/json")
    assert asked(first) == {"deptcode": "007", "categorynum": "003005", "siteGuid": "bc6e816e", "pageIndex": 0, "pageSize": 50}


def test_ids_that_stand_in_the_page() -> None:
    page = page_of_text(
        f"{ROOT}/zw/openlist.html?categorynum=003005", f"<script>{SITE}</script><script src=/js/webBuilderCommon.js></script>"
    )
    assert [request.url for request in detect(page).next_requests(page)] == [ACTION]


def test_rows() -> None:
    page = answer(0, 50, 1, "1")
    assert detect(page).name == "epoint"
    assert detect(page).entries(page) == [ListEntry(f"{ROOT}/003/0.html", '某局"年报"0', "2022-01-02")]
    assert detect(page).total(page) == 1


@pytest.mark.parametrize(
    ("page", "following"),
    [
        (answer(0, 50, 50, "120"), (1, 50)),
        (answer(2, 50, 20, "120"), None),
        (answer(0, 50, 20, 120), (1, 20)),
        (answer(5, 20, 20, 120), None),
        (answer(0, 50, 50, None), (1, 50)),
        (answer(1, 50, 3, None), None),
        (answer(1, 50, 0, None), None),
    ],
)
def test_pages(page, following: tuple[int, int] | None) -> None:
    requests = Epoint().next_requests(page)
    assert [(asked(request)["pageIndex"], asked(request)["pageSize"]) for request in requests] == ([following] if following else [])


def test_applications_that_read_below_params() -> None:
    [request] = Epoint().next_requests(answer(0, 50, 0, "0"))
    assert asked(request)["params"]["categorynum"] == "003005"
    assert Epoint().next_requests(answer(0, 50, 0, "0", below=True)) == []
    [following] = Epoint().next_requests(answer(0, 50, 20, "30", below=True))
    assert asked(following)["params"]["pageIndex"] == 1


HOSTILE = (
    *("", "[]", "null", "1", '"x"', '{"custom":[]}', '{"custom":"x"}', '{"custom":{"data":{}}}', "[" * 100_000),
    '{"custom":{"data":[1,null,{"infourl":3}]}}',
    '{"custom":{"total":"²","data":[{"infourl":"javascript:x","title":[]}]}}',
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("posted", [None, "", "[]", "x", '{"pageIndex":"0","pageSize":-1}', '{"params":[]}', "[" * 100_000])
def test_hostile_answers(text: str, posted: str | None) -> None:
    page = page_of_text(ACTION, text)
    page.posted = posted
    assert Epoint().entries(page) == []
    assert Epoint().next_requests(page) == []
    assert Epoint().total(page) is None


@pytest.mark.parametrize("piece", ["siteInfo={", "categorynum='", "<script src='", "<script webBuilderCommon.js "])
def test_hostile_pages_are_read_in_time(piece: str) -> None:
    page = page_of_text(f"{ROOT}/x.html?categorynum=1", piece * (1_000_000 // len(piece)))
    started = monotonic()
    detect(page)
    Epoint().next_requests(page)
    assert monotonic() - started < 5
