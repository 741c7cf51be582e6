"""Label and value pairs of a page's header, in whatever layout: table rows of 2 to 6 cells, lines with colons, lists, definition lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from pipelines.decode.document import Document, Line, TableCell
from pipelines.decode.script import clean, simplify, without_invisible
from pipelines.labels import IGNORED, LONGEST, field_of, is_marked, labels, meta_value, normalised, value_of
from pipelines.metadata.wording import is_nobody, kind_of_organ
from pipelines.titles import is_report_title, speaks_of_report

# The header is looked for above the body and this far into it (the border between them is found by rules that can fail).
INTO_BODY = 30
# So many lines from the body's first, and below the title where that stands further down (a menu may come before it), are the head.
HEAD_LINES = 3
# A header's value; longer text behind a colon is prose.
LONGEST_VALUE = 120
# A line of a header with several pairs; longer lines are prose.
LONGEST_LINE = 300
# Labels that make a table row a header row wherever it stands in the page.
STRONG = frozenset({"index_number", "publisher", "published_date", "document_number", "topic_category", "written_date", "generated_date"})
# So many pairs on lines, or an index number among them, are a header (`<ul><li>索引号: …</li>`), not the line under the title.
HEADER_PAIRS = 4
# No header has more; a page with more is a list or an attack.
MOST_PAIRS = 100
# 有效, 失效, 废止, 尚未生效.
LONGEST_VALIDITY = 6
_PIECES = 60
# What is kept of a value's wording.
LONGEST_RAW = 200
# A sentence of the body may cite another document's number or date; a header's line begins with its label, or with a date or a name.
LONGEST_BEFORE = 20
_NO_TITLES = frozenset({"index_number", "document_number", "publisher", "published_date", "written_date", "generated_date", "validity"})
_SENTENCE = re.compile("[,。;《]")
# Words that lead to other pages, and what they begin with.
_ELSEWHERE_BEGINS = frozenset("相上下推延同热最更")
_ELSEWHERE = re.compile(r"(?:相关|上一|下一|推荐|延伸|同栏目|热门|最新|更多)(?:[^:。]{0,8}$|[篇条页]\s*:)")
_AFTER_LABEL = " :\uff1a"
_UNDER_TITLE = frozenset({"source", "published_date", "title", "keywords"})
_NUMBER = re.compile(r"\d")
_WORD = re.compile(r"\S+")
# Shorter labels are words of any text.
LONG_LABEL = 4
_DATE = re.compile(r"\s*(?:19|20)\d\d\s*[-./年]")


@dataclass(slots=True)
class Pair:
    """A label of the header and its value. `value` is clean, `raw` as printed; `line` is the index in `Document.lines`.

    `place` is `header` for a table's or list's pair and `line` for one of a line under the title.
    """

    field: str
    label: str
    value: str | None
    raw: str | None
    line: int
    place: Literal["header", "line"]


def _slice(line: Line | TableCell, start: int, stop: int) -> str:
    """The page's own wording of a part of a clean line: the same part where both have the same length, else the clean one."""
    return (line.raw if len(line.raw) == len(line.clean) else line.clean)[start:stop]


def _boundaries(line: Line | TableCell, in_head: bool) -> list[tuple[str, str, int, int]]:
    """Labels in a line as (field, label, start, end of label), in order."""
    text, known = line.clean, labels()
    found: list[tuple[str, str, int, int]] = []
    for match in known.pattern.finditer(text) if is_marked(text) else ():
        printed = match["bracketed"] or match["plain"] or match["long"]
        label = printed if printed in known.fields else normalised(printed)
        # 时间 and 日期 end other words and begin prose; labels are they first on a line, or behind another or a blank and before a date.
        behind = found or text[: match.start()].endswith(" ")
        if label in known.weak and not (in_head and (match.start() == 0 or (behind and _DATE.match(text, match.end())))):
            continue
        found.append((known.fields[label], label, match.start(), match.end()))
    if found and _is_cited(text, found[0][2], in_head):
        return []
    if not found and text.find(":") <= LONGEST and ("?" in text or "\ufffd" in text):
        # The label lost a byte; snapped to what it was.
        before = text.partition(":")[0]
        found = [(code, before, 0, len(before) + 1)] if (code := field_of(before)) is not None else []
    # Menus are lines of links; without them most of a page's head need not be looked into, nor lines without any label.
    if (
        not found
        and isinstance(line, Line)
        and line.element is not None
        and line.linked * 2 <= len(line.raw)
        and (named := known.anywhere.search(text)) is not None
        and not _is_cited(text, named.start(), in_head)
    ):
        found = _elements(line, text) or (_words(text) if in_head else [])
    return found


