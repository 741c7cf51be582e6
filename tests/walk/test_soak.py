"""The long run over many portals: it is no test of every day, but that it finds what it looks for is."""

from __future__ import annotations

from collections import Counter

import pytest

from demo.families import FamilySite
from giar_crawler.runner.plan import MOST_SIDE_BY_SIDE, side_by_side
from soak.portals import DELAY, LONGEST_PAUSE, PORTALS, DeadSite, judge, many

SITES = many(3)


class Demo:
    """What was asked of the servers."""

    port = 80

    def __init__(self, *visits: tuple[float, float]) -> None:
        self.visits = {host: list(visits) for host in SITES}
        self.hosts = Counter(dict.fromkeys(SITES, len(visits)))


def row_of(site: FamilySite) -> dict:
    if isinstance(site, DeadSite):
        return {"outcome": "unreachable", "reports": 0}
    return {"outcome": "ok", "reports": len(site.report_urls(80))}


ROWS = {site.portal.id: row_of(site) for site in SITES.values()}


def test_so_many_portals_of_all_families() -> None:
    sites = many(PORTALS)
    assert len({site.portal.id for site in sites.values()}) == len(sites) == PORTALS
    assert sum(isinstance(site, DeadSite) for site in sites.values()) == 1


@pytest.mark.parametrize(
    ("visits", "said"),
    [
        ([(0, 0.1), (DELAY, 1.1), (2 * DELAY, 2.1)], ""),
        ([(0, 1.2), (DELAY, 1.3), (2 * DELAY, 2.1)], "two requests at once"),
        ([(0, 0.1), (0.5, 0.6), (2 * DELAY, 2.1)], "0.500 s apart"),
        ([(0, 0.1), (DELAY, 1.1), (2 * DELAY + LONGEST_PAUSE, 13.0)], "held up"),
    ],
)
def test_what_it_finds(visits: list[tuple[float, float]], said: str) -> None:
    faults = judge(SITES, Demo(*visits), ROWS, quiet=True)
    assert len(faults) == (2 if said else 0), faults
    assert all(said in fault for fault in faults)


def test_a_lost_report_and_a_dead_host_that_answers() -> None:
    rows = {name: row | {"outcome": "ok", "reports": 0} for name, row in ROWS.items()}
    faults = judge(SITES, Demo((0, 0.1), (DELAY, 1.1)), rows, quiet=True)
    assert len(faults) == 3
    assert any("in the place of unreachable" in fault for fault in faults)
    assert any("0 of" in fault for fault in faults)


def test_how_many_are_walked_at_a_time() -> None:
    assert [side_by_side(portals) for portals in (1, 6, 1000)] == [1, 3, MOST_SIDE_BY_SIDE]
    assert side_by_side(60, 60) == 60
    assert side_by_side(6, 1) == 1
