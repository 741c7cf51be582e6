"""What decided a portal's outcome: the address, the status, and what the server said."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy import Request
from scrapy.http import Response

from giar_crawler.middlewares.refusals import Blocked, Refusal, RobotsForbid
from giar_crawler.outcomes import PortalOutcome
from giar_crawler.platforms import read_page
from giar_crawler.spiders.visits import Visit

# Characters of an answer that are kept.
EXCERPT = 300
# What is looked at for them.
SAMPLE = 64 * 1024
# An entry that is one of these is an answer as well; it says why nothing was found there.
BY_LIST = frozenset({PortalOutcome.LIST_WITHOUT_REPORTS})
BY_ENTRY = frozenset(
    {
        PortalOutcome.UNREACHABLE,
        PortalOutcome.GONE,
        PortalOutcome.REDIRECTED_AWAY,
        PortalOutcome.NO_LIST_FOUND,
        PortalOutcome.NOT_CRAWLED,
    }
)


@dataclass(slots=True, frozen=True)
class Evidence:
    """An answer, or its absence: `status` is `None` where none came, `excerpt` the beginning of what a reader saw, or the error."""

    url: str
    status: int | None
    excerpt: str

    def __str__(self) -> str:
        return f"{self.url} ({self.status or 'no answer'}): {self.excerpt or 'nothing'}"


class Witness:
    """Keeps, of all answers and failures of a walk, those that may have to speak for its outcome."""

    def __init__(self) -> None:
        self._entry: Response | Evidence | None = None
        self._list: Response | Evidence | None = None
        self._challenge: Evidence | None = None
        self._forbidden: Evidence | None = None
        self._failure: Response | Evidence | None = None

    def answered(self, request: Request, response: Response) -> None:
        """Notes an answer that the spider is given."""
        if request.callback is None:
            # Scrapy's own: robots.txt.
            return
        self._note(request.cb_kwargs.get("visit"), response)
        if self._failure is None and (response.status >= 300 and response.status not in {404, 410}):
            self._failure = response

    def decides(self, response: Response) -> None:
        """Notes the answer for which a walk ended before its time."""
        self._failure = response

    def failed(self, request: Request, error: BaseException) -> None:
        """Notes a request without an answer that could be used."""
        evidence = _of_failure(request, error)
        self._note(request.cb_kwargs.get("visit"), evidence)
        if isinstance(error, Blocked):
            self._challenge = evidence
        elif isinstance(error, RobotsForbid):
            self._forbidden = evidence
        self._failure = self._failure or evidence

    def _note(self, visit: Visit | None, found: Response | Evidence) -> None:
        if visit is not None and visit.entry:
            self._entry = found
        if visit is not None and (visit.inside or visit.kind == "list"):
            self._list = found

    def of(self, outcome: PortalOutcome) -> Evidence | None:
        """What speaks for this outcome, `None` where nothing has to or nothing was asked."""
        if outcome == PortalOutcome.BLOCKED:
            found = self._challenge or self._entry
        elif outcome == PortalOutcome.ROBOTS_DISALLOWED:
            found = self._forbidden or self._entry
        elif outcome == PortalOutcome.PARTIAL:
            found = self._failure
        elif outcome in BY_LIST:
            found = self._list or self._entry
        else:
            found = self._entry if outcome in BY_ENTRY else None
        return _of_answer(found) if isinstance(found, Response) else found


def _of_answer(response: Response) -> Evidence:
    page = read_page(response.url, response.body[:SAMPLE], (response.headers.get("Content-Type") or b"").decode("latin-1"))
    return Evidence(response.url, response.status, _printable(f"{page.head_title} {page.visible}" if page.root is not None else page.text))


def _of_failure(request: Request, error: BaseException) -> Evidence:
    if isinstance(error, Refusal) and error.response is not None:
        return _of_answer(error.response)
    said = _printable(str(error) or type(error).__name__)
    if request.meta.get("redirect_urls"):
        # The answer that led here is the last that came.
        reason = request.meta["redirect_reasons"][-1]
        return Evidence(
            request.meta["redirect_urls"][-1], reason if isinstance(reason, int) else None, f"leads to {request.url}: {said}"[:EXCERPT]
        )
    return Evidence(request.url, None, said)


def _printable(text: str) -> str:
    """The text on one line, without what would act on a terminal, and no longer than an excerpt."""
    return " ".join("".join(character if character.isprintable() else " " for character in text[: EXCERPT * 4]).split())[:EXCERPT]
