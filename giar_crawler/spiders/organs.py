"""Organs that only a page of the disclosure platform links: a few are tried, and the rest where these lead to reports.

In a county's platform each department and town has a page of its own with its 年报 in its menu, and the county's column has only the
county's. Other tables of organs (their duties, their chiefs) look the same and lead nowhere.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from giar_crawler.platforms import ListEntry, ListPage
from giar_crawler.spiders.frontier import Candidate, key
from giar_crawler.spiders.lexicon import names_organ

# Fewer links on a page, or of one shape, are no table of organs; more organs than a large city has are a trap.
LEAST, LEAST_ALIKE, MOST = 4, 2, 400
# Organs of a table that are tried, and tables.
PROBES, MOST_TABLES = 3, 4
# Pages on the way to the lists that an organ may cost: its own, its column's.
PAGES_EACH = 3
# An organ's folder is one of the first; a thousand of them are no address that anybody gave.
MOST_FOLDERS = 8
DIGITS = re.compile(r"\d+")


@dataclass(slots=True)
class _Table:
    """Organs whose addresses have one shape, those that wait; how many were asked, and how many reports there were before the first."""

    waiting: list[Candidate] = field(default_factory=list)
    asked: int = 0
    reports: int = 0


class Organs:
    """The tables of organs that a walk met."""

    def __init__(self) -> None:
        self._tables: dict[str, _Table] = {}
        self._met: set[str] = set()
        self.asked = 0

    def __bool__(self) -> bool:
        """Whether any waits."""
        return any(table.waiting for table in self._tables.values())

    @property
    def allowance(self) -> int:
        """How many pages on the way the organs may cost beyond a walk's budget."""
        return self.asked * PAGES_EACH

    def add(self, page: ListPage, entries: Sequence[ListEntry], depth: int) -> bool:
        """Keeps the organs that a page of the disclosure platform links, where there are enough for a table; whether all had room."""
        organs = [entry for entry in entries if entry.date is None and names_organ(entry.title)]
        if len(organs) < LEAST:
            return True
        common = Counter(shape for organ in organs for shape in _shapes(organ.url))
        shapes: dict[str, list[ListEntry]] = defaultdict(list)
        for organ in organs:
            shapes[max(_shapes(organ.url), key=lambda shape: common[shape])].append(organ)
        # Departments and towns may have folders of their own, and a small county has few of either.
        for shape, alike in sorted(shapes.items(), key=lambda table: -len(table[1])):
            if len(alike) < LEAST_ALIKE or (shape not in self._tables and len(self._tables) >= MOST_TABLES):
                continue
            table = self._tables.setdefault(shape, _Table())
            for organ in alike:
                if key(organ.url) in self._met:
                    continue
                if len(self._met) >= MOST:
                    return False
                self._met.add(key(organ.url))
                table.waiting.append(Candidate(organ.url, 1, depth + 1, inside=False, parent=page.url, text=organ.title))
        return True

    def next(self, reports: int) -> Candidate | None:
        """The next organ to ask, with the number of reports known by now; `None` where none is worth it."""
        for table in self._tables.values():
            if not table.waiting:
                continue
            if table.asked == 0:
                table.reports = reports
            if table.asked >= PROBES and reports == table.reports:
                table.waiting.clear()
                continue
            table.asked += 1
            self.asked += 1
            return table.waiting.pop(0)
        return None


def _shapes(url: str) -> list[str]:
    """What addresses of one table may have in common: all but their numbers, and the name of one folder or of the file."""
    parts = urlsplit(url)
    *folders, last = parts.path.rstrip("/").split("/")
    query = DIGITS.sub("0", parts.query)
    head = [DIGITS.sub("0", folder) for folder in folders]
    named = f"{parts.netloc}{'/'.join(head)}/{'?' if parts.query else last.partition('.')[2]}{query}"
    if len(head) > MOST_FOLDERS:
        return [named]
    return [named, *(f"{parts.netloc}{'/'.join([*head[:place], '*', *head[place + 1 :]])}/{last}{query}" for place in range(1, len(head)))]
