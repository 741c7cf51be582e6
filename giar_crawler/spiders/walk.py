"""What a walk asks for: its arguments, its memory, and requests with the context that goes into the archive beside each page."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from giar_crawler.archive import ArchiveError, read_page
from giar_crawler.archive.cache import CONTEXT
from giar_crawler.items import Page, PageContext, PageKind
from giar_crawler.platforms import ListEntry, ListRequest
from giar_crawler.register import ContextFields, Portal, host_key, is_loopback, load_register
from giar_crawler.rendering import rendering_meta, rendering_settings
from giar_crawler.spiders.arguments import BadArgumentError, Years, check_contact, parse_years
from giar_crawler.spiders.evidence import Witness
from giar_crawler.spiders.failures import unanswered
from giar_crawler.spiders.frontier import Frontier, key
from giar_crawler.spiders.organs import Organs
from giar_crawler.spiders.outcome import WalkFacts
from giar_crawler.spiders.rechecks import Rechecks, Seen
from giar_crawler.spiders.scope import Scope
from giar_crawler.spiders.upheaval import Upheaval
from giar_crawler.spiders.visits import Column, Visit
from pipelines import stats
from pipelines.metadata.report_year import year_of_title
from pipelines.parts import parts_of
from pipelines.storage import Observation, Storage

# The order in which requests leave: a look whether all this is still there, what is missing of a report that is kept until it is whole,
# reports as soon as they are known, second ways to a list last.
LOOK, PART, REPORT, LIST, NAVIGATION, SPARE = 30, 25, 20, 10, 5, -10
# Where in `meta` the addresses of the further pages are that a known report has.
PARTS = "giar_parts"


class Walk(Spider):
    """What the spider knows and how it asks; `PortalSpider` decides what, and reads the answers."""

    def __init__(self, portal: Portal, years: Years, limit: int | None, others: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.portal, self.years, self.limit = portal, years, limit
        self.portal_id = portal.id
        self.scope = Scope(portal, others)
        self.facts = WalkFacts()
        self.witness = Witness()
        self.frontier = Frontier()
        self.upheaval = Upheaval()
        self.organs = Organs()
        # Keys of addresses: that a list named as a report (fetched or not), that were read, that pages outside the column link.
        self.met: set[str] = set()
        self.read: set[str] = set()
        self.frame: set[str] = set()
        # The scripts that those pages have.
        self.frame_scripts: set[str] = set()
        # What is asked for when nothing better is left: reports seen outside lists, and entries that only may be reports; with their page.
        self.strays: dict[str, tuple[ListEntry, str]] = {}
        self.doubtful: dict[str, tuple[ListEntry, str]] = {}
        # Reports that lists link as files or on another host of the domain, by key, and those that they link as pages: their titles.
        self.files: dict[str, str] = {}
        self.titles: set[str] = set()
        self.contents: set[bytes] = set()
        # Site maps that pages or robots.txt name, with the page that did.
        self.maps: dict[str, str] = {}
        # What the first search form that the walk met sends for the words of reports, and the page that has it.
        self.searches: list[ListRequest] | None = None
        self.search_page = ""
        # The lists of the annual-report column; those that say that they have a second page which only a script may turn to.
        self.columns: list[Column] = []
        self.promised: list[Column] = []
        # The words of links to columns on hosts that are not the portal's, and those that led to its own.
        self.elsewhere: set[str] = set()
        self.column_words: set[str] = set()
        self.reports_asked = self.doubtful_asked = self.navigation_pages = self.list_pages = self.maps_read = self.organ_pages = 0
        self.scripts_queued = self.calls_queued = 0
        # Filled by the lifecycle (extensions/lifecycle.py) before the first request; `known` holds the stored documents by key.
        self.crawl_id: int | None = None
        self.crawl_started: datetime | None = None
        self.cache_since: datetime | None = None
        self.storage: Storage | None = None
        self.known: dict[str, str] = {}
        # Known documents that are no more, with the time of the answer that says so.
        self.gone: dict[str, datetime] = {}
        # Known documents with their times, by key; those of which the server said that they are as they were.
        self.times: dict[str, Seen] = {}
        self.unmodified: set[str] = set()
        self.rechecks: Rechecks | None = None
        # The error that stops not only this walk but the run.
        self.fatal: Exception | None = None
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **arguments: Any) -> Self:  # noqa: ANN401 # what stands behind -a
        """The spider of one portal, given as `portal` or named by `id` and `portals`. Raises BadArgumentError and RegisterError."""
        unknown = sorted(arguments.keys() - {"id", "portals", "portal", "years", "limit", "others"})
        if unknown or args:
            raise BadArgumentError(f"unknown arguments {', '.join(unknown)}: there are id, portals, years and limit")
        own, portal_id = arguments.get("portals"), arguments.get("id")
        portal: Portal | None = arguments.get("portal") or load_register([Path(own)] if own else []).get(portal_id or "")
        if portal is None:
            raise BadArgumentError(f"id {portal_id!r} is in no register: give -a id=ID, and -a portals=FILE for portals of your own")
        limit, years = arguments.get("limit"), arguments.get("years")
        if limit is not None and not (str(limit).isdigit() and int(limit) > 0):
            raise BadArgumentError(f"limit {limit!r}: expected a number of report pages, 1 or more")
        if not crawler.settings.getbool("GIAR_OFFLINE"):
            check_contact(crawler.settings["GIAR_CONTACT"], portal.all_hosts)
        others = frozenset(arguments.get("others", ())) - set(map(host_key, portal.all_hosts))
        spider = cls(portal, years if isinstance(years, Years) else parse_years(years), int(limit) if limit is not None else None, others)
        set_politeness(crawler, portal)
        spider._set_crawler(crawler)
        crawler.signals.connect(spider.on_idle, signal=signals.spider_idle)
        return spider

    def on_idle(self) -> None:
        """Called when nothing is under way."""
        raise NotImplementedError

    def parse_page(self, response: Response, visit: Visit) -> Iterator[Request | Page]:
        """A page on the way, or a list."""
        raise NotImplementedError

    def parse_report(self, response: Response, *, column: bool, stray: bool) -> Iterator[Request | Page]:
        """A page that may be a report."""
        raise NotImplementedError

    def failed(self, failure: Failure) -> None:
        """A request without an answer."""
        raise NotImplementedError

    def short_lists(self) -> int:
        """How many lists brought fewer entries than they say that they have."""
        raise NotImplementedError

    def unturned_lists(self) -> int:
        """How many lists say that they have a second page to which nothing led."""
        return sum(not column.turned for column in self.promised)

    def left_out(self) -> Counter[str]:
        """What a walk that came to its end did not read, by reason: no reason has the number 0."""
        return +Counter(
            # Columns that may have rows that a script draws which was not understood.
            undrawn=sum(column.bare for column in self.columns),
            # Columns on hosts that are not asked, and that have no namesake on the portal's own.
            elsewhere=len(self.elsewhere - self.column_words) if self.facts.list_found else 0,
            # A search does not say whether it has all.
            searched=int(self.facts.searched and not self.facts.list_found),
            # Reports that lists link as files or on other hosts, and not as pages of the portal too; those are not fetched.
            files=sum(title not in self.titles for title in self.files.values()),
        )

    def _limit_reached(self) -> bool:
        return self.limit is not None and self.reports_asked >= self.limit

    def _page(self, asked: str | ListRequest, visit: Visit, **context: str) -> Request:
        wanted = ListRequest(asked) if isinstance(asked, str) else asked
        self.frontier.done(wanted.url)
        order = SPARE if wanted.spare else LIST if visit.kind == "list" else NAVIGATION
        kind: PageKind = "home" if visit.kind == "home" else "list"
        made = replace(visit, otherwise=wanted.otherwise, spare=wanted.spare, turn=wanted.turn, source=wanted.source)
        arguments = {"visit": made}
        request = self._request(wanted.url, self.parse_page, order, arguments, kind=kind, **context)
        if wanted.posted is None:
            # Some addresses are the report of a year themselves.
            return self._conditional(request) if key(wanted.url) in self.times else request
        headers = {**request.headers, "Content-Type": wanted.content_type}
        return request.replace(method="POST", body=wanted.posted, headers=headers)

    def _report(self, entry: ListEntry, parent: str, *, stray: bool = False) -> Request | None:
        """The request for an entry that is or may be a report, unless it was made, is outside the years or over the limit.

        A `stray` one was met outside the lists.
        """
        address = key(entry.url)
        if address in self.met or self.frontier.visited(entry.url):
            return None
        year = year_of_title(entry.title)
        if year is not None and year not in self.years:
            self.met.add(address)
            self._count(stats.ENTRIES_OTHER_YEAR)
            return None
        if self._limit_reached():
            # A page that turns out to be no report makes room for this one.
            self.strays[address] = (entry, parent)
            return None
        self.met.add(address)
        seen = self.times.get(address)
        if seen is not None and self.rechecks is not None and not self.rechecks.is_due(seen):
            self._count(stats.KNOWN_RESTING)
            return None
        self.reports_asked += 1
        context = {"parent": parent, "list_title": entry.title, "list_date": entry.date}
        arguments = {"column": entry.date is None, "stray": stray}
        request = self._request(entry.url, self.parse_report, REPORT, arguments, kind="report", **context)
        return self._conditional(request) if seen is not None else request

    def _conditional(self, request: Request) -> Request:
        """The request with what the server said of the page that we hold: it answers 304 where that is still the one."""
        held = self._held(request)
        if held is not None and (addresses := parts_of(held, held.url)):
            # The first page of several may be as it was when another one is not.
            request.meta[PARTS] = addresses
        for name, condition in (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since")):
            if held is not None and (value := held.headers.get(name)):
                request.headers[condition] = value
        return request

    def _held(self, request: Request) -> Page | None:
        """The newest page of the archive for a request; `None` where there is none, or it cannot be read."""
        seen = self._archived(request)
        if seen is not None:
            with suppress(ArchiveError):
                return read_page(Path(self.settings["GIAR_ARCHIVE"]), seen.warc_file or "", seen.warc_offset or 0)
        return None

    def _archived(self, request: Request) -> Observation | None:
        """Where the newest page of the archive for a request is; `None` where there is none."""
        fingerprint = self.crawler.request_fingerprinter.fingerprint(request).hex()
        seen = self.storage.find_observation(fingerprint, None, archived=True) if self.storage else None
        return seen if seen is not None and seen.warc_file is not None and seen.warc_offset is not None else None

    def _request(
        self, url: str, callback: Callable[..., Any], priority: int, arguments: dict[str, Any], *, kind: PageKind, **context: str | None
    ) -> Request:
        parent = context.get("parent")
        return Request(
            url,
            callback=callback,
            errback=self._without_answer,
            priority=priority,
            cb_kwargs=arguments,
            meta={
                CONTEXT: PageContext(**self._portal_fields(), kind=kind, **context),
                **(rendering_meta() if self.portal.render and kind in ("home", "list") else {}),
            },
            # Servers of one family answer 404 to whoever does not come from the list.
            headers={"Referer": parent} if parent else None,
        )

    def _portal_fields(self) -> ContextFields:
        """What a page's context takes over from the register, with the hosts that this walk took over."""
        fields = self.portal.context_fields()
        return {**fields, "hosts": (*fields["hosts"], *self.scope.taken)}

    def _without_answer(self, failure: Failure) -> None:
        if isinstance(failure.value, Exception):
            self.witness.failed(unanswered(failure), failure.value)
        self.failed(failure)

    def _as_before(self, request: Request) -> Request:
        """The request with the context that its page had while a list linked it: without title and date it would be read differently."""
        held = self._held(request)
        if held is not None:
            title, day, parent = held.context.list_title, held.context.list_date, held.context.parent
            request.meta[CONTEXT] = replace(request.meta[CONTEXT], list_title=title, list_date=day, parent=parent)
        return request

    def stop_run(self, error: Exception) -> None:
        """Ends this walk for an error that the next page would meet too; the run ends with it."""
        if self.fatal is None:
            self.fatal = error
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="fatal"))

    def pause(self, reason: str) -> None:
        """Ends this walk before its time, for a reason for which it is `partial`; the next one goes on where it stopped."""
        if self._closing is None:
            self.facts.partial[reason] += 1
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))

    def _spend(self, budget: str, *, partial: bool = True) -> None:
        self._count(stats.BUDGET + budget)
        if partial:
            self.facts.partial[budget] += 1

    def _count(self, name: str, times: int = 1) -> None:
        if times:
            self.crawler.stats.inc_value(name, times)


def set_politeness(crawler: Crawler, portal: Portal) -> None:
    """Sets what depends on the portal: delay (raised by GIAR_DELAY, lowered only on loopback), TLS, our name with the contact, offline."""
    settings = crawler.settings
    wanted = settings["GIAR_DELAY"]
    delay = portal.delay
    if wanted is not None:
        delay = float(wanted) if all(map(is_loopback, portal.all_hosts)) else max(delay, float(wanted))
    settings.set("DOWNLOAD_DELAY", delay, priority="spider")
    if portal.tls == "legacy":
        settings.set("DOWNLOAD_HANDLERS", {"https": "giar_crawler.tls.LegacyHandler"}, priority="spider")
    if portal.render:
        for name, value in rendering_settings(portal).items():
            settings.set(name, value, priority="spider")
    if settings["GIAR_CONTACT"]:
        settings.set("USER_AGENT", f"{settings['USER_AGENT']} (+{settings['GIAR_CONTACT']})", priority="spider")
    settings.set("HTTPCACHE_IGNORE_MISSING", settings.getbool("GIAR_OFFLINE"), priority="spider")
