"""What is asked for to go on with a list."""

from __future__ import annotations

from dataclasses import dataclass, replace

from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.script_values import HOLE

MOST_PAGES = 2000


@dataclass(slots=True, frozen=True)
class ListRequest:
    """A further page of a list. `spare` requests are the second way to the same entries and go last.

    With `posted` it is a POST of that body, a form unless `content_type` says otherwise. `otherwise` is asked in its place where the
    server refuses it or sends nothing. `turn`: a script of the list's page asks for it; `source`: it is the file of
    such a script.
    """

    url: str
    spare: bool = False
    posted: str | None = None
    content_type: str = "application/x-www-form-urlencoded"
    otherwise: ListRequest | None = None
    turn: Turn | None = None
    source: Source | None = None


@dataclass(slots=True, frozen=True)
class Source:
    """The page of which a script file that is asked for is a part: its address and its text."""

    url: str
    text: str


@dataclass(slots=True, frozen=True)
class Turn:
    """A call for rows by a script: its address and body with holes for what changes from page to page, and which page this is, from 0.

    `base` is what the page's links are resolved against, `links` how it makes them of the parts of a row.
    """

    base: str
    url: str
    posted: str | None
    content_type: str
    links: tuple[str, ...]
    index: int = 0

    def request(self, index: int) -> ListRequest | None:
        """The request for the page of this index; `None` where there are no others."""
        turns = HOLE.search(self.url + (self.posted or "")) is not None
        url = absolute(self.base, _filled(self.url, index)) if index < (MOST_PAGES if turns else 1) else None
        posted = None if self.posted is None else _filled(self.posted, index)
        return ListRequest(url, posted=posted, content_type=self.content_type, turn=replace(self, index=index)) if url else None


def _filled(text: str, index: int) -> str:
    return HOLE.sub(lambda hole: str(int(hole[2]) + int(hole[1]) * index), text)
