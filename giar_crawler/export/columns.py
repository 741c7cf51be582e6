"""What the columns of an export are: their order, types and meanings, as `columns.yaml` has them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from pipelines.data import DataError, load

Type = Literal["text", "integer", "number", "key", "boolean", "date", "instant"]


@dataclass(slots=True, frozen=True)
class Column:
    """A column: its name, the type of its values, and what they mean, in Chinese and in English.

    `reasons`: a cell without a value holds a `Gap` that says why.
    """

    name: str
    type: Type
    zh: str
    en: str
    reasons: bool = False


@dataclass(slots=True, frozen=True)
class Gap:
    """A cell without a value, and why: one of the closed set of `reasons()`."""

    reason: str


@dataclass(slots=True, frozen=True)
class Reason:
    """Why a value is missing; statistics programs have a letter for it (`.a`)."""

    code: str
    letter: str
    zh: str
    en: str


@dataclass(slots=True, frozen=True)
class Table:
    """A table to write: its name, which is that of its export, and its columns."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(column.name for column in self.columns)


def _type(word: object) -> Type:
    if word not in get_args(Type):
        raise ValueError(f"{word!r} is none of {', '.join(get_args(Type))}")
    return cast("Type", word)


@cache
def _data() -> dict[str, Any]:
    column = {"type": _type, "zh": str, "en": str}
    shape = {
        "columns": {"*": column},
        "tables": {"*": [str]},
        "own": {"*": {"*": column}},
        "missing": {"*": {"letter": str, "zh": str, "en": str}},
    }
    data: dict[str, Any] = load(Path(__file__).with_name("columns.yaml"), shape)
    return data


@cache
def table(kind: str) -> Table:
    """The table of an export. Raises DataError for a column that nothing is said of."""
    data = _data()
    known = data["columns"] | data["own"].get(kind, {})
    if unknown := [name for name in data["tables"][kind] if name not in known]:
        raise DataError(f"columns.yaml: tables.{kind}: {', '.join(unknown)}: not in columns")
    return Table(kind, tuple(Column(name, **known[name]) for name in data["tables"][kind]))


@cache
def reasons() -> dict[str, Reason]:
    """Why a value may be missing, by code, in the order of the letters."""
    return {code: Reason(code, **entry) for code, entry in _data()["missing"].items()}
