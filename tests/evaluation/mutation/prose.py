"""Mutations of reports that state their figures in sentences: how digits, marks and paragraphs are set, and what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from tests.evaluation.mutation.markup import DROPPED, content, remove
from tests.evaluation.mutation.pages import HtmlPage, mutation
from tests.evaluation.mutation.table_style import WIDE

UNITS = "条|件|次|篇|个|人|元|万元|余"
COUNTED = re.compile(rf"(?<![\d.,，])\d+(?=(?:{UNITS}))")
LARGE = re.compile(rf"(?<![\d.,，])\d{{4,9}}(?=(?:{UNITS}))")
ASCII_MARKS = str.maketrans("，；：（）", ",;:()")
CHINESE_MARKS = str.maketrans(",;:()", "，；：（）")
# Between digits a mark is a part of a number or of a time.
MARK = re.compile(r"(?<!\d)[,;:()]|[,;:()](?!\d)")
BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])")
SMALL = dict(enumerate("零一二三四五六七八九十"))


def _pieces(page: HtmlPage) -> Iterator[tuple[etree._Element, bool]]:
    """The pieces of text of the page's body: an element, and whether it is the text behind it."""
    body = page.root.find("body")
    for element in (page.root if body is None else body).iter():
        if element.tag in DROPPED or any(parent.tag in DROPPED for parent in element.iterancestors()):
            continue
        if element.text and element.text.strip():
            yield element, False
        if element.tail and element.tail.strip():
            yield element, True


def _rewrite(page: HtmlPage, how: Callable[[str], str]) -> bool:
    """Rewrites all text of the body; whether anything changed."""
    changed = False
    for element, tail in list(_pieces(page)):
        old = (element.tail if tail else element.text) or ""
        new = how(old)
        changed |= new != old
        if tail:
            element.tail = new
        else:
            element.text = new
    return changed


def _paragraphs(page: HtmlPage) -> list[etree._Element]:
    """The paragraphs that state figures, with no markup inside them."""
    said = {figure.raw for figure in page.source.right.values()}
    return [p for p in page.root.iter("p") if not len(p) and any(raw in content(p) for raw in said)]


@mutation("prose")
def _full_width_digits(page: HtmlPage) -> bool:
    """All digits are full-width."""
    return _rewrite(page, lambda text: text.translate(WIDE))


@mutation("prose")
def _thousands_separators(page: HtmlPage) -> bool:
    """Numbers from a thousand on have separators, ASCII or Chinese ones."""
    comma = page.random.choice((",", "，"))
    return _rewrite(page, lambda text: LARGE.sub(lambda match: f"{int(match.group()):,}".replace(",", comma), text))


@mutation("prose")
def _blanks_around_numbers(page: HtmlPage) -> bool:
    """Blanks stand around the numbers."""
    blank = page.random.choice((" ", "\u00a0", "\u3000"))
    return _rewrite(page, lambda text: COUNTED.sub(lambda match: f"{blank}{match.group()}{blank}", text))


@mutation("prose")
def _blanks_between_characters(page: HtmlPage) -> bool:
    """Blanks stand between characters here and there, never inside a number."""
    return _rewrite(page, lambda text: BETWEEN.sub(lambda _: " " if page.random.random() < 0.1 else "", text))


@mutation("prose")
def _ascii_marks(page: HtmlPage) -> bool:
    """Commas, semicolons, colons and brackets are ASCII."""
    return _rewrite(page, lambda text: text.translate(ASCII_MARKS))


@mutation("prose")
def _chinese_marks(page: HtmlPage) -> bool:
    """Commas, semicolons, colons and brackets are Chinese ones, but for those inside numbers."""
    return _rewrite(page, lambda text: MARK.sub(lambda match: match.group().translate(CHINESE_MARKS), text))


@mutation("prose")
def _digits_over_spans(page: HtmlPage) -> bool:
    """Words and numbers are split over spans, as Word leaves them."""
    changed = False
    for paragraph in _paragraphs(page):
        text, paragraph.text = paragraph.text or "", None
        start = 0
        while start < len(text):
            length = page.random.randrange(1, 12)
            etree.SubElement(paragraph, page.random.choice(("span", "font", "b"))).text = text[start : start + length]
            start += length
        changed = True
    return changed


@mutation("prose")
def _one_paragraph(page: HtmlPage) -> bool:
    """Paragraphs that follow each other are one, with line breaks between them or nothing at all."""
    breaks = page.random.random() < 0.5
    changed = False
    for paragraph in list(page.root.iter("p")):
        before = paragraph.getprevious()
        if before is None or before.tag != "p" or len(paragraph) or not content(before).endswith(("。", "！")):
            continue
        text = (paragraph.text or "").strip()
        if breaks:
            etree.SubElement(before, "br").tail = text
        elif len(before):
            before[-1].tail = (before[-1].tail or "") + text
        else:
            before.text = (before.text or "") + text
        remove(paragraph)
        changed = True
    return changed


