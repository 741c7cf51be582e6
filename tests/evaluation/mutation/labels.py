"""Labels of rows and columns: spoiling them without making them another label, and inventing some that no form has."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from random import Random

from rapidfuzz.distance import Levenshtein

from pipelines.statistics.forms import Column, Row, forms

# Shorter labels have no character to lose.
SHORTEST = 5
# A spoiled label must be nearer to its own by so many characters than to any other.
MARGIN = 2
# What hands and scanners mix up.
SIMILAR = dict(zip("申予诉讼开收未受报处微网办信位数", "甲子拆颂井牧末爱极外徽岡力言伩教", strict=True))
UNKNOWN = ("数字档案馆馆藏卷宗", "热线工单转办", "窗口现场咨询接待", "村务监督清单", "法治宣传橱窗更新", "智慧屏终端点位")

# Numbering in front, and what is neither character nor letter, is no part of a label's words.
NUMBERING = re.compile(r"^(?:其中[:：、,，]?|[(（][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+[、.．]|[(（]?\d{1,2}[)）、.．])")
MUTE = re.compile(r"[^0-9A-Za-z\u3400-\u9fff?□]")


def words(label: str) -> str:
    """A label without numbering, blanks and marks, by which labels are compared here."""
    text = "".join(label.split())
    while (shorter := NUMBERING.sub("", text, count=1)) != text:
        text = shorter
    return MUTE.sub("", text)


@cache
def form_labels(form: str) -> dict[str, frozenset[str]]:
    """The words of all labels of a form, each with the rows and columns that it can mean."""
    owners: dict[str, set[str]] = defaultdict(set)
    for table in forms()[form].tables:
        parts: list[Row | Column] = [*table.rows, *table.columns]
        for part in parts:
            for label in (part.label, *part.aliases):
                owners[words(label)].add(f"{table.id}.{part.code}")
    return {name: frozenset(meant) for name, meant in owners.items() if name}


@cache
def column_codes(form: str) -> dict[str, frozenset[str]]:
    """The words of all labels of a form's columns, each with the codes that it can mean."""
    codes: dict[str, set[str]] = defaultdict(set)
    for table in forms()[form].tables:
        for column in table.columns:
            for label in (column.label, *column.aliases):
                codes[words(label)].add(column.code)
    return {name: frozenset(meant) for name, meant in codes.items()}


def is_clear(spoiled: str, label: str, form: str) -> bool:
    """Whether a spoiled label still is this label and no other of the form."""
    written, own = words(spoiled), words(label)
    labels = form_labels(form)
    if len(written) < SHORTEST - 1 or written == own or written in labels:
        return False
    meant = labels.get(own, frozenset())
    distance = Levenshtein.distance(written, own)
    return all(
        meant & others or (Levenshtein.distance(written, other) >= distance + MARGIN and not other.startswith(written))
        for other, others in labels.items()
    )


def garbled(label: str, random: Random) -> str:
    """The label with one or two characters lost, doubled, made a `?` or one that looks alike."""
    characters = list(label)
    for _ in range(random.choice((1, 1, 2))):
        place = random.randrange(1, len(characters))
        old = characters[place]
        characters[place] = random.choice(("", "?", "□", old * 2, SIMILAR.get(old, "?")))
    return "".join(characters)


def cut(label: str, random: Random) -> str:
    """The label without its end."""
    return label[: random.randrange(len(label) // 2 + 1, len(label))]


def unknown_label(form: str, random: Random) -> str:
    """A label that no form has."""
    label = random.choice(UNKNOWN)
    assert label not in form_labels(form)
    return label
