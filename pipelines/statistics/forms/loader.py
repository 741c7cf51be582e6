"""Reads a form file. Every fault is an error that names file and line: unknown keys, double codes, relations over unknown figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from pipelines.statistics.forms.model import Check, Column, Form, FormTable, Operand, Relation, Row

TERM = r"(?:\{row\}|[a-z]\w*(?:\.(?:\{row\}|[a-z]\w*))?)(?:\[(?:\{column\}|[a-z]\w*)\])?(?:\[Y-1\])?"
SUM = rf"-?{TERM}(?: [+-] {TERM})*"
EXPRESSION = re.compile(rf"(?P<left>{SUM}) (?P<operator>=|<=|>=) (?P<right>{SUM})", re.ASCII)
SIGNED_TERM = re.compile(rf"([+-]?) ?({TERM})", re.ASCII)

# The keys that each part of a form file may have. What stands after the bar is for human readers only.
KEYS = {
    "file": "form tables checks inferences | header layout_note local_variants",
    "form": "id title_zh valid_report_years | title_en publication_years legal_basis evidence unverified sections section6_note",
    "table": "id layout rows columns value_columns unit | section section_aliases caption grid note",
    "row": "code label kind aliases parent unit value_type | n level table_code relation note",
    "column": "code label aliases path unit value_type | order note",
    "check": "id kind severity expr of table for_each rows columns | note",
}
ALLOWED = {part: set(keys.replace("|", "").split()) for part, keys in KEYS.items()}
LISTS = ("aliases", "path", "rows", "columns")
LAYOUTS = ("list", "matrix", "single_row_matrix")
TYPES = ("int", "signed_int", "decimal", "money")
KINDS = ("identity", "bound", "sum_of_known_parts", "value_type")


class FormError(Exception):
    """A form file is wrong; the message is `FILE:LINE: what`."""


class _Entry(dict[str, Any]):
    """A mapping of the file that knows its line."""

    line: int = 0


class _Loader(yaml.SafeLoader):
    """Safe YAML whose mappings know their lines and whose keys are unique."""


def _entry(loader: _Loader, node: yaml.MappingNode) -> _Entry:
    loader.flatten_mapping(node)
    entry = _Entry()
    entry.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in entry:
            raise yaml.MarkedYAMLError(problem=f"the key {key} stands twice", problem_mark=key_node.start_mark)
        entry[key] = loader.construct_object(value_node, deep=True)
    return entry


_Loader.add_constructor("tag:yaml.org,2002:map", _entry)


class _Reader:
    """The checks over one file; `fail` is the only way out of a fault."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fail(self, entry: _Entry, what: str) -> FormError:
        return FormError(f"{self.path}:{entry.line}: {what}")

    def keys(self, entry: _Entry, part: str, required: Iterable[str]) -> None:
        if unknown := sorted(set(entry) - ALLOWED[part]):
            raise self.fail(entry, f"unknown key {unknown[0]} in a {part}; allowed: {', '.join(sorted(ALLOWED[part]))}")
        if missing := sorted(set(required) - set(entry)):
            raise self.fail(entry, f"a {part} needs the key {missing[0]}")

    def part(self, entry: _Entry, key: str) -> _Entry:
        value = entry[key]
        if not isinstance(value, _Entry):
            raise self.fail(entry, f"{key} must be a mapping")
        return value

    def parts(self, entry: _Entry, key: str) -> list[_Entry]:
        value = entry.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, _Entry) for item in value):
            raise self.fail(entry, f"{key} must be a list of mappings")
        return value

    def texts(self, entry: _Entry, *keys: str) -> None:
        for key in keys:
            value = entry.get(key, "")
            if not (isinstance(value, str) or (key in LISTS and isinstance(value, list) and all(isinstance(item, str) for item in value))):
                raise self.fail(entry, f"{key} must be {'a list of texts' if key in LISTS else 'a text'}, not {value!r}")

    def choice(self, entry: _Entry, key: str, allowed: Iterable[str]) -> Any:  # noqa: ANN401 - one of the Literal types of the model
        value = entry.get(key)
        if value is not None and value not in allowed:
            raise self.fail(entry, f"{key}: {value} is not one of {', '.join(allowed)}")
        return value

    def unique(self, entries: Iterable[_Entry], key: str) -> None:
        seen: dict[str, int] = {}
        for entry in entries:
            if entry[key] in seen:
                raise self.fail(entry, f"the {key} {entry[key]} stands twice, first in line {seen[entry[key]]}")
            seen[entry[key]] = entry.line

    def table(self, entry: _Entry) -> FormTable:
        self.keys(entry, "table", ("id", "layout"))
        layout = self.choice(entry, "layout", LAYOUTS)
        self.texts(entry, "id", "unit")
        rows, columns = self.parts(entry, "rows"), self.parts(entry, "columns" if "columns" in entry else "value_columns")
        for row in rows:
            self.keys(row, "row", ("code", "label", "kind"))
            self.texts(row, "code", "label", "unit", "parent", "aliases")
            self.choice(row, "kind", ("value", "header"))
            self.choice(row, "value_type", TYPES)
        for column in columns:
            self.keys(column, "column", ("code", "label"))
            self.texts(column, "code", "label", "unit", "aliases", "path")
            self.choice(column, "value_type", TYPES)
        self.unique(rows, "code")
        self.unique(columns, "code")
        if not columns:
            raise self.fail(entry, "a table needs columns or value_columns")
        codes = {row["code"] for row in rows}
        for row in rows:
            if row.get("parent") not in {None, *codes}:
                raise self.fail(row, f"the parent {row['parent']} is no row of the table {entry['id']}")
        return FormTable(
            id=entry["id"],
            layout=layout,
            rows=tuple(
                Row(
                    number,
                    row["code"],
                    row["label"],
                    tuple(row.get("aliases", ())),
                    row["kind"],
                    row.get("parent"),
                    row.get("unit"),
                    row.get("value_type"),
                )
                for number, row in enumerate(rows)
            ),
            columns=tuple(
                Column(
                    number,
                    column["code"],
                    column["label"],
                    tuple(column.get("aliases", ())),
                    tuple(column.get("path", (column["label"],))),
                    column.get("unit"),
                    column.get("value_type"),
                )
                for number, column in enumerate(columns)
            ),
            unit=entry.get("unit"),
        )

    def check(self, entry: _Entry, form: Form) -> Check:
        self.keys(entry, "check", ("id", "kind", "severity"))
        self.texts(entry, "id", "expr", "of", "table", "rows", "columns")
        kind = self.choice(entry, "kind", KINDS)
        severity = self.choice(entry, "severity", ("hard", "soft"))
        relations: tuple[Relation, ...] = ()
        if kind != "value_type":
            if "expr" not in entry:
                raise self.fail(entry, "a check needs the key expr")
            if not EXPRESSION.fullmatch(entry["expr"]):
                raise self.fail(entry, f"expr does not parse: {entry['expr']}")
            relations = tuple(self.relation(entry, code, form) for code in self.instances(entry, form))
        return Check(entry["id"], kind, severity, entry.get("of"), relations)

    def instances(self, entry: _Entry, form: Form) -> list[str]:
        over = self.choice(entry, "for_each", ("rows", "columns"))
        if over is None:
            return [""]
        table = next((table for table in form.tables if table.id == entry.get("table")), None)
        if table is None:
            raise self.fail(entry, f"for_each needs a table of the form, not {entry.get('table')}")
        every = [row.code for row in table.value_rows] if over == "rows" else [column.code for column in table.columns]
        chosen: list[str] = entry.get(over, every)
        if unknown := sorted(set(chosen) - set(every)):
            raise self.fail(entry, f"{over}: {unknown[0]} is not in the table {table.id}")
        return chosen

    def relation(self, entry: _Entry, code: str, form: Form) -> Relation:
        place = "{row}" if entry.get("for_each") == "rows" else "{column}"
        match = EXPRESSION.fullmatch(entry["expr"].replace(place, code))
        if match is None:
            raise self.fail(entry, f"expr does not parse for {code}: {entry['expr']}")
        sides = [tuple(self.operands(match.group(side), entry, form)) for side in ("left", "right")]
        return Relation(sides[0], match.group("operator"), sides[1])  # type: ignore[arg-type] # the pattern allows the three operators only

    def operands(self, side: str, entry: _Entry, form: Form) -> Iterator[Operand]:
        for sign, term in SIGNED_TERM.findall(side):
            figure = term.removesuffix("[Y-1]")
            if figure not in form.types:
                raise self.fail(entry, f"expr names {figure}, which is no figure of {form.id}")
            yield Operand(-1 if sign == "-" else 1, figure, previous=figure != term)