@mutation("prose")
def _a_paragraph_for_each_sentence(page: HtmlPage) -> bool:
    """Each sentence is a paragraph."""
    changed = False
    for paragraph in _paragraphs(page):
        sentences = re.findall(r"[^。]+。?", paragraph.text or "")
        for sentence in sentences[:0:-1]:
            other = etree.Element("p")
            other.text = sentence
            paragraph.addnext(other)
            changed = True
        paragraph.text = sentences[0]
    return changed


def _say(page: HtmlPage, sentence: str) -> bool:
    """Adds a sentence to a paragraph that states figures, in front or behind."""
    paragraph = page.choose(p for p in _paragraphs(page) if content(p).endswith("。") and len(content(p)) > 30)
    if paragraph is None:
        return False
    text = (paragraph.text or "").strip()
    paragraph.text = f"{text}{sentence}"
    return True


@mutation("prose")
def _another_year(page: HtmlPage) -> bool:
    """A sentence tells the figures of the year before: nothing changes."""
    year = page.source.case.expected.get("report_year")
    if year is None:
        return False
    first, second = page.random.sample(range(2, 9000), 2)
    said = (
        f"{year - 1}年，主动公开政府信息{first}条，收到政府信息公开申请{second}件。",
        f"上年度共受理依申请公开{second}件，通过政府网站公开信息{first}条。",
        f"而在{year - 1}年，全年举办新闻发布会{second}次，发布政策解读材料{first}篇。",
    )
    return _say(page, page.random.choice(said))


@mutation("prose")
def _another_body(page: HtmlPage) -> bool:
    """A sentence tells the figures of one part of the body: nothing changes."""
    publisher = str(page.source.case.expected.get("publisher") or "")
    names = [name for name in ("县水利局", "市林业和草原局", "区残疾人联合会", "文化馆") if name[-3:-1] not in publisher]
    if not publisher or "局" in publisher:
        return False
    first, second = page.random.sample(range(2, 9000), 2)
    return _say(page, f"其中，{page.random.choice(names)}主动公开政府信息{first}条，受理依申请公开{second}件。")


@mutation("prose")
def _a_plan(page: HtmlPage) -> bool:
    """A sentence tells what is planned or demanded: nothing changes."""
    number = page.random.randrange(2, 9000)
    said = (
        f"下一步，力争全年主动公开政府信息{number}条以上。",
        f"按照要求，政府网站每年应公开信息不少于{number}条。",
        f"计划举办新闻发布会{number}次。",
    )
    return _say(page, page.random.choice(said))


@mutation("prose")
def _percentages(page: HtmlPage) -> bool:
    """A sentence tells shares and growth: nothing changes."""
    number = page.random.randrange(2, 99)
    said = (f"主动公开政府信息同比增长{number}%。", f"受理申请数比上年减少{number}件。", f"答复率达{number}.5%，办结率{number}%。")
    return _say(page, page.random.choice(said))


def _once(page: HtmlPage) -> list[tuple[str, etree._Element]]:
    """The figures whose number is printed once on the page, each with its paragraph."""
    body = content(page.root)
    found = []
    for key, figure in page.source.right.items():
        digits = str(figure.value)
        if figure.status == "number" and len(re.findall(rf"(?<!\d){digits}(?!\d)", body)) == 1 and figure.value:
            place = next((p for p in _paragraphs(page) if figure.raw in content(p) and digits in content(p)), None)
            if place is not None:
                found.append((key, place))
    return found


@mutation("prose")
def _another_number(page: HtmlPage) -> bool:
    """A number is another one: what is printed counts."""
    choice = page.choose(_once(page))
    if choice is None:
        return False
    key, paragraph = choice
    value = page.figure(key).value
    old = str(value)
    new = page.random.randrange(3000, 90_000)
    paragraph.text = re.sub(rf"(?<!\d){re.escape(old)}(?!\d)", str(new), paragraph.text or "")
    page.becomes(key, new, str(new))
    # One number can be two figures (收到申请7件, 均已办结).
    for other, figure in page.source.right.items():
        if other != key and figure.value == value:
            page.forget(other)
    return True


@mutation("prose")
def _drop_sentence(page: HtmlPage) -> bool:
    """A sentence is not there: the figures that nothing else states are gone."""
    choice = page.choose(_once(page))
    if choice is None:
        return False
    key, paragraph = choice
    raw = page.figure(key).raw
    paragraph.text = (paragraph.text or "").replace(raw, "", 1)
    left = content(page.root)
    for other, figure in page.source.right.items():
        if figure.raw == raw:
            digits = str(figure.value)
            if figure.value and not re.search(rf"(?<!\d){digits}(?!\d)", left):
                page.gone([other])
            else:
                page.forget(other)
    return True


@mutation("prose")
def _chinese_numerals(page: HtmlPage) -> bool:
    """Numbers up to ten are written in Chinese numerals."""
    small = re.compile(r"(?<![\d.,，%])(?:10|[1-9])(?=[条件次篇])")
    return _rewrite(page, lambda text: small.sub(lambda match: SMALL[int(match.group())], text))
