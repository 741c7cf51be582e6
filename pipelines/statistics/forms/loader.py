"""Reads a form file. Every fault is an error that names file and line: unknown keys, double codes, relations over unknown figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipelines.statistics.forms.entries import Entry, EntryReader, FormError, allowed_keys
from pipelines.statistics.forms.model import Check, Column, Form, FormTable, Inference, Operand, Relation, Row

__all__ = ["FormError", "load_form"]

TERM = r"(?:\{row\}|[a-z]\w*(?:\.(?:\{row\}|[a-z]\w*))?)(?:\[(?:\{column\}|[a-z]\w*)\])?(?:\[Y-1\])?"
SUM = rf"-?{TERM}(?: [+-] {TERM})*"
EXPRESSION = re.compile(rf"(?P<left>{SUM}) (?P<operator>=|<=|>=) (?P<right>{SUM})", re.ASCII)
SIGNED_TERM = re.compile(rf"([+-]?) ?({TERM})", re.ASCII)

LAYOUTS = ("list", "matrix", "single_row_matrix")
TYPES = ("int", "signed_int", "decimal", "money")
KINDS = ("identity", "bound", "sum_of_known_parts", "value_type")


class _FormReader(EntryReader):
    """The checks over a form file."""

    allowed = allowed_keys(
        {
            "file": "form tables checks inferences | header layout_note local_variants",
            "form": "id title_zh valid_report_years | title_en publication_years legal_basis evidence unverified sections section6_note",
            "table": "id layout rows columns value_columns unit | section section_aliases caption grid note",
            "row": "code label kind aliases parent unit value_type | n level table_code relation note",
            "column": "code label aliases path unit value_type | order note",
            "check": "id kind severity expr of table for_each rows columns | note",
            "inference": "id kind from | note",
        }
    )
    lists = ("aliases", "path", "rows", "columns", "from")

    def table(self, entry: Entry) -> FormTable:
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

    def check(self, entry: Entry, form: Form) -> Check:
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

    def instances(self, entry: Entry, form: Form) -> list[str]:
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

    def relation(self, entry: Entry, code: str, form: Form) -> Relation:
        place = "{row}" if entry.get("for_each") == "rows" else "{column}"
        match = EXPRESSION.fullmatch(entry["expr"].replace(place, code))
        if match is None:
            raise self.fail(entry, f"expr does not parse for {code}: {entry['expr']}")
        sides = [tuple(self.operands(match.group(side), entry, form)) for side in ("left", "right")]
        return Relation(sides[0], match.group("operator"), sides[1])  # type: ignore[arg-type] # the pattern allows the three operators only

    def operands(self, side: str, entry: Entry, form: Form) -> Iterator[Operand]:
        for sign, term in SIGNED_TERM.findall(side):
            figure = term.removesuffix("[Y-1]")
            if figure not in form.types:
                raise self.fail(entry, f"expr names {figure}, which is no figure of {form.id}")
            yield Operand(-1 if sign == "-" else 1, figure, previous=figure != term)

    def inference(self, entry: Entry, form: Form) -> Inference:
        self.texts(entry, "id", "from", "note")
        self.choice(entry, "kind", ("inference",))
        checks = {check.id: check for check in form.checks}
        if not isinstance(entry["from"], list) or not entry["from"]:
            raise self.fail(entry, "from must be a list of checks")
        for name in entry["from"]:
            if name not in checks:
                raise self.fail(entry, f"from names {name}, which is no check of {form.id}")
            check = checks[name]
            sums = check.kind == "identity" and check.severity == "hard" and all(len(relation.left) == 1 for relation in check.relations)
            counts = all(o.sign == 1 and not o.previous and form.types[o.figure] == "int" for r in check.relations for o in r.operands)
            if not (sums and counts):
                raise self.fail(entry, f"from names {name}, which is no sum of counts: zeros follow from nothing else")
        return Inference(entry["id"], tuple(checks[name] for name in entry["from"]))


def load_form(path: Path) -> Form:
    """The form of a file. Raises `FormError` with file and line for anything that is not as it must be."""
    reader = _FormReader(path)
    document = reader.document("a form file is a mapping with form, tables and checks")
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
    form = replace(form, checks=tuple(reader.check(entry, form) for entry in checks))
    inferences = reader.parts(document, "inferences")
    for inference in inferences:
        reader.keys(inference, "inference", ("id", "kind", "from"))
    reader.unique(inferences, "id")
    return replace(form, inferences=tuple(reader.inference(entry, form) for entry in inferences))
