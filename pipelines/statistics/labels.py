"""Labels as printed to keys that compare equal when the same row or column is meant."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, lru_cache

from pipelines.statistics.forms import Column, Form, FormTable, Row, forms

# What counts in a label: Chinese characters, letters and digits. Blanks, quotes, brackets and punctuation vary freely between offices.
SPOKEN = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]+")
NUMBERED = re.compile(r"^(?:\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[、.．]|\(?\d{1,2}[)、.．])")
OF_WHICH = re.compile(r"^其中[:、,]?")
REMARK = re.compile(r"\([^()]*\)?$")
# Spellings that offices exchange freely; the forms' own labels pass through the same.
SPELLINGS = (("其它", "其他"), ("或者", "或"))
# Longer than any label of a form: a cell of prose is looked up no further.
LONGEST = 120
# Labels and values repeat from page to page; so many are remembered.
MOST_KNOWN = 20_000


def key(label: str) -> str:
    """The label without numbering, 其中, blanks and punctuation; empty for what is longer than any label.

    >>> key("其中:1. 涉及商业秘(密)")
    '涉及商业秘密'
    """
    return _key(label) if len(label) <= LONGEST else ""


@lru_cache(maxsize=16_384)
def _key(label: str) -> str:
    text = "".join(label.split()).lstrip("?·•●★*-—")
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
    match = NUMBERED.match("".join(label[:LONGEST].split()).lstrip("?"))
    return match.group(0).strip("()、.．") if match else ""


@dataclass(slots=True)
class LabelIndex:
    """All labels of one form: key -> rows, key -> columns, each with its table, in the order of the form."""

    form: Form
    rows: dict[str, list[tuple[FormTable, Row]]] = field(default_factory=lambda: defaultdict(list))
    columns: dict[str, list[tuple[FormTable, Column]]] = field(default_factory=lambda: defaultdict(list))
    _found_rows: dict[str, list[tuple[FormTable, Row]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table in self.form.tables:
            for row in table.rows:
                for name in self._keys(row.label, row.aliases):
                    self.rows[name].append((table, row))
            for column in table.columns:
                for name in self._keys(column.label, column.aliases):
                    self.columns[name].append((table, column))

    @staticmethod
    def _keys(label: str, aliases: tuple[str, ...]) -> list[str]:
        texts = (label, *aliases)
        return list(dict.fromkeys([*(key(text) for text in texts), *(short_key(text) for text in texts)]))

    def find_rows(self, label: str) -> list[tuple[FormTable, Row]]:
        """The rows that the label can mean, those with the same numbering first; empty when none."""
        if len(label) > LONGEST:
            return []
        known = self._found_rows.get(label)
        if known is None:
            if len(self._found_rows) >= MOST_KNOWN:
                self._found_rows.clear()
            known = self._found_rows[label] = self._find_rows(label)
        return known

    def _find_rows(self, label: str) -> list[tuple[FormTable, Row]]:
        found = self.rows.get(key(label)) or self.rows.get(short_key(label)) or []
        if len(found) > 1 and (number := number_of(label)):
            return sorted(found, key=lambda pair: number_of(pair[1].label) != number)
        return found

    def find_column(self, label: str, table: FormTable) -> Column | None:
        """The column of one table that the label means; `None` when none."""
        return next((column for owner, column in self.find_columns(label) if owner is table), None)

    def find_columns(self, label: str) -> list[tuple[FormTable, Column]]:
        """The columns that the label can mean; empty when none."""
        return self.columns.get(key(label)) or self.columns.get(short_key(label)) or []


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


# So many different labels make a form; prose that mentions two or three of them is no table.
FEWEST = 3
# A label that only one form has says more about the form than one that several share.
DISTINCTIVE = 4


def detect_form(labels: set[str]) -> str | None:
    """The form whose labels these printed texts are, `None` when fewer than `FEWEST` are of any form. Never judged by year."""
    owners = _owners()
    known: dict[str, frozenset[str]] = {}
    for label in labels:
        for name in (key(label), short_key(label)):
            if name in owners:
                known[name] = owners[name]
                break
    scores: dict[str, int] = defaultdict(int)
    counts: dict[str, int] = defaultdict(int)
    for names in known.values():
        for name in names:
            scores[name] += DISTINCTIVE if len(names) == 1 else 1
            counts[name] += 1
    best = max(scores, key=lambda name: (scores[name], name), default=None)
    return best if best is not None and counts[best] >= FEWEST else None
