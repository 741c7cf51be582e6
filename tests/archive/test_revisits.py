"""What came again unchanged is a reference; what was drawn stands beside what was sent; and other programs read all of it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from time import monotonic, sleep

import pytest
from warcio.archiveiterator import ArchiveIterator

from giar_crawler.archive import ArchiveError, read_page, read_pages
from giar_crawler.archive.content import decode
from giar_crawler.rendering import BROWSERS
from pipelines.storage import open_storage
from tests.archive.walkers import GBK
from tests.walk.conftest import Answer, page, report, rows

PYWB = Path(sys.prefix) / "pywb" / "bin"


def records(archive):
    found = []
    for path in sorted(archive.iterdir()):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                record.raw_stream.read()
                found.append(record.rec_headers)
    return found


def test_an_unchanged_body_is_written_once(server, crawl, giar, tmp_path, sqlite_url):
    urls = [server.url + path for path in ("/gzip", "/404", "/turns")]
    server.turns = iter([b"old", b"new", b"old"])
    for _ in range(3):
        crawl(urls)
    archive = tmp_path / "archive"
    types = [record["WARC-Type"] for record in records(archive) if record["WARC-Type"] in {"response", "revisit"}]
    # The absence is small and no page; what came back later is what it was.
    assert types == ["response"] * 3 + ["revisit", "response", "response"] + ["revisit", "response", "revisit"]
    seen = open_storage(sqlite_url).observations_of(urls[0])
    assert [each.refers_to for each in seen] == [seen[2].id, seen[2].id, None]
    assert len({(each.payload_digest, each.body_sha256) for each in seen}) == 1
    for each in seen:
        found = read_page(archive, each.warc_file, each.warc_offset)
        assert (found.body, found.fetched_at, found.context.list_title) == (GBK, each.fetched_at, "年报")
    assert [page.body for page in read_pages(archive) if page.url == urls[2]] == [b"old", b"new", b"old"]
    assert crawl(urls[:1], since_hours=1)["out"][0][1:4] == [200, True, len(GBK)]
    assert giar("check").code == 0
    # The file with the body is no more: what refers to it is nothing, and the page is written whole again.
    min(archive.iterdir()).unlink()
    with pytest.raises(ArchiveError, match="No such file"):
        read_page(archive, seen[0].warc_file, seen[0].warc_offset)
    crawl(urls[:1])
    newest = open_storage(sqlite_url).observations_of(urls[0])[0]
    assert (newest.refers_to, read_page(archive, newest.warc_file, newest.warc_offset).body) == (None, GBK)


def with_tags(answer):
    def give(headers):
        if headers.get("if-none-match") == '"1"':
            return Answer(status=304, headers={"ETag": '"1"'})
        return Answer(answer.body, headers={"ETag": '"1"'})

    return give


def small_portal(portals, **more):
    listed = rows(*((f"/{year}.html", f"某县人民政府{year}年政府信息公开工作年度报告", f"{year + 1}-01-20") for year in (2021, 2022)))
    pages = {
        "/": page("某县", '<a href="/nb/">政府信息公开年报</a>', '<a href="/moved">政府信息公开年报</a>'),
        "/moved": Answer(status=302, headers={"Location": "/nb/"}),
        "/nb/": page("政府信息公开年报", listed),
        "/2021.html": with_tags(report("某县人民政府", 2021)),
        "/2022.html": report("某县人民政府", 2022),
    }
    return portals.add("x", pages | more)


def test_a_304_refers_to_the_page_that_still_is(workplace, portals):
    portal = small_portal(portals)
    for _ in range(2):
        workplace.crawl("--portals", portals.register())
    archive = workplace.folder / "archive"
    newest, first = open_storage(workplace.database).observations_of(portal.home + "2021.html")
    assert (newest.status, newest.refers_to, first.status) == (304, first.id, 200)
    now, then = (read_page(archive, each.warc_file, each.warc_offset) for each in (newest, first))
    assert (now.body, now.headers, now.fetched_at) == (then.body, then.headers, newest.fetched_at)
    profiles = {record["WARC-Profile"].rpartition("/")[2] for record in records(archive) if record["WARC-Type"] == "revisit"}
    assert profiles == {"server-not-modified", "identical-payload-digest"}


@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="there is no Chromium on this machine")
def test_what_a_browser_drew_stands_beside_what_was_sent(workplace, portals):
    pytest.importorskip("scrapy_playwright")
    draw = "<script>document.body.insertAdjacentHTML('beforeend', '<p>drawn ' + (40 + 2) + '</p>')</script>"
    portal = small_portal(portals, **{"/": page("某县", '<a href="/nb/">政府信息公开年报</a>', draw)})
    portal.extra = ", render: true"
    workplace.crawl("--portals", portals.register())
    archive = workplace.folder / "archive"
    (seen,) = open_storage(workplace.database).observations_of(portal.home)
    home = [record for record in records(archive) if record["WARC-Target-URI"] == portal.home]
    assert [record["WARC-Type"] for record in home] == ["request", "response", "resource"]
    assert home[2]["WARC-Concurrent-To"] == home[1]["WARC-Record-ID"]
    assert home[2]["WARC-Record-ID"] in {record["WARC-Refers-To"] for record in records(archive) if record["WARC-Type"] == "metadata"}
    drawn = read_page(archive, seen.warc_file, seen.warc_offset)
    assert b"<p>drawn 42</p>" in drawn.body
    assert (drawn.context.kind, drawn.headers["content-type"]) == ("home", seen.content_type)
    with (archive / seen.warc_file).open("rb") as stream:
        sent = next(
            record.raw_stream.read()
            for record in ArchiveIterator(stream)
            if record.rec_headers["WARC-Type"] == "response" and record.rec_headers["WARC-Target-URI"] == portal.home
        )
    assert sent == portal.pages["/"].body


@pytest.fixture
def two_walks(server, crawl, tmp_path):
    urls = [server.url + path for path in ("/gbk", "/gzip", "/deflate", "/404", "/500", "/name")]
    for _ in range(2):
        crawl(urls)
    return tmp_path / "archive", urls


def test_warcio_accepts_the_files(two_walks):
    archive, _ = two_walks
    command = [Path(sys.executable).with_name("warcio"), "check", "-v", *sorted(archive.iterdir())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("digest pass") >= 10


@pytest.mark.skipif(not PYWB.is_dir(), reason="pywb has an environment of its own: make test makes it")
def test_pywb_replays_the_files(two_walks, tmp_path):
    archive, urls = two_walks
    home = tmp_path / "pywb"
    home.mkdir()
    subprocess.run([PYWB / "wb-manager", "init", "giar"], cwd=home, check=True, capture_output=True)
    subprocess.run([PYWB / "wb-manager", "add", "giar", *archive.iterdir()], cwd=home, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    player = subprocess.Popen([PYWB / "wayback", "-b", "127.0.0.1", "-p", str(port)], cwd=home, stderr=subprocess.DEVNULL)
    try:
        deadline = monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert monotonic() < deadline
                sleep(0.05)
        for url in urls[:3]:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/giar/id_/{url}") as replayed:
                body = replayed.read()
                packed = replayed.headers.get("Content-Encoding")
            assert decode(body, packed) == GBK
        index = f"http://127.0.0.1:{port}/giar/cdx?url={urls[0]}&output=json"
        with urllib.request.urlopen(index) as answer:
            lines = answer.read().decode().splitlines()
        assert len(lines) == 2
        assert sum("warc/revisit" in line for line in lines) == 1
    finally:
        player.terminate()
        player.wait()
