"""The pages that may lead to a list of annual reports, best first."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from functools import lru_cache

from giar_crawler.platforms.addresses import without_visit
from giar_crawler.platforms.page import MOST_LINKS
from giar_crawler.platforms.turns import ListRequest
from pipelines.addresses import canonical_form

MOST_CANDIDATES = 2000


@dataclass(slots=True, frozen=True)
class Candidate:
    """A page to go to, with the words of the link and the page that had it; `inside` as in `Visit`, `depth` in clicks from the entry.

    `asked` is what is asked for where that is more than an address: the call of a script. `organ`: it is an organ's own page of disclosure.
    """

    url: str
    score: float
    depth: int
    inside: bool
    parent: str
    text: str
    asked: ListRequest | None = None
    organ: bool = False


class Frontier:
    """A queue of candidates, each address once, bounded."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Candidate]] = []
        self._best: dict[str, float] = {}
        self._done: set[str] = set()
        self._number = 0

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return any(key(candidate.url) not in self._done for _, _, candidate in self._heap)

    def add(self, candidate: Candidate) -> None:
        """Queues a page; again where it is worth more than before. Among equals the first found goes first."""
        address = key(candidate.url)
        if address not in self._done and candidate.score > self._best.get(address, 0) and len(self._heap) < MOST_CANDIDATES:
            self._best[address] = candidate.score
            self._number += 1
            heapq.heappush(self._heap, (-candidate.score, self._number, candidate))

    def knows(self, url: str) -> bool:
        """Whether an address waits or was visited."""
        return key(url) in self._best or self.visited(url)

    def visited(self, url: str) -> bool:
        """Whether an address was visited."""
        return key(url) in self._done

    def done(self, url: str) -> bool:
        """Marks an address as visited; whether it had been visited before."""
        address = key(url)
        before = address in self._done
        self._done.add(address)
        return before

    def pop(self) -> Candidate | None:
        """The best candidate that was not visited; `None` when there is none. What is not worth a request as such may be as an organ."""
        while self._heap:
            candidate = heapq.heappop(self._heap)[2]
            if not self.visited(candidate.url):
                return candidate
        return None


@lru_cache(maxsize=MOST_LINKS)
def key(url: str) -> str:
    """What makes two addresses the same page here: scheme, order of the query and session ids don't count."""
    return canonical_form(without_visit(url)).partition("://")[2]
