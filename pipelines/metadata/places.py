"""Places in text: which places of the gazetteer a text names, and which one a report is about. Texts are in simplified characters."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate

from pipelines.metadata.gazetteer import Place, index, parents, place_of_code, places_named, stem

__all__ = ["Place", "parents", "place_of_code", "places_named", "resolve_place"]

# 区域, 县域 and 市场 are words; what stands before them is rarely a place's full name (振兴县域经济, 港口区域).
_KIND = re.compile(r"[省旗州盟]|[区县](?!域)|市(?!场)")
# Full names that are common words as well (推进新城区建设): they count only where their city or province is named too.
_COMMON_WORDS = frozenset({"老城区", "新城区", "新市区", "市中区", "城中区", "城东区", "城西区", "城南区", "城北区", "城关区", "滨海新区"})
# Names that hide in other words (形成县级…, 沿海城市, 公共资源县级平台) count where nothing or their parent stands before them: those of
# two characters and these.
_HIDING = frozenset(
    {"海城市", "兴城市", "应城市", "增城市", "资源县", "平和县", "政和县", "平安区", "港口区", "海港区", "河口区", "和平区", "南山区"}
)
_HAN = re.compile(r"[㐀-鿿]")
# What stands before a place in the names of the nation's own organs: 中国, 国家税务总局, 中国人民银行, 中华人民共和国.
_NATION = re.compile(r"(?:中国|中华人民共和国|(?:中国|国家)[^\W\d]{2,9}(?:局|署|银行))$")
# A short name counts by itself only where an organ's word follows: 淳化发布, 大武口官网.
_ORGAN_WORD = re.compile(r"发布|官网|政府网|政务网|党政网|政府信息|政务公开|政府门户|人民政府|公安局|教育局|财政局")
# The words by which an organ speaks of its own place: 我县, 全县, 县委. They tell the level of the place that a report is about.
_OWN_WORD = re.compile(r"(?:我|全|本)(自治区|[省市州盟县区旗])|(自治区|[省市州盟县区旗])(?:党?委(?![员托])|政府)")
_DOMINANT = 0.6  # the share of the weight among neighbours from which on a place is the subject and not an example
_LONGEST_TEXT = 200_000  # characters that are searched; a report has 10,000
_EXAMPLE = 0.5  # a place that is named less than this share of the place above it is an example in the report of that place


@dataclass(slots=True)
class _Hit:
    """A name in the text. `candidates` are the places that it can mean; it is settled when one is left."""

    start: int
    end: int
    candidates: list[Place]
    anchored: bool = False  # its parent stands directly before it
    qualifies: bool = False  # one of its own places follows directly
    short: bool = False
    doubtful: bool = False

    @property
    def place(self) -> Place | None:
        return self.candidates[0] if len(self.candidates) == 1 else None


def _free(text: str, start: int) -> bool:
    """Whether a name may begin there without being the end of another word."""
    return start == 0 or not _HAN.match(text, start - 1) or _NATION.search(text, max(0, start - 16), start) is not None


def _full_names(text: str) -> Iterator[tuple[int, int, str]]:
    """The full names in the text with their spans, in order, the longest where several end at one character."""
    known = index()
    free = 0
    for kind in _KIND.finditer(text):
        end = kind.end()
        for length in known.lengths.get(text[end - 2 : end], ()):
            name = text[end - length : end]
            if free <= end - length and (name in known.by_name or name in known.by_alias):
                yield end - length, end, name
                free = end
                break


@cache
def _short_parents(place: Place) -> tuple[str, ...]:
    return tuple(stem(parent.name) for parent in parents(place))


def _after_short_parent(text: str, start: int, candidates: list[Place]) -> list[Place]:
    """Those of the candidates whose city or province stands before that offset by its short name: 徐州鼓楼区."""
    return [place for place in candidates if text.endswith(_short_parents(place), 0, start)]


def _full_hits(text: str, year: int | None) -> list[_Hit]:
    hits: list[_Hit] = []
    for start, end, name in _full_names(text):
        hit = _Hit(start, end, places_named(name, year))
        if hits and hits[-1].end == start:
            # A parent before the name settles it, in any year: 重庆市江北区 is that one, though it has been abolished since.
            outer = {place.adcode for place in hits[-1].candidates}
            own = [place for place in [*hit.candidates, *index().by_name.get(name, [])] if outer.intersection(place.ancestors)]
            if own:
                hit.candidates, hit.anchored, hits[-1].qualifies = own[:1], True, True
                hits[-1].candidates = [place for place in hits[-1].candidates if place.adcode in own[0].ancestors]
        if start and not hit.anchored and (own := _after_short_parent(text, start, hit.candidates)):
            hit.candidates, hit.anchored = own, len(own) == 1
        generic = len(name) == 2 and name.endswith("区")  # 城区, 矿区, 东区
        if hit.anchored or not (len(name) == 2 or name in _HIDING) or (_free(text, start) and not generic):
            hits.append(hit)
    return hits


def _settle(text: str, hits: list[_Hit]) -> None:
    """Settles names that can mean several places: by the same name with its parent elsewhere, else by a parent that is named elsewhere."""
    for hit in hits:
        hit.doubtful = not hit.anchored and (hit.place is None or text[hit.start : hit.end] in _COMMON_WORDS)
    if not any(hit.doubtful for hit in hits):
        return
    anchored: dict[str, set[str]] = defaultdict(set)
    named: set[str] = set()
    for hit in hits:
        if hit.place and not hit.doubtful:
            named.update((hit.place.adcode, *hit.place.ancestors))
            if hit.anchored:
                anchored[text[hit.start : hit.end]].add(hit.place.adcode)
    for hit in (hit for hit in hits if hit.doubtful):
        name = text[hit.start : hit.end]
        same = [place for place in hit.candidates if place.adcode in anchored[name]]
        in_city = [place for place in hit.candidates if named.intersection(place.ancestors[1:])]
        in_province = [place for place in hit.candidates if named.intersection(place.ancestors)]
        sure = next((places for places in (same, in_city, in_province) if len(places) == 1), None)
        hit.candidates = sure or ([] if name in _COMMON_WORDS else hit.candidates)


@cache
def _province_names() -> re.Pattern[str]:
    return re.compile("|".join(stem(code_places[0].name) for code, code_places in index().by_code.items() if code.endswith("0000")))


def _anchored_short_names(text: str, year: int | None) -> Iterator[_Hit]:
    """Short names that their surroundings make sure: before an organ's word (淳化发布), after the province (浙江临安)."""
    by_stem = index().by_stem
    ends = [word.start() for word in _ORGAN_WORD.finditer(text)]
    spans = [(end - length, end, "") for end in ends for length in (4, 3, 2) if end >= length and text[end - length : end] in by_stem]
    provinces = [(name.end(), name.group()) for name in _province_names().finditer(text)]
    spans += [(start, start + length, name) for start, name in provinces for length in (4, 3, 2) if text[start : start + length] in by_stem]
    for start, end, province in spans:
        if _KIND.match(text, end):
            continue
        places = [place for place in by_stem[text[start:end]] if place.valid_in(year) and stem(place.name) != place.name]
        within = [place for place in places if province and stem(parents(place)[0].name if parents(place) else "") == province]
        sure = within if province else places if _free(text, start) else []
        if len(sure) == 1:
            yield _Hit(start, end, sure, short=True)


