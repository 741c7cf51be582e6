"""Which of several rows of values under one header is the report's, in a matrix that has one row in the form."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from pipelines.decode.document import TableCell
from pipelines.statistics.labels import LabelIndex, key
from pipelines.statistics.matching import Unlabelled
from pipelines.statistics.parts import TOTALS

YEAR_HEADERS = frozenset(("年度", "年份"))
_YEAR = re.compile(r"((?:19|20)\d\d)年?度?")


def own_rows(rows: Iterable[Unlabelled], index: LabelIndex, report_year: int | None) -> list[Unlabelled]:
    """The rows, of several filled ones under one header that of the report year, or else their printed total.

    Where neither is among them and they differ (offices, years, quarters without a name), one row that has all their cells in each.
    """
    under: dict[int, list[Unlabelled]] = defaultdict(list)
    for row in rows:
        under[id(row.header)].append(row)
    return [one for group in under.values() for one in _own(group, index, report_year)]


def _own(rows: list[Unlabelled], index: LabelIndex, report_year: int | None) -> list[Unlabelled]:
    filled = [row for row in rows if any(cell.clean for cell in row.values)]
    if len({len(row.values) for row in filled}) != 1 or len(filled) == 1:
        return rows
    # Under 年度 stands a year, elsewhere perhaps a count.
    by_year = key(rows[0].header.rows[0].own[0].clean) in YEAR_HEADERS
    names = ["" if index.said(row.values[0].clean).is_value and not by_year else row.values[0].clean for row in filled]
    years = [int(dated[1]) if (dated := _YEAR.fullmatch(name)) else None for name in names]
    for own in ([year is not None and year == report_year for year in years], [name in TOTALS for name in names]):
        if sum(own) == 1:
            return [filled[own.index(True)]]
    columns = list(zip(*(row.values for row in filled), strict=True))
    if all(len({cell.clean for cell in column}) == 1 for column in columns):
        return rows
    return [Unlabelled([_joined(column) for column in columns], filled[0].header)]


def _joined(cells: tuple[TableCell, ...]) -> TableCell:
    text = " | ".join(cell.raw for cell in cells)
    return replace(cells[0], raw=text, clean=text)
