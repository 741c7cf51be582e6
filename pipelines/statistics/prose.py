"""Figures that sentences state, by rules kept as data with their examples. Precision first: when unsure, a figure is left out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
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
from pipelines.decode.sections import is_heading
from pipelines.findings import finding
from pipelines.statistics.forms import forms
from pipelines.statistics.labels import key
from pipelines.statistics.numbers import convert, exact

# A prose figure bears the code and the unit of its concept in this form, whatever the report's year.
CONCEPTS = "giar_2014"
SENTENCE = re.compile(r"[^。;；!！?？]+")
# It begins where digits begin: 345 is never read out of 12345, nor a long row of digits once from each of them.
NUMBER = r"(?<![\d,.])(?P<digits{0}>[0-9][0-9,]{{0,15}}(?:\.[0-9]{{1,6}})?)(?!\d)(?P<scale{0}>万|亿)?(?P<more{0}>余|多)?(?P<yuan{0}>元)?"
SCALES = {None: 1, "万": 10_000, "亿": 100_000_000}
ABOUT = re.compile(r"[约近超]$|(?:大约|接近|超过)$")
YEAR = re.compile(r"(?<![\d〔\[(])((?:19|20)\d\d)年(?!第)")
WHOLE_YEAR = re.compile(r"全年|本年度|年度内")
# `网络申请和信函申请分别为12件和8件`, `行政复议和行政诉讼均为0件`: each thing has a number of its own.
THING = r"[^,;:、和与及\d]{2,14}"
COUNT = r"\d[\d,]*(?:条|件|次|篇|个|人|场|起)"
SHARED = re.compile(
    rf"({THING})(?:(?:、|和|与|及)({THING}))?(?:、|和|与|及|以及)({THING}?)(?:案件)?(分别|均)(?:为|是|有)?((?:{COUNT}[、和,]?){{1,3}})"
)
COUNTED = re.compile(COUNT)
# Who acts in a clause, where that is named as a part of a body: `县教育局`, `各乡镇`.
SUBJECT = re.compile(
    r"(?P<name>[\u4e00-\u9fff()、]{0,30}?(?:[局委办镇乡所院馆]|公司|集团|部门|单位|街道|学校|中心|委员会|办公室|机关))"
    r"(?:全年|年内|今年|本年度?|共计?|累计|均|分别|也|还|已|\d{4}年|依法|按时)*"
    r"(?:主动公开|未?收到|没有收到|受理|接到|办理|办结|公开|发布|举办|召开|开展|参加|收取|(?:政务)?(?:微博|微信|网站|公众号))"
)
# A place as the subject, and what is above the body that reports, by the last word of place in its name (市场 is none).
PLACE = re.compile(r"(?:^|年)(?P<name>[\u4e00-\u9fff]{1,7}[省市县区旗州])(?:全年|共计?|累计)*(?:主动公开|收到|受理)")
LEVEL = re.compile(r"[省市县区旗镇乡](?!场)")
ABOVE = {"县": ("全市", "全省", "全国", "全州"), "旗": ("全市", "全盟", "全国"), "区": ("全市", "全省", "全国"), "市": ("全省", "全国")}
# 我局, 本机关 and 全镇 are the reporting body itself; 市政府及各部门 and 各级机关 are all of it.
WHOLE = re.compile(r"(?:我|本|全)[\u4e00-\u9fff]{1,4}$|[及和、]|各级")
# Quotes set off what the form calls a thing: “不予公开”的2件.
QUOTES = re.compile("[\"'“”‘’「」『』]")
ZERO = re.compile(r"(?<=为)零(?=$|[,)])")
# A sentence without a digit and without a word for none states no figure.
SAYS_A_FIGURE = re.compile(r"[0-9０-９零未没沒无無]")
# A shorter label is a word of any report.
SHORTEST_LABEL = 5
# No sentence of a report is longer; a page without punctuation is not searched as one.
LONGEST = 2_000
CERTAIN = 0.95
APPROXIMATE = 0.7


@dataclass(slots=True, frozen=True)
class Rule:
    """One way in which a figure is stated; `reads` are sentences with the figure in them, `leaves` are sentences without it.

    `unless` and `context` look at the sentence before the match, `topic` at the heading of the section and the sentence up to its end.
    """

    gives: str
    needs: str
    pattern: re.Pattern[str]
    value: int | None
    unless: re.Pattern[str] | None
    context: re.Pattern[str] | None
    topic: re.Pattern[str] | None
    reads: tuple[tuple[str, Number], ...]
    leaves: tuple[str, ...]


@dataclass(slots=True, frozen=True)
class Setting:
    """What is known of the report around a sentence: its year, its own body, the heading of the section, the sentence that it continues."""

    report_year: int | None = None
    publisher: str | None = None
    heading: str = ""
    lead: str = ""


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
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("prose_rules.yaml").read_text("utf-8"))
    info = data["words"]["info"]
    data["words"] = {name: word.replace("{info}", info) for name, word in data["words"].items()}
    return data


def _label_rules() -> Iterator[Rule]:
    """The labels of the form as rules: many offices write its rows out as sentences (`申请办结数:5件`).

    Labels that two rows bear are left to the rules that look at what is said before them.
    """
    rows = [row for table in forms()[CONCEPTS].tables for row in table.value_rows]
    names = [(row, name) for row in rows for name in {key(label) for label in (row.label, *row.aliases)} if name.endswith("数")]
    counts = Counter(name for _, name in names)
    for row, name in names:
        if counts[name] == 1 and len(name) >= SHORTEST_LABEL:
            pattern = _compile(rf"(?<!其中){name}(?:为|共|共计|:)*{{N}}{row.unit}", {})
            yield Rule(row.code, name, pattern, None, None, None, None, ((f"{name}:5{row.unit}", 5),), (f"{name}增长5%",))


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, compiled: those of the file, then the labels of the form."""
    words = _data()["words"]

    def optional(entry: dict[str, Any], name: str) -> re.Pattern[str] | None:
        return _compile(entry[name], words) if name in entry else None

    return tuple(
        Rule(
            gives=entry["gives"],
            needs=entry["needs"],
            pattern=_compile(entry["pattern"], words),
            value=entry.get("value"),
            unless=optional(entry, "unless"),
            context=optional(entry, "context"),
            topic=optional(entry, "topic"),
            reads=tuple((sentence, exact(str(value))) for sentence, value in entry["reads"]),
            leaves=tuple(entry["leaves"]),
        )
        for entry in _data()["rules"]
    ) + tuple(_label_rules())


