"""A figure as a reviewer gives it: a place of a form and what stands there, both tested against the form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import get_args

from giar_crawler.items import Figure, FigureStatus, Number
from pipelines.statistics.forms import FormCell, forms
from pipelines.statistics.forms.crosswalk import crosswalk
from pipelines.statistics.forms.model import ValueType
from pipelines.statistics.numbers import exact

NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?", re.ASCII)
WORDS = tuple(status for status in get_args(FigureStatus) if status != "number")
WHOLE: frozenset[ValueType] = frozenset({"int", "signed_int"})


@dataclass(slots=True, frozen=True)
class Reviewed:
    """What a reviewer says stands in a cell: its value in the unit of the form, or a status without one."""

    indicator: str
    column: str | None
    value: Number | None
    status: FigureStatus
    unit: str | None


def shown(value: Number | None, status: str) -> str:
    """A figure in one word: its value where it is a number, else its status."""
    return str(value) if status == "number" else status


def review(name: str, words: str, form: str | None, figures: Iterable[Figure]) -> Reviewed:
    """The reviewed figure `name` (`INDICATOR` or `INDICATOR[COLUMN]`) of a report in this form, with these figures.

    Raises ValueError for a figure that neither the form nor the report has, and for a value that cannot stand there; the message says what
    can.
    """
    cell = _cells(form, figures).get(name)
    if cell is None:
        raise ValueError(_unknown(name, form, list(_cells(form, figures))))
    words = words.strip()
    if words in WORDS:
        return Reviewed(cell.indicator, cell.column, None, words, cell.unit)  # type: ignore[arg-type]
    unit = f" in {cell.unit}" if cell.unit else ""
    if not NUMBER.fullmatch(words):
        raise ValueError(f"{name}: {words!r} is neither a number{unit} (plain digits) nor one of {', '.join(WORDS)}")
    value = -exact(words[1:]) if words.startswith("-") else exact(words)
    if cell.value_type in WHOLE and value != int(value):
        raise ValueError(f"{name}: {words} is not whole, as the form has it there")
    if cell.value_type == "int" and value < 0:
        raise ValueError(f"{name}: {words} is negative, and the form counts there")
    return Reviewed(cell.indicator, cell.column, value, "number", cell.unit)


def unit_of(name: str, form: str | None) -> str | None:
    """The unit in which the form counts a figure, as `review` has it; `None` where it names none."""
    cell = _cells(form, ()).get(name)
    return cell.unit if cell else None


def _cells(form: str | None, figures: Iterable[Figure]) -> dict[str, FormCell]:
    """The cells of the form; without one those of the forms with whose terms prose is read; and what sentences of the report state."""
    every = {cell.name: cell for known in reversed(forms().values()) for table in known.tables for cell in table.cells.values()}
    ids = crosswalk().without_form if form is None else (form,)
    own = {cell.name: cell for known in reversed(ids) for table in forms()[known].tables for cell in table.cells.values()}
    return {figure.name: every[figure.name] for figure in figures if figure.name in every} | own


def _unknown(name: str, form: str | None, known: list[str]) -> str:
    whose = f"the form {form}" if form else "a report without a table"
    columns = [other for other in known if other.startswith(f"{name}[")]
    if columns:
        return f"{name!r} names no cell: {whose} has {', '.join(columns)}"
    near = get_close_matches(name, known, n=3)
    return f"{whose} has no figure {name!r}; {'near are ' if near else 'it has, for example, '}{', '.join(near or known[:3])}"
