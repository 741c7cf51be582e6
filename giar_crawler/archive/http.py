"""HTTP messages as they stand in records, read as leniently as browsers do."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})\b")
_BLANK = re.compile(rb"\r?\n\r?\n")


@dataclass(slots=True, frozen=True)
class HttpResponse:
    """A response: headers as bytes in their order, body as on the wire but for what `unchunked` takes off."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The values of a header in one, `None` where it is missing."""
        return joined(self.headers, name)


def joined(headers: list[tuple[bytes, bytes]], name: str) -> str | None:
    """The values of a header in one, `None` where it is missing."""
    wanted = name.lower().encode("ascii")
    values = [value for key, value in headers if key.lower() == wanted]
    return b", ".join(values).decode("latin-1") if values else None


def parse_response(block: bytes) -> HttpResponse:
    """The response that a block is. Raises ValueError for what is none."""
    first, _, _ = block[:64].partition(b"\n")
    status = _STATUS.match(first)
    if status is None:
        raise ValueError("it holds no HTTP response")
    head, body = _split(block)
    return HttpResponse(int(status[1]), _headers(head), body)


def parse_request(block: bytes) -> tuple[str, bytes]:
    """The method and the body of the request that a block is; GET where it cannot be told."""
    head, body = _split(block)
    method = head.split(b" ", 1)[0]
    return (method.decode("ascii") if re.fullmatch(rb"[A-Z]{3,10}", method) else "GET"), body


def unchunked(body: bytes) -> bytes:
    """The body without its chunks; as it is where it has none, and what came of one that was cut."""
    parts, place = bytearray(), 0
    while True:
        end = body.find(b"\n", place, place + 1024)
        size = body[place:end].split(b";")[0].strip() if end >= 0 else b""
        if not re.fullmatch(rb"[0-9a-fA-F]{1,12}", size):
            return bytes(parts) if place else body
        count = int(size, 16)
        if count == 0:
            return bytes(parts)
        parts += body[end + 1 : end + 1 + count]
        place = end + 1 + count
        place += 2 if body[place : place + 2] == b"\r\n" else 1


def _split(block: bytes) -> tuple[bytes, bytes]:
    end = _BLANK.search(block)
    return (block, b"") if end is None else (block[: end.start()], block[end.end() :])


def _headers(head: bytes) -> list[tuple[bytes, bytes]]:
    pairs: list[tuple[bytes, bytes]] = []
    for line in head.split(b"\n")[1:]:
        name, colon, value = line.partition(b":")
        if line[:1] in {b" ", b"\t"} and pairs:
            # A header that goes on in the next line.
            pairs[-1] = (pairs[-1][0], pairs[-1][1] + b" " + line.strip())
        elif colon and name.strip():
            pairs.append((name.strip(), value.strip()))
    return pairs
