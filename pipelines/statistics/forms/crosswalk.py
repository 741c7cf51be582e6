"""One indicator over all forms (`crosswalk.yaml`): what it is called, of which figures of each form it is the sum, how well forms compare.

`crosswalk().values(report.form, report.figures)` gives every indicator of one record with its value, or with the reason why it has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, NamedTuple

from giar_crawler.items import Figure, Number
from pipelines.statistics.forms import forms
from pipelines.statistics.forms.entries import Entry, EntryReader, allowed_keys
from pipelines.statistics.forms.model import Form, Operand

Grade = Literal["A", "B", "C"]
GRADES: tuple[Grade, ...] = ("A", "B", "C")
# Why an indicator of a record has no value: its cell has none; the page lacks the row; the form lacks the indicator, and no sentence states
# it; the page has no table; some figures of a sum have numbers and others have none.
Missing = Literal["blank", "dash", "unreadable", "row_absent", "not_in_form", "no_table", "operand_missing"]

# Figures from sentences bear the codes of this form.
CONCEPTS = "giar_2014"
# Names of columns in files of statistics programs are no longer.
CODE = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Terms:
    """What an indicator is in one form: a sum of figures, its grade, whether only a sentence may state it, and what to know of it."""

    operands: tuple[Operand, ...]
    grade: Grade
    prose: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator that several forms have; `forms` maps the id of a form to its terms, `unit` is `None` where the form names none."""

    code: str
    name_zh: str
    name_en: str
    unit: str | None
    description: str
    notes: str
    forms: Mapping[str, Terms]

    def comparability(self, one: str, other: str) -> Grade | None:
        """How well two forms compare: the worse of their grades; `None` where one of them does not have the indicator."""
        if one not in self.forms or other not in self.forms:
            return None
        return max(self.forms[one].grade, self.forms[other].grade)


@dataclass(frozen=True, slots=True)
class Part:
    """One operand of an indicator in one record: its figure (`None`: the record has none such) and why that has no number."""

    operand: Operand
    figure: Figure | None
    missing: Missing | None


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """An indicator in one record.

    `value` is the sum, or `missing` says why there is none. `implied_value` is the sum with implied zeros counted, and only there where the
    sum has no value without them. `unit` is that of the figures, `None` where nobody knows it. `grade` is `None` where the form lacks it.
    """

    indicator: Indicator
    value: Number | None
    implied_value: Number | None
    missing: Missing | None
    grade: Grade | None
    unit: str | None
    parts: tuple[Part, ...]


class Told(NamedTuple):
    """An indicator that a form has, and what it is there."""

    indicator: Indicator
    terms: Terms


@dataclass(frozen=True)
class Crosswalk:
    """All indicators by code, in the order of the file; what the grades mean; which forms' terms a report without a table is read with."""

    indicators: Mapping[str, Indicator]
    grades: Mapping[Grade, str]
    without_form: tuple[str, ...]

    def terms(self, indicator: Indicator, form: str | None) -> Terms | None:
        """The terms of an indicator in a record of this form (`None`: without a table); `None` where it does not have the indicator."""
        wanted = self.without_form if form is None else (form,)
        return next((indicator.forms[name] for name in wanted if name in indicator.forms), None)

    def values(self, form: str | None, figures: Iterable[Figure]) -> dict[str, IndicatorValue]:
        """Every indicator by code for a record of this form with these figures, of which the preferred ones count."""
        preferred = {figure.name: figure for figure in figures if figure.preferred}
        return {code: _value(told, form, preferred) if isinstance(told, Told) else told for code, told in self._in_form(form).items()}

    def _in_form(self, form: str | None) -> dict[str, Told | IndicatorValue]:
        """What every indicator is in a form, found once: a panel asks for each of them a thousand times in a second."""
        if form not in self._forms:
            self._forms[form] = {code: self._told(indicator, form) for code, indicator in self.indicators.items()}
        return self._forms[form]

    def _told(self, indicator: Indicator, form: str | None) -> Told | IndicatorValue:
        terms = self.terms(indicator, form)
        return Told(indicator, terms) if terms else IndicatorValue(indicator, None, None, "not_in_form", None, indicator.unit, ())

    @cached_property
    def _forms(self) -> dict[str | None, dict[str, Told | IndicatorValue]]:
        return {}


def _value(told: Told, form: str | None, figures: Mapping[str, Figure]) -> IndicatorValue:
    indicator, terms = told
    absent: Missing = "no_table" if form is None else "not_in_form" if terms.prose else "row_absent"
    parts = tuple([_part(operand, figures.get(operand.figure), absent) for operand in terms.operands])
    value = _sum(parts, implied=False)
    implied = _sum(parts, implied=True) if value is None else None
    return IndicatorValue(indicator, value, implied, _reason(parts), terms.grade, _unit(indicator, parts), parts)


