"""What an answer means for the walk where it is not the page that was asked for: missing, unmodified, moved, or none at all."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from giar_crawler.archive import ArchiveError
from giar_crawler.archive.cache import FETCHED_AT
from giar_crawler.archive.writer import NOT_MODIFIED
from giar_crawler.middlewares.refusals import Blocked, OutOfScope
from giar_crawler.platforms.refused import says_refused
from giar_crawler.spiders.agenda import STRONG, Agenda, request_of
from giar_crawler.spiders.failures import failure_reason, unanswered
from giar_crawler.spiders.frontier import key
from giar_crawler.spiders.lexicon import DISCLOSURE_WORDS
from giar_crawler.spiders.visits import Visit
from pipelines import stats
from pipelines.storage import StorageError

# The server answered that it refuses the call, with status 200.
CALL_REFUSED = "call_refused"
ABSENT = frozenset({"http_404", "http_410"})
ANSWERED = frozenset({"foreign_host", "scheme", "bad_address", "long_address", "not_in_archive"})


class Answers(Agenda):
    """The judging of answers; what a page says is for `Lists` and `PortalSpider` to read."""

    def _fails(self, response: Response) -> bool:
        """Whether an answer is no page; then it is counted and the walk knows why."""
        self._count(stats.PAGES)
        if response.status >= 300:
            reason = f"http_{response.status}"
        elif not response.body:
            reason = "empty"
        elif says_refused(response.body):
            reason = CALL_REFUSED
        else:
            return False
        self._failed(request_of(response), reason)
        return True

    def _ends(self, response: Response, visit: Visit) -> bool:
        """Whether an answer of nothing says that a list has no further page; then it is counted."""
        if visit.turn is None or not visit.turn.index or response.status != HTTPStatus.OK or response.body:
            return False
        self._count(stats.PAGES)
        self._count(stats.LISTS_ENDED)
        return True

    def failed(self, failure: Failure) -> None:
        """A request without an answer that could be used."""
        error = failure.value
        if isinstance(error, ArchiveError | StorageError):
            self.stop_run(error)
            return
        request = unanswered(failure)
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
        elif (
            reason not in ABSENT and reason not in ANSWERED and not (visit is not None and (visit.spare or _may_be_any_data(visit, reason)))
        ):
            # An answer is an answer; what did not come may be there tomorrow.
            self.facts.partial[reason] += 1

    def _vanished(self, request: Request) -> None:
        """A document that we hold may not be at its address any more."""
        addresses = {key(request.url), *map(key, request.meta.get("redirect_urls", []))}
        at = request.meta.get(FETCHED_AT) or datetime.now(UTC)
        self.gone.update({self.known[address]: at for address in addresses if address in self.known})

    def not_a_report(self, url: str, fetched_at: datetime) -> None:
        """The reading's word on a page: it does not count for the limit, and where a report was, there is none now."""
        self.reports_asked -= 1
        if key(url) in self.known:
            self.gone[self.known[key(url)]] = fetched_at

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

    def _was_here(self, response: Response) -> bool:
        """Whether a redirect led to a page that was visited already; one to itself (with a cookie) did not."""
        if not _was_moved(response) or not self.frontier.done(response.url):
            return False
        self._count(stats.PAGES_DUPLICATE)
        return True

    def _leads_home(self, response: Response) -> bool:
        """Whether a report's address was redirected to where the walk began, as some servers do instead of saying 404."""
        return _was_moved(response) and key(response.url) in {key(self.portal.home), *map(key, self.portal.lists)}


def _may_be_any_data(visit: Visit, reason: str) -> bool:
    """Whether it was a call of a page on the way that was refused: what it asks for is most often no menu."""
    return reason == CALL_REFUSED and visit.kind == "navigation" and not visit.inside


def _was_moved(response: Response) -> bool:
    """Whether the answer has another address than the one that was asked for, before all redirects."""
    request = request_of(response)
    first: str = request.meta.get("redirect_urls", [request.url])[0]
    return first != response.url and key(first) != key(response.url)
