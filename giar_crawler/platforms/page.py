"""A list page as the platforms see it: its text, its tree, its links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, cast

from lxml import etree

from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.chosen import Choices
from giar_crawler.platforms.turns import Source, Turn
from giar_crawler.platforms.written import CHINESE, WHOLE, Functions, clicked, nodes, opens_part
from pipelines.attachments import TYPES
from pipelines.data import load, pattern
from pipelines.decode.charset import decode_bytes
from pipelines.decode.tree import folded, text_of

# A list page of more bytes is no list; links beyond this number are a trap or a site map.
MOST_BYTES = 8 * 1024 * 1024
MOST_LINKS = 3000
MOST_VISIBLE = 5000
MOST_WORDS = 500
# A row that opens an address when it is clicked has hardly more words; what has is a part of the page.
MOST_CLICKED = 200
# 政府信息公开年报 [更多>>]: the heading names the column, the link beside it leads there.
MORE = re.compile(r"\W*(?:查看|浏览)?(?:更多|more)(?:内容|信息)?\W*|\+", re.IGNORECASE)
MORE_PICTURE = re.compile(r"(?:^|[/_-])(?:more|gengduo|gd)\w{0,3}\.(?:gif|png|jpe?g|svg)$", re.IGNORECASE)
MOST_HEADING, MOST_AROUND = 24, 3
BREADCRUMBS = ("position", "crumb", "location", "weizhi", "dqwz")
# Above the link in the markup, and before the first link in the text.
MOST_ABOVE, MOST_PLACE = 4, 200
PLACE = re.compile(r"^\W*(?:首页|您|你|现在|当前|目前|所在|的)*位置")
# A page that only sends its reader on has hardly more characters than "loading, please wait".
MOST_OF_NOTHING = 200
# The date of a row, before or behind its words.
DATE = r"[\s\[(（【]*(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?(?:\s?\d{1,2}:\d\d(?::\d\d)?)?[\s\])）】]*"
DATED = re.compile(rf"^{DATE}|{DATE}$")
ALL_DATE = re.compile(DATE)
# Attributes by which scripts know what a tab, a row or a button opens.
DATA_ADDRESSES = ("data-url", "data-href", "data-link", "data-src", "data-next")
# Some links are whole cards: headline, summary, date. So many characters make words of class "title" a headline, not a label like [年报].
LEAST_HEADLINE = 8
# A card has hardly more elements; links that nobody closes hold the rest of the page each.
MOST_OF_CARD = 200
HEADLINE_CLASS = re.compile(r"(?:^|[\s_-])(?:title|tit|bt|biaoti)(?:$|[\s_-])", re.IGNORECASE)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Files that a list may link instead of pages.
ATTACHMENT = re.compile(rf"\.(?:{'|'.join(TYPES)}|7z|pptx?|jpe?g|png|gif|mp[34])$", re.IGNORECASE)
REFRESH = re.compile(r"url\s*=\s*[\"']?([^\"'>\s]+)", re.IGNORECASE)
# Only an address given as text is followed; what a script computes is left alone.
SCRIPTED_MOVE = re.compile(r"(?:window\.|self\.|top\.|document\.)?location(?:\.href)?\s*=\s*[\"']([^\"']{1,500})[\"'](?!\s*\+)")
# What a function with an argument does, it does when a pager is clicked.
CALLED = re.compile(r"\bfunction\s+\w{1,40}\s*\(\s*\w[^(){}]{0,200}\)\s*\{[^{}]{0,2000}\}")


# A script that sends phones elsewhere sends us nowhere.
FOR_PHONES = re.compile(r"userAgent|[Mm]obile|Android|iPhone")


LINKS = frozenset({"a", "area"})


LEADING = LINKS | {"option"}
CLICKED = frozenset({"onclick", *DATA_ADDRESSES})


@cache
def _compiled(xpath: str) -> etree.XPath:
    return etree.XPath(xpath, smart_strings=False)


@dataclass(slots=True, frozen=True)
class Anchor:
    """A link of a page: absolute address, its text (the longer of text and title), its element.

    The element is no link itself where a click opens the address, or where a script or a `<select>` has it.
    """

    url: str
    text: str
    element: etree._Element

    @property
    def own_text(self) -> str:
        """The text of which the link is made, as it stands in its row."""
        return folded(" ".join(_title_parts(self.element))) if self.element.tag in LINKS else self.text


@dataclass(slots=True)
class ListPage:
    """A decoded page. `root` is `None` where there is no markup; `base` is what relative links are resolved against.

    `cut` says that it goes on behind what was looked at; of its links that is known once they were read. `posted` is the body of the POST
    that it answers, `turn` the call of a script, `encoding` the Python name of the encoding in which the queries of its links are written.
    Of one that is `drawn` a browser has run the scripts; `source` is the page of a script file.
    """

    url: str
    text: str
    root: etree._Element | None
    base: str
    bad_links: int = 0
    cut: bool = False
    posted: str | None = None
    encoding: str = "utf-8"
    turn: Turn | None = None
    source: Source | None = None
    drawn: bool = False
    _anchors: list[Anchor] | None = field(default=None, repr=False)
    _title: str | None = field(default=None, repr=False)
    _head_title: str | None = field(default=None, repr=False)
    _visible: str | None = field(default=None, repr=False)
    _folded_text: str | None = field(default=None, repr=False)

    @property
    def folded_url(self) -> str:
        """The address, in `str.casefold`."""
        return self.url.casefold()

    @property
    def folded_text(self) -> str:
        """The text in `str.casefold`."""
        if self._folded_text is None:
            self._folded_text = self.text.casefold()
        return self._folded_text

    @property
    def title(self) -> str:
        """The words that name the page: `<title>`, the column's meta, the main heading and the breadcrumb."""
        if self._title is None:
            self._title = self._find_title()
        return self._title

    def _find_title(self) -> str:
        names = self._strings("//head/title//text() | //meta[@name='ColumnName']/@content | //h1//text()")
        crumbs = self._strings("//*[@class][" + " or ".join(f"contains(@class,'{name}')" for name in BREADCRUMBS) + "]//text()")
        return folded(" ".join(names) + " " + " ".join(crumbs[:60]))[:600]

    @property
    def head_title(self) -> str:
        """The `<title>`."""
        if self._head_title is None:
            self._head_title = folded(" ".join(self._strings("//head/title//text()")))[:200]
        return self._head_title

    @property
    def visible(self) -> str:
        """The text that a reader sees, the beginning of it."""
        if self._visible is None:
            self._visible = self._find_visible()
        return self._visible

    def _find_visible(self) -> str:
        if self.root is None:
            return folded(self.text[:MOST_VISIBLE])
        parts = self._strings("//body//text()[not(parent::script or parent::style or parent::noscript)]")
        return folded(" ".join(parts[:MOST_VISIBLE]))[:MOST_VISIBLE]

    def anchors(self) -> list[Anchor]:
        """The links of the page in order; those that are no usable address are counted in `bad_links`."""
        if self._anchors is None:
            self._anchors = list(self._find_anchors())
        return self._anchors

    def _strings(self, xpath: str) -> list[str]:
        return [] if self.root is None else cast("list[str]", _compiled(xpath)(self.root))

    def _find_anchors(self) -> Iterator[Anchor]:
        if self.root is None:
            return
        functions = Functions(self.text)
        choices = Choices(functions)
        # What comes behind `</html>` stands beside the root.
        parts = (self.root, *self.root.itersiblings())
        clicked = CLICKED | functions.kept_names
        elements = chain.from_iterable(part.iter(etree.Element) for part in parts)
        for number, element in enumerate(element for element in elements if _may_lead(element, clicked)):
            if number >= MOST_LINKS:
                self.cut = True
                return
            for address, words in _addresses(element, functions, choices):
                url = absolute(self.base, address, self.encoding)
                if url is not None:
                    yield Anchor(url, words, element)
                elif element.tag in LINKS:
                    self.bad_links += 1

    def wordless(self) -> list[Anchor]:
        """The links that have pictures, or areas of them, in the place of words that say anything."""
        anchors = (anchor for anchor in self.anchors() if not anchor.text and anchor.element.tag in LINKS)
        return [anchor for anchor in anchors if anchor.element.tag == "area" or next(anchor.element.iter("img"), None) is not None]

    def chosen(self) -> set[str]:
        """The addresses that options of `<select>` open."""
        return {anchor.url for anchor in self.anchors() if anchor.element.tag == "option"}

    def crumbs(self) -> list[Anchor]:
        """The links of the breadcrumb, the home page first; empty where there is none."""
        return [anchor for anchor in self.anchors() if any(map(_says_place, islice(anchor.element.iterancestors(), MOST_ABOVE)))]

    def frames(self) -> list[str]:
        """The addresses of frames and iframes, and of the parts that a script loads into the page."""
        if self.root is None:
            return []
        sources = [element.get("src") or element.get("data-src") for element in self.root.iter("iframe", "frame")]
        sources += opens_part("\n".join(self._strings("//script/text()")))
        return [url for url in (absolute(self.base, source, self.encoding) for source in sources if source) if url]

    @property
    def is_frameset(self) -> bool:
        """Whether the page has frames in the place of a body."""
        return self.root is not None and next(self.root.iter("frameset"), None) is not None

    def scripts(self) -> list[str]:
        """The addresses of the page's script files."""
        return [url for source in self._strings("//script/@src") if (url := absolute(self.base, source, self.encoding))]

    def moves_to(self) -> str | None:
        """Where the page sends its reader at once, by meta refresh or by a script that says nothing else; `None` where it has content."""
        # A script file that a list is read from may have such a line too.
        if self.root is None or "<" not in self.text or len(self.visible) > MOST_OF_NOTHING:
            return None
        for content in self._strings("//meta[translate(@http-equiv,'REFSH','refsh')='refresh']/@content"):
            found = REFRESH.search(content)
            if found:
                return absolute(self.base, found.group(1), self.encoding)
        # Not what a click does.
        run = CALLED.sub("", "\n".join(self._strings("//script/text() | //body/@onload"))[:20_000])
        for found in SCRIPTED_MOVE.finditer(run):
            if FOR_PHONES.search(run, max(0, found.start() - 300), found.start()) is None:
                return absolute(self.base, found.group(1), self.encoding)
        return None


