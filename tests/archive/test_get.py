"""`giar archive get`: a page as it was sent, now or at a time."""

from datetime import timedelta

from giar_crawler.items import SHANGHAI
from pipelines.storage import open_storage
from tests.archive.walkers import GBK


def test_a_page_comes_out_as_it_was_sent(server, crawl, giar, tmp_path, sqlite_url):
    urls = [server.url + path for path in ("/gzip", "/name", "/404", "/turns?b=2&a=1")]
    server.turns = iter([b"first", b"second"])
    crawl(urls)
    crawl(urls[3:])
    done = giar("get", urls[0])
    assert (done.code, done.out) == (0, GBK)
    assert done.err.startswith(f"{urls[0]}, fetched 20")
    assert giar("get", urls[1], "-o", tmp_path / "out").code == 0
    assert (tmp_path / "out").read_bytes() == b"%PDF"
    facts = giar("get", urls[0], "--json").rows[0]
    assert (facts["status"], facts["headers"]["content-type"], facts["context"]["list_title"]) == (200, "text/html", "年报")
    # However the address is written.
    other = server.url + "/turns?a=1&b=2#x"
    assert giar("get", other).out == b"second"
    newest, oldest = (each.fetched_at for each in open_storage(sqlite_url).observations_of(other))
    assert giar("get", other, "--at", oldest.isoformat()).out == b"first"
    assert giar("get", other, "--at", (newest - timedelta(microseconds=1)).isoformat()).out == b"first"
    assert giar("get", other, "--at", f"{newest.astimezone(SHANGHAI):%Y-%m-%d}").code == 0
    early = giar("get", other, "--at", "2020-01-01")
    assert (early.code, early.out) == (2, b"")
    assert "was not archived before 20" in early.err
    assert "--at yesterday" in giar("get", other, "--at", "yesterday").err
    assert "it answered 404" in giar("get", urls[2]).err
    assert "never asked for" in giar("get", server.url + "/new").err


def test_a_page_that_vanished_is_still_there(server, crawl, giar, tmp_path):
    url = server.url + "/turns"
    server.turns = iter([b"page", (404, b"gone")])
    crawl([url])
    crawl([url])
    done = giar("get", url)
    assert (done.code, done.out) == (0, b"page")
    assert "later it answered 404 on" in done.err
    for file in (tmp_path / "archive").iterdir():
        file.unlink()
    lost = giar("get", url)
    assert (lost.code, lost.out) == (1, b"")
    assert "No such file" in lost.err
