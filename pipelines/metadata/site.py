"""What a page says of its site: 网站标识码, ICP and police numbers, and the places that they, the register and the text speak of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from giar_crawler.items import Finding, PageContext
from pipelines.addresses import host_of, parameters
from pipelines.data import load
from pipelines.decode.document import Document
from pipelines.findings import finding
from pipelines.labels import meta_value
from pipelines.metadata.organs import Organs
from pipelines.metadata.places import Place, place_of_code, resolve_place
from pipelines.metadata.wording import is_nobody
from pipelines.reading import Reading

_CODE = re.compile(r"(?<![0-9A-Za-z])(?:bm\d{8}|\d{10})(?![0-9A-Za-z])")
_POLICE = re.compile(r"公网安备\s*((\d{6})\d{8})(?!\d)")
_BARE_POLICE = re.compile(r"^((\d{6})\d{8})号$")
_ICP = re.compile(r"(?P<province>[^\W\d_])\s*icp\s*备\s*(?:\d{10}|\d{8})\s*号?(?:\s*-\s*\d{1,3})?(?!\d)", re.IGNORECASE)
# A footer has one or two; a page with more lists the sites of others.
_MOST_NUMBERS = 8
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]")
# Places are looked for in the opening and the end of the text; the middle repeats them.
OPENING, ENDING = 6000, 600
_CITED = re.compile(r"《[^《》]{4,60}(?:条例|办法|规定|通知|意见|方案|要点|细则)》")
# No title of a page is longer.
LONGEST_TITLE = 200


def valid_site_code(code: str | None) -> str | None:
    """The code when it is one: `bm` and 8 digits, or 10 digits that begin with a province. Junk such as 1234567890 is `None`."""
    code = (code or "").strip().lower()
    if not _CODE.fullmatch(code) or len(set(code.removeprefix("bm"))) == 1 or code == "1234567890":
        return None
    return code if code.startswith("bm") or _PROVINCE.match(code) else None


def _same_site(domain: str, url: str | None) -> bool:
    """Whether a SiteDomain meta tag can belong to the page's host; unknown hosts are believed."""
    host = host_of(url)
    domain = domain.lower().removeprefix("http://").removeprefix("https://").split("/")[0].split(":")[0]
    core = ".".join(domain.split(".")[-3:]) if domain.endswith((".gov.cn", ".com.cn")) else ".".join(domain.split(".")[-2:])
    return not host or not domain or host in (domain, core) or host.endswith("." + core)


def is_foreign_meta(document: Document, url: str | None) -> bool:
    """Whether the meta tags are those of another site: a template's leftovers."""
    domain = meta_value(document.meta, "site_domain")
    return domain is not None and host_of(url).endswith("gov.cn") and not _same_site(domain, url)


def read_site_code(document: Document, url: str | None) -> str | None:
    """网站标识码 from the footer, the link of the error report (`jiucuo.html?site_code=`), or the meta tag of the page's own site."""
    return next((code for code in map(valid_site_code, _site_codes(document, url)) if code), None)


def _site_codes(document: Document, url: str | None) -> Iterator[str | None]:
    for index, line in document.lines_with("标识码"):
        following = document.lines[index + 1].clean if index + 1 < len(document.lines) else ""
        yield from _CODE.findall(line.clean.partition("标识码")[2] + " " + following[:20])
    for link in document.links:
        if "site_code=" in link.href:
            yield from parameters(link.href).get("site_code", [])
    if not is_foreign_meta(document, url):
        yield meta_value(document.meta, "site_code")


@dataclass(slots=True, frozen=True)
class SiteNumber:
    """A number that a site was given: what it is, as printed, and the region that it names (`region`: two digits or six)."""

    kind: Literal["site_code", "police", "icp"]
    printed: str
    region: str

    @property
    def province(self) -> str:
        """The first two digits of the province's code."""
        return self.region[:2]


@cache
def _regions() -> Any:  # noqa: ANN401  # the shape is in the call
    return load(Path(__file__).with_name("site.yaml"), {"provinces": {"*": str}, "national": str})


def _police_number(document: Document, index: int) -> SiteNumber | None:
    """The 公安备案 number of a line; the digits may stand on the line below."""
    below = document.lines[index + 1].clean if index + 1 < len(document.lines) else ""
    match = _POLICE.search(document.lines[index].clean) or _BARE_POLICE.match(below.replace(" ", ""))
    return SiteNumber("police", f"公网安备{match[1]}号", match[2]) if match and _PROVINCE.match(match[2]) else None