def _may_lead(element: etree._Element, clicked: frozenset[str]) -> bool:
    """Whether an element may be a link in any way, by one of these attributes too: an XPath for attributes takes five times as long."""
    tag = element.tag
    return tag in LEADING or (tag == "script" and element.get("src") is None) or not clicked.isdisjoint(element.keys())


def _addresses(element: etree._Element, functions: Functions, choices: Choices) -> Iterator[tuple[str, str]]:
    """The addresses that an element leads to, each with its words."""
    if element.tag == "script":
        yield from ((address, folded(words)[:MOST_WORDS]) for address, words in nodes(element.text or "") if CHINESE.search(words))
        return
    href = (element.get("value" if element.tag == "option" else "href") or "").strip()
    if element.tag == "option":
        if opened := href if WHOLE.fullmatch(href) else choices.opened(element):
            yield opened, link_text(element)
    elif href and not href.startswith(("#", "javascript:")):
        words = link_text(element)
        yield href, _heading(element, words) if MORE.fullmatch(words) else words
    elif opened := functions.opened(clicked(element)) or _data_address(element) or functions.kept(element):
        if element.tag in LINKS:
            yield opened, link_text(element)
        elif not any(link.get("href") for link in element.iter("a")):
            words = DATED.sub("", spaced_text(element)) or element.get("title") or element.get("value") or ""
            yield from [(opened, words)] if len(words) <= MOST_CLICKED else []
    elif href and not href.startswith("#"):
        yield href, ""


