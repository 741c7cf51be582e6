"""What an option of a `<select>` opens: by the handler of the select, or by the form in which it stands."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from lxml import etree

from giar_crawler.platforms.written import Functions

VALUE = re.compile(r"[\w./-]{1,120}")
YEAR = re.compile(r"(?:19|20)\d\d\s*年?度?")
# Of a form with a field for words, a search, the years alone are a way to lists.
FOR_WORDS = frozenset({"text", "search", ""})


def chosen(option: etree._Element, functions: Functions) -> str | None:
    """The address that choosing an option leads to, `None` where there is none."""
    value = (option.get("value") or "").strip()
    select = next(option.iterancestors("select"), None)
    if select is None or not VALUE.fullmatch(value):
        return None
    handler = select.get("onchange") or ""
    return functions.set_into(handler, value) or _sent(select, value, "".join(map(str, option.itertext())).strip())


def _sent(select: etree._Element, value: str, words: str) -> str | None:
    """The address that a form asks for with this value, and all its other fields as they are."""
    form = next(select.iterancestors("form"), None)
    name = select.get("name")
    if form is None or not name or (form.get("method") or "get").lower() != "get":
        return None
    fields = [(name, value)]
    for field in form.iter("input", "select"):
        kind = (field.get("type") or "").lower()
        if field.tag == "select":
            # What several choices give together, a family knows that has such forms.
            if field is not select:
                return None
        elif kind in FOR_WORDS and not YEAR.fullmatch(words):
            return None
        elif field.get("name") and kind in FOR_WORDS | {"hidden"}:
            fields.append((field.get("name") or "", field.get("value") or ""))
    return f"{(form.get('action') or '').partition('?')[0]}?{urlencode(fields)}"
