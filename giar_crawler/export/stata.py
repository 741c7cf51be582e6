"""Stata files (format 118, Stata 14 and later), written row by row: no library that writes them does without the whole table in memory.

Missing values bear their reason (`.a` to `.h`), labels are there in two languages (`label language zh`).
"""

from __future__ import annotations

import pickle
import struct
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

from giar_crawler.export.columns import Column, Gap, Table, reasons
from giar_crawler.export.files import Row, beside

VERSION = 118
# Variables hold names of at most 32 characters, labels of at most 80; text up to this many bytes has its place in the row.
NAME, LABEL, TEXT = 32, 80, 2045
STRL, DOUBLE, LONG, BYTE = 32768, 65526, 65528, 65530
_EPOCH, _EPOCH_DAY = datetime(1960, 1, 1, tzinfo=UTC), date(1960, 1, 1)
# `.` of each type; `.a` and those that follow are so many steps further.
_NOTHING = {DOUBLE: (0x7FE0_0000_0000_0000, 0x0000_0100_0000_0000), LONG: (2_147_483_621, 1), BYTE: (101, 1)}
_LARGEST = {DOUBLE: 8.988e307, LONG: 2_147_483_620, BYTE: 100}
_PACK = {DOUBLE: "<d", LONG: "<i", BYTE: "<b"}
_FORMATS = {"integer": "%12.0g", "number": "%12.0g", "key": "%16.0f", "boolean": "%8.0g", "date": "%td", "instant": "%tc"}
_STORED = {"integer": LONG, "number": DOUBLE, "key": DOUBLE, "boolean": BYTE, "date": LONG, "instant": DOUBLE}
_PARTS = (
    "stata_data map variable_types varnames sortlist formats value_label_names variable_labels characteristics data strls value_labels"
).split()


class Untold(ValueError):
    """A value that the format cannot hold; the message names column and value."""


def write_dta(path: Path, table: Table, rows: Iterable[Row]) -> int:
    """The number of rows written. Instants lose what is below a millisecond. Raises `Untold` for a number beyond the format's."""
    # How wide texts are is known only at the end, so the rows go to a file on the disk first.
    with tempfile.TemporaryFile() as spool, beside(path) as side, side.open("w+b") as out:
        widths = dict.fromkeys(table.names, 1)
        count = 0
        for row in rows:
            cells = [_number(column, row[column.name]) for column in table.columns]
            for column, cell in zip(table.columns, cells, strict=True):
                if isinstance(cell, bytes):
                    widths[column.name] = max(widths[column.name], len(cell))
            pickle.dump(cells, spool)
            count += 1
        spool.seek(0)
        types = [_STORED.get(column.type) or (widths[column.name] if widths[column.name] <= TEXT else STRL) for column in table.columns]
        _File(out, table, types).write(count, (pickle.load(spool) for _ in range(count)))  # noqa: S301 - our own
    return count


def _number(column: Column, value: Any) -> Any:  # noqa: ANN401 - any cell
    """The cell as the format has it: bytes, a number, or the reason why there is none."""
    if column.type == "text":
        return b"" if value is None or isinstance(value, Gap) else str(value).encode()
    if value is None or isinstance(value, Gap):
        return value
    if column.type == "date":
        return (date.fromisoformat(value) - _EPOCH_DAY).days
    if column.type == "instant":
        return (datetime.fromisoformat(value) - _EPOCH).total_seconds() * 1000 // 1
    if abs(value) > _LARGEST[_STORED[column.type]]:
        raise Untold(f"{column.name}: {value} is beyond what a Stata file holds")
    return value


