"""A real server on loopback and a small crawl with the archive as Scrapy's cache; `python -m tests.archive.walkers` runs one crawl."""

import gzip
import json
import os
import resource
import sys
import threading
import zlib
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import scrapy
from scrapy.crawler import AsyncCrawlerProcess

from giar_crawler.items import PageContext
from giar_crawler.settings import GIAR_STANDS
from pipelines.storage import open_storage

PLAIN = "<html><head><meta charset=gb2312><title>淳化縣2021年年度报告</title></head><body>" + "政府信息公开囍镕" * 500 + "</body></html>"
GBK = PLAIN.encode("gbk")
BODIES = {
    "/gbk": (200, {}, GBK),
    "/gzip": (200, {"Content-Encoding": "gzip"}, gzip.compress(GBK)),
    "/br": (200, {"Content-Encoding": "br"}, brotli.compress(GBK)),
    "/deflate": (200, {"Content-Encoding": "deflate"}, zlib.compress(GBK)),
    "/lie": (200, {"Content-Encoding": "br"}, GBK),
    "/name": (200, {"Content-Disposition": "attachment; filename=年报.pdf".encode("gbk").decode("latin-1")}, b"%PDF"),
    "/404": (404, {}, b"gone"),
    "/500": (500, {}, b"oops"),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append(self.path)
        status, headers, body = BODIES.get(self.path, (200, {}, os.urandom(300_000)))
        if self.path.startswith("/turns"):
            turn = next(self.server.turns)
            status, body = turn if isinstance(turn, tuple) else (200, turn)
        self.send_response(status)
        for name, value in {"Content-Type": "text/html", **headers}.items():
            self.send_header(name, value)
        if self.path == "/gbk":
            self.send_header("Transfer-Encoding", "chunked")
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def serve():
    """A running server; `asked` lists the paths in order, `url` is its root, `turns` are the answers of /turns, bodies or with a status."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = []
    server.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


def stop(server):
    server.shutdown()
    server.server_close()


class Walker(scrapy.Spider):
    name = "walker"
    custom_settings = {"RETRY_ENABLED": False}  # noqa: RUF012 - Scrapy's way
    portal_id = "a"

    def __init__(self, urls, since, out, kind, **kwargs):
        super().__init__(**kwargs)
        self.urls, self.cache_since, self.out, self.kind = urls, since, out, kind
        self.crawl_id = None

    async def start(self):
        for url in self.urls:
            context = PageContext(portal="a", portal_name="甲县", hosts=("a.gov.cn",), kind=self.kind, list_title="年报", parent=url)
            yield scrapy.Request(
                url, self.parse, errback=self.fail, meta={"giar_context": context, "handle_httpstatus_all": True}, dont_filter=True
            )

    def parse(self, response):
        self.out.append(
            [
                response.url,
                response.status,
                "cached" in response.flags,
                len(response.body),
                response.meta.get("giar_fetched_at") is not None,
            ]
        )

    def fail(self, failure):
        self.out.append([failure.request.url, failure.type.__name__])


def main(database, archive, urls, *, since_hours=None, offline=False, kind="report", most_bytes=None):  # noqa: PLR0913 - what a crawl may differ in
    """Crawls `urls` one by one and prints what came as JSON: outcomes in order, finish reason, stats."""
    if most_bytes is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    storage = open_storage(database)
    storage.upsert_portal({"id": "a", "name": "甲县"})
    process = AsyncCrawlerProcess(
        {
            "HTTPCACHE_ENABLED": True,
            "HTTPCACHE_STORAGE": "giar_crawler.archive.cache.WarcCacheStorage",
            "HTTPCACHE_POLICY": "giar_crawler.archive.cache.ArchivePolicy",
            "HTTPCACHE_IGNORE_MISSING": offline,
            "GIAR_OFFLINE": offline,
            "GIAR_STANDS": GIAR_STANDS,
            "GIAR_DATABASE": database,
            "GIAR_ARCHIVE": archive,
            "CONCURRENT_REQUESTS": 1,
            "LOG_LEVEL": "ERROR",
            "REMOTE_CONTROL_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    out = []
    crawler = process.create_crawler(Walker)
    since = None if since_hours is None else datetime.now(UTC) - timedelta(hours=since_hours)
    process.crawl(crawler, urls=urls, since=since, out=out, kind=kind)
    process.start()
    stats = crawler.stats.get_stats()
    print(json.dumps({"out": out, "reason": stats.get("finish_reason"), "stats": stats}, default=str))  # noqa: T201 - the answer


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
