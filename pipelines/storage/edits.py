"""What one version of a report changes in another: figures, what its header says, and sentences of its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from sqlalchemy import Connection, Row, select

from pipelines.digest import content, without_blanks
from pipelines.statistics.reviewed import shown
from pipelines.storage.models import FigureRow, ReportRow

# What of a version's header is told when it changes.
FIELDS = ("title", "report_year", "publisher", "published_date", "document_number", "form")
# So many changed sentences are shown, each to so many letters; the rest is counted.
MOST_SENTENCES = 20
MOST_LETTERS = 300
# Of texts that differ in more sentences than this no pairs are looked for: that takes a time that grows with its square.
MOST_COMPARED = 3_000
SENTENCE = re.compile(r"[^。!?;！？；]+[。!?;！？；]*")

Kind = Literal["figure", "field", "text"]


@dataclass(slots=True, frozen=True)
class Edit:
    """One change: a figure or a field by its `name`, or (name `None`) a sentence; before and after, `None` where there was, or is, none."""

    kind: Kind
    name: str | None
    old: str | None
    new: str | None


@dataclass(slots=True, frozen=True)
class Edits:
    """All changes of figures and fields between two versions, the first ones of the text, and how many more of its sentences changed."""

    shown: tuple[Edit, ...]
    left_out: int


def edits(connection: Connection, old_id: int, new_id: int) -> Edits:
    """What the version `new_id` changes in the version `old_id`, as both were read last."""
    names = (*FIELDS, "text")
    columns = [ReportRow.__table__.columns[name] for name in ("id", *names)]
    rows = {row.id: row for row in connection.execute(select(*columns).where(ReportRow.id.in_([old_id, new_id])))}
    old, new = rows[old_id], rows[new_id]
    figures = _changed("figure", _figures(connection, old_id), _figures(connection, new_id))
    fields = _changed("field", _fields(old), _fields(new))
    sentences = list(_sentences(content(old.text, old.title or ""), content(new.text, new.title or "")))
    return Edits((*figures, *fields, *sentences[:MOST_SENTENCES]), max(0, len(sentences) - MOST_SENTENCES))


def _figures(connection: Connection, version_id: int) -> dict[str, str]:
    names = (FigureRow.indicator, FigureRow.column, FigureRow.value, FigureRow.status)
    chosen = select(*names).where(FigureRow.report_id == version_id, FigureRow.preferred).order_by(FigureRow.position)
    rows = connection.execute(chosen).all()
    return {f"{row.indicator}[{row.column}]" if row.column else row.indicator: shown(row.value, row.status) for row in rows}


def _fields(row: Row[Any]) -> dict[str, str]:
    return {name: str(getattr(row, name)) for name in FIELDS if getattr(row, name) is not None}


def _changed(kind: Kind, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Edit]:
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield Edit(kind, name, old.get(name), new.get(name))


def _sentences(old: Iterable[tuple[str, str]], new: Iterable[tuple[str, str]]) -> Iterator[Edit]:
    """The sentences of the changed lines that are not the same, those that stand in each other's places together."""
    before, after = _split(old), _split(new)
    start = 0
    while start < min(len(before), len(after)) and before[start][0] == after[start][0]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end][0] == after[-1 - end][0]:
        end += 1
    before, after = before[start : len(before) - end], after[start : len(after) - end]
    if max(len(before), len(after)) > MOST_COMPARED:
        yield from _pairs(before, after)
        return
    matcher = SequenceMatcher(None, [words for words, _ in before], [words for words, _ in after], autojunk=False)
    for tag, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if tag != "equal":
            yield from _pairs(before[from_old:to_old], after[from_new:to_new])


def _split(lines: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The sentences of lines, without blanks and as printed. The row of a table is one."""
    pieces = ([line] if " | " in line else SENTENCE.findall(line) for _, line in lines)
    return [(words, piece.strip()) for row in pieces for piece in row if (words := without_blanks(piece))]


def _pairs(before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]) -> Iterator[Edit]:
    for number in range(max(len(before), len(after))):
        old = before[number][1] if number < len(before) else None
        new = after[number][1] if number < len(after) else None
        yield Edit("text", None, *_cut(old, new))


def _cut(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """Both within what is shown of a sentence, with the place where they begin to differ."""
    pair = (old or "", new or "")
    if max(map(len, pair)) <= MOST_LETTERS:
        return old, new
    same = next((number for number, (one, other) in enumerate(zip(*pair, strict=False)) if one != other), 0)
    start = max(0, same - MOST_LETTERS // 4)

    def part(text: str | None) -> str | None:
        if text is None:
            return None
        piece = text[start : start + MOST_LETTERS]
        return ("…" if start else "") + piece + ("…" if start + MOST_LETTERS < len(text) else "")

    return part(old), part(new)
