"""Pagers that a script draws: how many pages they are told of, and where a click leads. What is known of them stands in `pagers.yaml`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.page import ListPage
from pipelines.data import load, pattern
from pipelines.screens import screen

TOLD, ASSIGNED = ("pages", "total", "size"), ("assigned_pages", "assigned_total", "assigned_size")
SHAPE = {"call": screen, "usual_size": int, "address": pattern, **dict.fromkeys(TOLD, pattern), **dict.fromkeys(ASSIGNED, screen)}
MOST_SCRIPT = 2_000_000


@cache
def known() -> dict[str, Any]:
    """What `pagers.yaml` holds."""
    data: dict[str, Any] = load(Path(__file__).with_name("pagers.yaml"), SHAPE)
    return data


def drawn_pages(page: ListPage) -> int:
    """The number of pages that a drawn pager is told of, or a script has as a variable; 0 where there is none, or it is told no number."""
    call = _call(page)
    if call is None:
        pages, total, size = (_number(known()[name].search(page.text[:MOST_SCRIPT], page.folded_text)) for name in ASSIGNED)
        return pages or (-(-total // size) if size else 0)
    pages, total, size = (_number(known()[name].search(call["options"])) for name in TOLD)
    return pages or -(-(int(call["total"] or 0) or total) // (size or int(known()["usual_size"])))


def drawn_next(page: ListPage) -> str | None:
    """The next page of a drawn pager; `None` at the end, and where the script does not write an address out."""
    call, pages = _call(page), drawn_pages(page)
    written = known()["address"].search(call["options"]) if call else None
    if written is None:
        return None
    before, after = written["before"], written["after"] or ""
    number = _own_number(page, before, after) + 1
    return absolute(page.base, f"{before}{number}{after}", page.encoding) if number <= pages else None


def _call(page: ListPage) -> re.Match[str] | None:
    found: re.Match[str] | None = known()["call"].search(page.text[:MOST_SCRIPT], page.folded_text)
    return found


def _number(found: re.Match[str] | None) -> int:
    return int(found[1]) if found else 0


def _own_number(page: ListPage, before: str, after: str) -> int:
    """The number of this page, by its address; 1 for a first page, whose address has none."""
    around = absolute(page.base, f"{before}0{after}", page.encoding)
    head, _, tail = (around or "").rpartition("0")
    own = re.fullmatch(re.escape(head) + r"(\d{1,5})" + re.escape(tail), page.url)
    return int(own[1]) if own else 1
