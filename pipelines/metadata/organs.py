"""Where a page names the organ whose report it is: header, table caption, signature, title, footer, opening sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipelines.decode.document import Document
from pipelines.decode.script import simplified, without_invisible
from pipelines.labels import meta_value
from pipelines.metadata.dates import ReadDate, dates_in
from pipelines.metadata.header import Pair, first_value
from pipelines.metadata.wording import YEAR, ZEROS, is_nobody, kind_of_organ, squeezed

LONGEST = 40
# Stands for a header that names several organs.
NOBODY = "其他"
# An organ names itself in the first sentences of its report.
OPENING_LINES = 8
_DATE_LINE = re.compile(rf"^\(?\s*(?P<date>(?:\d{{4}}|[{ZEROS}一二三四五六七八九]{{4}})\s*[年./-][^,。;:]{{3,12}})\)?$")
_SIGNED_IN_ONE = re.compile(r"^(?P<organ>[^\d,。:;]{4,40}?)\s*(?P<date>\d{4}年\s?\d{1,2}月\s?\d{1,2}日)$")
_FILLED = re.compile(r"(?:填[报表]|报送|编制)(?:单位|机关|部门)(?:\s*\((?:盖章|章|公章|签章|名称)\))?\s*:\s*(?P<organ>[^\s:|,。]{3,40})")
_FILLED_DATE = re.compile(r"填[报表](?:日期|时间)\s*:?\s*(?P<date>[^\s|].{5,20})")
_HOST = re.compile(r"主办(?:单位)?\s*:\s*(?P<organ>[^\s:|,。]{3,30}?)(?=\s|承办|协办|维护|技术|$|\|)")
_TITLE_ORGAN = re.compile(
    rf"^(?:关于)?(?:公布|发布|印发|转发)?《?(?:{YEAR}(?:[-—至](?={YEAR}))?(?:年?度?|学年度?))*(?P<organ>.*?)(?:关于|公布|发布|编制|的)?"
    rf"(?:{YEAR}|(?<!人民)(?<!人民\s)政府信息|政务(?:信息)?公开(?!办|领导)|信息公开(?!办|领导)|信息公示|年度报告|年报)"
)
_TITLE_BRACKET = re.compile(r"[(〔【](?P<organ>[^()〔〕【】]{2,24})[)〕】]$")
_ANNEX = re.compile(r"附件\s*\d?\s*[:.、]?\s*")
_ANNOUNCING = re.compile(rf"现[将就把对](?P<organ>[^,。;:《》0-9]{{2,25}}?)(?:{YEAR})年")
_COMPILING = re.compile(
    r"由(?P<organ>[^,。;:、《》0-9]{3,30}?)(?:\(以下简称[^()]{0,40}\))?(?:负责)?"
    r"(?:编制|编写|公布|发布|(?:根据|按照|依据|依照|综合|汇总)[^。]{0,300}?(?:编制|编写)而?成)"
)
# `现公布2012年凤安镇政府信息公开工作年度报告`: a title within a sentence.
_WITHIN = re.compile(
    r"(?:[现特][^,。;:《》]{0,8}(?:公布|公开|发布)|编写|编制(?!的))(?P<title>[^,。;:《》]{4,50}?(?:年度报告|年报|工作报告))"
)
# `2024年,镶黄旗按照…推进…`: who is spoken of first; 我县, 县政府 name nobody.
_SPEAKING = re.compile(
    rf"^{YEAR}年度?,?(?:在[^,。]{{2,40}}领导下,)?(?P<organ>(?![我本全各该在省市县区旗州])[^,。;:、《》0-9]{{3,25}}?)"
    r"(?:坚持|认真|深入|全面|紧紧|始终|严格|高度重视|积极|切实|扎实|按照|根据|以习近平)"
)
# `如有疑问,请与县林业局办公室联系(地址:…)`
_CONTACT = re.compile(r"请(?:与|联系|同|和|致电)\s*:?(?P<organ>[^,。;:、《》()0-9]{3,30}?)(?:联系|[(,:。]|$)")
# `全县公安机关` are no county.
_OWN = re.compile(
    r"[我本全](?P<word>自治[区州县旗]|[县市区州省旗盟局委厅镇乡院所]|街道|中心|办事处|办公室|办(?![理公]))"
    r"(?!域|场|长|直|[^,。;\n]{0,6}(?:系统|公安机关))"
)
# Formulas, markup and labels are no part of a name.
_NO_NAME = re.compile(r"[A-Za-z]{2}|[=@#!<>{}:;|]")
_IN_BRACKETS = re.compile(r"[(\[【](.*)[)\]】]")
# What stands behind an organ in the header's cell, and the path of a content system before it.
_DATED = re.compile(r"\s*(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}.*$")
_SITE_END = re.compile(r"(?:门户|官方|政务)?网站?$")
_PATH = re.compile(r"[^/>]*[/>]")
_BETWEEN = re.compile(r"[、,;\s]+|(?<=委)(?=.{0,4}(?:人民)?政府)")
# The group of an organ that compiles its report stands for the organ.
_GROUP = re.compile(
    r"(?<=.{3})(?:(?<!人民)政府信息|政务|信息)公开(?:工作)?(?:领导小组)(?:办公室)?$|(?<=人民政府)信息公开(?:工作)?办(?:公室)?$"
)
# An office within a bureau stands for the bureau.
_INNER_OFFICE = re.compile(r"(?<=.[\u4e00-\u9fff][局厅])[^局厅,。]{0,6}办公室$")
_BRACKET_END = re.compile(r"[(\[【][^)\]】]*[)\]】]?$")
GOVERNMENT_WORDS = frozenset("县市区州省旗盟") | {"自治区", "自治州", "自治县", "自治旗"}
TOWNSHIP_WORDS = frozenset({"镇", "乡", "街道", "办事处"})
DEPARTMENT_WORDS = frozenset({"局", "委", "厅", "院", "所", "中心"})
OFFICE_WORDS = frozenset({"办", "办公室"})


@dataclass(slots=True)
class Organ:
    """An organ's name as found: clean, and as printed."""

    name: str
    raw: str


