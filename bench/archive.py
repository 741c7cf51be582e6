"""The archive beside plain files (Scrapy's own cache): writing, random reading, space; `python -m bench.archive`.

Both stand behind Scrapy's cache interface and get the same answers. The archive writes request, response, context and a row of the
database; Scrapy's cache writes seven files and packs nothing. The pages are of the size that reports of portals have and pack to a fifth,
as those do. Times are those of the processor, so that a busy machine does not decide.
"""

from __future__ import annotations

import gzip
import random
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from types import SimpleNamespace
from typing import Any

from scrapy import Request, Spider
from scrapy.extensions.httpcache import FilesystemCacheStorage
from scrapy.http import HtmlResponse
from scrapy.settings import Settings
from scrapy.utils.request import RequestFingerprinter
from sqlalchemy import text

from bench.pages import page_2021
from giar_crawler.archive.cache import CONTEXT, WarcCacheStorage
from giar_crawler.archive.reader import read_bare
from giar_crawler.items import PageContext
from pipelines.storage import open_storage

PAGES = 400
WRITE, READ, SPACE = 0.25, 0.5, 1.1
HEADERS = {
    "Server": "nginx",
    "Date": "Sun, 22 Nov 2026 08:00:00 GMT",
    "Content-Type": "text/html",
    "Last-Modified": "Thu, 20 Jan 2022 08:00:00 GMT",
    "ETag": '"61e91800-d2f0"',
    "Vary": "Accept-Encoding",
}


def bodies() -> list[bytes]:
    """Pages of the size that reports have, each with a text of its own."""
    chance, frame = random.Random(1), page_2021(36_000)  # noqa: S311 - no secret
    words = ("".join(chr(0x4E00 + int(chance.triangular(0, 3000, 0))) for _ in range(5_900)) for _ in range(PAGES))
    return [frame.replace(b"</body>", f"<p>{each}</p></body>".encode(), 1) for each in words]


def requests() -> list[Request]:
    """What the pages were asked for with."""
    made = []
    for number in range(PAGES):
        home = "http://www.xjwqx.gov.cn/xjwqx/c128570"
        context = PageContext(
            portal="xjwqx",
            portal_name="温泉县人民政府",
            adcode="652723",
            level="county",
            hosts=("www.xjwqx.gov.cn",),
            list_title=f"温泉县第{number}镇2021年政府信息公开工作年度报告",
            list_date="2022-01-20",
            parent=f"{home}/list.shtml",
        )
        headers = {"Accept": "text/html", "User-Agent": "giar-crawler", "Accept-Encoding": "gzip, deflate", "Referer": f"{home}/list.shtml"}
        made.append(Request(f"{home}/202201/{number}.shtml", headers=headers, meta={CONTEXT: context}))
    return made


def rates(storage: Any, spider: Any, answers: list[tuple[Request, HtmlResponse]]) -> tuple[float, float]:  # noqa: ANN401 - either storage
    """Pages written and pages read in a second of the processor; read in a random order, with whatever finds them."""
    storage.open_spider(spider)
    began = process_time()
    for request, response in answers:
        storage.store_response(spider, request, response)
    written = process_time()
    shuffled = random.Random(2).sample(answers, len(answers))  # noqa: S311 - no secret
    middle = process_time()
    for request, response in shuffled:
        found = storage.retrieve_response(spider, request)
        if found is None or found.body != response.body:
            raise SystemExit(f"{request.url} did not come back")
    ended = process_time()
    storage.close_spider(spider)
    return len(answers) / (written - began), len(answers) / (ended - middle)


def placed(database: str, folder: Path) -> float:
    """Pages read in a second by their places in the archive, which the database told before; in a random order."""
    with open_storage(database).engine.connect() as connection:
        places = [(row.warc_file, row.warc_offset) for row in connection.execute(text("SELECT warc_file, warc_offset FROM observations"))]
    shuffled = random.Random(2).sample(places, len(places))  # noqa: S311 - no secret
    began = process_time()
    for name, offset in shuffled:
        read_bare(folder, name, offset)
    return len(places) / (process_time() - began)


def main() -> None:
    """Prints both rates, their ratios and the space."""
    answers = [(request, HtmlResponse(request.url, body=body, headers=HEADERS)) for request, body in zip(requests(), bodies(), strict=True)]
    own_size = sum(len(gzip.compress(response.body)) for _, response in answers)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(
            {
                "HTTPCACHE_DIR": str(folder / "plain"),
                "GIAR_DATABASE": f"sqlite:///{folder}/giar.db",
                "GIAR_ARCHIVE": str(folder / "archive"),
            }
        )
        open_storage(settings["GIAR_DATABASE"]).upsert_portal({"id": "xjwqx", "name": "温泉县人民政府"})
        spider = Spider("bench")
        spider.crawler = SimpleNamespace(request_fingerprinter=RequestFingerprinter(), stats=None)  # type: ignore[assignment]
        spider.portal_id = "xjwqx"  # type: ignore[attr-defined] # as a walk has it
        spider.cache_since = datetime.now(UTC) - timedelta(hours=1)  # type: ignore[attr-defined]
        makers: dict[str, Callable[[Settings], Any]] = {"plain files": FilesystemCacheStorage, "archive": WarcCacheStorage}
        found = {label: rates(maker(settings), spider, answers) for label, maker in makers.items()}
        by_place = placed(settings["GIAR_DATABASE"], folder / "archive")
        size = sum(path.stat().st_size for path in (folder / "archive").iterdir())
    kilobytes = sum(len(response.body) for _, response in answers) / len(answers) / 1000
    print(f"{len(answers)} pages of {kilobytes:.0f} KB, which gzip packs to {own_size / len(answers) / 1000:.1f} KB")
    for label, (write, read) in found.items():
        print(f"  {label:12} writes {write:6.0f} pages/s, reads {read:6.0f} pages/s")
    print(f"  {'archive':12} reads {by_place:6.0f} pages/s by their places")
    ratios = [
        ("write", found["archive"][0] / found["plain files"][0], WRITE, ">="),
        ("read by place", by_place / found["plain files"][1], READ, ">="),
        ("space / bodies' own gzip", size / own_size, SPACE, "<="),
    ]
    for what, ratio, wanted, sign in ratios:
        holds = ratio >= wanted if sign == ">=" else ratio <= wanted
        print(f"  {what}: {ratio:.2f}, required {sign} {wanted}: {'pass' if holds else 'BELOW'}")


if __name__ == "__main__":
    main()
