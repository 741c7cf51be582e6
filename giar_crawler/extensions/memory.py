"""Ends a run that holds too much memory, before the system kills it in the middle of something else.

Scrapy's own `memusage` compares the largest size that the process ever had, and Linux hands that on from whoever started it. Below a
large one every walk ended before its first request, as `partial` and without a word. This one looks at what is held now, and says so.
"""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from typing import Self, cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import AsyncioLoopingCall

from giar_crawler.spiders.portal import PortalSpider

STATM = Path("/proc/self/statm")
# Seconds between two looks.
PAUSE = 10.0
MB = 1024 * 1024


class MemoryExceeded(Exception):
    """This process holds more than it may."""


def held_memory() -> int:
    """Bytes of memory that this process holds; where the system does not tell, the most that it ever held."""
    try:
        return int(STATM.read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


class MemoryLimit:
    """Looks every ten seconds while pages come; beyond GIAR_MEMORY_MB the run stops, and the same command continues it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.limit = crawler.settings.getint("GIAR_MEMORY_MB")
        if not self.limit:
            raise NotConfigured
        self._looks = AsyncioLoopingCall(self._look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        limit = cls(crawler)
        crawler.signals.connect(limit.started, signal=signals.engine_started)
        crawler.signals.connect(limit.stopped, signal=signals.engine_stopped)
        return limit

    def started(self) -> None:
        """Begins to look."""
        self._looks.start(PAUSE, now=True)

    def stopped(self) -> None:
        """Looks no more."""
        if self._looks.running:
            self._looks.stop()

    def _look(self) -> None:
        if (held := held_memory()) > self.limit * MB:
            cast("PortalSpider", self.crawler.spider).stop_run(
                MemoryExceeded(
                    f"it holds {held // MB} MB of memory, and GIAR_MEMORY_MB allows {self.limit}. "
                    "Walk fewer portals side by side (--at-once), or allow more in giar_crawler/settings.py"
                )
            )
