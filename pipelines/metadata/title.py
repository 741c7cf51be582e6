"""The title: of the candidates that a page has, the one that names the report best."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipelines.decode.document import Document, Line
from pipelines.decode.script import GBK_BLANK, clean, mainland, simplified, simplify, unescaped, without_invisible
from pipelines.decode.sections import NUMBER
from pipelines.labels import field_of, is_marked, labels, meta_value
from pipelines.metadata.header import Pair, first_value
from pipelines.metadata.wording import YEAR, is_sentence, kind_of_organ, squeezed
from pipelines.titles import is_column_name, speaks_of_report

# Title lines are looked for this far above the border between head and body, and this far below it.
ABOVE, BELOW = 60, 12
LONGEST = 90
# With markup and escapes a title is longer than it looks.
LONGEST_RAW = 1000
_HEADINGS = frozenset({"h1", "h2", "h3"})
_YEAR = re.compile(YEAR)
_SUBJECT = re.compile(rf"{YEAR}|政府信息|信息公开|政务公开")
_NO_TITLE = re.compile(
    r"(?:当前|您?(?:现在|当前)?的?所?在?位置|首页|附件|根据|按照|依据|依照|现将|现就|为了?|本报告|[上下]一[篇条]|相关|主办|承办|版权|网站)"
    rf"|{NUMBER}"
)
_NO_TITLE_ENDS = ("指南", "统计表", "情况表")
_ENDS = re.compile(r"(?:报告|年报|总结|公告|公示|公布|情况)(?:[(〔【].{1,24}[)〕】])?$")
_NOTICE_END = re.compile(r"的(?:通知|公告|函|意见|请示|批复)$")
_BRACKET_LINE = re.compile(r"[(].{0,8}\d{4}年?度?[^月]{0,6}[)]")
_BEFORE_TITLE = re.compile(rf"(?:{YEAR}年?度?|关于.{{0,20}}|.{{0,24}}(?:信息公开(?:工作)?(?:年度)?|政府信息))$")
# A title of which so many characters are lost in a row says nothing.
_LOST = re.compile("[?\ufffd锟](?:(?<!锟)[?\ufffd]{2}|(?<=锟)斤拷)")
_SITE_BREAK = re.compile(r"\s*[_|»>–—]+\s*|\s+-+\s*|(?<=[^\d\s])-+(?=[^\d\s])")
_SITE_MARK = re.compile("[-_|»>–—]")
_SITE = re.compile(r"(?:网站?|信息公开|平台|人民政府|首页|年报|年度报告|详情页?|内容页?|文章)$")
# A heading of so many characters that names a year is no column's.
_OWN_HEADING = re.compile(rf"{YEAR}年?.{{4}}")
# What stands before and behind a title and is none of it: bullets, numbers of a list, tags, dates and marks of a list's row, file endings.
_TAG = re.compile(r"<[^<>]{0,80}>")
_BEFORE = re.compile(
    r"(?:[·•●◆■★☆▪►>»\s-]+|(?:标题|名称|题名|信息名称)\s*[:：]?\s*(?=.{6})|【(?:年报|公告|公示|公开|政务公开|信息公开|通知)】|附件?\s?\d{0,2}\s?[:：]"
    r"|[^\s〔〕\[\]()]{1,12}[〔\[(](?:19|20)\d\d[〕\])]\s?\d{1,4}\s?[号號]\s*(?:(?:签发人|簽發人)\s*[:：]\s*[\u4e00-\u9fff]{2,3}(?=\s|\d|关于))?\s*(?=.{8})"
    r"|\d{1,2}\s?[、.](?=\D)|[^|_]{2,20}(?:网站?|门户|平台|在线)\s*[-_|—–>·]+\s*(?=.{8}))"
)
_BEHIND = re.compile(
    r"\s*(?:【[^【】]{0,12}】|[\[(（](?:图|组图|附图|全文|打印|关闭|字体|原创|转载|热|新)[^\])）]{0,8}[\])）]|(?i:new!?|hot!?)"
    r"|[\[(（【]?(?:19|20)\d\d(?:-\d{1,2}-|/\d{1,2}/|\.\d{1,2}\.|年\d{1,2}月)\d{1,2}日?[\])）】]?"
    r"|\.(?:pdf|docx?|wps|xlsx?|et|ofd|html?|shtml|jpe?g|png|zip|rar))\s*$"
)
# What any of these ends with.
_BEHIND_END = re.compile(r"[\x21-\x7e\d日）】]")


@dataclass(slots=True)
class Title:
    """A title, clean and as printed. `line` is the index of its first line in the document, -1 when it stands in no line."""

    text: str
    raw: str
    line: int = -1


# What is annexed may be last year's report.
_ANNEXED = re.compile(r"附件?\s?\d{0,2}\s?:")


@dataclass(slots=True)
class _Candidate:
    title: Title
    rank: float


def _prefix(text: str) -> str:
    """What stands before the year or 政府信息公开: the organ or the place."""
    return _SUBJECT.split(text, maxsplit=1)[0].removeprefix("关于")


# Most pages have their title in several places.
@lru_cache(maxsize=4)
def _worth(text: str) -> float:
    """How well a text names a report: what it is, which year, whose."""
    return (
        10 * speaks_of_report(text)
        + 3 * (_YEAR.search(text) is not None)
        + 2 * (len(_prefix(text)) >= 2)
        - 4 * is_column_name(text)
        - 3 * (_ANNEXED.match(text) is not None)
        + 1 * (_ENDS.search(text) is not None)
    )


def _can_be_title(line: Line) -> bool:
    """Whether a line has the look of a title or of a part of one."""
    if line.linked * 2 > len(line.raw):
        return False
    text = _clean_text(line)
    text = _TAG.sub("", text) if "<" in text else text
    if not 2 <= len(text) <= LONGEST:
        return False
    if line.cells is not None and sum(bool(cell.clean) for cell in line.cells) != 1:
        return False
    if is_sentence(text) or _NO_TITLE.match(text) or ">" in text or "»" in text or text.endswith(_NO_TITLE_ENDS):
        return False
    return not ((is_marked(text) and labels().pattern.search(text)) or field_of(text))


def _clean_text(line: Line) -> str:
    # Flattened cells end in a bar.
    return line.clean.rstrip(" |") if line.cells is None else next((cell.clean for cell in line.cells if cell.clean), "")


def _raw_text(line: Line) -> str:
    return line.raw.rstrip(" |") if line.cells is None else next((cell.raw for cell in line.cells if cell.clean), "")


def _joined(document: Document, start: int, length: int) -> Title:
    lines = document.lines[start : start + length]
    return Title(squeezed(simplified(" ".join(map(_clean_text, lines)))), " ".join(map(_raw_text, lines)), start)


def _goes_on(before: str, after: str) -> bool:
    """Whether a title that is broken over two lines goes on from the first to the second."""
    if _NOTICE_END.search(after) and before.startswith("关于"):
        return True
    if _ENDS.search(before):
        return _BRACKET_LINE.fullmatch(after) is not None
    if not (_ENDS.search(after) or _BEFORE_TITLE.search(after)):
        return False
    if _YEAR.search(after) and len(_prefix(after)) >= 2 and not _YEAR.search(before):
        # Whose and of which year is all there: what stands above is a menu's.
        return False
    # An organ's name is followed by what the report is, not by another name: the first one was the portal's.
    return _BEFORE_TITLE.search(before) is not None or (kind_of_organ(before) is not None and len(_prefix(after)) < 2)


def _same_block(line: Line, below: Line) -> bool:
    """Whether two lines can be one title: a heading is not continued by a paragraph."""
    return line.tag not in _HEADINGS or below.tag in _HEADINGS


def _lines(document: Document) -> Iterator[_Candidate]:
    """Title-like lines around the border between head and body, joined where they are broken."""
    lines = document.lines
    first, last = max(0, document.body.start - ABOVE), min(len(lines), document.body.start + BELOW)
    number = first
    while number < last:
        line = lines[number]
        length = 1
        if not _can_be_title(line):
            number += 1
            continue
        while (
            length < 4
            and number + length < len(lines)
            and _same_block(line, lines[number + length])
            and _can_be_title(lines[number + length])
            and _goes_on(squeezed(_joined(document, number, length).text), squeezed(_clean_text(lines[number + length])))
        ):
            length += 1
        title = _joined(document, number, length)
        heading = line.tag in _HEADINGS
        if speaks_of_report(title.text) and _ENDS.search(title.text) and len(title.text) <= LONGEST:
            near = 1 - abs(number - document.body.start) / 100
            yield _Candidate(title, 0.9 if heading else 0.5 * near)
        elif (
            heading and line.tag == "h1" and len(title.text) >= 6 and (_SITE.search(title.text) is None or _OWN_HEADING.search(title.text))
        ):
            yield _Candidate(title, 0.9)
        number += length


def _made(raw: str, document: Document) -> Title:
    """A title of the page's head, which decoding leaves as printed."""
    return Title(squeezed(simplified(clean(raw, traditional=document.traditional))), raw)


