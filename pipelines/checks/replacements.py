"""Words that copies put in the place of others: the lexicon of their trade, and phrases that stand where a name belongs."""

from __future__ import annotations

import re

from giar_crawler.items import Finding
from pipelines.checks.mirror_signals import signals
from pipelines.findings import finding
from pipelines.labels import meta_value
from pipelines.metadata.gazetteer import Place, parents
from pipelines.metadata.places import place_of_code
from pipelines.metadata.site import site_numbers
from pipelines.reading import Reading

# Longer texts are attacks; a report has 10,000 characters.
LONGEST = 200_000
_REACH = 12
# What a word of the lexicon reaches to either side of the literal by which it is found.
_BEFORE, _BEHIND = 6, 14
# What stands before 人民政府 in a genuine text ends with a kind of place, a pronoun, a verb or a preposition.
_BREAK = re.compile(r"[\s,。;:、《》()“”\"'|〔〕>-]")
_PLACE_END = re.compile(r"(?:[省市县区旗盟州镇乡木]|街道|兵团|本级|各级|上级|下级|同级|一级|两级|三级|四级|中央|国家|地方|我国|全国)$")
_FUNCTION_END = re.compile(r"[由经向对和与及或于在的为是各该本我从被将以按据级报请受代市县区省到给即至]$")
_GOVERNMENT = re.compile("人民政府")
_FOREIGN = re.compile(r"[0-9A-Za-z]")
_PHRASE_TAIL = 4
_MOST_PHRASES = 3
# The offices of the governments of provinces are 办公厅, those of cities and counties 办公室.
_PROVINCE_OFFICE = "人民政府办公厅"
_ORGAN_OF_PLACE = re.compile(r"^(?P<place>.{2,}?[省市县区旗盟州])(?:人民政府.*|政府.*|政务公开.*)?$")
_UNKNOWN = "?"


def stuffed(text: str, organ: str = "") -> str | None:
    """A word of the lexicon that is not the object of police work, `None` when there is none; `organ` is whose report it is.

    The lotteries of the state are the trade of the organs that run them.
    """
    text, known = text[:LONGEST], signals()
    lottery = known.lottery_organs.search(organ) is not None
    # Hardly any is there, and `in` is sooner done with a character than `find`.
    for mark in [mark for mark in known.lexicon if mark in text]:
        words, at = known.lexicon[mark], text.find(mark)
        while at >= 0:
            match = words.search(text, max(0, at - _BEFORE), at + _BEHIND)
            if match and not _at_work(match, text, lottery=lottery):
                return match.group().lower()
            at = text.find(mark, match.end() if match and match.end() > at else at + 1)
    return None


def _at_work(match: re.Match[str], text: str, *, lottery: bool) -> bool:
    """Whether a word of the lexicon is the object of police work or, in the report of a lottery of the state, its game."""
    known = signals()
    if lottery and known.state_lotteries.search(match.group()):
        return True
    return known.police.search(text, max(0, match.start() - _REACH), match.end() + _REACH) is not None


def replaced_name(text: str, *, stuffed_with: str | None = None) -> tuple[str, int] | None:
    """A phrase that stands where the name of a place belongs (`…人民政府`) and is none, with its count; `None` when there is none.

    It has digits or Latin letters or words of the lexicon, as names of places never have. In a text that is stuffed with such words, names
    of other organs and titles are looked at too (`…政务公开办`, `…2021年政府信息公开`).
    """
    phrases: dict[str, list[str]] = {}
    for place in (signals().behind_names if stuffed_with else _GOVERNMENT).finditer(text, 0, LONGEST):
        # All that stands there without a break: at least two characters.
        phrase = _BREAK.split(text[max(0, place.start() - 20) : place.start()])[-1]
        if len(phrase) < 2 or _PLACE_END.search(phrase) or _FUNCTION_END.search(phrase):
            continue
        phrases.setdefault(phrase[-_PHRASE_TAIL:], []).append(phrase)
    for alike in sorted(phrases.values(), key=len, reverse=True)[:_MOST_PHRASES]:
        if len(alike) < signals().replaced_at_least:
            break
        common = _common_end(alike)
        if _FOREIGN.search(common) or stuffed(common):
            return common, len(alike)
    return None


def _common_end(phrases: list[str]) -> str:
    shortest = min(phrases, key=len)
    length = next((n for n in range(len(shortest), 0, -1) if all(phrase.endswith(shortest[-n:]) for phrase in phrases)), 0)
    return shortest[len(shortest) - length :]


def _names_of_organs(reading: Reading) -> list[str]:
    """What the page calls its own place outside its text: meta tags, source, publisher."""
    meta = reading.document.meta
    named = (meta_value(meta, "site_name"), reading.report.source, reading.report.publisher)
    matches = (_ORGAN_OF_PLACE.match(name) for name in (*named, reading.page.context.portal_name) if name)
    return [match["place"] for match in matches if match]


def _places(reading: Reading) -> list[Place]:
    """The places that the site's numbers, the register and the text speak of, each with its province and city."""
    report, context = reading.report, reading.page.context
    codes = [number.region for number in site_numbers(reading.document, report.site_code) if number.kind != "icp"]
    found = (place_of_code(code, report.report_year) for code in dict.fromkeys((*codes, context.adcode, report.adcode)) if code)
    return [step for place in found if place for step in (place, *reversed(parents(place)))]


def original_words(reading: Reading, phrase: str, text: str) -> str | None:
    """The name of the place that a phrase was put for, as far as the page gives it away.

    Who replaces a name replaces it everywhere in the report: a name that still stands in it was not replaced.
    """
    body = "\n".join([line.clean for line in reading.document.body_lines])
    places = _places(reading)
    if f"{phrase}{_PROVINCE_OFFICE}" in text:
        provinces = dict.fromkeys(place.name for place in places if place.level == "province" and place.name not in body)
        return next(iter(provinces)) if len(provinces) == 1 else None
    names = [name for name in _names_of_organs(reading) if name not in body and phrase not in name]
    own = [place.name for place in places if place.name not in body]
    return next(iter((*names, *own)), None)


def replacement_finding(phrase: str, original: str | None, text: str) -> Finding:
    """The remark that a phrase of the text stands where other words belong: those of the original, where they are known."""
    return finding("words_replaced", phrase=phrase, count=text.lower().count(phrase.lower()), original=original or _UNKNOWN)
