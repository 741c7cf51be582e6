"""Old TLS, wrong content types, downloads without a name, cookies in circles: what servers of counties do with HTTP."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from OpenSSL import SSL

from giar_crawler.register import Portal as Entry
from giar_crawler.spiders.scope import Scope
from giar_crawler.tls import RENEGOTIATION, LegacyContextFactory

from .conftest import Answer, Portals, Workplace, old_tls, page
from .test_outcomes import usual

HTML = "text/html; charset=utf-8"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_tls_is_spoken_with_the_portals_that_ask_for_it_only(portals: Portals, workplace: Workplace, tmp_path: Path) -> None:
    context = old_tls(tmp_path)
    for tls in ("legacy", "normal"):
        portals.add(f"old-{tls}", usual(), extra=f", tls: {tls}", tls=context)
    result = workplace.crawl("--portals", portals.register(), code=1)
    assert (result.outcome("old-legacy"), result.row("old-legacy")["reports"]) == ("ok", 2)
    assert result.outcome("old-normal") == "unreachable"
    assert "old-normal: unreachable (tls)" in result.stderr


def test_the_context_of_old_portals() -> None:
    factory = LegacyContextFactory()
    context = factory._get_cert_options().getContext()
    assert context.set_options(0) & RENEGOTIATION == RENEGOTIATION
    names = SSL.Connection(context, None).get_cipher_list()
    # Keys without a certificate and ciphers that hide nothing stay out.
    assert not [name for name in names if "NULL" in name or name.startswith(("ADH", "AECDH"))]
    assert "AES128-SHA" in names


@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream", "application/x-download", "image/gif", ""])
def test_content_types_that_are_wrong(portals: Portals, workplace: Workplace, kind: str) -> None:
    pages = {path: Answer(answer.body, answer.status, {"Content-Type": kind}) for path, answer in usual().items()}
    portals.add("wrong", pages)
    result = workplace.crawl("--portals", portals.register())
    assert (result.outcome("wrong"), result.row("wrong")["reports"]) == ("ok", 2)


@pytest.mark.parametrize("kind", [HTML, "text/plain", ""])
def test_gzip_without_its_header_and_the_header_without_gzip(portals: Portals, workplace: Workplace, kind: str) -> None:
    pages = usual()
    pages["/"] = Answer(pages["/"].body, headers={"Content-Encoding": "gzip"})
    for path in ("/xxgk/", "/xxgk/nb/", "/a/2020.html"):
        pages[path] = Answer(gzip.compress(pages[path].body), headers={"Content-Type": kind})
    portals.add("zipped", pages)
    result = workplace.crawl("--portals", portals.register())
    assert (result.outcome("zipped"), result.row("zipped")["reports"]) == ("ok", 2)


def test_pages_that_send_their_reader_on_are_followed_twice_and_within_the_portal(portals: Portals, workplace: Workplace) -> None:
    pages = usual()
    pages["/home.html"] = pages["/"]
    pages["/"] = page("x", head='<meta http-equiv=refresh content="0;URL=/index.html">')
    pages["/index.html"] = page("x", "<script>window.location.href = '/home.html'</script>")
    portals.add("twice", pages)
    deeper = dict(pages)
    deeper["/home.html"] = page("x", "<script>location='/really.html'</script>")
    third = portals.add("thrice", deeper | {"/really.html": usual()["/"]})
    there, back = (page("x", f"<script>location.href='{path}'</script>") for path in ("/b/", "/"))
    circle = portals.add("circle", {"/": there, "/b/": back})
    result = workplace.crawl("--portals", portals.register(), code=1)
    assert (result.outcome("twice"), result.row("twice")["reports"]) == ("ok", 2)
    assert [result.outcome("thrice"), result.outcome("circle")] == ["unreachable", "unreachable"]
    assert "/really.html" not in third.paths
    assert len(circle.paths) <= 4


def test_cookies_in_circles_end(portals: Portals, workplace: Workplace) -> None:
    """A server that sets a new cookie with every redirect to itself, and one that is content with the second."""
    count = iter(range(1000))

    def endless(_: dict[str, str]) -> Answer:
        return Answer(b"", 302, {"Location": "/", "Set-Cookie": f"CT6T={next(count)}; path=/"})

    def content(headers: dict[str, str]) -> Answer:
        seen = headers.get("cookie", "")
        step = 2 if "step=2" in seen else 1 if "step=1" in seen else 0
        return usual()["/"] if step == 2 else Answer(b"", 302, {"Location": "/", "Set-Cookie": f"step={step + 1}; path=/"})

    circle = portals.add("circle", {"/": endless})
    portals.add("content", {**usual(), "/": content})
    result = workplace.crawl("--portals", portals.register(), code=1)
    assert [result.outcome("circle"), result.outcome("content")] == ["unreachable", "ok"]
    assert circle.paths.count("/") <= 6


def test_downloads_behind_a_page_of_the_server(portals: Portals, workplace: Workplace) -> None:
    """`download.jsp?…` in a list: its answer is a file, whatever the address looks like, and costs the walk nothing else."""
    pages = usual(("/system/_content/download.jsp?wbfileid=77", "某县人民政府2019年政府信息公开工作年度报告", "2020-01-20"))
    pages["/system/_content/download.jsp?wbfileid=77"] = Answer(
        b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n",
        headers={"Content-Type": "application/octet-stream", "Content-Disposition": "attachment; filename=%B1%A8%B8%E6.pdf"},
    )
    portal = portals.add("files", pages)
    result = workplace.crawl("--portals", portals.register(), code=None)
    assert result.row("files")["reports"] >= 2
    assert portal.paths.count("/system/_content/download.jsp?wbfileid=77") == 1
    assert "Traceback" not in result.stderr


def test_other_ports_of_a_portals_host_are_not_its_own_unless_the_register_has_them() -> None:
    plain = Scope(Entry("a", "某县人民政府", "610430", "county", "http://www.a.gov.cn/"))
    odd = Scope(Entry("a", "某县人民政府", "610430", "county", "http://www.a.gov.cn:8080/", hosts=("b.a.gov.cn",)))
    for scope, good, bad in (
        (plain, ("a.gov.cn", "a.gov.cn:80", "www.a.gov.cn:443"), ("a.gov.cn:8080", "a.gov.cn:6379")),
        (odd, ("a.gov.cn:8080", "a.gov.cn", "b.a.gov.cn"), ("b.a.gov.cn:8080",)),
    ):
        assert [scope.refuses(f"http://{host}/x") for host in good] == [None] * len(good)
        assert [scope.refuses(f"http://{host}/x") for host in bad] == ["foreign_host"] * len(bad)
