"""The archive against a real server and a real crawl, in processes of their own that can be killed."""

import os
import signal
import subprocess
import sys
import time
import zlib
from datetime import UTC, datetime
from typing import get_args

import brotli
import pytest
from scrapy import Request
from warcio.archiveiterator import ArchiveIterator

from giar_crawler.archive import ArchiveError, content, read_page, read_pages
from giar_crawler.archive.content import decode
from giar_crawler.archive.keys import Fingerprints, request_key
from giar_crawler.archive.writer import Exchange, WarcWriter
from giar_crawler.items import PageContext, PageKind
from giar_crawler.settings import GIAR_STANDS
from pipelines.storage import open_storage
from tests import starting
from tests.archive.walkers import BODIES, GBK, stop


def verified(folder):
    """Whether every record of every file has its digests and they are right. (`warcio check` itself fails on brotli bodies.)"""
    passed = []
    for path in folder.glob("*.gz"):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests=True):
                while record.raw_stream.read(1 << 16):
                    pass
                passed.append("WARC-Block-Digest" in record.rec_headers and record.digest_checker.passed)
    assert len(passed) >= 4
    return all(passed)


@pytest.mark.parametrize("url", ["http://a.cn:8080", "http://a.cn/x?b=2&a=1#f", "http://a.cn/政府?年=二〇二三"])
@pytest.mark.parametrize(("method", "body"), [("GET", b""), ("POST", b"page=2"), ("POST", b"\xff")])
def test_a_request_of_a_walk_has_the_key_that_an_archive_gives_it(url, method, body):
    request = Request(url, method=method, body=body)
    assert Fingerprints().fingerprint(request).hex() == request_key(url, method, body)


def exchange(n, body=b"x"):
    return Exchange(
        url=f"http://a/{n}",
        fetched_at=datetime(2026, 3, 1, 4, 0, 0, n, tzinfo=UTC),
        method="GET",
        request_headers=[],
        request_body=b"",
        status=200,
        protocol="HTTP/1.1",
        response_headers=[(b"Content-Type", b"text/html")],
        response_body=body,
        truncated=False,
        context=PageContext(portal="a"),
        request_key=str(n),
    )


def test_pages_come_back_as_they_were_sent(server, crawl, tmp_path, sqlite_url):
    urls = [server.url + path for path in BODIES]
    result = crawl(urls)
    # Scrapy gives up on a body that is not encoded as announced; the archive has it all the same.
    assert [line[1] for line in result["out"]] == ["error" if path == "/lie" else BODIES[path][0] for path in BODIES]
    archive = tmp_path / "archive"
    assert verified(archive)
    pages = {page.url.removeprefix(server.url): page for page in read_pages(archive)}
    assert set(pages) == {"/gbk", "/gzip", "/br", "/deflate", "/lie", "/name"}
    assert {path for path in pages if pages[path].body == GBK} == {"/gbk", "/gzip", "/br", "/deflate", "/lie"}
    page = pages["/gzip"]
    assert page.context == PageContext(
        portal="a", portal_name="甲县", hosts=("a.gov.cn",), kind="report", list_title="年报", parent=server.url + "/gzip"
    )
    assert page.headers["content-type"] == "text/html"
    assert "transfer-encoding" not in pages["/gbk"].headers
    assert pages["/name"].headers["content-disposition"].encode("latin-1").decode("gbk") == "attachment; filename=年报.pdf"
    storage = open_storage(sqlite_url)
    with storage.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT url, status, warc_file, warc_offset, kind, body_sha256 FROM observations").all()
    assert len(rows) == len(BODIES)
    for url, status, file, offset, kind, _ in rows:
        found = read_page(archive, file, offset)
        assert (found.url, kind) == (url, "report")
        assert found.body == (b"oops" if status == 500 else BODIES[url.removeprefix(server.url)][2] if status == 404 else found.body)
    assert len({row[5] for row in rows if row[0].endswith(("gbk", "gzip", "br", "deflate", "lie"))}) == 1
    assert page.fetched_at.tzinfo is UTC
    assert page.fetched_at.microsecond