def load_form(path: Path) -> Form:
    """The form of a file. Raises `FormError` with file and line for anything that is not as it must be."""
    reader = _Reader(path)
    try:
        text = path.read_text("utf-8")
        document = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader that adds lines and refuses double keys
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise FormError(f"{path}:{line}: {error.problem}") from error
    if not isinstance(document, _Entry):
        raise FormError(f"{path}:1: a form file is a mapping with form, tables and checks")
    reader.keys(document, "file", ("form", "tables", "checks"))
    head, tables, checks = reader.part(document, "form"), reader.parts(document, "tables"), reader.parts(document, "checks")
    reader.keys(head, "form", ("id", "title_zh", "valid_report_years"))
    reader.texts(head, "id", "title_zh")
    years = reader.part(head, "valid_report_years")
    first, last = years.get("first"), years.get("last")
    if not isinstance(first, int) or not isinstance(last, int | None):
        raise reader.fail(years, "valid_report_years needs first and last, as years; last may be null")
    for table in tables:
        reader.keys(table, "table", ("id",))
    reader.unique(tables, "id")
    form = Form(head["id"], head["title_zh"], first, last, tuple(reader.table(entry) for entry in tables), ())
    for check in checks:
        reader.keys(check, "check", ("id",))
    reader.unique(checks, "id")
    return replace(form, checks=tuple(reader.check(entry, form) for entry in checks))
