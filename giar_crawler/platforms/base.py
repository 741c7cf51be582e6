"""What a platform family has to offer: how it is recognised, what its lists hold, where they go on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from giar_crawler.platforms.page import ListPage
from giar_crawler.platforms.turns import ListRequest
from pipelines.data import load
from pipelines.screens import screen

LONGEST_MARK = 100


@dataclass(slots=True, frozen=True)
class ListEntry:
    """One row of a list: the article's address, its title as printed, its date as printed or ISO, `None` where the row has none."""

    url: str
    title: str
    date: str | None = None


class Platform(Protocol):
    """One family of content systems."""

    name: str

    def entries(self, page: ListPage) -> list[ListEntry]:
        """The rows of the list on this page, in order; empty where there is none."""

    def next_requests(self, page: ListPage) -> list[ListRequest]:
        """Where the list goes on after this page; empty at its end. The walk itself stops at pages that bring nothing new."""

    def total(self, page: ListPage) -> int | None:
        """How many entries the list has in all by its own count, `None` where the page does not say."""


@cache
def fingerprints() -> dict[str, list[dict[str, Any]]]:
    """The marks of all families by name, from `fingerprints.yaml`: a pattern, its weight, and `where` it is searched."""
    marks = [{"pattern": screen, "weight": int, "where?": str}]
    data: dict[str, list[dict[str, Any]]] = load(Path(__file__).with_name("fingerprints.yaml"), {"*": marks})
    return data


def evidence(family: str, page: ListPage) -> list[str]:
    """The marks of a family on a page, as they stand there, cut to a line each."""
    searched = (
        (mark["pattern"].pattern, page.url if mark.get("where") == "address" else page.text) for mark in fingerprints().get(family, ())
    )
    return [" ".join(match.group().split())[:LONGEST_MARK] for regex, text in searched if (match := regex.search(text))]


def score(family: str, page: ListPage) -> int:
    """How much of the page looks like this family; 0 for nothing."""
    texts = {"address": (page.url, page.folded_url), "text": (page.text, page.folded_text)}
    return sum(int(mark["weight"]) for mark in fingerprints().get(family, ()) if mark["pattern"].search(*texts[mark.get("where", "text")]))
