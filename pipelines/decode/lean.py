"""A page's markup without what nobody reads of it: editors write a style on every paragraph, cell and run of letters.

Without it a page is parsed in a third of the time.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.decode.unseen import is_decisive

# Tags that open one right behind the other, as a cell's, its paragraph's and its run's do; the text in them, and the ends right behind it.
_INNER = rb"(?:><(?:p|span|font|o:p)(?=[\s>])[^>]*+)"
_TAGS = re.compile(
    rb"<((?:p|td|tr|span|font)(?:\s[^>]*+" + _INNER + rb"*+|" + _INNER + rb"++))>"
    rb"([^<]*+)((?:</(?:p|td|span|font|o:p)>)*+)"
)
_ATTRIBUTE = re.compile(rb"""(\s+([\w:-]+)(?:=(?:"[^"]*"|'[^']*'|[^\s"'<>=`]+))?)""")
_UNCLOSED = re.compile(rb"""=\s*(?:"[^">]*+>|'[^'>]*+>)""")
_UNREAD = frozenset(rb"align border color dir face height lang nowrap size style valign width xml:lang".split())
# Of a paragraph not even the class: it is no container, and what style sheets hide is a piece of a line.
_UNREAD_OF_PARAGRAPHS = _UNREAD | {b"class"}
_RUNS = frozenset((b"span", b"font", b"o:p"))
# A page with a style less often than every so many bytes is parsed sooner as it is.
SELDOM = 150
# So many kinds of tags are looked at when they come for the first time.
FEW_KINDS = 32
# Longer ones are seldom written twice, and must not fill the memory of the function below.
LONGEST = 800


@lru_cache(maxsize=4_096)
def _slim(begin: bytes, inner: bool, end: bytes) -> tuple[bytes, bytes]:
    """The tags before a text and behind it as they are kept: without unread attributes, and without what wraps what is wrapped already.

    `inner`: there is a text between them; `end` is empty where more than a text is.
    """
    opened = [_bare_tag(tag) for tag in begin.split(b"><")]
    closed = end[2:-1].split(b"></") if end else []
    names = [tag.split(None, 1)[0] for tag in opened]
    alone = 0
    while alone < min(len(names), len(closed)) and names[-1 - alone] == closed[alone]:
        alone += 1
    outermost = len(names) - alone - (not inner)
    # A paragraph in a run of letters ends the line before it; the only one of a cell does not.
    idle = _RUNS | {b"p"} if alone and names[-alone] == b"td" else _RUNS
    inside = 0
    for place in range(len(names) - 1, outermost, -1):
        if opened[place] in idle:
            del opened[place], closed[inside]
        else:
            inside += 1
    return b"".join([b"<" + tag + b">" for tag in opened]), b"".join([b"</" + name + b">" for name in closed])


def _bare_tag(tag: bytes) -> bytes:
    name, attributes = tag.split(None, 1)[0], _ATTRIBUTE.findall(tag)
    if name + b"".join([written for written, _ in attributes]) != tag or is_decisive(tag):
        return tag
    unread = _UNREAD_OF_PARAGRAPHS if name == b"p" else _UNREAD
    return name + b"".join([written for written, attribute in attributes if attribute not in unread])


def is_styled(source: bytes) -> bool:
    """Whether a page has so many styles that taking them out takes less time than they do: its middle third, where the article is."""
    third = len(source) // 3
    return source.count(b"style=", third, 2 * third) * SELDOM >= third


class _Kinds(dict[tuple[bytes, bool, bytes], tuple[bytes, bytes]]):
    """What becomes of tags, by their kind; only tags that a page has by the hundred are looked at, which are of few kinds.

    After `FEW_KINDS` a kind that comes for the first time is left as it is: to look at each takes longer than to parse it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._once: set[tuple[bytes, bool, bytes]] = set()

    def __missing__(self, kind: tuple[bytes, bool, bytes]) -> tuple[bytes, bytes]:
        begin, inner, end = kind
        kept = b"<" + begin + b">", end
        if len(self) >= FEW_KINDS and kind not in self._once:
            self._once.add(kind)
            return kept
        self[kind] = kept if len(begin) + len(end) > LONGEST else _slim(begin, inner, end)
        return self[kind]


def lean(source: bytes) -> bytes:
    """The markup without unread attributes and without elements that only wrap what another one wraps.

    The markup as it is where a quote is not closed in its tag, for then the next one closes it, whoever reads its attribute, and
    where the title is not closed, for then all of the page is text.
    """
    # Behind the last one each tag that never ends would be looked for to the end of the page.
    end = source.rfind(b">") + 1
    parts = _TAGS.split(source[:end])
    parts[-1] += source[end:]
    kept = list(map(_Kinds().__getitem__, zip(parts[1::4], map(bool, parts[2::4]), parts[3::4], strict=True)))
    begins = [begin for begin, _ in kept]
    head = parts[0].lower()
    if head.count(b"<title") > head.count(b"</title") or any(map(_UNCLOSED.search, (b"".join(parts[::4]), b"".join(begins)))):
        return source
    parts[1::4], parts[3::4] = begins, [end for _, end in kept]
    return b"".join(parts)
