"""What has to be kept of every report to compare it with those of other publishers: digests and a few numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from giar_crawler.consistency.copied_figures import Entry, entries, other_office_remarks
from giar_crawler.consistency.departments import Share, share, shortfalls
from giar_crawler.consistency.said import Remark, Said, remark


class Ledger:
    """All reports that were entered; the remarks do not depend on their order."""

    def __init__(self) -> None:
        self._tables: dict[bytes, list[Entry]] = defaultdict(list)
        self._areas: dict[tuple[str, int], list[Share]] = defaultdict(list)

    def enter(self, said: Said, place: str | None) -> None:
        """Notes the report that stands for a publisher's year; `place` is the id of the unit that it belongs to."""
        for digest, entry in entries(said, place):
            self._tables[digest].append(entry)
        if place is not None and (part := share(said)) is not None:
            self._areas[place, said.year].append(part)

    def remarks(self) -> Iterator[Remark]:
        """The remarks on all that was entered."""
        for same in self._tables.values():
            for entry, other, sure in other_office_remarks(same):
                facts = {"table": entry.table, "count": len(entry.cells), "publisher": other.publisher}
                about = {"year": other.year, "address": other.url}
                yield remark("figures_of_other_office", entry.document_url, entry.cells, clean=sure, **facts, **about)
        for shares in self._areas.values():
            for short in shortfalls(shares):
                facts = {"figure": short.figure, "number": short.number, "total": short.total, "count": len(short.parts)}
                url = short.whole.document_url
                yield remark("consolidated_below_departments", url, [short.figure], clean=True, **facts, parts=short.evidence)
