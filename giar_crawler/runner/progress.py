"""What a terminal shows while a long command works."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text


class Progress:
    """One line on a terminal's stderr, four times a second; nothing where stderr is no terminal."""

    def __init__(self, console: Console, line: Callable[[], str]) -> None:
        def shown() -> Text:
            return Text(line(), overflow="ellipsis", no_wrap=True)

        self._live = Live(get_renderable=shown, console=console, refresh_per_second=4, transient=True) if console.is_terminal else None

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._live:
            self._live.stop()
