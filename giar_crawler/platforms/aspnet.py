"""ASP.NET WebForms: pagers whose links call `__doPostBack('GridView1','Page$2')`, which posts the page's form back to it.

Quirks: the form carries the state of the page (`__VIEWSTATE`), so that only the page before leads to the next one; beyond ten pages the
link to the eleventh is `...`; a button to the next page (`lnkNext`) has no number, and on the last page no address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import parse_qs, urlencode

from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.jsp import MOST_CALLS, MOST_FORMS, fields_of
from giar_crawler.platforms.page import ListPage, spaced_text
from giar_crawler.platforms.rows import entries_of, printed_total
from giar_crawler.platforms.static import NEXT_MARKS, NEXT_WORDS, Static
from giar_crawler.platforms.turns import ListRequest
from giar_crawler.platforms.written import LONGEST_CALL, clicked

CALL = re.compile(r"__doPostBack\(\s*[\"']([^\"']{1,200})[\"']\s*,\s*[\"']([^\"']{0,100})[\"']\s*\)")
NUMBER = re.compile(r"(?:Page\$)?(\d{1,5})")
TARGET, ARGUMENT = "__EVENTTARGET", "__EVENTARGUMENT"


class AspNet:
    """ASP.NET WebForms."""

    name = "aspnet"

    def entries(self, page: ListPage) -> list[ListEntry]:
        """Every link of the page with the date of its row."""
        return entries_of(page)

    def next_requests(self, page: ListPage) -> list[ListRequest]:
        """The form as the link to the next page posts it; a page whose pager has real links goes on like any static list."""
        call = _next_call(page)
        for form in islice(page.root.iter("form"), MOST_FORMS) if call and page.root is not None else ():
            fields, url = fields_of(form), absolute(page.base, form.get("action") or page.url)
            if call and url and TARGET in fields:
                return [ListRequest(url, posted=urlencode({**fields, TARGET: call[0], ARGUMENT: call[1]}))]
        return Static().next_requests(page)

    def total(self, page: ListPage) -> int | None:
        """The count that the list prints."""
        return printed_total(page)


def _next_call(page: ListPage) -> tuple[str, str] | None:
    """Target and argument of the call for the next page, `None` where no link calls for a later one."""
    here = _number(parse_qs(page.posted or "").get(ARGUMENT, [""])[-1]) or 1
    calls = list(_calls(page))
    for words, target, argument in calls:
        number = _number(argument)
        if (NEXT_WORDS.match(words) or words in NEXT_MARKS) and (number or not argument):
            return (target, argument) if number is None or number > here else None
    later = [(number, target, argument) for _, target, argument in calls if (number := _number(argument)) and number > here]
    return min(later)[1:] if later else None


def _calls(page: ListPage) -> Iterator[tuple[str, str, str]]:
    for element in islice(page.root.iter("a", "input") if page.root is not None else (), MOST_CALLS * 10):
        found = CALL.search(clicked(element)[:LONGEST_CALL])
        if found:
            yield spaced_text(element) or element.get("value") or "", found[1], found[2]


def _number(argument: str) -> int | None:
    found = NUMBER.fullmatch(argument)
    return int(found[1]) if found else None
