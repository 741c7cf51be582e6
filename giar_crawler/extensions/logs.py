"""Log lines that name a page instead of printing it."""

from __future__ import annotations

from scrapy.logformatter import LogFormatter


class QuietFormatter(LogFormatter):
    """Scrapy's, without the lines that hold whole items, 40 KB each. What was stored is counted, what was dropped has been logged."""

    def scraped(self, *_: object) -> None:  # type: ignore[override] # Scrapy takes None for "no line"
        """Nothing."""

    def dropped(self, *_: object) -> None:  # type: ignore[override] # as above
        """Nothing."""
