"""A release holds one state of the database whole, or is not there; it is never overwritten and never half."""

import csv
import json
import os
import shutil
import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from frictionless import validate
from typer.testing import CliRunner

from giar_crawler.cli.commands import app
from giar_crawler.cli.common import Refused, Stopped
from giar_crawler.cli.release import create
from giar_crawler.release import create as module
from pipelines.storage import Observation, Proposal, Wanted, Withdrawal, open_storage
from tests import starting
from tests.export.test_bundle import files
from tests.storage.records import NOON, full, small

COMMAND = [*starting.GIAR, "release"]
DATED = {"CITATION.cff", "README.md", "datapackage.json", "SHA256SUMS"}


def fill(url):
    storage = open_storage(url)
    storage.upsert_portal(
        {"id": "a", "name": "甲县", "adcode": "610430", "level": "county", "home": "http://a/", "valid_years": [2008, None]}
    )
    for record in (full(), small("http://a/2", "other"), small("http://a/3", "third")):
        about = {"kind": "report", "portal_id": "a", "crawl_id": None, "content_type": "text/html", "encoding": None, "status": 200}
        place = {"warc_file": "a.warc.gz", "warc_offset": 7, "warc_length": 9, "body_sha256": "b" * 64, "payload_digest": "sha256:x"}
        storage.add_observation(Observation(request_key=record.url, url=record.url, fetched_at=record.fetched_at, **about, **place))
        storage.store_reading(record, keep=True, portal_id="a", crawl_id=None, seen_at=NOON)
    storage.correct([Proposal(Wanted("http://a/2"), "requests.received_new[total]", "7", "a misprint", "the office", "zhang")], NOON)
    storage.withhold("http://a/3", "personal data", "li", NOON)
    return storage


@pytest.fixture
def database(database_url):
    storage = fill(database_url)
    yield database_url
    storage.close()


def rows(folder, name):
    with (folder / "data" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def facts(folder):
    return json.loads((folder / "datapackage.json").read_text("utf-8"))["giar"]


def test_a_release_is_a_valid_package_with_all_that_it_was_made_of(database, tmp_path, capsys):
    folder = tmp_path / "v1"
    create("v1", out=folder, database=database, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["release"], told["reports"], told["pages"], told["corrections"]) == ("v1", 2, 2, 1)
    result = validate(str(folder / "datapackage.json"))
    assert result.valid, result.flatten(["name", "rowNumber", "fieldName", "message"])
    names = {"reports", "figures", "panel", "findings", "coverage", "changes", "portals", "corrections", "pages"}
    assert {path.stem for path in (folder / "data").iterdir()} == names
    assert (facts(folder)["tag"], facts(folder)["parser_versions"]) == ("v1", {"0.1.0": 2})
    (portal,) = rows(folder, "portals")
    assert (portal["portal"], json.loads(portal["details"])) == ("a", {"valid_years": [2008, None]})
    assert [page["url"] for page in rows(folder, "pages")] == ["http://a/2", full().url]
    assert rows(folder, "pages")[0]["fetched_at"] == "2026-03-01T04:00:00.123456Z"
    assert "http://a/3" not in "".join(data.decode("utf-8") for data in files(folder).values())
    run = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_two_releases_of_one_database_differ_in_tag_and_moment_alone(database, tmp_path):
    create("v1", out=tmp_path / "v1", database=database)
    create("v2", out=tmp_path / "v2", database=database)
    one, other = files(tmp_path / "v1"), files(tmp_path / "v2")
    assert one.keys() == other.keys()
    assert {name for name in one if one[name] != other[name]} <= DATED
    same = {name: value for name, value in facts(tmp_path / "v1").items() if name != "tag"}
    assert {name: value for name, value in facts(tmp_path / "v2").items() if name != "tag"} == same


def test_both_kinds_of_database_make_the_same_release(sqlite_url, postgres_url, tmp_path):
    for name, url in (("s", sqlite_url), ("p", postgres_url)):
        fill(url).close()
        create("v1", out=tmp_path / name, database=url)
    assert {name: data for name, data in files(tmp_path / "s").items() if name not in DATED} == {
        name: data for name, data in files(tmp_path / "p").items() if name not in DATED
    }


def test_the_corrections_of_a_release_can_be_recorded_again(database, tmp_path):
    create("v1", out=tmp_path / "v1", database=database)
    storage = open_storage(database)
    storage.withdraw(Withdrawal(Wanted("http://a/2"), "requests.received_new[total]", "a test", "zhang"), NOON)
    result = CliRunner().invoke(app, ["correct", "--file", str(tmp_path / "v1/data/corrections.csv"), "--database", database])
    assert result.stdout.split() == ["recorded=1", "unchanged=0"], result.output
    create("v2", out=tmp_path / "v2", database=database)
    assert rows(tmp_path / "v2", "figures") == rows(tmp_path / "v1", "figures")


def test_all_tables_are_of_one_state_of_the_database(database, tmp_path, monkeypatch):
    """A report that comes while the release is written is in none of its tables."""
    write_tables = module.write_tables
    storage = open_storage(database)
    written = []

    def begun(folder, tables):
        def with_others():
            for table, each in tables:
                yield table, each
                written.append(table.name)
                url = f"http://a/new{len(written)}"
                storage.store_reading(small(url, url), keep=True, portal_id="a", crawl_id=None, seen_at=NOON)

        return write_tables(folder, with_others())

    create("before", out=tmp_path / "before", database=database)
    monkeypatch.setattr(module, "write_tables", begun)
    create("during", out=tmp_path / "during", database=database)
    assert len(written) == 9
    before, during = files(tmp_path / "before"), files(tmp_path / "during")
    assert {name for name in before if before[name] != during[name]} <= DATED
    monkeypatch.undo()
    create("after", out=tmp_path / "after", database=database)
    assert len(rows(tmp_path / "after", "reports")) == len(rows(tmp_path / "before", "reports")) + 9


@pytest.mark.parametrize("tag", ["", ".", "..", "../x", "a/b", "/etc/x", "a\\b", "-x", ".hidden", "a b", "a\n", "x" * 65, "v1.", "a\0b"])
def test_a_tag_that_is_no_plain_name_is_refused(sqlite_url, tmp_path, monkeypatch, tag):
    fill(sqlite_url).close()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused, match="no name for a release"):
        create(tag, database=sqlite_url)
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith("giar.db")] == []


