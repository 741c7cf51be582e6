"""Which page a copy was taken from: every host that the page names, weighed by where it names it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from pipelines.addresses import LONGEST, LONGEST_HOST, host_of, hosts_in, is_government, parameters
from pipelines.attachments import TYPES
from pipelines.checks.mirror_signals import signals
from pipelines.decode.document import Document
from pipelines.labels import meta_value
from pipelines.reading import Reading

# Where a report says that its electronic version lies, and where a text speaks of a site at all.
_REPORT_SENTENCE = re.compile(r"电子版|下载")
_OWN_SITE = re.compile(r"电子版|下载|门户网|政府网|官网|官方网站|信息公开(?:网|平台|栏)|网站|网络平台|登录|查阅|网址")
_OWN_SITE_REACH = 30
_REPORT_REACH = 60
_SENTENCE_END = re.compile(r"[。;\n]")
# Companies whose sites reports name as channels; a report does not lie there.
_CHANNELS = re.compile(
    r"(?:^|\.)(?:weibo|qq|wechat|weixin|163|126|sina|sohu|baidu|toutiao|douyin|people|xinhuanet|cctv|12345|alipay|conac|miit)\."
)
_FILE_NAME = re.compile(rf"\.(?:{'|'.join(TYPES)}|html?|shtml|jsp|aspx?|php|jpg|png|gif|js|css|txt)$")
_EMBEDDED = re.compile(
    r"(?:^|[/=?&:])(?:https?:?/{1,2})?(?P<host>(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,12})(?::\d{1,5})?(?P<path>/[^\s?#&]*)?", re.IGNORECASE
)
_SCHEME = re.compile(r"https?:?/{1,2}[^/]", re.IGNORECASE)
# Gateways write another host as the first part of their own: www-example-gov-cn.gateway.com, www.example.gov.cn.gateway.com.
_GATEWAY = re.compile(r"(?P<host>[a-z0-9.-]{1,100}?)(?P<dot>[.-])gov(?P=dot)cn\.(?=[a-z])")
_CANONICAL = re.compile(rb"<link\b[^<>]{0,300}\bcanonical\b[^<>]{0,600}>", re.IGNORECASE)
_HREF = re.compile(rb"href\s*=\s*[\"']?([^\"'\s>]{1,500})", re.IGNORECASE)
_HOME = re.compile(r"^\[?(?:网站|门户|政府)?(?:首页|主页)\]?$")
_FILE_LINK = re.compile(rf"\.(?:{'|'.join(TYPES)})(?:$|\?)", re.IGNORECASE)
# The links of a page are looked through as far as this.
_MOST_LINKS = 2_000
# How long an address may be in the record.
_LONGEST_SHOWN = 300


@dataclass(slots=True, frozen=True)
class Original:
    """A host that the page gives away as its home, with the whole address where that is known, the points and the surest source."""

    host: str
    address: str
    points: float
    source: str


@dataclass(slots=True)
class _Candidate:
    sources: dict[str, None] = field(default_factory=dict)
    address: str = ""


def own_hosts(text: str) -> list[tuple[str, int]]:
    """The hosts that a text names and a site can lie at, with their offsets: no file names, no channels of other companies."""
    return [(host, at) for host, at in hosts_in(text) if not _FILE_NAME.search(host) and not _CHANNELS.search(host)]


def speaks_of_a_site(text: str, host: str, offset: int) -> bool:
    """Whether the words around a host in the text speak of a site or of where the report lies."""
    return _OWN_SITE.search(text[max(0, offset - _OWN_SITE_REACH) : offset + len(host) + _OWN_SITE_REACH]) is not None


def _of_report(text: str, host: str, offset: int) -> bool:
    """Whether the sentence around a host says where the report's electronic version lies."""
    before = _SENTENCE_END.split(text[max(0, offset - _REPORT_REACH) : offset])[-1]
    behind = _SENTENCE_END.split(text[offset + len(host) : offset + len(host) + _OWN_SITE_REACH])[0]
    return _REPORT_SENTENCE.search(before + behind) is not None


def embedded_address(url: str | None) -> tuple[str, str]:
    """The host and the whole address that stand inside a page's own address; empty where there are none.

    A host without `http:` before it counts when it is a government's: `mirror.com/www.example.gov.cn/a.html`.
    """
    address = (url or "")[:LONGEST]
    own = host_of(address)
    if gateway := _GATEWAY.match(own):
        host = gateway["host"] if gateway["dot"] == "." else gateway["host"].replace("--", "\0").replace("-", ".").replace("\0", "-")
        host = host.strip(".") + ".gov.cn"
        path = _path_of(address)
        return (host, f"http://{host}{path}") if path else (host, host)
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    for rest in (unquote(unquote(parts.path)), unquote(unquote(parts.query))):
        for match in _EMBEDDED.finditer(rest):
            host = match["host"].lower()
            if host != own and (is_government(host) or _SCHEME.match(match.group().lstrip("/=?&:"))) and not _FILE_NAME.search(host):
                path = match["path"] or ""
                return host, f"http://{host}{path}" if len(path) > 1 else host
    return "", ""


