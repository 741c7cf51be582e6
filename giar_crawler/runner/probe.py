"""What a portal is: its platform with the evidence, and the register's entry that it would be. One page is enough, saved or fetched."""

from __future__ import annotations

import re
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPMessage
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

import yaml
from protego import Protego

from giar_crawler.items import Page
from giar_crawler.platforms import PLATFORMS, ListPage, detect, read_page
from giar_crawler.platforms.base import evidence, score
from giar_crawler.register import is_loopback
from giar_crawler.register.portal import host_key
from giar_crawler.settings import ROBOTSTXT_USER_AGENT, USER_AGENT
from pipelines import read
from pipelines.labels import meta_value
from pipelines.metadata.gazetteer import place_of_code

MOST_BYTES = 4 * 1024 * 1024
SECONDS = 30
# Labels of hosts that say nothing of a portal's name.
NO_NAME = frozenset({"www", "xxgk", "zwgk", "gov", "cn", "com", "org", "net", "new", "old", "m"})
_SLUG = re.compile(r"[^a-z0-9]+")


class ProbeError(Exception):
    """The page could not be had; the message says what was tried and what came back."""


@dataclass(slots=True, frozen=True)
class Probe:
    """What was found. `evidence` are the marks of the family on the page; `scores` those of all families that have any."""

    url: str
    platform: str
    evidence: list[str]
    scores: dict[str, int]
    entry: dict[str, Any]

    @property
    def as_yaml(self) -> str:
        """The entry to add to a register file."""
        text: str = yaml.safe_dump({"portals": [self.entry]}, allow_unicode=True, sort_keys=False, width=120)
        return text


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Redirects within the portal only: a probe asks nobody else."""

    def redirect_request(  # noqa: PLR0913, PLR0917 # the base class's
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        """Raises ProbeError for another host."""
        if host_key(urlsplit(newurl).netloc) != host_key(urlsplit(req.full_url).netloc):
            raise ProbeError(f"{req.full_url} leads to {newurl}, another host; probe that address if it is the portal")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _get(url: str, agent: str) -> tuple[str, bytes, str]:
    request = urllib.request.Request(url, headers={"User-Agent": agent, "Accept-Language": "zh-CN,zh;q=0.9"})  # noqa: S310 # checked below
    opener = urllib.request.build_opener(_SameHost)
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            return answer.url, answer.read(MOST_BYTES), answer.headers.get("Content-Type") or ""
    except urllib.error.HTTPError as error:
        return url, b"", f"status {error.code}"
    except (OSError, ssl.SSLError, ValueError) as error:
        raise ProbeError(f"{url} did not answer: {error}") from error


def fetch(url: str, contact: str) -> tuple[str, bytes, str]:
    """The page's final address, its bytes and its type, by one polite request. Raises ProbeError."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ProbeError(f"{url} is no http address; e.g. http://www.chunhua.gov.cn/ or the path of a saved page")
    if not contact and not is_loopback(parts.netloc):
        raise ProbeError("a portal has to know who asks: give --contact you@example.org (or GIAR_CONTACT)")
    agent = f"{USER_AGENT} (+{contact})" if contact else USER_AGENT
    _, robots, kind = _get(urljoin(url, "/robots.txt"), agent)
    if kind.startswith("status 5"):
        raise ProbeError(f"{parts.netloc} answers {kind} for robots.txt: nothing else is asked of it then")
    if robots and not Protego.parse(robots.decode("utf-8", "replace")).can_fetch(url, ROBOTSTXT_USER_AGENT):
        raise ProbeError(f"robots.txt of {parts.netloc} forbids {url}; save the page in a browser and probe the file")
    final, body, kind = _get(url, agent)
    if not body:
        raise ProbeError(f"{url} answered with {kind or 'nothing'}")
    return final, body, kind


def probe(url: str | None, body: bytes, content_type: str = "") -> Probe:
    """What a page says of its portal. `url` is unknown for a saved page: then the entry has a home to be filled in."""
    address = url or "http://unknown.invalid/"
    page = read_page(address, body, content_type)
    platform = detect(page)
    scores = {family.name: points for family in PLATFORMS if (points := score(family.name, page))}
    return Probe(address, platform.name, evidence(platform.name, page), scores, _entry(url, page, body, content_type, platform.name))


def _entry(url: str | None, page: ListPage, body: bytes, content_type: str, platform: str) -> dict[str, Any]:
    """The register's entry as far as the page tells it; what it does not tell is left to be filled in."""
    report = read(Page(url, body, {"content-type": content_type}))
    code = report.adcode or (report.site_code[:6] if report.site_code and report.site_code.isdigit() else None)
    place = place_of_code(code) if code else None
    metas = {name.lower(): content for name, content in _metas(page)}
    name = meta_value(metas, "site_name") or (f"{place.name}人民政府" if place else page.head_title[:40])
    host = urlsplit(url).netloc if url else ""
    entry: dict[str, Any] = {
        "id": _id(host) or "FILL-IN",
        "name": name or "FILL-IN",
        "adcode": code or "FILL-IN",
        "level": place.level if place else "county",
        "home": f"{urlsplit(url).scheme}://{host}/" if url else "http://FILL-IN/",
    }
    if report.site_code:
        entry["site_code"] = report.site_code
    if url and urlsplit(url).path.strip("/") and platform != "static":
        entry["lists"] = [url]
    return entry | {"platform": platform, "verified": None}


def _metas(page: ListPage) -> list[tuple[str, str]]:
    if page.root is None:
        return []
    return [(element.get("name") or "", (element.get("content") or "").strip()) for element in page.root.iter("meta")]


def _id(host: str) -> str:
    """An id from the host: chunhua of www.chunhua.gov.cn."""
    labels = [label for label in host.lower().partition(":")[0].split(".") if label not in NO_NAME]
    return _SLUG.sub("-", "-".join(reversed(labels))).strip("-")