@cache
def _never(where: str) -> re.Pattern[str]:
    """What no rule reads a figure behind: in the same clause, in the same sentence, or ahead of it."""
    return re.compile("|".join(_data()["never"][where]))


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
    number = exact(str(Decimal(digits.replace(",", "")) * scale))
    # Amounts are counted in 万元; one in 元 is brought to it.
    return (convert(number, "元", "万元") if groups[f"yuan{suffix}"] else number), rough


def _clause(text: str) -> str:
    """What stands behind the last comma."""
    return re.split(r"[,:]", text)[-1]


def _of_another(clause: str, publisher: str | None) -> bool:
    """Whether the subject of a clause is a part of the body, one above it, or another body, and not the one that reports."""
    if publisher is not None and (level := LEVEL.findall(publisher)):
        if any(word in clause for word in ABOVE.get(level[-1], ())):
            return True
        place = PLACE.search(clause)
        if place is not None and not WHOLE.search(place.group("name")) and not _abbreviates(place.group("name"), publisher):
            return True
    subject = SUBJECT.search(clause)
    if subject is None:
        return False
    name = subject.group("name").lstrip("年")
    own = publisher is not None and (_abbreviates(name, publisher) or name.endswith(publisher))
    return not own and not WHOLE.search(name)


def _abbreviates(short: str, full: str) -> bool:
    """Whether a name is a short form of another: 县住建局 of 某县住房和城乡建设局."""
    rest = iter(full)
    return all(character in rest for character in short)


