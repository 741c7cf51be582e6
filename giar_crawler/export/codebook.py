"""The codebook: every indicator and every cell of the forms with code, official heading, meaning, unit, years, identities, comparability.

It is made from the data of the forms, so it says what this version of the program does.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations
from typing import Any

from giar_crawler.export.columns import Column, Table, reasons, table
from giar_crawler.export.files import Row
from giar_crawler.export.names import Cell, cells, indicator_names
from pipelines.statistics.forms import Check, Form, Operand, Relation, forms
from pipelines.statistics.forms.crosswalk import Indicator, crosswalk
from pipelines.version import RELEASE

# The exports whose columns are described.
TABLES = ("reports", "figures", "panel", "findings", "coverage", "changes", "panel_wide", "figures_wide")


def codebook() -> dict[str, Any]:
    """The codebook as what JSON knows: version, forms, grades, reasons, indicators, cells, columns of the exports."""
    return {
        "version": RELEASE,
        "forms": [
            {"id": form.id, "title": form.title, "first_year": form.first_year, "last_year": form.last_year} for form in forms().values()
        ],
        "grades": dict(crosswalk().grades),
        "missing": {reason.code: {"letter": f".{reason.letter}", "zh": reason.zh, "en": reason.en} for reason in reasons().values()},
        "indicators": [_indicator(indicator) for indicator in crosswalk().indicators.values()],
        "cells": [_cell(cell) for in_form in cells().values() for cell in in_form.values()],
        "columns": {
            name: [{"name": column.name, "type": column.type, "zh": column.zh, "en": column.en} for column in table(name).columns]
            for name in TABLES
        },
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    terms = {
        form: {"sum": _sum(one.operands), "grade": one.grade, "prose": one.prose, "note": one.note} for form, one in indicator.forms.items()
    }
    pairs = {f"{one} {other}": indicator.comparability(one, other) for one, other in combinations(indicator.forms, 2)}
    return {
        "name": indicator_names()[indicator.code],
        "code": indicator.code,
        "zh": indicator.name_zh,
        "en": indicator.name_en,
        "unit": indicator.unit,
        "description": indicator.description,
        "notes": indicator.notes,
        "forms": terms,
        "comparability": pairs,
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "name": cell.name,
        "figure": cell.figure,
        "heading": cell.heading,
        "en": cell.en,
        "unit": cell.unit,
        "type": cell.form.types[cell.figure],
        "form": cell.form.id,
        "table": cell.table.id,
        "first_year": cell.form.first_year,
        "last_year": cell.form.last_year,
        "identities": [f"{check.id}: {relation}" for check, relation in _identities(cell.form.id).get(cell.figure, ())],
        "indicators": _used_in(cell.form.id).get(cell.figure, []),
    }


def _sum(operands: Iterable[Operand]) -> str:
    """The operands with their signs: `a + b - c`."""
    words = "".join(f" {'-' if operand.sign < 0 else '+'} {operand.figure}{'[Y-1]' if operand.previous else ''}" for operand in operands)
    return words.removeprefix(" + ").strip()


def _relation(relation: Relation) -> str:
    return f"{_sum(relation.left)} {relation.operator} {_sum(relation.right)}"


def _checks(form: Form) -> Iterator[tuple[Check, Relation]]:
    """The relations that a reader has to know: those over known parts only say the same again."""
    return ((check, relation) for check in form.checks if check.kind in ("identity", "bound") for relation in check.relations)


@cache
def _identities(form: str) -> dict[str, list[tuple[Check, str]]]:
    found: dict[str, list[tuple[Check, str]]] = defaultdict(list)
    for check, relation in _checks(forms()[form]):
        for figure in dict.fromkeys(operand.figure for operand in relation.operands):
            found[figure].append((check, _relation(relation)))
    return dict(found)


@cache
def _used_in(form: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for indicator in crosswalk().indicators.values():
        terms = indicator.forms.get(form)
        for operand in terms.operands if terms and not terms.prose else ():
            found[operand.figure].append(indicator.code)
    return dict(found)


def as_json() -> str:
    """The codebook as JSON."""
    return json.dumps(codebook(), ensure_ascii=False, indent=1) + "\n"


SHEET = Table(
    "codebook",
    (
        Column("kind", "text", "类别", "indicator of the cross-walk, or cell of a form"),
        Column("name", "text", "短名", "short name: the column in wide tables"),
        Column("code", "text", "代码", "code of the indicator, or figure as one word"),
        Column("zh", "text", "官方名称", "official heading"),
        Column("en", "text", "英文含义", "meaning in English"),
        Column("unit", "text", "单位", "unit"),
        Column("form", "text", "格式", "form"),
        Column("first_year", "integer", "起始年度", "first report year of the form"),
        Column("last_year", "integer", "终止年度", "last report year of the form; empty while it is in use"),
        Column("sum", "text", "计算", "of which figures an indicator is the sum"),
        Column("grade", "text", "可比性等级", "A same concept and unit, B other rules of counting, C only related"),
        Column("identities", "text", "勾稽关系", "relations of the form that name the cell"),
        Column("note", "text", "备注", "what to know"),
    ),
)


def sheet_rows() -> Iterator[Row]:
    """The codebook as one table: a row for each indicator in each form that has it, then one for each cell of each form."""
    book, empty = codebook(), dict.fromkeys(SHEET.names)
    for indicator in book["indicators"]:
        shared = {key: indicator[key] for key in ("name", "code", "zh", "en", "unit")}
        for form, terms in indicator["forms"].items():
            years = {"first_year": forms()[form].first_year, "last_year": forms()[form].last_year}
            notes = "; ".join(filter(None, ("only in prose" if terms["prose"] else "", terms["note"] or "", indicator["notes"])))
            yield empty | shared | years | {"kind": "indicator", "form": form, "sum": terms["sum"], "grade": terms["grade"], "note": notes}
    for cell in book["cells"]:
        shared = {key: cell[key] for key in ("name", "en", "unit", "form", "first_year", "last_year")}
        yield empty | shared | {"kind": "cell", "code": cell["figure"], "zh": cell["heading"], "identities": "\n".join(cell["identities"])}


def as_markdown() -> str:
    """The codebook for people."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    book = codebook()
    yield f"# Codebook\n\nMade from the data of the forms, version {book['version']}.\n"
    yield "## Forms\n"
    yield from _grid(("form", "title", "report years"), ((form["id"], form["title"], _years(form)) for form in book["forms"]))
    yield "\n## Grades of comparability\n\nTwo forms compare as the worse of their two grades.\n"
    yield from _grid(("grade", "meaning"), book["grades"].items())
    yield "\n## Why a value is missing\n"
    missing = ((entry["letter"], code, entry["zh"], entry["en"]) for code, entry in book["missing"].items())
    yield from _grid(("Stata", "reason", "中文", "meaning"), missing)
    yield "\n## Indicators over all forms\n"
    yield from _grid(("name", "中文", "meaning", "unit", "form", "sum of", "grade", "note"), _indicator_lines(book["indicators"]))
    for form in book["forms"]:
        yield f"\n## Cells of {form['id']}\n\n{form['title']}, report years {_years(form)}.\n"
        there = [cell for cell in book["cells"] if cell["form"] == form["id"]]
        keys = ("name", "figure", "heading", "en", "unit", "type")
        yield from _grid(("name", "figure", "heading", "meaning", "unit", "type"), ([cell[key] for key in keys] for cell in there))
        yield "\nRelations between them (hard: printed or by definition; soft: plausible):\n"
        checks = ((check.id, check.severity, _relation(relation)) for check, relation in _checks(forms()[form["id"]]))
        yield from _grid(("check", "kind", "relation"), checks)
    for name, columns in book["columns"].items():
        yield f"\n## Columns of {name}\n"
        yield from _grid(("column", "type", "中文", "meaning"), ([one[key] for key in ("name", "type", "zh", "en")] for one in columns))


def _indicator_lines(indicators: Iterable[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for one in indicators:
        head = (one["name"], one["zh"], one["en"], one["unit"] or "")
        for form, terms in one["forms"].items():
            note = "; ".join(filter(None, ("only in prose" if terms["prose"] else "", terms["note"], one["notes"])))
            yield (*head, form, terms["sum"], terms["grade"], note)
            head = ("", "", "", "")


def _years(form: dict[str, Any]) -> str:
    return f"{form['first_year']}-{form['last_year'] or ''}"


def _grid(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    names = list(head)
    yield "| " + " | ".join(names) + " |"
    yield "|" + "---|" * len(names)
    for row in rows:
        yield "| " + " | ".join("" if value is None else str(value).replace("|", "\\|") for value in row) + " |"
