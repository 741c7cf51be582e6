"""Pages that others archived, taken over: archived here, read, and stored as those of a walk are."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from giar_crawler.archive import read_page
from giar_crawler.archive.content import decode
from giar_crawler.archive.http import joined
from giar_crawler.archive.index import index_last_import
from giar_crawler.archive.keys import request_key
from giar_crawler.archive.parts import read_whole
from giar_crawler.archive.records import digest
from giar_crawler.archive.sources import LeftOut, Trouble, pages_of
from giar_crawler.archive.writer import Exchange, Original, WarcWriter
from giar_crawler.items import Page, PageContext
from giar_crawler.outcomes import PageOutcome
from giar_crawler.register import Portal, Register
from pipelines import read
from pipelines.parts import first_pages, parts_of
from pipelines.storage import Observation, RecordRefused, Storage, canonical

# What a page was: new, changed or unchanged as a report; no report; here already; no page; not to be taken.
COUNTS = ("pages", "inserted", "changed", "unchanged", "not_a_report", "known", "left_out", "faults")


class Importer:
    """Takes over sources one by one. `close` ends the archive's file and marks what only all pages of a portal show.

    Raises ArchiveError and StorageError when made, where the archive or the database cannot be used.
    """

    def __init__(self, storage: Storage, archive: Path, register: Register) -> None:
        index_last_import(storage, archive)
        self.storage, self.archive, self.register = storage, archive, register
        self._writer = WarcWriter(archive)
        self._portals: set[str] = set()
        # Reports on several pages, with their portals.
        self._put_off: list[tuple[Observation, Portal | None]] = []

    def take(self, source: Path, urls: Path | None, tell: Callable[[Trouble], None]) -> Counter[str]:
        """How many pages became what, by the names of COUNTS; faults are told. Raises ArchiveError and StorageError."""
        counts: Counter[str] = Counter()

        def note(what: str | Trouble | None) -> None:
            if isinstance(what, Trouble):
                counts["faults"] += 1
                tell(what)
            elif what is not None:
                counts["pages"] += 1
                counts[what] += 1

        for item in pages_of(source, urls):
            if isinstance(item, LeftOut):
                counts["left_out"] += 1
            else:
                note(item if isinstance(item, Trouble) else self._done(source, item.url, partial(self._take, item)))
        for seen, portal in self._put_off:
            note(self._done(source, seen.url, partial(self._read_whole, seen, portal)))
        self._put_off.clear()
        return counts

    def close(self) -> None:
        """Ends what was begun."""
        self._writer.close()
        for portal_id in sorted(self._portals):
            self.storage.mark_migration_dates(portal_id)

    @staticmethod
    def _done(source: Path, url: str, work: Callable[[], str | None]) -> str | Trouble | None:
        """What a page became; the trouble that it made, where it is that page's alone."""
        try:
            return work()
        except (RecordRefused, ValueError) as error:
            return Trouble(f"{source.name} ({url})", str(error))

    def _take(self, exchange: Exchange) -> str | None:
        """What a page became; `None` for a report that is read when its further pages are there too: they stand behind it."""
        # An address that nothing can be stored under is found before it is archived.
        canonical(exchange.url)
        exchange.url = exchange.url.partition("#")[0]
        # Of known pages too: an import that was killed at its very end has not marked what all pages of a portal show.
        portal = self._portal(exchange)
        there, outcome = self.storage.observation_at(exchange.url, exchange.fetched_at) or (None, None)
        if outcome is not None:
            return "known"
        exchange.context = self._context(exchange, portal)
        # What is there unread was archived when an import was killed.
        seen = there or self._archive(exchange, portal)
        if exchange.context.kind != "report":
            return "left_out"
        page = read_page(self.archive, seen.warc_file or "", seen.warc_offset or 0)
        if parts_of(page, page.url):
            self._put_off.append((seen, portal))
            return None
        return self._read(page, portal)

    def _read_whole(self, seen: Observation, portal: Portal | None) -> str:
        return self._read(read_whole(self.storage, self.archive, seen.warc_file or "", seen.warc_offset or 0), portal)

    def _read(self, page: Page, portal: Portal | None) -> str:
        report = read(page)
        if page.fetched_at is None:
            raise ValueError("nobody knows when it was fetched")
        keep = report.outcome is not PageOutcome.NOT_A_REPORT
        portal_id = portal.id if portal else None
        change = self.storage.store_reading(report, keep=keep, portal_id=portal_id, crawl_id=None, seen_at=page.fetched_at)
        return str(change) if change is not None else "not_a_report"

    def _portal(self, exchange: Exchange) -> Portal | None:
        known = self.register.get(exchange.context.portal) if exchange.context and exchange.context.portal else None
        portal = known or self.register.find_host(urlsplit(exchange.url).netloc)
        if portal is not None and portal.id not in self._portals:
            self._portals.add(portal.id)
            self.storage.upsert_portal(portal.as_dict())
        return portal

    def _newest(self, url: str | None, before: datetime) -> Observation | None:
        """The newest archived page of an address that came before that time."""
        rows = self.storage.observations_of(url) if url else []
        return next(
            (row for row in rows if row.warc_file and 200 <= row.status < 300 and row.url == url and row.fetched_at <= before), None
        )

    def _first(self, exchange: Exchange) -> str | None:
        """The address of the report of which a page is a further one, as that one's first page says."""
        for url in first_pages(exchange.url):
            seen = self._newest(url, exchange.fetched_at)
            if seen is not None:
                page = read_page(self.archive, seen.warc_file or "", seen.warc_offset or 0)
                if exchange.url in parts_of(page, url):
                    return url
        return None

    def _context(self, exchange: Exchange, portal: Portal | None) -> PageContext:
        """What an archive of ours knew of the page, and what the register knows of its portal."""
        first = None if exchange.context else self._first(exchange)
        context = exchange.context or PageContext(kind="part" if first else "report", parent=first)
        return replace(context, **portal.context_fields()) if portal else replace(context, portal=None)

    def _archive(self, exchange: Exchange, portal: Portal | None) -> Observation:
        headers = list(exchange.response_headers or ())
        drawn = exchange.drawn
        body = drawn.body if drawn else exchange.response_body
        encoding = None if drawn else joined(headers, "Content-Encoding")
        seen = Observation(
            request_key=request_key(exchange.url, exchange.method, exchange.request_body),
            url=exchange.url,
            fetched_at=exchange.fetched_at,
            status=exchange.status,
            content_type=drawn.content_type if drawn else joined(headers, "Content-Type"),
            encoding=encoding,
            body_sha256=hashlib.sha256(decode(body, encoding)).hexdigest(),
            warc_file=None,
            warc_offset=None,
            warc_length=None,
            portal_id=portal.id if portal else None,
            crawl_id=None,
            kind=exchange.context.kind if exchange.context else "report",
            payload_digest=digest(body),
        )
        original = None if drawn else self.storage.find_original(seen)
        if original is not None and (self.archive / (original.warc_file or "")).is_file():
            exchange.original = Original(original.url, original.fetched_at, original.warc_file or "", original.warc_offset or 0)
            seen = replace(seen, refers_to=original.id)
        place = self._writer.write(exchange)
        seen = replace(seen, warc_file=place.file, warc_offset=place.offset, warc_length=place.length)
        self.storage.add_observation(seen)
        return seen
