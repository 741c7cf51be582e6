"""The labels of the metadata header: which field a printed label stands for."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from string import ascii_letters

from pipelines.data import DataError, load
from pipelines.texts import Lookup

# A label is short; longer text is not worth the look-up and must not fill the memory of `field_of`.
LONGEST = 24
# Cells repeat from page to page; so many are remembered.
MOST_KNOWN = 4_096
# The content of a meta tag that is a title, a name or a date.
LONGEST_META = 400
_ZERO_WIDTH = re.compile("[\u200b-\u200d\u2060\ufeff]")
# What stands behind the last value of a line, and what all of it ends with: looked at first, it is nearly never there.
_BUTTON_ENDS = frozenset("享印藏闭口错回论读载发次]】▼▲△▽")
_BUTTONS = re.compile(
    r"(?:^|\s+)(?:(?:分享|打印|我要打印|收藏|关闭|关闭窗口|纠错|返回|评论|朗读|下载|转发)\s*)+$"
    r"|(?<=[镇乡局府室网委办院厅])(?:打印|收藏|分享|关闭|纠错)+$|\s\d{1,7}\s*次$"
    r"|\s*[\[【](?:字[体号]|大|打印|我要|关闭|分享|收藏)[^\[\]【】]{0,12}[\]】]$|\s(?:(?:展开|收起)\S{0,10}\s*)?[▼▲△▽]$"
)
_COMMENT = re.compile(r"<!--.*?-->|<!--.*$|^[^<]*-->")
_LATIN = frozenset(ascii_letters + ".'&")
_LATIN_END = re.compile(r"(?<=[\u3400-\u9fff])[A-Za-z][A-Za-z.'&]*$")
_FIELD = {"seen?": [str], "unverified?": [str], "weak?": [str], "printed?": [str]}
SHAPE = {"fields": {"*": _FIELD}, "ignored": [str], "in_reports": [str], "empty_values": [str], "meta": {"*": [str]}}
# `ignored` labels stand for this field: they end the value before them and are dropped.
IGNORED = "ignored"


@dataclass(slots=True)
class Labels:
    """The checked labels. `fields` maps a normalised label to its field, `shifted` what is left of one that lost its first byte.

    `pattern` finds labels with a colon or in brackets in a line, `opening` those that only a header has, at the beginning of a line, and
    `anywhere` any label, in whatever it stands.
    """

    fields: dict[str, str] = field(default_factory=dict)
    weak: set[str] = field(default_factory=set)
    empty: set[str] = field(default_factory=set)
    meta: dict[str, list[str]] = field(default_factory=dict)
    shifted: dict[str, str] = field(default_factory=dict)
    pattern: re.Pattern[str] = field(default_factory=lambda: re.compile(r"(?!)"))
    opening: re.Pattern[str] = field(default_factory=lambda: re.compile(r"(?!)"))
    anywhere: re.Pattern[str] = field(default_factory=lambda: re.compile(r"(?!)"))


def normalised(text: str) -> str:
    """A label as it is looked up: NFKC, no white space, no colon behind it, no brackets around it."""
    text = "".join(unicodedata.normalize("NFKC", text).split())
    # What is printable shows.
    text = (text if text.isprintable() else _ZERO_WIDTH.sub("", text)).strip("[]【】").rstrip(":").strip("[]【】")
    # Bilingual portals print both: 索引号 Index No.
    return _LATIN_END.sub("", text) if text[-1:] in _LATIN else text


_LOST = re.compile("[?\ufffd\ue000-\uf8ff]")


def is_marked(text: str) -> bool:
    """Whether a text has what stands behind a label or around it wherever `Labels.pattern` finds one: it need not be tried without."""
    return ":" in text or "]" in text or "】" in text


def _left_of(text: str) -> str:
    """What can be told of a label that lost a byte: its characters without those that were lost."""
    return _LOST.sub("", normalised(text))


def _shifted(fields: dict[str, str]) -> dict[str, str]:
    """The fields by what is left of a label in GBK without its first byte, where no other field's is the same: 索引号 is 饕 then."""
    left: dict[str, set[str]] = defaultdict(set)
    for (label, code), end in product(fields.items(), ("", "：")):
        left[_left_of((label + end).encode("gb18030")[1:].decode("gb18030", "replace"))].add(code)
    return {rest: next(iter(codes)) for rest, codes in left.items() if rest and len(codes) == 1}


def _spaced(names: Iterable[str]) -> str:
    """Any of the names, white space between its characters; the longest that fits. What names begin with alike is tried once for all."""
    behind: dict[str, list[str]] = defaultdict(list)
    for name in names:
        behind[name[0]].append(name[1:])
    return "|".join(re.escape(first) + _ending(endings) for first, endings in behind.items())


