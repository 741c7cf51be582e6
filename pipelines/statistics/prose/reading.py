"""The sentences of a report in order, and the figures of the record that come of what they state."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import cache, partial

from giar_crawler.items import Figure, Finding
from pipelines.decode.document import Document, Line
from pipelines.decode.script import clean
from pipelines.decode.sections import NUMBER, is_heading
from pipelines.findings import finding
from pipelines.statistics.forms import forms
from pipelines.statistics.prose.grammar import Paragraph
from pipelines.statistics.prose.lexicon import data
from pipelines.statistics.prose.memory import WAYS
from pipelines.statistics.prose.preparing import topics_of
from pipelines.statistics.prose.state import Setting, Stated
from pipelines.statistics.prose.wordless import names_a_figure

# A prose figure bears the code and the unit of its concept in this form, whatever the report's year.
CONCEPTS = "giar_2014"
SENTENCE = re.compile(r"[^。;；!！?？]+[。;；!！?？]?")
STOPS = "。;；!！?？"
# `收到申请8件.其中:当面申请2件;…`: a full stop of another script.
STOP = re.compile(r"[.．](?<=[\u4e00-\u9fff)）].)(?<![一二三四五六七八九十].)(?=\s?[\u4e00-\u9fff]|\s*$|[0-9]{1,2}[.．、][\u4e00-\u9fff])")
ENDS = re.compile("[。!！?？]")
# A sentence without a number and without a word for none states no figure; one with a word for all does where a total was told before.
# The number of a year, a month or a day is none of things. The first class alone is searched fast.
SAYS_A_FIGURE = re.compile(
    r"[0-9０-９零未没沒无無不一二两兩三四五六七八九十百](?<![0-9０-９](?=[0-9０-９年月日]))(?:(?<=[0-9０-９零未没沒无無])|(?<=不)(?:收|再收|存在|曾|涉及)|"
    r"(?<=[一二两兩三四五六七八九十百])[一二两兩三四五六七八九十百千零]{0,8}[余餘多]?[条條件次场場篇人名期宗起份个個例项項处處万萬元位家])"
)
SAYS_ALL = re.compile(r"均|全部|皆")
# `2015年,工作有序推进。收到申请5件` of a report for 2016: what a sentence states is of the year that the one before named.
YEAR = re.compile("年(?<=([12１２][0-9０-９]{3})年)")
MAY_STATE = re.compile(
    r"公开|申请|复议|诉讼|访谈|发布会|发布活动|解读|热点|舆情|关切|培训|会议|人员|专职|兼职|费|微博|微信|公众号|网站|公报|规范性文件|投诉|举报|"
    r"另行制作|补正|出版物|第三方|查阅|查询|机构|办结|答复|网络|网上|信函|当面|传真|维持|纠|其他|其它|同意|自然人|企业|结转|不存在|隐私|秘密|发布|经费|专项|发生|告知|许可|处罚|强制|本机关|本行政机关|职责|掌握|新收|未结|结案|审结"
)
# `无。` under a heading says of what.
NOTHING = re.compile(r"(?:本年度?|全年|[0-9]{4}年度?)?,?[均皆也亦暂尚]?(?:无|没有)(?:此[类项]?(?:情[况形]|事项|现象))?")
LONGEST_NOTHING = 14
NUMBERING = re.compile(rf"(?:{NUMBER}|[一二三四五六七八九十]{{1,2}}是|[-—·•●◆■★*]+)\s*")
# `(二)依申请公开情况。2018年…`: the heading of a paragraph of its own.
RUN_IN = re.compile(r"^(?P<heading>[^,。:;0-9]{2,32})[。:](?=.)")
# Without a number before it a heading says that it is one, or is short: `依申请公开:2020年…`.
SAYS_SO = re.compile("情况|方面[。:]$")
NAMES_A_PART = re.compile(f"{SAYS_SO.pattern}|^.{{2,10}}:$")
# All that a short one is believed to be about: `投诉举报:4982件` tells of complaints of every kind.
PLAIN = frozenset({"proactive", "requests", "fees"})
LONGEST_HEADING = 40
# No sentence of a report is longer; a page without punctuation is not searched as one.
LONGEST = 2_000
# No report has more sentences that state figures; those behind are not read.
MOST_SENTENCES = 2_000
CERTAIN = 0.95
WEAK = 0.8
APPROXIMATE = 0.7


# `18 765条` is one number, `257 63 22` are three.
THOUSANDS = re.compile(r"(?<![0-9.] )(?<![0-9.])[0-9]{1,3}(?: [0-9]{3})+(?= ?[\u4e00-\u9fff])")
# `【主动公开】2021年公开信息286条`
BOXED = re.compile(r"^\s*【([^】]{2,16})】")
PARTED = re.compile(r"(?<=[0-9])\s+(?=[0-9])")


def compact(text: str, *, traditional: bool) -> str:
    """The text clean and without blanks; numbers that a blank parts stay apart."""
    folded = clean(text, traditional=traditional)
    if "【" in folded:
        folded = BOXED.sub(r"\1:", folded)
    words = folded.split()
    if len(words) > 1 and PARTED.search(folded):
        words = PARTED.sub("§", THOUSANDS.sub(lambda match: match.group().replace(" ", ""), folded)).split()
    return "".join(words)


def _without_number(text: str) -> str:
    """The text without the number of a section or of a list in front of it."""
    match = NUMBERING.match(text)
    return text[match.end() :] if match else text


@dataclass(slots=True)
class Place:
    """Where a number is stated: the sentence as printed and where it begins in the text."""

    raw: str
    start: int


@cache
def units() -> dict[str, str | None]:
    """The unit of every figure of all forms, by its name in one word; those of the concepts win."""
    cells = [cell for form in forms().values() for table in form.tables for cell in table.cells.values()]
    own = [cell for table in forms()[CONCEPTS].tables for cell in table.cells.values()]
    return {cell.name: cell.unit for cell in (*cells, *own)}


def _statements(document: Document, report_year: int | None, publisher: str | None) -> Iterator[tuple[Stated, Place]]:
    section: frozenset[str] = frozenset()
    topics = section
    above = ""
    before: Paragraph | None = None
    budget = iter(range(MOST_SENTENCES))
    for line in document.body_lines:
        if line.cells is not None or line.table is not None:
            continue
        if is_heading(line):
            section = topics = topics_of(line.clean)
            before = None
        elif (
            len(line.clean) <= LONGEST_HEADING
            and (number := NUMBERING.match(line.clean))
            and not SAYS_A_FIGURE.search(line.clean, number.end())
        ):
            topics = topics_of(line.clean) or section
            before = None
        if SAYS_A_FIGURE.search(line.raw) and topics != {"plan"}:
            before = yield from _paragraph(line, above, document.traditional, Setting(report_year, publisher, topics), (before, budget))
        above = line.clean if len(line.clean) <= LONGEST_HEADING else ""


def _paragraph(
    line: Line, above: str, traditional: bool, setting: Setting, going: tuple[Paragraph | None, Iterator[int]]
) -> Generator[tuple[Stated, Place], None, Paragraph | None]:
    """The statements of a line with their places; returns it for the paragraph that follows under the same heading.

    `going` is the paragraph before it, and one number for each sentence that may yet be read.
    """
    before, budget = going
    paragraph: Paragraph | None = None
    soft = False
    whole_line = STOP.sub("。", line.raw) if "." in line.raw or "．" in line.raw else line.raw
    for match in SENTENCE.finditer(whole_line):
        raw = match.group()
        continues, soft = soft, raw[-1] in ";；"
        if len(raw) > LONGEST:
            continue
        whole = ""
        if paragraph is None:
            whole = compact(raw, traditional=traditional)
            text = _without_number(whole)
            heading = RUN_IN.match(text + " ")
            numbered = len(text) < len(whole)
            topics = topics_of(heading["heading"]) if heading and (numbered or NAMES_A_PART.search(heading.group())) else frozenset[str]()
            if topics == {"plan"}:
                return None
            if heading and not numbered and not SAYS_SO.search(heading.group()):
                topics &= PLAIN
            paragraph = Paragraph(Setting(setting.report_year, setting.publisher, topics or setting.topics), said=line.clean[:LONGEST])
            matter = heading is not None and numbered and data()["matters"].search(heading["heading"])
            if before is not None and not topics and not matter:
                paragraph.follow(before, text)
            if above and len(text) <= LONGEST_HEADING:
                paragraph.heading = _without_number("".join(above.split()))
        if not SAYS_A_FIGURE.search(raw) and not _leads_on(raw, paragraph):
            continue
        text = _without_number((whole or compact(raw, traditional=traditional)).rstrip(STOPS))
        of_heading = len(text) <= LONGEST_NOTHING and NOTHING.fullmatch(text) and names_a_figure(paragraph.heading)
        if not of_heading and not MAY_STATE.search(text):
            continue
        if next(budget, None) is None:
            break
        ahead = partial(_ahead, whole_line, match.end(), traditional=traditional) if soft else str
        for stated in paragraph.read(text, continues=continues, ahead=ahead):
            yield stated, Place(raw.rstrip(STOPS), line.start + match.start())
    return paragraph


def _leads_on(raw: str, paragraph: Paragraph) -> bool:
    """Whether a sentence without a figure is read all the same: it says something of all of a total, or leads to another year or back."""
    state = paragraph.state
    if state.total is not None and SAYS_ALL.search(raw):
        return True
    years = YEAR.findall(raw)
    return bool(years) and (state.other_time or state.other_year or not {str(paragraph.setting.report_year)}.issuperset(years))


def _ahead(text: str, begin: int, *, traditional: bool) -> str:
    """What stands between the semicolon at the end of a piece of a sentence and the sentence's own end."""
    end = ENDS.search(text, begin)
    return compact(text[begin : end.start() if end else begin + LONGEST], traditional=traditional)


