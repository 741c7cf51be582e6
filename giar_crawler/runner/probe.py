"""What a portal is: its platform with the evidence, and the register's entry that it would be. One page is enough, saved or asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import yaml
from scrapy.crawler import AsyncCrawlerProcess

from giar_crawler.items import Page
from giar_crawler.middlewares.challenges import challenge
from giar_crawler.middlewares.refusals import Refusal
from giar_crawler.outcomes import PortalOutcome
from giar_crawler.platforms import PLATFORMS, ListPage, detect, read_page
from giar_crawler.platforms.base import evidence, score
from giar_crawler.platforms.drawn import drawing
from giar_crawler.register import Portal
from giar_crawler.rendering import NoBrowserError, rendering_settings
from giar_crawler.runner.asking import Reply, ask, asking_process
from giar_crawler.runner.reactor import run_until_done
from giar_crawler.spiders.arguments import BadArgumentError, check_contact
from giar_crawler.spiders.failures import failure_reason
from giar_crawler.spiders.lexicon import names_column
from giar_crawler.spiders.outcome import ENTRY_FAILURES, PAUSES
from giar_crawler.spiders.scope import Scope
from pipelines import read
from pipelines.labels import meta_value
from pipelines.metadata.gazetteer import place_of_code

# A page with fewer links has nothing of its own.
FEW_LINKS = 10
# Characters of an answer that is no page.
EXCERPT = 120
# Labels of hosts that say nothing of a portal's name.
NO_NAME = frozenset({"www", "xxgk", "zwgk", "gov", "cn", "com", "org", "net", "new", "old", "m"})
_SLUG = re.compile(r"[^a-z0-9]+")


class ProbeError(Exception):
    """The call is wrong, nobody was asked; the message says what is expected."""


@dataclass(slots=True, frozen=True)
class Probe:
    """What was found. `outcome` is `ok`, or the portal's where no page came, and `said` why.

    `evidence` are the marks of the family on the page; `scores` those of all families that have any; `notes` what else was noticed.
    """

    url: str
    outcome: PortalOutcome = PortalOutcome.OK
    said: str = ""
    platform: str | None = None
    evidence: list[str] = field(default_factory=list)
    scores: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    entry: dict[str, Any] | None = None

    @property
    def as_yaml(self) -> str:
        """The entry to add to a register file; empty where there is none."""
        if self.entry is None:
            return ""
        text: str = yaml.safe_dump({"portals": [self.entry]}, allow_unicode=True, sort_keys=False, width=120)
        return text


def probe_portal(url: str, contact: str, registered: Portal | None = None) -> Probe:
    """What the page at an address says of its portal, asked for as a walk would; `registered` is the register's entry for its host.

    Where that fails for TLS alone, or the page has its list drawn by a script, it is asked once more, with old TLS or in a browser. Raises
    ProbeError where the call is wrong.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ProbeError(f"{url} is no http address; e.g. http://www.chunhua.gov.cn/ or the path of a saved page")
    home = f"{parts.scheme}://{parts.netloc}/"
    portal = registered or Portal(_id(parts.netloc) or "probe", "", "000000", "county", home)
    url = url if parts.path else home
    if refusal := Scope(portal).refuses(url):
        raise ProbeError(f"{url} is no address that a walk asks ({refusal})")
    try:
        check_contact(contact, [parts.netloc])
    except BadArgumentError as error:
        raise ProbeError(str(error)) from error
    process = asking_process(contact)
    return run_until_done(process, _probe(process, portal, url), signals=True)


