"""Scrapy's counters without what it looks for at each of them: arguments that other programs may still pass."""

from __future__ import annotations

from scrapy.statscollectors import MemoryStatsCollector


class Counters(MemoryStatsCollector):
    """The same counters. A page raises twenty-five of them, and Scrapy's check of their arguments takes ten times as long as that."""

    __getattribute__ = object.__getattribute__
