"""What one year carries on from the year before: what it began with has to be what that one ended with."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from giar_crawler.consistency.said import Remark, Said, remark
from pipelines.statistics.forms import Form, forms


def carried_remarks(before: Said, now: Said) -> Iterator[Remark]:
    """One remark on the later of two adjacent years, with all figures in which it disagrees with the earlier."""
    if now.form is None or not (before.year_told and now.year_told):
        return
    pairs = [
        (own, last)
        for own, last in _carried(forms()[now.form])
        if now.numbers.get(own, 0) != before.numbers.get(last, 0) and own in now.numbers and last in before.numbers
    ]
    if pairs:
        owns, lasts = zip(*pairs, strict=True)
        yield remark(
            "carried_over_disagrees",
            now.document_url,
            owns,
            clean=now.is_clean(owns) and before.is_clean(lasts),
            year=before.year,
            address=before.url,
            values="; ".join(f"{own} = {now.numbers[own]}, {last} = {before.numbers[last]}" for own, last in pairs),
        )


@cache
def _carried(form: Form) -> tuple[tuple[str, str], ...]:
    """The figures that a form says to be equal to one of last year's; a balance of several is left to the checks of plausibility."""
    return tuple(
        (relation.left[0].figure, relation.right[0].figure)
        for check in form.checks
        for relation in check.relations
        if relation.operator == "=" and len(relation.operands) == 2 and relation.right[0].previous
    )
