"""Lists that a script draws and no family knows: only a browser sees them (`render: true` in the register)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from giar_crawler.platforms.page import ListPage
from pipelines.data import load, pattern

LONGEST_MARK = 100


@cache
def drawing_marks() -> list[dict[str, Any]]:
    """The marks of `drawn.yaml`: a pattern and an example."""
    marks: list[dict[str, Any]] = load(Path(__file__).with_name("drawn.yaml"), {"marks": [{"pattern": pattern, "example": str}]})["marks"]
    return marks


def drawing(page: ListPage) -> list[str]:
    """What on a page draws lists, as it stands there, cut to a line each; empty where nothing does."""
    found = (mark["pattern"].search(page.text) for mark in drawing_marks())
    return [" ".join(match.group().split())[:LONGEST_MARK] for match in found if match]