def _ending(endings: list[str]) -> str:
    longer = [ending for ending in endings if ending]
    pattern = rf"\s*(?:{_spaced(longer)})" if longer else ""
    return f"(?:{pattern})?" if pattern and len(longer) < len(endings) else pattern


def _begins(names: Iterable[str]) -> str:
    """That one of the names may begin here: nearly nowhere one does, and trying them one after the other takes ten times as long."""
    return f"(?=[{re.escape(''.join(sorted({name[0] for name in names})))}])"


def _pattern(names: list[str]) -> re.Pattern[str]:
    """Finds a label followed by a colon, or a label in brackets; white space may stand between its characters (索 引 号).

    Neighbouring spans often leave no blank between a value and the next label: one in brackets or of four characters needs none,
    a short one only a digit (`2015-03-17来源:`) or the end of an organ's name, for 来源 and 时间 end other words as well.
    """
    every, long = _spaced(names), _spaced([name for name in names if len(name) >= 4])
    return re.compile(
        rf"[\[【](?P<bracketed>{every})[\]】]\s*:?"
        rf"|{_begins(names)}(?:(?:^|(?<=[\s|;,、。)\]】\d局府室网站会厅委员部院社印]))(?P<plain>{every})|(?P<long>{long}))\s*:"
    )


def read_labels(path: Path) -> Labels:
    """The labels of a file. Raises DataError that names the file and the key for what is unknown, doubled or no text."""
    data = load(path, SHAPE)
    labels = Labels(empty={normalised(value) for value in data["empty_values"]} | {""})
    for code, entry in (*data["fields"].items(), (IGNORED, {"unverified": data["ignored"]})):
        where = f"{path.name}: fields.{code}"
        own = [*entry.get("seen", []), *entry.get("unverified", [])]
        for name in own:
            if normalised(name) != name or len(name) > LONGEST:
                raise DataError(f"{where}: {name} is not normalised or too long")
            if labels.fields.setdefault(name, code) != code:
                raise DataError(f"{where}: {name} stands for {labels.fields[name]} already")
        labels.weak.update(entry.get("weak", []))
        for name in [*entry.get("printed", []), *entry.get("weak", [])]:
            if normalised(name) not in own:
                raise DataError(f"{where}: {name} is no spelling of a label of the field")
    if unknown := set(data["in_reports"]) - set(labels.fields):
        raise DataError(f"{path.name}: in_reports: {sorted(unknown)} are no labels")
    labels.meta = {code: [name.lower() for name in names] for code, names in data["meta"].items()}
    labels.shifted = _shifted(labels.fields)
    labels.pattern = _pattern(list(labels.fields))
    labels.anywhere = re.compile(_spaced(labels.fields))
    of_headers = set(labels.fields) - set(data["in_reports"])
    labels.opening = re.compile(rf"[\s|【\[]{{0,9}}{_begins(of_headers)}(?:{_spaced(of_headers)})\s*(?:[:】\]|]|$)")
    return labels


@cache
def labels() -> Labels:
    """The labels that come with the program."""
    return read_labels(Path(__file__).with_name("labels.yaml"))


def _field(text: str) -> str | None:
    # Long texts are no labels.
    if not 0 < len(text) <= LONGEST:
        return None
    code = labels().fields.get(normalised(text))
    return labels().shifted.get(_left_of(text)) if code is None and _LOST.search(text) else code


# The field that a whole cell or line names, `None` when it is no label.
field_of: Callable[[str], str | None] = Lookup(_field, LONGEST, MOST_KNOWN).__getitem__


def value_of(text: str) -> str | None:
    """A value without template comments and folded; `None` when nothing or a placeholder is left."""
    if "--" in text:
        text = _COMMENT.sub("", text)
    text = text.strip().strip("|").strip()
    if text[-1:] in _BUTTON_ENDS:
        text = _BUTTONS.sub("", text)
    if text.endswith(")") and "(" not in text:
        text = text[:-1].rstrip()
    shown = normalised(text)
    # In the box of a search, or where a value is empty, the next label follows.
    return None if shown in labels().empty or (text.endswith((":", "：", "】", "]")) and shown in labels().fields) else text


def meta_value(meta: dict[str, str], code: str) -> str | None:
    """The first meta tag of a field that has content."""
    for name in labels().meta[code]:
        if (content := meta.get(name)) and (value := value_of(content[:LONGEST_META])):
            return value
    return None
