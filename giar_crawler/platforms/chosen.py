"""What an option of a `<select>` opens: by the handler of the select, or by the form in which it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

from lxml import etree

from giar_crawler.platforms.written import Functions

VALUE = re.compile(r"[\w./-]{1,120}")
YEAR = re.compile(r"(?:19|20)\d\d\s*年?度?")
# Of a form with a field for words, a search, the years alone are a way to lists.
FOR_WORDS = frozenset({"text", "search", ""})


# A form with more fields is no choice of years or organs.
MOST_FIELDS = 40


@dataclass(slots=True, frozen=True)
class _Form:
    """Where a form with one choice leads: its address, its other fields, and whether one of them is for words."""

    action: str
    fields: list[tuple[str, str]]
    for_words: bool


class Choices:
    """The options of a page. Each form is looked through once, however many options it has."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions
        self._forms: dict[etree._Element, _Form | None] = {}

    def opened(self, option: etree._Element) -> str | None:
        """The address that choosing an option leads to, `None` where there is none."""
        value = (option.get("value") or "").strip()
        select = next(option.iterancestors("select"), None)
        if select is None or not VALUE.fullmatch(value):
            return None
        handler = select.get("onchange") or ""
        return self._functions.set_into(handler, value) or self._sent(select, value, "".join(map(str, option.itertext())).strip())

    def _sent(self, select: etree._Element, value: str, words: str) -> str | None:
        """The address that a form asks for with this value, and all its other fields as they are."""
        element, name = next(select.iterancestors("form"), None), select.get("name")
        if element is None or not name:
            return None
        if element not in self._forms:
            self._forms[element] = _form(element)
        form = self._forms[element]
        if form is None or (form.for_words and not YEAR.fullmatch(words)):
            return None
        return f"{form.action}?{urlencode([(name, value), *form.fields])}"


def _form(element: etree._Element) -> _Form | None:
    """A form that is sent by GET and has one choice; what several choices give together, a family knows that has such forms."""
    found = list(islice(element.iter("input", "select"), MOST_FIELDS + 1))
    if len(found) > MOST_FIELDS or sum(field.tag == "select" for field in found) != 1 or (element.get("method") or "get").lower() != "get":
        return None
    inputs = [(field, (field.get("type") or "").lower()) for field in found if field.tag == "input"]
    kept = [(field.get("name") or "", field.get("value") or "") for field, kind in inputs if kind in FOR_WORDS | {"hidden"}]
    for_words = any(kind in FOR_WORDS for _, kind in inputs)
    return _Form((element.get("action") or "").partition("?")[0], [pair for pair in kept if pair[0]], for_words)