def _path_of(address: str | None) -> str:
    try:
        path = urlsplit((address or "")[:LONGEST]).path
    except ValueError:
        return ""
    return path if len(path) > 1 else ""


def article_path(url: str | None) -> tuple[str, str]:
    """The platform that made the path of an address and that path; empty where no platform is known for it."""
    path = _path_of(url)
    return next(((name, path) for name, shape in signals().article_paths.items() if shape.match(path)), ("", ""))


def _canonical(body: bytes) -> str:
    if b"canonical" not in body or (link := _CANONICAL.search(body)) is None or (target := _HREF.search(link.group())) is None:
        return ""
    return target[1].decode("ascii", "replace")


def _from_addresses(reading: Reading) -> Iterator[tuple[str, str]]:
    """What the page itself says to be its address, by source."""
    meta, known = reading.document.meta, signals()
    yield "own_address", embedded_address(reading.page.url)[1]
    yield "canonical", _canonical(reading.page.body)
    for tag in known.address_tags:
        yield "canonical", meta.get(tag, "")
    for link in reading.document.links[:_MOST_LINKS]:
        if "jiucuo" in link.href or "site_code=" in link.href:
            yield "error_report", next(iter(parameters(link.href).get("url", [])), "")
    yield "site_domain", meta_value(meta, "site_domain") or ""
    for host in reading.page.context.hosts:
        yield "register", host


def _from_links(document: Document) -> Iterator[tuple[str, str]]:
    counts: Counter[str] = Counter()
    for link in document.links[:_MOST_LINKS]:
        if "gov.cn" not in link.href or "jiucuo" in link.href or not is_government(host := host_of(link.href)):
            continue
        counts[host] += 1
        if counts[host] == 1:
            yield "link", host
        if _FILE_LINK.search(link.href[:LONGEST]):
            yield "file", host
        elif _HOME.match(link.text):
            yield "home_link", host
    for image in document.images:
        if "gov.cn" in image.src and is_government(host := host_of(image.src)):
            yield "file", host
    yield from (("many_links", host) for host, count in counts.items() if count >= signals().links_at_least)


def _from_text(document: Document, text: str, hosts: list[tuple[str, int]]) -> Iterator[tuple[str, str]]:
    tail = len(text) - sum(len(line.clean) + 1 for line in document.tail)
    for host, offset in hosts:
        if not is_government(host):
            continue
        if offset >= tail and document.media == "html":
            yield "footer", host
        elif _of_report(text, host, offset):
            yield "report_sentence", host
        else:
            yield "own_site" if speaks_of_a_site(text, host, offset) else "text", host


def _normal(address: str) -> tuple[str, str]:
    """The host of an address, with or without scheme, and the address with it where it leads further than to the home page."""
    address = address.strip()[:_LONGEST_SHOWN]
    whole = address if "://" in address else f"http://{address.lstrip('/')}"
    host = host_of(whole)
    path = _path_of(whole)
    return (host, whole if path else host) if "." in host and len(host) <= LONGEST_HOST else ("", "")


def find_original(reading: Reading, text: str, hosts: list[tuple[str, int]]) -> Original | None:
    """The page's original as far as the page gives it away, else `None`; `hosts` are those of the text.

    Never the page's own host, nobody's (www.gov.cn), the province's portal below the province, or one of several that are equally likely.
    The path of the copy is kept where it is one of a known platform: on the original's host it leads to the report.
    """
    known, own = signals(), host_of(reading.page.url)
    candidates: dict[str, _Candidate] = defaultdict(_Candidate)
    for source, address in (*_from_addresses(reading), *_from_links(reading.document), *_from_text(reading.document, text, hosts)):
        host, whole = _normal(address)
        if not host or host == own or host in known.nobodys_hosts or not (is_government(host) or source in ("own_address", "register")):
            continue
        if host in known.province_portals and not (reading.report.adcode or "0000").endswith("0000"):
            continue
        candidate = candidates[host]
        candidate.sources.setdefault(source)
        if whole != host and not candidate.address:
            candidate.address = whole
    ranked = sorted(
        ((sum(known.originals[source] for source in c.sources), host, c) for host, c in candidates.items()), key=lambda entry: -entry[0]
    )
    if not ranked or ranked[0][0] < known.original_at_least or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    points, host, candidate = ranked[0]
    _, path = article_path(reading.page.url)
    address = candidate.address or (f"http://{host}{path}" if path else host)
    return Original(host, address, points, max(candidate.sources, key=lambda source: known.originals[source]))
