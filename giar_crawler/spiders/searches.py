"""The search of a portal: the form in which its readers look for words. It is the last way to reports to which no link leads."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urlencode, urlsplit, urlunsplit

from lxml import etree

from giar_crawler.platforms import ListPage, ListRequest
from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.jsp import fields_of
from pipelines.decode.tree import folded

# Many a search takes the words as they stand. Between them these have the titles of nearly all reports, and of little else.
WORDS = ("政府信息公开工作", "信息公开年度报告", "信息公开年报")
FIELD = re.compile(
    r"(?:search|query|find|so)?_?(?:key_?words?|words?|key|kw|wd|qt?|s|title|text|content|value)(?:_?(?:value|text))?|search", re.IGNORECASE
)
SAYS_SEARCH = re.compile(r"search|query|/so\b|sousuo|jiansuo|检索|搜索|查询|搜一搜|关键", re.IGNORECASE)
SAID_IN = ("action", "id", "class", "name", "value", "placeholder", "alt", "title")
TYPED = frozenset({"text", "search"})
MOST_FORMS, MOST_ELEMENTS = 20, 60


def searches_of(page: ListPage) -> list[ListRequest]:
    """The requests that the page's search form sends for the words of annual reports; empty where it has no such form."""
    for form in islice(page.root.iter("form"), MOST_FORMS) if page.root is not None else ():
        field = _field(form)
        url = absolute(page.base, form.get("action") or page.url)
        if field is not None and url is not None:
            return [_asked(url, {**fields_of(form), field: words}, form.get("method"), page.encoding) for words in WORDS]
    return []


def _field(form: etree._Element) -> str | None:
    """The name of the one field that a reader fills in; `None` where the form is no search."""
    elements = list(islice(form.iter(etree.Element), MOST_ELEMENTS))
    inputs = [(element, (element.get("type") or "text").lower()) for element in elements if element.tag == "input"]
    typed = [element.get("name") or "" for element, kind in inputs if kind in TYPED]
    other = any(element.tag == "textarea" for element in elements) or any(kind in {"password", "file"} for _, kind in inputs)
    said = " ".join(element.get(name) or "" for element in elements for name in SAID_IN) + folded("".join(map(str, form.itertext())))[:200]
    return typed[0] if len(typed) == 1 and FIELD.fullmatch(typed[0]) and not other and SAYS_SEARCH.search(said) else None


def _asked(url: str, fields: dict[str, str], method: str | None, encoding: str) -> ListRequest:
    query = urlencode(fields, encoding=encoding, errors="replace")
    if (method or "get").lower() == "post":
        return ListRequest(url, spare=True, posted=query)
    return ListRequest(urlunsplit(urlsplit(url)._replace(query=query)), spare=True)
