"""The short names of wide tables, one for each indicator of the cross-walk and each cell of the forms, from `names.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.data import DataError, load
from pipelines.statistics.forms import Form, FormTable, Row, forms
from pipelines.statistics.forms.crosswalk import crosswalk

# Statistics programs have 32 characters for a name; users put something behind it.
LONGEST = 28


@dataclass(slots=True, frozen=True)
class Cell:
    """A cell of a form: its figure as one word, its short name, its official heading, its meaning, and its unit there.

    `row` has all that stands before the cell and above its row, `over` all that stands over it (empty where that says nothing); `zh` is
    what tells it apart and fits in a label.
    """

    figure: str
    name: str
    row: str
    over: str
    zh: str
    en: str
    unit: str | None
    form: Form
    table: FormTable

    @property
    def heading(self) -> str:
        """All that stands above and before the cell."""
        return " / ".join(part for part in (self.row, self.over) if part)


@cache
def _data() -> dict[str, Any]:
    table = {"prefix": str, "rows": {"*": [str]}, "columns": {"*": [str]}}
    data: dict[str, Any] = load(Path(__file__).with_name("names.yaml"), {"indicators": {"*": str}, "cells": {"*": table}})
    return data


@cache
def indicator_names() -> dict[str, str]:
    """The short name of every indicator by its code, in the order of the cross-walk."""
    shorter = _data()["indicators"]
    return _sound({code: shorter.get(code, code) for code in crosswalk().indicators})


@cache
def cells() -> dict[str, dict[str, Cell]]:
    """The cells of every form by form and figure; the same figure has the same short name in all. Raises DataError for one without."""
    found: dict[str, dict[str, Cell]] = {}
    for form in forms().values():
        found[form.id] = {cell.figure: cell for table in form.tables for cell in _cells(form, table)}
    _sound({figure: cell.name for in_form in found.values() for figure, cell in in_form.items()})
    return found


def _cells(form: Form, table: FormTable) -> list[Cell]:
    known = _data()["cells"][table.id]
    made = []
    for (row_code, column_code), cell in table.cells.items():
        row = next((row for row in table.rows if row.code == row_code), None)
        column = next(column for column in table.columns if column.code == column_code)
        try:
            parts = [known["rows"][row_code]] if row_code else []
            parts.append(known["columns"][column_code])
        except KeyError as error:
            raise DataError(f"names.yaml: cells.{table.id}: {error.args[0]} has no name") from None
        own = [row.label] if row else []
        over = [label for label in column.path if label not in own] if parts[-1][0] else []
        name = "_".join([known["prefix"], *(short for short, _ in parts if short)])
        meaning = ", ".join(words for _, words in parts if words)
        before = " / ".join([*_above(table, row), *own])
        made.append(Cell(cell.name, name, before, " / ".join(over), " / ".join([*own, *over]), meaning, cell.unit, form, table))
    return made


def _above(table: FormTable, row: Row | None) -> list[str]:
    """The labels of the rows that a row belongs to, the outermost first."""
    by_code = {one.code: one for one in table.rows}
    labels: list[str] = []
    while row and row.parent:
        row = by_code[row.parent]
        labels.insert(0, row.label)
    return labels


def _sound(names: dict[str, str]) -> dict[str, str]:
    """The names. Raises DataError where one is too long or stands for two things."""
    for code, name in names.items():
        if len(name) > LONGEST or not name.isidentifier():
            raise DataError(f"names.yaml: {name} for {code} is no name of at most {LONGEST} characters")
    if len(set(names.values())) < len(names):
        raise DataError("names.yaml: a name stands for two things")
    return names
