"""What a page of links leads to: reports, better pages, and the further pages of its list, in the order in which they are asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Sequence

from scrapy import Request

from giar_crawler.platforms import ListEntry, ListPage, ListRequest, detect
from giar_crawler.platforms.static import has_more
from giar_crawler.spiders.answers import Answers
from giar_crawler.spiders.beyond import columns_elsewhere, takes_hosts
from giar_crawler.spiders.frontier import key
from giar_crawler.spiders.lexicon import (
    belongs_inside,
    discloses,
    judge_title,
    lists_organs,
    names_branch,
    names_map,
    names_organ,
    navigation_score,
    reads_like_report,
)
from giar_crawler.spiders.recognition import SAMPLE, bare_title, is_inside, judge_entry, lies_below, names_report
from giar_crawler.spiders.searches import searches_of
from giar_crawler.spiders.undrawn import asks_for_rows, has_rows, is_bare, scripts_of
from giar_crawler.spiders.visits import Column, Visit
from pipelines import stats
from pipelines.metadata.report_year import year_of_title
from pipelines.titles import plain

# What a frame is worth: in a page on the way a little more than the page, on the home page (weather, counters) not much.
FRAME, FRAMESET, FRAME_AT_HOME = 40, 70, 15
# Pages in a row without a new entry after which a list has ended (servers that ignore the page number give the first page for ever).
MOST_STALE = 2
# So many rows that are called like organs, and most of all, make a branch of the column a list of reports.
LEAST_ROWS = 2
# What a folder in the column's own is worth at least, whatever it is called.
BELOW = 50


class Lists(Answers):
    """The lists of a walk: which of their entries are asked for, and how far they are turned."""

    def _follow(self, page: ListPage, visit: Visit) -> Iterator[Request]:
        """What a page leads to: reports, better pages, further pages of its list."""
        platform = detect(page, self.portal.platform)
        entries = platform.entries(page)
        self._count(stats.PLATFORM + platform.name)
        self._count(stats.LINKS_BAD, page.bad_links)
        requests = platform.next_requests(page)
        # A page or a file whose script asks for its rows has none itself.
        posts = page.posted is None and page.turn is None and any(request.posted is not None or _by_script(request) for request in requests)
        beyond = (*((request.url, request.posted) for request in requests), *page.frames())
        # The first call of a list's script may bring the rows that its page has.
        first = visit.turn is not None and visit.turn.index == 0
        if not first and self._repeats(entries, beyond, bare=posts or visit.column is None):
            if visit.column is None and is_inside(page, entries, visit, self.scope):
                # A column that is still empty has nothing but the frame of the pages before it.
                self.facts.list_found = True
                self._column(page, entries, requests, visit, inside=True)
            return
        inside = is_inside(page, entries, visit, self.scope) or self._branches(entries, visit)
        # Below the column a page without rows of its own has its list drawn by a script.
        drawn = visit.inside and bool(requests) and not any(entry.date for entry in entries)
        # A site map links the years and organs of the column too.
        if not inside and not names_map(page.title or visit.text):
            self.frame.update(key(entry.url) for entry in entries)
            self.frame_scripts |= scripts_of(page)
        self._count(stats.HOSTS_TAKEN, takes_hosts(entries, page.frames() if visit.depth else (), self.scope, inside=inside))
        self.elsewhere |= columns_elsewhere(entries, self.scope, inside=inside)
        column = self._column(page, entries, requests, visit, inside=inside or drawn)
        column.total = column.total or platform.total(page)
        fresh = [entry for entry in entries if key(entry.url) not in column.seen]
        column.seen.update(key(entry.url) for entry in fresh)
        if not inside and not self.organs.add(page, self._may_be_organs(page, fresh, visit), visit.depth):
            self._spend("organs")
        found = yield from self._sort(fresh, page, visit, inside=inside)
        self._consider_parts(page, requests, visit, inside=inside)
        if visit.kind == "home":
            return
        self.facts.searched |= visit.searched and found
        self.facts.list_found |= inside or (found and not visit.searched)
        if page.cut and (inside or found):
            self._spend("page_size")
        # What a script asks for may be something else than the further pages.
        if visit.column is None and all(map(_by_script, requests)) and (inside or found) and has_more(page):
            self.promised.append(column)
        if inside or found or drawn or visit.column:
            column.turned |= visit.column is not None and bool(fresh)
            stale = 0 if fresh else visit.stale + (not posts)
            following = Visit(
                "list", inside=column.inside, depth=visit.depth, score=visit.score, column=column, stale=stale, searched=visit.searched
            )
            yield from self._continue(page, requests, following, column)

    def _column(
        self, page: ListPage, entries: Sequence[ListEntry], requests: Sequence[ListRequest], visit: Visit, *, inside: bool
    ) -> Column:
        """The list that a page continues, or with which it begins."""
        if visit.column is None:
            column = Column(inside)
            if inside:
                column.rowless = not has_rows([entry for entry in entries if key(entry.url) not in self.frame])
                column.bare = is_bare(page, entries, self.frame, self.frame_scripts)
                self.columns.append(column)
            return column
        if visit.source is not None:
            visit.column.bare |= visit.column.rowless and not requests and asks_for_rows(page.text)
        if visit.turn is not None or any(key(entry.url) not in self.frame for entry in entries):
            visit.column.bare = False
        return visit.column

    def _consider_parts(self, page: ListPage, requests: Sequence[ListRequest], visit: Visit, *, inside: bool) -> None:
        """Queues what a page leads to beside its links: its frames, and on the way its scripts and what they ask for. Keeps its search."""
        for frame in page.frames():
            worth = max(visit.score, FRAME) if visit.depth else FRAME_AT_HOME
            # The frames of a page that has nothing but frames are the page.
            worth, text = (max(worth, FRAMESET), visit.text) if visit.depth and page.is_frameset else (worth, "")
            self._consider(ListEntry(frame, text), page, visit, inside=inside, score=worth)
        if inside:
            self.column_words.add(plain(visit.text))
        else:
            self._consider_scripts(page, visit)
            self._consider_wordless(page, visit)
            self._consider_calls(requests, page, visit)
        if self.searches is None and (searches := searches_of(page)):
            self.searches, self.search_page = searches, page.url

    def _may_be_organs(self, page: ListPage, entries: Sequence[ListEntry], visit: Visit) -> list[ListEntry]:
        """Entries that may be a table of organs: those of a page of disclosure or departments, the choices of the home page."""
        if visit.kind == "navigation" and (discloses(visit.text) or lists_organs(visit.text)):
            return list(entries)
        chosen = page.chosen() if visit.kind == "home" else set()
        return [entry for entry in entries if entry.url in chosen and self.scope.refuses(entry.url) is None]

    def _branches(self, entries: Sequence[ListEntry], visit: Visit) -> bool:
        """Whether a year or a kind of organs of the column has no titles of reports, but organs, as columns or as rows."""
        if not (visit.inside and names_branch(visit.text)):
            return False
        own = [entry for entry in entries if key(entry.url) not in self.frame]
        rows = [entry for entry in own if entry.date is not None]
        named = sum(belongs_inside(entry.title) for entry in rows)
        return any(entry.date is None and belongs_inside(entry.title) for entry in own) or (named >= LEAST_ROWS and 2 * named > len(rows))

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
                request = self._report(entry, page.url, stray=visit.searched)
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

    def _repeats(self, entries: Sequence[ListEntry], beyond: Sequence[object], *, bare: bool) -> bool:
        """Whether another page had exactly these entries: a calendar, a last page for ever, a second way to one list.

        Pages whose lists are drawn by a script all have the links of the frame alone: one that may be so `bare` is told by what it goes on
        with as well, and by its frames.
        """
        if not entries:
            # A script with the list's address, an answer for a column that is still empty: nothing repeats nothing.
            return False
        rows = "\n".join(entry.url + entry.title for entry in entries)
        content, whole = (hashlib.sha256(text.encode("utf-8", "replace")).digest() for text in (rows, f"{rows}\n{beyond}"))
        known = (whole if bare else content) in self.contents
        self.contents |= {content, whole}
        if known:
            self._count(stats.LISTS_REPEATED)
        return known

    def _new_reports(self, page: ListPage) -> int:
        """How many reports a page links that no list named yet; where it is none itself, links called like organs lead to some too."""
        fresh = [entry for entry in detect(page, self.portal.platform).entries(page) if key(entry.url) not in self.met]
        named = sum(names_report(entry, self.scope) for entry in fresh)
        if named or reads_like_report(page.text[:SAMPLE]):
            return named
        return sum(entry.date is None and key(entry.url) not in self.frame and names_organ(entry.title) for entry in fresh)


def _by_script(request: ListRequest) -> bool:
    return request.turn is not None or request.source is not None


def _list_key(url: str, posted: str | None) -> str:
    """The key of a page of a list: of several answers behind one address each has its own."""
    return key(url) if posted is None else f"{key(url)} {posted}"
