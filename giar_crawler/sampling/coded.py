"""The filled sheet as coders hand it back: in any order, as CSV of any spreadsheet or as a workbook.

What is not plain is refused, never guessed.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from giar_crawler.export.extras import need
from giar_crawler.items import Number
from giar_crawler.sampling.key import Key, Reading
from pipelines.data import load
from pipelines.statistics.numbers import contradicts, convert, read_value

# Not the whole of NFKC, which would make 462 of a footnote at 46.
_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
ID, VALUE = "id", "coder_value"
Line = tuple[int, list[str]]
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# All that a broken workbook makes its reader raise.
_BROKEN = (OSError, LookupError, ValueError, TypeError, AttributeError, SyntaxError, EOFError, zipfile.BadZipFile, zlib.error)


class BadSheet(ValueError):
    """The sheet cannot be taken as it is; `faults` name rows and reasons."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(slots=True, frozen=True)
class Answer:
    """What a coder says of a cell: a number in the unit of the reading, that there is none, or that it cannot be told."""

    kind: Literal["number", "nothing", "undecided"]
    value: Number | None = None


def read_sheet(path: Path, key: Key) -> dict[str, Answer]:
    """The answers by the ids of their rows; rows without an answer are not there. Raises BadSheet, and OSError."""
    lines = _lines(path)
    head = next((line for line in lines if {ID, VALUE} <= set(map(_plain, line[1]))), None)
    if head is None:
        raise BadSheet(f"no row has the headings {ID} and {VALUE}; they have to stay as they were drawn")
    names = [_plain(cell) for cell in head[1]]
    id_place, value_place = names.index(ID), names.index(VALUE)
    answers: dict[str, Answer] = {}
    seen: dict[str, int] = {}
    faults = []
    for number, cells in lines:
        row_id, words = (_plain(cells[place]) if place < len(cells) else "" for place in (id_place, value_place))
        if number <= head[0] or not (row_id or words):
            continue
        try:
            if row_id in seen:
                raise ValueError(f"its id {row_id} stands in row {seen[row_id]} already")  # noqa: TRY301 - joined with the others
            answer = _answer(words, _asked(row_id, key))
        except ValueError as error:
            faults.append(f"row {number}: {error}")
            continue
        seen[row_id] = number
        if answer:
            answers[row_id] = answer
    if faults:
        raise BadSheet(*faults)
    return answers


def _asked(row_id: str, key: Key) -> Reading:
    if not row_id:
        raise ValueError(f"it has a {VALUE} and no {ID}")
    if row_id not in key.rows:
        raise ValueError(f"the key has no row {row_id!r}; it belongs to another drawing, or the {ID} was changed")
    return key.rows[row_id]


def _answer(words: str, asked: Reading) -> Answer | None:
    """What the words in a cell say, `None` where there are none."""
    if not words:
        return None
    for kind, known in _known_answers().items():
        if words in known:
            return Answer(kind)
    value = read_value(words)
    if value.status == "dash":
        return Answer("nothing")
    if value.number is None or value.doubt:
        raise ValueError(f"{words!r} is no plain number, none of blank, / and none (there is no number), and no ? (it cannot be told)")
    if contradicts(value.unit, asked.unit):
        raise ValueError(f"{words!r}: {asked.figure} counts in {asked.unit}")
    return Answer("number", convert(value.number, value.unit, asked.unit))


@cache
def _known_answers() -> dict[Literal["nothing", "undecided"], frozenset[str]]:
    shape = {"nothing": [str], "undecided": [str]}
    return {kind: frozenset(words) for kind, words in load(Path(__file__).with_name("answers.yaml"), shape).items()}


def _plain(text: str) -> str:
    """A cell as it is compared: full-width signs as usual ones, small letters, no blanks around it and no mark of a text before it."""
    return text.translate(_WIDTH).strip().lstrip("'").strip().casefold()


def _lines(path: Path) -> list[Line]:
    """The rows of a file with their numbers, from 1."""
    data = path.read_bytes()
    if data.startswith(_OLD_WORKBOOK):
        raise BadSheet("is a workbook of the old kind (.xls); save it as .xlsx or as CSV")
    if zipfile.is_zipfile(path):
        return _workbook(path)
    text = _decoded(data)
    # The delimiter is whatever the spreadsheet of that country writes.
    first = next((line for line in text.splitlines() if VALUE in line.casefold()), "")
    delimiter = max(",;\t", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise BadSheet(f"is no CSV file: {error}") from error


def _decoded(data: bytes) -> str:
    """The text of a CSV file: with a byte order mark what that says, else UTF-8, else what Chinese spreadsheets write (GBK)."""
    encodings = ("utf-16",) if data.startswith(_UTF_16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadSheet("is neither a workbook nor text in UTF-8 or GBK; save it as .xlsx or as `CSV UTF-8`")


def _workbook(path: Path) -> list[Line]:
    """The rows of the first sheet, which is where they were drawn."""
    openpyxl = need("openpyxl")
    try:
        with path.open("rb") as file:
            sheet = openpyxl.load_workbook(file, read_only=True, data_only=True).worksheets[0]
            # Some programs write a size that is too small; cells beyond it would be lost.
            sheet.reset_dimensions()
            rows = enumerate(sheet.iter_rows(values_only=True), 1)
            return [(number, [_words(cell) for cell in row]) for number, row in rows if any(cell is not None for cell in row)]
    except _BROKEN as error:
        raise BadSheet(f"is a damaged workbook, or one of another kind ({error}); save it as .xlsx or as CSV") from error


def _words(cell: Any) -> str:  # noqa: ANN401 - whatever a workbook holds
    """A cell of a workbook as its coder wrote it; a date stays one, which no answer is."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(Decimal(repr(cell)).normalize()) if cell != int(cell) else str(int(cell))
    return str(cell)
