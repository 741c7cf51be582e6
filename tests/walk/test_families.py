"""The walk on portals of all platform families, over real HTTP: all reports, nothing else, and few requests."""

import json
import subprocess
import sys

import pytest

from demo.families import FAMILIES, family_register, family_sites
from demo.server import DemoPortals
from tests.walk.conftest import Workplace

# What a walk may cost: so many times the reports and list pages, and so many pages on the way.
MOST_TIMES, MOST_ON_THE_WAY = 1.3, 25
PORTALS = [portal for portals, _ in FAMILIES.values() for portal in portals]


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """One crawl of all portals: its summaries, the records of the reports that it stored, and the port that they were served on."""
    place = Workplace(tmp_path_factory.mktemp("families"))
    with DemoPortals(0, families=True) as demo:
        register = place.folder / "families.yaml"
        register.write_text(family_register(demo.port), "utf-8")
        result = place.crawl("--portals", str(register), "--delay", "0", code=None)
    out = place.folder / "reports.jsonl"
    command = [sys.executable, "-m", "giar_crawler.cli", "export", "reports", "-o", str(out), "--database", place.database]
    subprocess.run(command, check=True, capture_output=True)
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    return result, [row for row in rows if row["outcome"] != "not_a_report"], demo.port


@pytest.mark.parametrize("portal", PORTALS, ids=lambda portal: portal.id)
def test_all_reports_and_nothing_else(walked, portal):
    result, rows, port = walked
    wanted = family_sites()[portal.host].report_urls(port)
    found = [row for row in rows if row["portal"] == portal.id]
    assert {row["title"] for row in found} == {article.title for article in wanted.values()}, result.row(portal.id)
    assert result.outcome(portal.id) == "ok"
    # One report is one document, however many addresses lead to it.
    assert len(found) == len(wanted)


@pytest.mark.parametrize("portal", PORTALS, ids=lambda portal: portal.id)
def test_few_requests(walked, portal):
    row = walked[0].row(portal.id)
    assert row["requests"] <= MOST_TIMES * row["pages"] + MOST_ON_THE_WAY
