"""The index made again from the files alone, and walks repeated from them."""

import gzip
import os
import shutil
import sqlite3
from contextlib import closing

import pytest

from demo.server import DemoPortals, register
from tests.archive.test_revisits import small_portal
from tests.archive.walkers import GBK
from tests.walk.conftest import Workplace, page, report, rows
from tests.walk.test_demo import stored

# What a reading said of a page is no matter of the files.
# Of each, walked twice and repeated twice, there are all kinds of answers.
PORTALS = ("demo-chunhua", "demo-xunyi")
QUERY = """SELECT o.request_key, o.url, o.fetched_at, o.status, o.content_type, o.encoding, o.body_sha256, o.warc_file, o.warc_offset,
        o.warc_length, o.portal_id, WALK, o.kind, o.payload_digest, original.url, original.fetched_at
    FROM observations o LEFT JOIN observations original ON original.id = o.refers_to LEFT JOIN crawls c ON c.id = o.crawl_id
    ORDER BY o.url, o.fetched_at"""


def observations(database, walk="c.started_at"):
    with sqlite3.connect(database) as connection:
        return connection.execute(QUERY.replace("WALK", walk)).fetchall()


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """Portals of the demo, walked twice: the folder, the register, and what the database held after the first walk."""
    folder = tmp_path_factory.mktemp("walked")
    place = Workplace(folder)
    with DemoPortals(0) as demo:
        (folder / "portals.yaml").write_text(register(demo.port), "utf-8")
        place.crawl("--portals", str(folder / "portals.yaml"), *PORTALS)
        shutil.copytree(folder / "archive", folder / "first")
        after_first = stored(place)
        place.crawl("--portals", str(folder / "portals.yaml"), *PORTALS)
    return place, after_first


@pytest.fixture
def index(command):
    def run(folder, database):
        done = command("archive", "index", "--database", f"sqlite:///{database}", "--archive", folder / "archive")
        return done.code, done.out.decode(), done.err

    return run


def test_the_index_comes_back_from_the_files(walked, tmp_path, index):
    place, _ = walked
    wanted = observations(place.folder / "giar.db")
    assert any(row[-1] for row in wanted)
    database = tmp_path / "lost.db"
    with sqlite3.connect(place.folder / "giar.db") as source, sqlite3.connect(database) as copy:
        source.backup(copy)
    copy.execute("UPDATE observations SET refers_to = NULL")
    copy.execute("DELETE FROM observations WHERE id % 3 > 0")
    copy.execute("UPDATE observations SET warc_offset = 1, status = 500, portal_id = NULL WHERE id % 2")
    read = "SELECT url, fetched_at, page_outcome, content_sha256, parser_version FROM observations WHERE page_outcome IS NOT NULL"
    outcomes = set(copy.execute(read).fetchall())
    copy.commit()
    copy.close()
    code, out, err = index(place.folder, database)
    assert (code, err) == (0, "")
    assert " 0 unchanged" not in out
    assert observations(database) == wanted
    with sqlite3.connect(database) as again:
        assert outcomes <= set(again.execute(read).fetchall())
    again.close()
    code, out, err = index(place.folder, database)
    assert (code, err) == (0, "")
    assert all("0 inserted, 0 corrected" in line for line in out.splitlines())


def test_a_walk_is_repeated_from_its_archive_alone(walked, tmp_path, index):
    place, after_first = walked
    fresh = Workplace(tmp_path)
    shutil.copytree(place.folder / "first", tmp_path / "archive")
    code, _, err = index(tmp_path, tmp_path / "giar.db")
    assert (code, err) == (0, "")
    # Of walks nothing is known but when they began.
    shown = observations(tmp_path / "giar.db", "NULL")
    first = {row[7] for row in shown}
    assert shown == [row for row in observations(place.folder / "giar.db", "NULL") if row[7] in first]
    result = fresh.crawl("--portals", str(place.folder / "portals.yaml"), *PORTALS, "--offline")
    assert result.total["requests"] == 0
    assert stored(fresh) == after_first