def test_only_files_stand_for_ever():
    assert {kind: "ever" if kind == "attachment" else "walk" for kind in get_args(PageKind)} == GIAR_STANDS


@pytest.mark.parametrize("kind", ["report", "attachment"])
def test_whose_answers_stand_in_another_walk(server, crawl, kind):
    """Lists expire, reports are asked for by age, a file that came stays what it is."""
    urls = [server.url + path for path in ("/gbk", "/404", "/500", "/name")]
    first = crawl(urls, kind=kind)
    assert [line[1] for line in first["out"]] == [200, 404, 500, 200]
    again = crawl(urls, kind=kind)
    assert [line[2] for line in again["out"]] == [kind == "attachment", False, False, kind == "attachment"]
    assert again["out"][0][3] == len(GBK)
    # A walk that was killed has them all, but for errors.
    assert [line[2] for line in crawl(urls, kind=kind, since_hours=1)["out"]] == [True, True, False, True]


def test_a_killed_walk_is_answered_from_the_archive_and_no_other(server, crawl):
    urls = [server.url + path for path in ("/gbk", "/gzip", "/404", "/500")]
    crawl(urls)
    again = crawl(urls, since_hours=1)
    assert [line[2] for line in again["out"]] == [True, True, True, False]
    assert [line[3] for line in again["out"]][:2] == [len(GBK)] * 2
    assert all(line[4] for line in again["out"])
    assert server.asked.count("/gbk") == 1
    assert [line[2] for line in crawl(urls)["out"]] == [False] * 4
    assert [line[2] for line in crawl(urls, since_hours=-1)["out"]] == [False] * 4
    offline = crawl([*urls, server.url + "/new"], offline=True)["out"]
    # As the walk was: an error is an error again, and no older page stands in for it.
    assert [line[1:3] for line in offline[:4]] == [[200, True], [200, True], [404, True], [500, True]]
    assert [line[1] for line in offline[4:]] == ["IgnoreRequest"]
    assert server.asked.count("/gbk") == 3


def test_a_host_that_is_down_is_down(server, crawl):
    urls = [server.url + "/gbk"]
    crawl(urls)
    stop(server)
    for options in ({}, {"since_hours": -1}):
        result = crawl(urls, **options)
        assert result["out"] == [[urls[0], "DownloadConnectionRefusedError"]]
        assert "httpcache/errorrecovery" not in result["stats"]


