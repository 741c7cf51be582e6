"""Pages out of the archive: all of a folder in order, or one by its place."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from giar_crawler.archive.content import decode
from giar_crawler.archive.errors import ArchiveError, FailedThen
from giar_crawler.archive.http import HttpResponse, joined, parse_request, parse_response
from giar_crawler.archive.records import Fault, Record, digest, scan
from giar_crawler.archive.writer import FACTS, NOT_MODIFIED, Original
from giar_crawler.items import Page, PageContext
from pipelines.storage import NO_ANSWER

logger = logging.getLogger(__name__)

# A page of which the archive holds no context (of another program's file, or torn off) is not known to be a report.
_NO_CONTEXT = PageContext(kind="other")
_ANSWERS = frozenset({"response", "revisit", "resource"})


@dataclass(slots=True, frozen=True)
class Answer:
    """A response as the archive has it, its place, and what the walk knew of it; headers as bytes, `body` as on the wire, content-encoded.

    Of a revisit, which has no body, `original` has it and `repeated` is its digest. `crawl` is the start of the walk; `request_key` is set
    where it is not the request's own, and `request`, its method and body, where it stands before the answer. `truncated`
    says that the body was cut; `sent` that a server sent it, and no browser drew it; `source` where it was imported from. Where no
    answer came the status is NO_ANSWER, and `failure` says why.
    """

    url: str
    fetched_at: datetime
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    record_id: str
    file: str
    offset: int
    length: int | None
    repeated: str | None = None
    context: PageContext | None = None
    original: Original | None = None
    crawl: datetime | None = None
    request_key: str | None = None
    request: tuple[str, bytes] = ("GET", b"")
    truncated: bool = False
    sent: bool = True
    source: str | None = None
    failure: FailedThen | None = None

    @property
    def payload_digest(self) -> str:
        """The digest of the body as on the wire; of a revisit that of the body that it repeats."""
        return self.repeated or digest(self.body)

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
                yield page_of(resolved(archive, answer))


def read_page(archive: Path, warc_file: str, offset: int) -> Page:
    """The page whose record begins at `offset` (bytes) of a file, also of one that says that nothing changed.

    Raises `ArchiveError` when there is none, or it is damaged.
    """
    return page_of(read_answer(archive, warc_file, offset))


def read_answer(archive: Path, warc_file: str, offset: int) -> Answer:
    """The answer at `offset` (bytes) of a file, with its body, wherever that is, and its context. Raises `ArchiveError`."""
    return resolved(archive, _first(archive, warc_file, offset, answers(_file(archive, warc_file), offset)))


def read_failure(archive: Path, warc_file: str, offset: int) -> FailedThen:
    """Why no answer came, as it stands at `offset` (bytes) of a file. Raises `ArchiveError`."""
    failure = _first(archive, warc_file, offset, answers(_file(archive, warc_file), offset)).failure
    if failure is None:
        raise ArchiveError(f"archive {archive}: there is no failure at byte {offset} of {warc_file}")
    return failure


def read_bare(archive: Path, warc_file: str, offset: int) -> Answer:
    """As `read_answer`, without what stands behind the answer: its context, and of a drawn page its status."""
    return resolved(archive, _bare(archive, warc_file, offset))


def _bare(archive: Path, warc_file: str, offset: int) -> Answer:
    path = _file(archive, warc_file)
    try:
        with path.open("rb") as file:
            # Its gzip checksum was verified on the way; the digests once more would be a fifth of the time.
            found = (_parsed(item, path.name) if isinstance(item, Record) else item for item in scan(file, offset))
            return _first(archive, warc_file, offset, found)
    except OSError as error:
        raise ArchiveError(f"archive {archive}: {warc_file}: {error.strerror or error}") from error


def _first(archive: Path, warc_file: str, offset: int, items: Iterator[Answer | Fault]) -> Answer:
    found = next(items, None)
    if isinstance(found, Answer) and found.offset == offset:
        return found
    why = f": {found.what}" if isinstance(found, Fault) else ""
    raise ArchiveError(f"archive {archive}: there is no response at byte {offset} of {warc_file}{why}")


def resolved(archive: Path, answer: Answer) -> Answer:
    """The answer with the body that it refers to, and where the server said that nothing changed with headers and status too."""
    original = answer.original
    if original is None:
        return answer
    found = _bare(archive, original.file, original.offset)
    if found.original or (found.url, found.fetched_at) != (original.url, original.fetched_at):
        raise ArchiveError(f"archive {archive}: {answer.file} refers to byte {original.offset} of {original.file}; there is no such page")
    if answer.status == NOT_MODIFIED:
        return replace(answer, status=found.status, headers=found.headers, body=found.body, original=None)
    return replace(answer, body=found.body, original=None)


def answers(path: Path, offset: int = 0) -> Iterator[Answer | Fault]:
    """The answers in a file from an offset on, as `answers_of` has them. Raises `ArchiveError` for a file that cannot be opened."""
    try:
        with path.open("rb") as file:
            yield from answers_of(file, path.name, offset)
    except OSError as error:
        raise ArchiveError(f"archive {path.parent}: {path.name}: {error.strerror or error}") from error


def answers_of(file: BinaryIO, name: str, offset: int = 0) -> Iterator[Answer | Fault]:
    """The answers in an open file from an offset on, with what our files hold around them; and what cannot be read.

    What a browser drew stands for the response beside it.
    """
    answer: Answer | None = None
    request: Record | None = None
    for item in scan(file, offset):
        if isinstance(item, Fault) or item.type in _ANSWERS:
            found = _answer(item, name) if isinstance(item, Record) else item
            if answer is not None and not _is_beside(item, answer):
                yield answer
            if isinstance(found, Fault):
                yield found
                answer = None
                continue
            asked = request is not None and request.headers.get("warc-concurrent-to") == found.record_id
            before = answer.request if answer is not None else found.request
            answer = replace(found, request=parse_request(request.block) if request and asked else before)
        elif item.type == "request":
            request = item
        elif answer is not None and _is_about(item, answer):
            yield _with_context(answer, item)
            answer = None
        elif item.type == "metadata" and (failed := _failed(item, name)) is not None:
            if answer is not None:
                yield answer
                answer = None
            yield failed
    if answer is not None:
        yield answer


def _failed(record: Record, file: str) -> Answer | None:
    """What a record says of a request that brought no answer; `None` where it is about something else."""
    if record.damage() is not None or not record.block.startswith(FACTS):
        return None
    try:
        told = json.loads(record.block.removeprefix(FACTS))
        failure = FailedThen(str(told["failure"]), str(told.get("said", "")))
        url, moment = record.headers["warc-target-uri"], _moment(record.headers["warc-date"])
    except (ValueError, KeyError, TypeError):
        return None
    answer = Answer(url, moment, NO_ANSWER, [], b"", record.id, file, record.offset, record.length, failure=failure)
    return _with_context(answer, record)


def _is_about(record: Record, answer: Answer) -> bool:
    return record.type == "metadata" and record.headers.get("warc-refers-to") == answer.record_id and record.damage() is None


def _is_beside(item: Record | Fault, answer: Answer) -> bool:
    """Whether a record is what a browser drew of an answer."""
    return isinstance(item, Record) and item.type == "resource" and item.headers.get("warc-concurrent-to") == answer.record_id


def _file(archive: Path, name: str) -> Path:
    if Path(name).name != name or "\\" in name or not name:
        raise ArchiveError(f"{name!r} is no bare file name; the archive's files lie in one folder")
    return archive / name


def _answer(record: Record, file: str) -> Answer | Fault:
    damage = record.damage(thorough=False)
    return _parsed(record, file) if damage is None else Fault(record.offset, damage)


def _parsed(record: Record, file: str) -> Answer | Fault:
    try:
        if record.type == "resource":
            message = HttpResponse(200, [(b"Content-Type", record.headers["content-type"].encode())], record.block)
        else:
            message = parse_response(record.block)
        return Answer(
            url=record.headers["warc-target-uri"],
            fetched_at=_moment(record.headers["warc-date"]),
            status=message.status,
            headers=message.headers,
            body=message.body,
            record_id=record.id,
            file=file,
            offset=record.offset,
            length=record.length,
            repeated=record.headers.get("warc-payload-digest") if record.type == "revisit" else None,
            truncated="warc-truncated" in record.headers,
            sent=record.type != "resource",
            original=_original(record) if record.type == "revisit" else None,
        )
    except (ValueError, KeyError, OverflowError) as error:
        return Fault(record.offset, f"it has no {error.args[0]}" if isinstance(error, KeyError) else str(error))


def _original(record: Record) -> Original:
    """What a revisit refers to; those of others say less, and never where it is."""
    return Original(
        url=record.headers.get("warc-refers-to-target-uri", record.headers["warc-target-uri"]),
        fetched_at=_moment(record.headers.get("warc-refers-to-date", record.headers["warc-date"])),
        file=record.headers.get("warc-refers-to-filename", ""),
        offset=int(record.headers.get("warc-refers-to-file-offset", "0")),
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _with_context(answer: Answer, record: Record) -> Answer:
    """The answer with what the record behind it says; one that says nothing sensible changes nothing."""
    known = {field.name for field in fields(PageContext)}
    try:
        told: dict[str, Any] = json.loads(record.block.removeprefix(FACTS))
        about: dict[str, Any] = told.get("context") or {}
        values: dict[str, Any] = {name: tuple(value) if name == "hosts" else value for name, value in about.items() if name in known}
        return replace(
            answer,
            context=PageContext(**values) if values else None,
            crawl=_moment(told["crawl"]) if told.get("crawl") else None,
            request_key=told.get("request_key"),
            source=told.get("source"),
            status=int(told.get("status", answer.status)),
        )
    except (ValueError, TypeError, AttributeError):
        return answer


def page_of(answer: Answer) -> Page:
    """The page that an answer is, content-decoded."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in answer.headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    body = decode(answer.body, headers.get("content-encoding"))
    return Page(url=answer.url, body=body, headers=headers, fetched_at=answer.fetched_at, context=answer.context or _NO_CONTEXT)
