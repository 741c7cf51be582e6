"""Figures that sentences state, by rules kept as data with their examples. Precision first: when unsure, a figure is left out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from giar_crawler.items import Figure, Finding, Number
from pipelines.decode.document import Document
from pipelines.decode.script import clean
from pipelines.findings import finding
from pipelines.statistics.forms import forms
from pipelines.statistics.numbers import exact

# A prose figure bears the code and the unit of its concept in this form, whatever the report's year.
CONCEPTS = "giar_2014"
SENTENCE = re.compile(r"[^。;；!！?？]+")
NUMBER = r"(?P<digits{0}>\d[\d,]*(?:\.\d+)?)(?P<scale{0}>万|亿)?(?P<more{0}>余|多)?"
SCALES = {None: 1, "万": 10_000, "亿": 100_000_000}
ABOUT = re.compile(r"[约近超]$|(?:大约|接近|超过)$")
YEAR = re.compile(r"(?<![\d〔\[(])((?:19|20)\d\d)年(?!第)")
# A sentence without a digit and without a word for none states no figure.
SAYS_A_FIGURE = re.compile(r"[0-9０-９未没沒无無]")
# What is planned or demanded is no figure of the year.
INTENT = re.compile(r"计划|目标|力争|拟|不少于|不低于|至少|要求")
# No sentence of a report is longer; a page without punctuation is not searched as one.
LONGEST = 2_000
CERTAIN = 0.95
APPROXIMATE = 0.7


@dataclass(slots=True, frozen=True)
class Rule:
    """One way in which a figure is stated; `reads` are sentences with the figure in them, `leaves` are sentences without it."""

    gives: str
    needs: str
    pattern: re.Pattern[str]
    value: int | None
    unless: re.Pattern[str] | None
    context: re.Pattern[str] | None
    reads: tuple[tuple[str, Number], ...]
    leaves: tuple[str, ...]


@dataclass(slots=True, frozen=True)
class Stated:
    """A number read from a sentence."""

    indicator: str
    value: Number
    approximate: bool


def _compile(pattern: str, words: dict[str, str]) -> re.Pattern[str]:
    """The pattern with its words put in, and each `{N}` with groups of its own."""
    for name, word in words.items():
        pattern = pattern.replace("{" + name + "}", f"(?:{word})")
    pieces = pattern.split("{N}")
    return re.compile("".join(piece + (NUMBER.format(index) if index < len(pieces) - 1 else "") for index, piece in enumerate(pieces)))


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, compiled."""
    data: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("prose_rules.yaml").read_text("utf-8"))
    words = {name: word.replace("{info}", data["words"]["info"]) for name, word in data["words"].items()}
    return tuple(
        Rule(
            gives=entry["gives"],
            needs=entry["needs"],
            pattern=_compile(entry["pattern"], words),
            value=entry.get("value"),
            unless=re.compile(entry["unless"]) if "unless" in entry else None,
            context=_compile(entry["context"], words) if "context" in entry else None,
            reads=tuple((sentence, value) for sentence, value in entry["reads"]),
            leaves=tuple(entry["leaves"]),
        )
        for entry in data["rules"]
    )


@cache
def _needs() -> re.Pattern[str]:
    """Any of the words that a rule needs."""
    return re.compile("|".join(sorted({rule.needs for rule in rules()})))


def _number(match: re.Match[str], sentence: str) -> tuple[Number, bool]:
    """The number that a match caught, and whether the sentence gives it only roughly."""
    groups = match.groupdict()
    suffix = next(name.removeprefix("digits") for name, text in groups.items() if name.startswith("digits") and text)
    digits, scale = groups[f"digits{suffix}"], SCALES[groups[f"scale{suffix}"]]
    start = match.start(f"digits{suffix}")
    rough = groups[f"more{suffix}"] is not None or bool(ABOUT.search(sentence[:start]))
    return exact(str(Decimal(digits.replace(",", "")) * scale)), rough


def _clause(text: str) -> str:
    """What stands behind the last comma."""
    return re.split(r"[,:]", text)[-1]


def apply(rule: Rule, sentence: str, report_year: int | None) -> Iterator[Stated]:
    """The figures that one rule reads from a clean sentence without blanks; none of another year, of a plan, or of what `unless` names."""
    for match in rule.pattern.finditer(sentence):
        before = sentence[: match.start()]
        if rule.unless is not None and rule.unless.search(before + match.group() if rule.value is not None else before):
            continue
        if rule.context is not None and not rule.context.search(before):
            continue
        years = YEAR.findall(sentence[: match.end()])
        if years and report_year is not None and int(years[-1]) != report_year:
            continue
        if INTENT.search(_clause(before)):
            continue
        if rule.value is not None:
            yield Stated(rule.gives, rule.value, approximate=False)
        else:
            value, rough = _number(match, sentence)
            yield Stated(rule.gives, value, rough)


def read_sentence(sentence: str, report_year: int | None) -> Iterator[Stated]:
    """The figures that one clean sentence without blanks states about the report year."""
    if not _needs().search(sentence):
        return
    for rule in rules():
        if rule.needs in sentence:
            yield from apply(rule, sentence, report_year)


def _sentences(document: Document) -> Iterator[tuple[str, str, int, int]]:
    """The sentences of the report's text outside tables: as printed, clean without blanks, and their span in the text."""
    for line in document.body_lines:
        if line.cells is not None or line.table is not None:
            continue
        for match in SENTENCE.finditer(line.raw):
            raw = match.group()
            if len(raw) > LONGEST or not SAYS_A_FIGURE.search(raw):
                continue
            text = "".join(clean(raw, traditional=document.traditional).split())
            start = line.start + match.start()
            yield raw.strip(), text, start, start + len(raw)


def read_prose(document: Document, report_year: int | None) -> tuple[list[Figure], list[Finding]]:
    """The figures stated in the report's sentences, one per indicator, and findings on what is rough or contradicts itself."""
    stated: dict[str, list[tuple[Stated, str, int, int]]] = defaultdict(list)
    for raw, text, start, end in _sentences(document):
        for one in read_sentence(text, report_year):
            stated[one.indicator].append((one, raw, start, end))
    figures, findings = [], []
    units = {row.code: row.unit for table in forms()[CONCEPTS].tables for row in table.rows}
    for indicator, found in stated.items():
        if len({one.value for one, *_ in found}) > 1:
            findings.append(finding("prose_ambiguous", [indicator], values=", ".join(sorted({str(one.value) for one, *_ in found}))))
            continue
        one, raw, start, end = found[0]
        figure = Figure(indicator, None, one.value, "number", raw, units[indicator], "prose", locator=f"text:{start}-{end}")
        figure.confidence = APPROXIMATE if one.approximate else CERTAIN
        if one.approximate:
            findings.append(finding("prose_approximate", [indicator], raw=raw[:120]))
        figures.append(figure)
    return figures, findings
