"""Which of several tables with the same rows is the report's own.

Beside it stand empty and filled samples, tables of other years, levels and organs, and tables that the page does not show. Only what the
page says decides; where it says nothing, the rows stand twice and are doubted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from giar_crawler.items import Report
from pipelines.decode.document import Document, Table
from pipelines.statistics.labels import LabelIndex
from pipelines.statistics.own_part import LONGEST_TITLE, SAME_ROWS

# Tables with fewer rows of the form are told apart by the labels of their columns.
FEWEST_ROWS = 2
# So many lines above a table may be its caption.
CAPTION_LINES = 3
SAMPLE = re.compile(
    r"(?:更正|修改|调整)前|原表|作废|样表|表样|空白?表|示例|样例|范例|示范(?![区县市镇乡园校点带])|模板|模版|参考格式|(?:填报|填表|填写)说明|仅供参考|举例"
)
# Why a table is left out whose rows stand, filled, in another one of which nothing is said.
UNSURE = "empty, above one without a caption"
_YEAR = re.compile(r"(20\d\d)年?度?")
# What is no caption: a sentence, the day of something.
_SENTENCE = re.compile(r"[。,;]|月\d{1,2}[日号]")
# The level that a publisher is of: 县 of 昌黎县人民政府.
_LEVEL = re.compile(r"([省市县区州盟旗镇乡])(?:人民政府|政府)?$")
_OWN_LEVEL = re.compile("本级|机关本身")
_WHOLE = re.compile("全[省市县区州盟旗镇乡]|汇总|总表|合计$")
_FILLED_BY = re.compile(r"^(?:填[报表]|报送|编制)(?:单位|机关|部门)(?:\([^()]*\))?:")
_ORGAN = re.compile(r"[\W\d附件表]*(?:20\d\d年度?)?(?P<organ>\w{2,25}?)(?:20\d\d年|政府信息公开|行政机关|收到|主动公开|依申请|统计|情况)")
_OTHER_ORGAN = re.compile(
    r"[\W\d附件表一二三四五六七八九十]*(?P<organ>\w{1,15}?(?:镇|乡|街道(?:办事处)?|办公室|中心|公司|集团|园区|[局委办联会院所处站馆队团社](?![理议属结系会托事室公])))(?:人民政府)?"
    r"(?:20\d\d年.*|政府信息公开.*|收到.*|统计.*|情况.*)?"
)
_PART_OF_YEAR = re.compile(r"[上下]半年|[一二三四1-4]季度|(?<![-\d])(?!12月)\d{1,2}月|前三季度")
_THIS_OR_LAST = re.compile("(?:本|今|[上去前]一?)(?=年)")


@dataclass(slots=True)
class _Copy:
    """A table that has the rows of another: its number on the page, what stands above it, whether it has figures and is shown.

    `captions` are those lines that say whose it is, of the run of tables that it is in.
    """

    number: int
    rows: frozenset[str]
    above: list[str]
    filled: bool
    hidden: bool
    below: str = ""  # the line behind it
    captions: list[str] = field(default_factory=list)


def _rows_of(table: Table, index: LabelIndex) -> frozenset[str]:
    """The rows of the form that a table has; of one that has none, what its header says."""
    said = [index.said(cell.clean) for row in table.rows for cell in row if cell.clean]
    rows = frozenset(one.key for one in said if one.rows and not one.columns)
    if len(rows) >= FEWEST_ROWS:
        return rows
    header = frozenset(one.key for one in said if one.in_header)
    return header if not header.isdisjoint(index.blocks) else frozenset()


def _same(one: frozenset[str], other: frozenset[str], index: LabelIndex) -> bool:
    if not index.blocks.isdisjoint(one | other):
        return one == other
    fewer, more = sorted((len(one), len(other)))
    # Damaged labels are rows of neither.
    return len(one & other) >= SAME_ROWS * fewer and fewer * 2 >= more


def _tables(document: Document, index: LabelIndex) -> tuple[list[_Copy], list[int]]:
    """The tables of the report with rows of the form, and the years that lines of nothing else name above the first of them."""
    found: list[_Copy] = []
    menu: list[int] = []
    above: list[str] = []
    seen: set[int] = set()
    for line in document.body_lines:
        if line.table is None or line.cells is None:
            above.append("".join(line.clean.split()))
            if found and len(above) == 1:
                found[-1].below = above[0]
            continue
        if line.table in seen:
            continue
        seen.add(line.table)
        table = document.tables[line.table]
        if rows := _rows_of(table, index):
            inside = [line.cells[0].clean] if len(line.cells) == 1 else []
            lines = [_FILLED_BY.sub("", text) for text in (*above[-CAPTION_LINES:], *inside)]
            captions = [text for text in lines if len(text) <= LONGEST_TITLE and not _SENTENCE.search(text)]
            filled = any(index.said(cell.clean).is_number for row in table.rows for cell in row)
            if not found:
                menu = _menu(above)
            found.append(_Copy(line.table, rows, captions, filled, table.hidden))
            above = []
    return found, menu


def _menu(lines: list[str]) -> list[int]:
    """The last years that stand below or beside each other with nothing else: the tabs of a page."""
    years: list[int] = []
    run: list[int] = []
    for text in lines:
        run = [*run, *map(int, _YEAR.findall(text))] if _YEAR.sub("", text) == "" and text else []
        years = run if len(run) > 1 else years
    return years if len(set(years)) == len(years) else []


def _kinds(copies: list[_Copy], index: LabelIndex) -> list[list[_Copy]]:
    """The tables by their rows, in the order of the page; a run of different tables has the captions of its first one."""
    kinds: list[list[_Copy]] = []
    in_run: set[int] = set()
    last: list[str] = []
    for copy in copies:
        kind = next((number for number, same in enumerate(kinds) if _same(same[0].rows, copy.rows, index)), len(kinds))
        if kind == len(kinds):
            kinds.append([])
        if kind in in_run:
            in_run, last = set(), []
        in_run.add(kind)
        kinds[kind].append(copy)
        own = [text for text in copy.above if _marks(text)]
        copy.captions = last = own or last
    return [same for same in kinds if len(same) > 1]


def _are_below(same: list[_Copy]) -> bool:
    """Whether what stands between tables may be said of the one above it: nothing is above the first, and something below the last."""
    return not any(map(_marks, same[0].above)) and _marks(same[-1].below)


def _marks(text: str) -> bool:
    """Whether a line above a table can say whose it is."""
    patterns = (SAMPLE, _WHOLE, _OWN_LEVEL, _YEAR, _THIS_OR_LAST, _PART_OF_YEAR)
    return any(pattern.search(text) for pattern in patterns) or any(pattern.match(text) for pattern in (_ORGAN, _OTHER_ORGAN))


def _of_level(captions: Iterable[str], level: str) -> bool:
    whole = (text for text in captions if not _OWN_LEVEL.search(text))
    return any((match := _WHOLE.search(text)) and match[0] in (f"全{level}", "汇总", "总表", "合计") for text in whole)


def _names(text: str, organ: str) -> bool:
    match = _ORGAN.match(text)
    return (match["organ"] if match else text) in (organ, organ.removesuffix("人民政府"))


def _names_other(text: str, organ: str) -> bool:
    match = _OTHER_ORGAN.fullmatch(text)
    return match is not None and not organ.endswith(match["organ"])


def _is_others(copy: _Copy, organ: str) -> bool:
    """Whether a line above a table names another organ than the report's."""
    return any(_names_other(text, organ) for text in (*copy.captions, *copy.above))


