"""The publisher's full name, and the scope of its report."""

from __future__ import annotations

import re
from dataclasses import dataclass

from giar_crawler.items import PageContext, Scope
from pipelines.metadata.gazetteer import index, stem
from pipelines.metadata.organs import DEPARTMENT_WORDS, GOVERNMENT_WORDS, OFFICE_WORDS, TOWNSHIP_WORDS, Organ, Organs, OwnWords
from pipelines.metadata.places import Place, parents
from pipelines.metadata.wording import in_full, is_nobody, is_poster, kind_of_organ

# 市场监督管理局 and 市政管理局 begin with no place, 市政务服务局 does.
_GENERIC = re.compile(r"^(?P<level>[省旗州盟]|县(?!域)|区(?![域划])|市(?!场|容|民|政(?![府务协法])))")
_GOVERNMENT = re.compile(r"(?<!人民)政府$")
_OFFICE = re.compile(r"(?:(?:人民)?政府|府)办(?:公(?P<kind>[室厅]))?$")
_PLACE_INSIDE = re.compile(
    r"^.{2,}?[省市县区旗州盟镇乡](?!场|政(?![府务协法])|容|民(?![政族宗])|域)|^(?:国家|中国|中共|中央|全国|国务院|最高)"
)
# The party and government office of a town stands for the town.
_TOWN_OFFICE = re.compile(r"(?:(?:人民)?政府)?(?:党政(?:综合)?办(?:公室)?|(?<=政府)办(?:公室)?)$")
_ZONE_END = re.compile(r"(?:管理委员会|管委会)$")
_OF_THE_NATION = re.compile(r"(?:部|署|总局)$")
# Their names are registered as they are: 华能集团有限公司 on a county's portal is not that county's.
_REGISTERED = re.compile(r"(?:大学|学院|有限(?:责任)?公司|股份公司)$")
# Before that year nobody had pages; what a place was called until then is used no more.
FIRST_PORTALS = 2000
# A name of so many characters has its place somewhere in it; a longer one than the other is not completed.
LONGEST_BARE, LONGEST_WITHOUT_PLACE = 10, 14
_OF_SCOPE: dict[str, Scope] = {"township": "township", "department": "department", "government": "consolidated"}
_OWN_REPORT = frozenset({"department", "township", "zone", "institution", "village"})


def _place_at(level: str, place: Place | None) -> Place | None:
    """The place that the generic word (县 in 县教育局) means: the place itself where it is of that kind. Nothing tells of one above it."""
    if place is None:
        return None
    # A county that became a city or a district goes by both words for years.
    kin = [
        other for other in index().by_stem.get(stem(place.name), []) if (other.adcode[:2], other.level) == (place.adcode[:2], place.level)
    ]
    recent = [other for other in kin if other.last_year is None or other.last_year >= FIRST_PORTALS]
    return place if any(other.name.endswith(level) for other in (place, *recent)) else None


def _with_place(name: str, place: Place | None) -> str | None:
    """The name with its place before it: 县教育局 in 淳化县 is 淳化县教育局. `None` when the place is needed and unknown."""
    if generic := _GENERIC.match(name):
        own = _place_at(generic["level"], place)
        return own.name + name[1:] if own else None
    if (
        _PLACE_INSIDE.match(name)
        or _REGISTERED.search(name)
        or (place and any(stem(known.name) in name for known in (place, *parents(place))))
    ):
        return name
    if place is None:
        whole = kind_of_organ(name) == "institution" or _OF_THE_NATION.search(name) is not None or len(name) > LONGEST_BARE
        return name if whole else None
    return place.name + name if len(name) <= LONGEST_WITHOUT_PLACE else name


def full_name(name: str, place: Place | None) -> str | None:
    """An organ's full name from a nick-name: 市政府办, 於潜镇, 淳化县, 县教育局; `None` when nothing tells whose it is.

    `place` is the place that the report is about.
    """
    kind = kind_of_organ(name)
    if is_nobody(name) or kind is None:
        return None
    name = in_full(name)
    if kind == "township":
        name = _TOWN_OFFICE.sub("", name)
        name = re.sub(r"街道(?:办)?$", "街道办事处", name)
        name = re.sub(r"(?<=[镇乡木])政府$", "人民政府", name)
        return name + "人民政府" if name.endswith(("镇", "乡", "苏木")) else name
    if kind == "place":
        return name + "人民政府"
    if kind == "zone" and _ZONE_END.search(name) is None:
        name += "管理委员会"
    if kind == "government":
        name = _GOVERNMENT.sub("人民政府", name)
        return place.name + name if name == "人民政府" and place else _with_place(name, place)
    if kind == "office":
        match = _OFFICE.search(name)
        if match is None:
            # Which office 办公室 is, nobody can tell.
            return None if name in ("办公室", "办公厅") else _with_place(name, place)
        before = name[: match.start()]
        office = "人民政府办公" + (match["kind"] or ("厅" if before.endswith("省") else "室"))
        return (place.name + office if place else None) if not before else _with_place(before + office, place)
    return _with_place(name, place)


def _lacks_place(name: str) -> bool:
    return _GENERIC.match(name) is not None or _PLACE_INSIDE.match(name) is None


@dataclass(slots=True)
class Publisher:
    """The publisher's full name, the page's own wording where it stands as such, the scope of the report and why it is that."""

    name: str | None
    raw: str | None
    scope: Scope | None
    reason: str | None


