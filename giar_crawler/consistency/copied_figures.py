"""Tables whose numbers are those of last year's report or of another office's."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from giar_crawler.consistency.limits import limits
from giar_crawler.consistency.said import Remark, Said, remark
from pipelines.statistics.forms import Form, forms

# So much of the end of an organ's name tells its kind (财政局), and stands in titles that leave out the place.
KIND = 3
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a report that is not alike by chance: its id, the digest of its numbers, and its cells that are not zero."""

    id: str
    digest: bytes
    cells: tuple[str, ...]


def tables(said: Said) -> Iterator[Table]:
    """The telling tables of a report. Zeros are left out: one office prints them, another leaves the cell empty."""
    if said.form is None:
        return
    known = limits().copied_figures
    for table, names in _cells(forms()[said.form]):
        numbers = {name: said.numbers[name] for name in names if said.numbers.get(name)}
        if len(numbers) >= known.cells and len(set(numbers.values())) >= known.values:
            words = "\n".join(f"{name}={Decimal(number).normalize():f}" for name, number in numbers.items())
            yield Table(table, hashlib.blake2b(f"{table}\n{words}".encode(), digest_size=12).digest(), tuple(numbers))


@cache
def _cells(form: Form) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The names of each table's cells, in one order whatever the form."""
    return tuple((table.id, tuple(sorted(cell.name for cell in table.cells.values()))) for table in form.tables)


def last_year_remarks(before: Said, now: Said) -> Iterator[Remark]:
    """A remark on the later of two adjacent years for each telling table that is the earlier one's."""
    if not (before.year_told and now.year_told):
        return
    earlier = {table.digest for table in tables(before)}
    for table in tables(now):
        if table.digest in earlier:
            clean = now.is_clean(table.cells) and before.is_clean(table.cells)
            facts = {"table": table.id, "count": len(table.cells), "year": before.year, "address": before.url}
            yield remark("figures_of_last_year", now.document_url, table.cells, clean=clean, **facts)


@dataclass(frozen=True, slots=True)
class Entry:
    """A telling table in the ledger of all reports: as little as a remark on it needs."""

    table: str
    cells: tuple[str, ...]
    document_url: str
    url: str
    publisher: str
    scope: str | None
    place: str | None
    year: int
    title: str
    clean: bool


def entries(said: Said, place: str | None) -> Iterator[tuple[bytes, Entry]]:
    """The telling tables of a report whose title names its publisher: otherwise one report may bear two names."""
    if said.publisher[-KIND:] not in said.title:
        return
    title = _DIGITS.sub("0", said.title)
    for table in tables(said):
        facts = (said.document_url, said.url, said.publisher, said.scope, place, said.year, title, said.is_clean(table.cells))
        yield table.digest, Entry(table.id, table.cells, *facts)


def other_office_remarks(same: Sequence[Entry]) -> Iterator[tuple[Entry, Entry, bool]]:
    """Of tables with the same numbers each that another office has too: with the earliest other one, and whether the later is to blame.

    Of two reports of one year nobody knows which was there first.
    """
    ordered = sorted(same, key=lambda entry: (entry.year, entry.url))
    for entry in ordered:
        other = next((one for one in ordered if one.year <= entry.year and _is_another(entry, one)), None)
        if other is not None:
            yield entry, other, other.year < entry.year and entry.clean and other.clean


def _is_another(one: Entry, other: Entry) -> bool:
    """Whether two reports are those of two offices, and not one report under two names."""
    if one.publisher == other.publisher or one.title == other.title:
        return False
    government = {"consolidated", "office"}
    return one.place is None or one.place != other.place or not government.issuperset({one.scope, other.scope})