def _repeated_short_names(text: str, hits: list[_Hit]) -> Iterator[_Hit]:
    """Short names of places that the text names in full, as often at most as in full: 公安 of 公安县 is a word of every report."""
    taken = sorted((hit.start, hit.end) for hit in hits)
    counts: dict[str, int] = defaultdict(int)
    settled: dict[str, Place] = {}
    for hit in hits:
        if (known := hit.place) is not None:
            settled[known.adcode] = known
            counts[known.adcode] += 1
    shared = Counter([stem(place.name) for place in settled.values()])
    for code, place in settled.items():
        short = stem(place.name)
        if short == place.name or shared[short] > 1:
            continue
        left = counts[code]
        start = text.find(short)
        while start >= 0 and left:
            before = bisect_right(taken, (start, len(text))) - 1
            if before < 0 or taken[before][1] <= start:
                yield _Hit(start, start + len(short), [place], short=True)
                left -= 1
            start = text.find(short, start + len(short))


def _hits(text: str, year: int | None) -> list[_Hit]:
    """The names that stand for themselves."""
    hits = _full_hits(text, year)
    _settle(text, hits)
    short = {hit.start: hit for hit in _anchored_short_names(text, year)}
    ends = {hit.end for hit in hits}
    return hits + [hit for hit in short.values() if hit.end not in ends]


