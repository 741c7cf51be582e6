"""`giar reparse` on the archive of the demo portals: nothing changes without cause, what changes is told, and nothing is lost by a kill."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from typer.testing import CliRunner

from demo.server import DemoPortals, register
from giar_crawler.cli.commands import app
from giar_crawler.cli.common import Refused
from giar_crawler.runner import reparse
from giar_crawler.runner.reparse import Options, Reparse
from pipelines import read
from pipelines.storage import PageFilter, Proposal, ReportFilter, Storage, Wanted, parse_url, reparse_lock
from tests import starting
from tests.walk.conftest import Workplace
from tests.walk.test_demo import stored

COMMAND = [*starting.GIAR, "reparse"]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """The demo portals, walked once."""
    workplace = Workplace(tmp_path_factory.mktemp("walked"))
    with DemoPortals(0) as demo:
        (workplace.folder / "portals.yaml").write_text(register(demo.port), "utf-8")
        workplace.crawl("--portals", str(workplace.folder / "portals.yaml"))
    return workplace


@pytest.fixture
def workplace(walked: Workplace, tmp_path: Path) -> Workplace:
    """A copy of what that walk brought."""
    shutil.copytree(walked.folder, tmp_path, dirs_exist_ok=True)
    return Workplace(tmp_path)


def arguments(workplace: Workplace, *more: str) -> list[str]:
    return [*COMMAND, "--database", workplace.database, "--archive", str(workplace.folder / "archive"), "--workers", "2", *more]


def run(workplace: Workplace, *more: str, code: int = 0) -> tuple[dict, list[dict]]:
    """The report and the differences."""
    done = starting.run(arguments(workplace, "--json", *more), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code, (done.stdout, done.stderr)
    *differences, report = [json.loads(line) for line in done.stdout.splitlines()]
    return report | {"stderr": done.stderr}, differences


def execute(workplace: Workplace, *statements: str) -> None:
    with closing(sqlite3.connect(workplace.folder / "giar.db")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def age(workplace: Workplace) -> None:
    """Makes the database as worse code had left it: a figure wrong, a finding missing, one that is none, and a report not found."""
    execute(
        workplace,
        "update observations set parser_version = 'old'",
        "update reports set parser_version = 'old', reading_sha256 = 'old'",
        "update figures set value = 987 where id = (select min(id) from figures where status = 'number')",
        "delete from findings where report_id = (select max(report_id) from findings)",
        "delete from figures where report_id = (select max(id) from reports)",
        "delete from findings where report_id = (select max(id) from reports)",
        "delete from reports where id = (select max(id) from reports)",
    )


def test_todays_code_changes_nothing_of_what_it_read_itself(workplace: Workplace, walked: Workplace) -> None:
    report, differences = run(workplace)
    assert report["pages"] > 90
    assert (report["unchanged"] + report["not_a_report"], differences) == (report["pages"], [])
    assert stored(workplace) == stored(walked)


def test_what_worse_code_had_read_is_mended_and_told_and_a_dry_run_only_tells(workplace: Workplace, walked: Workplace) -> None:
    age(workplace)
    before = stored(workplace)
    table = workplace.folder / "changes.csv"
    foreseen, differences = run(workplace, "--dry-run", "--stale", "--changes", str(table))
    assert stored(workplace) == before
    wrong = next(each for each in differences if each["old"] == "987")
    assert wrong["new"] not in {None, "987"}
    assert wrong["kind"] == "figure"
    assert foreseen["inserted"] == 1
    assert foreseen["changed_figures"] == 1
    assert foreseen["new_findings"] > 0
    with table.open(encoding="utf-8-sig") as file:
        assert [(row["name"], row["new"]) for row in csv.DictReader(file)] == [(each["name"], each["new"] or "") for each in differences]
    report, done = run(workplace, "--stale")
    assert done == differences
    changing = {"seconds", "stderr"}
    assert {name: value for name, value in report.items() if name not in changing} == {
        name: value for name, value in foreseen.items() if name not in changing
    }
    assert stored(workplace) == stored(walked)
    assert run(workplace, "--stale")[0]["pages"] == 0


@pytest.mark.parametrize("dry", [["--dry-run"], []])
def test_what_a_withheld_page_was_and_is_read_as_is_not_told(workplace: Workplace, dry: list[str]) -> None:
    age(workplace)
    query = """select d.url from figures f join reports r on r.id = f.report_id join documents d on d.id = r.document_id
        where f.value = 987"""
    with closing(sqlite3.connect(workplace.folder / "giar.db")) as connection:
        ((url,),) = connection.execute(query).fetchall()
    storage = Storage(parse_url(workplace.database))
    storage.withhold(url, "names of applicants", "li", datetime.now(UTC))
    storage.close()
    table = workplace.folder / "changes.csv"
    report, differences = run(workplace, "--changes", str(table), *dry)
    # It is counted like any other.
    assert report["changed_figures"] == 1
    assert differences
    assert url not in {each["document_url"] for each in differences}
    assert "figure" not in {each["kind"] for each in differences}
    assert url not in table.read_text("utf-8-sig")
    assert "987" not in {each["old"] for each in differences}


def test_a_correction_outlives_code_that_makes_digests_otherwise_and_no_edit_is_told(workplace: Workplace) -> None:
    storage = Storage(parse_url(workplace.database))
    record = next(each for each in storage.reports(ReportFilter()) if each.report.form == "giar_2021")
    figure = next(each for each in record.report.figures if each.preferred and each.status == "number")
    proposal = Proposal(Wanted(record.document_url), figure.name, "4711", "a test", "nothing", "nobody")
    assert storage.correct([proposal], datetime(2026, 3, 1, tzinfo=UTC)) == [True]
    tables = ("observations", "reports", "corrections")
    execute(workplace, *(f"update {table} set content_sha256 = 'old' || content_sha256" for table in tables))  # noqa: S608 - three names
    age(workplace)
    run(workplace)
    again = next(each for each in storage.reports(ReportFilter()) if each.document_url == record.document_url)
    assert again.report.content_sha256 == record.report.content_sha256
    assert next(each for each in again.report.figures if each.preferred and each.name == figure.name).value == 4711
    assert "correction_outdated" not in [remark.code for remark in again.report.findings]
    assert {change.kind for change in storage.changes(ReportFilter())} == {"new", "corrected"}
    storage.close()


def test_a_database_without_reports_gets_all_of_them_back(workplace: Workplace, walked: Workplace) -> None:
    execute(
        workplace,
        *("delete from findings", "delete from figures", "delete from reports"),
        *("delete from absences", "delete from documents", "delete from crawls"),
        "update observations set page_outcome = null, content_sha256 = null, parser_version = null, crawl_id = null",
    )
    report, _ = run(workplace)
    assert report["inserted"] == len(stored(walked)["reports"])
    assert {name: rows for name, rows in stored(workplace).items() if name != "outcomes"} == {
        name: rows for name, rows in stored(walked).items() if name != "outcomes"
    }


@pytest.mark.parametrize("pages", [1, 60])
def test_a_killed_reparse_leaves_no_process_and_the_same_command_goes_on(workplace: Workplace, walked: Workplace, pages: int) -> None:
    age(workplace)
    process = starting.Popen(arguments(workplace), start_new_session=True, stdout=subprocess.DEVNULL)
    wait_until(lambda: read_so_far(workplace) >= pages)
    process.kill()
    process.wait()
    wait_until(lambda: not alive(process.pid))
    report, differences = run(workplace)
    assert report["pages"] == len(archived(workplace))
    assert any(each["old"] == "987" for each in differences)
    assert stored(workplace) == stored(walked)
    with closing(sqlite3.connect(workplace.folder / "giar.db")) as connection:
        assert connection.execute("select count(*) from reparses where ended_at is not null").fetchall() == [(1,)]


def test_ctrl_c_stores_what_was_read_and_the_same_command_goes_on(workplace: Workplace, walked: Workplace) -> None:
    age(workplace)
    process = starting.Popen(arguments(workplace), start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: started(workplace))
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "the same command continues" in stderr
    run(workplace)
    assert stored(workplace) == stored(walked)


def test_a_damaged_record_costs_its_page_alone(workplace: Workplace) -> None:
    url, name, offset = archived(workplace)[10]
    with (workplace.folder / "archive" / name).open("r+b") as file:
        file.seek(offset + 60)
        file.write(b"\0\0\0\0")
    report, _ = run(workplace, code=1)
    assert report["failed"] == 1
    assert report["pages"] == len(archived(workplace)) - 1
    assert url in report["stderr"]


def test_an_index_that_points_to_another_page_is_not_believed(workplace: Workplace) -> None:
    execute(
        workplace,
        """update observations set warc_offset = (select max(warc_offset) from observations where page_outcome is not null)
        where id = (select min(id) from observations where page_outcome is not null)""",
    )
    report, differences = run(workplace, code=1)
    assert (report["failed"], differences) == (1, [])
    assert "giar archive index" in report["stderr"]


def test_only_the_pages_that_are_meant_are_read(workplace: Workplace) -> None:
    only, _ = run(
        workplace, "--portal", "demo-chunhua", "--years", "2021-2022", "--form", "giar_2021", "--since", "2020-01-01", "--dry-run"
    )
    assert 0 < only["pages"] < 20
    nothing, _ = run(workplace, "--outcome", "ok,not_a_report", "--parser-version", "none")
    assert nothing["pages"] == 0
    assert "no archived page matches" in nothing["stderr"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["--portal", "nowhere"], "known are"),
        (["--since", "yesterday"], "expected a date"),
        (["--years", "20x"], "--years"),
        (["--form", "giar_1999"], "known are"),
        (["--outcome", "fine"], "unknown"),
        (["--changes", "changes.txt"], "ends in one of .csv"),
        (["--changes", "/nowhere/changes.csv"], "existing folder"),
        (["--archive", "/nowhere"], "no such folder"),
    ],
)
def test_a_wrong_call_is_refused_with_what_is_allowed(workplace: Workplace, call: list[str], words: str) -> None:
    result = CliRunner().invoke(app, arguments(workplace, *call)[3:])
    assert isinstance(result.exception, Refused)
    assert words in str(result.exception)
    assert result.stdout == ""


def test_two_do_not_run_at_once_and_a_dry_run_may(workplace: Workplace) -> None:
    with reparse_lock(workplace.database):
        done = starting.run(arguments(workplace), capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 3
        assert "another re-parse" in done.stderr
        run(workplace, "--dry-run")


def deadly(page):
    """A reading that one page kills, as a fault in a library written in C would."""
    if page.url.endswith(os.environ["DEADLY"]):
        os.kill(os.getpid(), signal.SIGKILL)
    return read(page)


def begin_deadly(options: Options, reparse_id: int | None, held: Connection) -> None:
    reparse.read = deadly
    reparse._begin_worker(options, reparse_id, held)


def test_a_page_that_kills_its_process_costs_that_page_alone(workplace: Workplace, walked: Workplace, monkeypatch) -> None:
    pages = archived(workplace)
    url = pages[30][0]
    monkeypatch.setenv("DEADLY", url)
    monkeypatch.setattr(reparse, "_begin_worker", begin_deadly)
    process = Reparse(Options(workplace.database, workplace.folder / "archive", PageFilter(), workers=2))
    assert list(process.run()) == []
    assert len(process.failures) == 1
    assert url in process.failures[0]
    assert process.counts["pages"] == len(pages) - 1
    assert stored(workplace) == stored(walked)
    assert multiprocessing.active_children() == []


def archived(workplace: Workplace) -> list[tuple[str, str, int]]:
    query = "select url, warc_file, warc_offset from observations where page_outcome is not null order by id"
    with closing(sqlite3.connect(workplace.folder / "giar.db")) as connection:
        return connection.execute(query).fetchall()


def read_so_far(workplace: Workplace) -> int:
    with closing(sqlite3.connect(workplace.folder / "giar.db")) as connection:
        return connection.execute("select count(*) from observations where reparse_id is not null").fetchone()[0]


def started(workplace: Workplace) -> bool:
    with closing(sqlite3.connect(workplace.folder / "giar.db")) as connection:
        return connection.execute("select count(*) from reparses").fetchone()[0] > 0


def alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(happened) -> None:
    end = time.monotonic() + 240
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)
