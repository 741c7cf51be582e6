"""The walk on portals of all platform families, over real HTTP: all reports, nothing else, and few requests."""

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass

import pytest

from demo.families import FAMILIES, family_register, family_sites
from demo.server import DemoPortals
from pipelines import stats
from tests import starting
from tests.walk.conftest import Result, Workplace

# What a walk may cost: so many times the reports and list pages, and so many pages on the way.
MOST_TIMES, MOST_ON_THE_WAY = 1.3, 25
# A second walk: so many times the pages that are no reports; known reports are asked for with conditions and counted apart.
MOST_AGAIN = 1.1
PORTALS = [portal for portals, _ in FAMILIES.values() for portal in portals]


@dataclass
class Walked:
    """Two crawls of all portals: their summaries, the reports that are stored, the port, and the counters of each walk by portal."""

    first: Result
    second: Result
    rows: list[dict]
    port: int
    counters: dict[str, list[dict]]


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    place = Workplace(tmp_path_factory.mktemp("families"))
    with DemoPortals(0, families=True) as demo:
        register = place.folder / "families.yaml"
        register.write_text(family_register(demo.port), "utf-8")
        first, second = (place.crawl("--portals", str(register), "--delay", "0", code=None) for _ in range(2))
    out = place.folder / "reports.jsonl"
    command = [*starting.GIAR, "export", "reports", "-o", str(out), "--database", place.database]
    starting.run(command, check=True, capture_output=True)
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    counters = defaultdict(list)
    with sqlite3.connect(place.folder / "giar.db") as database:
        for portal, counts in database.execute("SELECT portal_id, counts FROM crawls ORDER BY id"):
            counters[portal].append(json.loads(counts)["stats"])
    return Walked(first, second, [row for row in rows if row["outcome"] != "not_a_report"], demo.port, counters)


@pytest.mark.parametrize("portal", PORTALS, ids=lambda portal: portal.id)
def test_all_reports_and_nothing_else(walked, portal):
    wanted = family_sites()[portal.host].report_urls(walked.port)
    found = [row for row in walked.rows if row["portal"] == portal.id]
    assert {row["title"] for row in found} == {article.title for article in wanted.values()}, walked.first.row(portal.id)
    assert walked.first.outcome(portal.id) == "ok"
    # One report is one document, however many addresses lead to it.
    assert len(found) == len(wanted)


@pytest.mark.parametrize("portal", PORTALS, ids=lambda portal: portal.id)
def test_few_requests(walked, portal):
    row = walked.first.row(portal.id)
    assert row["requests"] <= MOST_TIMES * row["pages"] + MOST_ON_THE_WAY


@pytest.mark.parametrize("portal", PORTALS, ids=lambda portal: portal.id)
def test_a_second_walk_asks_for_the_lists_and_for_nothing_twice(walked, portal):
    first, second = walked.first.row(portal.id), walked.second.row(portal.id)
    counters = walked.counters[portal.id][1]
    assert (second["outcome"], second["unchanged"], second["inserted"], second["changed"]) == ("ok", first["reports"], 0, 0)
    unmodified = counters.get(stats.REPORTS_NOT_MODIFIED, 0)
    lists = first["requests"] - first["reports"]
    assert second["requests"] - unmodified <= MOST_AGAIN * lists
    assert unmodified == first["reports"]