@dataclass(slots=True)
class Organs:
    """The names found, by where they stand. `header` may be a filler such as 其他; `titled` and `announced` may be names of places."""

    header: Organ | None = None
    filled: Organ | None = None
    signed: Organ | None = None
    titled: Organ | None = None
    host: Organ | None = None
    announced: Organ | None = None
    source: Organ | None = None
    site: Organ | None = None
    contact: Organ | None = None
    signed_date: ReadDate | None = None
    filled_date: ReadDate | None = None


def _cleaned(name: str) -> str:
    """A name without white space, brackets behind it, quotes around it."""
    name = squeezed(name).strip("《》“”\"' :-—|")
    if (whole := _IN_BRACKETS.fullmatch(name)) is not None:
        name = whole[1]
    return _INNER_OFFICE.sub("", _GROUP.sub("", _BRACKET_END.sub("", name).strip()))


# A page names its organ in many places, and all pages of a portal name the same.
@lru_cache(maxsize=4096)
def _name(text: str) -> str | None:
    """The organ's name that a text is, `None` where it is none."""
    name = _cleaned(text)
    if not 2 <= len(name) <= LONGEST or _NO_NAME.search(name) or (kind_of_organ(name) is None and not is_nobody(name)):
        return None
    return name


def _organ(clean: str, raw: str | None = None) -> Organ | None:
    name = _name(clean)
    if name is None:
        return None
    shown = without_invisible(raw) if raw else clean
    return Organ(name, name if shown == clean else _cleaned(shown)[:LONGEST])


def _of_header(pair: Pair) -> Organ | None:
    """The organ in the header's cell; a list of several organs names nobody, and is kept as printed."""
    printed = _PATH.sub("", _DATED.sub("", simplified(pair.value or "")))
    name = _cleaned(printed)
    if kind_of_organ(_SITE_END.sub("", name)) in ("department", "township", "office"):
        name = _SITE_END.sub("", name)
    if _NO_NAME.search(name):
        return None
    if len([part for part in _BETWEEN.split(printed.strip()) if kind_of_organ(part) not in (None, "place")]) > 1:
        name = NOBODY
    return Organ(name, squeezed(pair.raw or pair.value or "")) if name else None


def organ_of_title(title: str | None) -> Organ | None:
    """The organ or place that a title names before the year or before 政府信息公开, else the organ in brackets at its end."""
    text = title or ""
    if (annexed := _ANNEX.match(text)) is not None:
        text = text[annexed.end() :]
    text = text.strip('《》“”"')
    match = _TITLE_ORGAN.match(text)
    named = _organ(match["organ"]) if match else None
    if named is None or kind_of_organ(named.name) in ("place", "government"):
        behind = _TITLE_BRACKET.search(text)
        own = _organ(behind["organ"]) if behind else None
        if own and kind_of_organ(own.name) not in (None, "place", "government"):
            return own
    return named


