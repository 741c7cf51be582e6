"""Labels as printed to keys that compare equal when the same row or column is meant."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from pipelines.decode.document import TableCell
from pipelines.statistics.forms import Column, Form, FormTable, Row, forms
from pipelines.statistics.numbers import DIGITS, Value, in_words, read_value
from pipelines.texts import Lookup

# What counts in a label: Chinese characters, letters and digits. Blanks, quotes, brackets and punctuation vary freely between offices.
SPOKEN = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]+")
LATIN = re.compile(r"[A-Za-z].*[0-9A-Za-z]|[A-Za-z]")
NUMBERED = re.compile(r"^(?:\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[、.．]|\(?\d{1,2}[)、.．])")
OF_WHICH = re.compile(r"^其中[:、,]?")
REMARK = re.compile(r"\([^()]*\)?$")
# The label in the other script of an autonomous place, where it stands before the Chinese one: Arabic, Tibetan, Mongolian, Yi, Korean.
TRANSLATED = re.compile(
    r"^(?:[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff\u0f00-\u0fff\u1800-\u18af\ua000-\ua4cf\u1100-\u11ff\uac00-\ud7af]+[/|:.,-]*)+"
)
# What parts a label from those of its groups: `三、本年度办理结果-(三)不予公开-1.属于国家秘密`.
PATH = re.compile(r"[-—–/>:→]+")
# Spellings that offices exchange freely; the forms' own labels pass through the same.
SPELLINGS = (("其它", "其他"), ("或者", "或"))
# Longer than any label of a form: a cell of prose is looked up no further.
LONGEST = 120
# Labels of columns that hold no figures, and of corners.
PLAIN_HEADERS = (
    "统计指标",
    "指标",
    "指标名称",
    "项目",
    "单位",
    "计量单位",
    "代码",
    "指标代码",
    "序号",
    "信息内容",
    "内容",
    "备注",
    "说明",
)
# Labels and values repeat from page to page; so many are remembered.
MOST_KNOWN = 20_000


def key(label: str) -> str:
    """The label without numbering, 其中, blanks and punctuation; empty for what is longer than any label.

    >>> key("其中:1. 涉及商业秘(密)")
    '涉及商业秘密'
    """
    return _key(label) if len(label) <= LONGEST else ""


def _joined(label: str) -> str:
    """The label without blanks, and without its translation before it."""
    text = "".join(label.split())
    return TRANSLATED.sub("", text) if "\u0600" <= text[:1] <= "\u18af" or text[:1] >= "\ua000" else text


@lru_cache(maxsize=16_384)
def _key(label: str) -> str:
    text = _joined(label).lstrip("?·•●★*-—")
    for _ in range(3):
        shorter = OF_WHICH.sub("", NUMBERED.sub("", text, count=1), count=1)
        if shorter == text:
            break
        text = shorter
    for written, meant in SPELLINGS:
        text = text.replace(written, meant)
    return SPOKEN.sub("", text)


def short_key(label: str) -> str:
    """The key without a parenthesis at the end, for a second try: offices shorten or cut the remarks of the form."""
    return key(REMARK.sub("", "".join(label.split()))) if len(label) <= LONGEST else ""


def number_of(label: str) -> str:
    """The numbering in front of a label, as `三`, `2`; empty when there is none. It tells labels of the same wording apart."""
    match = NUMBERED.match(_joined(label[:LONGEST]).lstrip("?"))
    return match.group(0).strip("()、.．") if match else ""


FILLED, NUMBER, ROW, HEAD = 1, 2, 4, 8


@dataclass(slots=True)
class Said:
    """What the text of a cell can say in one form.

    `rows` and `columns` are those that it can mean as a label, rows with the same numbering first; `word` says that it is another word of a
    header: a group of columns, a corner, a column without figures.
    """

    value: Value
    key: str
    rows: Sequence[tuple[FormTable, Row]] = ()
    columns: Sequence[tuple[FormTable, Column]] = ()
    word: bool = False
    in_words: bool = False  # a number said in words
    is_number: bool = field(init=False)
    is_value: bool = field(init=False)  # a number, a dash, nothing, or digits that may be several numbers
    in_header: bool = field(init=False)
    is_heading: bool = field(init=False)  # of a group of rows, and of no row with figures
    marks: int = field(init=False)  # what of `FILLED`, `NUMBER`, `ROW`, `HEAD` it is, as bits, so that those of a whole row are one sum

    def __post_init__(self) -> None:
        self.is_number = self.value.status == "number"
        self.is_value = self.value.status != "unreadable" or self.in_words or self.value is DIGITS
        self.in_header = self.word or bool(self.columns)
        self.is_heading = bool(self.rows) and all(row.kind == "header" for _, row in self.rows)
        filled = FILLED if self.value.status != "blank" else 0
        self.marks = filled | (NUMBER if self.is_number else 0) | (ROW if self.rows else 0) | (HEAD if self.in_header else 0)

    def column(self, table: FormTable) -> Column | None:
        """The column of one table that it means; `None` when none."""
        for owner, column in self.columns:
            if owner is table:
                return column
        return None


class LabelIndex:
    """All labels of one form, for the texts of cells to be looked up in."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.rows: dict[str, list[tuple[FormTable, Row]]] = defaultdict(list)
        self.columns: dict[str, list[tuple[FormTable, Column]]] = defaultdict(list)
        # The keys of the labels over each column, outermost first.
        self.paths = {table.id: [tuple(key(label) for label in column.path[:-1]) for column in table.columns] for table in form.tables}
        self.groups = {name: frozenset(label for path in paths for label in path) for name, paths in self.paths.items()}
        self.blocks = frozenset().union(*(self.groups[table.id] for table in form.tables if table.layout == "single_row_matrix"))
        self.words = frozenset(key(label) for label in PLAIN_HEADERS).union(*self.groups.values())
        self._said = Lookup(self._look, LONGEST, MOST_KNOWN)
        for table in form.tables:
            for row in table.rows:
                for name in self._keys(row.label, row.aliases):
                    self.rows[name].append((table, row))
            for column in table.columns:
                for name in self._keys(column.label, column.aliases):
                    self.columns[name].append((table, column))
        # The keys of all labels of each table.
        self.labels = {
            table.id: self.groups[table.id].union([key(row.label) for row in table.rows], [key(column.label) for column in table.columns])
            for table in form.tables
        }

    @staticmethod
    def _keys(label: str, aliases: tuple[str, ...]) -> list[str]:
        texts = (label, *aliases)
        return list(dict.fromkeys([*(key(text) for text in texts), *(short_key(text) for text in texts)]))

    def labels_of_rows(self) -> set[str]:
        """The keys of the rows' official labels."""
        return {key(row.label) for table in self.form.tables for row in table.rows}

    def said(self, text: str) -> Said:
        """What the clean text of a cell can say in this form."""
        return self._said[text]

    def said_in(self, cells: Iterable[TableCell]) -> list[Said]:
        """What each of several cells can say."""
        known = self._said
        return [known[cell.clean] for cell in cells]

    def _look(self, text: str) -> Said:
        value = read_value(text)
        if value.status in ("number", "blank") or len(text) > LONGEST:
            return Said(value, "")
        whole, short = key(text), short_key(text)
        if whole not in self.words and not (self.rows.get(whole) or self.columns.get(whole)):
            # Some offices print a translation behind each label.
            whole = LATIN.sub("", whole) or whole
        rows = self.rows.get(whole) or self.rows.get(short) or []
        columns = self.columns.get(whole) or self.columns.get(short) or []
        if not rows and not columns and whole not in self.words:
            rows, columns = self._below_groups(text)
        if len(rows) > 1 and (number := number_of(text)):
            rows = sorted(rows, key=lambda pair: number_of(pair[1].label) != number)
        return Said(
            value,
            whole,
            rows,
            columns,
            whole in self.words,
            in_words(text).status == "number",
        )

    def _below_groups(self, text: str) -> tuple[list[tuple[FormTable, Row]], list[tuple[FormTable, Column]]]:
        """The rows and columns of a label that begins with those of its groups."""
        *groups, last = (key(part) for part in PATH.split(text))
        if not groups or not last:
            return [], []
        rows = [(table, row) for table, row in self.rows.get(last, ()) if {key(label) for label in table.groups_of(row)}.issuperset(groups)]
        columns = [
            (table, column) for table, column in self.columns.get(last, ()) if {key(label) for label in column.path[:-1]}.issuperset(groups)
        ]
        return rows, columns


