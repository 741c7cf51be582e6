"""That no answer came is archived too: a walk repeated offline fails where it failed, and ends as it ended."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from giar_crawler.archive.reader import Answer, answers
from tests.walk.conftest import Workplace
from tests.walk.test_demo import stored
from tests.walk.test_outcomes import usual


def broken(_headers):
    """Ends the connection without an answer."""
    raise ConnectionAbortedError


def ends(workplace):
    """How each portal's last walk ended, why, and what speaks for it."""
    with closing(sqlite3.connect(workplace.folder / "giar.db")) as connection:
        rows = connection.execute("select portal_id, outcome, counts from crawls order by id").fetchall()
    last = {portal: (outcome, json.loads(counts)) for portal, outcome, counts in rows}
    return {portal: (outcome, counts["reasons"], counts["evidence"]) for portal, (outcome, counts) in last.items()}


@pytest.fixture
def failing(portals):
    """A portal of which one page never comes, one whose home page does not, one whose robots.txt does not, one that is not there."""
    portals.add("cut", usual() | {"/a/2020.html": broken})
    portals.add("mute", {"/": broken})
    portals.add("rules", usual() | {"/robots.txt": broken})
    portals.add("down", up=False)
    return portals


def test_a_walk_with_failures_is_repeated_from_the_files_alone(workplace, failing, tmp_path, command):
    first = workplace.crawl("--portals", failing.register(), code=1)
    assert {row["portal"]: row["outcome"] for row in first.rows[:-1]} == {
        "cut": "partial",
        "mute": "unreachable",
        "rules": "unreachable",
        "down": "unreachable",
    }
    archive = workplace.folder / "archive"
    assert command("archive", "check", "--archive", archive).code == 0
    fresh = Workplace(tmp_path / "fresh")
    fresh.folder.mkdir()
    (fresh.folder / "archive").symlink_to(archive)
    places = ["--database", fresh.database, "--archive", fresh.folder / "archive"]
    assert command("archive", "index", *places).code == 0
    asked = [len(portal.asked) for portal in failing.all]
    again = fresh.crawl("--portals", failing.register(), "--offline", code=1)
    assert again.total["requests"] == 0
    assert [len(portal.asked) for portal in failing.all] == asked
    assert stored(fresh) == stored(workplace)
    assert ends(fresh) == ends(workplace)
    # The index knows of the attempts what the walk had told the database.
    query = """select url, fetched_at, request_key, status, body_sha256, payload_digest, warc_file, warc_offset, warc_length, portal_id,
        kind from observations"""
    with closing(sqlite3.connect(workplace.folder / "giar.db")) as one, closing(sqlite3.connect(fresh.folder / "giar.db")) as other:
        assert sorted(one.execute(query), key=repr) == sorted(other.execute(query), key=repr)


def test_a_page_that_came_later_is_the_answer_and_one_that_fails_now_hides_it(workplace, failing, command):
    cut = failing.all[0]
    url, places = cut.home + "a/2020.html", ["--database", workplace.database, "--archive", workplace.folder / "archive"]
    workplace.crawl("--portals", failing.register(), "cut", code=1)
    assert "no answer came on" in command("archive", "get", url, *places).err
    (path,) = (workplace.folder / "archive").iterdir()
    failures = [each for each in answers(path) if isinstance(each, Answer) and each.failure is not None]
    assert {each.url for each in failures} == {url}
    assert (failures[0].failure.reason, failures[0].context.kind) == ("connection", "report")
    page, cut.pages["/a/2020.html"] = cut.pages["/a/2020.html"], usual()["/a/2020.html"]
    # The next walk asks again: that nothing came is no answer.
    assert workplace.crawl("--portals", failing.register(), "cut").total["inserted"] == 1
    assert command("archive", "get", url, *places).out == cut.pages["/a/2020.html"].body
    assert workplace.crawl("--portals", failing.register(), "cut", "--offline").total["unchanged"] == 2
    cut.pages["/a/2020.html"] = page
    workplace.crawl("--portals", failing.register(), "cut", code=1)
    assert workplace.crawl("--portals", failing.register(), "cut", "--offline", code=1).outcome("cut") == "partial"
    # What it was is there all the same.
    assert command("archive", "get", url, *places).code == 0
