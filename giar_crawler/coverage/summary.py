"""Coverage in numbers: how many reports of a province, a level, a year or a portal are there, and what became of the others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from giar_crawler.coverage.matrix import Cell
from giar_crawler.outcomes import PageOutcome, PortalOutcome
from pipelines.metadata.gazetteer import province_code
from pipelines.storage import UNKNOWN, PortalMark

# Nobody can expect a report there, or not yet.
OPEN = frozenset({PortalOutcome.NOT_EXPECTED, PortalOutcome.NOT_DUE})
PAGES = frozenset(PageOutcome)


class By(StrEnum):
    """What the cells are counted by."""

    PROVINCE = "province"
    LEVEL = "level"
    YEAR = "year"


@dataclass(slots=True, frozen=True)
class Group:
    """The cells of one province, level or year: `expected` are those that were due, `there` those with a page, `read` those read well."""

    key: str
    portals: int
    expected: int
    there: int
    read: int
    outcomes: Counter[str]


_KEYS: dict[By, Callable[[PortalMark, int], str]] = {
    By.PROVINCE: lambda portal, _: province_code(portal.adcode) if portal.adcode else UNKNOWN,
    By.LEVEL: lambda portal, _: portal.level or UNKNOWN,
    By.YEAR: lambda _, year: str(year),
}


def summary(cells: Iterable[Cell], portals: Iterable[PortalMark], by: By) -> list[Group]:
    """The groups of all cells with a report year, in the order of their keys."""
    marks = {portal.id: portal for portal in portals}
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    members: dict[str, set[str]] = defaultdict(set)
    for cell in cells:
        if cell.report_year is not None:
            key = _KEYS[by](marks[cell.portal], cell.report_year)
            outcomes[key][str(cell.outcome)] += 1
            members[key].add(cell.portal)
    return [_group(key, len(members[key]), outcomes[key]) for key in sorted(outcomes)]


def _group(key: str, portals: int, outcomes: Counter[str]) -> Group:
    expected = sum(count for outcome, count in outcomes.items() if outcome not in OPEN)
    there = sum(count for outcome, count in outcomes.items() if outcome in PAGES)
    return Group(key, portals, expected, there, outcomes[PageOutcome.OK], outcomes)