def _may_have_label(line: Line) -> bool:
    """Whether a line has what tells a label in it: most have nothing."""
    text = line.clean
    return line.element is not None or is_marked(text) or "?" in text or "\ufffd" in text


def _is_cited(text: str, start: int, in_head: bool) -> bool:
    """Whether a label that begins there is a word of a sentence."""
    return start > LONGEST_BEFORE and (not in_head or _SENTENCE.search(text, 0, start) is not None)


def _words(text: str) -> list[tuple[str, str, int, int]]:
    """Labels without a colon among the words of a line, where a line has several: `信息来源 县政府办 发布时间 2022-02-15`."""
    found = []
    for match in islice(_WORD.finditer(text), _PIECES):
        code = field_of(match.group())
        if code is not None and len(match.group()) >= LONG_LABEL:
            found.append((code, normalised(match.group()), match.start(), match.end()))
    return found if len(found) > 1 else []


def _elements(line: Line, text: str) -> list[tuple[str, str, int, int]]:
    """Labels without a colon that stand in an element of their own: `<li><b>索引号</b><span>…`."""
    found = []
    position = 0
    for written in islice(line.element.itertext(), _PIECES) if line.element is not None else ():
        piece = str(written)
        wanted = " ".join(piece.split())
        code = field_of(wanted)
        if code is None and len(wanted) <= LONGEST and not wanted.isascii():
            wanted = simplify(wanted)
            code = field_of(wanted)
        if code is None:
            # A label and its value in one element, a blank between them.
            wanted = wanted.partition(" ")[0]
            code = field_of(wanted) if wanted not in labels().weak else None
        if code is None:
            continue
        start = text.find(wanted, position)
        if start >= 0 and len(wanted) > 2:
            found.append((code, normalised(wanted), start, start + len(wanted)))
            position = start + len(wanted)
    return found


def _inline(line: Line | TableCell, number: int, in_head: bool, place: Literal["header", "line"]) -> Iterator[Pair]:
    """Pairs inside one line or cell: `发布日期:2019年03月27日 来源:…`."""
    found = _boundaries(line, in_head)
    for index, (code, label, _, end) in enumerate(found):
        stop = found[index + 1][2] if index + 1 < len(found) else len(line.clean)
        shown, printed = line.clean[end:stop], _slice(line, end, stop)
        value = value_of(shown.lstrip(_AFTER_LABEL))
        raw = value if printed == shown else value_of(printed.lstrip(_AFTER_LABEL))
        if value is None or _is_value(code, value):
            yield _bounded(Pair(code, label, value, raw, number, place))


def _is_value(code: str, value: str) -> bool:
    """Whether a text can be a field's value: short, and no title where a number, a day or an organ belongs. Numbers are never rejected."""
    if code in _NO_TITLES and speaks_of_report(value):
        return False
    return len(value) <= LONGEST_VALUE or code == "index_number"


def _bounded(pair: Pair) -> Pair:
    """The pair, its value and wording made inert text of bounded length."""
    if pair.value is None:
        pair.raw = None
        return pair
    shown = without_invisible(pair.raw or pair.value).strip()[:LONGEST_RAW]
    pair.value = pair.value[:LONGEST_RAW]
    pair.raw = shown or pair.value
    return pair