def _part(operand: Operand, figure: Figure | None, absent: Missing) -> Part:
    if figure is None:
        return Part(operand, None, absent)
    return Part(operand, figure, None if figure.status == "number" else figure.status)


def _sum(parts: tuple[Part, ...], *, implied: bool) -> Number | None:
    """The sum of all parts, `None` where one has no number; with `implied` a zero that follows from a sum of the form is a number."""
    total: Number = 0
    for part in parts:
        number = part.figure.value if part.figure else None
        if number is None and implied and part.figure:
            number = part.figure.implied_value
        if number is None:
            return None
        total += part.operand.sign * number
    return total


def _reason(parts: tuple[Part, ...]) -> Missing | None:
    """Why a sum has no value: the reason that all its parts share, else that some of them are missing."""
    reasons = {part.missing for part in parts}
    return next(iter(reasons)) if len(reasons) == 1 else "operand_missing"


def _unit(indicator: Indicator, parts: tuple[Part, ...]) -> str | None:
    """The unit that the numbers of a sum are given in; the indicator's where there are none, or where they differ."""
    units = {part.figure.unit for part in parts if part.figure and part.figure.value is not None}
    return next(iter(units)) if len(units) == 1 else indicator.unit


class _CrosswalkReader(EntryReader):
    """The checks over the file."""

    allowed = allowed_keys(
        {
            "file": "grades without_form indicators",
            "indicator": "code name_zh name_en unit description notes forms",
            "sum": "sum grade prose | note",
        }
    )
    lists = ("sum", "without_form")

    def indicator(self, entry: Entry, known: Mapping[str, Form]) -> Indicator:
        self.keys(entry, "indicator", self.allowed["indicator"])
        self.texts(entry, "code", "name_zh", "name_en", "description", "notes")
        if not CODE.fullmatch(entry["code"]):
            raise self.fail(entry, f"code: {entry['code']} is no name of at most 32 small letters, digits and _")
        if not isinstance(entry["unit"], str | None):
            raise self.fail(entry, f"unit must be a text or null, not {entry['unit']!r}")
        in_forms = self.part(entry, "forms")
        if unknown := sorted(map(str, set(in_forms) - set(known))):
            raise self.fail(in_forms, f"{entry['code']}: there is no form {unknown[0]}")
        if not in_forms:
            raise self.fail(entry, f"{entry['code']} is in no form")
        terms = {form: self.terms(self.part(in_forms, form), form, known) for form in in_forms}
        facts = {key: entry[key] for key in ("code", "name_zh", "name_en", "unit", "description", "notes")}
        return Indicator(**facts, forms=terms)

    def terms(self, entry: Entry, form: str, known: Mapping[str, Form]) -> Terms:
        self.keys(entry, "sum", ("sum", "grade"))
        self.texts(entry, "sum", "note")
        grade = self.choice(entry, "grade", GRADES)
        prose = entry.get("prose", False)
        if not isinstance(prose, bool):
            raise self.fail(entry, f"prose must be true or false, not {prose!r}")
        if not isinstance(entry["sum"], list) or not entry["sum"]:
            raise self.fail(entry, "sum must be a list of figures")
        source = known[CONCEPTS if prose else form]
        operands = tuple(Operand(-1 if term.startswith("-") else 1, term.removeprefix("-")) for term in entry["sum"])
        for number, operand in enumerate(operands):
            if operand.figure not in source.types:
                raise self.fail(entry, f"sum names {operand.figure}, which is no figure of {source.id}")
            if operand.figure in [earlier.figure for earlier in operands[:number]]:
                raise self.fail(entry, f"sum names {operand.figure} twice")
        return Terms(operands, grade, prose, entry.get("note"))


def load_crosswalk(path: Path, known: Mapping[str, Form]) -> Crosswalk:
    """The cross-walk of a file over the known forms. Raises `FormError` with file and line for anything that is not as it must be."""
    reader = _CrosswalkReader(path)
    document = reader.document("a cross-walk is a mapping with grades, without_form and indicators")
    reader.keys(document, "file", ("grades", "without_form", "indicators"))
    grades = reader.part(document, "grades")
    reader.texts(grades, *GRADES)
    if tuple(grades) != GRADES:
        raise reader.fail(grades, "the grades are A, B and C")
    reader.texts(document, "without_form")
    if not isinstance(document["without_form"], list) or set(document["without_form"]) - set(known):
        raise reader.fail(document, f"without_form must be a list of forms: {', '.join(known)}")
    entries = reader.parts(document, "indicators")
    for entry in entries:
        reader.keys(entry, "indicator", ("code",))
    reader.unique(entries, "code")
    indicators = {entry["code"]: reader.indicator(entry, known) for entry in entries}
    return Crosswalk(indicators, {grade: grades[grade] for grade in GRADES}, tuple(document["without_form"]))


@cache
def crosswalk() -> Crosswalk:
    """The packaged cross-walk."""
    return load_crosswalk(Path(__file__).with_name("crosswalk.yaml"), forms())
