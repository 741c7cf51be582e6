"""The archive as Scrapy sees it: a cache that every page goes into, and that answers only for a walk that was killed, or offline."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.request import RequestFingerprinterProtocol

from giar_crawler.archive.content import decode
from giar_crawler.archive.errors import ArchiveError, FailedThen
from giar_crawler.archive.http import joined
from giar_crawler.archive.keys import kind_of
from giar_crawler.archive.reader import Answer, read_bare, read_failure
from giar_crawler.archive.records import digest
from giar_crawler.archive.writer import (
    NOT_MODIFIED,
    SENT,
    Drawn,
    Exchange,
    Failure,
    Original,
    Sent,
    WarcWriter,
    acquire_writer,
    release_writer,
)
from giar_crawler.items import PageContext
from pipelines.stats import ARCHIVE_UNREADABLE, STOPPED
from pipelines.storage import NO_ANSWER, Observation, Storage, StorageError, open_storage

logger = logging.getLogger(__name__)

# Where a response's own time is in `meta`: of its arrival, also when it comes out of the archive.
FETCHED_AT = "giar_fetched_at"
CONTEXT = "giar_context"
_NOTHING = hashlib.sha256(b"").hexdigest()
_unpacked: WeakKeyDictionary[Response, bytes] = WeakKeyDictionary()


class ArchivePolicy:
    """Every answer over HTTP goes into the archive.

    Nothing that comes out of it is ever stale: the storage decides what it gives. So Scrapy's middleware never keeps a stale copy at hand,
    which it would silently serve in place of a page whose host is down.
    """

    def __init__(self, settings: BaseSettings) -> None:
        del settings

    def should_cache_request(self, request: Request) -> bool:
        return urlsplit(request.url).scheme in {"http", "https"}

    def should_cache_response(self, response: Response, request: Request) -> bool:  # noqa: ARG002 - Scrapy's signature
        return True

    def is_cached_response_fresh(self, cachedresponse: Response, request: Request) -> bool:  # noqa: ARG002 - Scrapy's signature
        return True

    def is_cached_response_valid(self, cachedresponse: Response, response: Response, request: Request) -> bool:  # noqa: ARG002 - as above
        return False


class WarcCacheStorage:
    """For `HTTPCACHE_STORAGE`. Settings: `GIAR_DATABASE`, `GIAR_ARCHIVE`, `GIAR_OFFLINE`, `GIAR_STANDS`.

    Of the spider it reads `storage`, `portal_id`, `crawl_id` and `cache_since`: with a datetime, pages fetched since are answered from the
    archive; with `None` none are, but for what stands for ever. `GIAR_OFFLINE` answers with pages of any age. When archive or database
    fail, the crawl is closed with the reason `archive_failed` or `database_failed`, and the message is the stat `giar/stopped`.
    """

    def __init__(self, settings: BaseSettings) -> None:
        self._database = str(settings["GIAR_DATABASE"])
        self._folder = Path(str(settings["GIAR_ARCHIVE"]))
        self._offline = settings.getbool("GIAR_OFFLINE")
        self._stands = settings.getdict("GIAR_STANDS")
        self._storage: Storage
        self._writer: WarcWriter
        self._fingerprinter: RequestFingerprinterProtocol
        self._stopped = False

    def open_spider(self, spider: Spider) -> None:
        """Raises `CloseSpider` when archive or database cannot be used, before anything is requested."""
        assert spider.crawler.request_fingerprinter is not None  # noqa: S101 - set before spiders are opened
        self._fingerprinter = spider.crawler.request_fingerprinter
        self._writer = acquire_writer(self._folder)
        try:
            self._storage = getattr(spider, "storage", None) or open_storage(self._database)
            if not self._offline:
                self._writer.check()
        except (ArchiveError, StorageError) as error:
            self._stopped = True
            raise CloseSpider(_report(spider, error)) from error

    def close_spider(self, spider: Spider) -> None:
        del spider
        release_writer(self._writer)

    def store_response(self, spider: Spider, request: Request, response: Response) -> None:
        """Writes request, response and context, then the observation. Raises, and ends the crawl, when it cannot."""
        fetched_at = datetime.now(UTC)
        with self._writing(spider):
            headers = _pairs(response.headers)
            observation = self._observation(spider, request, response, headers, fetched_at)
            # What a browser draws is never twice the same to the byte.
            original = None if _is_drawn(response) else self._original(observation)
            place = self._writer.write(self._exchange(spider, request, response, headers, observation, original))
            observation.warc_file, observation.warc_offset, observation.warc_length = place.file, place.offset, place.length
            observation.refers_to = original.id if original else None
            self._storage.add_observation(observation)
        request.meta[FETCHED_AT] = fetched_at

    def store_failure(self, spider: Spider, request: Request, reason: str, said: str) -> None:
        """Writes that a request brought no answer, and why. Raises, and ends the crawl, when it cannot."""
        failed_at, context, request_key = datetime.now(UTC), _context(request), self._key(request)
        with self._writing(spider):
            place = self._writer.write_failure(
                Failure(request.url, failed_at, reason, said, context, request_key, getattr(spider, "crawl_started", None))
            )
            self._storage.add_observation(
                Observation(
                    request_key=request_key,
                    url=request.url,
                    fetched_at=failed_at,
                    status=NO_ANSWER,
                    content_type=None,
                    encoding=None,
                    body_sha256=_NOTHING,
                    warc_file=place.file,
                    warc_offset=place.offset,
                    warc_length=place.length,
                    portal_id=getattr(spider, "portal_id", None),
                    crawl_id=getattr(spider, "crawl_id", None),
                    kind=kind_of(request.url, context),
                    payload_digest=digest(b""),
                )
            )

    @contextmanager
    def _writing(self, spider: Spider) -> Iterator[None]:
        """Ends the crawl where archive or database fail."""
        try:
            yield
        except (ArchiveError, StorageError) as error:
            if not self._stopped:
                self._stopped = True
                assert spider.crawler.engine is not None  # noqa: S101 - it gave us the response
                deferred_from_coro(spider.crawler.engine.close_spider_async(reason=_report(spider, error)))
            raise

    def retrieve_failure(self, request: Request) -> FailedThen | None:
        """Offline: why the last request of this kind brought no answer; `None` where it did, or it was never made."""
        seen = self._storage.find_observation(self._key(request), None, archived=True, failures=True) if self._offline else None
        if seen is None or seen.status != NO_ANSWER:
            return None
        try:
            return read_failure(self._folder, seen.warc_file or "", seen.warc_offset or 0)
        except ArchiveError as error:
            logger.warning("%s is left out: %s", request.url, error)
            return None

    def retrieve_response(self, spider: Spider, request: Request) -> Response | None:
        """The archived response, still content-encoded as it came, or `None`. A record that cannot be read counts as none."""
        since: datetime | None = getattr(spider, "cache_since", None)
        ever = self._offline or self._stands.get(kind_of(request.url, _context(request))) == "ever"
        if since is None and not ever:
            return None
        observation = self._storage.find_observation(self._key(request), None if ever else since, archived=True, failures=self._offline)
        if observation is None or observation.status == NO_ANSWER:
            return None
        of_this_walk = self._offline or (since is not None and observation.fetched_at >= since)
        if not of_this_walk and not 200 <= observation.status < 300:
            return None
        try:
            found = self._read(observation)
        except ArchiveError as error:
            logger.warning("%s is %s: %s", request.url, "left out" if self._offline else "asked for again", error)
            if spider.crawler.stats:
                spider.crawler.stats.inc_value(ARCHIVE_UNREADABLE)
            return None
        headers = Headers()
        for name, value in found.headers:
            headers.appendlist(name, value)
        request.meta[FETCHED_AT] = observation.fetched_at
        kind = responsetypes.from_args(headers=headers, url=found.url, body=found.body)
        return kind(url=found.url, status=observation.status, headers=headers, body=found.body)

    def _read(self, observation: Observation) -> Answer:
        found = read_bare(self._folder, observation.warc_file or "", observation.warc_offset or 0)
        if found.url != observation.url:
            raise ArchiveError(f"{observation.warc_file} holds {found.url} at byte {observation.warc_offset}, not {observation.url}")
        return found

    def _key(self, request: Request) -> str:
        return self._fingerprinter.fingerprint(request).hex()

    def _original(self, observation: Observation) -> Observation | None:
        """The page that a response repeats, if the archive still has it: a database may outlive its archive."""
        repeats = observation.status == NOT_MODIFIED or (200 <= observation.status < 300 and observation.body_sha256 != _NOTHING)
        found = self._storage.find_original(observation) if repeats else None
        if found is None or found.warc_file is None or found.warc_offset is None:
            return None
        try:
            size = (self._folder / found.warc_file).stat().st_size
        except OSError:
            return None
        return found if size >= found.warc_offset + (found.warc_length or 0) else None

    def _exchange(  # noqa: PLR0913, PLR0917 # what an exchange is made of
        self,
        spider: Spider,
        request: Request,
        response: Response,
        headers: list[tuple[bytes, bytes]],
        observation: Observation,
        original: Observation | None,
    ) -> Exchange:
        drawn = _is_drawn(response)
        sent: Sent | None = request.meta.get(SENT) if drawn else None
        content_type = observation.content_type or "text/html"
        return Exchange(
            url=response.url,
            fetched_at=observation.fetched_at,
            status=response.status,
            response_body=sent.body if sent else b"" if drawn else response.body,
            response_headers=sent.headers if sent else None if drawn else headers,
            method=request.method,
            request_headers=_pairs(request.headers),
            request_body=request.body,
            protocol=response.protocol or "HTTP/1.1",
            truncated="dataloss" in response.flags,
            context=_context(request),
            # Where the address of the answer is another, its request says nothing of the key.
            request_key=observation.request_key if response.url != request.url else None,
            crawl=getattr(spider, "crawl_started", None),
            original=Original(original.url, original.fetched_at, original.warc_file or "", original.warc_offset or 0) if original else None,
            drawn=Drawn(response.body, content_type) if drawn else None,
        )

    def _observation(
        self, spider: Spider, request: Request, response: Response, headers: list[tuple[bytes, bytes]], fetched_at: datetime
    ) -> Observation:
        encoding, content_type = joined(headers, "Content-Encoding") or None, joined(headers, "Content-Type")
        return Observation(
            request_key=self._key(request),
            url=response.url,
            fetched_at=fetched_at,
            status=response.status,
            content_type=content_type,
            encoding=encoding,
            body_sha256=hashlib.sha256(unpacked(response)).hexdigest(),
            warc_file=None,
            warc_offset=None,
            warc_length=None,
            portal_id=getattr(spider, "portal_id", None),
            crawl_id=getattr(spider, "crawl_id", None),
            kind=kind_of(response.url, _context(request)),
            payload_digest=digest(response.body),
        )


def unpacked(response: Response) -> bytes:
    """The body of a response without its Content-Encoding, decoded once: the archive takes its digest, the walk reads it."""
    body = _unpacked.get(response)
    if body is None:
        declared = b", ".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        body = _unpacked[response] = decode(response.body, declared)
    return body


def _pairs(headers: Headers) -> list[tuple[bytes, bytes]]:
    # Scrapy's own `items` looks up again each name that it comes to.
    return [(name, value) for name, values in dict.items(headers) for value in values]


def _is_drawn(response: Response) -> bool:
    return "playwright" in response.flags


def _context(request: Request) -> PageContext | None:
    context = request.meta.get(CONTEXT)
    return context if isinstance(context, PageContext) else None


def _report(spider: Spider, error: Exception) -> str:
    """Says why the crawl ends, in the log and in the stats; returns the reason as one word."""
    logger.error("The crawl stops: %s", error)
    if spider.crawler.stats:
        spider.crawler.stats.set_value(STOPPED, str(error))
    return "archive_failed" if isinstance(error, ArchiveError) else "database_failed"