def _data_address(element: etree._Element) -> str | None:
    """The address that an element keeps for a script; a picture's own is none."""
    kept = (element.get(name, "").strip() for name in DATA_ADDRESSES if element.tag not in {"img", "iframe", "frame", "script"})
    return next((address for address in kept if WHOLE.fullmatch(address)), None)


def _heading(element: etree._Element, words: str) -> str:
    """The words that the heading of a 更多 link has beside it; the link's own where there is none."""
    for around in islice(element.iterancestors(), MOST_AROUND):
        parts = [text for part in islice(around.itertext(), MOST_PLACE) if (text := folded(str(part)))]
        beside = " ".join(part for part in parts if not MORE.fullmatch(part))
        if beside:
            return beside if CHINESE.search(beside) and len(beside) <= MOST_HEADING else words
    return words


def _says_place(element: etree._Element) -> bool:
    """Whether an element is a breadcrumb: by its class or id, or by its words."""
    names = f"{element.get('class', '')} {element.get('id', '')}".lower()
    if any(name in names for name in BREADCRUMBS):
        return True
    words = folded(" ".join(str(part) for part in islice(element.itertext(), MOST_PLACE)))
    return len(words) <= MOST_PLACE and PLACE.match(words) is not None


def spaced_text(element: etree._Element) -> str:
    """All text in an element, its pieces apart, with white space folded."""
    return folded(" ".join(str(part) for part in element.itertext()))


