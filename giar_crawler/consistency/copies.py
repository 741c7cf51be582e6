"""Two addresses of one report that print different numbers."""

from __future__ import annotations

from collections.abc import Iterator

from giar_crawler.consistency.limits import limits
from giar_crawler.consistency.said import Remark, Said, Year, remark


def copies_remarks(year: Year) -> Iterator[Remark]:
    """One remark on the report that stands for the year for each other address with other numbers."""
    for other in year.others:
        yield from _disagreement(year.said, other)


def _disagreement(chosen: Said, other: Said) -> Iterator[Remark]:
    if chosen.form is None or chosen.form != other.form or chosen.gone or other.gone:
        return
    # What a reviewer has settled is settled.
    settled = chosen.corrected | other.corrected
    both = [cell for cell in chosen.numbers if cell in other.numbers and cell not in settled]
    telling = [cell for cell in both if chosen.numbers[cell] or other.numbers[cell]]
    differing = [cell for cell in telling if chosen.numbers[cell] != other.numbers[cell]]
    known = limits().copies
    if not differing or len(telling) < known.cells or len(telling) - len(differing) < known.share * len(telling):
        return
    yield remark(
        "copies_disagree",
        chosen.document_url,
        differing,
        clean=chosen.is_clean(differing) and other.is_clean(differing),
        address=other.url,
        values="; ".join(f"{cell} = {chosen.numbers[cell]}, {other.numbers[cell]}" for cell in differing),
    )
