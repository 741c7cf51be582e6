"""The decoding of a body's Content-Encoding, within limits, and with what servers make of it in reality."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# A page of more bytes is no page; a small archive record may unpack to anything.
MAX_BODY = 64 << 20
_CHUNK = 1 << 16


def decode(body: bytes, content_encoding: str | None, limit: int = MAX_BODY) -> bytes:
    """The body without its Content-Encoding: at most `limit` + 1 bytes, one more than the limit says that there were more.

    A body that was cut gives what can be decoded of it. One that is not encoded as its header says is given back as it is: servers
    that announce gzip and send plain pages are common, and browsers show them.
    """
    names = [name.strip().lower() for name in (content_encoding or "").split(",")]
    for name in reversed(names):
        decoder = _DECODERS.get(name)
        if decoder is None:
            continue
        body = decoder(body, limit + 1) or body
    return body[: limit + 1]


def _inflate(body: bytes, size: int) -> bytes:
    # 47: gzip or zlib, by their header; -15: neither, which some servers call deflate.
    return _unzip(body, size, 47) or _unzip(body, size, -15)


def _unzip(body: bytes, size: int, window: int) -> bytes:
    parts = bytearray()
    while body and len(parts) < size:
        decoder = zlib.decompressobj(window)
        try:
            while body and not decoder.eof and len(parts) < size:
                parts += decoder.decompress(body, min(_CHUNK, size - len(parts)))
                body = decoder.unconsumed_tail
        except zlib.error:
            break
        if window < 0 or not decoder.eof:
            break
        # A gzip body may have several members.
        body = decoder.unused_data
    return bytes(parts)


def _unbrotli(body: bytes, size: int) -> bytes:
    decoder, parts = brotli.Decompressor(), bytearray()
    try:
        parts += decoder.process(body, output_buffer_limit=min(_CHUNK, size))
        while not decoder.is_finished() and len(parts) < size:
            more = decoder.process(b"", output_buffer_limit=_CHUNK)
            if not more:
                break
            parts += more
    except brotli.error:
        pass
    return bytes(parts[:size])


def _unzstd(body: bytes, size: int) -> bytes:
    decoder, parts = zstd.ZstdDecompressor(), bytearray()
    try:
        parts += decoder.decompress(body, max_length=min(_CHUNK, size))
        while not decoder.eof and not decoder.needs_input and len(parts) < size:
            parts += decoder.decompress(b"", max_length=_CHUNK)
    except zstd.ZstdError:
        pass
    return bytes(parts[:size])


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _inflate,
    "x-gzip": _inflate,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