@pytest.mark.parametrize("tag", ["v1", "2026-03", "2026年版", "v1.0_rc+1", "7"])
def test_the_usual_place_is_the_folder_releases(sqlite_url, tmp_path, monkeypatch, tag):
    fill(sqlite_url).close()
    monkeypatch.chdir(tmp_path)
    create(tag, database=sqlite_url)
    before = files(tmp_path / "releases" / tag)
    with pytest.raises(Refused, match="never overwritten"):
        create(tag, database=sqlite_url)
    assert files(tmp_path / "releases" / tag) == before
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [tag]


def test_nothing_there_and_no_place_for_it(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused, match="nothing yet"):
        create("v1", database=sqlite_url)
    assert not (tmp_path / "releases").exists()
    fill(sqlite_url).close()
    with pytest.raises(Refused, match="there is no folder"):
        create("v1", out=tmp_path / "no" / "v1", database=sqlite_url)
    (tmp_path / "releases").write_text("a file")
    with pytest.raises(Stopped, match="cannot be written"):
        create("v1", database=sqlite_url)


def test_a_release_that_another_run_made_in_the_meantime_is_kept(sqlite_url, tmp_path, monkeypatch):
    fill(sqlite_url).close()
    write_cover = module.write_cover

    def overtaken(folder, contents, cover):
        write_cover(folder, contents, cover)
        (tmp_path / "v1").mkdir()
        (tmp_path / "v1" / "theirs").write_text("theirs")

    monkeypatch.setattr(module, "write_cover", overtaken)
    with pytest.raises(Stopped, match="nothing is left of it"):
        create("v1", out=tmp_path / "v1", database=sqlite_url)
    assert files(tmp_path / "v1") == {"theirs": b"theirs"}
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_a_kill_leaves_nothing_that_passes_for_a_release(sqlite_url, tmp_path):
    storage = fill(sqlite_url)
    for number in range(300):
        storage.store_reading(
            full(f"http://a/many{number}", content_sha256=str(number), text=f"第{number}份"),
            keep=True,
            portal_id="a",
            crawl_id=None,
            seen_at=NOON,
        )
    storage.close()
    command = [*COMMAND, "create", "v1", "--database", sqlite_url]
    process = starting.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while not list((tmp_path / "releases").glob(".*/data/figures.csv*")):
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "releases" / "v1").exists()
    (left,) = (tmp_path / "releases").iterdir()
    shown = starting.run([*COMMAND, "diff", "v1", str(left)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (shown.returncode, shown.stdout) == (2, "")
    again = starting.run([*command, "--json"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert json.loads(again.stdout)["reports"] == 302


def test_a_full_disk_leaves_nothing(sqlite_url, tmp_path):
    fill(sqlite_url).close()
    small_disk = tmp_path / "disk"
    small_disk.mkdir()
    mount = shutil.which("mount")
    if (
        not mount
        or subprocess.run([mount, "-t", "tmpfs", "-o", "size=200k", "tmpfs", small_disk], check=False, capture_output=True).returncode
    ):
        pytest.skip("no file system can be mounted here")
    try:
        with pytest.raises(Stopped, match="No space left"):
            create("v1", out=small_disk / "v1", database=sqlite_url)
        assert list(small_disk.iterdir()) == []
    finally:
        subprocess.run(["umount", small_disk], check=True)


def test_who_cites_it_finds_tag_and_day(sqlite_url, tmp_path):
    fill(sqlite_url).close()
    module.create(tmp_path / "v1", "v1", open_storage(sqlite_url), datetime(2026, 3, 1, 20, 0, 0, 5, tzinfo=UTC))
    citation = (tmp_path / "v1" / "CITATION.cff").read_text("utf-8")
    assert "version: v1" in citation
    assert "date-released: '2026-03-02'" in citation
    assert json.loads((tmp_path / "v1" / "datapackage.json").read_text("utf-8"))["created"] == "2026-03-01T20:00:00Z"
    assert Path(tmp_path / "v1" / "SHA256SUMS").is_file()
