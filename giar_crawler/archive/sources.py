"""Pages that others archived: WARC and WACZ files, folders of saved pages with a list of their addresses, Scrapy's own caches.

Nothing of it is trusted. No path of theirs is ever written to, none outside of the folder is read, nothing is unpickled; what is torn, too
large or not what it says is named, and the rest is given.
"""

from __future__ import annotations

import ast
import csv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from giar_crawler.archive.content import MAX_BODY, decode
from giar_crawler.archive.errors import ArchiveError
from giar_crawler.archive.http import unchunked
from giar_crawler.archive.members import GZIP, RECORD
from giar_crawler.archive.reader import Answer, answers_of
from giar_crawler.archive.records import Fault
from giar_crawler.archive.writer import NOT_MODIFIED, Drawn, Exchange
from giar_crawler.items import SHANGHAI

ZIP = b"PK"
URLS = "urls.csv"
# Types of what may be a page; the others of a web archive (pictures, scripts) are counted and left.
PAGES = ("text/html", "application/xhtml+xml", "text/plain")
# Bodies that are kept in mind for what a file refers to later; the oldest are forgotten.
_MOST_KEPT = 256 << 20
_META = 1 << 16


@dataclass(slots=True, frozen=True)
class Trouble:
    """What of a source cannot be taken, and where it stands."""

    where: str
    what: str


@dataclass(slots=True, frozen=True)
class LeftOut:
    """Something that is no page."""

    where: str


Item = Exchange | Trouble | LeftOut


def pages_of(source: Path, urls: Path | None = None) -> Iterator[Item]:
    """The pages of a source in its order; `urls` is the list of a folder of saved pages. Raises ArchiveError for what is no source."""
    if source.is_dir():
        listed = urls or source / URLS
        if listed.is_file():
            return _saved(source, listed)
        if any(source.glob("*/??/*/meta")) or any(source.glob("??/*/meta")):
            return _scrapy_cache(source)
        raise ArchiveError(f"{source}: no folder of Scrapy's cache and no list of addresses; give one with --urls, lines of file,url,date")
    try:
        with source.open("rb") as file:
            start = file.read(len(RECORD))
    except OSError as error:
        raise ArchiveError(f"{source}: {error.strerror or error}") from error
    if start.startswith(ZIP):
        return _wacz(source)
    if start.startswith(GZIP) or start == RECORD or source.name.endswith((".warc", ".warc.gz")):
        return _opened(source)
    raise ArchiveError(f"{source}: neither WARC nor WACZ, by its first bytes")


def _opened(source: Path) -> Iterator[Item]:
    with source.open("rb") as file:
        yield from _warc(file, source.name)


def _wacz(source: Path) -> Iterator[Item]:
    """The WARC files in a WACZ, which is a zip; they are read where they stand."""
    try:
        with zipfile.ZipFile(source) as package:
            for member in package.infolist():
                name = member.filename
                if not name.endswith((".warc", ".warc.gz")):
                    continue
                where = f"{source.name}:{name!r}"
                if name.startswith("/") or "\\" in name or ".." in name.split("/"):
                    yield Trouble(where, "its name leads out of the package")
                    continue
                try:
                    with package.open(member) as file:
                        yield from _warc(cast("BinaryIO", file), f"{source.name}:{name}")
                except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
                    yield Trouble(where, f"it cannot be unpacked: {error}")
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        yield Trouble(source.name, f"it is no package: {error}")


