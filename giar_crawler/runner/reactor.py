"""The event loop of a process that crawls: it starts only once, and ends with the work."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar, cast

from scrapy.crawler import AsyncCrawlerProcess

T = TypeVar("T")


def run_until_done(process: AsyncCrawlerProcess, work: Coroutine[Any, Any, T], *, signals: bool) -> T:
    """What the work returns, done while the process' reactor runs. `signals`: Scrapy ends its crawlers on SIGINT and SIGTERM."""
    # Installed by the process; importing it earlier would install another one.
    from twisted.internet import reactor  # noqa: PLC0415

    main = asyncio.get_event_loop().create_task(work)
    # To type checkers the reactor is a module.
    main.add_done_callback(lambda _: cast("Any", reactor).stop())
    process.start(stop_after_crawl=False, install_signal_handlers=signals)
    return main.result()
