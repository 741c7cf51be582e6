"""What a form is: tables of rows and columns with their labels, and the relations that its figures must keep."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Layout = Literal["list", "matrix", "single_row_matrix"]
ValueType = Literal["int", "signed_int", "decimal", "money"]
CheckKind = Literal["identity", "bound", "sum_of_known_parts", "value_type"]


@dataclass(frozen=True, slots=True, eq=False)
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


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A value column of a form; `path` are the header labels above it and its own, outermost first."""

    number: int
    code: str
    label: str
    aliases: tuple[str, ...]
    path: tuple[str, ...]
    unit: str | None
    value_type: ValueType | None


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell of a form: indicator and column code in the notation of the record, both as one word, unit and value type."""

    indicator: str
    column: str | None
    name: str
    unit: str | None
    value_type: ValueType


@dataclass(frozen=True, eq=False)
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

    @cached_property
    def cells_of(self) -> dict[str | None, list[FormCell]]:
        """The cells of each row by its code (`None` in a matrix of one row), in the order of the columns."""
        rows: tuple[Row | None, ...] = self.value_rows or (None,)
        return {row.code if row else None: [self._cell(row, column) for column in self.columns] for row in rows}

    @cached_property
    def cells(self) -> dict[tuple[str | None, str], FormCell]:
        """Every cell by the codes of its row and of its column."""
        return {(row, column.code): cell for row, cells in self.cells_of.items() for column, cell in zip(self.columns, cells, strict=True)}

    def groups_of(self, row: Row) -> list[str]:
        """The labels of the rows that a row stands under, the nearest first."""
        above = {one.code: one for one in self.rows}
        labels = []
        parent = row.parent
        while parent is not None and (group := above.get(parent)) is not None:
            labels.append(group.label)
            parent = group.parent
        return labels

    def _cell(self, row: Row | None, column: Column) -> FormCell:
        """Unit and value type are the column's, else the row's, else the table's."""
        if row is None:
            indicator, code = f"{self.id}.{column.code}", None
        elif self.layout == "matrix":
            indicator, code = f"{self.id}.{row.code}", column.code
        else:
            indicator, code = row.code, column.code if len(self.columns) > 1 else None
        unit = column.unit or (row.unit if row else None) or self.unit
        value_type = column.value_type or (row.value_type if row and row.value_type else "int")
        return FormCell(indicator, code, f"{indicator}[{code}]" if code else indicator, unit, value_type)


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

    @property
    def operands(self) -> tuple[Operand, ...]:
        """The figures of both sides."""
        return self.left + self.right


@dataclass(frozen=True, slots=True)
class Check:
    """A check of a form; `relations` are its instances over rows or columns. `of` names the identity whose known parts it sums."""

    id: str
    kind: CheckKind
    severity: Literal["hard", "soft"]
    of: str | None
    relations: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Inference:
    """Sums of counts from which zeros follow: where the printed total equals its printed parts, the blank ones can only be 0."""

    id: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, eq=False)
class Form:
    """A statutory form: its years, tables, relations; `types` maps every figure that it has to its value type."""

    id: str
    title: str
    first_year: int
    last_year: int | None
    tables: tuple[FormTable, ...]
    checks: tuple[Check, ...]
    inferences: tuple[Inference, ...] = ()

    @cached_property
    def types(self) -> dict[str, ValueType]:
        """Value type by figure, for every figure of the form."""
        return {cell.name: cell.value_type for table in self.tables for cell in table.cells.values()}

    @cached_property
    def table_of(self) -> dict[str, FormTable]:
        """The table that a figure stands in, for every figure of the form."""
        return {cell.name: table for table in self.tables for cell in table.cells.values()}

    @cached_property
    def identities(self) -> tuple[Relation, ...]:
        """The hard equations between figures of one report."""
        equations = [check.relations for check in self.checks if check.kind == "identity" and check.severity == "hard"]
        return tuple(one for relations in equations for one in relations if not any(operand.previous for operand in one.operands))
