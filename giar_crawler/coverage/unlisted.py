"""What the register itself lacks: units of the gazetteer whose government has no portal in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from giar_crawler.register import Portal
from pipelines.data import load
from pipelines.metadata.gazetteer import PlaceLevel, parents, place_prefix, province_code
from pipelines.metadata.units import unit_of, units


@dataclass(slots=True, frozen=True)
class InForce:
    """A unit under its name and code of the year asked for. `province` and `city` are the names of what it lies in, empty where it is one.

    `listed`: the register has a portal of its government.
    """

    province_code: str
    province: str
    city: str
    level: PlaceLevel
    adcode: str
    place: str
    unit_id: str
    listed: bool


@dataclass(slots=True, frozen=True)
class Tally:
    """How many units of a level a province has, and how many of them have no portal in the register; in all provinces `all`."""

    province_code: str
    province: str
    level: str
    units: int
    without_portal: int


def in_force(
    portals: Iterable[Portal], year: int | None, today: int, place: str | None = None, levels: Sequence[str] = ()
) -> list[InForce]:
    """The units in force in a report year (`None`: today, in the year `today`), by code; `place` and `levels` choose among them.

    A portal counts where it serves that year. Portals of departments, towns and zones are no portals of the unit that they lie in.
    """
    listed = {unit_id for portal in portals if _serves(portal, today if year is None else year) and (unit_id := _own_unit(portal))}
    prefix = place_prefix(place) if place else ""
    found = []
    for unit in units():
        names = [each for each in unit.names if each.valid_in(year)]
        # In the year of a new name or code both hold; the unit is one.
        if not names or names[-1].adcode[:2] in _outside():
            continue
        now = names[-1]
        if now.adcode.startswith(prefix) and (not levels or now.level in levels):
            above = {each.level: each.name for each in (*parents(now), now)}
            code = province_code(now.adcode)
            city = above.get("city", "") if now.level == "county" else ""
            found.append(
                InForce(code, above.get("province", ""), city, now.level, now.adcode, now.name, unit.unit_id, unit.unit_id in listed)
            )
    return sorted(found, key=lambda each: (each.adcode, each.place))


def tallies(found: Iterable[InForce]) -> Iterator[Tally]:
    """The numbers for each province and level, and at the end those of all provinces."""
    every: Counter[tuple[str, str, str]] = Counter()
    missing: Counter[tuple[str, str, str]] = Counter()
    for each in found:
        for province in ((each.province_code, each.province), ("all", "all")):
            every[*province, each.level] += 1
            missing[*province, each.level] += not each.listed
    order = {level: place for place, level in enumerate(("province", "city", "county"))}
    for key in sorted(every, key=lambda key: (key[0], order[key[2]])):
        yield Tally(*key, every[key], missing[key])


def _own_unit(portal: Portal) -> str | None:
    unit = unit_of(portal.adcode) if portal.unit_kind is None else None
    return unit.unit_id if unit and portal.level == unit.last.level else None


def _serves(portal: Portal, year: int) -> bool:
    first, last = portal.valid_years
    return (first is None or first <= year) and (last is None or year <= last)


@cache
def _outside() -> frozenset[str]:
    return frozenset(load(Path(__file__).with_name("unlisted.yaml"), {"outside": [str]})["outside"])
