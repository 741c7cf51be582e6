"""A page's markup without what nobody reads of it: editors write a style on every paragraph, cell and run of letters.

Without it a page is parsed in a third of the time.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from pipelines.decode.unseen import is_decisive

# Tags that open one right behind the other, as a cell's, its paragraph's and its run's do; where they hold a text alone, that and its ends.
_INNER = rb"(?:><(?:p|span|font|o:p)(?=[\s>])[^>]*+)"
_TAGS = re.compile(
    rb"<((?:p|td|tr|span|font)(?:\s[^>]*+" + _INNER + rb"*+|" + _INNER + rb"++))>"
    rb"(?:([^<]*+)((?:</(?:p|td|span|font|o:p)>)++))?"
)
_ATTRIBUTE = re.compile(rb"""(\s+([\w:-]+)(?:=(?:"[^"]*"|'[^']*'|[^\s"'<>=`]+))?)""")
_VALUE = re.compile(rb"""=\s*(?:"[^"]*|'[^']*)""")
_UNREAD = frozenset(rb"align border color dir face height lang nowrap size style valign width xml:lang".split())
# Of a paragraph not even the class: it is no container, and what style sheets hide is a piece of a line.
_UNREAD_OF_PARAGRAPHS = _UNREAD | {b"class"}
_RUNS = frozenset((b"span", b"font", b"o:p"))
# A page with a style less often than every so many bytes is parsed sooner as it is.
SELDOM = 150
# Of more kinds those that are written once are left as they are: to look at each takes longer than to parse it.
FEW_KINDS = 32
# Longer ones are seldom written twice, and must not fill the memory of the function below.
LONGEST = 800


@lru_cache(maxsize=4_096)
def _slim(begin: bytes, inner: bool, end: bytes | None) -> tuple[bytes, bytes | None]:
    """The tags before a text and behind it as they are kept: without unread attributes, and without what wraps what is wrapped already.

    `inner`: there is a text between them; `end` is `None` where more than a text is.
    """
    opened = [_bare_tag(tag) for tag in begin.split(b"><")]
    if end is None:
        return b"<" + b"><".join(opened) + b">", None
    closed = end[2:-1].split(b"></")
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


def _is_open(tags: bytes) -> bool:
    """Whether a quote is not closed in its tag."""
    return b">" in b"".join(_VALUE.findall(tags))


def is_styled(source: bytes) -> bool:
    """Whether a page has so many styles that taking them out takes less time than they do: its middle third, where the article is."""
    third = len(source) // 3
    return source.count(b"style=", third, 2 * third) * SELDOM >= third


def lean(source: bytes) -> bytes:
    """The markup without unread attributes and without elements that only wrap what another one wraps.

    Only tags that a page has by the hundred are looked at, which are of few kinds.
    The markup as it is where a quote is not closed in its tag, for then the next one closes it, whoever reads its attribute, and
    where the title is not closed, for then all of the page is text.
    """
    # Behind the last one each tag that never ends would be looked for to the end of the page.
    end = source.rfind(b">") + 1
    parts = _TAGS.split(source[:end])
    parts[-1] += source[end:]
    kinds = list(zip(parts[1::4], map(bool, parts[2::4]), parts[3::4], strict=True))
    own = set(kinds)
    seldom = {kind for kind, count in Counter(kinds).items() if count == 1} if len(own) > FEW_KINDS else ()
    slim = {
        kind: (b"<" + kind[0] + b">", kind[2]) if kind in seldom or len(kind[0]) + len(kind[2] or b"") > LONGEST else _slim(*kind)
        for kind in own
    }
    head = parts[0].lower()
    opened = b"".join([begin for begin, _ in slim.values()])
    if head.count(b"<title") > head.count(b"</title") or _is_open(b"".join(parts[::4])) or _is_open(opened):
        return source
    kept = list(map(slim.__getitem__, kinds))
    parts[1::4], parts[3::4] = [begin for begin, _ in kept], [end for _, end in kept]
    return b"".join(filter(None, parts))
