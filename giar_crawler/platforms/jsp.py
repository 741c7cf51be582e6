"""Directories that turn their pages with a search form: `javascript:goPage(2)` writes a number into the form and posts it.

Quirks: the pager's links are calls, not addresses; a server that gets the number in its address gives the first page; some scripts write
the number into an address after all (`location.href='list.jsp?pageNo='+n`).
"""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree

from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.page import ListPage, spaced_text
from giar_crawler.platforms.rows import entries_of, printed_total
from giar_crawler.platforms.static import NEXT_MARKS, NEXT_WORDS, Static
from giar_crawler.platforms.turns import ListRequest
from giar_crawler.platforms.written import LONGEST_CALL, clicked

NUMBER_FIELD = re.compile(r"(?:page|cur|curr|current|now|to|go)?_?page_?(?:no|num|number|index|id|now)?|cpage|pno", re.IGNORECASE)
# A call with the number of a page: `goPage(2)`, with the form's name before it, or the number in quotes.
CALL = re.compile(r"(\w{1,40})\(\s*(?:[\"'][\w-]{0,40}[\"']\s*,\s*)?[\"']?(\d{1,5})[\"']?\s*(?:,[^()]{0,100})?\)")
# The number is set into the form by the link itself: `document.f.pageNo.value=2;document.f.submit()`.
SET = re.compile(r"\.(\w{1,40})\.value\s*=\s*[\"']?(\d{1,5})\b[^<>]{0,200}?\.submit\(")
WRITTEN = re.compile(r"location(?:\.href)?\s*=\s*[\"']([^\"'<>]{0,500}[?&]\w{1,40}=)[\"']\s*\+\s*\w+")
MOST_FIELDS = 60
MOST_CALLS = 300
MOST_FORMS = 20


class Jsp:
    """Directories with a form."""

    name = "jsp"

    def entries(self, page: ListPage) -> list[ListEntry]:
        """Every link of the page with the date of its row."""
        return entries_of(page)

    def next_requests(self, page: ListPage) -> list[ListRequest]:
        """The form with the number of the next page; a page whose pager has real links goes on like any static list."""
        called = _next_call(page)
        if called is None:
            return Static().next_requests(page)
        name, number = called
        for form in islice(page.root.iter("form"), MOST_FORMS) if page.root is not None else ():
            field = next((one.get("name") for one in form.iter("input") if NUMBER_FIELD.fullmatch(one.get("name") or "")), None)
            url = absolute(page.base, form.get("action") or page.url)
            if field and url:
                return [_send(url, {**fields_of(form), field: number}, form.get("method"))]
        # The function's own text, wherever the page defines it.
        body = page.text.partition(f"function {name}(")[2][:2000]
        written = WRITTEN.search(body)
        url = absolute(page.base, written[1] + number) if written else None
        return [ListRequest(url)] if url else []

    def total(self, page: ListPage) -> int | None:
        """The count that the list prints."""
        return printed_total(page)


def _next_call(page: ListPage) -> tuple[str, str] | None:
    """The function behind the link to the next page and the number that it gets, `None` where no link calls one."""
    for element in islice(page.root.iter("a", "input", "button") if page.root is not None else (), MOST_CALLS * 10):
        words = spaced_text(element) or element.get("value") or element.get("title") or ""
        if NEXT_WORDS.match(words) or words in NEXT_MARKS:
            call = clicked(element)[:LONGEST_CALL]
            found = SET.search(call) or CALL.search(call)
            if found:
                return (found[1], found[2]) if _is_further(page, found[2]) else None
    return None


def _is_further(page: ListPage, number: str) -> bool:
    """Whether the number is that of a later page: on the last page the link stays and calls the last."""
    values = parse_qsl(page.posted if page.posted is not None else urlsplit(page.url).query)
    here = next((value for name, value in values if NUMBER_FIELD.fullmatch(name) and value.isdecimal() and len(value) < 6), "1")
    return int(number) > int(here)


def fields_of(form: etree._Element) -> dict[str, str]:
    """What the form sends when nobody touches it."""
    found: dict[str, str] = {}
    for element in islice(form.iter("input", "select", "textarea"), MOST_FIELDS):
        name, kind = element.get("name"), (element.get("type") or "text").lower()
        if (
            not name
            or kind in {"submit", "button", "image", "reset", "file"}
            or (kind in {"checkbox", "radio"} and element.get("checked") is None)
        ):
            continue
        chosen = [option for option in element.iter("option") if option.get("selected") is not None] or list(
            islice(element.iter("option"), 1)
        )
        found[name] = (chosen[0].get("value") or "") if chosen else element.get("value") or ""
    return found


def _send(url: str, fields: dict[str, str], method: str | None) -> ListRequest:
    if (method or "get").lower() == "post":
        return ListRequest(url, posted=urlencode(fields))
    return ListRequest(urlunsplit(urlsplit(url)._replace(query=urlencode(fields))))