@cache
def indexes() -> dict[str, LabelIndex]:
    """The label index of every form."""
    return {name: LabelIndex(form) for name, form in forms().items()}


@cache
def _owners() -> dict[str, frozenset[str]]:
    """Which forms know a label key at all, as row or as column."""
    owners: dict[str, set[str]] = defaultdict(set)
    for name, index in indexes().items():
        for label in (*index.rows, *index.columns):
            owners[label].add(name)
    return {label: frozenset(names) for label, names in owners.items()}


@lru_cache(maxsize=16_384)
def _known_as(label: str) -> str:
    """The key under which some form has the label; empty when none has."""
    return next((name for name in (key(label), short_key(label)) if name in _owners()), "")


# So many different labels make a form; prose that mentions two or three of them is no table.
FEWEST = 3
# A label that only one form has says more about the form than one that several share.
DISTINCTIVE = 4


def detect_forms(labels: set[str], fewest: int = FEWEST, report_year: int | None = None) -> list[str]:
    """The forms whose labels these printed texts are, the likeliest first; empty when fewer than `fewest` are of any.

    The year decides only between forms for which the labels say as much: a table that both have. More than one when the page has most of
    what only each of them has: an old form attached to a new one.
    """
    return list(_likeliest(frozenset(map(_known_as, labels)), fewest, report_year))


# Most reports have the labels of their form and no others.
@lru_cache(maxsize=256)
def _likeliest(known: frozenset[str], fewest: int, report_year: int | None) -> tuple[str, ...]:
    owners = _owners()
    scores: dict[str, int] = defaultdict(int)
    counts: dict[str, int] = defaultdict(int)
    own: dict[str, int] = defaultdict(int)
    for names, count in Counter([owners[name] for name in known if name]).items():
        for name in names:
            scores[name] += count * (DISTINCTIVE if len(names) == 1 else 1)
            counts[name] += count
            own[name] += count * (len(names) == 1)
    ranked = sorted(
        (name for name in scores if counts[name] >= fewest), key=lambda name: (scores[name], _is_for(name, report_year), name), reverse=True
    )
    return tuple(name for place, name in enumerate(ranked) if not place or own[name] * 2 > _distinctive()[name])


def _is_for(name: str, report_year: int | None) -> bool:
    form = forms()[name]
    return report_year is not None and form.first_year <= report_year <= (form.last_year or report_year)


@cache
def _distinctive() -> dict[str, int]:
    """How many labels each form has that no other form has."""
    rows = {name: {label for label in index.labels_of_rows() if len(_owners()[label]) == 1} for name, index in indexes().items()}
    return {name: len(labels) for name, labels in rows.items()}
