"""The gazetteer: administrative places of China from province to county, with their codes (GB/T 2260) and the years of both.

Source: the table `cn/loc` of python-stdnum (LGPL-2.1-or-later), which was drawn from the article 中华人民共和国行政区划代码 of the Chinese
Wikipedia (CC BY-SA); `places_added.yaml` completes it. A place is one name under one code: a renamed or recoded county is several places.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from stdnum import numdb

from pipelines.data import load

PlaceLevel = Literal["province", "city", "county"]
_LEVELS: tuple[PlaceLevel, ...] = ("province", "city", "county")

# The source holds rows that head a group of codes (市辖区, 县, 林区) and rows of bodies that are no governments of the three levels.
_NO_PLACE = re.compile(r"市辖区|县|市|林区|.*直辖(?:县级)?行政单位|.*办事处|.*群岛.*")
_ENTRY = re.compile(r"(?:\[(\d*)-(\d*)\])?(.+)")
# A few names of the source are written in traditional characters. A general converter would harm names such as 乾县.
_SIMPLIFIED = str.maketrans("區達嶺會員", "区达岭会员")
_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|"
    "毛南|仡佬|锡伯|普米|塔吉克|怒|鄂温克|保安|裕固|独龙|鄂伦春|各"
)
_AUTONOMOUS = re.compile(rf"(.{{2,}}?)(?:(?:{_PEOPLES})族?)*自治([区州县旗])")
_ORDINARY = re.compile(r"(.{2,}?)(?:地区|林区|矿区|特区|[省市区县旗盟])")


@dataclass(frozen=True, slots=True)
class Place:
    """One place under one code. `first_year` and `last_year` bound its validity, both inclusive; `None` is an open end.

    `ancestors` are the codes of its province and its city, as far as they differ from its own.
    """

    adcode: str
    name: str
    first_year: int | None
    last_year: int | None
    level: PlaceLevel
    ancestors: tuple[str, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        codes = (province_code(self.adcode), self.adcode[:4] + "00")
        object.__setattr__(self, "ancestors", tuple(code for code in dict.fromkeys(codes) if code != self.adcode))

    def valid_in(self, year: int | None) -> bool:
        """Whether it was in force in that year; `None` asks for today."""
        if year is None:
            return self.last_year is None
        return (self.first_year is None or self.first_year <= year) and (self.last_year is None or year <= self.last_year)


def place_prefix(place: str) -> str:
    """The digits that the codes of all places within `place` begin with: 610000 -> 61, 610400 -> 6104, 610430 -> 610430."""
    return re.sub("(00){1,2}$", "", place)


def province_code(adcode: str) -> str:
    """The code of the province that a place lies in, or is."""
    return adcode[:2] + "0000"


@dataclass(slots=True)
class _Index:
    by_code: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    by_stem: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    by_alias: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    lengths: dict[str, list[int]] = field(default_factory=dict)


def level_of(adcode: str) -> PlaceLevel:
    """The level that the form of a code tells: …0000 is a province, …00 a city, the rest are counties and districts."""
    return "province" if adcode.endswith("0000") else "city" if adcode.endswith("00") else "county"


@cache
def stem(name: str) -> str:
    """A place's name without its kind: 临安 of 临安区, 怒江 of 怒江傈僳族自治州; all of it where less than two characters would be left."""
    match = _AUTONOMOUS.fullmatch(name) or _ORDINARY.fullmatch(name)
    return match[1] if match else name


def _source_places() -> list[Place]:
    added = load(Path(__file__).with_name("places_added.yaml"), [{"adcode": str, "name": str, "first_year?": int, "last_year?": int}])
    over = {(entry["adcode"], entry["name"]): entry for entry in added}
    places = []
    for _, province, _, _, codes in numdb.get("cn/loc").prefixes:
        for _, rest, _, properties, _ in codes:
            for entry in properties["county"].split(","):
                match = _ENTRY.fullmatch(entry)
                name = match[3].translate(_SIMPLIFIED) if match else entry
                code = province + rest
                if match is None or _NO_PLACE.fullmatch(name) or (code, name) in over:
                    continue
                first, last = (int(match[group]) if match[group] else None for group in (1, 2))
                places.append(Place(code, name, first, last, level_of(code)))
    places += [Place(code, name, entry.get("first_year"), entry.get("last_year"), level_of(code)) for (code, name), entry in over.items()]
    return places


@cache
def index() -> _Index:
    """All places by code, by full name, by stem and by the usual short name of autonomous places (怒江州); made once, in about 0.1 s.

    `lengths` are those of the full and the short names that end with two characters, the longest first.
    """
    made = _Index()
    for place in _source_places():
        made.by_code[place.adcode].append(place)
        made.by_name[place.name].append(place)
        made.by_stem[stem(place.name)].append(place)
        match = _AUTONOMOUS.fullmatch(place.name)
        if match and match[2] != "区":
            made.by_alias[match[1] + match[2]].append(place)
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in (*made.by_name, *made.by_alias):
        lengths[name[-2:]].add(len(name))
    made.lengths = {end: sorted(of_end, reverse=True) for end, of_end in lengths.items()}
    for table in (made.by_code, made.by_name, made.by_stem, made.by_alias):
        table.default_factory = None  # type: ignore[attr-defined]  # a lookup must not grow the table
    return made


def place_of_code(adcode: str, year: int | None = None) -> Place | None:
    """The place under a code in that year, `None` where there was none; without a year the present one, else the last that there was."""
    places = index().by_code.get(adcode, [])
    valid = [place for place in places if place.valid_in(year)]
    if valid:
        return max(valid, key=lambda place: place.first_year or 0)
    return max(places, key=lambda place: place.last_year or 0, default=None) if year is None else None


def places_named(name: str, year: int | None = None) -> list[Place]:
    """The places that a full name can mean in that year (without a year: today), by code.

    A name that was not in force then means the place of its province that bore its stem in that year (临安市 in 2018 is 临安区), else those
    that ever bore it. The usual short names of autonomous places (怒江州) are known. Empty for a name that was never one.
    """
    return list(_named(name, year))


# The pages of a portal name the same places.
@lru_cache(maxsize=4096)
def _named(name: str, year: int | None) -> tuple[Place, ...]:
    known = index()
    ever = known.by_name.get(name, []) or known.by_alias.get(name, [])
    now = [place for place in ever if place.valid_in(year)]
    if not now:
        # Never upward: 芜湖县 was not followed by 芜湖市.
        homes = {(place.adcode[:2], level) for place in ever for level in _LEVELS[_LEVELS.index(place.level) :]}
        kin = known.by_stem.get(stem(name), [])
        now = [place for place in kin if place.valid_in(year) and (place.adcode[:2], place.level) in homes]
    newest: dict[str, Place] = {}
    for place in sorted(now or ever, key=lambda place: place.first_year or 0):
        newest[place.adcode] = place
    return tuple(sorted(newest.values(), key=lambda place: place.adcode))


def parents(place: Place) -> list[Place]:
    """The province and the city that a place belongs to, in this order; both as they were when it was in force."""
    return list(_parents(place))


@cache
def _parents(place: Place) -> tuple[Place, ...]:
    found = (place_of_code(code, place.last_year) or place_of_code(code) for code in place.ancestors)
    return tuple(parent for parent in found if parent is not None)