def _row(printed: Sequence[TableCell], number: int) -> Iterator[Pair]:
    """Pairs of a table row. A label never becomes the value of the label before it."""
    # Some templates give the colon a cell of its own.
    cells = [cell for cell in printed if cell.clean != ":"]
    index = 0
    while index < len(cells):
        cell = cells[index]
        code = field_of(cell.clean)
        if code is None:
            if ":" in cell.clean or "】" in cell.clean or "]" in cell.clean:
                # Old templates lay the line under the title into a table of one cell.
                yield from _inline(cell, number, True, "header" if len(cells) > 1 else "line")
            index += 1
            continue
        follower = cells[index + 1] if index + 1 < len(cells) else None
        if follower is None or field_of(follower.clean) is not None or _starts_with_label(follower.clean):
            yield Pair(code, normalised(cell.clean), None, None, number, "header")
            index += 1
            continue
        value = value_of(follower.clean)
        if value is None or _is_value(code, value):
            yield _bounded(Pair(code, normalised(cell.clean), value, value_of(follower.raw), number, "header"))
        index += 2


def _starts_with_label(text: str) -> bool:
    return len(text) <= LONGEST_VALUE and is_marked(text) and labels().pattern.match(text) is not None


def _stacked(upper: Sequence[TableCell], lower: Sequence[TableCell], number: int) -> Iterator[Pair]:
    """Pairs of two rows, labels above values."""
    for label, cell in zip(upper, lower, strict=True):
        code = field_of(label.clean)
        value = value_of(cell.clean)
        if code is not None and (value is None or _is_value(code, value)):
            yield _bounded(Pair(code, normalised(label.clean), value, value_of(cell.raw), number, "header"))


def _fits(code: str, text: str) -> bool:
    """Whether a line can be the value of the label that stands alone on the line before."""
    if len(text) > 60 or _starts_with_label(text) or field_of(text) is not None or speaks_of_report(text):
        return False
    if code == "validity":
        return len(text) <= LONGEST_VALIDITY
    if code in ("index_number", "document_number") or code.endswith("_date"):
        return _NUMBER.search(text) is not None and len(text) <= 40
    return code == "publisher" and len(text) <= 30 and (kind_of_organ(text) is not None or is_nobody(text)) and _NUMBER.search(text) is None


def _is_stacked(line: Line, below: Line) -> bool:
    """Whether a row holds labels only and the next row of the table values only."""
    upper, lower = line.cells or [], below.cells or []
    if len(upper) < 2 or len(upper) != len(lower) or line.table != below.table:
        return False
    return all(field_of(cell.clean) for cell in upper) and not any(field_of(cell.clean) for cell in lower)


def _is_list(rows: Sequence[Line]) -> bool:
    """Whether two rows of one table have the same cells: a list of other pages has labels above, too."""
    return len(rows) > 1 and rows[0].table == rows[1].table and len(rows[0].cells or ()) == len(rows[1].cells or ())


def _in_head(document: Document, number: int) -> bool:
    """Whether a line stands in the head: above the body, among its first lines, or right below a title that stands further down."""
    start = document.body.start
    near = min(len(document.lines), start + INTO_BODY)
    above = document.lines[max(0, number - HEAD_LINES) : min(number, near - HEAD_LINES)]
    return number < start + HEAD_LINES or any(len(line.clean) <= LONGEST_VALUE and is_report_title(line.clean) for line in above)


def _numbers(document: Document) -> Iterator[int]:
    """The lines to look at; below the head only what can be a header."""
    start, stop = document.body.start, document.body.stop
    near = min(len(document.lines), start + INTO_BODY)
    for number, line in enumerate(document.lines):
        text, cells = line.clean, line.cells
        if number > start and text[:1] in _ELSEWHERE_BEGINS and _ELSEWHERE.match(text):
            # What follows are other pages, with headers of their own.
            return
        is_near = (
            number < near
            or (cells is not None and len(cells) > 1 and field_of(cells[0].clean) in STRONG)
            or (number >= stop and ":" in text and len(text) <= LONGEST_VALUE)
        )
        # A menu's line is one link; a label is none.
        if is_near and (cells or line.linked != len(line.raw)):
            yield number


