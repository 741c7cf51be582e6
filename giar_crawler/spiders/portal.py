"""One spider walks any portal: from its home page, or from the lists that the register knows, to the pages of its annual reports."""

from __future__ import annotations

from collections.abc import Iterator

from scrapy import Request
from scrapy.http import Response

from giar_crawler.archive.cache import CONTEXT
from giar_crawler.archive.writer import NOT_MODIFIED
from giar_crawler.items import Page
from giar_crawler.platforms import ListPage, read_page
from giar_crawler.platforms.page import page_of_script
from giar_crawler.spiders.agenda import request_of
from giar_crawler.spiders.frontier import key
from giar_crawler.spiders.lexicon import reads_like_report
from giar_crawler.spiders.recognition import SAMPLE, is_article, is_missing, is_script
from giar_crawler.spiders.several import Several, page_of
from giar_crawler.spiders.visits import Visit
from giar_crawler.spiders.walk import PARTS
from pipelines import stats
from pipelines.parts import Whole

MOST_MOVES = 2
# Links to so many new reports make a page a list of them.
LEAST_OF_LIST = 3
# What a server answers to a way of asking that it does not take.
REFUSALS = frozenset({400, 404, 405, 411, 500, 501})


class PortalSpider(Several):
    """The walk. Arguments: `id` of a portal, `portals` (a register file), `years` (A-B), `limit` (report pages)."""

    name = "portal"

    def parse_page(self, response: Response, visit: Visit) -> Iterator[Request | Page]:
        """A home page, a list, or a page on the way to one."""
        if self._is_unmodified(response):
            return
        if visit.otherwise is not None and (response.status in REFUSALS or not response.body):
            self._count(stats.PAGES)
            self._count(stats.PAGES_OTHERWISE)
            yield self._page(visit.otherwise, visit, parent=request_of(response).meta[CONTEXT].parent or response.url)
            return
        if self._ends(response, visit) or self._fails(response) or self._was_here(response):
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
            yield from self._item(response, page)
        if not article or self._new_reports(page) >= LEAST_OF_LIST:
            yield from self._follow(page, visit)

    def _move(self, target: str, visit: Visit) -> Iterator[Request]:
        """Follows a page that sends its reader on, twice at most and only within the portal."""
        refusal = self.scope.refuses(target) or ("redirects" if visit.moves >= MOST_MOVES else None)
        if refusal is None:
            yield self._page(target, visit.moved())
            return
        self._count(stats.REFUSED + refusal)
        if visit.entry:
            self.facts.entry_failure = refusal

    def parse_report(self, response: Response, *, column: bool, stray: bool) -> Iterator[Request | Page]:
        """A page that is, or may be, a report.

        `column`: it had no date in its list, as links to columns have none. `stray`: no list led to it.
        """
        if response.status == NOT_MODIFIED and (addresses := request_of(response).meta.get(PARTS)):
            yield from self._ask_again(response, addresses)
            return
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
            yield from self._item(response, page)

    def _item(self, response: Response, page: ListPage) -> Iterator[Request | Page]:
        address = key(response.url)
        if address in self.read:
            self._count(stats.PAGES_DUPLICATE)
            return
        self.read.add(address)
        self.met.add(address)
        self._count(stats.PAGES_REPORT)
        yield from self._complete(Whole(page_of(response)), page.text)
