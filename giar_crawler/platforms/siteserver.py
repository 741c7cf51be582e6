"""SiteServer CMS: numbered files, and lists that a script of the page draws by a POST (`stl:dynamic`, `stl:pageContents`).

What its versions write: `stlDynamic_ajaxElement_1_917(0)` posts a form to `/sitefiles/services/wcm/dynamic/output.aspx` (3 to 5) or JSON to
`/api/sys/stl/actions/dynamic` (5 and 6: `pageNum`; 7: `value`, `page`). Behind the files that are made, `stlDynamic_page(6)` posts a form
too, or each file posts itself to `/api/sys/stl/actions/pagecontents`. What is wanted stands in the page encrypted, and is sent as it came.

Answers are HTML, `{"html": …}` or a JSON text. Their pager calls the script with numbers; where one page has all, there is none.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.answers import object_of
from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.numbered import Numbered
from giar_crawler.platforms.page import ListPage, page_of_text
from giar_crawler.platforms.trs import AHEAD
from giar_crawler.platforms.turns import ListRequest

_ACTIONS = r"(?:dynamic/output\.aspx|stl/actions/(?:dynamic|pagecontents))"
ANSWER = re.compile(rf"/{_ACTIONS}$", re.IGNORECASE)
ADDRESS = re.compile(rf"[\"']([\w./:-]{{0,200}}/{_ACTIONS}(?:\?[^\"'<>\s]{{0,300}})?)[\"']", re.IGNORECASE)
FORM = re.compile(r"\bpars\s*=\s*[\"']([^\"'<>\s]{1,60000})[\"']")
OBJECT = re.compile(r"(?:\b(?:data|parameters)\s*=\s*|getQueryString\(\)\s*,\s*)\{([^{}]{1,60000})\}")
PAIR = re.compile(r"\b(\w{1,40})\s*:\s*(?:'([^']*)'|\"([^\"]*)\"|(-?\d{1,15}|true|false)\b)")
# How many files were made, of a list whose further pages `stlDynamic_page` posts.
MADE = re.compile(r"\bstlDynamicPageNum\s*=\s*(\d{1,4})\s*;\s*function\s+stlDynamic_page\b")
CALLED = re.compile(
    r"\bstl(?:Dynamic|Redirect)_?(?:page|ajaxElement\w{1,20})\((?:\s*'[^']{0,300}'\s*,)?\s*'?(\d{1,4})'?\s*\)", re.IGNORECASE
)
CHOSEN = re.compile(r"\bstl(?:Dynamic|Redirect|Jump)_?(?:page|ajaxElement\w{1,20})\([^()]{0,300}this\b", re.IGNORECASE)
# A page may have others than its list's: counters, who is logged in.
MOST_CALLS = 4
# From an address to the end of what is sent to it, and from the start of its script.
LONGEST_CALL, LONGEST_START = 70_000, 1000
MOST_OPTIONS, MOST_AT_ONCE = 500, 200


@dataclass(slots=True, frozen=True)
class _Call:
    """A POST that a script makes: its address and values, as a form or as JSON. `made` is how many pages are files."""

    url: str
    values: dict[str, Any]
    form: bool
    made: int = 0

    @property
    def parameter(self) -> str | None:
        """The name of what has the page's number; `None` where each page has a call of its own."""
        if "stlPageContentsElement" in self.values:
            return None
        return "page" if "value" in self.values else "pageNum"

    def page(self, number: int) -> ListRequest:
        """The POST for a page. The first one is asked for as the script does it."""
        spoken = number > 1 or self.parameter == "page"
        values = self.values | ({self.parameter: number} if self.parameter and spoken else {})
        if self.form:
            return ListRequest(self.url, posted=urlencode(values))
        return ListRequest(self.url, posted=json.dumps(values, ensure_ascii=False), content_type="application/json")