def _pairs(document: Document) -> Iterator[Pair]:
    lines = document.lines
    skip = -1
    for number in _numbers(document):
        line = lines[number]
        if number == skip:
            continue
        if len(line.clean) > LONGEST_LINE and not (line.cells or labels().opening.match(line.clean)):
            continue
        below = lines[number + 1] if number + 1 < len(lines) else None
        if line.cells:
            texts = [cell.clean for cell in line.cells]
            if not any(map(field_of, texts)) and not is_marked("".join(texts)):
                # Nearly all rows.
                continue
            if below is not None and _is_stacked(line, below) and not _is_list(lines[number + 1 : number + 3]):
                yield from _stacked(line.cells, below.cells or [], number)
                skip = number + 1
            else:
                yield from _row(line.cells, number)
            continue
        code = field_of(line.clean) if len(line.clean) <= LONGEST else None
        if code is None:
            if _may_have_label(line):
                yield from _inline(line, number, _in_head(document, number), "line")
        elif normalised(line.clean) not in labels().weak:
            is_defined = line.tag == "dt" and below is not None and below.tag == "dd" and len(below.clean) <= LONGEST_VALUE
            taken = below is not None and not below.cells and (is_defined or _fits(code, below.clean))
            value = value_of(below.clean) if taken and below is not None else None
            raw = value_of(below.raw) if value and below is not None else None
            yield _bounded(Pair(code, normalised(line.clean), value, raw, number, "header"))
            skip = number + 1 if taken else -1


def _from_data(document: Document) -> Iterator[Pair]:
    """The pairs of meta tags and of the data in the page's scripts; they stand on no line."""
    for code in ("index_number", "publisher"):
        if raw := meta_value(document.meta, code):
            yield _bounded(Pair(code, "meta", clean(raw, traditional=document.traditional).strip()[:LONGEST_VALUE], raw, -1, "header"))
    for label, raw in document.labelled[:MOST_PAIRS]:
        named = field_of(clean(label, traditional=document.traditional))
        value = value_of(clean(raw, traditional=document.traditional).strip())
        if named is not None and named != IGNORED and value is not None and len(value) <= LONGEST_VALUE:
            yield _bounded(Pair(named, normalised(label), value, raw, -1, "header"))


def read_pairs(document: Document) -> list[Pair]:
    """All pairs of the page's header in the order of the page, those without a value too.

    Looks above the body, at its first lines, and at table rows anywhere whose first cell is a strong label; what the page does not show is
    taken from the data of its scripts.
    """
    pairs = list(islice((pair for pair in _pairs(document) if pair.field != IGNORED), MOST_PAIRS))
    shown = {pair.field for pair in pairs if pair.value is not None}
    pairs += [pair for pair in _from_data(document) if pair.field not in shown]
    listed = [pair for pair in pairs if pair.place == "line"]
    if len(listed) >= HEADER_PAIRS or any(pair.field == "index_number" for pair in listed):
        under_title = _lines_under_title(listed)
        pairs = [pair if pair.line in under_title else replace(pair, place="header") for pair in pairs]
    return pairs


def _lines_under_title(listed: Sequence[Pair]) -> set[int]:
    """The lines that name a source beside the date, and stand beside a list of labels with a line each: those are the header then."""
    fields: dict[int, list[str]] = {}
    for pair in listed:
        fields.setdefault(pair.line, []).append(pair.field)
    single = sum(len(of_line) == 1 for of_line in fields.values())
    return (
        {line for line, of_line in fields.items() if {"source", "published_date"} <= set(of_line) <= _UNDER_TITLE}
        if single >= HEADER_PAIRS
        else set()
    )


def first_value(pairs: Sequence[Pair], code: str) -> Pair | None:
    """The first pair of a field that has a value."""
    for pair in pairs:
        if pair.field == code and pair.value is not None:
            return pair
    return None
