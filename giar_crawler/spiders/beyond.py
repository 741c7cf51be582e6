"""What a page's links say of hosts that the register does not name: those below the portal's own name, and columns that stand elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from giar_crawler.platforms import ListEntry
from giar_crawler.spiders.lexicon import discloses, is_of_others, judge_title, leads_to_column, names_earlier
from giar_crawler.spiders.scope import Scope
from pipelines.metadata.report_year import year_of_title
from pipelines.titles import plain

# So many reports of one list on another host make that a host of the portal; departments have hosts of their own and fewer.
LEAST_OF_HOST = 3


def takes_hosts(entries: Sequence[ListEntry], frames: Iterable[str], scope: Scope, *, inside: bool) -> int:
    """Takes over the hosts of the portal that a page leads to; returns how many.

    From a page of disclosure that is one behind words like 信息公开, from the column one that has its reports or those of earlier years,
    and both that of a frame.
    """
    foreign = [entry for entry in entries if scope.refuses(entry.url) == "foreign_host"]
    if inside:
        reports = [entry for entry in foreign if judge_title(entry.title, inside=False) == "report"]
        hosts = Counter(urlsplit(entry.url).netloc for entry in reports)
        led = [entry.url for entry in reports if hosts[urlsplit(entry.url).netloc] >= LEAST_OF_HOST]
        led += [entry.url for entry in foreign if _leads_on(entry, inside=True)]
    else:
        led = [entry.url for entry in foreign if entry.date is None and discloses(entry.title)]
    return sum(map(scope.takes, [*led, *frames]))


def columns_elsewhere(entries: Iterable[ListEntry], scope: Scope, *, inside: bool) -> set[str]:
    """The words of links to annual-report columns of this portal, or from it to its earlier years, on hosts that are not asked."""
    return {plain(entry.title) for entry in entries if scope.refuses(entry.url) == "foreign_host" and _leads_on(entry, inside=inside)}


def _leads_on(entry: ListEntry, *, inside: bool) -> bool:
    """Whether a link leads to an annual-report column of this portal, or from its column to its earlier years."""
    if entry.date is not None or is_of_others(entry.title):
        return False
    return (leads_to_column(entry.title) and year_of_title(entry.title) is None) or (inside and names_earlier(entry.title))
