"""A page's markup without the attributes that nobody reads: editors write a style on every paragraph, cell and run of letters.

Without them a page is parsed in half the time.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from pipelines.decode.unseen import is_decisive

# Tags that open one right behind the other, a cell's, its paragraph's and its run's, are taken as one: there are as many kinds of them.
_TAGS = re.compile(rb"<((?:p|td|tr|span|font)\s[^>]*(?:><(?:p|span|font)\s[^>]*)?(?:><(?:span|font)\s[^>]*)?)>")
_ATTRIBUTE = re.compile(rb"""(\s+([\w:-]+)(?:=(?:"[^"]*"|'[^']*'|[^\s"'<>=`]+))?)""")
_VALUE = re.compile(rb"""=\s*(?:"[^"]*|'[^']*)""")
_UNREAD = frozenset(rb"align border color dir face height lang nowrap size style valign width xml:lang".split())
# Of a paragraph not even the class: it is no container, and what style sheets hide is a piece of a line.
_UNREAD_OF_PARAGRAPHS = _UNREAD | {b"class"}
# Of more kinds those that are written once are left as they are: to look at each takes longer than to parse it.
FEW_KINDS = 32
# Longer ones are seldom written twice, and must not fill the memory of the function below.
LONGEST = 800


@lru_cache(maxsize=4_096)
def _bare(tags: bytes) -> bytes:
    return b"><".join(map(_bare_tag, tags.split(b"><")))


def _bare_tag(tag: bytes) -> bytes:
    name, attributes = tag.split(None, 1)[0], _ATTRIBUTE.findall(tag)
    if name + b"".join([written for written, _ in attributes]) != tag or is_decisive(tag):
        return tag
    unread = _UNREAD_OF_PARAGRAPHS if name == b"p" else _UNREAD
    return name + b"".join([written for written, attribute in attributes if attribute not in unread])


def _is_open(tags: bytes) -> bool:
    """Whether a quote is not closed in its tag."""
    return b">" in b"".join(_VALUE.findall(tags))


def lean(source: bytes) -> bytes:
    """The markup without the unread attributes of those tags that a page has by the hundred, which are of few kinds.

    The markup as it is where a quote is not closed in its tag, for then the next one closes it, whoever reads its attribute, and
    where the title is not closed, for then all of the page is text.
    """
    # Behind the last one each tag that never ends would be looked for to the end of the page.
    end = source.rfind(b">") + 1
    parts = _TAGS.split(source[:end])
    parts[-1] += source[end:]
    counts = Counter(parts[1::2])
    fewest = 1 if len(counts) <= FEW_KINDS else 2
    bare = {tags: b"<" + (_bare(tags) if count >= fewest and len(tags) <= LONGEST else tags) + b">" for tags, count in counts.items()}
    head = parts[0].lower()
    if head.count(b"<title") > head.count(b"</title") or _is_open(b"".join(parts[::2])) or _is_open(b"".join(bare.values())):
        return source
    parts[1::2] = map(bare.__getitem__, parts[1::2])
    return b"".join(parts)
