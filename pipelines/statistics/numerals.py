"""Tables whose figures are written in Chinese numerals: the same tables with digits, for another reading.

One cell says nothing: `一` is a dash in many tables, `三` a number of a row. What stands behind a label, in a table that has other numerals
there, is a figure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipelines.decode.document import Table, TableCell
from pipelines.findings import finding
from pipelines.statistics.figures import Figures
from pipelines.statistics.labels import LabelIndex
from pipelines.statistics.numbers import UNITS

_NUMBERS = "零一二三四五六七八九"
_STEPS = ((10_000, "万"), (1_000, "千"), (100, "百"), (10, "十"))
_NUMERAL = re.compile(rf"(?P<numeral>[{_NUMBERS}〇两十百千万]{{1,15}})(?P<unit>{UNITS})?")
# 十二 is 一十二, 一百十二 is 一百一十二.
_BARE_TEN = re.compile("(?<![一二三四五六七八九])十")


def _written(number: int) -> str:
    """A number below a hundred million in Chinese."""
    if number < len(_NUMBERS):
        return _NUMBERS[number]
    step, name = next((step, name) for step, name in _STEPS if number >= step)
    high, low = divmod(number, step)
    # 一百零五: what is left out is said once.
    return f"{_written(high)}{name}{'零' if 0 < low < step // 10 else ''}{_written(low) if low else ''}"


def number_said(text: str) -> int | None:
    """The number that a whole text says in Chinese; `None` where it is not written by the rules, as in 一百五 or 二零一.

    >>> number_said("一百零五"), number_said("一百五")
    (105, None)
    """
    text = _BARE_TEN.sub("一十", text.replace("〇", "零").replace("两", "二"))
    total = part = digit = 0
    for character in text:
        step = next((step for step, name in _STEPS if name == character), 0)
        if not step:
            digit = _NUMBERS.find(character)
        elif step == _STEPS[0][0]:
            total, part, digit = (part + digit) * step, 0, 0
        else:
            part, digit = part + digit * step, 0
    number = total + part + digit
    return number if 0 <= number < _STEPS[0][0] ** 2 and _written(number) == text else None


def _digits(cell: TableCell) -> TableCell | None:
    match = _NUMERAL.fullmatch("".join(cell.clean.split()))
    # 三万 of things is a rounded number, as 3万 is.
    rounded = match is not None and match["numeral"].endswith("万") and match["unit"] != "元"
    number = number_said(match["numeral"]) if match and not rounded else None
    return None if match is None or number is None else replace(cell, clean=f"{number}{match['unit'] or ''}")


def _figures(row: Sequence[TableCell], index: LabelIndex) -> range:
    """The places of a row where figures stand: behind its last label, or everywhere in a row that has none."""
    said = index.said_in(row)
    labels = [place for place, one in enumerate(said) if one.rows]
    if labels:
        return range(labels[-1] + 1, len(row))
    return range(len(row)) if all(one.is_value or _digits(cell) for one, cell in zip(said, row, strict=True)) else range(0)


def with_digits(table: Table, index: LabelIndex, _report_year: int | None) -> Table | None:
    """The table with digits for the Chinese numerals of its figures; `None` where it has none."""
    places = [_figures(row, index) for row in table.rows]
    texts = Counter(cell.clean for row, held in zip(table.rows, places, strict=True) for cell in row[held.start : held.stop])
    numerals = {text: count for text, count in texts.items() if _digits(TableCell(text, text))}
    numbers = sum(count for text, count in texts.items() if text not in numerals and index.said(text).is_number)
    # One among digits may be a slip, and 一 alone a dash.
    if sum(numerals.values()) <= numbers or numerals.keys() == {"一"}:
        return None
    rows = []
    for row, held in zip(table.rows, places, strict=True):
        rows.append([(_digits(cell) if place in held else None) or cell for place, cell in enumerate(row)])
    return replace(table, rows=rows)


def doubt_ones(figures: Figures) -> None:
    """Makes 一 unreadable where other figures are numerals that were not read: it may be one, or a dash."""
    ones = [figure for figure in figures.by_name.values() if figure.status == "dash" and figure.raw == "一"]
    if ones and any(figure.status == "unreadable" and number_said(figure.raw) for figure in figures.by_name.values()):
        for figure in ones:
            figure.status, figure.confidence = "unreadable", 0.0
            figures.findings.append(finding("cell_unreadable", [figure.name], raw=figure.raw))
