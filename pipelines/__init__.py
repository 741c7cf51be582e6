"""The reading: from the bytes of a page to a record, in stages. One road for crawl, re-parse, `giar parse`, benchmark and tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.line import read as read


def __getattr__(name: str) -> object:
    # The stages take half a second to import; whoever only stores, looks places up or reads a data file does without them.
    if name == "read":
        from pipelines.line import read  # noqa: PLC0415

        return read
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
