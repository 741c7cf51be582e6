"""What a page has around the report that no portal has: keywords for a title, random elements, farms of links, the shelves of a library."""

from __future__ import annotations

import re

from pipelines.addresses import host_of, is_government
from pipelines.checks.mirror_signals import signals
from pipelines.decode.document import Document
from pipelines.reading import Reading
from pipelines.texts import holds

# Letters around a digit, as no author calls an element.
_RANDOM_ID = rb"(?=[a-z0-9]{0,6}[0-9][a-z])(?=[a-z0-9]{0,6}[a-z])[a-z0-9]{3,7}"
_LONGEST_TITLE = 1_000
_PIECES = re.compile(r"[-_|,，、;；—–·\s]+")
_HAN_PAIR = re.compile(r"(?=([\u3400-\u9fff]{2}))")
_SITE_MAP = re.compile(r"(?:^|/)site_?map[a-z0-9_-]{0,20}\.(?:xml|html?|txt|xml\.gz)$", re.IGNORECASE)
_LONGEST_NOSCRIPT = 100_000
_LINK = re.compile(rb"<a\b", re.IGNORECASE)
# Where the shelves of a library begin and end: around the text.
_EDGE = 1_000


def foreign_title(reading: Reading) -> str | None:
    """The `<title>` where it is a row of keywords that has no word in common with the report, its organ or any portal."""
    document, report, known = reading.document, reading.report, signals()
    title = document.head_title[:_LONGEST_TITLE]
    if len([piece for piece in _PIECES.split(title) if piece]) < known.title_pieces_at_least or known.title_words.search(title):
        return None
    own = " ".join(filter(None, (report.title_raw, report.title, report.publisher, report.source, reading.page.context.portal_name)))
    return None if not own or _pairs(title) & _pairs(own) else title


def _pairs(text: str) -> set[str]:
    return set(_HAN_PAIR.findall(text))


def junk_tags(body: bytes) -> int:
    """How many elements with a random id stand in the page where no portal has such elements."""
    count = 0
    for tag in signals().junk_tags:
        opening = b"<" + tag.encode()
        if opening in body:
            count += len(re.findall(opening + rb"\s+(?:id|class)\s*=\s*[\"']?" + _RANDOM_ID + rb"[\"'\s>]", body[:1_000_000]))
    return count


def link_farm(reading: Reading) -> str | None:
    """What makes the page a farm of links, in words; `None` when it is none."""
    known, body = signals(), reading.page.body
    most = _links_without_script(body)
    if most >= known.hidden_links_at_least:
        return f"{most} links in <noscript>"
    maps = {link.href for link in reading.document.links if "map" in link.href and _SITE_MAP.search(link.href[:500])}
    if len(maps) >= known.sitemaps_at_least:
        return f"{len(maps)} site maps"
    own = host_of(reading.page.url)
    outside = {host_of(link.href) for link in reading.document.links if "//" in link.href}
    strangers = {host for host in outside - {"", own} if not is_government(host) and not host.endswith((".edu.cn", ".org.cn"))}
    if len(strangers) >= known.foreign_hosts_at_least:
        return f"links to {len(strangers)} hosts of strangers"
    return None


def _links_without_script(body: bytes) -> int:
    """The most links in one `<noscript>`."""
    most, start = 0, body.find(b"<noscript") if holds(body, b"<noscript") else -1
    while start >= 0:
        end = body.find(b"</noscript", start, start + _LONGEST_NOSCRIPT)
        end = end if end >= 0 else start + _LONGEST_NOSCRIPT
        most = max(most, len(_LINK.findall(body, start, end)))
        start = body.find(b"<noscript", end)
    return most


def republisher(document: Document) -> str | None:
    """The name of a library, an encyclopaedia or a news site that the `<title>` ends with."""
    match = signals().republishers.search(document.head_title[:_LONGEST_TITLE])
    return match.group() if match and len(document.head_title) - match.end() <= len(" - 百度") else None


def republished(document: Document) -> list[str]:
    """The words around the text by which a library serves what anybody uploaded, each once; empty below the number that tells."""
    text = document.clean_text
    edges = text if len(text) <= 2 * _EDGE else text[:_EDGE] + "\n" + text[-_EDGE:]
    words = list(dict.fromkeys(signals().republisher_words.findall(edges)))
    return words if len(words) >= signals().republisher_words_at_least else []
