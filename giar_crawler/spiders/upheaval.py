"""Whether a portal was replaced while it was walked: another content system, other addresses, all old ones dead.

What its lists named a minute ago is then not there, page after page. That may be a list of dead links as well, so the page with which the
walk began is looked at again: where it has other links now, the walk is over, and the next one begins anew.
"""

from __future__ import annotations

from giar_crawler.platforms import ListPage
from giar_crawler.spiders.frontier import key

# The word for it among the reasons of a walk.
REPLACED = "replaced"
# So many pages in a row that were named and are not there are worth a look; after each look that found nothing, twice as many.
FIRST_DOUBT = 5
# Of a portal that stays, news change within hours, menus and columns do not.
LEAST_SHARED = 0.2


class Upheaval:
    """What speaks for it in one walk. `missed` pages in a row were not there; while somebody is `looking`, nobody else has to."""

    def __init__(self) -> None:
        self.url: str | None = None
        self.missed = 0
        self.looking = False
        self._links: frozenset[str] = frozenset()
        self._doubt = FIRST_DOUBT

    def began(self, page: ListPage) -> None:
        """Keeps the page with which the walk began; of several lists in the register the first."""
        if self.url is None:
            self.url, self._links = page.url, _links(page)

    def met(self, *, there: bool) -> None:
        """Counts a page that the portal named: whether it was there."""
        self.missed = 0 if there else self.missed + 1

    def doubts(self, *, last: bool = False) -> str | None:
        """The address to look at where it is time for that, as the `last` thing of a walk already for one page; else `None`."""
        return self.url if self.missed >= (1 if last else self._doubt) and not self.looking else None

    def is_another(self, page: ListPage) -> bool:
        """Whether this page, at the address with which the walk began, is one of another portal; if not, doubts begin anew."""
        now = _links(page)
        if self._links and len(self._links & now) < LEAST_SHARED * len(self._links):
            return True
        self.missed, self.looking, self._doubt = 0, False, self._doubt * 2
        return False


def _links(page: ListPage) -> frozenset[str]:
    own = key(page.url)
    return frozenset(address for anchor in page.anchors() if (address := key(anchor.url)) != own)