def _part(raw: str, clean: str, part: str) -> str:
    """A part of a clean line in the page's own wording, where the two have the same length."""
    start = clean.find(part)
    return raw[start : start + len(part)] if len(raw) == len(clean) and start >= 0 else part


def _read_signature(document: Document, organs: Organs) -> None:
    """The last organ in the body that stands alone before a line with a date only."""
    lines = [line for line in document.body_lines if line.cells is None and line.clean]
    for index in range(len(lines) - 1, 0, -1):
        line, before = lines[index], lines[index - 1]
        text = line.clean
        if len(text) > 60:
            continue
        if (
            text.endswith("日")
            and (match := _SIGNED_IN_ONE.match(text))
            and (organ := _organ(match["organ"], _part(line.raw, text, match["organ"])))
        ):
            organs.signed = organ
        elif len(text) <= 24 and (match := _DATE_LINE.match(text)) and len(before.clean) <= LONGEST:
            organs.signed = _organ(before.clean, before.raw)
        else:
            continue
        organs.signed_date = next(dates_in(match["date"]), None)
        if organs.signed_date is not None:
            return
    if organs.signed is None and lines and len(lines[-1].clean) <= LONGEST and not document.body_lines[-1].cells:
        # The last line of a short report is its organ, without a day; above a table it is a caption.
        organs.signed = _organ(lines[-1].clean, lines[-1].raw)


def _read_form(document: Document, organs: Organs) -> None:
    """填报单位 and 填报日期 of the table's caption and foot."""
    if "填" not in document.clean_text and "单位" not in document.clean_text:
        return
    for line in document.lines[document.body.start :]:
        text = line.clean
        if "填" not in text and "单位" not in text:
            continue
        if organs.filled is None and (match := _FILLED.search(text)):
            organs.filled = _organ(match["organ"], _part(line.raw, text, match["organ"]))
        if organs.filled_date is None and (match := _FILLED_DATE.search(text)):
            organs.filled_date = next(dates_in(match["date"]), None)


def _read_prose(document: Document, organs: Organs) -> None:
    """The organ or place of 现将…年度…报告如下, of 现公布…年度报告, of 由…编制, or of the first sentence."""
    opening = [line.clean for line in document.body_lines[:OPENING_LINES] if line.cells is None and len(line.clean) > 20]
    contacts = (_organ(match["organ"]) for text in opening if (match := _CONTACT.search(text)))
    organs.contact = next((organ for organ in contacts if organ and not is_nobody(organ.name)), None)
    for pattern in (_ANNOUNCING, _WITHIN, _COMPILING, _SPEAKING):
        for text in opening:
            if (match := pattern.search(text)) is None:
                continue
            organ = organ_of_title(match["title"]) if pattern is _WITHIN else _organ(match["organ"])
            if organ and not is_nobody(organ.name):
                organs.announced = organ
                return


def read_organs(document: Document, pairs: Sequence[Pair], title: str | None) -> Organs:
    """All names of organs that stand where a report names its publisher."""
    organs = Organs(titled=organ_of_title(title))
    if (pair := first_value(pairs, "publisher")) and pair.value and len(pair.value) <= LONGEST:
        organs.header = _of_header(pair)
    for _, line in document.lines_with("主办"):
        if match := _HOST.search(line.clean):
            organs.host = _organ(match["organ"])
            break
    if (pair := first_value(pairs, "source")) and pair.value:
        organs.source = _organ(pair.value, pair.raw)
    organs.site = _organ(_SITE_END.sub("", meta_value(document.meta, "site_name") or ""))
    if organs.site is None and organs.host and organs.host.name in document.head_title:
        # Who runs the site may be a bureau that runs it for all; the site's own name is in the page's.
        organs.site = organs.host
    _read_signature(document, organs)
    _read_form(document, organs)
    _read_prose(document, organs)
    return organs


class OwnWords:
    """How often a text speaks of itself as 我县, 全市, 我局, 我镇 …; counted only when asked, for most reports say whose they are."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter([match["word"] for match in _OWN.finditer("\n".join(self._lines))])

    def count(self, words: Collection[str]) -> int:
        """How often it uses one of these words after 我, 本 or 全."""
        return sum([count for word, count in self._counts.items() if word in words])
