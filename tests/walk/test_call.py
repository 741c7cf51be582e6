"""How the command may be called, what it refuses before anything is done, and what a run is planned to be."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from giar_crawler.register import Portal
from giar_crawler.runner.plan import killed_runs, lanes, next_walks
from giar_crawler.spiders.arguments import BadArgumentError, parse_years
from pipelines import stats
from pipelines.storage import Walk

from .conftest import Portals, Workplace, page

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "which portals"),
        (["nujiangg"], "did you mean nujiang"),
        (["nujiang"], "no contact is set"),
        (["--all"], "no contact is set"),
        (["nujiang", "--contact", "nobody"], "expected an e-mail address or a URL"),
        (["nujiang", "--contact", "me@example.org\n"], "expected an e-mail address or a URL"),
        (["nujiang", "--contact", "http://例子.cn/"], "in ASCII"),
        (["nujiang", "--years", "2021-2019"], "2021 is after 2019"),
        (["nujiang", "--years", "soon"], "expected A-B"),
        (["nujiang", "--limit", "0"], "--limit"),
        (["nujiang", "--delay", "nan"], "--delay"),
        (["--portals", "no/such/file.yaml"], "no/such/file.yaml"),
        (["--due", "--database", "nonsense://"], "nonsense"),
    ],
)
def test_refusals(workplace: Workplace, arguments: list[str], says: str) -> None:
    result = workplace.crawl(*arguments, code=2)
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert result.rows == []
    assert list(workplace.folder.iterdir()) == []


def test_a_disabled_portal_says_why(portals: Portals, workplace: Workplace) -> None:
    portals.add("asleep", {"/": page("x")}, extra=", enabled: false, reason: merged into another")
    portals.add("awake", {"/": page("x")})
    assert "merged into another" in workplace.crawl("asleep", "--portals", portals.register(), code=2).stderr
    result = workplace.crawl("--portals", portals.register(), "--plan")
    assert [row["portal"] for row in result.rows] == ["awake", "total"]
    assert all(not portal.asked for portal in portals.all), "a plan asks nobody"


def test_the_delay_of_a_stranger_is_only_raised(workplace: Workplace) -> None:
    faster = workplace.crawl("nujiang", "--plan", "--delay", "0.1").rows[0]["delay"]
    slower = workplace.crawl("nujiang", "--plan", "--delay", "9").rows[0]["delay"]
    assert faster >= 1.0
    assert slower == 9


def portal(name: str, host: str, group: str | None = None) -> Portal:
    return Portal(name, name, "610430", "county", f"http://{host}/", politeness_group=group)


def test_portals_that_share_a_machine_go_one_after_the_other() -> None:
    many = [portal("a", "x.gov.cn"), portal("b", "y.gov.cn", "g"), portal("c", "www.x.gov.cn:8080", "g"), portal("d", "z.gov.cn")]
    assert sorted(sorted(each.id for each in lane) for lane in lanes(many)) == [["a", "b", "c"], ["d"]]


def test_what_is_due_and_what_was_killed() -> None:
    def walk(name: str, days: float, outcome: str | None, run: str = "r1") -> Walk:
        at = NOW - timedelta(days=days)
        return Walk(name, at, None if outcome is None else at, outcome, {"years": [None, None], "limit": None, "run": run})

    walks = [walk("a", 2, "ok"), walk("b", 2, "unreachable"), walk("c", 8, "ok"), walk("d", 0.1, None), walk("e", 0.5, "blocked")]
    every = [portal(name, f"{name}.gov.cn") for name in "abcdef"]
    at = {month: NOW.replace(month=month, day=20) for month in (2, 5, 10)}
    moved = {
        month: [
            replace(each, started_at=each.started_at + (then - NOW), ended_at=each.ended_at and each.ended_at + (then - NOW))
            for each in walks
        ]
        for month, then in at.items()
    }
    assert set(next_walks(every, moved[2], at[2])) == {"e"}
    assert set(next_walks(every, moved[5], at[5])) == {"a", "e"}
    assert set(next_walks(every, moved[10], at[10])) == {"a", "c", "e"}
    often = [replace(each, crawl_every=2) for each in every]
    assert set(next_walks(often, moved[10], at[10])) == {"e"}
    assert killed_runs(every, walks, {"years": [None, None], "limit": None}) == {"r1"}
    assert killed_runs(every, walks, {"years": [2019, None], "limit": None}) == set()
    assert killed_runs(every[:3], walks, {"years": [None, None], "limit": None}) == set()


def test_years() -> None:
    assert [2018 in parse_years("2019-2021"), 2020 in parse_years("2019-"), 2020 in parse_years("2019"), None in parse_years("2019")] == [
        False,
        True,
        False,
        True,
    ]
    with pytest.raises(BadArgumentError):
        parse_years("19-21")


def test_every_counter_is_in_the_docs() -> None:
    names = {value for name, value in vars(stats).items() if name.isupper() and isinstance(value, str)}
    assert names == set(stats.MEANINGS)
    table = dict(re.findall(r"^\| `(giar/[^`]+)` \| (.+?) \|$", Path("docs/operating.md").read_text("utf-8"), re.MULTILINE))
    assert table == stats.MEANINGS


def test_offline_needs_no_contact_because_it_asks_nobody(workplace: Workplace) -> None:
    result = workplace.crawl("nujiang", "--offline", code=1)
    assert (result.outcome("nujiang"), result.row("nujiang")["requests"]) == ("not_crawled", 0)
    assert result.stderr == ""