def _title_parts(element: etree._Element) -> list[str]:
    """The pieces of a link's text that are its title: the headline of a card, else all but the date that stands in it."""
    for part in islice(element.iterdescendants(), MOST_OF_CARD) if len(element) else ():
        if part.tag in HEADINGS or HEADLINE_CLASS.search(part.get("class") or ""):
            pieces = [str(piece) for piece in part.itertext()]
            if len(folded("".join(pieces))) >= (1 if part.tag in HEADINGS else LEAST_HEADLINE):
                return pieces
    pieces = [str(piece) for piece in element.itertext()]
    return [piece for piece in pieces if not ALL_DATE.fullmatch(piece)] if len(pieces) > 1 else pieces


@cache
def _pictures() -> list[dict[str, Any]]:
    """What the names of pictures say, from `pictures.yaml`."""
    shape = {"pictures": [{"pattern": pattern, "words": str}]}
    data: dict[str, list[dict[str, Any]]] = load(Path(__file__).with_name("pictures.yaml"), shape)
    return data["pictures"]


def _pictured(sources: list[str]) -> str:
    """What a link without words says by the names of its pictures: 更多 beside a heading, or a column."""
    if any(MORE_PICTURE.search(source) for source in sources):
        return "更多"
    return next((one["words"] for source in sources for one in _pictures() if one["pattern"].search(source)), "")


def link_text(element: etree._Element) -> str:
    """The words of a link: its text, or its title where that says more (lists cut long titles off with …); a picture's are its own."""
    text = folded("".join(_title_parts(element)) if len(element) else text_of(element))[:MOST_WORDS]
    title = folded(element.get("title") or "")[:MOST_WORDS]
    cut = text.rstrip(" .…")
    if not text:
        pictures = list(element.iter("img", "area"))
        alternatives = [folded(picture.get("alt") or picture.get("title") or "") for picture in pictures]
        # An area of an image map has no picture of its own, and says it by its address.
        sources = [(picture.get("src") or "").rpartition("/")[2] for picture in pictures if picture.tag == "img"]
        sources += [(element.get("href") or "").partition("?")[0]] if element.tag == "area" else []
        return title or next(filter(None, alternatives), "") or _pictured(sources)
    return title if len(title) > len(cut) and (cut[:6] in title or title.startswith(cut[:2])) else text


def read_page(url: str, body: bytes, content_type: str = "", encoding: str | None = None, posted: str | None = None) -> ListPage:
    """The page of these bytes; whatever it is, there is a page, at worst one without links."""
    decoded = decode_bytes(body[:MOST_BYTES], content_type, encoding)
    page = page_of_text(url, decoded.text)
    page.cut, page.posted, page.encoding = len(body) > MOST_BYTES, posted, _of_queries(decoded.encoding)
    return page


def _of_queries(encoding: str) -> str:
    """The encoding of the queries of a page's links: its own, but UTF-8 where that is no encoding of bytes (WHATWG Encoding, 4.3)."""
    return "utf-8" if encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32")) else encoding


def page_of_script(page: ListPage, base: str) -> ListPage:
    """The page that a script file is a part of, as far as the script says what links it has; they are resolved against `base`."""
    script = page.text.replace("</", "<\\/")
    made = page_of_text(page.url, f"<html><body><script>{script}</script></body></html>")
    made.base = base
    return made


def page_of_text(url: str, text: str) -> ListPage:
    """The page of this text, for answers that hold pieces of pages too."""
    # huge_tree: without it the parser drops all that stands below 256 levels, and Word's unclosed <font> and <span> go deeper.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser) if text.strip() else None
    except etree.XMLSyntaxError:
        root = None
    page = ListPage(url, text, root, url)
    declared = next(iter(page._strings("//base/@href")), "")  # noqa: SLF001 # one module
    page.base = (absolute(url, declared) if declared else None) or url
    return page