class SiteServer:
    """SiteServer CMS, all versions."""

    name = "siteserver"

    def __init__(self) -> None:
        self._files = Numbered(self.name)

    def entries(self, page: ListPage) -> list[ListEntry]:
        """Every link with the date of its row, of the page or of the piece that an answer has."""
        return self._files.entries(_piece(page))

    def next_requests(self, page: ListPage) -> list[ListRequest]:
        """The numbered files and what the page's scripts post; after an answer the pages that its pager calls."""
        if _is_answer(page):
            call = _asked(page)
            if call is None or call.parameter is None:
                return []
            number = str(call.values.get(call.parameter, ""))
            here = int(number) if number.isdecimal() and len(number) < 5 else 1
            return [call.page(one) for one in range(here + 1, _last(_piece(page)) + 1)[:AHEAD]]
        files = self._files.next_requests(page)
        if (self._files.number_of(page.url) or 1) > 1:
            # What the first page of a list has posted, counters and names of readers among it, is not posted again.
            return [*files, *(call.page(1) for call in _calls(page) if call.parameter is None)]
        return [*files, *(call.page(one) for call in _calls(page) for one in (_behind(call, page) if call.made else [1]))]

    def total(self, page: ListPage) -> int | None:
        """The number of entries that the pager prints."""
        return self._files.total(_piece(page))


def _is_answer(page: ListPage) -> bool:
    return ANSWER.search(urlsplit(page.url).path) is not None


def _piece(page: ListPage) -> ListPage:
    """The piece of a page that an answer has; any other page as it is."""
    if not _is_answer(page):
        return page
    found: object = object_of(page.text).get("html")
    if page.text.lstrip().startswith('"'):
        try:
            found = json.loads(page.text)
        except ValueError:
            found = None
    return page_of_text(page.url, found) if isinstance(found, str) else page


def _asked(page: ListPage) -> _Call | None:
    """The POST that an answer answers; `None` where it was none."""
    posted = page.posted or ""
    form = not posted.startswith("{")
    values = dict(parse_qsl(posted, keep_blank_values=True)) if form else object_of(posted)
    return _Call(page.url, values, form) if values else None


def _calls(page: ListPage) -> list[_Call]:
    """The POSTs of a page's scripts, each behind the address that it goes to."""
    found = []
    for address in islice(ADDRESS.finditer(page.text), MOST_CALLS):
        url = absolute(page.base, address[1].rstrip("?&"))
        rest = page.text[address.end() : address.end() + LONGEST_CALL]
        form, thing = FORM.search(rest), OBJECT.search(rest)
        if url and form and (thing is None or form.start() < thing.start()):
            made = MADE.search(page.text, max(0, address.start() - LONGEST_START), address.start())
            values = dict(parse_qsl(form[1].removesuffix("&pageNum="), keep_blank_values=True))
            found.append(_Call(url, values, form=True, made=int(made[1]) if made else 0))
        elif url and thing:
            found.append(_Call(url, _object(thing[1]), form=False))
    return [call for call in found if call.values]


def _object(text: str) -> dict[str, Any]:
    """The values of an object as a script writes it."""
    words = {"true": True, "false": False}
    found = PAIR.finditer(text)
    return {
        match[1]: (words[match[4]] if match[4] in words else int(match[4])) if match[4] else match[2] or match[3] or "" for match in found
    }


def _behind(call: _Call, page: ListPage) -> range:
    """The numbers of the pages behind the last file."""
    return range(call.made + 1, _last(page) + 1)[:MOST_AT_ONCE]


def _last(page: ListPage) -> int:
    """The highest number with which a pager calls its script; 0 where there is none."""
    numbers = [int(number) for number in CALLED.findall(page.text)]
    if page.root is not None and CHOSEN.search(page.text):
        values = (option.get("value") or "" for option in islice(page.root.iter("option"), MOST_OPTIONS))
        numbers += [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 5]
    return max(numbers, default=0)
