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

from giar_crawler.archive.content import decode
from giar_crawler.archive.errors import ArchiveError
from giar_crawler.archive.http import joined, parse_response
from giar_crawler.archive.records import Fault, Record, scan
from giar_crawler.items import Page, PageContext

logger = logging.getLogger(__name__)

# A page of which the archive holds no context (of another program's file, or torn off) is not known to be a report.
_NO_CONTEXT = PageContext(kind="other")


@dataclass(slots=True, frozen=True)
class Answer:
    """A response as the archive has it: where, what the walk knew of it, headers as bytes, `body` as on the wire, still content-encoded."""

    url: str
    fetched_at: datetime
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    record_id: str
    file: str
    offset: int
    length: int | None
    context: PageContext = _NO_CONTEXT

    def header(self, name: str) -> str | None:
        """The values of a header in one, `None` where it is missing."""
        return joined(self.headers, name)


def archive_files(archive: Path) -> list[Path]:
    """The files of an archive by name, which is the order of their beginning. Raises ArchiveError where there is no folder."""
    if not archive.is_dir():
        raise ArchiveError(f"archive {archive}: there is no such folder; name the archive with --archive")
    return sorted(archive.glob("*.warc.gz"))


def read_pages(archive: Path, files: Iterable[str] | None = None) -> Iterator[Page]:
    """The pages with a status of 200 to 299 in all files of the folder, or in those named, in the order in which they were fetched by file.

    What is torn or damaged is left out with a warning. Raises `ArchiveError` for a file that is not there.
    """
    for path in archive_files(archive) if files is None else [_file(archive, name) for name in files]:
        for answer in answers(path):
            if isinstance(answer, Fault):
                logger.warning("%s: byte %d: %s", path.name, answer.offset, answer.what)
            elif 200 <= answer.status < 300:
                yield page_of(answer)


def read_page(archive: Path, warc_file: str, offset: int) -> Page:
    """The page whose record begins at `offset` (bytes) of a file. Raises `ArchiveError` when there is none, or it is damaged."""
    return page_of(read_answer(archive, warc_file, offset))


def read_answer(archive: Path, warc_file: str, offset: int) -> Answer:
    """The answer at `offset` (bytes) of a file. Raises `ArchiveError` when there is none, or it is damaged."""
    for answer in answers(_file(archive, warc_file), offset):
        if isinstance(answer, Answer) and answer.offset == offset:
            return answer
        why = f": {answer.what}" if isinstance(answer, Fault) else ""
        break
    else:
        why = ""
    raise ArchiveError(f"archive {archive}: there is no response at byte {offset} of {warc_file}{why}")


def answers(path: Path, offset: int = 0) -> Iterator[Answer | Fault]:
    """The answers in a file from an offset on, with their context, which our files hold in the record behind; and what cannot be read."""
    answer: Answer | None = None
    try:
        with path.open("rb") as file:
            for item in scan(file, offset):
                found = _answer(item, path.name) if isinstance(item, Record) and item.type == "response" else item
                if isinstance(found, Record):
                    if answer is not None and _is_about(found, answer):
                        yield dataclasses.replace(answer, context=_context(found))
                        answer = None
                    continue
                if answer is not None:
                    yield answer
                    answer = None
                if isinstance(found, Fault):
                    yield found
                else:
                    answer = found
    except OSError as error:
        raise ArchiveError(f"archive {path.parent}: {path.name}: {error.strerror or error}") from error
    if answer is not None:
        yield answer


def _is_about(record: Record, answer: Answer) -> bool:
    return record.type == "metadata" and record.headers.get("warc-refers-to") == answer.record_id and record.damage() is None


def _file(archive: Path, name: str) -> Path:
    if Path(name).name != name or "\\" in name or not name:
        raise ArchiveError(f"{name!r} is no bare file name; the archive's files lie in one folder")
    return archive / name


def _answer(record: Record, file: str) -> Answer | Fault:
    damage = record.damage()
    if damage is not None:
        return Fault(record.offset, damage)
    try:
        message = parse_response(record.block)
        return Answer(
            url=record.headers["warc-target-uri"],
            fetched_at=datetime.fromisoformat(record.headers["warc-date"]).astimezone(UTC),
            status=message.status,
            headers=message.headers,
            body=message.body,
            record_id=record.id,
            file=file,
            offset=record.offset,
            length=record.length,
        )
    except (ValueError, KeyError, OverflowError) as error:
        return Fault(record.offset, f"it has no {error.args[0]}" if isinstance(error, KeyError) else str(error))


def _context(record: Record) -> PageContext:
    known = {field.name for field in dataclasses.fields(PageContext)}
    try:
        facts: dict[str, Any] = json.loads(record.block)["context"] or {}
        values: dict[str, Any] = {name: tuple(value) if name == "hosts" else value for name, value in facts.items() if name in known}
    except (ValueError, TypeError, KeyError, AttributeError):
        return _NO_CONTEXT
    return PageContext(**values) if values else _NO_CONTEXT


def page_of(answer: Answer) -> Page:
    """The page that an answer is, content-decoded."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in answer.headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    body = decode(answer.body, headers.get("content-encoding"))
    return Page(url=answer.url, body=body, headers=headers, fetched_at=answer.fetched_at, context=answer.context)