async def _probe(process: AsyncCrawlerProcess, portal: Portal, url: str) -> Probe:
    reply = await ask(process, portal, url)
    old = False
    if portal.tls == "normal" and url.startswith("https:") and failure_reason(reply.error) in {"tls", "connection"} and reply.error:
        second = await ask(process, replace(portal, tls="legacy", render=False), url)
        reply, old = (second, True) if second.error is None else (reply, False)
    if reply.error is not None:
        return _failed(portal, reply, url)
    if reply.status is None or reply.status >= 400 or not reply.body:
        said = f"{reply.url} answered {reply.status} without a page"
        return Probe(reply.url, ENTRY_FAILURES.get(f"http_{reply.status}", PortalOutcome.UNREACHABLE), said)
    found = probe(reply.url, reply.body, reply.content_type)
    notes, entry = list(found.notes), dict(found.entry or {})
    verified = {"verified": entry.pop("verified", None)}
    if old or portal.tls == "legacy":
        entry["tls"] = "legacy"
        notes.append("the server knows only old TLS: the handshake fails without `tls: legacy` and succeeds with it")
    elif entry.get("render") and not portal.render:
        notes.append(await _tried_in_browser(process, portal, reply, entry))
    elif portal.render:
        entry["render"] = True
    return replace(found, notes=notes, entry=entry | verified)


async def _tried_in_browser(process: AsyncCrawlerProcess, portal: Portal, reply: Reply, entry: dict[str, Any]) -> str:
    """What a browser makes of a page that seems drawn; takes `render` out of the entry where it makes nothing of it."""
    drawn = replace(portal, render=True)
    try:
        rendering_settings(drawn)
    except NoBrowserError as error:
        return f"whether `render: true` helps was not tried: {error}"
    second = await ask(process, drawn, reply.url)
    before = read_page(reply.url, reply.body, reply.content_type)
    after = read_page(second.url, second.body, second.content_type)
    more = len(after.anchors()) - len(before.anchors())
    if more <= 0:
        del entry["render"]
        return "a script seems to draw the list, but a browser shows no more links"
    return f"a browser shows {more} links more: `render: true`"


def _failed(portal: Portal, reply: Reply, url: str) -> Probe:
    """Why no page came, with the challenge by its name."""
    error = reply.error
    reason = failure_reason(error)
    outcome = PortalOutcome.NOT_CRAWLED if reason in PAUSES else ENTRY_FAILURES.get(reason, PortalOutcome.UNREACHABLE)
    said = str(error) or type(error).__name__
    answer = error.response if isinstance(error, Refusal) else None
    if answer is not None and (found := challenge(answer.status, answer.body, "home" if answer.url == portal.home else "list")):
        page = read_page(answer.url, answer.body)
        shown = f"{answer.status} {page.head_title} {page.visible}"[:EXCERPT].strip()
        said = f"{answer.url}: {'blocked by' if found.ban else found.kind} {found.name} ({shown})"
    elif reason == "robots":
        said = f"{said}; save the page in a browser and probe the file"
    elif reason == "foreign_host":
        said = f"{url} leads to {reply.url}, another host; probe that address if it is the portal"
    return Probe(reply.url, outcome, said)


def probe(url: str | None, body: bytes, content_type: str = "") -> Probe:
    """What a page says of its portal. `url` is unknown for a saved page: then the entry has a home to be filled in."""
    address = url or "http://unknown.invalid/"
    found = challenge(200, body, "home")
    if found is not None:
        return Probe(address, ENTRY_FAILURES[found.kind], f"the page is no page of the portal: {found.kind} ({found.name})")
    page = read_page(address, body, content_type)
    platform = detect(page)
    scores = {family.name: points for family in PLATFORMS if (points := score(family.name, page))}
    entry = _entry(url, page, body, content_type, platform.name)
    notes = []
    if platform.name == "static" and (marks := _drawn(page)):
        entry = {**entry, "render": True, "verified": entry["verified"]}
        notes.append(f"a script draws the list: {', '.join(marks)}")
    return Probe(address, PortalOutcome.OK, "", platform.name, evidence(platform.name, page), scores, notes, entry)


def _drawn(page: ListPage) -> list[str]:
    """What draws the list of a page that came without one: it has no dated rows, and is the annual-report column or has hardly a link."""
    rows = detect(page).entries(page)
    if any(row.date for row in rows) or not (names_column(page.title, page.url) or len(page.anchors()) < FEW_LINKS):
        return []
    return drawing(page)


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
