"""What the tests of the walk share: the command as a process of its own, and small portals over real HTTP."""

from __future__ import annotations

import json
import os
import sqlite3
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from time import monotonic

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests import starting

COMMAND = [*starting.GIAR, "crawl"]


@dataclass
class Result:
    code: int
    rows: list[dict]
    stderr: str

    @property
    def total(self) -> dict:
        return self.rows[-1]

    def outcome(self, portal: str) -> str:
        return next(row["outcome"] for row in self.rows if row["portal"] == portal)

    def row(self, portal: str) -> dict:
        return next(row for row in self.rows if row["portal"] == portal)


@dataclass
class Workplace:
    """A folder with a database and an archive, and the command on them."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder}/giar.db"

    def arguments(self, *arguments: str) -> list[str]:
        return [*COMMAND, "--json", "--database", self.database, "--archive", str(self.folder / "archive"), *arguments]

    def crawl(self, *arguments: str, code: int | None = 0) -> Result:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIAR_")} | self.environment
        done = starting.run(self.arguments(*arguments), capture_output=True, text=True, timeout=120, env=environment, check=False)
        result = Result(done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr)
        if code is not None:
            assert result.code == code, (result.rows, result.stderr)
        return result

    def reasons(self, portal: str) -> set[str]:
        """Why the last walk of a portal did not end `ok`."""
        with sqlite3.connect(self.folder / "giar.db") as connection:
            walks = connection.execute("select counts from crawls where portal_id = ? order by id", (portal,)).fetchall()
        return set(json.loads(walks[-1][0])["reasons"])


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path)


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def page(title: str, *body: str, head: str = "") -> Answer:
    text = f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{''.join(body)}</body></html>"
    return Answer(text.encode())


def links(*pairs: tuple[str, str]) -> str:
    return "<ul>" + "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in pairs) + "</ul>"


def rows(*entries: tuple[str, str, str]) -> str:
    return "<ul>" + "".join(f'<li><a href="{href}">{text}</a><span>{date}</span></li>' for href, text, date in entries) + "</ul>"


def report(organ: str, year: int, value: int = 5) -> Answer:
    """A small report of the form of 2021, with the sections that every one has."""
    return page(
        f"{organ}{year}年政府信息公开工作年度报告",
        f"<h1>{organ}{year}年政府信息公开工作年度报告</h1><div id=zoom>",
        f"<p>根据《中华人民共和国政府信息公开条例》,编制本报告。本报告所列数据的统计期限为{year}年1月1日至12月31日。</p>",
        "<p>一、总体情况</p><p>主动公开政府信息各类文件,做好依申请公开。</p>",
        "<p>二、主动公开政府信息情况</p><table><tr><td colspan=4>第二十条第(一)项</td></tr>",
        "<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>",
        f"<tr><td>规章</td><td>{value}</td><td>0</td><td>{value}</td></tr><tr><td>行政规范性文件</td><td>{value}</td><td>1</td><td>9</td></tr></table>",
        "<p>三、收到和处理政府信息公开申请情况</p><p>四、政府信息公开行政复议、行政诉讼情况</p>",
        "<p>五、存在的主要问题及改进情况</p><p>公开内容需要充实。</p><p>六、其他需要报告的事项</p><p>无。</p></div>",
    )


@dataclass
class Portal:
    """A portal of a test: answers by path, and a log of what was asked when."""

    id: str
    host: str
    port: int
    pages: dict[str, Answer | Callable[[dict[str, str]], Answer]] = field(default_factory=dict)
    asked: list[tuple[float, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    extra: str = ""
    delay: float = 0.01
    scheme: str = "http"

    @property
    def home(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}/"

    @property
    def paths(self) -> list[str]:
        return [path for _, path in self.asked]

    def entry(self) -> str:
        return f"  - {{id: {self.id}, name: 某县人民政府, adcode: '610430', home: '{self.home}', delay: {self.delay}{self.extra}}}\n"


def old_tls(folder: Path) -> ssl.SSLContext:
    """What old servers speak: TLS 1.0, with a key of 1024 bits and a certificate of their own."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 # that is the point
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    day = datetime(2014, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, day, day + timedelta(days=365))
    path = folder / "server.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    path.write_bytes(private + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    context.load_cert_chain(path)
    return context


class Portals:
    """Portals on addresses of their own, so that none shares a delay with another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.all: list[Portal] = []
        self._servers: list[ThreadingHTTPServer] = []
        self._numbers = count(1)

    def add(  # noqa: PLR0913 # what a portal may differ in
        self,
        portal_id: str,
        pages: dict | None = None,
        *,
        up: bool = True,
        extra: str = "",
        host: str | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> Portal:
        portal = Portal(portal_id, host or f"127.0.73.{next(self._numbers)}", 0, pages or {}, extra=extra)
        server = ThreadingHTTPServer((portal.host, 0), _handler(portal))
        server.daemon_threads = True
        portal.port = server.server_address[1]
        if tls is not None:
            portal.scheme, server.socket = "https", tls.wrap_socket(server.socket, server_side=True)
        if up:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            self._servers.append(server)
        else:
            server.server_close()
        self.all.append(portal)
        return portal

    def register(self) -> str:
        path = self.folder / "portals.yaml"
        path.write_text("portals:\n" + "".join(portal.entry() for portal in self.all), "utf-8")
        return str(path)

    def stop(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()


def _handler(portal: Portal) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """What is posted stands behind the path, after a space."""
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self.path = f"{self.path} {body}"
            self.do_GET()

        def do_GET(self) -> None:
            portal.asked.append((monotonic(), self.path))
            portal.agents.add(self.headers.get("User-Agent", ""))
            found = portal.pages.get(self.path, Answer(b"<html><title>404 Not Found</title></html>", 404))
            answer = found({name.lower(): value for name, value in self.headers.items()}) if callable(found) else found
            self.send_response(answer.status)
            headers = {"Content-Type": "text/html; charset=utf-8"} | answer.headers
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@pytest.fixture
def portals(tmp_path: Path) -> Iterator[Portals]:
    made = Portals(tmp_path)
    yield made
    made.stop()
