"""What a walk asks for next whenever nothing is under way: the best page first, and other ways where the home page leads to no list."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import islice

from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from giar_crawler.platforms import ListEntry, ListPage, ListRequest
from giar_crawler.spiders.frontier import Candidate, key
from giar_crawler.spiders.lexicon import belongs_inside, discloses, lists_organs, navigation_score, script_score
from giar_crawler.spiders.outcome import BAN
from giar_crawler.spiders.pages import page_of
from giar_crawler.spiders.sitemaps import columns_of, is_file, pages_of_any, read_map, usual_map
from giar_crawler.spiders.upheaval import REPLACED
from giar_crawler.spiders.visits import Visit
from giar_crawler.spiders.walk import LOOK, REPORT, Walk
from pipelines import stats

# A link worth this much leads to annual reports; once reports are found, only such links are followed.
STRONG = 60
# Site maps that a walk looks at: one or two that pages link, those that robots.txt names, the parts of one that is in parts.
MOST_MAPS = 8
# Pages that are looked at for a table of organs after the county's reports were found.
MOST_ORGAN_PAGES = 5
# Script files that a walk looks at for menus, and how many clicks from the entry.
MOST_SCRIPTS, MOST_SCRIPT_DEPTH = 8, 2
# What scripts on the way ask for: how many answers a walk looks at, and what one is worth, on a page of disclosure and elsewhere.
MOST_CALLS, CALL_FOR_MENU, CALL = 8, 12, 5
# Links whose pictures say nothing, of old portals: how many a walk looks at where no words lead on, and what one is worth.
MOST_WORDLESS, WORDLESS = 8, 3
# Trees inside the column may be so much deeper than the way to it.
INSIDE_DEPTH = 3
# What a page is worth that a site map has without a name that says anything.
OF_MAP = 3
ABSENT = frozenset({404, 410})


class Agenda(Walk):
    """The order of a walk; what the pages hold is for `PortalSpider` to say."""

    async def start(self) -> AsyncIterator[Request]:
        """The lists of the register, else the home page."""
        self.crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)
        for url in self.portal.lists:
            yield self._page(url, Visit("list", entry=True, inside=True, score=100))
        if not self.portal.lists:
            yield self._page(self.portal.home, Visit("home", entry=True))

    def on_idle(self) -> None:
        """Asks for one more page whenever nothing is under way."""
        request = None if self._must_end() else next(self._agenda(), None)
        if request is not None:
            self.crawler.engine.crawl(request)
            raise DontCloseSpider

    def _must_end(self) -> bool:
        if self._is_spent():
            self._spend("pages")
            return True
        return self.fatal is not None or self.facts.challenges >= BAN

    def _is_spent(self) -> bool:
        """Whether the walk has had as many pages as it may have."""
        return bool(self.crawler.stats.get_value(stats.PAGES, 0) >= self.settings.getint("GIAR_PAGES"))

    def _agenda(self) -> Iterator[Request]:
        """The best candidate, what was put off, the home page where the register's lists brought nothing, site maps, what is missed."""
        if self._limit_reached() and (self.frontier or self.strays or self.doubtful or self.organs):
            self.facts.partial["limit"] += 1
            self._count(stats.ENTRIES_OVER_LIMIT, len(self.strays))
            return
        candidate = self._candidate()
        if candidate is not None:
            visit = Visit("navigation", inside=candidate.inside, depth=candidate.depth, score=candidate.score, text=candidate.text)
            yield self._page(candidate.asked or candidate.url, visit, parent=candidate.parent, list_title=candidate.text)
        yield from self._put_off()
        yield from self._next_organ()
        if self.portal.lists and not self.reports_asked and not self.frontier.visited(self.portal.home):
            yield self._page(self.portal.home, Visit("home", entry=True))
        if self.facts.entered and not (self.reports_asked and self.facts.list_found):
            yield from self._next_map()
            yield from self._next_search()
        yield from self._unmet()
        yield from self._look(last=True)

    def _candidate(self) -> Candidate | None:
        """The best page to look at next, within the budgets; `None` when none is worth a request."""
        while (candidate := self.frontier.pop()) is not None:
            strong = candidate.inside or candidate.score >= STRONG
            found = self.reports_asked and self.facts.list_found
            if found and not strong and not candidate.organ and not self._may_list_organs(candidate):
                continue
            organs = self.organs.allowance
            spent, name = (self.list_pages, "list_pages") if candidate.inside else (self.navigation_pages - organs, "navigation_pages")
            if spent < self.settings.getint(f"GIAR_{name.upper()}"):
                return candidate
            self._spend(name, partial=strong)
        return None

    def _may_list_organs(self, candidate: Candidate) -> bool:
        """Whether a page is looked at for its organs alone, now that the county's reports are found."""
        if candidate.score <= 0 or self.organ_pages >= MOST_ORGAN_PAGES or not lists_organs(candidate.text):
            return False
        self.organ_pages += 1
        return True

    def _consider(self, entry: ListEntry, page: ListPage, visit: Visit, *, inside: bool, score: float | None = None) -> None:
        """Queues a link that may lead to annual reports, or a frame of given worth."""
        depth = visit.depth + 1
        if depth > self.settings.getint("GIAR_DEPTH") + (INSIDE_DEPTH if inside else 0) or self.scope.refuses(entry.url) is not None:
            return
        worth = navigation_score(entry.title, entry.url, inside=inside) if score is None else score
        # What the pages outside the column link as well is the site's own frame.
        below = inside and key(entry.url) not in self.frame and (score is not None or belongs_inside(entry.title))
        organ = visit.organ and discloses(entry.title)
        self.frontier.add(Candidate(entry.url, worth - depth, depth, below, page.url, entry.title, organ=organ))

    def _consider_scripts(self, page: ListPage, visit: Visit) -> None:
        """Queues the script files of a page on the way, behind all that its words lead to: one may hold the menu."""
        for url in page.scripts() if visit.depth <= MOST_SCRIPT_DEPTH else ():
            worth = script_score(url) - visit.depth
            if worth > 0 and self.scripts_queued < MOST_SCRIPTS and self.scope.refuses(url) is None and not self.frontier.knows(url):
                self.scripts_queued += 1
                self.frontier.add(Candidate(url, worth, visit.depth + 1, inside=False, parent=page.url, text=""))

    def _consider_calls(self, requests: Sequence[ListRequest], page: ListPage, visit: Visit) -> None:
        """Queues what the scripts of a page on the way ask for, where no link is worth more: the answer may be the menu."""
        worth = (CALL_FOR_MENU if discloses(visit.text) else CALL) - visit.depth
        for request in requests if worth > 0 else ():
            if request.turn is not None and self.calls_queued < MOST_CALLS and self.scope.refuses(request.url) is None:
                self.calls_queued += 1
                self.frontier.add(Candidate(request.url, worth, visit.depth, inside=False, parent=page.url, text="", asked=request))

    def _consider_wordless(self, page: ListPage, visit: Visit) -> None:
        """Queues links of the home page that are pictures without words, behind all others."""
        for anchor in page.wordless()[:MOST_WORDLESS] if visit.kind == "home" else ():
            self._consider(ListEntry(anchor.url, ""), page, visit, inside=False, score=WORDLESS)

    def _put_off(self) -> Iterator[Request]:
        for waiting in (self.strays, self.doubtful):
            while waiting:
                entry, parent = waiting.pop(next(iter(waiting)))
                if waiting is self.doubtful and self.doubtful_asked >= self.settings.getint("GIAR_DOUBTFUL_PAGES"):
                    self._spend("doubtful_pages", partial=False)
                    waiting.clear()
                    return
                request = self._report(entry, parent, stray=True)
                if request is not None:
                    self.doubtful_asked += waiting is self.doubtful
                    yield request

    def _next_organ(self) -> Iterator[Request]:
        """An organ that only a page of the disclosure platform links."""
        while (organ := self.organs.next(self.reports_asked)) is not None:
            if not self.frontier.visited(organ.url) and self.scope.refuses(organ.url) is None:
                self._count(stats.LINKS_ORGAN)
                # It is an entry of its own, however far it was.
                yield self._page(organ.url, Visit("navigation", depth=1, organ=True), parent=organ.parent)
                return

    def short_lists(self) -> int:
        """How many lists of the column brought fewer entries than they say that they have."""
        # Links of the frame are none of them, but a report that the home page links too is one.
        frame = self.frame - self.met
        return sum(column.total is not None and len(column.seen - frame) < column.total for column in self.columns)

    def _unmet(self) -> Iterator[Request]:
        """After a complete walk: the documents that earlier walks stored and this one did not meet."""
        if not self.facts.entered or self.facts.partial or self.facts.challenges:
            return
        for address in [address for address in self.known if address not in self.met]:
            self.met.add(address)
            if self.scope.refuses(self.known[address]) is None:
                self._count(stats.KNOWN_ASKED)
                arguments = {"column": False, "stray": True}
                yield self._as_before(self._request(self.known[address], self.parse_report, REPORT, arguments, kind="report"))

    # --- Where the portal is replaced meanwhile

    def _met(self, *, there: bool) -> None:
        """Counts a page that the portal named, and looks whether the portal is still the same where too many are not there."""
        self.upheaval.met(there=there)
        for request in self._look(last=False):
            self.crawler.engine.crawl(request)

    def _look(self, *, last: bool) -> Iterator[Request]:
        url = self.upheaval.doubts(last=last)
        if url is None or self.settings.getbool("GIAR_OFFLINE"):
            return
        self.upheaval.looking = True
        request = self._request(url, self.parse_again, LOOK, {}, kind="home" if url == self.portal.home else "list")
        # What the archive has of it is as it was.
        request.meta["dont_cache"] = True
        yield request

    def parse_again(self, response: Response) -> None:
        """Ends the walk where the page with which it began is another one now. What was not there is not called gone then."""
        absent = response.status in ABSENT
        if not absent and self._fails(response):
            return
        if absent or self.upheaval.is_another(self._read(response)):
            self.gone.clear()
            self.witness.decides(response)
            self.pause(REPLACED)

    # --- Where the home page leads to no list

    def robots_parsed(self, robotparser: RobotParser) -> None:
        """Takes over the site maps that a robots.txt names."""
        named = getattr(getattr(robotparser, "rp", None), "sitemaps", ())
        self.maps.update(dict.fromkeys(islice(named, MOST_MAPS), self.portal.home))

    def _next_map(self) -> Iterator[Request]:
        """The next site map, within the budgets: those that pages and robots.txt name, then the usual address."""
        self.maps.setdefault(usual_map(self.portal.home), self.portal.home)
        for url, parent in self.maps.items():
            if self.maps_read >= MOST_MAPS or self.navigation_pages >= self.settings.getint("GIAR_NAVIGATION_PAGES"):
                return
            if self.frontier.visited(url) or self.scope.refuses(url) is not None:
                continue
            self.maps_read += 1
            # Only a way to something: that it does not come leaves nothing out.
            visit = Visit("navigation", depth=1, spare=True)
            if not is_file(url):
                yield self._page(url, visit, parent=parent)
                return
            self.frontier.done(url)
            yield self._request(url, self.parse_map, REPORT, {"visit": visit}, kind="other", parent=parent)
            return

    def _next_search(self) -> Iterator[Request]:
        """What the portal's own search has, while no list is known."""
        while self.searches and not self.facts.list_found:
            asked = self.searches.pop(0)
            if self.scope.refuses(asked.url) is None:
                self._count(stats.SEARCHES)
                yield self._page(asked, Visit("navigation", depth=1, searched=True), parent=self.search_page)
                return

    def parse_map(self, response: Response, visit: Visit) -> None:
        """Queues the columns of annual reports that a site map of the protocol names, and its parts."""
        if self._fails(response):
            return
        self._count(stats.PAGES_SITEMAP)
        pages, parts = read_map(response.body)
        self.maps.update(dict.fromkeys(parts, response.url))
        for url, worth in columns_of(pages) or [(url, OF_MAP) for url in pages_of_any(pages)]:
            if self.scope.refuses(url) is None:
                self.frontier.add(Candidate(url, worth, visit.depth + 1, inside=False, parent=response.url, text=""))

    def _climb(self, page: ListPage) -> None:
        """Queues the columns above a report that no list led to. It stands in the last one's list, whatever that is called."""
        own = {key(page.url), key(self.portal.home)}
        above = [anchor for anchor in page.crumbs() if key(anchor.url) not in own and self.scope.refuses(anchor.url) is None]
        for anchor in above:
            worth = max(navigation_score(anchor.text, anchor.url, inside=False), STRONG if anchor is above[-1] else 0)
            if worth > 0 and not self.frontier.visited(anchor.url):
                self._count(stats.LINKS_CRUMB)
                self.frontier.add(Candidate(anchor.url, worth, 1, inside=False, parent=page.url, text=anchor.text))

    def _fails(self, response: Response) -> bool:
        """Whether an answer is no page; then it is counted and the walk knows why."""
        raise NotImplementedError

    def _read(self, response: Response) -> ListPage:
        return page_of(response, request_of(response), self.portal.encoding)


def request_of(response: Response) -> Request:
    """The request that a response answers."""
    request: Request = response.request  # type: ignore[assignment] # Scrapy sets it before the spider sees the response
    return request
