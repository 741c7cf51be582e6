"""Jumps of orders of magnitude: a value far off those of the years around it, which agree with each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from giar_crawler.consistency.limits import Distance, limits
from giar_crawler.consistency.said import Indicator, Remark, Said, Year, remark
from pipelines.statistics.forms.crosswalk import crosswalk

# The years that show what is usual, the best evidence first: those on both sides, at the ends the two that are nearest.
AROUND = ((-1, 1), (-2, -1), (1, 2))


def magnitude_remarks(years: Mapping[int, Year]) -> Iterator[Remark]:
    """One remark for each report with a value that is off, with all such values."""
    told = {year: one.said for year, one in sorted(years.items()) if one.said.year_told}
    for said in told.values():
        jumps = [(code, own, around) for code, own in said.indicators.items() if (around := _jump(code, said, told))]
        if jumps:
            words = (
                f"{code} = {own.value} ({', '.join(f'{at.year}: {_of(at, code).value}' for at in around)})" for code, own, around in jumps
            )
            seen = sorted({at.year: at.url for _, _, around in jumps for at in around}.items())
            yield remark(
                "magnitude_jump",
                said.document_url,
                [cell for _, own, _ in jumps for cell in own.cells],
                clean=False,
                values="; ".join(words),
                addresses="; ".join(f"{year}: {url}" for year, url in seen),
            )


def _of(said: Said, code: str) -> Indicator:
    return said.indicators[code]


def _jump(code: str, said: Said, told: Mapping[int, Said]) -> Sequence[Said]:
    """The years around, where the value is far off theirs."""
    own = said.indicators[code]
    distance = limits().magnitudes.units.get(own.unit or "")
    if distance is None or own.value < 0 or not said.is_clean(own.cells):
        return ()
    there = {offset: told[said.year + offset] for offset in (-2, -1, 1, 2) if _compares(code, said, told.get(said.year + offset))}
    for offsets in AROUND:
        if all(offset in there for offset in offsets):
            around = [there[offset] for offset in offsets]
            return around if _is_off(float(own.value), [float(_of(at, code).value) for at in around], distance) else ()
    # Of two years alone the later one is remarked on.
    if set(there) & {-1, 1} == {-1}:
        single = Distance(max(distance.factor, limits().magnitudes.alone), distance.difference)
        return [there[-1]] if _is_off(float(own.value), [float(_of(there[-1], code).value)], single) else ()
    return ()


def _compares(code: str, said: Said, other: Said | None) -> bool:
    """Whether the other report has the indicator in the same sense and unit, soundly read."""
    if other is None or code not in other.indicators or said.form is None or other.form is None:
        return False
    own, its = said.indicators[code], other.indicators[code]
    same = said.form == other.form or crosswalk().indicators[code].comparability(said.form, other.form) == "A"
    return same and own.unit == its.unit and its.value >= 0 and other.is_clean(its.cells)


def _is_off(value: float, around: Sequence[float], distance: Distance) -> bool:
    """Whether it is far above or below all of them, and they agree. Above nothing there is no order of magnitude."""
    least, most = min(around), max(around)
    if most > limits().magnitudes.agreement * least:
        return False
    return (most > 0 and distance.between(most, value)) or distance.between(value, least)
