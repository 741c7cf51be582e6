"""Tables that lost their grid: labels and values one after the other, on lines of their own or several on a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.decode.document import Document, Line, Table, TableCell
from pipelines.statistics.labels import LabelIndex, number_of
from pipelines.statistics.matching import UNIT_WORDS
from pipelines.statistics.numbers import UNITS, read_value

# A line of a table is no longer: the longest label and a dozen values.
LONGEST_LINE = 200
# `(一)收到申请数:16件`, a row of a list on a line of its own.
STATED = re.compile(r"^(.+):\s*(\S+?)[;。,]?$")
# Dots that lead from a label to its value.
LEADERS = re.compile(r"[.·。…]{3,}|…+")
# A row read out as a sentence: `二、上年结转数量,11,6,3,0,1,4,25。`; a comma before three digits may part thousands.
PARTS = re.compile(r"[,;](?!\d{3}(?!\d))")
# `1.按时办结数件151`, `(一)收到申请数16件`: label and value of a list item without anything between them.
GLUED = re.compile(rf"^(\D*?|.*?[^\d,.])({UNITS})?(\d[\d,.]*(?:{UNITS})?)$", re.ASCII)
# A label may be broken over so many lines, none of them longer than this.
MOST_PIECES = 3
LONGEST_PIECE = 60
# What stands for a sentence among the tokens: it ends the row before it, and needs no look-up.
SENTENCE = "。"


def _is_value(text: str) -> bool:
    return text in UNIT_WORDS or (bool(text) and read_value(text).status != "unreadable")


def _known(text: str, index: LabelIndex) -> bool:
    said = index.said(text)
    return bool(said.rows or said.columns or said.word)


def _split(text: str) -> list[str]:
    """A line in words; the label whole where a colon or a value directly behind it ends it."""
    text = LEADERS.sub(" ", text)
    parts = [part for part in PARTS.split(text.rstrip("。;")) if part]
    if len(parts) > 1 and all(_is_value(part) for part in parts[-2:]) and not _is_value(parts[0]):
        return parts
    stated = STATED.match(text)
    if stated and _is_value(stated.group(2)):
        return [stated.group(1), stated.group(2)]
    words = text.split()
    glued = GLUED.match(text) if not any(_is_value(word) for word in words) else None
    return [part for part in glued.groups() if part] if glued else words


def _pieces(line: Line, index: LabelIndex) -> Iterator[TableCell]:
    """The labels and values of a plain line: values at its end, known labels before them; the whole line where there are none."""
    place = f"text:{line.start}-{line.end}"
    words = _split(line.clean)
    first = len(words)
    while first and _is_value(words[first - 1]):
        first -= 1
    start = 0
    labels: list[str] = []
    while start < first:
        stop = next((stop for stop in range(first, start, -1) if _known("".join(words[start:stop]), index)), first)
        labels.append(" ".join(words[start:stop]))
        start = stop
    if labels and not all(_known(label, index) for label in (labels if first == len(words) else labels[-1:])):
        yield TableCell(line.raw, line.clean, place=place)
        return
    for text in (*labels, *words[first:]):
        yield TableCell(text, text, place=place)


def _is_sentence(text: str) -> bool:
    """Whether a line is longer than a row, or ends as sentences do; a row that is read out ends with its last number."""
    return len(text) > LONGEST_LINE or (len(text) > LONGEST_PIECE and text.endswith("。") and not text[-2].isdigit())


def tokens_of(document: Document, index: LabelIndex, *, with_grids: bool) -> list[TableCell]:
    """All labels and values of the report that stand in no grid, or all `with_grids`, in their order; other lines as they are."""
    tokens: list[TableCell] = []
    for line in document.body_lines:
        if line.cells is not None and (document.media == "text" or with_grids):
            tokens += line.cells
        elif line.cells is not None and len(line.cells) > 1:
            tokens.append(TableCell("", SENTENCE))
        elif not line.clean or _is_sentence(line.clean):
            tokens.append(TableCell(line.raw, SENTENCE if line.clean else ""))
        else:
            tokens += _pieces(line, index)
    return tokens


def _joined(tokens: list[TableCell], index: LabelIndex) -> list[TableCell]:
    """The tokens with labels that were broken over lines made whole."""
    whole: list[TableCell] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        taken = 1
        if 0 < len(token.clean) <= LONGEST_PIECE and not _known(token.clean, index) and not _is_value(token.clean):
            for count in range(2, MOST_PIECES + 1):
                parts = [piece for piece in tokens[place : place + count] if piece.clean]
                text = "".join(piece.clean for piece in parts)
                if len(parts) == count and not any(_is_value(piece.clean) for piece in parts) and _known(text, index):
                    token, taken = TableCell("".join(piece.raw for piece in parts), text, place=token.place), count
                    break
        whole.append(token)
        place += taken
    return whole


def _in_header(token: TableCell, index: LabelIndex) -> bool:
    said = index.said(token.clean)
    return said.word or (bool(said.columns) and not (said.rows and number_of(token.clean)))


def _rows(tokens: list[TableCell], index: LabelIndex) -> Iterator[list[TableCell]]:
    """The tokens as rows: labels and the values behind them; the labels of a header are a row of their own."""
    labels: list[TableCell] = []
    values: list[TableCell] = []
    for token in [*tokens, None]:
        if token is not None and (not token.clean or _is_value(token.clean)):
            values.append(token)
            continue
        if values:
            heads = [place for place, label in enumerate(labels) if _in_header(label, index)]
            cut = heads[-1] + 1 if len(heads) > 1 else 0
            if cut:
                yield labels[heads[0] : cut]
            yield labels[cut:] + values
            labels, values = [], []
        if token is not None:
            labels.append(token)
    if labels:
        yield labels


def stream_table(document: Document, index: LabelIndex) -> Table:
    """The labels and values that stand in no grid, as one table without spans; its rows are empty where there are none."""
    return Table(list(_rows(_joined(tokens_of(document, index, with_grids=False), index), index)), spans_known=False)


def stated_labels(document: Document) -> set[str]:
    """The short lines and cells before a value: what may be labels of a form whose grid was lost."""
    found: set[str] = set()
    before = ""
    for line in document.body_lines:
        texts = [cell.clean for cell in line.cells] if line.cells is not None and document.media == "text" else [line.clean]
        for text in texts:
            if not text:
                continue
            words = _split(text) if len(text) <= LONGEST_LINE else []
            if not words:
                before = ""
            elif _is_value(text):
                found.add(before)
            elif _is_value(words[-1]):
                found.add("".join(word for word in words if not _is_value(word)))
                before = ""
            else:
                before = text
    found.discard("")
    return found
