"""The errata from one release to a newer one: every report, figure and value of the panel that was added, removed or changed, and why.

Made of the packages alone. Both are brought together by address, then their panels by publisher and year; what is in memory is one report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from giar_crawler.export.columns import table
from giar_crawler.export.files import Row
from giar_crawler.release import documents
from giar_crawler.release.causes import Cause
from giar_crawler.release.merging import Workshop
from giar_crawler.release.opened import Opened
from giar_crawler.release.panel import panel

KINDS = ("report", "figure", "panel")
CHANGES = ("added", "removed", "changed")
# What the releases were made of, of which a digest is known.
MADE_OF = ("register", "corrections", "gazetteer", "archive")
_NOTHING: Row = dict.fromkeys(table("errata").names)


@dataclass(slots=True)
class Errata:
    """The rows of the errata, to be read once; what they amount to is counted on the way.

    `counts` is by class, kind and change; `pages` says how many archived answers both have, and one alone.
    """

    old: Opened
    new: Opened
    workshop: Workshop
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows():
            self.counts[row["class"], row["kind"], row["change"]] += 1
            told = {name: None if value == "" else value for name, value in row.items()}
            yield _NOTHING | told | {"report_year": int(row["report_year"]) if row["report_year"] else None}

    def _rows(self) -> Iterator[Row]:
        fates = self.workshop.shelf()
        for _, old, new, series in documents.documents(self.old, self.new, self.workshop):
            self.pages += documents.only(old, new)
            documents.fates(old, new, series, fates)
            yield from documents.changes(old, new)
        yield from panel(self.old, self.new, fates, self.workshop)

    def summary(self) -> dict[str, Any]:
        """What the errata amount to, and what the releases were made of where they differ in it; once all rows were read."""
        made = {name: "same" if self.old.facts[name] == self.new.facts[name] else "other" for name in MADE_OF}
        versions = {side: sorted(one.facts["parser_versions"]) for side, one in (("old", self.old), ("new", self.new))}
        lines = [
            {"class": str(cause), "kind": kind, **{change: self.counts[cause, kind, change] for change in CHANGES}}
            for cause in Cause
            for kind in KINDS
        ]
        return {
            "old": self.old.tag,
            "new": self.new.tag,
            "made_of": made,
            "parser_versions": versions,
            "pages": {name: self.pages[name] for name in ("both", "only_old", "only_new")},
            "errata": [line for line in lines if any(line[change] for change in CHANGES)],
        }
