"""Which portals may be walked side by side, and what a walk will cost, without asking anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from giar_crawler.items import SHANGHAI
from giar_crawler.outcomes import FAILED_PORTALS
from giar_crawler.register import Portal, is_loopback, machine_of
from giar_crawler.settings import GIAR_RECHECKS
from giar_crawler.spiders.outcome import PAUSES
from giar_crawler.spiders.rechecks import Rechecks, Seen
from giar_crawler.spiders.upheaval import REPLACED
from pipelines import stats
from pipelines.storage import Walk

# Reports appear from January to March (the law's deadlines), late ones until summer. By month: a portal that was walked is due again after
# so many days; one that failed after a day.
SEASON = {1: 1, 2: 1, 3: 1, 4: 7, 5: 7, 6: 7}
OUT_OF_SEASON = 30
LONGEST_REST = timedelta(days=366)
DUE_AFTER_FAILURE = timedelta(days=1)
# A walk that began at the same hour yesterday has rested for a day.
TOLERANCE = timedelta(hours=1)
# Of a portal that was never walked: the way to the lists and the lists; with them the reports since 2008.
USUAL_WAY = 30
USUAL_REQUESTS = 60
# More portals at a time than this only share one processor for the reading.
MOST_SIDE_BY_SIDE = 16


@dataclass(slots=True, frozen=True)
class Estimate:
    """What the walk of one portal will cost: requests, seconds between two of them, hours in all."""

    portal: str
    hosts: tuple[str, ...]
    requests: int
    delay: float

    @property
    def hours(self) -> float:
        """Hours for all requests, one after the other."""
        return self.requests * self.delay / 3600


def effective_delay(portal: Portal, wanted: float | None) -> float:
    """Seconds between requests: what was wanted may only raise the register's, except on loopback."""
    if wanted is None:
        return portal.delay
    return wanted if all(map(is_loopback, portal.all_hosts)) else max(portal.delay, wanted)


def estimate(portal: Portal, last: Walk | None, known: Iterable[Seen], *, limit: int | None, delay: float | None) -> Estimate:
    """The cost by its last walk, and without one by what portals usually take: the register does not say how many reports there are.

    `known` are the documents that the database holds: instead of the reports of the last walk those are asked for that are due again.
    """
    if last is not None and last.counts:
        rechecks = Rechecks(GIAR_RECHECKS, datetime.now(UTC))
        asked = sum(last.counts.get("stats", {}).get(name, 0) for name in (stats.PAGES_REPORT, stats.REPORTS_NOT_MODIFIED))
        # A walk that went on where another one stopped had most of its pages from the archive.
        walked = max(int(last.counts.get("requests", 0)), int(last.counts.get("pages", 0)))
        requests = max(1, walked - asked) + sum(map(rechecks.is_due, known))
    else:
        requests = USUAL_REQUESTS if limit is None else min(USUAL_REQUESTS, USUAL_WAY + limit)
    return Estimate(portal.id, portal.all_hosts, requests, effective_delay(portal, delay))


def last_walks(walks: Iterable[Walk], arguments: Mapping[str, object]) -> dict[str, Walk]:
    """The last walk with these arguments that came to an end and failed nowhere, by portal. `walks` are in order, the newest first."""
    last: dict[str, Walk] = {}
    for walk in walks:
        same = {**walk.arguments, "run": None} == {**arguments, "run": None}
        if same and walk.ended_at is not None and walk.outcome not in FAILED_PORTALS and not _paused(walk):
            last.setdefault(walk.portal_id, walk)
    return last


def _paused(walk: Walk) -> frozenset[str]:
    """For which of the reasons a walk ended before its time that the next one goes on after."""
    return PAUSES & set((walk.counts or {}).get("reasons", ()))


def rest_of(portal: Portal, on: date) -> timedelta:
    """How long a portal rests after a walk: as the register says (`crawl_every`, in days), else by the season of that day in China."""
    return timedelta(days=portal.crawl_every or SEASON.get(on.month, OUT_OF_SEASON))


def next_walks(portals: Iterable[Portal], walks: Iterable[Walk], now: datetime) -> dict[str, datetime]:
    """When each portal that is not due yet is due again, by id. Portals that are due, or were never walked to an end, are not in it."""
    ended: dict[str, Walk] = {}
    for walk in walks:
        if walk.ended_at is not None and (walk.portal_id not in ended or walk.ended_at > (ended[walk.portal_id].ended_at or walk.ended_at)):
            ended[walk.portal_id] = walk
    later = {}
    for portal in portals:
        last = ended.get(portal.id)
        if last is None or last.ended_at is None:
            continue
        rest = rest_of(portal, now.astimezone(SHANGHAI).date())
        if last.outcome in FAILED_PORTALS or REPLACED in (last.counts or {}).get("reasons", ()):
            rest = min(rest, DUE_AFTER_FAILURE)
        again = last.ended_at + rest - TOLERANCE
        if paused := _paused(last):
            # It goes on as soon as it may: when the portal opens (which `closed_until` says), on the next day.
            tomorrow = last.ended_at.astimezone(SHANGHAI).date() + timedelta(days=1)
            again = datetime.combine(tomorrow, time(), SHANGHAI).astimezone(UTC) if "daily_cap" in paused else now
        if again > now:
            later[portal.id] = again
    return later


def killed_runs(portals: Iterable[Portal], walks: Iterable[Walk], arguments: Mapping[str, object]) -> set[str]:
    """The runs over these portals with these arguments that have no end: what any portal's walk in them archived is not asked again.

    A run that is killed leaves some portals done, one or more open, and the rest untouched; the same command continues all of them.
    """
    ids = {portal.id for portal in portals}
    return {
        walk.arguments["run"]
        for walk in walks
        if walk.ended_at is None
        and walk.portal_id in ids
        and "run" in walk.arguments
        and walk.arguments == {**arguments, "run": walk.arguments["run"]}
    }


def side_by_side(portals: int, wanted: int | None = None) -> int:
    """How many portals are walked at a time: as many as were wanted, else half of them at most.

    A run that is killed has to fetch again what was in flight, one page for each; so that stays below 2 % of portals with 30 pages each.
    """
    return wanted or max(1, min(MOST_SIDE_BY_SIDE, portals // 2))


def lanes(portals: Iterable[Portal]) -> list[list[Portal]]:
    """The portals in groups that share a host or a machine: one group's are walked one after the other, so they share the delay."""
    groups: list[tuple[set[str], list[Portal]]] = []
    for portal in portals:
        marks = {machine_of(host) for host in portal.all_hosts}
        marks |= {f"group {portal.politeness_group}"} if portal.politeness_group else set()
        members = [portal]
        apart = []
        for known, others in groups:
            if known & marks:
                marks |= known
                members = others + members
            else:
                apart.append((known, others))
        groups = [*apart, (marks, members)]
    return [members for _, members in groups]


def longest(estimates: Sequence[Estimate], portals: Sequence[Portal], at_once: int | None = None) -> float:
    """Hours until the last portal is done, where so many are walked at a time."""
    hours = {each.portal: each.hours for each in estimates}
    ends = [0.0] * side_by_side(len(portals), at_once)
    for lane in sorted((sum(hours[portal.id] for portal in lane) for lane in lanes(portals)), reverse=True):
        ends[ends.index(min(ends))] += lane
    return max(ends)
