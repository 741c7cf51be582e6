"""One spider walks any portal: from its home page, or from the lists that the register knows, to the pages of its annual reports."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Sequence
from datetime import UTC, datetime

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from giar_crawler.archive import ArchiveError
from giar_crawler.archive.cache import CONTEXT, FETCHED_AT
from giar_crawler.archive.writer import NOT_MODIFIED
from giar_crawler.items import Page
from giar_crawler.middlewares.refusals import Blocked, OutOfScope
from giar_crawler.platforms import ListEntry, ListPage, ListRequest, detect, read_page
from giar_crawler.platforms.page import page_of_script
from giar_crawler.platforms.static import has_more
from giar_crawler.spiders.agenda import STRONG, Agenda, request_of
from giar_crawler.spiders.beyond import columns_elsewhere, takes_hosts
from giar_crawler.spiders.failures import failure_reason
from giar_crawler.spiders.frontier import key
from giar_crawler.spiders.lexicon import (
    DISCLOSURE_WORDS,
    belongs_inside,
    discloses,
    judge_title,
    lists_organs,
    names_branch,
    names_map,
    navigation_score,
    reads_like_report,
)
from giar_crawler.spiders.recognition import (
    SAMPLE,
    bare_title,
    is_article,
    is_inside,
    is_missing,
    is_script,
    judge_entry,
    lies_below,
    names_report,
)
from giar_crawler.spiders.visits import Column, Visit
from pipelines import stats
from pipelines.metadata.report_year import year_of_title
from pipelines.storage import StorageError
from pipelines.titles import plain

# What a frame is worth: in a page on the way a little more than the page, on the home page (weather, counters) not much.
FRAME, FRAMESET, FRAME_AT_HOME = 40, 70, 15
# Pages in a row without a new entry after which a list has ended (servers that ignore the page number give the first page for ever).
MOST_STALE = 2
# What a folder in the column's own is worth at least, whatever it is called.
BELOW = 50
MOST_MOVES = 2
# Links to so many new reports make a page a list of them.
LEAST_OF_LIST = 3
ABSENT = frozenset({"http_404", "http_410"})
# What a server answers to a way of asking that it does not take.
REFUSALS = frozenset({400, 404, 405, 411, 500, 501})
ANSWERED = frozenset({"foreign_host", "scheme", "bad_address", "long_address", "not_in_archive"})


class PortalSpider(Agenda):
    """The walk. Arguments: `id` of a portal, `portals` (a register file), `years` (A-B), `limit` (report pages)."""

    name = "portal"

    # --- Pages on the way, and lists

    def parse_page(self, response: Response, visit: Visit) -> Iterator[Request | Page]:
        """A home page, a list, or a page on the way to one."""
        if self._is_unmodified(response):
            return
        if visit.otherwise is not None and (response.status in REFUSALS or not response.body):
            self._count(stats.PAGES)
            self._count(stats.PAGES_OTHERWISE)
            yield self._page(visit.otherwise, visit, parent=request_of(response).meta[CONTEXT].parent or response.url)
            return
        if self._fails(response) or self._was_here(response):
            return
        page = self._read(response)
        if visit.kind == "navigation" and is_script(response.url):
            page = page_of_script(page, request_of(response).meta[CONTEXT].parent or response.url)
        page.turn, page.source, page.drawn = visit.turn, visit.source, self.portal.render
        target = page.moves_to() if page.source is None else None
        if target is not None:
            yield from self._move(target, visit)
            return
        if not visit.entry and is_missing(page):
            self._count(stats.PAGES_SOFT_MISSING)
            return
        self.facts.entered |= visit.entry
        if visit.entry:
            self.upheaval.began(page)
        self._count({"home": stats.PAGES_HOME, "list": stats.PAGES_LIST, "navigation": stats.PAGES_NAVIGATION}[visit.kind])
        self.list_pages += visit.inside or visit.kind == "list"
        self.navigation_pages += visit.kind == "navigation" and not visit.inside
        # A year or an organ in the column's tree may link its report directly; one with a list of its own beside it is both.
        article = visit.kind == "navigation" and is_article(page)
        if article:
            self._climb(page)
            yield from self._item(response)
        if not article or self._new_reports(page) >= LEAST_OF_LIST:
            yield from self._follow(page, visit)

    def _follow(self, page: ListPage, visit: Visit) -> Iterator[Request]:
        """What a page leads to: reports, better pages, further pages of its list."""
        platform = detect(page, self.portal.platform)
        entries = platform.entries(page)
        self._count(stats.PLATFORM + platform.name)
        self._count(stats.LINKS_BAD, page.bad_links)
        requests = platform.next_requests(page)
        # A page or a file whose script asks for its rows has none itself.
        posts = page.posted is None and page.turn is None and any(request.posted is not None or _by_script(request) for request in requests)
        if self._repeats(entries, requests, bare=posts or visit.column is None):
            return
        inside = is_inside(page, entries, visit, self.scope) or self._branches(entries, visit)
        # Below the column a page without rows of its own has its list drawn by a script.
        drawn = visit.inside and bool(requests) and not any(entry.date for entry in entries)
        # A site map links the years and organs of the column too.
        if not inside and not names_map(page.title or visit.text):
            self.frame.update(key(entry.url) for entry in entries)
        self._count(stats.HOSTS_TAKEN, takes_hosts(entries, page.frames() if visit.depth else (), self.scope, inside=inside))
        self.elsewhere |= columns_elsewhere(entries, self.scope)
        column = visit.column or Column(inside or drawn)
        if visit.column is None and column.inside:
            self.columns.append(column)
        column.total = column.total or platform.total(page)
        fresh = [entry for entry in entries if key(entry.url) not in column.seen]
        column.seen.update(key(entry.url) for entry in fresh)
        if (
            visit.kind == "navigation"
            and not inside
            and (discloses(visit.text) or lists_organs(visit.text))
            and not self.organs.add(page, fresh, visit.depth)
        ):
            self._spend("organs")
        found = yield from self._sort(fresh, page, visit, inside=inside)
        for frame in page.frames():
            worth = max(visit.score, FRAME) if visit.depth else FRAME_AT_HOME
            # The frames of a page that has nothing but frames are the page.
            worth, text = (max(worth, FRAMESET), visit.text) if visit.depth and page.is_frameset else (worth, "")
            self._consider(ListEntry(frame, text), page, visit, inside=inside, score=worth)
        if inside:
            self.column_words.add(plain(visit.text))
        else:
            self._consider_scripts(page, visit)
        if visit.kind == "home":
            return
        self.facts.list_found |= inside or found
        if page.cut and (inside or found):
            self._spend("page_size")
        # What a script asks for may be something else than the further pages.
        if visit.column is None and all(map(_by_script, requests)) and (inside or found) and has_more(page):
            self.promised.append(column)
        if inside or found or drawn or visit.column:
            column.turned |= visit.column is not None and bool(fresh)
            stale = 0 if fresh else visit.stale + (not posts)
            following = Visit("list", inside=column.inside, depth=visit.depth, score=visit.score, column=column, stale=stale)
            yield from self._continue(page, requests, following, column)

    def _branches(self, entries: Sequence[ListEntry], visit: Visit) -> bool:
        """Whether a year or a kind of organs of the column has no reports, but organs or kinds of them below it."""
        return (
            visit.inside
            and names_branch(visit.text)
            and any(entry.date is None and key(entry.url) not in self.frame and belongs_inside(entry.title) for entry in entries)
        )

    def _sort(self, entries: Sequence[ListEntry], page: ListPage, visit: Visit, *, inside: bool) -> Generator[Request, None, bool]:
        """Asks for reports, puts off what may be one, queues what leads on; returns whether there was a report."""
        found = False
        for entry in entries:
            if names_map(entry.title):
                self.maps.setdefault(entry.url, page.url)
            kind, counter = judge_entry(entry, self.scope, inside=inside)
            self._count(stats.ENTRIES)
            if counter:
                self._count(counter)
            if kind == "report":
                self.titles.add(bare_title(entry.title))
            elif self._is_left(entry, counter, inside=inside) and ((year := year_of_title(entry.title)) is None or year in self.years):
                self.files[key(entry.url)] = bare_title(entry.title)
            if inside and kind in ("navigation", "other") and lies_below(entry, page):
                worth = max(BELOW, navigation_score(entry.title, entry.url, inside=inside))
                self._consider(entry, page, visit, inside=inside, score=worth)
            elif kind == "navigation":
                self._consider(entry, page, visit, inside=inside)
            elif kind == "doubtful":
                self.doubtful.setdefault(key(entry.url), (entry, page.url))
            elif kind == "report" and visit.kind == "home":
                # A list says more about a report than the news of the home page: title uncut, date.
                self.strays.setdefault(key(entry.url), (entry, page.url))
            elif kind == "report":
                found = True
                request = self._report(entry, page.url)
                if request is not None:
                    yield request
        return found

    def _is_left(self, entry: ListEntry, counter: str | None, *, inside: bool) -> bool:
        """Whether an entry is a report that is not asked for: a file, or a page of the column on another host of the portal's domain."""
        return counter == stats.ENTRIES_ATTACHMENT or (
            inside
            and counter == stats.LINKS_FOREIGN
            and self.scope.is_akin(entry.url)
            and judge_title(entry.title, inside=False) == "report"
        )

    def _continue(self, page: ListPage, requests: Sequence[ListRequest], visit: Visit, column: Column) -> Iterator[Request]:
        """The further pages of a list, until they bring nothing new or the budget ends."""
        if visit.stale >= MOST_STALE:
            self._count(stats.LISTS_ENDED)
            return
        name = "list_pages" if column.inside else "mixed_list_pages"
        column.pages.add(_list_key(page.url, page.posted))
        for request in requests:
            address = _list_key(request.url, request.posted)
            if address in column.pages or self.scope.refuses(request.url) is not None:
                continue
            if self._limit_reached():
                self.facts.partial["limit"] += 1
                return
            if len(column.pages) >= self.settings.getint(f"GIAR_{name.upper()}"):
                self._spend(name)
                return
            column.pages.add(address)
            yield self._page(request, visit, parent=page.url)

    def _move(self, target: str, visit: Visit) -> Iterator[Request]:
        """Follows a page that sends its reader on, twice at most and only within the portal."""
        refusal = self.scope.refuses(target) or ("redirects" if visit.moves >= MOST_MOVES else None)
        if refusal is None:
            yield self._page(target, visit.moved())
            return
        self._count(stats.REFUSED + refusal)
        if visit.entry:
            self.facts.entry_failure = refusal

    def _repeats(self, entries: Sequence[ListEntry], requests: Sequence[ListRequest], *, bare: bool) -> bool:
        """Whether another page had exactly these entries: a calendar, a last page for ever, a second way to one list.

        Pages whose lists are drawn by a script all have the links of the frame alone: one that may be so `bare` is told by what it goes on
        with as well.
        """
        if not entries:
            # A script with the list's address, an answer for a column that is still empty: nothing repeats nothing.
            return False
        rows = "\n".join(entry.url + entry.title for entry in entries)
        beyond = "".join(f"\n{request.url} {request.posted}" for request in requests)
        content, whole = (hashlib.sha256(text.encode("utf-8", "replace")).digest() for text in (rows, rows + beyond))
        known = (whole if bare else content) in self.contents
        self.contents |= {content, whole}
        if known:
            self._count(stats.LISTS_REPEATED)
        return known

    def _was_here(self, response: Response) -> bool:
        """Whether a redirect led to a page that was visited already; one to itself (with a cookie) did not."""
        if not _was_moved(response) or not self.frontier.done(response.url):
            return False
        self._count(stats.PAGES_DUPLICATE)
        return True

    # --- Reports

    def parse_report(self, response: Response, *, column: bool, stray: bool) -> Iterator[Request | Page]:
        """A page that is, or may be, a report.

        `column`: it had no date in its list, as links to columns have none. `stray`: no list led to it.
        """
        if self._is_unmodified(response):
            held = self._held(request_of(response)) if stray else None
            if held is not None:
                self._climb(read_page(response.url, held.body, held.headers.get("content-type", ""), self.portal.encoding))
            return
        if self._fails(response):
            return
        page = self._read(response)
        if self._leads_home(response) or is_missing(page):
            self._met(there=False)
            self._count(stats.PAGES_SOFT_MISSING)
            self._vanished(request_of(response))
        elif column and not reads_like_report(page.text[:SAMPLE]) and self._new_reports(page) >= LEAST_OF_LIST:
            # 2021年政府信息公开年报 may be a report, or the list of the reports of all organs.
            self.reports_asked -= 1
            yield from self._follow(page, Visit("list", inside=True, depth=self.settings.getint("GIAR_DEPTH")))
        else:
            report = reads_like_report(page.text[:SAMPLE])
            self._met(there=report)
            if stray and report:
                self._climb(page)
            yield from self._item(response)

    def _is_unmodified(self, response: Response) -> bool:
        """Whether the server says that a known report is as it was; then it is counted."""
        if response.status != NOT_MODIFIED or (address := key(response.url)) not in self.known:
            return False
        self._met(there=True)
        self.unmodified.add(self.known[address])
        self.met.add(address)
        for name in (stats.REPORTS, stats.REPORTS_UNCHANGED, stats.REPORTS_NOT_MODIFIED):
            self._count(name)
        return True

    def _leads_home(self, response: Response) -> bool:
        """Whether a report's address was redirected to where the walk began, as some servers do instead of saying 404."""
        return _was_moved(response) and key(response.url) in {key(self.portal.home), *map(key, self.portal.lists)}

    def _new_reports(self, page: ListPage) -> int:
        entries = detect(page, self.portal.platform).entries(page)
        return sum(key(entry.url) not in self.met and names_report(entry, self.scope) for entry in entries)

    def _item(self, response: Response) -> Iterator[Page]:
        address = key(response.url)
        if address in self.read:
            self._count(stats.PAGES_DUPLICATE)
            return
        self.read.add(address)
        self.met.add(address)
        self._count(stats.PAGES_REPORT)
        headers = {name.decode("latin-1").lower(): b", ".join(values).decode("latin-1") for name, values in response.headers.items()}
        meta = request_of(response).meta
        yield Page(response.url, response.body, headers, meta.get(FETCHED_AT) or datetime.now(UTC), meta[CONTEXT])

    def not_a_report(self, url: str, fetched_at: datetime) -> None:
        """The reading's word on a page: it does not count for the limit, and where a report was, there is none now."""
        self.reports_asked -= 1
        if key(url) in self.known:
            self.gone[self.known[key(url)]] = fetched_at

    # --- What fails

    def _fails(self, response: Response) -> bool:
        """Whether an answer is no page; then it is counted and the walk knows why."""
        self._count(stats.PAGES)
        if response.status < 300 and response.body:
            return False
        self._failed(request_of(response), f"http_{response.status}" if response.status >= 300 else "empty")
        return True

    def failed(self, failure: Failure) -> None:
        """A request without an answer that could be used."""
        error = failure.value
        if isinstance(error, ArchiveError | StorageError):
            self.stop_run(error)
            return
        request: Request = failure.request  # type: ignore[attr-defined] # Scrapy sets it
        self.facts.challenges += isinstance(error, Blocked)
        visit: Visit | None = request.cb_kwargs.get("visit")
        if visit is not None and visit.score >= DISCLOSURE_WORDS and isinstance(error, OutOfScope) and self.scope.takes(request.url):
            # A page of disclosure that was redirected to another host of the portal.
            self._count(stats.HOSTS_TAKEN)
            self.crawler.engine.crawl(self._page(request.url, visit))
            return
        self._failed(request, failure_reason(error))

    def _failed(self, request: Request, reason: str) -> None:
        visit: Visit | None = request.cb_kwargs.get("visit")
        if reason in ABSENT:
            self._count(stats.PAGES_MISSING)
            self._vanished(request)
            if visit is None or (visit.kind == "list" and not visit.spare):
                self._met(there=False)
            if visit is not None and request.method == "POST" and visit.turn is None and not visit.spare:
                # The page's own form goes there, so there is a page of the list that did not come.
                self.facts.partial[reason] += 1
        else:
            self._count(stats.PAGES_ERROR + reason)
        if visit is not None and visit.entry:
            self.facts.entry_failure = reason
        if reason == "robots":
            self.facts.list_forbidden |= visit is None or visit.score >= STRONG
        elif reason not in ABSENT and reason not in ANSWERED and not (visit is not None and visit.spare):
            # An answer is an answer; what did not come may be there tomorrow.
            self.facts.partial[reason] += 1

    def _vanished(self, request: Request) -> None:
        """A document that we hold may not be at its address any more."""
        addresses = {key(request.url), *map(key, request.meta.get("redirect_urls", []))}
        at = request.meta.get(FETCHED_AT) or datetime.now(UTC)
        self.gone.update({self.known[address]: at for address in addresses if address in self.known})


def _by_script(request: ListRequest) -> bool:
    return request.turn is not None or request.source is not None


def _list_key(url: str, posted: str | None) -> str:
    """The key of a page of a list: of several answers behind one address each has its own."""
    return key(url) if posted is None else f"{key(url)} {posted}"


def _was_moved(response: Response) -> bool:
    """Whether the answer has another address than the one that was asked for, before all redirects."""
    request = request_of(response)
    first: str = request.meta.get("redirect_urls", [request.url])[0]
    return first != response.url and key(first) != key(response.url)
