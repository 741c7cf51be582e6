"""Is this page an annual report on information disclosure? Signals with weights, as data in `classification.yaml`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from giar_crawler.items import Classification
from pipelines.attachments import attachment_type
from pipelines.data import load, pattern
from pipelines.decode.sections import NUMBER
from pipelines.missing import says_missing
from pipelines.reading import Reading
from pipelines.texts import holds
from pipelines.titles import is_column_name, is_report_title, judge

# From this score on a page is a report. The weights are set so that a report without its title and a title with no more than an attachment
# both lie above it, and every near miss, its figures and its statutory words included, lies below.
THRESHOLD = 0.5
FEW_FIGURES, MANY_FIGURES = 5, 20
# Small offices write ten lines; so many figures in them are a report.
STATED = 3
# A body with less text than this says nothing but `see the attachment`.
SHORT = 300
LINKED_SHARE = 0.6
LIST_LINKS = 5
LISTED_REPORTS = 3
# The files of one report: its text, its table, a picture of it.
FEW_FILES = 3
OPENING_LINES, OPENING_LENGTH = 6, 1200
HEADING_LENGTH = 40
# So many lines of a guide make one, of which each has one of the words.
FEWEST_OF_GUIDE = 2
_HEADING = re.compile(NUMBER)
_RUN_ON = re.compile(r"[。:：]")
_GUIDE = re.compile(r"申请人信息|受理机构|办公时间|所需信息的?(?:内容)?描述|申请人须知|获取信息的方式")
_OF_GUIDES = ("申请人信息", "受理机构", "办公时间", "所需信息", "申请人须知", "获取信息的方式")


_SIGNALS = [{"name": str, "weight": float, "pattern": pattern}]
SHAPE = {
    "headings": _SIGNALS,
    "opening": _SIGNALS,
    "other": dict.fromkeys(("form", "few_figures", "many_figures", "short", "attachment", "list_page", "guide_form", "not_found"), float),
    "bias": float,
}


@cache
def signals() -> dict[str, Any]:
    """The weights and patterns that come with the program."""
    data: dict[str, Any] = load(Path(__file__).with_name("classification.yaml"), SHAPE)
    return data


# Most reports have the same headings.
@lru_cache(maxsize=2_048)
def _signals_of(heading: str) -> tuple[tuple[str, float], ...]:
    return tuple((signal["name"], signal["weight"]) for signal in signals()["headings"] if signal["pattern"].search(heading))


@dataclass(slots=True)
class _Sum:
    """The weights that have been added, with the names of the signals; a signal counts once."""

    total: float
    reasons: dict[str, None] = field(default_factory=dict)

    def add(self, name: str, weight: float) -> None:
        if name not in self.reasons:
            self.total += weight
            self.reasons[name] = None

    def other(self, name: str) -> None:
        self.add(name, signals()["other"][name])

    def match_opening(self, texts: Iterable[str]) -> None:
        left = signals()["opening"]
        for text in texts:
            for signal in left:
                if signal["pattern"].search(text):
                    self.add(signal["name"], signal["weight"])
            left = [signal for signal in left if signal["name"] not in self.reasons]

    def match_headings(self, headings: Iterable[str]) -> None:
        for heading in headings:
            for name, weight in _signals_of(heading):
                self.add(name, weight)


def _is_list(reading: Reading) -> bool:
    """Whether the page is a list: most of the body stands in several links, or there is little text beside links to several reports.

    A page that links its report as a file has little text, too, and other reports beside it.
    """
    document = reading.document
    lines = document.body_lines
    total = sum([len(line.raw) for line in lines])
    linked = sum([line.linked for line in lines])
    if linked > LINKED_SHARE * total and sum(line.linked * 2 > len(line.raw) for line in lines) >= LIST_LINKS:
        return True
    if 0 < len(reading.report.attachments) <= FEW_FILES and is_report_title(reading.report.title or ""):
        return False
    if total - linked >= SHORT or len(reading.report.figures) >= STATED:
        return False
    # The column's own name stands in the menu and in the breadcrumb of each of its pages.
    reports = [link for link in document.links if is_report_title(link.text) and not is_column_name(link.text)]
    return sum(attachment_type(link) is None for link in reports) >= LISTED_REPORTS


def _add_body(reading: Reading, result: _Sum) -> None:
    document, known_form = reading.document, reading.report.form is not None
    lines = [line for line in document.body_lines if line.cells is None]
    opening = [line.clean[:OPENING_LENGTH] for line in lines[:OPENING_LINES]]
    result.match_opening(opening)
    # A heading may run on into its paragraph: `(一)主动公开情况。2011年…`.
    result.match_headings(_RUN_ON.split(line.clean[:HEADING_LENGTH], maxsplit=1)[0] for line in lines if _HEADING.match(line.clean))
    length = document.body_length
    if any(is_report_title(attachment.name) for attachment in reading.report.attachments):
        result.other("attachment")
    elif length < SHORT and not (reading.report.attachments or document.images) and not known_form and len(reading.report.figures) < STATED:
        result.other("short")
    if length < 4 * SHORT and any(says_missing(line.clean) for line in document.body_lines[:OPENING_LINES]):
        result.other("not_found")
    if _is_list(reading):
        result.other("list_page")
    of_guides = any(holds(document.clean_text, word) for word in _OF_GUIDES)
    if of_guides and sum(_GUIDE.search(line.clean) is not None for line in document.body_lines) >= FEWEST_OF_GUIDE:
        result.other("guide_form")


def classify(reading: Reading) -> Classification:
    """How sure it is that the page is a report, and why; `THRESHOLD` is the border.

    Reads the title and the figures that earlier stages put into the record. Where the page has no title, that of the list row counts.
    """
    report = reading.report
    result = _Sum(signals()["bias"])
    title = report.title or reading.page.context.list_title or ""
    for name, weight in judge(title).reasons.items():
        result.add(name, weight)
    # The blank form that a notice brings along has cells, but no numbers.
    numbers = [figure.source for figure in report.figures if figure.status == "number"]
    if report.form and numbers:
        result.other("form")
    if len(numbers) >= FEW_FIGURES:
        result.other("few_figures")
    if len(numbers) - numbers.count("prose") >= MANY_FIGURES:
        result.other("many_figures")
    _add_body(reading, result)
    return Classification(round(1 / (1 + math.exp(-result.total)), 4), list(result.reasons))