@dataclass(slots=True)
class _Node:
    place: Place | None
    own: float = 0.0
    total: float = 0.0
    children: dict[str, _Node] = field(default_factory=dict)


def _kind(place: Place) -> str:
    return "自治区" if place.name.endswith("自治区") else place.name[-1]


def _weigh(text: str, hits: list[_Hit], starts: list[int], worth: list[float]) -> tuple[_Node, dict[str, float]]:
    """The places as a tree of weights, and the weight of each name that stayed ambiguous."""
    ends = {hit.end for hit in hits}
    votes = Counter([word[1] or word[2] for word in _OWN_WORD.finditer(text) if not (word[2] and word.end(2) in ends)])
    total = votes.total()
    root = _Node(None)
    unsettled: dict[str, float] = defaultdict(float)
    for hit in hits:
        weight = worth[bisect_right(starts, hit.start) - 1] * (0.5 if hit.short else 1.0)
        place = hit.place
        if place is None:
            unsettled[text[hit.start : hit.end]] += weight if hit.candidates else 0.0
            continue
        if hit.qualifies:
            continue
        weight *= 1 + 2 * votes[_kind(place)] / max(1, total)
        node = root
        for step in [*parents(place), place]:
            node.total += weight
            node = node.children.setdefault(step.adcode, _Node(step))
        node.total += weight
        node.own += weight
    return root, unsettled


def resolve_place(weighted_texts: Sequence[tuple[str, float]], year: int | None = None) -> tuple[Place | None, str]:
    """The place that a report is about, and why; `None` where no text names one or nothing decides between several.

    `weighted_texts` are texts with what one mention in them is worth (the title 10, the publisher 10, the footer 3, the body 1, say). From
    the province down the heaviest place is taken as long as it outweighs its neighbours together and is no mere example in the report of
    the place above it: a province that names all its cities stays the province. The words by which an organ speaks of its own place (我县,
    县委) count for the places of that level.
    """
    texts = [text for text, weight in weighted_texts if weight > 0]
    whole = "\n".join(texts)[:_LONGEST_TEXT]
    hits = _hits(whole, year)
    places = [hit.place for hit in hits]
    if places and places[0] is not None and places.count(places[0]) == len(places):
        return places[0], f"{places[0].name} is the only place that is named"
    hits = sorted([*hits, *_repeated_short_names(whole, hits)], key=lambda hit: hit.start)
    starts = list(accumulate([len(text) + 1 for text in texts], initial=0))
    root, unsettled = _weigh(whole, hits, starts, [weight for _, weight in weighted_texts if weight > 0])
    node = root
    while node.children:
        heaviest = max(node.children.values(), key=lambda child: child.total)
        if heaviest.total < _DOMINANT * sum(child.total for child in node.children.values()) or heaviest.total < _EXAMPLE * node.own:
            break
        node = heaviest
    doubted = [name for name, weight in unsettled.items() if weight >= max(_EXAMPLE * node.total, 1e-9)]
    if doubted:
        return None, "ambiguous: " + ", ".join(f"{name} ({_bearers(name, year)})" for name in doubted)
    if node.place is None or not node.own:
        rivals = sorted(node.children.values(), key=lambda child: -child.total)[:3]
        return None, "ambiguous: " + ", ".join(child.place.name for child in rivals if child.place) if rivals else "no place is named"
    return node.place, f"{node.place.name} bears {node.total / root.total:.0%} of the weight of the places that are named"


def _bearers(name: str, year: int | None) -> str:
    return ", ".join(place.adcode for place in places_named(name, year))