class _Bodies:
    """What a file may refer to: bodies by address and time, and by digest; the oldest are forgotten."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, datetime], tuple[str, Answer]] = {}
        self._by_digest: dict[str, Answer] = {}
        self._size = 0

    def keep(self, answer: Answer) -> None:
        key, digest = (answer.url, answer.fetched_at), answer.payload_digest
        self._forget(key)
        self._kept[key], self._by_digest[digest] = (digest, answer), answer
        self._size += len(answer.body)
        while self._size > _MOST_KEPT:
            self._forget(next(iter(self._kept)))

    def _forget(self, key: tuple[str, datetime]) -> None:
        if key not in self._kept:
            return
        digest, answer = self._kept.pop(key)
        self._size -= len(answer.body)
        if self._by_digest.get(digest) is answer:
            del self._by_digest[digest]

    def of(self, answer: Answer) -> Answer | None:
        if answer.original is None:
            return answer
        _, named = self._kept.get((answer.original.url, answer.original.fetched_at), ("", None))
        return named or self._by_digest.get(answer.repeated or "")


def _warc(file: BinaryIO, name: str) -> Iterator[Item]:
    bodies = _Bodies()
    for answer in answers_of(file, name):
        where = f"{name} byte {answer.offset}"
        if isinstance(answer, Fault):
            yield Trouble(where, answer.what)
            continue
        where += f" ({answer.url})"
        if not _is_page(answer):
            yield LeftOut(where)
            continue
        found = bodies.of(answer)
        if found is None:
            yield Trouble(where, "it refers to a page that is not here")
            continue
        if answer.original is None:
            bodies.keep(answer)
        chunked = "chunked" in (found.header("Transfer-Encoding") or "").lower()
        body = unchunked(found.body) if chunked else found.body
        wrong = _wrong_length(answer, found, body)
        yield Trouble(where, wrong) if wrong else _exchange(answer, body, name)


def _is_page(answer: Answer) -> bool:
    kind = (answer.header("Content-Type") or "").partition(";")[0].strip().lower()
    return (
        answer.url.startswith(("http://", "https://"))
        and 200 <= answer.status < 300
        and answer.status != NOT_MODIFIED
        and (kind in PAGES or (not kind and b"<" in answer.body[:1024]))
        and not answer.url.endswith("/robots.txt")
    )


def _wrong_length(answer: Answer, found: Answer, body: bytes) -> str | None:
    """Why the body is not the whole page, `None` where nothing says so."""
    if answer.truncated or found.truncated:
        return "its body was cut"
    announced = found.header("Content-Length") or ""
    # Archiving browsers unpack a body and leave the length that it had.
    packed = any(found.header(name) for name in ("Content-Encoding", "Transfer-Encoding", "X-Archive-Orig-Content-Encoding"))
    if found.sent and announced.isascii() and announced.isdigit() and len(announced) < 20 and not packed and int(announced) != len(body):
        return f"it announces {announced} bytes and has {len(body)}"
    return None if body else "it is empty"


def _exchange(answer: Answer, body: bytes, source: str) -> Exchange:
    method, asked = answer.request
    drawn = None if answer.sent else Drawn(body, answer.header("Content-Type") or "text/html")
    return Exchange(
        url=answer.url,
        fetched_at=answer.fetched_at,
        status=answer.status,
        response_body=body if answer.sent else b"",
        response_headers=answer.headers if answer.sent else None,
        method=method,
        request_body=asked,
        context=answer.context,
        drawn=drawn,
        source=source,
    )


def _saved(folder: Path, listed: Path) -> Iterator[Item]:
    """Pages that somebody saved: lines of file, address and (else the file's own) time, separated by commas or tabs."""
    text = listed.read_text("utf-8-sig", "replace")
    lines = csv.reader(text.splitlines(), delimiter="\t" if "\t" in text.partition("\n")[0] else ",")
    for number, cells in enumerate(lines, 1):
        name, url, when, *_ = [*(cell.strip() for cell in cells), "", "", ""]
        where = f"{listed.name} line {number}"
        if not name or (number == 1 and "://" not in url):
            continue
        if not url.startswith(("http://", "https://")):
            yield Trouble(where, f"{url!r} is no address")
            continue
        try:
            path = _inside(folder, folder / name)
            body = _bytes(path)
            moment = datetime.fromisoformat(when) if when else datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except (OSError, ValueError) as error:
            yield Trouble(where, f"{name}: {getattr(error, 'strerror', None) or error}")
            continue
        moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
        yield Exchange(url, moment.astimezone(UTC), 200, b"", drawn=Drawn(body, "text/html"), source=f"{folder.name}/{name}")


def _scrapy_cache(folder: Path) -> Iterator[Item]:
    """What Scrapy's FilesystemCacheStorage keeps: a folder for each request, its bodies as on the wire."""
    for meta in sorted({*folder.glob("*/??/*/meta"), *folder.glob("??/*/meta")}):
        where = str(meta.parent.relative_to(folder))
        try:
            entry = _cache_entry(folder, meta)
        except (OSError, ValueError, SyntaxError, KeyError, TypeError, RecursionError, MemoryError, OverflowError) as error:
            yield Trouble(where, f"no entry of a cache: {error}")
            continue
        answer = Answer(*entry, record_id="", file="", offset=0, length=None)
        if not _is_page(answer):
            yield LeftOut(f"{where} ({answer.url})")
            continue
        wrong = _wrong_length(answer, answer, answer.body)
        yield Trouble(where, wrong) if wrong else _exchange(answer, answer.body, f"{folder.name}/{where}")


def _cache_entry(folder: Path, meta: Path) -> tuple[str, datetime, int, list[tuple[bytes, bytes]], bytes]:
    packed = _bytes(_inside(folder, meta)).startswith(GZIP)

    def read(name: str) -> bytes:
        data = _bytes(_inside(folder, meta.parent / name))
        return _checked(decode(data, "gzip")) if packed else data

    # Scrapy itself reads the pickle beside it, which would run whatever somebody put there.
    facts = ast.literal_eval(read("meta")[:_META].decode("utf-8"))
    headers = [(name.strip(), value.strip()) for name, _, value in (line.partition(b":") for line in read("response_headers").splitlines())]
    moment = datetime.fromtimestamp(float(facts["timestamp"]), UTC)
    return str(facts.get("response_url") or facts["url"]), moment, int(facts["status"]), headers, read("response_body")


def _inside(folder: Path, path: Path) -> Path:
    """The file itself. Raises ValueError where it lies elsewhere, through a path or a link."""
    real = path.resolve()
    if not real.is_relative_to(folder.resolve()):
        raise ValueError("it lies outside of the folder")
    return real


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return _checked(file.read(MAX_BODY + 1))


def _checked(data: bytes) -> bytes:
    if len(data) > MAX_BODY:
        raise ValueError(f"it has more than {MAX_BODY} bytes")
    return data
