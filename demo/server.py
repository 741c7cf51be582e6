"""The demo's portals over real HTTP, each on its own loopback address."""

from __future__ import annotations

import gzip
import re
import socket
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import parse_qsl, urlsplit

from demo.families import family_sites
from demo.places import PORT, STRANGER
from demo.sites import Answer, sites

REGISTER = Path(__file__).with_name("portals.yaml")
OK = 200
LARGEST_FORM = 65536
COMPRESSED_FROM = 512


class AddressTakenError(OSError):
    """An address of the demo cannot be used; the message says what to do."""


def register(port: int = PORT) -> str:
    """The register of the demo portals as YAML, for portals that are served on `port`."""
    return REGISTER.read_text(encoding="utf-8").replace(f":{PORT}/", f":{port}/")


class Served(Protocol):
    """What answers in the name of one address."""

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:
        """What stands at this path."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, demo: DemoPortals, host: str, port: int, site: Served | None) -> None:
        self.demo, self.host, self.site = demo, host, site
        self.connections: set[socket.socket] = set()
        super().__init__((host, port), _Handler)

    def get_request(self) -> tuple[socket.socket, object]:
        connection, address = super().get_request()
        self.connections.add(connection)
        return connection, address

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        if isinstance(request, socket.socket):
            self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error of the demo; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def close(self) -> None:
        """Stops listening and hangs up on everybody, so that the address is really down."""
        self.shutdown()
        self.server_close()
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Apache"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        self._respond(parse_qsl(urlsplit(self.path).query, encoding="gb18030", errors="replace"))

    do_HEAD = do_GET  # noqa: N815 - the name is http.server's

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LARGEST_FORM:
            self.close_connection = True
            self.send_error(413)
            return
        form = self.rfile.read(int(length)).decode("ascii", "replace")
        query = parse_qsl(urlsplit(self.path).query, errors="replace")
        is_form = "json" not in self.headers.get("Content-Type", "")
        self._respond([*query, *(parse_qsl(form, errors="replace") if is_form else [("@body", form)])])

    def _respond(self, fields: list[tuple[str, str]]) -> None:
        demo, host = self.server.demo, self.server.host
        url = f"http://{host}:{demo.port}{self.path}"
        began = time.monotonic()
        demo.note(host, url)
        try:
            self._answer(demo, url, fields)
        finally:
            demo.visits[host].append((began, time.monotonic()))

    def _answer(self, demo: DemoPortals, url: str, fields: list[tuple[str, str]]) -> None:
        parts = urlsplit(self.path)
        if demo.delay:
            time.sleep(demo.delay)
        answer = demo.overrides.get(url)
        if answer is None and self.server.site is None:
            answer = Answer(200, "text/html", b"<html><body>not a portal of the demo</body></html>")
        elif answer is None and self.server.site is not None:
            answer = self.server.site.answer(parts.path, parts.query, {**dict(fields), "@referer": self.headers.get("Referer", "")})
        if answer is not None:
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        body = self.server.demo.fill_in(answer.body)
        if answer.packed:
            body = gzip.compress(body, mtime=0)
        # A page with a counter or a clock has a new tag each time, as on real servers.
        tag = f'"{md5(body, usedforsecurity=False).hexdigest()}"' if answer.status == OK else ""
        if tag and self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.send_header("ETag", tag)
            self.end_headers()
            return
        self.send_response(answer.status)
        if tag:
            self.send_header("ETag", tag)
        self.send_header("Content-Type", answer.content_type)
        if answer.location:
            self.send_header("Location", answer.location)
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) >= COMPRESSED_FROM:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Nothing: the requests are counted."""


class DemoPortals:
    """Serves all portals while the `with` block runs.

    `port` is one for all addresses; 0 finds a free one. `delay` is the time in seconds before each answer, `down` the addresses where
    nothing listens; `families` serves the portals of `demo.families` instead, one for each platform and quirk, `served` those that are
    given by address. `overrides` answers single URLs differently and may be changed at any time. `requests` counts URLs, `hosts`
    addresses; `visits` has when each request began and ended (monotonic seconds) by address.
    Raises `AddressTakenError` where an address is in use or unknown to the machine.
    """

    def __init__(
        self,
        port: int = PORT,
        *,
        delay: float = 0.0,
        down: Iterable[str] = (),
        families: bool = False,
        served: Mapping[str, Served] | None = None,
    ) -> None:
        self.port = port
        self.delay = delay
        self.down = set(down)
        self.overrides: dict[str, Answer] = {}
        self.requests: Counter[str] = Counter()
        self.hosts: Counter[str] = Counter()
        self.visits: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
        portals: dict[str, Served] = {**served} if served else {**family_sites()} if families else {**sites()}
        self._sites: dict[str, Served | None] = {**portals, STRANGER: None}
        self._servers: dict[str, _Server] = {}
        self._visits = count(20418)
        self._lock = Lock()

    @property
    def addresses(self) -> list[str]:
        """The home pages of the portals."""
        return [f"http://{host}:{self.port}/" for host, site in self._sites.items() if site]

    def note(self, host: str, url: str) -> None:
        """Counts a request."""
        with self._lock:
            self.requests[url] += 1
            self.hosts[host] += 1

    def fill_in(self, body: bytes) -> bytes:
        """The body with the visit counter, the clock and the port of this moment."""
        fresh = {b"VISITS": str(next(self._visits)), b"CLOCK": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}", b"PORT": str(self.port)}
        return re.sub(rb"@@(VISITS|CLOCK|PORT)@@", lambda match: fresh[match[1]].encode(), body)

    def start(self) -> Self:
        """Starts every server that is not to be down."""
        try:
            for host in self._sites:
                if host not in self.down:
                    self.bring_up(host)
        except AddressTakenError:
            self.stop()
            raise
        return self

    def bring_up(self, host: str) -> None:
        """Starts the server of one address."""
        try:
            server = _Server(self, host, self.port, self._sites[host])
        except OSError as error:
            raise AddressTakenError(_advice(host, self.port, error)) from error
        self.port = server.server_address[1]
        self._servers[host] = server
        self.down.discard(host)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name=f"demo {host}", daemon=True).start()

    def take_down(self, host: str) -> None:
        """Stops the server of one address: connections to it are refused from now on."""
        self._servers.pop(host).close()
        self.down.add(host)

    def stop(self) -> None:
        """Stops all servers."""
        while self._servers:
            self._servers.popitem()[1].close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def _advice(host: str, port: int, error: OSError) -> str:
    if sys.platform == "darwin":
        cure = f"macOS knows only 127.0.0.1 until it is told more: run `sudo ifconfig lo0 alias {host} up`, for each demo address."
    else:
        cure = f"If another demo runs, stop it; `ss -ltnp | grep {port}` says who listens; `python -m demo --port N` takes another port."
    return f"The demo portal cannot listen on {host}:{port} ({error.strerror or error}). {cure}"