def _head_title(document: Document, site_name: str | None) -> Title | None:
    """The `<title>` without the name of the site."""
    title = document.head_title[:500]
    parts = [_made(part, document) for part in (_SITE_BREAK.split(title) if _SITE_MARK.search(title) else [title]) if part]
    report = next((part for part in parts if speaks_of_report(part.text) and not is_column_name(part.text)), None)
    if report is not None:
        return report
    return next((part for part in parts if part.raw != site_name and not _SITE.search(part.text) and len(part.text) >= 6), None)


def _candidates(document: Document, pairs: Sequence[Pair]) -> Iterator[_Candidate]:
    yield from _lines(document)
    tagged = meta_value(document.meta, "title")
    if tagged and len(tagged) <= 2 * LONGEST:
        yield _Candidate(_made(tagged, document), 0.8)
    named = first_value(pairs, "title")
    if named and named.value:
        yield _Candidate(Title(squeezed(named.value), named.raw or named.value, named.line), 0.7)
    if (headed := _head_title(document, meta_value(document.meta, "site_name"))) is not None:
        yield _Candidate(headed, 0.3)


def read_title(document: Document, pairs: Sequence[Pair]) -> Title | None:
    """The page's title, simplified and without white space between Chinese characters; `None` when the page has none.

    Sources: headings, meta ArticleTitle, the header's 名称, a title-like line (joined when it is broken), `<title>` without the site.
    """
    candidates = [found for found in _candidates(document, pairs) if not _LOST.search(found.title.text)]
    best = max(candidates, key=lambda found: _worth(found.title.text) + found.rank, default=None)
    if best is None:
        return None
    text = trimmed(best.title.text)
    return Title(text, best.title.raw, best.title.line) if text else None


def trimmed(title: str) -> str:
    """A title without what lists and templates put before and behind it."""
    text = squeezed(_TAG.sub("", title) if "<" in title else title)
    # Several may stand there: a bullet and a number, a mark and a date.
    for _ in range(3):
        if (before := _BEFORE.match(text)) is None:
            break
        text = text[before.end() :].strip()
    for _ in range(3):
        if _BEHIND_END.match(text[-1:]) is None or (behind := _BEHIND.search(text)) is None:
            break
        text = text[: behind.start()].strip()
    return text


def printed(title: Title, *, traditional: bool) -> str:
    """The title in simplified Chinese with the punctuation that is printed (full-width brackets stay), unless it had to be mended."""
    if title.raw == title.text:
        return title.text
    shown = trimmed(unescaped(without_invisible(unicodedata.normalize("NFC", title.raw[:LONGEST_RAW].replace(GBK_BLANK, " ")))))
    shown = mainland(simplify(shown)) if traditional else simplified(shown)
    return shown if squeezed(clean(shown, traditional=False)) == title.text else title.text
