"""Reports that are printed on several pages: read when all pages have come, asked for again page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from giar_crawler.archive.cache import CONTEXT, FETCHED_AT
from giar_crawler.archive.writer import NOT_MODIFIED
from giar_crawler.items import Page
from giar_crawler.spiders.agenda import ABSENT, request_of
from giar_crawler.spiders.failures import unanswered
from giar_crawler.spiders.frontier import key
from giar_crawler.spiders.lists import Lists
from giar_crawler.spiders.recognition import is_missing
from giar_crawler.spiders.walk import PART
from pipelines import stats
from pipelines.parts import Whole, parts


@dataclass(slots=True)
class Again:
    """A known report whose first page is as it was: that answer, how many further pages are under way, whether one was not as it was."""

    response: Response
    waiting: int = 0
    changed: bool = False


class Several(Lists):
    """The further pages of reports."""

    def parse_part(self, response: Response, *, whole: Whole, asked: str) -> Iterator[Request | Page]:
        """A further page of a report that is new or changed."""
        whole.waiting -= 1
        text = ""
        if self._fails(response):
            whole.failed |= response.status not in ABSENT
        elif not is_missing(page := self._read(response)):
            self._count(stats.PAGES_PART)
            whole.add(asked, page_of(response))
            text = page.text
        yield from self._complete(whole, text)

    def part_failed(self, failure: Failure) -> Iterator[Request | Page]:
        """A further page that did not come."""
        self._without_answer(failure)
        whole: Whole = unanswered(failure).cb_kwargs["whole"]
        whole.waiting -= 1
        whole.failed = True
        yield from self._complete(whole)

    def _complete(self, whole: Whole, text: str = "") -> Iterator[Request | Page]:
        """Asks for the further pages that a page names; hands the report to the reading once none is under way."""
        for address in whole.news(parts(whole.first.url, text)):
            self.met.add(key(address))
            if self.scope.refuses(address) is None and not self._is_spent():
                whole.waiting += 1
                yield self._part(address, whole.first.url, self.parse_part, self.part_failed, whole=whole, asked=address)
        if not whole.waiting and not (whole.failed and key(whole.first.url or "") in self.known):
            # Of a report that we hold a page that did not come takes no figures away.
            yield whole.page()

    def _ask_again(self, response: Response, addresses: Sequence[str]) -> Iterator[Request]:
        """Asks whether the further pages of a known report are as they were, now that its first one is."""
        again = Again(response, len(addresses))
        for address in addresses:
            self.met.add(key(address))
            yield self._conditional(self._part(address, response.url, self.parse_part_again, self.part_not_answered, again=again))

    def parse_part_again(self, response: Response, *, again: Again) -> Iterator[Request]:
        """The answer for one of them."""
        # An error of the server says nothing of the page.
        again.changed |= response.status in ABSENT or (response.status != NOT_MODIFIED and not self._fails(response))
        yield from self._settle(again)

    def part_not_answered(self, failure: Failure) -> Iterator[Request]:
        """No answer says nothing of the page."""
        self._without_answer(failure)
        yield from self._settle(unanswered(failure).cb_kwargs["again"])

    def _settle(self, again: Again) -> Iterator[Request]:
        again.waiting -= 1
        if again.waiting:
            return
        if not again.changed:
            self._is_unmodified(again.response)
            return
        first = request_of(again.response)
        for condition in ("If-None-Match", "If-Modified-Since"):
            first.headers.pop(condition, None)
        yield first.replace(meta={CONTEXT: first.meta[CONTEXT]})

    def _part(
        self, address: str, first: str | None, callback: Callable[..., object], errback: Callable[..., object], **known: object
    ) -> Request:
        request = self._request(address, callback, PART, known, kind="part", parent=first)
        request.errback = errback
        return request


def page_of(response: Response) -> Page:
    """What the reading gets of an answer."""
    # The lists as they are kept: Scrapy's own `items()` puts each of their values into its form once more.
    kept = dict.items(response.headers)
    headers = {name.decode("latin-1").lower(): b", ".join(values).decode("latin-1") for name, values in kept}
    meta = request_of(response).meta
    return Page(response.url, response.body, headers, meta.get(FETCHED_AT) or datetime.now(UTC), meta[CONTEXT])
