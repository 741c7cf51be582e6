"""What the text says against what the table says: the same figure, or one indicator of the cross-walk under the codes of two forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from giar_crawler.items import Figure, Finding, Report
from pipelines.findings import finding, without_blame
from pipelines.statistics.forms import Operand
from pipelines.statistics.forms.crosswalk import CONCEPTS, crosswalk

# Against a number that is less sure nobody is held.
SURE = 0.9
PRINTED = re.compile(r"(?<![\d.])(?P<digits>\d{1,15}(?:\.(?P<decimals>\d{1,6}))?)(?P<scale>[万亿])?(?P<yuan>元)?")
SCALES = {None: 1, "万": 10_000, "亿": 100_000_000}
Pair = tuple[Sequence[Operand], Sequence[Operand]]


def disagreements(report: Report, preferred: Mapping[str, Figure]) -> Iterator[Finding]:
    """A finding for each figure that sentences and tables of a record state differently, as exactly as the sentence states it.

    `preferred` are those of its figures by name.
    Two codes are compared only where the cross-walk has both with grade A: the same concept in the same unit.
    """
    if report.form is None:
        return
    stated = {figure.name: figure for figure in report.figures if figure.source == "prose"}
    if not stated:
        return
    tabled = {name: figure for name, figure in preferred.items() if figure.source in ("table", "attachment")}
    rough = {name for remark in report.findings if remark.code == "prose_approximate" for name in remark.figures}
    for in_prose, in_table in _comparable(report.form, stated):
        prose, table = _numbers(in_prose, stated), _numbers(in_table, tabled)
        if not prose or not table or any(figure.confidence < SURE and figure.name not in rough for _, figure in prose):
            continue
        tolerance = sum(_tolerance(figure, rough=figure.name in rough) for _, figure in prose)
        difference = abs(_total(prose) - _total(table))
        if difference and difference >= tolerance:
            yield _disagreement(prose, table)


def _comparable(form: str, stated: Mapping[str, Figure]) -> Iterator[Pair]:
    """Operands that sentences state, with those of the table that are the same."""
    for name in stated:
        yield [Operand(1, name)], [Operand(1, name)]
    if form == CONCEPTS:
        return
    for indicator in crosswalk().indicators.values():
        ours, theirs = indicator.forms.get(CONCEPTS), indicator.forms.get(form)
        if ours and theirs and not theirs.prose and ours.grade == theirs.grade == "A":
            yield ours.operands, theirs.operands


def _numbers(operands: Sequence[Operand], figures: Mapping[str, Figure]) -> list[tuple[int, Figure]]:
    """The figures of a sum with their signs; nothing where one of them has no number."""
    found = [(operand.sign, figures[operand.figure]) for operand in operands if operand.figure in figures]
    return found if len(found) == len(operands) and all(figure.value is not None for _, figure in found) else []


def _total(numbers: Sequence[tuple[int, Figure]]) -> Decimal:
    return sum((sign * Decimal(figure.value) for sign, figure in numbers if figure.value is not None), Decimal(0))


def _tolerance(figure: Figure, *, rough: bool) -> Decimal:
    """One unit of the last digit that a sentence prints of a rounded number (1.2万, 5.2万元, 约300); nothing for a number printed whole."""
    value = Decimal(figure.value or 0)
    text = "".join(unicodedata.normalize("NFKC", figure.raw).replace(",", "").split())
    for match in PRINTED.finditer(text):
        number, scale = Decimal(match["digits"]), SCALES[match["scale"]]
        unit = Decimal(10) ** -len(match["decimals"] or "")
        if match["yuan"] and scale > 1 and number == value:
            return unit
        if scale > 1 and number * scale == value:
            return unit * scale
    # Of 约1200 the zeros are not meant.
    zeros = len(str(int(value))) - len(str(int(value)).rstrip("0")) if rough and value and value == int(value) else 0
    return Decimal(10) ** zeros if rough else Decimal(0)


def _disagreement(prose: Sequence[tuple[int, Figure]], table: Sequence[tuple[int, Figure]]) -> Finding:
    said = "; ".join(dict.fromkeys(figure.raw for _, figure in prose))
    printed = " + ".join(figure.raw for _, figure in table)
    remark = finding("prose_disagrees", [figure.name for _, figure in (*prose, *table)], prose=said[:80], table=printed)
    if any(figure.confidence < SURE for _, figure in (*prose, *table)):
        without_blame(remark)
    return remark
