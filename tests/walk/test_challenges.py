"""What comes in the place of a page: recognised by its marks, never on a page that is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from giar_crawler.middlewares.challenges import challenge, lexicon
from giar_crawler.outcomes import PortalOutcome
from giar_crawler.spiders.outcome import ENTRY_FAILURES

from .conftest import Answer, Portals, Workplace
from .test_outcomes import usual

PAGES = sorted((Path(__file__).parent.parent / "pages").glob("*/page.html"))
MARKS = lexicon()["marks"]


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark["name"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_each_mark_is_found_on_its_example_in_both_encodings(mark: dict, encoding: str) -> None:
    body = f"<meta charset={encoding}>{mark['example']}".encode(encoding)
    for status in (200, 403):
        found = challenge(status, body)
        assert found is not None
        assert (found.kind, found.name) == (mark["kind"], mark["name"])


@pytest.mark.parametrize("page", lexicon()["leaves"])
def test_pages_with_the_words_of_a_mark_are_pages(page: str) -> None:
    assert challenge(200, page.encode()) is None


def test_no_report_is_taken_for_a_challenge() -> None:
    assert PAGES
    for asked in ("home", "list", "report"):
        assert [path.parent.name for path in PAGES if challenge(200, path.read_bytes(), asked)] == []


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (521, b"", "jsl"),
        (512, b"", "jsl"),
        (412, b"<script>", "412"),
        (200, b"<script>document.cookie='a=1';location.reload()</script>", "script"),
        (200, b"<html><script>document.cookie='a=1'</script><a href='/x'>home</a></html>", None),
        (200, b"<script>document.cookie='a=1'</script>" + "年度报告".encode() * 60, None),
        (404, b"", None),
        # The words alone, in an article long enough to be one.
        (200, "<p>您的访问请求可能对网站造成安全威胁</p>".encode() + "<p>网络安全宣传周活动。</p>".encode() * 100, None),
    ],
)
def test_statuses_and_scripts(status: int, body: bytes, kind: str | None) -> None:
    found = challenge(status, body)
    assert (found.kind if found else None) == kind


def test_login_and_parked_pages_count_only_where_they_stand_in_for_what_was_asked() -> None:
    login, parked = (next(mark["example"].encode() for mark in MARKS if mark["kind"] == kind) for kind in ("login", "parked"))
    assert [challenge(200, login, asked) is not None for asked in ("home", "list", "report")] == [True, False, True]
    assert [challenge(200, parked, asked) is not None for asked in ("home", "list", "report")] == [True, False, False]
    assert challenge(200, login, "other") is None


def test_every_kind_is_a_reason_with_an_outcome() -> None:
    assert set(lexicon()["kinds"]) | {status["kind"] for status in lexicon()["statuses"].values()} <= ENTRY_FAILURES.keys()


def test_each_ends_its_portal_in_its_outcome_and_nothing_of_it_is_data(portals: Portals, workplace: Workplace) -> None:
    """With status 200, on the home page of one portal, and on the list and the reports of another."""
    kinds = {mark["kind"]: mark["example"] for mark in MARKS}
    homes = {kind: portals.add(f"home-{kind}", {"/": Answer(example.encode())}) for kind, example in kinds.items()}
    waf = Answer(kinds["waf"].encode(), 403)
    pages = usual()
    reports = portals.add("reports", {**pages, "/a/2021.html": waf, "/a/2020.html": Answer(kinds["login"].encode())})
    third = usual(("/a/2019.html", "某县人民政府2019年政府信息公开工作年度报告", "2020-01-20"))
    banned = portals.add("banned", third | dict.fromkeys(["/a/2021.html", "/a/2020.html", "/a/2019.html"], waf))
    result = workplace.crawl("--portals", portals.register(), code=1)
    assert {kind: result.outcome(portal.id) for kind, portal in homes.items()} == {kind: str(ENTRY_FAILURES[kind]) for kind in homes}
    assert {portal.paths.count("/") for portal in homes.values()} == {1}, "a challenge was asked again"
    assert result.outcome(reports.id) == PortalOutcome.PARTIAL
    assert result.outcome(banned.id) == PortalOutcome.BLOCKED
    assert result.total["inserted"] == 0
    # One line for each portal that failed, with what decided.
    lines = [line for line in result.stderr.splitlines() if "home-waf: blocked" in line]
    assert len(lines) == 1
    assert homes["waf"].home in lines[0]
