"""Units: places that keep one opaque id through new names and new codes, and the dated relations that lead from one to the next.

What the gazetteer's own years prove is derived from them. Where two places could be the one that followed, neither is taken; what is known
of these stands in `unit_relations.yaml`, with merges and splits.
"""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

import stdnum

from pipelines.data import DataError, load
from pipelines.metadata.gazetteer import Place, index, place_of_code, stem

RelationKind = Literal["rename", "recode", "merge", "split"]

_TOLD = Path(__file__).with_name("unit_relations.yaml")
_DERIVED = "years of the gazetteer (cn/loc of python-stdnum)"
# All that units are made of, code included.
_MADE_OF = (
    Path(stdnum.__file__).with_name("cn") / "loc.dat",
    *(Path(__file__).with_name(name) for name in ("places_added.yaml", "unit_relations.yaml", "units.py", "gazetteer.py")),
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A place through time. `unit_id` means nothing; `names` are its names, codes, levels and years, the oldest first."""

    unit_id: str
    names: tuple[Place, ...]

    @property
    def last(self) -> Place:
        """Its present name and code, or those that it had last."""
        return self.names[-1]


@dataclass(frozen=True, slots=True, order=True)
class Relation:
    """What happened in a year; predecessor and successor are unit ids, and equal where the unit went on (`rename`, `recode`)."""

    year: int
    predecessor: str
    successor: str
    kind: RelationKind
    source: str


class _Change(NamedTuple):
    """An entry of the data file."""

    kind: RelationKind
    before: Place
    after: Place
    year: int
    source: str


class _Known(NamedTuple):
    units: tuple[Unit, ...]
    by_place: dict[Place, Unit]
    relations: tuple[Relation, ...]


def units() -> tuple[Unit, ...]:
    """All units, by the code that each had first; made once. Raises DataError when the data file is wrong."""
    return _known().units


def unit_of(adcode: str, year: int | None = None) -> Unit | None:
    """The unit that bore this code in that year, else `None`; without a year the one that bears it today, else the last that did."""
    place = place_of_code(adcode, year)
    return None if place is None else _known().by_place[place]


def relations() -> tuple[Relation, ...]:
    """All relations by year. Each is there once, also where a unit got two codes in one year."""
    return _known().relations


@cache
def fingerprint() -> str:
    """SHA-256 over the files that units are made of: another one means that units may differ. Costs a millisecond, and makes none."""
    digest = hashlib.sha256()
    for path in _MADE_OF:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@cache
def _known() -> _Known:
    places = list(chain.from_iterable(index().by_code.values()))
    told = _told()
    went_on = [change for change in told if change.kind in ("rename", "recode")]
    following = _followers(places, went_on)
    by_place: dict[Place, Unit] = {}
    for first in sorted(set(places) - set(following.values()), key=lambda place: (place.adcode, *_span(place))):
        unit = Unit(_unit_id(first), tuple(_line(first, following)))
        by_place |= dict.fromkeys(unit.names, unit)
    made = tuple(dict.fromkeys(by_place.values()))
    if len({unit.unit_id for unit in made}) < len(made):
        raise DataError("two units have the same unit_id")
    sources = {change.before: (change.year, change.source) for change in went_on}
    found = set()
    for before, after in following.items():
        year, source = sources.get(before, (after.first_year, _DERIVED))
        unit_id = by_place[before].unit_id
        found |= {Relation(cast("int", year), unit_id, unit_id, kind, source) for kind in _kinds(before, after)}
    for change in told:
        if change.kind in ("merge", "split"):
            found.add(Relation(change.year, by_place[change.before].unit_id, by_place[change.after].unit_id, change.kind, change.source))
    return _Known(made, by_place, tuple(sorted(found)))


def _unit_id(oldest: Place) -> str:
    # Of what the unit was first, because only its end grows. Begins with a letter: a spreadsheet takes 4e123456 for a number.
    digest = hashlib.sha256(f"{oldest.adcode} {oldest.name}".encode()).digest()
    return "u" + base64.b32encode(digest)[:8].decode().lower()


def _line(first: Place, following: dict[Place, Place]) -> Iterator[Place]:
    place: Place | None = first
    while place is not None:
        yield place
        place = following.get(place)


def _kinds(before: Place, after: Place) -> Iterator[RelationKind]:
    if before.name != after.name:
        yield "rename"
    if before.adcode != after.adcode:
        yield "recode"


def _told() -> list[_Change]:
    """The entries of the data file. Raises DataError for a place or a year that the gazetteer does not know."""
    shape = [{"kind": _kind, "predecessor": _place, "successor": _place, "year": int, "source": str}]
    told = []
    for number, entry in enumerate(load(_TOLD, shape)):
        kind, before, after, year = entry["kind"], entry["predecessor"], entry["successor"], entry["year"]
        where = f"{_TOLD.name}[{number}]"
        if not (before.valid_in(year) or before.valid_in(year - 1)) or not after.valid_in(year):
            raise DataError(f"{where}.year: {before.name} and {after.name} do not meet in {year}")
        if kind in ("rename", "recode") and kind != ("rename" if before.adcode == after.adcode else "recode"):
            raise DataError(f"{where}.kind: a rename keeps the code, a recode does not")
        told.append(_Change(kind, before, after, year, entry["source"]))
    return told


def _kind(text: object) -> RelationKind:
    if text not in ("rename", "recode", "merge", "split"):
        raise ValueError(f"{text!r} is none of rename, recode, merge, split")
    return text


def _place(text: Any) -> Place:  # noqa: ANN401 - what YAML made of it
    code, _, name = str(text).partition(" ")
    found = [place for place in index().by_code.get(code, []) if place.name == name]
    if len(found) != 1:
        raise ValueError(f"{text!r} is no code and name of the gazetteer")
    return found[0]


def _span(place: Place) -> tuple[int, int]:
    return place.first_year or 0, place.last_year or 9999


def _meet(before: Place, after: Place) -> bool:
    """Whether the one begins when the other ends: in the same year, as the gazetteer dates new codes, or in the next, as it dates names."""
    if before.last_year is None or after.first_year is None or after.first_year - before.last_year not in (0, 1):
        return False
    # Both may have the same single year; neither is then the earlier.
    return _span(before) < _span(after)


def _pairs(groups: Iterable[list[Place]]) -> Iterator[tuple[Place, Place]]:
    return ((before, after) for group in groups for before in group for after in group if _meet(before, after))


def _followers(places: Iterable[Place], told: Iterable[_Change]) -> dict[Place, Place]:
    """Which place went on as which: those told, then what the years prove, the surest first. A place that is settled is no candidate."""
    following = {change.before: change.after for change in told}
    followed = set(following.values())
    by_code: dict[str, list[Place]] = defaultdict(list)
    by_stem: dict[tuple[str, str, str], list[Place]] = defaultdict(list)
    for place in places:
        by_code[place.adcode].append(place)
        by_stem[place.adcode[:2], place.level, stem(place.name)].append(place)
    same_code = list(_pairs(by_code.values()))
    other_code = [(before, after) for before, after in _pairs(by_stem.values()) if _can_move(before, after)]
    kin = {place: group for group in by_stem.values() for place in group}
    steps = (
        [(before, after) for before, after in same_code if kin[before] is kin[after]],
        [
            (before, after)
            for before, after in other_code
            if before.name == after.name and _alone(before, after, [place for place in kin[before] if place.name == before.name])
        ],
        # A code that passes to another name and a name that passes to another code may contradict each other: 扶余区 of 1994 left its
        # code to 宁江区 and its name to 扶余县.
        [*same_code, *(pair for pair in other_code if _alone(*pair, kin[pair[0]]))],
    )
    for candidates in steps:
        settled = _only(pair for pair in candidates if pair[0] not in following and pair[1] not in followed)
        following |= settled
        followed |= set(settled.values())
    return following


def _can_move(before: Place, after: Place) -> bool:
    """Whether a name can have passed to another code: many cities have a 东风区, so districts only within their city."""
    districts = before.name.endswith("区") and after.name.endswith("区") and before.level == "county"
    return before.adcode != after.adcode and not (districts and before.adcode[:4] != after.adcode[:4])


def _alone(before: Place, after: Place, group: Iterable[Place]) -> bool:
    """Whether no third place of the group was there at the time of the change."""
    return not any(place.valid_in(before.last_year) and place.valid_in(after.first_year) for place in group if place not in (before, after))


def _only(pairs: Iterable[tuple[Place, Place]]) -> dict[Place, Place]:
    """The pairs whose two places are in no other pair."""
    afters: dict[Place, set[Place]] = defaultdict(set)
    befores: dict[Place, set[Place]] = defaultdict(set)
    for before, after in pairs:
        afters[before].add(after)
        befores[after].add(before)
    return {before: next(iter(found)) for before, found in afters.items() if len(found) == 1 and len(befores[next(iter(found))]) == 1}