def test_both_walks_repeated_are_what_both_made(walked, tmp_path, index):
    place, _ = walked
    fresh = Workplace(tmp_path)
    (tmp_path / "archive").symlink_to(place.folder / "archive")
    assert index(tmp_path, tmp_path / "giar.db")[0] == 0
    fresh.crawl("--portals", str(place.folder / "portals.yaml"), *PORTALS, "--offline")
    again, wanted = stored(fresh), stored(place)
    assert {name: again[name] for name in again if name != "pages"} == {name: wanted[name] for name in wanted if name != "pages"}


def test_a_lost_database_comes_back_with_what_vanished_and_when(workplace, portals, tmp_path, index, command):
    """A walk says what is gone, so it is repeated as well; without it every report that ever was would still be there."""
    portal = small_portal(portals, **{"/2021.html": report("某县人民政府", 2021)})
    workplace.crawl("--portals", portals.register())
    # Both leave the list; one address is missing, the other one is of another page now.
    portal.pages["/nb/"] = page("政府信息公开年报", rows(("/2020.html", "某县人民政府2020年政府信息公开工作年度报告", "2021-01-20")))
    portal.pages["/2020.html"] = report("某县人民政府", 2020)
    del portal.pages["/2021.html"]
    portal.pages["/2022.html"] = page("某县2022年工作总结", "<p>全县工作总结。</p>")
    workplace.crawl("--portals", portals.register())
    query = "SELECT url, gone_since FROM documents ORDER BY url"
    with closing(sqlite3.connect(workplace.folder / "giar.db")) as connection:
        wanted = connection.execute(query).fetchall()
    assert [since is None for _, since in wanted] == [True, False, False]
    fresh = Workplace(tmp_path / "fresh")
    fresh.folder.mkdir()
    (fresh.folder / "archive").symlink_to(workplace.folder / "archive")
    assert index(fresh.folder, fresh.folder / "giar.db")[0] == 0
    places = ["--database", fresh.database, "--archive", fresh.folder / "archive"]
    assert command("reparse", "--workers", "1", *places).code == 0
    assert fresh.crawl("--portals", portals.register(), "--offline").total["requests"] == 0
    with closing(sqlite3.connect(fresh.folder / "giar.db")) as connection:
        assert connection.execute(query).fetchall() == wanted
    again, before = stored(fresh), stored(workplace)
    assert {name: again[name] for name in again if name != "outcomes"} == {name: before[name] for name in before if name != "outcomes"}


def test_what_cannot_be_indexed_is_named(server, crawl, giar, tmp_path):
    urls = [server.url + path for path in ("/gbk", "/gzip", "/name")]
    for _ in range(2):
        crawl(urls)
    first, second = sorted((tmp_path / "archive").iterdir())
    rows = observations(tmp_path / "giar.db")
    assert giar("index").code == 0
    size, offset = first.stat().st_size, next(row[8] for row in rows if row[7] == first.name and row[1] == urls[1])
    data = bytearray(first.read_bytes())
    data[offset + 200] ^= 1
    first.write_bytes(data)
    done = giar("index")
    assert done.code == 1
    assert f"{first.name}: left out at byte {offset}: its gzip member is damaged" in done.err
    assert f"{first.name}: the database has 1 answers that the file does not have" in done.err
    # Its repetition has no body any more.
    assert f"there is no response at byte {offset} of {first.name}" in done.err
    os.truncate(first, size - 5)
    assert "the file ends within it" in giar("index").err
    second.unlink()
    gone = giar("index")
    assert f"{second.name} is not in " in gone.err
    assert gone.code == 1
    (tmp_path / "archive" / "whole.warc.gz").write_bytes(gzip.compress(b"no archive"))
    assert "whole.warc.gz: left out at byte 0: no record begins here" in giar("index").err
    assert giar("get", urls[0]).out == GBK
