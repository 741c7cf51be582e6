"""Statements that every page of a walk runs: SQLAlchemy compiles them once, then the driver gets them as they are.

`Connection.execute` takes five times as long for a row as SQLite does, each time, to find out what it has found out before.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import ModuleType
from typing import Any, TypeAlias

from sqlalchemy import Connection, Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler

from pipelines.storage.driver import run, wrapped
from pipelines.storage.types import clean_text, is_unclean

Values = Mapping[str, Any]
Convert = Callable[[Any], Any] | None
# A named tuple of the statement's columns.
Row: TypeAlias = Any


def upserts(connection: Connection) -> ModuleType:
    """The dialect's module, whose `insert` knows ON CONFLICT."""
    return postgresql if connection.dialect.name == "postgresql" else sqlite


@dataclass(slots=True, frozen=True)
class _Compiled:
    """A statement for one dialect: its text, its parameters in order with constants and conversions, what turns its rows into values."""

    text: str
    parameters: tuple[tuple[str, Any, Convert], ...]
    positional: bool
    columns: tuple[Convert, ...]
    row: Callable[..., Any]

    def bind_each(self, values: Sequence[Values]) -> list[Sequence[Any]]:
        """The parameters of many runs in their order; column by column, because a call for each value is most of what a figure costs."""
        given = [name for name, _, _ in self.parameters if name in values[0]]
        there = dict(zip(given, zip(*([row[name] for name in given] for row in values), strict=True), strict=True))
        columns = (there.get(name) or (constant,) * len(values) for name, constant, _ in self.parameters)
        return list(
            zip(*(_convert_all(convert, column) for (_, _, convert), column in zip(self.parameters, columns, strict=True)), strict=True)
        )

    def bind(self, values: Values) -> Any:  # noqa: ANN401 - as the driver takes it
        get = values.get
        bound = [convert(get(name, constant)) if convert else get(name, constant) for name, constant, convert in self.parameters]
        return bound if self.positional else {name: value for (name, _, _), value in zip(self.parameters, bound, strict=True)}


class Prepared:
    """A statement, given by what makes it of the dialect's module. All calls give values of the same names."""

    def __init__(self, build: Callable[[ModuleType], Executable]) -> None:
        self._build = build
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, values: Values) -> None:
        """Runs it."""
        compiled = self._of(connection, values)
        run(connection, compiled.text, compiled.bind(values))

    def run_each(self, connection: Connection, values: Sequence[Values]) -> None:
        """Runs it once for each, or not at all."""
        if len(values) == 1:
            self.run(connection, values[0])
        elif values:
            compiled = self._of(connection, values[0])
            bound = compiled.bind_each(values) if compiled.positional else [compiled.bind(each) for each in values]
            run(connection, compiled.text, bound, many=True)

    def copy_in(self, connection: Connection, table: str, chunks: Iterable[Sequence[Values]]) -> None:
        """Of an insertion into the table: its rows by PostgreSQL's COPY, which takes a fraction of the time of as many statements."""
        rest = iter(chunks)
        for first in rest:
            compiled = self._of(connection, first[0])
            columns = ", ".join(connection.dialect.identifier_preparer.quote(name) for name, _, _ in compiled.parameters)
            statement = f"COPY {table} ({columns}) FROM STDIN"
            try:
                with connection.connection.cursor().copy(statement) as copy:
                    for rows in chain([first], rest):
                        for row in compiled.bind_each(rows):
                            copy.write_row(row)
            except connection.dialect.loaded_dbapi.Error as error:
                raise wrapped(connection, statement, error) from error

    def rows(self, connection: Connection, values: Values) -> list[Row]:
        """All rows of its answer, as named tuples."""
        compiled = self._of(connection, values)
        found = run(connection, compiled.text, compiled.bind(values)).fetchall()
        return [
            compiled.row(*(convert(value) if convert else value for convert, value in zip(compiled.columns, row, strict=True)))
            for row in found
        ]

    def scalar(self, connection: Connection, values: Values) -> Any:  # noqa: ANN401 - the column's type
        """The one value of its answer."""
        return self.rows(connection, values)[0][0]

    def _of(self, connection: Connection, values: Values) -> _Compiled:
        name = connection.dialect.name
        if name not in self._compiled:
            self._compiled[name] = _compile(self._build(upserts(connection)), connection.dialect, list(values))
        return self._compiled[name]


def _convert_all(convert: Convert, column: Sequence[Any]) -> Iterable[Any]:
    """The values of a column as the driver takes them."""
    if convert is None or (convert is clean_text and not is_unclean(column)):
        return column
    return map(convert, column)


def _compile(statement: Executable, dialect: Dialect, names: list[str]) -> _Compiled:
    compiled = statement.compile(dialect=dialect, column_keys=names)  # type: ignore[attr-defined]
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - for mypy
    types = {name: parameter.type for parameter, name in compiled.bind_names.items()}
    constants = compiled.params
    columns = [(column.keyname, column.type.dialect_impl(dialect)) for column in compiled._result_columns]  # noqa: SLF001
    return _Compiled(
        text=compiled.string,
        parameters=tuple(
            (name, constants.get(name), types[name].dialect_impl(dialect).bind_processor(dialect) if name in types else None)
            for name in compiled.positiontup or types
        ),
        positional=compiled.positiontup is not None,
        columns=tuple(kind.result_processor(dialect, None) for _, kind in columns),
        row=namedtuple("Row", [name for name, _ in columns]),  # noqa: PYI024 - its fields are known here
    )