def _is_about(copy: _Copy) -> bool:
    """Whether the line above a table says what it is about: any other may name an organ in words that no rule knows (县直各部门)."""
    return all(any(word in text for word in ("公开", "申请", "复议", "诉讼", "第二十条")) for text in copy.above[-1:])


def _is_sample(copy: _Copy) -> bool:
    return any(map(SAMPLE.search, copy.captions))


def _is_said_own(copy: _Copy) -> bool:
    """Whether anything above a table says whose or what it is."""
    return bool(copy.above) and (any(map(_marks, copy.above)) or _is_about(copy))


def _is_of_year(captions: Iterable[str], report_year: int) -> bool | None:
    """Whether captions name the report year, or another one; `None` where they name none."""
    for text in captions:
        if years := _YEAR.findall(text):
            return str(report_year) in years
        if match := _THIS_OR_LAST.search(text):
            return match[0] in ("本", "今")
    return None


def _rules(report: Report, same: list[_Copy]) -> list[tuple[str, Callable[[_Copy], bool]]]:
    """What the report's own table is, the surest first, each with what the others then are."""
    organ = "".join((report.publisher or "").split())
    level = _LEVEL.search(organ)
    rules: list[tuple[str, Callable[[_Copy], bool]]] = [
        ("empty", lambda copy: copy.filled),
        ("part of the year", lambda copy: not any(map(_PART_OF_YEAR.search, copy.captions))),
        ("sample", lambda copy: not _is_sample(copy)),
    ]
    if (year := report.report_year) is not None:
        rules.append(("another year", lambda copy: _is_of_year(copy.captions, year) is True))
        rules.append(("another year", lambda copy: _is_of_year(copy.captions, year) is not False))
    if organ:
        if all(_is_others(copy, organ) or _is_about(copy) for copy in same):
            rules.append(("another organ", lambda copy: not _is_others(copy, organ)))
        rules.append(("another organ", lambda copy: any(_names(text, organ) for text in copy.captions)))
    if level and "本级" not in (report.title or ""):
        rules.append(("another level", lambda copy: _of_level(copy.captions, level[1])))
    rules.append(("hidden", lambda copy: not copy.hidden))
    return rules


def _parts_of_others(copies: Sequence[_Copy], organ: str) -> dict[int, str]:
    """The tables of other organs that have some of the rows of one that is not."""
    others = [copy for copy in copies if _is_others(copy, organ)] if organ else []
    own = [copy for copy in copies if copy not in others]
    return {copy.number: "another organ" for copy in others if any(copy.rows < one.rows for one in own)}


def other_tables(document: Document, index: LabelIndex, report: Report) -> dict[int, str]:
    """The tables of a page that are not the report's, by number, with why."""
    copies, menu = _tables(document, index)
    kinds = [same for same in _kinds(copies, index) if not _are_below(same)]
    left = _parts_of_others(copies, "".join((report.publisher or "").split()))
    by_year = report.report_year in menu and all(len(same) == len(menu) for same in kinds)
    for same in kinds:
        if by_year:
            own = same[menu.index(report.report_year or 0)]
            left |= {copy.number: "another year" for copy in same if copy is not own}
            continue
        rest = same
        for why, is_own in _rules(report, same):
            kept = [copy for copy in rest if is_own(copy)]
            if kept and len(kept) < len(rest):
                gone = [copy for copy in rest if copy not in kept]
                # The report's own may be the one that nobody filled in.
                unsure = why == "empty" and not any(map(_is_said_own, kept)) and not any(map(_is_sample, gone))
                left |= {copy.number: UNSURE if unsure else why for copy in gone}
                rest = kept
    return left