class _File:
    """One file while it is written; `starts` are the places of its parts, which its map has at the front."""

    def __init__(self, out: IO[bytes], table: Table, types: list[int]) -> None:
        self.out, self.table, self.types = out, table, types
        self.starts: dict[str, int] = {"stata_data": 0}

    def write(self, count: int, rows: Iterator[list[Any]]) -> None:
        columns = self.table.columns
        head = struct.pack("<H", len(columns)), struct.pack("<Q", count), self.table.name.encode()
        self.out.write(b"<stata_dta><header><release>%d</release><byteorder>LSF</byteorder><K>%b</K><N>%b</N>" % (VERSION, *head[:2]))
        self.out.write(b"<label>%b%b</label><timestamp>\0</timestamp></header>" % (struct.pack("<H", len(head[2])), head[2]))
        with self._part("map"):
            place = self.out.tell()
            self.out.write(bytes(14 * 8))
        with self._part("variable_types"):
            self.out.write(struct.pack(f"<{len(columns)}H", *self.types))
        with self._part("varnames"):
            self._texts((column.name for column in columns), 129)
        with self._part("sortlist"):
            self.out.write(bytes(2 * (len(columns) + 1)))
        with self._part("formats"):
            shown = (f"%-{min(stored, 30)}s" if stored <= TEXT else "%-30s" for stored in self.types)
            self._texts((_FORMATS.get(column.type) or text for column, text in zip(columns, shown, strict=True)), 57)
        with self._part("value_label_names"):
            self._texts(("missing_en" if column.reasons else "" for column in columns), 129)
        with self._part("variable_labels"):
            self._texts((column.en[:LABEL] for column in columns), 321)
        with self._part("characteristics"):
            self._characteristics()
        self._data(rows)
        with self._part("value_labels"):
            if any(column.reasons for column in columns):
                self._value_labels("missing_en", [(_letter(reason.letter), reason.en) for reason in reasons().values()])
                self._value_labels("missing_zh", [(_letter(reason.letter), reason.zh) for reason in reasons().values()])
        end = self.out.tell()
        self.out.write(b"</stata_dta>")
        self.out.seek(place)
        self.out.write(struct.pack("<14Q", *(self.starts[part] for part in _PARTS), end, end + len(b"</stata_dta>")))

    @contextmanager
    def _part(self, name: str) -> Iterator[None]:
        self.starts[name] = self.out.tell()
        self.out.write(f"<{name}>".encode())
        yield
        self.out.write(f"</{name}>".encode())

    def _texts(self, texts: Iterable[str], size: int) -> None:
        for text in texts:
            self.out.write(text.encode()[: size - 1].ljust(size, b"\0"))

    def _characteristics(self) -> None:
        """The labels in the second language, as `label language` keeps them."""
        facts = [("_dta", "_lang_list", "en zh"), ("_dta", "_lang_c", "en"), ("_dta", "_lang_v_zh", self.table.name)]
        for column in self.table.columns:
            facts.append((column.name, "_lang_v_zh", column.zh[:LABEL]))
            if column.reasons:
                facts.append((column.name, "_lang_l_zh", "missing_zh"))
        for variable, name, text in facts:
            content = text.encode() + b"\0"
            self.out.write(b"<ch>" + struct.pack("<I", 258 + len(content)))
            self._texts((variable, name), 129)
            self.out.write(content + b"</ch>")

    def _data(self, rows: Iterator[list[Any]]) -> None:
        """The rows, and behind them the long texts, each under its variable and row; equal ones are not joined."""
        with tempfile.TemporaryFile() as long_texts:
            with self._part("data"):
                for number, row in enumerate(rows, 1):
                    parts = zip(self.types, row, strict=True)
                    self.out.write(b"".join(self._cell(*part, place, number, long_texts) for place, part in enumerate(parts, 1)))
            with self._part("strls"):
                long_texts.seek(0)
                while block := long_texts.read(1 << 20):
                    self.out.write(block)

    @staticmethod
    def _cell(stored: int, cell: Any, place: int, number: int, long_texts: IO[bytes]) -> bytes:  # noqa: ANN401 - any cell
        if stored in _PACK:
            if cell is None or isinstance(cell, Gap):
                start, step = _NOTHING[stored]
                code = start + step * (ord(reasons()[cell.reason].letter) - ord("a") + 1 if cell else 0)
                return struct.pack("<Q" if stored == DOUBLE else _PACK[stored], code)
            return struct.pack(_PACK[stored], cell)
        if stored != STRL:
            text: bytes = cell
            return text.ljust(stored, b"\0")
        if not cell:
            return bytes(8)
        long_texts.write(b"GSO" + struct.pack("<IQBI", place, number, 130, len(cell) + 1) + cell + b"\0")
        return struct.pack("<H", place) + struct.pack("<Q", number)[:6]

    def _value_labels(self, name: str, labels: list[tuple[int, str]]) -> None:
        texts = [text.encode() + b"\0" for _, text in labels]
        offsets = [sum(map(len, texts[:number])) for number in range(len(texts))]
        size = len(texts)
        content = struct.pack(f"<II{size}I{size}i", size, sum(map(len, texts)), *offsets, *(code for code, _ in labels)) + b"".join(texts)
        self.out.write(b"<lbl>" + struct.pack("<I", len(content)) + name.encode().ljust(129, b"\0") + bytes(3) + content + b"</lbl>")


def _letter(letter: str) -> int:
    """The number that value labels have for `.a` and the others."""
    return _NOTHING[LONG][0] + ord(letter) - ord("a") + 1
