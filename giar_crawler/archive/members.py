"""The bytes of a WARC file as they are read: those of one gzip member unpacked, or those of a file that is not packed."""

from __future__ import annotations

import re
import zlib
from typing import BinaryIO

GZIP = b"\x1f\x8b\x08"
RECORD = b"WARC/"
# Bytes that may be unpacked or passed over in search of the next record of a member before the member is given up.
MOST_SKIPPED = 256 << 20
_CHUNK = 1 << 14
_STEP = 1 << 20
_NEXT = b"\n" + RECORD
_START = re.compile(rb"\x1f\x8b\x08|(?<=\n)WARC/\d\.\d")


class BadError(Exception):
    """What is there is not what it says."""


class MisfitError(BadError):
    """A record is not what it says; what its member or file holds behind it may be."""


class TornError(Exception):
    """The file ends too early."""


class Content:
    """What follows in a file from an offset on. Everything raises TornError where a member has no end, BadError where it is damaged."""

    def __init__(self, file: BinaryIO, offset: int, *, packed: bool) -> None:
        file.seek(offset)
        self._file = file
        self._fed = self._base = offset
        self._zlib = zlib.decompressobj(31) if packed else None
        self._buffer = bytearray()

    @property
    def position(self) -> int:
        """Where the file stands: of a packed one behind the bytes that were unpacked, else behind those that were read."""
        if self._zlib is None:
            return self._base
        return self._fed - len(self._zlib.unused_data)

    def peek(self, size: int) -> bytes:
        """The next bytes, fewer only at the end."""
        while len(self._buffer) < size and self._fill(size - len(self._buffer)):
            pass
        return bytes(memoryview(self._buffer)[:size])

    def read(self, size: int) -> bytes:
        """As `peek`, and goes on."""
        data = self.peek(size)
        del self._buffer[: len(data)]
        self._base += len(data)
        return data

    def read_until(self, mark: bytes, most: int) -> bytes | None:
        """The bytes up to and with a mark; `None` where the first `most` do not have it."""
        size = 1 << 10
        while True:
            data = self.peek(min(size, most))
            end = data.find(mark)
            if end >= 0:
                return self.read(end + len(mark))
            if len(data) < min(size, most) or size >= most:
                return None
            size *= 4

    def ends(self, why: str) -> MisfitError | TornError:
        """What to raise where the content ends too early: a member says where it ends, a file that is not packed was torn off."""
        return MisfitError(why) if self._zlib is not None else TornError(why)

    def find_record(self) -> bool:
        """Goes to the next line that begins as a record does; whether there is one."""
        skipped = 0
        while data := self.peek(_STEP):
            found = data.find(_NEXT)
            if found >= 0:
                self.read(found + 1)
                return True
            # The mark may lie across two looks.
            skipped += len(self.read(len(data) - 16 if len(data) == _STEP else len(data)))
            if skipped > MOST_SKIPPED:
                raise BadError(f"it unpacks to more than {MOST_SKIPPED >> 20} MB without a further record")
        return False

    def _fill(self, wanted: int) -> bool:
        if self._zlib is None:
            data = self._file.read(max(wanted, _CHUNK))
            self._buffer += data
            return bool(data)
        if self._zlib.eof:
            return False
        raw = self._zlib.unconsumed_tail
        if not raw:
            raw = self._file.read(_CHUNK)
            self._fed += len(raw)
            if not raw:
                raise TornError("its gzip member has no end")
        try:
            self._buffer += self._zlib.decompress(raw, min(max(wanted, _CHUNK), _STEP))
        except zlib.error as error:
            raise BadError(f"its gzip member is damaged ({error})") from error
        return True


def next_start(file: BinaryIO, offset: int) -> int | None:
    """Where behind an offset a record, or a gzip member with one, begins; `None` where none does."""
    base = max(offset - 1, 0)
    while True:
        file.seek(base)
        data = file.read(_STEP)
        for found in _START.finditer(data, offset - base if offset > base else 0):
            place = base + found.start()
            if not found[0].startswith(GZIP) or _holds_record(file, place):
                return place
        if len(data) < _STEP:
            return None
        base, offset = base + _STEP - 16, base + _STEP - 15


def _holds_record(file: BinaryIO, offset: int) -> bool:
    try:
        return Content(file, offset, packed=True).peek(len(RECORD)) == RECORD
    except (BadError, TornError):
        return False
