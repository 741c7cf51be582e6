"""The numbered headings of a report and the spans that they rule."""

from __future__ import annotations

import re

from giar_crawler.items import Section
from pipelines.decode.document import Document, Line

_TOP = r"第[一二三四五六七八九十]{1,3}部分|[一二三四五六七八九十]{1,3}\s*[、.．]"
# The number in front of a heading of any level: 一、 (一) 1. (1), as the beginning of a pattern.
NUMBER = rf"(?:{_TOP}|\(?[一二三四五六七八九十]{{1,3}}\)|\(?\d{{1,2}}(?:\)|[、.．](?!\d)))"
HEADING = re.compile(rf"^(?:{_TOP})\s*\S")
LONGEST = 60


def is_heading(line: Line) -> bool:
    """Whether a line is a numbered heading of its own; one that runs on into its paragraph (`一、概述:…`) is none."""
    return line.cells is None and line.table is None and len(line.clean) <= LONGEST and bool(HEADING.match(line.clean))


def sections(document: Document) -> list[Section]:
    """The sections in the order of the text."""
    found: list[Section] = []
    for line in document.body_lines:
        if is_heading(line):
            if found:
                found[-1].end = line.start
            found.append(Section(line.clean, line.start, len(document.text)))
    return found
