"""One publisher's reports over the years, each against those beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from giar_crawler.consistency.carried import carried_remarks
from giar_crawler.consistency.copied_figures import last_year_remarks
from giar_crawler.consistency.copied_prose import prose_remarks
from giar_crawler.consistency.copies import copies_remarks
from giar_crawler.consistency.magnitudes import magnitude_remarks
from giar_crawler.consistency.said import Remark, Year


def series_remarks(years: Mapping[int, Year]) -> Iterator[Remark]:
    """All remarks on the years of one publisher, scope and place."""
    for number, year in sorted(years.items()):
        yield from copies_remarks(year)
        if before := years.get(number - 1):
            yield from carried_remarks(before.said, year.said)
            yield from last_year_remarks(before.said, year.said)
            yield from prose_remarks(before.said, year.said)
    yield from magnitude_remarks(years)