def _registered_numbers(document: Document) -> Iterator[SiteNumber]:
    """The ICP numbers whose first character is a province's, and the police numbers, as they stand in the page."""
    provinces = _regions()["provinces"]
    # One character is found ten times as fast as a word.
    for index, line in document.lines_with("备"):
        if "公网安备" in line.clean and (number := _police_number(document, index)):
            yield number
        if "ICP" in line.clean or "icp" in line.clean:
            for match in _ICP.finditer(line.clean):
                if match["province"] in provinces:
                    yield SiteNumber("icp", "".join(match.group().split()), provinces[match["province"]])


def site_numbers(document: Document, site_code: str | None) -> list[SiteNumber]:
    """What the site was numbered with, the surest first: its code (when it belongs to a region), police and ICP numbers, each once."""
    numbers = [SiteNumber("site_code", f"网站标识码{site_code}", site_code[:6])] if site_code and site_code.isdigit() else []
    registered = dict.fromkeys(islice(_registered_numbers(document), _MOST_NUMBERS))
    return numbers + sorted(registered, key=lambda number: number.kind == "icp")


def contradicting_numbers(reading: Reading) -> list[SiteNumber]:
    """The numbers of the site that belong to another province than the report or its portal in the register.

    Numbers of Beijing's ICP and police registers contradict nothing: national organs keep the sites of their local offices there.
    """
    report, context = reading.report, reading.page.context
    places = {code[:2] for code in (report.adcode, context.adcode) if code}
    if not places:
        return []
    national = _regions()["national"]
    numbers = site_numbers(reading.document, report.site_code)
    return [n for n in numbers if places != {n.province} and (n.kind == "site_code" or n.province != national)]


def identity_findings(reading: Reading, numbers: list[SiteNumber]) -> list[Finding]:
    """One remark for each of these numbers of the site that contradict the place of the report or of its portal."""
    places = dict.fromkeys(code[:2] for code in (reading.report.adcode, reading.page.context.adcode) if code)
    return [
        finding(
            "site_identity_contradicted",
            number=number.printed,
            region=_province_name(number.province),
            places="、".join(_province_name(code) for code in places if code != number.province),
        )
        for number in numbers
    ]


def _province_name(digits: str) -> str:
    place = place_of_code(digits + "0000")
    return place.name if place else digits


def police_region(document: Document) -> str | None:
    """The region of the police registration number (公网安备), 6 digits."""
    return next((number.region for number in site_numbers(document, None) if number.kind == "police"), None)


def _within(inner: Place, outer: Place) -> bool:
    return inner.adcode == outer.adcode or outer.adcode in inner.ancestors


def _registered(document: Document, context: PageContext, site_code: str | None, year: int | None) -> Place | None:
    """The place of the site by its codes, else by the register."""
    codes = (
        site_code[:6] if site_code and site_code.isdigit() else None,
        police_region(document),
        (context.site_code or "")[:6],
        context.adcode,
    )
    return next((place for code in codes if code and (place := place_of_code(code, year) or place_of_code(code))), None)


def _settled(strong: list[str], year: int | None) -> Place | None:
    """The county that title and publisher name without any doubt: then the text need not be searched."""
    place, _ = resolve_place([(text, 1.0) for text in strong], year) if strong else (None, "")
    return place if place is not None and place.level == "county" else None


def read_place(reading: Reading, organs: Organs, title: str | None) -> Place | None:
    """The place that the report is about, by its text in the year that the record has by now.

    The codes of the site and the register complete the text and never overrule it.
    """
    document, context, year = reading.document, reading.page.context, reading.report.report_year
    named = [organ.name for organ in (organs.header, organs.filled, organs.signed, organs.announced) if organ and not is_nobody(organ.name)]
    strong = [*filter(None, (title, context.list_title)), *named]
    texts = [(text, 10.0) for text in strong]
    texts += [(organs.host.name, 3.0)] if organs.host else []
    texts += [(organs.site.name, 3.0)] if organs.site else []
    texts += [(context.portal_name, 3.0)] if context.portal_name else []
    texts += [(document.head_title[:LONGEST_TITLE], 2.0)] if document.head_title and not (organs.host or organs.site) else []
    place = _settled(strong, year)
    if place is not None:
        return place
    body = "\n".join(line.clean for line in document.body_lines if line.cells is None)
    # Whose law is cited is not whose report it is.
    body = _CITED.sub("", body)
    texts.append((body if len(body) <= OPENING + ENDING else body[:OPENING] + "\n" + body[-ENDING:], 1.0))
    place, _ = resolve_place(texts, year)
    site = _registered(document, context, reading.report.site_code, year)
    if place is None or (site is not None and _within(site, place) and not any(place.name in text for text in strong)):
        return site or place
    return place
