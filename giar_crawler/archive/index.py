"""The index in the database made again from the files alone."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from giar_crawler.archive.content import decode
from giar_crawler.archive.errors import ArchiveError
from giar_crawler.archive.keys import kind_of, request_key
from giar_crawler.archive.reader import Answer, answers, archive_files, resolved
from giar_crawler.archive.records import Fault
from giar_crawler.archive.writer import NOT_MODIFIED
from pipelines.storage import Indexed, Observation, Storage

# Answers that are stored at a time.
BATCH = 200


@dataclass(slots=True)
class IndexedFile:
    """What became of the answers of one file: inserted, corrected, unchanged; what cannot be read; rows whose record the file lacks.

    `later` are those that repeat what stands in a file behind it: two runs wrote at the same time. They are to be stored last.
    """

    file: str
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    lost: int = 0
    later: list[Indexed] = field(default_factory=list)


def index_file(storage: Storage, path: Path) -> IndexedFile:
    """Stores an observation for every answer of a file; what the database knows besides is kept. Raises ArchiveError and StorageError."""
    done = IndexedFile(path.name)
    rows = _rows(path, done)
    offsets: set[int] = set()
    while batch := list(islice(rows, BATCH)):
        offsets.update(row.observation.warc_offset or 0 for row, _ in batch)
        done.later += [row for row, later in batch if later]
        done.counts += storage.index_observations([row for row, later in batch if not later])
    done.lost = len(storage.archived_offsets(path.name) - offsets)
    return done


def index_last_import(storage: Storage, archive: Path) -> None:
    """Stores the observation of a page that an import archived and was killed before it told the database: it is the last of its file."""
    known = storage.last_offsets()
    for path in archive_files(archive) if archive.is_dir() else []:
        last = known.get(path.name, -1)
        for answer in islice(answers(path, max(last, 0)), 2):
            if isinstance(answer, Answer) and answer.offset > last and answer.source is not None:
                with suppress(ArchiveError, ValueError):
                    storage.index_observations([_indexed(path, answer)])
                break


def _rows(path: Path, done: IndexedFile) -> Iterator[tuple[Indexed, bool]]:
    """What each answer says, and whether it repeats what stands in a later file; faults are noted."""
    for answer in answers(path):
        if isinstance(answer, Fault):
            done.faults.append(answer)
            continue
        try:
            row = _indexed(path, answer)
        except (ArchiveError, ValueError) as error:
            done.faults.append(Fault(answer.offset, str(error)))
            continue
        yield row, answer.original is not None and answer.original.file > path.name


def _indexed(path: Path, answer: Answer) -> Indexed:
    encoding = answer.header("Content-Encoding")
    # A 304 has no body, and none is made up for it.
    body = answer.body if answer.status == NOT_MODIFIED else resolved(path.parent, answer).body
    context, original = answer.context, answer.original
    observation = Observation(
        request_key=answer.request_key or request_key(answer.url, *answer.request),
        url=answer.url,
        fetched_at=answer.fetched_at,
        status=answer.status,
        content_type=answer.header("Content-Type"),
        encoding=encoding,
        body_sha256=hashlib.sha256(decode(body, encoding)).hexdigest(),
        warc_file=answer.file,
        warc_offset=answer.offset,
        warc_length=answer.length,
        portal_id=context.portal if context else None,
        crawl_id=None,
        kind=kind_of(answer.url, context),
        payload_digest=answer.payload_digest,
    )
    about = (
        {"name": context.portal_name, "adcode": context.adcode, "level": context.level, "site_code": context.site_code} if context else {}
    )
    return Indexed(observation, about, answer.crawl, (original.url, original.fetched_at) if original else None)
