"""What of a record is the report's content: its digest is the same until somebody changes the report.

Line breaks of the markup, blanks, counters, clocks, weather and sessions are no content; the title, the days of publication and of writing
that the page prints, and every word and number of the text are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from giar_crawler.items import Report
from pipelines.data import any_of, load
from pipelines.labels import field_of

# Furniture stands among so many lines at either end of a report's text; inside, such words are the report's own.
EDGE = 6
LONGEST = 80
# A line with the number of a section or of a list, or with a sentence in it, is the report's.
NUMBERED = re.compile(r"\s*[(（]?\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[)）、.．]")
OF_SENTENCE = re.compile(r"[。;；!！]")
BORDER = re.compile(r"\s\|\s")
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"
PRINTED_DATES = frozenset({"published_date", "written_date"})


@cache
def _furniture() -> dict[str, re.Pattern[str]]:
    shape = {"lines": any_of, "pieces": any_of, "anywhere": any_of}
    data: dict[str, Any] = load(Path(__file__).with_name("furniture.yaml"), shape)
    parted = rf"(?:^|(?<=[\s|\])）】》]))(?:{data['pieces'].pattern})(?=$|[\s|\[(（【《])"
    return data | {"pieces": re.compile(parted)}


def text_digest(report: Report) -> str:
    """The digest of title and text, equal for the same report at two addresses, also where they give different days of publication."""
    return _text_digest(report.text, report.title or "")


# The reading of a page asks for it, and then the storing.
@lru_cache(maxsize=4)
def _text_digest(text: str, title: str) -> str:
    return digest_of([_squeezed(title), *(words for words, _ in content(text, title))])


def digest_of(lines: Iterable[str]) -> str:
    """The digest of some lines as they are."""
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()


def content_digest(report: Report) -> str:
    """The digest of title, text and the days that the page itself prints: another one is another version of the report."""
    days = sorted(day.isoformat() for day in _days(report))
    return digest_of([text_digest(report), *days])


def _days(report: Report) -> set[date]:
    """The days under labels, and the one beside the title; not those of meta tags, which some systems make anew, of addresses and lists."""
    days = {mention.value for mention in report.dates if mention.value is not None and field_of(mention.label) in PRINTED_DATES}
    return days | {report.published_date} if report.published_date and report.published_date_source == "line" else days


def content(text: str, title: str) -> list[tuple[str, str]]:
    """The lines of a text that are content, without any blanks, each with the line as printed."""
    lines, words, squeezed = text.split("\n"), _squeezed(text).split("\n"), _squeezed(title)
    for number in {*range(len(lines))[:EDGE], *range(len(lines))[-EDGE:]}:
        kept = _without_furniture(lines[number])
        own = words[number] if kept == lines[number] else _squeezed(kept)
        # Whether the body begins above or below its title hangs on the names of classes.
        words[number] = "" if len(own) > 3 and own in squeezed else own
    return [(own, line) for own, line in zip(words, lines, strict=True) if own]


def without_blanks(text: str) -> str:
    """The text without blanks, also those that nobody sees; its lines stay."""
    # A record has no other blank: the white space of each line and of the title is folded when it is read.
    words = text.replace(" ", "")
    for character in UNSEEN:
        if character in words:
            words = words.replace(character, "")
    return words


def _squeezed(text: str) -> str:
    """The text without blanks and without what its addresses carry along; its lines stay."""
    words = without_blanks(text)
    return _furniture()["anywhere"].sub("", words) if "?" in words or ";" in words or "&" in words else words


def is_furniture(line: str) -> bool:
    """Whether a line shows the day, the weather or a counter, and nothing else."""
    return len(line) <= LONGEST and not _is_own(line) and _furniture()["lines"].fullmatch(line.strip()) is not None


def _is_own(line: str) -> bool:
    """Whether a short line is the report's own."""
    # Of the marks of a sentence the full stop is the one that most have.
    return bool("。" in line or NUMBERED.match(line) or OF_SENTENCE.search(line) or ("|" in line and BORDER.search(line)))


def _without_furniture(line: str) -> str:
    if len(line) > LONGEST or _is_own(line):
        return line
    return "" if _furniture()["lines"].fullmatch(line.strip()) else _furniture()["pieces"].sub("", line)
