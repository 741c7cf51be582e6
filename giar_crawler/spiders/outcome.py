"""What became of a portal's walk, decided in one place from what the walk saw."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from giar_crawler.outcomes import PortalOutcome

# Reasons for which a walk ends before its time and the next one goes on where it stopped.
PAUSES = frozenset({"hours", "daily_cap"})
# Outcomes of a portal whose home page and lists did not come, by the reason why; all other reasons are `unreachable`.
ENTRY_FAILURES = {
    "jsl": PortalOutcome.BLOCKED,
    "412": PortalOutcome.BLOCKED,
    "429": PortalOutcome.BLOCKED,
    "script": PortalOutcome.BLOCKED,
    "captcha": PortalOutcome.BLOCKED,
    "waf": PortalOutcome.BLOCKED,
    "login": PortalOutcome.BLOCKED,
    "closed": PortalOutcome.GONE,
    "parked": PortalOutcome.GONE,
    "http_401": PortalOutcome.BLOCKED,
    "http_403": PortalOutcome.BLOCKED,
    "http_429": PortalOutcome.BLOCKED,
    "http_451": PortalOutcome.BLOCKED,
    "robots": PortalOutcome.ROBOTS_DISALLOWED,
    "foreign_host": PortalOutcome.REDIRECTED_AWAY,
    "scheme": PortalOutcome.REDIRECTED_AWAY,
    "http_404": PortalOutcome.GONE,
    "http_410": PortalOutcome.GONE,
    "not_in_archive": PortalOutcome.NOT_CRAWLED,
    **dict.fromkeys(PAUSES, PortalOutcome.PARTIAL),
}
# So many challenges in a walk are a ban, whatever came through before.
BAN = 3


@dataclass(slots=True)
class WalkFacts:
    """What a walk saw. `entry_failure` is why the home page (or the last list of the register) did not come, in one word.

    `searched`: the portal's own search had reports. `partial` counts by reason what was left out: budgets, the limit, pages that failed.
    """

    entered: bool = False
    entry_failure: str | None = None
    list_found: bool = False
    searched: bool = False
    list_forbidden: bool = False
    challenges: int = 0
    partial: Counter[str] = field(default_factory=Counter)


def portal_outcome(facts: WalkFacts, *, reports: int, failed: int, finished: bool) -> PortalOutcome:
    """The outcome, from pages read as reports, pages on which the program itself broke, and whether nobody stopped the walk."""
    if facts.challenges >= BAN:
        return PortalOutcome.BLOCKED
    if not facts.entered and facts.entry_failure is not None:
        return ENTRY_FAILURES.get(facts.entry_failure, PortalOutcome.UNREACHABLE)
    if not finished or failed or facts.partial:
        return PortalOutcome.PARTIAL
    if reports:
        return PortalOutcome.OK
    if facts.list_forbidden:
        return PortalOutcome.ROBOTS_DISALLOWED
    return PortalOutcome.LIST_WITHOUT_REPORTS if facts.list_found else PortalOutcome.NO_LIST_FOUND
