"""A government's report below the sum of what its departments and towns report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from giar_crawler.consistency.copied_figures import tables
from giar_crawler.consistency.limits import limits
from giar_crawler.consistency.said import Said
from giar_crawler.items import Number

WHOLE = "consolidated"
PARTS = ("department", "township", "office")
# So many of the parts are named in a remark, the largest first.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Share:
    """What one report of an area contributes: its soundly read numbers, in the order of the figures in `limits.yaml`.

    `tables` are the digests of its telling tables.
    """

    document_url: str
    url: str
    publisher: str
    scope: str
    form: str
    numbers: tuple[Number | None, ...]
    tables: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A figure of a government's report, the sum of its parts, and these."""

    whole: Share
    figure: str
    number: Number
    total: Number
    parts: Sequence[tuple[Number, Share]]

    @property
    def evidence(self) -> str:
        """The largest parts with their addresses."""
        words = [f"{share.publisher} {number} ({share.url})" for number, share in self.parts[:NAMED]]
        return "; ".join([*words, *(["…"] if len(self.parts) > NAMED else [])])


def share(said: Said) -> Share | None:
    """What a report contributes, `None` where it is no organ's of the area, or nothing in it is sure."""
    known = limits().departments
    if said.form not in known.forms or said.scope not in (WHOLE, *PARTS) or said.gone or known.leave_out.search(said.publisher):
        return None
    numbers = tuple(said.numbers.get(name) if said.is_clean([name]) else None for name in known.figures)
    if said.form is None or said.scope is None or not any(number is not None for number in numbers):
        return None
    return Share(
        said.document_url, said.url, said.publisher, said.scope, said.form, numbers, frozenset(table.digest for table in tables(said))
    )


def shortfalls(shares: Sequence[Share]) -> Iterator[Shortfall]:
    """What is missing in the only government's report of one area and year; of several nobody knows whose the parts are."""
    wholes = [one for one in shares if one.scope == WHOLE]
    if len(wholes) != 1:
        return
    (whole,) = wholes
    known = limits().departments
    rest = list(_distinct(whole, sorted((one for one in shares if one.form == whole.form), key=lambda one: one.url)))
    for place, figure in enumerate(known.figures):
        own = whole.numbers[place]
        parts = sorted(((number, one) for one in rest if (number := one.numbers[place])), key=lambda part: (-part[0], part[1].url))
        total = sum(number for number, _ in parts)
        if own is not None and parts and known.distance.between(float(own), float(total)):
            yield Shortfall(whole, figure, own, total, parts)


def _distinct(whole: Share, shares: Sequence[Share]) -> Iterator[Share]:
    """The parts, without those that print the whole's numbers or an earlier part's: one report may be posted under several names."""
    known = set(whole.tables)
    for one in shares:
        if one.scope != WHOLE and one.numbers != whole.numbers and known.isdisjoint(one.tables):
            known |= one.tables
            yield one
