"""Where a publisher is: its unit, and the unit's name and codes in a year and today."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from pipelines.metadata.units import Unit, relations, unit_of, units


@dataclass(slots=True, frozen=True)
class Whereabouts:
    """A unit in a year: its code and name then, and its code today; after a merger that of the unit that it became part of."""

    unit_id: str | None
    adcode: str | None
    adcode_today: str | None
    place: str | None


def unit_id_of(adcode: str | None, year: int) -> str | None:
    """The id of the unit that bore the code in that year, `None` where none did."""
    unit = unit_of(adcode, year) if adcode else None
    return unit.unit_id if unit else None


def whereabouts(unit_id: str | None, year: int, adcode: str | None = None) -> Whereabouts:
    """The unit in that year; `adcode` is the code by which it is known there, since in the year of a new code both hold."""
    unit = _units().get(unit_id or "")
    if unit is None:
        return Whereabouts(None, adcode, None, None)
    then = [place for place in unit.names if place.valid_in(year)]
    named = [place for place in then if place.adcode == adcode] or then
    if not named:
        return Whereabouts(unit.unit_id, adcode, _today(unit.unit_id), None)
    return Whereabouts(unit.unit_id, named[-1].adcode, _today(unit.unit_id), named[-1].name)


@cache
def _units() -> dict[str, Unit]:
    return {unit.unit_id: unit for unit in units()}


@cache
def _successors() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for relation in relations():
        if relation.predecessor != relation.successor:
            found[relation.predecessor].add(relation.successor)
    return found


@cache
def _today(unit_id: str) -> str | None:
    """The unit's code today; of one that has ended that of the only unit that followed it, else `None`."""
    seen: set[str] = set()
    while unit_id not in seen:
        seen.add(unit_id)
        last = _units()[unit_id].last
        if last.last_year is None:
            return last.adcode
        followers = _successors().get(unit_id, set())
        if len(followers) != 1:
            return None
        (unit_id,) = followers
    return None
