"""A page's markup without the attributes that nobody reads: editors write a style on every paragraph, cell and run of letters.

Without them a page is parsed in half the time.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from pipelines.decode.unseen import is_decisive

_TAG = re.compile(rb"<((?:p|td|tr|span|font)\s[^>]*)>")
_ATTRIBUTE = re.compile(rb"""(\s+([\w:-]+)(?:=(?:"[^"]*"|'[^']*'|[^\s"'<>=`]+))?)""")
_VALUE = re.compile(rb"""=\s*(?:"[^"]*|'[^']*)""")
_UNREAD = frozenset(rb"align border color dir face height lang nowrap size style valign width xml:lang".split())
# Of a paragraph not even the class: it is no container, and what style sheets hide is a piece of a line.
_UNREAD_OF_PARAGRAPHS = _UNREAD | {b"class"}
# Longer tags are seldom written twice, and must not fill the memory of the function below.
LONGEST = 400


@lru_cache(maxsize=4_096)
def _bare(tag: bytes) -> bytes:
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

    A quote that is not closed in its tag is closed by the next one, be it of an attribute that nobody reads: then the markup as it is.
    """
    # Behind the last one each tag that never ends would be looked for to the end of the page.
    end = source.rfind(b">") + 1
    parts = _TAG.split(source[:end])
    parts[-1] += source[end:]
    counts = Counter(parts[1::2])
    bare = {tag: b"<" + (_bare(tag) if count > 1 and len(tag) <= LONGEST else tag) + b">" for tag, count in counts.items()}
    if _is_open(b"".join(parts[::2])) or _is_open(b"".join(bare.values())):
        return source
    parts[1::2] = map(bare.__getitem__, parts[1::2])
    return b"".join(parts)
