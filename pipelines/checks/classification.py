"""Is this page an annual report on information disclosure? Signals with weights, as data in `classification.yaml`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from giar_crawler.items import Classification
from pipelines.decode.document import Document
from pipelines.reading import Reading

# From this score on a page is a report. The weights are set so that a report without its title and a title with no more than an attachment
# both lie above it, and every near miss, its figures and its statutory words included, lies below.
THRESHOLD = 0.5
FEW_FIGURES, MANY_FIGURES = 5, 20
# Small offices write ten lines; so many figures in them are a report.
STATED = 3
SHORT = 300
LINKED_SHARE = 0.6
LIST_LINKS = 5
LISTED_REPORTS = 3
OPENING_LINES, OPENING_LENGTH = 6, 1200
HEADING_LENGTH = 40
_LISTS = ("title", "near_miss", "headings", "opening", "soft_404")
_OTHER = {"form", "few_figures", "many_figures", "short", "attachment", "list_page", "guide_form"}
_HEADING = re.compile(r"^(?:[(]?[一二三四五六七八九十]+[、.)]|第[一二三四五六七八九十]+部分|\d+[、.])")
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar)(?:$|[?&#])|download", re.IGNORECASE)
_RUN_ON = re.compile(r"[。:：]")
_GUIDE = re.compile(r"申请人信息|受理机构|办公时间|所需信息的?(?:内容)?描述|申请人须知|获取信息的方式")


class SignalsError(ValueError):
    """The data file of the signals is wrong; the message names the file and the key."""


@dataclass(slots=True, frozen=True)
class Signal:
    """One pattern with what it is worth."""

    name: str
    weight: float
    pattern: re.Pattern[str]


@dataclass(slots=True)
class Signals:
    """All signals by where they are looked for."""

    lists: dict[str, list[Signal]] = field(default_factory=dict)
    other: dict[str, float] = field(default_factory=dict)
    bias: float = 0.0


def load(path: Path) -> Signals:
    """The signals of a file. Raises `SignalsError` that names the file and the key for what is unknown or no pattern."""
    data = yaml.safe_load(path.read_text("utf-8"))
    if set(data) != {*_LISTS, "other", "bias"} or set(data["other"]) != _OTHER:
        raise SignalsError(f"{path.name}: the keys have to be {sorted({*_LISTS, 'other', 'bias'})}, those of other {sorted(_OTHER)}")
    signals = Signals(other=data["other"], bias=data["bias"])
    for key in _LISTS:
        for entry in data[key]:
            if set(entry) != {"name", "weight", "pattern"}:
                raise SignalsError(f"{path.name}: {key}: {entry}: name, weight and pattern are expected")
            try:
                signals.lists.setdefault(key, []).append(Signal(entry["name"], float(entry["weight"]), re.compile(entry["pattern"])))
            except (re.error, ValueError) as error:
                raise SignalsError(f"{path.name}: {key}.{entry['name']}: {error}") from error
    return signals


@cache
def signals() -> Signals:
    """The signals that come with the program."""
    return load(Path(__file__).with_name("classification.yaml"))


@dataclass(slots=True)
class _Sum:
    """The weights that have been added, with the names of the signals; a signal counts once."""

    total: float
    reasons: list[str] = field(default_factory=list)

    def add(self, name: str, weight: float) -> None:
        if name not in self.reasons:
            self.total += weight
            self.reasons.append(name)

    def match(self, key: str, texts: Iterable[str]) -> None:
        for text in texts:
            for signal in signals().lists[key]:
                if signal.name not in self.reasons and signal.pattern.search(text):
                    self.add(signal.name, signal.weight)


def is_report_title(text: str) -> bool:
    """Whether a title is that of a report and not of what stands beside the reports (interpretations, notices, guides)."""
    known = signals().lists
    named = any(signal.weight > 1 and signal.pattern.search(text) for signal in known["title"])
    return named and not any(signal.pattern.search(text) for signal in known["near_miss"])


def _is_list(document: Document) -> bool:
    """Whether the page is a list: most of the body stands in several links, or there is little text beside links to several reports."""
    lines = document.body_lines
    total = sum(len(line.raw) for line in lines)
    linked = sum(line.linked for line in lines)
    if linked > LINKED_SHARE * total and sum(line.linked * 2 > len(line.raw) for line in lines) >= LIST_LINKS:
        return True
    return (
        total - linked < SHORT
        and sum(is_report_title(link.text) and not _FILE.search(link.href) for link in document.links) >= LISTED_REPORTS
    )


def _add_body(reading: Reading, result: _Sum) -> None:
    document, known_form = reading.document, reading.report.form is not None
    lines = [line for line in document.body_lines if line.cells is None]
    opening = [line.clean[:OPENING_LENGTH] for line in lines[:OPENING_LINES]]
    result.match("opening", opening)
    # A heading may run on into its paragraph: `(一)主动公开情况。2011年…`.
    result.match("headings", (_RUN_ON.split(line.clean, maxsplit=1)[0][:HEADING_LENGTH] for line in lines if _HEADING.match(line.clean)))
    length = sum(len(line.clean) for line in document.body_lines)
    if any(is_report_title(attachment.name) for attachment in reading.report.attachments):
        result.add("attachment", signals().other["attachment"])
    elif length < SHORT and not document.images and not known_form and len(reading.report.figures) < STATED:
        result.add("short", signals().other["short"])
    if length < 4 * SHORT:
        result.match("soft_404", (line.clean for line in document.body_lines[:OPENING_LINES]))
    if _is_list(document):
        result.add("list_page", signals().other["list_page"])
    if sum(1 for line in document.body_lines if _GUIDE.search(line.clean)) >= 2:
        result.add("guide_form", signals().other["guide_form"])


def classify(reading: Reading) -> Classification:
    """How sure it is that the page is a report, and why; `THRESHOLD` is the border.

    Reads the title and the figures that earlier stages put into the record. Where the page has no title, that of the list row counts.
    """
    report = reading.report
    known = signals()
    result = _Sum(known.bias)
    title = report.title or reading.page.context.list_title or ""
    if title:
        result.match("title", [title])
        result.match("near_miss", [title])
    # The blank form that a notice brings along has cells, but no numbers.
    numbers = [figure for figure in report.figures if figure.status == "number"]
    if report.form and numbers:
        result.add("form", known.other["form"])
    tables = sum(figure.source != "prose" for figure in numbers)
    if len(numbers) >= FEW_FIGURES:
        result.add("few_figures", known.other["few_figures"])
    if tables >= MANY_FIGURES:
        result.add("many_figures", known.other["many_figures"])
    _add_body(reading, result)
    return Classification(round(1 / (1 + math.exp(-result.total)), 4), result.reasons)
