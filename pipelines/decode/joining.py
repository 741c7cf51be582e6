"""Puts the pages of a report that is printed on several behind each other, without what stands around the report on each."""

from __future__ import annotations

import re

from pipelines.decode.body import trim
from pipelines.decode.document import Document, Line

# What tells the titles of pages of one report apart: 年度报告(2), 年度报告_第2页.
PAGE_NUMBER = re.compile(r"第?\s*(?<!\d)\d{1,2}(?!\d)\s*页?")
# Rows of zeros and 无。 stand on several pages.
MOST_REPEATED = 0.7
# 共3页 上一页 1 [2] 3 下一页
PAGER = re.compile(r"[\W\d共第首尾末上下一页]+")
# The report's title, printed again above each of its pages, stands among so many lines on either side of where its text begins.
TITLE_LINES = 5


def join(document: Document, part: Document, number: int) -> bool:
    """Puts the body of the page with that number behind the report's; false, and nothing done, for a page of another title.

    Nothing is done for one that says nothing new either. Its cells get the places `page:NUMBER/…`. What it shares with the head and the
    tail of the first page is the frame of the portal; no share of its text tells its body: the last page of a report may be two lines.
    """
    if not _is_title_of(document.head_title, part.head_title):
        return False
    body = _own(document, part)
    lines = part.lines[body.start : body.stop]
    if _repeats(document, lines):
        return True
    _number_places(part, lines, number)
    stop = document.body.stop
    _take_tables(document, part, lines, stop)
    document.lines[stop:stop] = lines
    document.body = range(document.body.start, stop + len(lines))
    document.links += part.links
    document.images += part.images
    document.parts += [address for address in part.parts if address not in document.parts]
    document.repaired += part.repaired
    document.pinyin += part.pinyin
    document.has_halves |= part.has_halves
    document.cut = part.cut
    document.encoding_confidence = min(document.encoding_confidence, part.encoding_confidence)
    return True


def _repeats(document: Document, lines: list[Line]) -> bool:
    """Whether a page says what the report has already: some servers give the whole article whatever page is asked for."""
    known = {line.raw for line in document.body_lines}
    return sum(line.raw in known for line in lines) > MOST_REPEATED * len(lines)


def without_pager(lines: list[Line], body: range) -> range:
    """The body of one page of several, without the links to the others below it."""
    stop = body.stop
    while stop > body.start and lines[stop - 1].linked and PAGER.fullmatch(lines[stop - 1].clean):
        stop -= 1
    return range(body.start, stop)


def _is_title_of(first: str, further: str) -> bool:
    """Whether a page's title is that of the first one, but for its number; a page without title may be of any report."""
    wanted = _bare(first)
    without = (further[: number.start()] + further[number.end() :] for number in PAGE_NUMBER.finditer(further))
    return not (first and further) or wanted == _bare(further) or wanted in map(_bare, without)


def _bare(title: str) -> str:
    return re.sub(r"[\W_]+", "", title)


def _own(document: Document, part: Document) -> range:
    """The lines of a further page that are the report's."""
    frame = {line.raw for line in (*document.head, *document.tail)}
    top = [line.raw for line in (*document.head[-TITLE_LINES:], *document.body_lines[:TITLE_LINES]) if line.cells is None]
    own = [index for index, line in enumerate(part.lines) if line.raw not in frame]
    if not own:
        return range(0)
    body = trim(part.lines, range(own[0], own[-1] + 1))
    start = body.start
    while start < body.stop and any(_is_title_of(line, part.lines[start].raw) for line in top):
        start += 1
    return without_pager(part.lines, range(start, body.stop))


def _number_places(part: Document, lines: list[Line], number: int) -> None:
    for table in part.tables:
        table.holder = f"page:{number}{table.holder}" if table.holder else ""
    for cell in (cell for line in lines for cell in line.cells or ()):
        cell.place = f"page:{number}/{cell.place.lstrip('/')}"


def _take_tables(document: Document, part: Document, lines: list[Line], stop: int) -> None:
    """Puts the tables of the lines before those that stand behind the report."""
    numbers = sorted({line.table for line in lines if line.table is not None})
    behind = [line for line in document.lines[stop:] if line.table is not None]
    place = min([line.table for line in behind if line.table is not None], default=len(document.tables))
    for line in behind:
        line.table = (line.table or 0) + len(numbers)
    document.tables[place:place] = [part.tables[table] for table in numbers]
    moved = {table: place + index for index, table in enumerate(numbers)}
    for line in lines:
        line.table = None if line.table is None else moved[line.table]