def apply(rule: Rule, sentence: str, setting: Setting) -> Iterator[Stated]:
    """The figures that one rule reads from a clean sentence without blanks.

    None of another year or of part of a year, of another body, of a plan, a difference or a running total, or of what `unless` names.
    """
    for match in rule.pattern.finditer(sentence):
        before, upto = sentence[: match.start()], sentence[: match.end()]
        if rule.unless is not None and rule.unless.search(upto if rule.value is not None else before):
            continue
        if rule.context is not None and not rule.context.search(setting.lead + before):
            continue
        if rule.topic is not None and not rule.topic.search(f"{setting.heading}\n{setting.lead}{upto}"):
            continue
        years = YEAR.findall(setting.lead + upto)
        if years and setting.report_year is not None and int(years[-1]) != setting.report_year:
            continue
        clause = _clause(before) + match.group()
        # 全年 ends what was said of a part of the year: 第三季度受理2件,全年受理8件.
        said = clause if WHOLE_YEAR.search(clause) else upto
        if _never("clause").search(clause) or _never("sentence").search(said) or _never("ahead").search(sentence[match.end() :]):
            continue
        if _of_another(clause, setting.publisher):
            continue
        if rule.value is not None:
            yield Stated(rule.gives, rule.value, approximate=False)
        else:
            value, rough = _number(match, sentence)
            yield Stated(rule.gives, value, rough)


def read_sentence(sentence: str, setting: Setting) -> Iterator[Stated]:
    """The figures that one clean sentence without blanks states."""
    if not _needs().search(sentence):
        return
    for rule in rules():
        if rule.needs in sentence:
            yield from apply(rule, sentence, setting)


def _spread(match: re.Match[str]) -> str:
    """The things that share a predicate, each with its number; the text as it stands where the numbers do not fit the things."""
    things = [thing for thing in match.group(1, 2, 3) if thing]
    numbers = COUNTED.findall(match.group(5))
    if match.group(4) == "均" and len(numbers) == 1:
        numbers *= len(things)
    if len(numbers) != len(things):
        return match.group()
    return ",".join(thing + number for thing, number in zip(things, numbers, strict=True))


def _sentences(document: Document) -> Iterator[tuple[str, str, int, str]]:
    """The sentences of the report's text outside tables: as printed, clean without blanks, start in the text, heading above."""
    heading = ""
    for line in document.body_lines:
        if line.cells is not None or line.table is not None:
            continue
        if is_heading(line):
            heading = line.clean
        for match in SENTENCE.finditer(line.raw):
            raw = match.group()
            if len(raw) > LONGEST or not SAYS_A_FIGURE.search(raw):
                continue
            text = QUOTES.sub("", "".join(clean(raw, traditional=document.traditional).split()))
            text = SHARED.sub(_spread, ZERO.sub("0件", text))
            start = line.start + match.start()
            yield raw, text, start, heading


def read_prose(document: Document, report_year: int | None, publisher: str | None) -> tuple[list[Figure], list[Finding]]:
    """The figures stated in the report's sentences, one per indicator, and findings on what is rough or contradicts itself."""
    stated: dict[str, list[tuple[Stated, str, int]]] = defaultdict(list)
    previous = ""
    for raw, text, start, heading in _sentences(document):
        # A sentence that begins with 其中 tells the parts of what the one before it told.
        lead = previous if text.startswith("其中") else ""
        for one in read_sentence(text, Setting(report_year, publisher, heading, lead)):
            stated[one.indicator].append((one, raw, start))
        previous = lead + text
    figures, findings = [], []
    units = {row.code: row.unit for table in forms()[CONCEPTS].tables for row in table.rows}
    for indicator, found in stated.items():
        if len({one.value for one, *_ in found}) > 1:
            findings.append(finding("prose_ambiguous", [indicator], values=", ".join(sorted({str(one.value) for one, *_ in found}))))
            continue
        one, raw, start = found[0]
        figure = Figure(indicator, None, one.value, "number", raw.strip(), units[indicator], "prose")
        figure.locator = f"text:{start}-{start + len(raw)}"
        figure.confidence = APPROXIMATE if one.approximate else CERTAIN
        if one.approximate:
            findings.append(finding("prose_approximate", [indicator], raw=raw.strip()[:120]))
        figures.append(figure)
    return figures, findings
