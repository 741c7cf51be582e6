"""The disclosure module (信息公开) of Hanweb JCMS: a list drawn by a POST to `search.jsp`, and the reports of a year by organ code.

`search.jsp` goes by area (empty where the site has one alone) and by kind (`infotypeId`), not by column. The kinds stand in the tree beside
the list, `tree.jsp`: `funclick('A05',…)>政府信息公开年报`; the page calls `loadDynamic('/module/xxgk/search.jsp?…', 'div4', …)`. Where
none of them is that of annual reports, titles with 信息公开 are asked for, and all where a server finds none with it.

`xxgkAnnualReport.jsp?fbtime=YEAR&area=CODE` is a report (seen in Lishui and Yongjia). How its years and organs are offered was not seen, so
unverified: a form with these names, or links, of which the years before the newest one are guessed.
"""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml import etree

from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.page import ListPage
from giar_crawler.platforms.rows import entries_of, printed_total
from giar_crawler.platforms.static import Static
from giar_crawler.platforms.turns import ListRequest
from pipelines.decode.tree import folded
from pipelines.titles import names_column

SEARCH = "/module/xxgk/search.jsp"
TREE = "/module/xxgk/tree.jsp"
REPORTS = "/module/xxgk/xxgkAnnualReport.jsp"
SEARCH_ADDRESS = re.compile(r"/module/xxgk/search\.jsp", re.IGNORECASE)
TREE_ADDRESS = re.compile(r"/module/xxgk/tree\.jsp", re.IGNORECASE)
REPORTS_ADDRESS = re.compile(r"/module/xxgk/xxgkAnnualReport\.jsp", re.IGNORECASE)
# What the page's script or its tree's address say of the list.
AREA = re.compile(r"/module/xxgk/(?:tree|search)\.jsp\?(?:[^\"'\s]{0,300}&(?:amp;)?)?area=([\w-]{0,40})", re.IGNORECASE)
IN_TREE = re.compile(r"/module/xxgk/tree\.jsp\?", re.IGNORECASE)
# Of `loadDynamic(address, div, kind, …, …, site)`, whose address may be put together.
SITE = re.compile(r"loadDynamic\([^()]{1,400}?,\s*['\"]div\w{1,20}['\"](?:\s*,\s*['\"][^'\"]{0,60}['\"]){3}\s*,\s*['\"](\w{1,20})['\"]")
# Quotes of a script in a script are escaped.
KIND = re.compile(r"funclick\(\s*\\?['\"](\w{1,40})\\?['\"][^()<>]{0,200}\)[^<>]{0,80}>\s*([^<>]{1,60})", re.IGNORECASE)
VALUE = re.compile(r"\b(infotypeId|jdid|divid|area)\s*[=:]\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
NAMES = {"infotypeid": "infotypeId", "jdid": "jdid", "divid": "divid", "area": "area"}
PAGES = re.compile(r"共\s*(\d{1,5})\s*页")
YEAR = re.compile(r"(?:19|20)\d\d")
WANTED = "信息公开"
FIRST_YEAR = 2008
MOST_PAIRS = 1500
MOST_VALUES = 200
MOST_KINDS = 500
LONGEST_SCRIPT = 400_000


class JcmsDisclosure:
    """The disclosure module of Hanweb JCMS."""

    name = "jcms_disclosure"

    def entries(self, page: ListPage) -> list[ListEntry]:
        """The links of the page with the dates of their rows, then the years and organs of a form for annual reports.

        Of a form's entries the title is what the form itself prints: `2017年 某县教育局`.
        """
        rows = entries_of(page)
        known = {entry.url for entry in rows}
        return [*rows, *(entry for entry in _by_year(page) if entry.url not in known)]

    def next_requests(self, page: ListPage) -> list[ListRequest]:
        """From the column to the tree of kinds, from there to the search, and on to its last page; others go on like static lists."""
        if SEARCH_ADDRESS.search(page.url):
            return self._following(page)
        if TREE_ADDRESS.search(page.url):
            values = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
            kinds = [kind for kind, label in islice(KIND.findall(page.text[:LONGEST_SCRIPT]), MOST_KINDS) if names_column(folded(label))]
            searches = [_search(page, {**values, "infotypeId": kind, "vc_title": ""}, 1) for kind in dict.fromkeys(kinds)]
            return [request for search in searches for request in search] or _search(page, {**values, "vc_title": WANTED}, 1)
        area = AREA.search(page.text)
        if not area:
            return Static().next_requests(page)
        values = {NAMES[name.lower()]: value for name, value in islice(VALUE.findall(page.text[:LONGEST_SCRIPT]), MOST_VALUES)}
        if site := SITE.search(page.text[:LONGEST_SCRIPT]):
            values["jdid"] = site[1]
        values["area"] = area[1]
        if IN_TREE.search(page.text):
            # What its answer does not say travels in the tree's address.
            known = {name: value for name, value in values.items() if name != "infotypeId"}
            url = absolute(page.base, f"{TREE}?{urlencode({'standardXxgk': '1', **known})}")
            return [ListRequest(url)] if url else []
        return _search(page, {**values, "vc_title": WANTED}, 1)

    def total(self, page: ListPage) -> int | None:
        """The count that the list prints."""
        return printed_total(page) if SEARCH_ADDRESS.search(page.url) else None

    def _following(self, page: ListPage) -> list[ListRequest]:
        values = dict(parse_qsl(page.posted or urlsplit(page.url).query, keep_blank_values=True))
        text = values.get("currpage", "")
        here = int(text) if text.isdecimal() and len(text) < 6 else 1
        if not entries_of(page):
            return _search(page, {**values, "vc_title": ""}, 1) if here == 1 and values.get("vc_title") else []
        pages = PAGES.search(page.visible)
        return [] if pages and here >= int(pages[1]) else _search(page, values, here + 1)


def _search(page: ListPage, values: dict[str, str], number: int) -> list[ListRequest]:
    """A page of the search, as the module's script asks for it: the same values in the address and in the form."""
    asked = {"infotypeId": "", "jdid": "", "divid": "", "vc_title": "", "vc_number": "", **values, "currpage": str(number)}
    url = absolute(page.base, f"{SEARCH}?{urlencode({'area': asked.get('area', ''), 'currpage': asked['currpage']})}")
    return [ListRequest(url, posted=urlencode(asked))] if url else []


def _by_year(page: ListPage) -> list[ListEntry]:
    """The addresses behind a form of years and organs, or behind the one year that is linked: that one and all before it."""
    if page.root is None or not REPORTS_ADDRESS.search(page.text + page.url):
        return []
    years = {value: text for value, text in _options(page.root, "fbtime") if YEAR.fullmatch(value)}
    areas = dict(_options(page.root, "area"))
    if not years:
        return _before(page)
    here = dict(parse_qsl(urlsplit(page.url).query)).get("area", "")
    organs = areas or ({here: ""} if here else {})
    pairs = [(year, area) for area in organs if area for year in years]
    return [_entry(page, year, area, f"{years[year] or year} {organs[area]}".strip()) for year, area in pairs[:MOST_PAIRS]]


def _before(page: ListPage) -> list[ListEntry]:
    """The years before the newest one that is linked, for organs of which the page links one year only."""
    linked: dict[str, set[int]] = {}
    for anchor in page.anchors():
        if REPORTS_ADDRESS.search(anchor.url):
            values = dict(parse_qsl(urlsplit(anchor.url).query))
            if YEAR.fullmatch(values.get("fbtime", "")) and values.get("area"):
                linked.setdefault(values["area"], set()).add(int(values["fbtime"]))
    alone = [(area, max(years)) for area, years in linked.items() if len(years) == 1]
    pairs = [(year, area) for area, newest in alone for year in range(newest - 1, FIRST_YEAR - 1, -1)]
    return [_entry(page, str(year), area, f"{year}年") for year, area in pairs[:MOST_PAIRS]]


def _entry(page: ListPage, year: str, area: str, title: str) -> ListEntry:
    base = page.url if REPORTS_ADDRESS.search(page.url) else absolute(page.base, REPORTS) or page.url
    return ListEntry(f"{base.partition('?')[0]}?{urlencode({'fbtime': year, 'area': area})}", title)


def _options(root: etree._Element, name: str) -> list[tuple[str, str]]:
    """The choices of a form's field: value and text."""
    options = (option for field in root.iter("select") if field.get("name") == name for option in field.iter("option"))
    # Where nobody closed them they stand in each other: only what is before the next one is the option's.
    return [((option.get("value") or "").strip(), folded(option.text or "")) for option in islice(options, MOST_PAIRS)]
