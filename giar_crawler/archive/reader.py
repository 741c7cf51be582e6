"""Pages out of the archive: all of a folder in order, or one by its place."""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from giar_crawler.archive.content import MAX_BODY, decode
from giar_crawler.archive.errors import ArchiveError
from giar_crawler.items import Page, PageContext

logger = logging.getLogger(__name__)

_MAX_HEADERS = 1 << 20
_KINDS = WarcRecordType.response | WarcRecordType.metadata
# A page of which the archive holds no context (of another program's file, or torn off) is not known to be a report.
_NO_CONTEXT = PageContext(kind="other")


@dataclass(slots=True, frozen=True)
class ArchivedResponse:
    """A response record: `body` as on the wire, still content-encoded; headers as bytes."""

    url: str
    fetched_at: datetime
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    record_id: str


def read_pages(archive: Path, files: Iterable[str] | None = None) -> Iterator[Page]:
    """The pages with a status of 200 to 299 in all files of the folder, or in those named, in the order in which they were fetched by file.

    A torn tail ends a file, a record that cannot be read is left out with a warning. Raises `ArchiveError` for a file that is not there.
    """
    names = sorted(path.name for path in archive.glob("*.warc.gz")) if files is None else list(files)
    for name in names:
        for response, context in _exchanges(archive, name, 0):
            if 200 <= response.status < 300:
                yield _page(response, context)


def read_page(archive: Path, warc_file: str, offset: int) -> Page:
    """The page whose response record begins at `offset` (bytes) of a file. Raises `ArchiveError` when there is none."""
    for response, context in _exchanges(archive, warc_file, offset):
        return _page(response, context)
    raise ArchiveError(f"archive {archive}: there is no response at byte {offset} of {warc_file}")


def read_response(archive: Path, warc_file: str, offset: int) -> ArchivedResponse:
    """The response at `offset` (bytes) of a file, as it came. Raises `ArchiveError` when there is none."""
    for response, _ in _exchanges(archive, warc_file, offset):
        return response
    raise ArchiveError(f"archive {archive}: there is no response at byte {offset} of {warc_file}")


def _exchanges(archive: Path, name: str, offset: int) -> Iterator[tuple[ArchivedResponse, PageContext]]:
    """Responses with their context, which our files hold in the record behind; from `offset` on, where a response must begin."""
    response: ArchivedResponse | None = None
    for record in _records(_file(archive, name), offset):
        if record.record_type == WarcRecordType.metadata:
            if response is not None and record.headers.get("WARC-Refers-To") == response.record_id:
                yield response, _context(record)
                response = None
            continue
        if response is not None:
            yield response, _NO_CONTEXT
        try:
            response = _response(record)
        except (ValueError, TypeError, KeyError) as error:
            logger.warning("%s: the response at byte %d cannot be read: %s", name, record.stream_pos, error)
            response = None
        if response is None and offset:
            return
    if response is not None:
        yield response, _NO_CONTEXT


def _file(archive: Path, name: str) -> Path:
    if Path(name).name != name or "\\" in name or not name:
        raise ArchiveError(f"{name!r} is no bare file name; the archive's files lie in one folder")
    return archive / name


def _records(path: Path, offset: int) -> Iterator[WarcRecord]:
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            records = iter(ArchiveIterator(stream, record_types=_KINDS, parse_http=False, strict_mode=False))
            while True:
                try:
                    record = next(records, None)
                except (OSError, ValueError, EOFError, RuntimeError) as error:
                    logger.warning("%s: what follows cannot be read: %s", path.name, error)
                    return
                if record is None:
                    return
                yield record
    except OSError as error:
        raise ArchiveError(f"archive {path.parent}: {path.name}: {error.strerror or error}") from error


def _response(record: WarcRecord) -> ArchivedResponse:
    if record.content_length > MAX_BODY + _MAX_HEADERS:
        raise ValueError(f"it has {record.content_length} bytes")
    # A torn record is shorter than it says; its digest tells, and does so for a changed byte too.
    if "WARC-Block-Digest" in record.headers and not record.verify_block_digest():
        raise ValueError("it is torn or damaged")
    record.parse_http(max_header_len=_MAX_HEADERS, strict_mode=False)
    headers = record.http_headers
    if headers is None or headers.status_code is None:
        raise ValueError("it holds no HTTP response")
    body = record.reader.read()
    return ArchivedResponse(
        url=record.headers["WARC-Target-URI"],
        fetched_at=datetime.fromisoformat(record.headers["WARC-Date"]).astimezone(UTC),
        status=headers.status_code,
        headers=list(headers.items_bytes()),
        body=body,
        record_id=record.headers["WARC-Record-ID"],
    )


def _context(record: WarcRecord) -> PageContext:
    known = {field.name for field in dataclasses.fields(PageContext)}
    try:
        facts: dict[str, Any] = json.loads(record.reader.read(1 << 20))["context"] or {}
        values: dict[str, Any] = {name: tuple(value) if name == "hosts" else value for name, value in facts.items() if name in known}
    except (ValueError, TypeError, KeyError, AttributeError):
        return _NO_CONTEXT
    return PageContext(**values) if values else _NO_CONTEXT


def _page(response: ArchivedResponse, context: PageContext) -> Page:
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    body = decode(response.body, headers.get("content-encoding"))
    return Page(url=response.url, body=body, headers=headers, fetched_at=response.fetched_at, context=context)
