"""What a form is: tables of rows and columns with their labels, and the relations that its figures must keep."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Layout = Literal["list", "matrix", "single_row_matrix"]
ValueType = Literal["int", "signed_int", "decimal", "money"]
CheckKind = Literal["identity", "bound", "sum_of_known_parts", "value_type"]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a form. Only `kind == "value"` carries figures; a header row names a group. `number` is its place in the table, from 0."""

    number: int
    code: str
    label: str
    aliases: tuple[str, ...]
    kind: Literal["value", "header"]
    parent: str | None
    unit: str | None
    value_type: ValueType | None


@dataclass(frozen=True, slots=True)
class Column:
    """A value column of a form; `path` are the header labels above it and its own, outermost first."""

    number: int
    code: str
    label: str
    aliases: tuple[str, ...]
    path: tuple[str, ...]
    unit: str | None
    value_type: ValueType | None


@dataclass(frozen=True)
class FormTable:
    """A table of a form: a list (one row per indicator), a matrix, or a matrix of one row without a label."""

    id: str
    layout: Layout
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    unit: str | None

    @cached_property
    def value_rows(self) -> tuple[Row, ...]:
        """The rows that carry figures."""
        return tuple(row for row in self.rows if row.kind == "value")

    def figure(self, row: Row | None, column: Column) -> tuple[str, str | None]:
        """Indicator and column code of a cell, in the notation of the record."""
        if row is None:
            return f"{self.id}.{column.code}", None
        if self.layout == "matrix":
            return f"{self.id}.{row.code}", column.code
        return row.code, column.code if len(self.columns) > 1 else None

    def unit_of(self, row: Row | None, column: Column) -> str | None:
        """The unit of a cell: the column's, else the row's, else the table's."""
        return column.unit or (row.unit if row else None) or self.unit

    def type_of(self, row: Row | None, column: Column) -> ValueType:
        """The value type of a cell: the column's, else the row's."""
        return column.value_type or (row.value_type if row and row.value_type else "int")


@dataclass(frozen=True, slots=True)
class Operand:
    """A figure of a relation with its sign; `previous` means the same publisher's report of the year before."""

    sign: int
    figure: str
    previous: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation between figures, for one row or column: both sides and the operator between them."""

    left: tuple[Operand, ...]
    operator: Literal["=", "<=", ">="]
    right: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A check of a form; `relations` are its instances over rows or columns. `of` names the identity whose known parts it sums."""

    id: str
    kind: CheckKind
    severity: Literal["hard", "soft"]
    of: str | None
    relations: tuple[Relation, ...]


@dataclass(frozen=True)
class Form:
    """A statutory form: its years, tables, relations; `types` maps every figure that it has to its value type."""

    id: str
    title: str
    first_year: int
    last_year: int | None
    tables: tuple[FormTable, ...]
    checks: tuple[Check, ...]

    @cached_property
    def types(self) -> dict[str, ValueType]:
        """Value type by figure, for every figure of the form."""
        return {
            f"{indicator}[{code}]" if code else indicator: table.type_of(row, column)
            for table in self.tables
            for row in (table.value_rows or (None,))
            for column in table.columns
            for indicator, code in (table.figure(row, column),)
        }
