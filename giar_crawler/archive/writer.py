"""The one writer of this process into an archive folder: WARC 1.1, every record a gzip member of its own."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import responses
from io import FileIO
from pathlib import Path

from giar_crawler.archive.errors import ArchiveError
from giar_crawler.archive.record import Ids, http_head, record
from giar_crawler.archive.records import digest
from giar_crawler.items import PageContext
from pipelines.version import RELEASE

# Bytes after which the next record begins a new file.
ROLL_AT = 1 << 30
# Says that the page that we hold is still the one; it has no body of its own.
NOT_MODIFIED = 304
# The one field of our metadata records: what we knew, as JSON.
FACTS = b"giar: "
_SPECIFICATION = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_REVISIT = "http://netpreserve.org/warc/1.1/revisit/"
_HTTP = "application/http; msgtype={}"

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

Headers = Iterable[tuple[bytes, bytes]]

# Under which key of a request's `meta` the `Sent` is of a response that a browser drew.
SENT = "giar_sent"


@dataclass(slots=True, frozen=True)
class Sent:
    """What a server sent, where the response is what a browser drew of it; the content coding is taken off."""

    headers: list[tuple[bytes, bytes]]
    body: bytes


@dataclass(slots=True, frozen=True)
class Drawn:
    """What a browser made of a response, or somebody saved of one: a page without the headers of a server."""

    body: bytes
    content_type: str


@dataclass(slots=True, frozen=True)
class Original:
    """An answer that the archive has, as a later one refers to it: it said the same, or that nothing changed."""

    url: str
    fetched_at: datetime
    file: str
    offset: int


@dataclass(slots=True)
class Exchange:
    """A request and its response as they went over the wire, but for the transfer coding. `truncated` is set where the body was cut.

    A saved page, `drawn` without a server, has no `response_headers`. `original` has the body that the response repeats. `crawl` is the
    start of the walk, `request_key` set where it is not the request's own, `source` where it was imported from.
    """

    url: str
    fetched_at: datetime
    status: int
    response_body: bytes
    response_headers: Headers | None = None
    method: str = "GET"
    request_headers: Headers | None = None
    request_body: bytes = b""
    protocol: str = "HTTP/1.1"
    truncated: bool = False
    context: PageContext | None = None
    request_key: str | None = None
    crawl: datetime | None = None
    original: Original | None = None
    drawn: Drawn | None = None
    source: str | None = None


@dataclass(slots=True, frozen=True)
class Failure:
    """A request that brought no answer: when that was clear, why in one word, what was said."""

    url: str
    failed_at: datetime
    reason: str
    said: str
    context: PageContext | None
    request_key: str
    crawl: datetime | None


@dataclass(slots=True, frozen=True)
class Place:
    """Where the record of an answer lies: bare file name, offset and length in bytes."""

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
            why = error.strerror or error
            raise ArchiveError(f"archive {self.folder}: {why}; name a folder that may be written with --archive") from error

    def write(self, exchange: Exchange) -> Place:
        """Where the answer lies, after request, response and context were handed to the system: a kill -9 cannot take them back.

        Raises `ArchiveError` when they cannot be written; the file then ends with the last whole exchange.
        """
        return self._write(*_records(exchange))

    def write_failure(self, failure: Failure) -> Place:
        """Where the record lies that says so. Raises as `write` does."""
        record = _failure(failure)
        return self._write(record, 0, len(record))

    def _write(self, records: bytes, offset: int, length: int) -> Place:
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
                self._file = _begun(self.folder / name)
                self._name = name
        return self._file

    def _error(self, error: OSError) -> ArchiveError:
        return ArchiveError(
            f"archive {self.folder}: {error.strerror or error}; the pages before are kept, make room or name another folder with --archive "
            "and give the same command again"
        )


def _begun(path: Path) -> FileIO:
    """A new file with its first record; on a full disk none is left behind, empty or torn."""
    file = FileIO(path, "x")
    try:
        _write_all(file, _warcinfo(path.name))
    except OSError:
        file.close()
        path.unlink()
        raise
    return file


def _write_all(file: FileIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) or 0 :]


def _warcinfo(name: str) -> bytes:
    facts = f"software: giar-crawler/{RELEASE}\r\nformat: WARC File Format 1.1\r\nconformsTo: {_SPECIFICATION}\r\n"
    fields = {"WARC-Record-ID": Ids()(), "WARC-Filename": name, "WARC-Date": _date(datetime.now(UTC))}
    return record("warcinfo", fields, "application/warc-fields", facts.encode())


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _records(exchange: Exchange) -> tuple[bytes, int, int]:
    """The records of an exchange, and offset and length of the answer among them. The context is last: where it is, all is."""
    about = {"WARC-Target-URI": exchange.url, "WARC-Date": _date(exchange.fetched_at)}
    ids, out = Ids(), bytearray()
    answer_id = response_id = ids()
    if exchange.request_headers is not None:
        fields = {**about, "WARC-Record-ID": ids(), "WARC-Concurrent-To": response_id}
        out += record("request", fields, _HTTP.format("request"), exchange.request_body, _request_head(exchange))
    offset = len(out)
    if exchange.response_headers is not None:
        out += _response(exchange, {**about, "WARC-Record-ID": response_id})
    if exchange.drawn is not None:
        offset = len(out)
        beside = {} if exchange.response_headers is None else {"WARC-Concurrent-To": response_id}
        answer_id = response_id if exchange.response_headers is None else ids()
        fields = {**about, "WARC-Record-ID": answer_id, **beside}
        out += record("resource", fields, exchange.drawn.content_type, exchange.drawn.body)
    length = len(out) - offset
    # Players take metadata of any other type for one more version of the page.
    fields = {"WARC-Record-ID": ids(), "WARC-Date": about["WARC-Date"], "WARC-Refers-To": answer_id}
    out += record("metadata", fields, "application/warc-fields", FACTS + _told(exchange) + b"\r\n")
    return bytes(out), offset, length


def _failure(failure: Failure) -> bytes:
    fields = {"WARC-Target-URI": failure.url, "WARC-Date": _date(failure.failed_at), "WARC-Record-ID": Ids()()}
    told = {
        "context": _known(failure.context),
        "crawl": failure.crawl and _date(failure.crawl),
        "request_key": failure.request_key,
        "failure": failure.reason,
        "said": failure.said,
    }
    return record("metadata", fields, "application/warc-fields", FACTS + _json(told) + b"\r\n")


def _response(exchange: Exchange, about: dict[str, str]) -> bytes:
    head, original = _response_head(exchange), exchange.original
    if original is None:
        truncated = {"WARC-Truncated": "disconnect"} if exchange.truncated else {}
        return record("response", about | truncated, _HTTP.format("response"), exchange.response_body, head)
    unmodified = exchange.status == NOT_MODIFIED
    fields = {
        **about,
        "WARC-Profile": _REVISIT + ("server-not-modified" if unmodified else "identical-payload-digest"),
        **({} if unmodified else {"WARC-Payload-Digest": digest(exchange.response_body)}),
        "WARC-Refers-To-Target-URI": original.url,
        "WARC-Refers-To-Date": _date(original.fetched_at),
        "WARC-Refers-To-Filename": original.file,
        "WARC-Refers-To-File-Offset": str(original.offset),
    }
    return record("revisit", fields, _HTTP.format("response"), b"", head)


def _told(exchange: Exchange) -> bytes:
    """What we knew, without what is empty."""
    facts = {
        "context": _known(exchange.context),
        "crawl": exchange.crawl and _date(exchange.crawl),
        "request_key": exchange.request_key,
        "source": exchange.source,
        "status": exchange.status if exchange.drawn is not None else None,
    }
    return _json(facts)


def _known(context: PageContext | None) -> dict[str, object] | None:
    return {name: value for name in PageContext.__slots__ if (value := getattr(context, name))} if context else None


def _json(facts: Mapping[str, object]) -> bytes:
    told = {name: value for name, value in facts.items() if value is not None}
    return _ENCODER.encode(told).encode()


def _request_head(exchange: Exchange) -> bytes:
    host, slash, path = exchange.url.partition("://")[2].partition("/")
    first = f"{exchange.method} {slash or '/'}{path.partition('#')[0]} HTTP/1.1".encode()
    return http_head(first, [(b"Host", host.encode()), *_without(exchange.request_headers, {b"host", b"proxy-authorization"})])


def _response_head(exchange: Exchange) -> bytes:
    first = f"{exchange.protocol} {exchange.status} {responses.get(exchange.status, '')}".rstrip().encode()
    # The transfer coding was taken off before the body came here.
    return http_head(first, _without(exchange.response_headers, {b"transfer-encoding"}))


def _without(headers: Headers | None, names: set[bytes]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers or () if name.lower() not in names]


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
