"""What a terminal shows while portals are walked."""

from __future__ import annotations

from time import monotonic
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from rich.console import Console
from rich.live import Live
from rich.text import Text

from giar_crawler.runner.run import Run
from pipelines import stats


class Progress:
    """One line on a terminal's stderr, four times a second: portals, pages, reports, the rate, the hosts that are being asked."""

    def __init__(self, console: Console, run: Run) -> None:
        self.run = run
        self._started = monotonic()
        self._live = Live(get_renderable=self._line, console=console, refresh_per_second=4, transient=True) if console.is_terminal else None

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._live:
            self._live.stop()

    def _line(self) -> Text:
        run = self.run
        collectors = [crawler._stats for crawler in run.active.values() if crawler._stats]  # noqa: SLF001 # unset while a crawler opens
        pages = sum(summary.pages for summary in run.summaries) + sum(each.get_value(stats.PAGES, 0) for each in collectors)
        reports = sum(summary.reports for summary in run.summaries) + sum(each.get_value(stats.REPORTS, 0) for each in collectors)
        seconds = max(monotonic() - self._started, 0.001)
        hosts = sorted({host for crawler in run.active.values() if (host := _host(crawler.spider))})
        shown = ", ".join(hosts[:2]) + (f" and {len(hosts) - 2} more" if len(hosts) > 2 else "")
        return Text(
            f"portals {len(run.summaries)}/{len(run.portals)}  pages {pages}  reports {reports}  {pages / seconds:.1f} pages/s  {shown}",
            overflow="ellipsis",
            no_wrap=True,
        )


def _host(spider: object) -> str:
    portal = getattr(spider, "portal", None)
    return urlsplit(portal.home).netloc if portal else ""
