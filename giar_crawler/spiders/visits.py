"""What the spider remembers of a request while it is under way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, Self

from giar_crawler.platforms import ListRequest
from giar_crawler.platforms.turns import Source, Turn


@dataclass(slots=True)
class Column:
    """One list with all its pages. `seen` are the keys of its entries, `pages` those of the pages that were asked for.

    `total` is how many entries it has by its own count, `None` where it does not say; `turned`: a further page brought more of them;
    `bare`: its first page has none, and nothing that was asked for has brought some. `rowless`: what its first page has are no rows.
    """

    inside: bool
    total: int | None = None
    turned: bool = False
    bare: bool = False
    rowless: bool = False
    seen: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)


@dataclass(slots=True, frozen=True)
class Visit:
    """Why a page was asked for.

    `entry`: the walk begins with it (home, or a list of the register). `inside`: it belongs to the annual-report column. `depth`: clicks
    from the entry. `column` and `stale`: the list that it continues and how many pages before it brought nothing new. `moves`: how often a
    page without content sent us on. `otherwise`: what is asked in its place where the server refuses it.
    `spare`: a second way to what a list has; that it fails leaves nothing out. `text`: the words of the link that led here.
    `turn`: the call of a script that it is; `source`: the page of the script file that it is. `searched`: it is what the portal's search
    found, which may be all or a part. `organ`: it is the page of an organ, whose own pages of disclosure are looked at.
    """

    kind: Literal["home", "list", "navigation"]
    entry: bool = False
    inside: bool = False
    depth: int = 0
    score: float = 0.0
    column: Column | None = None
    stale: int = 0
    moves: int = 0
    text: str = ""
    otherwise: ListRequest | None = None
    spare: bool = False
    turn: Turn | None = None
    source: Source | None = None
    searched: bool = False
    organ: bool = False

    def moved(self) -> Self:
        """The same visit at the address to which an empty page sent it on."""
        return replace(self, moves=self.moves + 1)