def test_a_record_that_is_gone_is_asked_for_again(server, crawl, tmp_path):
    urls = [server.url + "/gbk", server.url + "/gzip"]
    crawl(urls)
    (file,) = (tmp_path / "archive").iterdir()
    os.truncate(file, file.stat().st_size // 2)
    result = crawl(urls, since_hours=1, check=False)
    assert [line[1:3] for line in result["out"]] == [[200, True], [200, False]]
    file.unlink()
    assert [line[1] for line in crawl(urls, since_hours=1, check=False)["out"]] == [200, 200]


def test_kill_9_leaves_readable_files(tmp_path):
    script = (
        "import sys; from pathlib import Path; from giar_crawler.archive.writer import WarcWriter\n"
        "from tests.archive.test_archive import exchange; writer = WarcWriter(Path(sys.argv[1]))\n"
        "for n in range(100000):\n    place = writer.write(exchange(n, bytes(str(n), 'ascii') * 5000))\n"
        "    print(n, place.file, place.offset, flush=True)\n"
    )
    run = starting.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    lines = [run.stdout.readline().split() for _ in range(50)]
    run.send_signal(signal.SIGKILL)
    lines += [line.split() for line in run.communicate()[0].splitlines()]
    bodies = [page.body for page in read_pages(tmp_path)]
    assert len(bodies) >= len(lines) >= 50
    for n, file, offset in (lines[0], lines[-1]):
        page = read_page(tmp_path, file, int(offset))
        assert (page.body, page.context.portal) == (n.encode() * 5000, "a")
    (path,) = tmp_path.iterdir()
    os.truncate(path, int(lines[40][2]) + 20)
    assert len(list(read_pages(tmp_path))) == 40
    with pytest.raises(ArchiveError, match="no response at byte"):
        read_page(tmp_path, lines[40][1], int(lines[40][2]))


def test_a_full_disk_stops_the_crawl_and_keeps_what_was_written(server, crawl, tmp_path):
    # A limit on the size of files is the full disk that a test can have; the database stays far below it.
    urls = [f"{server.url}/big/{n}" for n in range(60)]
    result = crawl(urls, check=False, most_bytes=8 << 20)
    assert result["reason"] == "archive_failed"
    assert "same command again" in result["stats"]["giar/stopped"]
    assert 20 <= len(list(read_pages(tmp_path / "archive"))) <= len(server.asked) < 40
    assert verified(tmp_path / "archive")
    again = crawl(urls[:30], since_hours=1)
    assert sum(line[2] for line in again["out"]) >= 20


def test_a_file_that_cannot_be_begun_is_not_left_behind(tmp_path):
    script = (
        "import sys, resource; from pathlib import Path; from giar_crawler.archive import ArchiveError\n"
        "from giar_crawler.archive.writer import WarcWriter; from tests.archive.test_archive import exchange\n"
        "writer, room = WarcWriter(Path(sys.argv[1])), resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, room[1]))\n"
        "try: writer.write(exchange(0, b'page'))\n"
        "except ArchiveError: print(*Path(sys.argv[1]).iterdir())\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, room); writer.write(exchange(1, b'page'))\n"
    )
    run = starting.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    assert run.stdout == "\n"
    assert [page.url for page in read_pages(tmp_path)] == ["http://a/1"]
    assert verified(tmp_path)


def test_a_failed_write_does_not_spoil_the_file(tmp_path):
    script = (
        "import os, sys, resource; from pathlib import Path; from giar_crawler.archive import ArchiveError\n"
        "from giar_crawler.archive.writer import WarcWriter; from tests.archive.test_archive import exchange\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)); writer = WarcWriter(Path(sys.argv[1]))\n"
        "for n, size in enumerate((10_000, 90_000, 20_000)):\n"
        "    try: print(writer.write(exchange(n, os.urandom(size))).file)\n"
        "    except ArchiveError as error: print(error)\n"
    )
    run = starting.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    first, error, second = run.stdout.splitlines()
    assert "File too large" in error
    assert first != second
    assert [page.url for page in read_pages(tmp_path)] == ["http://a/0", "http://a/2"]
    assert verified(tmp_path)


def test_an_archive_that_cannot_be_written_is_seen_before_anything_is_asked(server, crawl, tmp_path):
    (tmp_path / "archive").write_text("a file")
    result = crawl([server.url + "/gbk"], check=False)
    assert (result["reason"], result["out"], server.asked) == ("archive_failed", [], [])
    assert "--archive" in result["stats"]["giar/stopped"]


def test_files_are_rolled_and_begin_with_warcinfo(tmp_path):
    writer = WarcWriter(tmp_path, roll_at=3000)
    places = [writer.write(exchange(n, os.urandom(1000))) for n in range(6)]
    writer.close()
    assert len({place.file for place in places}) == 3
    assert [page.url for page in read_pages(tmp_path)] == [f"http://a/{n}" for n in range(6)]
    assert verified(tmp_path)
    with pytest.raises(ArchiveError, match="bare file name"):
        read_page(tmp_path / "x", "../" + places[0].file, 0)
    with pytest.raises(ArchiveError, match="No such file"):
        read_page(tmp_path, "giar.warc.gz", 0)


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "deflate"])
def test_a_bomb_does_not_go_off(encoding):
    size = 300 << 20
    if encoding == "br":
        packed = brotli.compress(b"0" * size, quality=1)
    elif encoding == "zstd":
        packed = content.zstd.compress(b"0" * size)
    else:
        packed = zlib.compress(b"0" * size, wbits=31 if encoding == "gzip" else -15)
    began = time.monotonic()
    assert len(decode(packed, encoding, 1 << 20)) == (1 << 20) + 1
    assert time.monotonic() - began < 2
    assert decode(packed[: len(packed) // 2], f"identity, {encoding}", 1 << 20).startswith(b"000")
    assert decode(b"plain", encoding) == b"plain"
    assert decode(b"", encoding) == b""
