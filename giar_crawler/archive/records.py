"""The records of a WARC file, whoever wrote it: what is torn, damaged or hostile is named, and the rest is read.

A file is a row of gzip members, as a rule one for each record, or the records as they are. Nothing is believed before it was looked at: a
length is a claim, a member may unpack to anything, and what follows a broken record is found by its own beginning.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from giar_crawler.archive.content import MAX_BODY
from giar_crawler.archive.members import GZIP, RECORD, BadError, Content, MisfitError, TornError, next_start

# Bytes of the largest record that is read: a body, and the HTTP headers before it.
MOST = MAX_BODY + (1 << 20)
# Faults of one file after which the rest is not worth reading.
MOST_FAULTS = 1000
_MOST_HEADERS = 1 << 16
_END = b"\r\n\r\n"
_VERSION = re.compile(r"WARC/\d\.\d+\s*")
_ALGORITHMS = frozenset({"sha1", "sha256", "sha512", "md5"})


@dataclass(slots=True)
class Record:
    """A whole record: its headers by lower-case name, its block, and its place in bytes of the file.

    `offset` is where its gzip member begins, or itself where nothing is packed. The records of a member that has several have no `length`.
    """

    offset: int
    length: int | None
    headers: dict[str, str]
    block: bytes

    @property
    def type(self) -> str:
        """What it is: `response`, `revisit` and so on."""
        return self.headers.get("warc-type", "")

    @property
    def id(self) -> str:
        """The name by which other records refer to it."""
        return self.headers.get("warc-record-id", "")

    @property
    def is_http(self) -> bool:
        """Whether the block is an HTTP message."""
        return self.headers.get("content-type", "").lower().startswith("application/http")

    def damage(self, *, thorough: bool = True) -> str | None:
        """What its digests say against its bytes; `None` where they agree, or there are none that we know.

        That of the block is over everything; only a `thorough` look minds that of the payload beside it.
        """
        claim = self.headers.get("warc-block-digest")
        if not _agrees(claim, self.block):
            return "its block digest is not that of its bytes"
        if claim and not thorough:
            return None
        payload = self.block.partition(_END)[2] if self.is_http else self.block
        # That of a revisit is the digest of what it does not have.
        if self.type != "revisit" and not _agrees(self.headers.get("warc-payload-digest"), payload):
            return "its payload digest is not that of its bytes"
        return None


@dataclass(slots=True, frozen=True)
class Fault:
    """What cannot be read, and where it begins. `torn`: the file ends within it."""

    offset: int
    what: str
    torn: bool = False


def digest(*parts: bytes) -> str:
    """The digest of bytes as a WARC header has it."""
    made = hashlib.sha1(usedforsecurity=False)
    for part in parts:
        made.update(part)
    return "sha1:" + base64.b32encode(made.digest()).decode("ascii")


def scan(file: BinaryIO, offset: int = 0) -> Iterator[Record | Fault]:
    """The records of a file from an offset on, and among them what cannot be read. Reads no further than it is asked."""
    faults, place = 0, _behind_blanks(file, offset)
    while place is not None:
        unit = _unit(file, place)
        while True:
            try:
                item = next(unit)
            except StopIteration as end:
                place = None if end.value is None else _behind_blanks(file, end.value)
                break
            faults += isinstance(item, Fault)
            if faults > MOST_FAULTS:
                yield Fault(item.offset, f"more than {MOST_FAULTS} broken records; the rest is not read")
                return
            yield item


def _behind_blanks(file: BinaryIO, offset: int) -> int | None:
    """The first offset from here on at which something stands; `None` at the end of the file."""
    file.seek(offset)
    while data := file.read(len(RECORD)):
        if rest := data.lstrip(b"\r\n"):
            return offset + len(data) - len(rest)
        offset += len(data)
    return None


def _unit(file: BinaryIO, place: int) -> Generator[Record | Fault, None, int | None]:
    """The records of the gzip member at a place, or the one record there; returns where to go on."""
    file.seek(place)
    packed = file.read(len(GZIP)) == GZIP
    content = Content(file, place, packed=packed)
    alone = True
    try:
        while True:
            try:
                record = _record(content, place)
                more = packed and bool(content.peek(len(RECORD)).strip())
            except MisfitError as error:
                yield Fault(place, str(error))
                if not packed:
                    return next_start(file, place + 1)
                if not content.find_record():
                    return content.position
                alone = False
                continue
            if alone and not more:
                record.length = content.position - place
            yield record
            if not more:
                return content.position
            alone = False
    except BadError as error:
        yield Fault(place, str(error))
        return next_start(file, place + 1)
    except TornError as error:
        following = next_start(file, place + 1)
        yield Fault(place, "the file ends within it" if following is None else str(error), torn=following is None)
        return following


def _record(content: Content, place: int) -> Record:
    start = content.peek(len(RECORD))
    if start != RECORD:
        if any(mark.startswith(start) for mark in (RECORD, GZIP)):
            raise content.ends("no record begins here")
        raise MisfitError("no record begins here")
    head = content.read_until(_END, _MOST_HEADERS)
    if head is None:
        endless = len(content.peek(_MOST_HEADERS)) == _MOST_HEADERS
        raise MisfitError("its headers have no end") if endless else content.ends("its headers have no end")
    version, *lines = head.decode("utf-8", "replace").rstrip("\r\n").split("\r\n")
    if not _VERSION.fullmatch(version):
        raise MisfitError("no record begins here")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon and not name[:1].isspace():
            headers.setdefault(name.strip().lower(), value.strip())
    claim = headers.get("content-length", "")
    if not (claim.isascii() and claim.isdigit()):
        raise MisfitError("it has no length")
    if len(claim) > 20 or int(claim) > MOST:
        raise MisfitError(f"it claims {claim[:20]} bytes, more than a page may have")
    block = content.read(int(claim))
    if len(block) < int(claim):
        raise content.ends(f"it claims {claim} bytes and has {len(block)}")
    end = content.peek(len(_END))
    if end != _END:
        raise MisfitError(f"it claims {claim} bytes and does not end there") if len(end) == len(_END) else content.ends("it has no end")
    content.read(len(_END))
    return Record(place, None, headers, block)


def _agrees(claim: str | None, data: bytes) -> bool:
    """Whether a digest is that of the bytes; one of an algorithm that we do not know, or none, is not held against them."""
    algorithm, _, value = (claim or "").partition(":")
    algorithm = algorithm.lower().replace("-", "")
    if algorithm not in _ALGORITHMS:
        return True
    right = hashlib.new(algorithm, data, usedforsecurity=False).digest()
    return value.rstrip("=").upper() == base64.b32encode(right).decode("ascii").rstrip("=") or value.lower() == right.hex()
