"""The one writer of this process into an archive folder: WARC 1.1, every record a gzip member of its own."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import responses
from io import FileIO
from pathlib import Path

from giar_crawler.archive.errors import ArchiveError
from giar_crawler.archive.record import http_head, new_id, record
from giar_crawler.items import PageContext
from pipelines.version import RELEASE

# Bytes after which the next record begins a new file.
ROLL_AT = 1 << 30

Headers = Iterable[tuple[bytes, bytes]]


@dataclass(slots=True)
class Exchange:
    """A request and its response as they went over the wire, but for the transfer coding. `truncated` is set where the body was cut."""

    url: str
    fetched_at: datetime
    method: str
    request_headers: Headers
    request_body: bytes
    status: int
    protocol: str
    response_headers: Headers
    response_body: bytes
    truncated: bool
    context: PageContext | None
    request_key: str


@dataclass(slots=True, frozen=True)
class Place:
    """Where a response record lies: bare file name, offset and length in bytes."""

    file: str
    offset: int
    length: int


class WarcWriter:
    """Writes exchanges into files of its own; thread-safe. Nothing is created before the first exchange."""

    def __init__(self, folder: Path, roll_at: int = ROLL_AT) -> None:
        self.folder = folder
        self._roll_at = roll_at
        self._file: FileIO | None = None
        self._name = ""
        self._count = 0
        self._lock = threading.Lock()
        self._users = 0

    def check(self) -> None:
        """Raises `ArchiveError` when nothing can be written into the folder; makes it where it is missing."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            raise ArchiveError(f"archive {self.folder}: {error}; name a folder that may be written with --archive") from error

    def write(self, exchange: Exchange) -> Place:
        """Where the response lies, after request, response and context were handed to the system: a kill -9 cannot take them back.

        Raises `ArchiveError` when they cannot be written; the file then ends with the last whole exchange.
        """
        records, offset, length = _records(exchange)
        with self._lock:
            try:
                file = self._current_file()
                start = file.tell()
            except OSError as error:
                raise self._error(error) from error
            try:
                _write_all(file, records)
            except OSError as error:
                # What follows a torn record in the same file could not be read.
                with suppress(OSError):
                    file.truncate(start)
                self._close()
                raise self._error(error) from error
            return Place(self._name, start + offset, length)

    def close(self) -> None:
        """Ends the file; the next exchange begins another one."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                os.fsync(self._file.fileno())
            self._file.close()
            self._file = None

    def _current_file(self) -> FileIO:
        if self._file is not None and self._file.tell() >= self._roll_at:
            self._close()
        while self._file is None:
            self._count += 1
            name = f"giar-{datetime.now(UTC):%Y%m%d%H%M%S}-{os.getpid()}-{self._count:03}.warc.gz"
            self.folder.mkdir(parents=True, exist_ok=True)
            # Exclusive: two machines that share the folder may have processes of the same number.
            with suppress(FileExistsError):
                self._file = FileIO(self.folder / name, "x")
                self._name = name
                _write_all(self._file, _warcinfo(name))
        return self._file

    def _error(self, error: OSError) -> ArchiveError:
        return ArchiveError(
            f"archive {self.folder}: {error.strerror or error}; the pages before are kept, make room or name another folder with --archive "
            "and give the same command again"
        )


def _write_all(file: FileIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) or 0 :]


def _warcinfo(name: str) -> bytes:
    facts = (
        (b"software", f"giar-crawler/{RELEASE}".encode()),
        (b"format", b"WARC File Format 1.1"),
        (b"conformsTo", b"http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
    )
    body = b"".join(b"%b: %b\r\n" % fact for fact in facts)
    return record("warcinfo", {"WARC-Filename": name, "WARC-Date": _date(datetime.now(UTC))}, "application/warc-fields", body)


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _records(exchange: Exchange) -> tuple[bytes, int, int]:
    """The three records, and offset and length of the response among them. The context is last: where it is, all is."""
    about = {"WARC-Target-URI": exchange.url, "WARC-Date": _date(exchange.fetched_at)}
    name = new_id()
    truncated = {"WARC-Truncated": "disconnect"} if exchange.truncated else {}
    facts = {"context": _fields(exchange.context) if exchange.context else None, "request_key": exchange.request_key}
    asked = record(
        "request",
        {**about, "WARC-Concurrent-To": name},
        "application/http; msgtype=request",
        exchange.request_body,
        _request_head(exchange),
    )
    came = record(
        "response",
        {**about, "WARC-Record-ID": name, **truncated},
        "application/http; msgtype=response",
        exchange.response_body,
        _response_head(exchange),
    )
    context = json.dumps(facts, ensure_ascii=False).encode()
    known = record("metadata", {**about, "WARC-Refers-To": name}, "application/json", context)
    return asked + came + known, len(asked), len(came)


def _fields(context: PageContext) -> dict[str, object]:
    return {name: getattr(context, name) for name in PageContext.__slots__}


def _request_head(exchange: Exchange) -> bytes:
    host, slash, path = exchange.url.partition("://")[2].partition("/")
    first = f"{exchange.method} {slash or '/'}{path} HTTP/1.1".encode()
    return http_head(first, [(b"Host", host.encode()), *_without(exchange.request_headers, {b"host", b"proxy-authorization"})])


def _response_head(exchange: Exchange) -> bytes:
    first = f"{exchange.protocol} {exchange.status} {responses.get(exchange.status, '')}".rstrip().encode()
    # The transfer coding was taken off before the body came here.
    return http_head(first, _without(exchange.response_headers, {b"transfer-encoding"}))


def _without(headers: Headers, names: set[bytes]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name.lower() not in names]


_writers: dict[tuple[int, Path], WarcWriter] = {}
_opening = threading.Lock()


def acquire_writer(folder: Path) -> WarcWriter:
    """The writer of this process for a folder, shared by all crawlers in it; give it back with `release_writer`."""
    with _opening:
        writer = _writers.setdefault((os.getpid(), folder.absolute()), WarcWriter(folder))
        writer._users += 1  # noqa: SLF001 - one module
        return writer


def release_writer(writer: WarcWriter) -> None:
    """Ends the writer's file when nobody else uses it."""
    with _opening:
        writer._users -= 1  # noqa: SLF001 - one module
        if writer._users == 0:  # noqa: SLF001 - one module
            _writers.pop((os.getpid(), writer.folder.absolute()), None)
            writer.close()
