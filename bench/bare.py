"""The floor of a walk: a Scrapy spider that fetches the addresses of a file and does nothing with them."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response


class Bare(Spider):
    """Fetches every address once."""

    name = "bare"

    def __init__(self, file: str) -> None:
        super().__init__()
        self.addresses = Path(file).read_text("utf-8").split()

    async def start(self) -> AsyncIterator[Request]:
        """One request for each address."""
        for address in self.addresses:
            yield Request(address, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Nothing."""


def main() -> None:
    """Fetches the addresses of the file that is named, one at a time for each host, without delay."""
    settings = {
        "LOG_LEVEL": "ERROR",
        "ROBOTSTXT_OBEY": False,
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "TELNETCONSOLE_ENABLED": False,
        "HTTPERROR_ALLOW_ALL": True,
    }
    process = CrawlerProcess(settings)
    process.crawl(Bare, file=sys.argv[1])
    process.start()


if __name__ == "__main__":
    main()