def read_prose(document: Document, report_year: int | None, publisher: str | None) -> tuple[list[Figure], list[Finding]]:
    """The figures stated in the report's sentences, one per indicator, and findings on what is rough or contradicts itself."""
    found: dict[str, list[tuple[Stated, Place]]] = defaultdict(list)
    for stated, place in list(_statements(document, report_year, publisher)):
        if stated.withdrawn:
            continue
        found[stated.indicator].append((stated, place))
    figures: list[Figure] = []
    findings: list[Finding] = []
    ways = sum(any(stated.value for stated, _ in found[way]) for way in WAYS if way in found)
    for indicator in list(found):
        # `收到网上申请2件` tells of all requests only where nothing else does.
        plain = [one for one in found[indicator] if not one[0].sole]
        if len(plain) < len(found[indicator]) and (plain or ways > 1):
            found[indicator] = plain
            if not plain:
                del found[indicator]
    for indicator, statements in found.items():
        chosen = _chosen(statements)
        if chosen is None:
            values = ", ".join(sorted({str(stated.value) for stated, _ in statements}))
            findings.append(finding("prose_ambiguous", [indicator], values=values))
            continue
        stated, place = chosen
        raw = place.raw.strip()
        code, _, column = indicator.partition("[")
        figure = Figure(code, column.rstrip("]") or None, stated.value, "number", raw, units()[indicator], "prose")
        figure.locator = f"text:{place.start}-{place.start + len(place.raw)}"
        figure.confidence = APPROXIMATE if stated.rough else WEAK if stated.weak else CERTAIN
        if stated.rough:
            findings.append(finding("prose_approximate", [indicator], raw=raw[:120]))
        elif stated.weak:
            findings.append(finding("prose_inferred", [indicator], raw=raw[:120]))
        figures.append(figure)
    return figures, findings


def _chosen(statements: list[tuple[Stated, Place]]) -> tuple[Stated, Place] | None:
    """The statement to take: a plain one before a rough or a weak one; `None` where two of the same rank contradict each other."""
    plain = [one for one in statements if not one[0].weak and not one[0].rough]
    best = plain or [one for one in statements if one[0].rough] or statements
    return best[0] if len({stated.value for stated, _ in best}) == 1 else None