def _is_short_for(short: str, full: str) -> bool:
    """Whether a name is made of characters of the other in their order: 铜梁区卫健委, 重庆市铜梁区卫生健康委员会."""
    rest = iter(full)
    return len(short) < len(full) and all(character in rest for character in short)


def _same(titled: str, stated: str) -> bool:
    """Whether the header's name is the title's with its place before it, or written out."""
    return not _lacks_place(stated) and (
        stated.endswith(titled) or in_full(stated).endswith(in_full(titled)) or _is_short_for(titled, stated)
    )


def _chosen(organs: Organs) -> Organ | None:
    """Whose report it is, among the names on the page: the header's, unless the title or the signature knows better."""
    titled = organs.titled if organs.titled and not is_nobody(organs.titled.name) else None
    titled_kind = kind_of_organ(titled.name) if titled else None
    named = [o for o in (organs.header, organs.filled, organs.signed) if o and not is_nobody(o.name) and kind_of_organ(o.name)]
    named.sort(key=lambda organ: is_poster(organ.name))
    stated = named[0] if named else None
    if stated is None or titled is None:
        return stated or titled
    stated_kind = kind_of_organ(stated.name)
    if is_poster(stated.name):
        return titled
    if stated_kind == titled_kind and _is_short_for(stated.name, titled.name):
        return titled
    if titled_kind in _OWN_REPORT and (stated_kind not in _OWN_REPORT or not _same(titled.name, stated.name)):
        return titled
    if titled_kind in ("government", "place") and stated_kind == "office":
        return titled
    return stated


def _scope(name: str | None, titled: Organ | None, words: OwnWords, context: PageContext) -> tuple[Scope | None, str | None]:
    """The scope by the publisher's and the title's form, and why; the words by which the report speaks of itself decide between them."""
    kind = kind_of_organ(name) if name else None
    titled_kind = kind_of_organ(titled.name) if titled else None
    by_name = f"the publisher's name is that of a {kind}"
    if kind in ("township", "institution", "village"):
        return "township" if kind == "township" else "other", by_name
    if kind == "government":
        return ("office", "the title names the office") if titled_kind == "office" else ("consolidated", by_name)
    if kind == "zone":
        own = context.portal_name and name and name.startswith(_ZONE_END.sub("", context.portal_name))
        return ("consolidated", "the zone is the portal's own") if own else ("other", by_name)
    of_place, of_office = words.count(GOVERNMENT_WORDS), words.count(OFFICE_WORDS)
    of_department, of_township = words.count(DEPARTMENT_WORDS), words.count(TOWNSHIP_WORDS)
    if kind == "office":
        if titled_kind in ("government", "place"):
            return "consolidated", "the office publishes, the title names its government"
        if titled_kind is None and of_place > 2 * of_office:
            return "consolidated", f"the office publishes, the text speaks {of_place} times for the place"
        return "office", by_name
    if kind == "department":
        if titled_kind in ("government", "place") and of_place > of_department:
            return "consolidated", f"the title names the place, the text speaks {of_place} times for it"
        return "department", by_name
    spoken: dict[Scope, int] = {"office": of_office, "township": of_township, "department": of_department, "consolidated": of_place}
    scope, most = max(spoken.items(), key=lambda item: (item[1], item[0] == "consolidated"))
    return (scope, f"the text speaks {most} times for itself as one") if most else (None, None)


def _unnamed(organs: Organs, place: Place | None, words: OwnWords, context: PageContext) -> str | None:
    """The publisher of a page that names nobody: the source that it gives, the government of its place, the portal's name."""
    speaks, _ = _scope(None, None, words, context)
    governs = speaks == "consolidated"
    # Whom to ask about the report of a place is a bureau of it.
    own = [organs.site, None if governs else organs.contact]
    fitting = (organ.name for organ in own if organ and _OF_SCOPE.get(kind_of_organ(organ.name) or "") == speaks is not None)
    name = next((full for known in fitting if (full := full_name(known, place))), None)
    if name is None and organs.source and not governs and kind_of_organ(organs.source.name) in _OWN_REPORT:
        name = full_name(organs.source.name, place)
    if name is None and place is not None and governs:
        name = place.name + "人民政府"
    if name is None and context.portal_name and speaks in (None, "department") and context.level in (None, "department"):
        name = full_name(context.portal_name, place)
    return name


def read_publisher(organs: Organs, place: Place | None, words: OwnWords, context: PageContext, *, titled_here: bool) -> Publisher:
    """The publisher and the scope. `words` counts how the report speaks of itself; `place` is what it is about.

    `titled_here` says that the title stands on the page and not only in the list: then it is the page's own wording.

    The name in the header wins, unless it is a filler or the title names a department or township. Where the page names nobody, a report
    that speaks for its place (我县) is that of the place's government; last comes the portal's name in the register.
    """
    printed = (organs.header, organs.filled, organs.signed, organs.titled if titled_here else None)
    raw = next((organ.raw for organ in printed if organ), None)
    chosen = _chosen(organs)
    name = full_name(chosen.name, place) if chosen else None
    if name is None and organs.announced and kind_of_organ(organs.announced.name) in ("place", "government", "office", *_OWN_REPORT):
        name = full_name(organs.announced.name, place)
    if name is None and chosen is None:
        name = _unnamed(organs, place, words, context)
    scope, reason = _scope(
        name or (chosen.name if chosen else organs.header.name if organs.header else None), organs.titled, words, context
    )
    if scope == "consolidated" and name and kind_of_organ(name) == "office":
        # The office puts its government's report on line.
        name = _OFFICE.sub("人民政府", name)
    return Publisher(name, raw, scope, reason)
