"""The one writer of this process into an archive folder: WARC 1.1, every record a gzip member of its own."""

from __future__ import annotations

import http
import json
import os
import tempfile
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import BytesIO, FileIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from giar_crawler.archive.errors import ArchiveError
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


class _WireHeaders(StatusAndHeaders):  # type: ignore[misc] # warcio has no types
    """HTTP headers whose bytes are written as they came; warcio would re-write a Chinese file name in GBK as percent escapes."""

    def compute_headers_buffer(self, header_filter: object = None) -> None:  # noqa: ARG002 - warcio's signature
        self.headers_buff = self.to_bytes(encoding="latin-1")


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
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
    facts = {
        "software": f"giar-crawler/{RELEASE}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    }
    writer.write_record(writer.create_warcinfo_record(name, facts))
    return out.getvalue()


def _records(exchange: Exchange) -> tuple[bytes, int, int]:
    """The three records, and offset and length of the response among them. The context is last: where it is, all is."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
    date = exchange.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    response_id = writer._make_warc_id()  # noqa: SLF001 - the only way to know the id before the record is written

    def put(kind: str, body: bytes, headers: dict[str, str], http_headers: _WireHeaders | None = None, content_type: str = "") -> None:
        record = writer.create_warc_record(
            exchange.url,
            kind,
            payload=BytesIO(body),
            length=len(body),
            warc_content_type=content_type,
            warc_headers_dict={"WARC-Date": date, **headers},
            http_headers=http_headers,
        )
        writer.write_record(record)

    put("request", exchange.request_body, {"WARC-Concurrent-To": response_id}, _request_head(exchange))
    offset = out.tell()
    truncated = {"WARC-Truncated": "disconnect"} if exchange.truncated else {}
    put("response", exchange.response_body, {"WARC-Record-ID": response_id, **truncated}, _response_head(exchange))
    length = out.tell() - offset
    facts = {"context": asdict(exchange.context) if exchange.context else None, "request_key": exchange.request_key}
    put("metadata", json.dumps(facts, ensure_ascii=False).encode(), {"WARC-Refers-To": response_id}, content_type="application/json")
    return out.getvalue(), offset, length


def _request_head(exchange: Exchange) -> _WireHeaders:
    scheme, _, rest = exchange.url.partition("://")
    host, slash, path = rest.partition("/")
    headers = [("Host", host), *_text(exchange.request_headers, {"host", "proxy-authorization"})]
    return _WireHeaders(f"{slash or '/'}{path} HTTP/1.1", headers, protocol=exchange.method) if scheme else _WireHeaders("", headers)


def _response_head(exchange: Exchange) -> _WireHeaders:
    try:
        phrase = http.HTTPStatus(exchange.status).phrase
    except ValueError:
        phrase = ""
    # The transfer coding was taken off before the body came here.
    headers = _text(exchange.response_headers, {"transfer-encoding"})
    return _WireHeaders(f"{exchange.status} {phrase}".rstrip(), headers, protocol=exchange.protocol)


def _text(headers: Headers, without: set[str]) -> list[tuple[str, str]]:
    pairs = ((name.decode("latin-1"), " ".join(value.decode("latin-1").splitlines())) for name, value in headers)
    return [(name, value) for name, value in pairs if name.lower() not in without]


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
