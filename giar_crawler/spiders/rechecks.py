"""When a known report is asked for again: often while it is new and offices still correct it, seldom when it is old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True, frozen=True)
class Seen:
    """A document that the database holds: its address, when it was seen first and fetched last (UTC)."""

    url: str
    first_seen: datetime
    last_seen: datetime


@dataclass(slots=True, frozen=True)
class Rechecks:
    """Age classes: (known for fewer days than, days between two looks), the youngest first; `None` is any age."""

    classes: Sequence[tuple[int | None, int]]
    now: datetime

    def is_due(self, document: Seen) -> bool:
        """Whether a document is to be asked for in this walk."""
        age = self.now - document.first_seen
        for younger_than, days in self.classes:
            if younger_than is None or age < timedelta(days=younger_than):
                return self.now - document.last_seen >= timedelta(days=days)
        return True
