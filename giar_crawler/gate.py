"""The door of the browser: a proxy on this machine that lets through what any other request of the walk may ask, and nothing else.

A browser asks by itself: redirects, scripts, frames, sockets, its own maker's servers. Interception inside it sees the first address of a
redirect only, and looks names up apart from those that were judged. Whatever leaves it comes by here, judged by the scope and connected to
the very address that was looked up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from giar_crawler.middlewares.addresses import Resolve, public_address
from giar_crawler.middlewares.refusals import PrivateAddress
from giar_crawler.spiders.scope import Scope

# Nothing in it, so that no browser shows it in the place of a page.
REFUSED = b"HTTP/1.1 403 Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
MOST_HEAD = 64 * 1024
# Of one connection, in each direction.
MOST_BYTES = 64 * 1024 * 1024
PIECE = 64 * 1024
# Seconds for a request's head, for a connection, and without a byte.
LONGEST_HEAD, LONGEST_CONNECT, LONGEST_SILENCE = 30, 30, 30


class Gate:
    """The proxy of one crawler's browser; `refused` is called with the word for each request that is not made."""

    def __init__(self, scope: Scope, resolve: Resolve, refused: Callable[[str], None]) -> None:
        self.scope, self.resolve, self.refused = scope, resolve, refused
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def open(self) -> str:
        """Listens on this machine alone; the proxy's address."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=MOST_HEAD)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Ends all connections."""
        if self._server is not None:
            self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 # asyncio runs this as one
        self._open.add(task)
        try:
            # What cannot be read, or not be reached, ends without an answer: to the browser a broken connection.
            with suppress(OSError, ValueError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await self._serve(reader, writer)
        finally:
            self._open.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), LONGEST_HEAD)
        line, *fields = head.decode("latin-1").split("\r\n")
        method, target, _ = line.split(" ")
        tunnel = method == "CONNECT"
        url = _of_tunnel(target) if tunnel else target
        try:
            reason, address = self.scope.refuses(url), ""
            if reason is None:
                address = await public_address(urlsplit(url).hostname or "", self.resolve)
        except PrivateAddress as refusal:
            reason = refusal.reason
        if reason is not None:
            self.refused(reason)
            writer.write(REFUSED)
            await writer.drain()
            return
        port = urlsplit(url).port or (443 if url.startswith("https:") else 80)
        there, back = await asyncio.wait_for(asyncio.open_connection(address, port), LONGEST_CONNECT)
        try:
            if tunnel:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await _either(_pump(reader, back, MOST_BYTES), _pump(there, writer, MOST_BYTES))
            else:
                # One request on each connection: a second one might be for somebody else.
                back.write(_direct(method, url, fields))
                await _pump(reader, back, _length(fields))
                await _pump(there, writer, MOST_BYTES)
        finally:
            back.close()


def _of_tunnel(target: str) -> str:
    """The address that a tunnel leads to, with a port only where it is none of the usual ones."""
    host, _, port = target.rpartition(":")
    return {"443": f"https://{host}/", "80": f"http://{host}/"}.get(port, f"http://{target}/")


def _direct(method: str, url: str, fields: list[str]) -> bytes:
    """The head of a request to a proxy as a server wants it."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = [field for field in fields if field and not field.lower().startswith(("proxy-", "connection:", "keep-alive:"))]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *kept, "Connection: close", "", ""]).encode("latin-1")


def _length(fields: list[str]) -> int:
    """The length of a request's body. Raises ValueError where it is not told or too long."""
    values = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
    length = int(values.get("content-length", "0"))
    if "transfer-encoding" in values or not 0 <= length <= MOST_BYTES:
        raise ValueError("a body without a length")
    return length


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, most: int) -> None:
    """Passes on so many bytes, or all that come."""
    while most > 0 and (piece := await asyncio.wait_for(source.read(min(PIECE, most)), LONGEST_SILENCE)):
        sink.write(piece)
        await sink.drain()
        most -= len(piece)


async def _either(*ways: Coroutine[Any, Any, None]) -> None:
    """Waits until one of them ends, and ends the others."""
    tasks = [asyncio.ensure_future(way) for way in ways]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
