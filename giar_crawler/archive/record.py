"""A WARC 1.1 record as bytes: a gzip member of its own, with digests over block and payload."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import uuid4

from zlib_ng import zlib_ng

from giar_crawler.archive.members import GZIP
from giar_crawler.archive.records import digest

# What zlib makes of pages at its best, in half the time.
_LEVEL = 8
# A page that its server has packed gets no smaller, however long one tries.
_LEVEL_PACKED = 1
# zlib's word for a gzip header and trailer around what it makes.
_GZIP = 31
# Records that have a payload of their own, by whose digest others find it.
_PAGES = frozenset({"response", "resource"})


class Ids:
    """Names for the records of one exchange, unlike any others. They differ in a digit alone: four random ones are much of a small page."""

    def __init__(self) -> None:
        self._base = str(uuid4())[:-1]
        self._count = 0

    def __call__(self) -> str:
        """The next one."""
        self._count += 1
        return f"<urn:uuid:{self._base}{self._count:x}>"


def record(kind: str, fields: Mapping[str, str], content_type: str, body: bytes, head: bytes = b"") -> bytes:
    """The record of this type. `fields` are its own, `WARC-Record-ID` and `WARC-Date` among them.

    The block is `head`, that of an HTTP message with its empty line, and `body`; the payload is `body` alone.
    """
    named = {
        "WARC-Type": kind,
        **fields,
        **({"WARC-Payload-Digest": digest(body)} if kind in _PAGES else {}),
        "WARC-Block-Digest": digest(head, body),
        "Content-Type": content_type,
        "Content-Length": str(len(head) + len(body)),
    }
    lines = [f"{name}: {' '.join(value.splitlines())}" for name, value in named.items()]
    start = "\r\n".join(("WARC/1.1", *lines, "", "")).encode()
    level = _LEVEL_PACKED if body.startswith(GZIP) else _LEVEL
    return zlib_ng.compress(b"".join((start, head, body, b"\r\n\r\n")), level, _GZIP)


def http_head(first: bytes, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """First line, headers and the empty line. A value keeps its bytes, a Chinese file name in GBK too, but stays on its line."""
    lines = [b"%b: %b" % (name, b" ".join(value.splitlines())) for name, value in headers]
    return b"\r\n".join((first, *lines, b"", b""))
