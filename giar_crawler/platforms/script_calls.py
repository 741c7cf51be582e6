"""The calls of a page's own scripts that ask a server for rows: where, with what, and how the page makes links of the rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.page import ListPage
from giar_crawler.platforms.script_values import (
    CLOSE,
    HOLE,
    MOST_SCRIPT,
    OPEN,
    Number,
    Script,
    UnknownError,
    Value,
    arguments_of,
    names,
    paged,
    shown,
    split,
)
from giar_crawler.platforms.turns import ListRequest, Turn
from pipelines.screens import screen

DATA_PREFIX = "data-"
CALL = screen(
    # What a call begins with is told first: most characters are none of these.
    r"(?=[$.afhjlrstV])(?:(?:\$|jQuery|axios|layui\.\$|this\.\$axios|this\.\$http|Vue\.http|\$http|request|http|service)\.(?P<verb>ajax|get|post|getJSON|request)"
    r"|(?P<load>\.load)|(?P<whole>\baxios|\bfetch|\brequest|\bajax)|(?P<open>\.open))\s*\("
)
FUNCTION = re.compile(r"\s*(?:async\s+)?(?:function|\(|[\w$]+\s*=>)")
NAME = re.compile(r"[\w$.]+")
FOR_LISTS = re.compile(r"[\w%]")
# Links that a script or a template makes of the parts of a row.
BOUND = re.compile(r"(?:v-bind:|:)href\s*=\s*\"([^\"<>]{1,300})\"")
TEMPLATE = re.compile(
    r"(?<![:\w-])href\s*=\s*\\?[\"']([^\"'<>]{0,200}(?:\{\{[^{}]{1,60}\}\}|\$\{[^{}]{1,60}\}|<%=[^<>%]{1,60}%>)[^\"'<>\\]{0,200})"
)
WRITTEN = re.compile(r"href\s*=\s*\\?[\"']?([^\"'<>+]{0,200})(?:\\[\"'])?[\"']\s*\+\s*([^\"'<>]{1,80}?)\s*\+\s*[\"']\\?([^\"'<>]{0,100})")
SLOT = re.compile(r"\{\{[#=\-\s]*([^{}]{1,60}?)\s*\}\}|\$\{\s*([^{}]{1,60}?)\s*\}|<%=[\-\s]*([^<>%]{1,60}?)\s*%>")
LAST_NAME = re.compile(r"[\w$]+(?:\[[^\[\]]{0,20}\])?(?:\??\.([\w$]{1,40}))?(?:\.toString\(\))?")
MOST_CALLS, MOST_TURNS, MOST_LINKS = 60, 20, 8
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(slots=True, frozen=True)
class _Asked:
    """A request as a script writes it: what of it has a hole is the number of the page."""

    url: str
    data: Value | None = None
    post: bool = False
    json: bool = False


def turns_of(page: ListPage) -> list[ListRequest]:
    """The first requests for rows that the scripts of a page make; empty where none can be told."""
    if (
        page.root is None
        or page.drawn
        or not any(call.search(page.text, page.folded_text) for call in (CALL, *(table["call"] for table in names()["tables"])))
    ):
        return []
    script = _script(page)
    links = tuple(_links(script))
    found: dict[tuple[str, str | None], ListRequest] = {}
    # A part of the page whose address is written out is a frame.
    calls = (
        one
        for call in islice(CALL.pattern.finditer(script.text), MOST_CALLS)
        for one in _asked(script, call)
        if not (call["load"] and one.url in page.text)
    )
    for one in chain(calls, _tables(script)):
        turn = _turn(page, one, links)
        request = turn.request(0) if turn is not None else None
        if request is not None and len(found) < MOST_TURNS:
            found.setdefault((request.url, request.posted), request)
    return list(found.values())


def _script(page: ListPage) -> Script:
    texts: dict[str, str] = {}
    kept: dict[str, list[str]] = {}
    keeps = DATA_PREFIX in page.text
    for element in page.root.iter("*") if page.root is not None else ():
        if element.tag in {"input", "span", "div"} and (name := element.get("id")):
            texts.setdefault(name, element.get("value") or "")
        for attribute in element.keys() if keeps else ():
            if str(attribute).startswith(DATA_PREFIX):
                kept.setdefault(str(attribute).removeprefix(DATA_PREFIX), []).append(element.get(str(attribute)) or "")
    return Script(page.text[:MOST_SCRIPT], texts, kept, dict(parse_qsl(urlsplit(page.url).query)))


def _asked(script: Script, call: re.Match[str]) -> Iterator[_Asked]:
    """What a call asks for: once, or with every value of the one variable of which it has several."""
    arguments = arguments_of(script.text, call.end())
    script.chosen.clear()
    script.choices.clear()
    for number, choice in enumerate(_variants(script, call, arguments)):
        if choice is not None:
            yield choice
        elif number == 0:
            return


def _variants(script: Script, call: re.Match[str], arguments: list[str]) -> Iterator[_Asked | None]:
    first = _one(script, call, arguments)
    yield first
    if first is None or not script.choices:
        return
    name, values = max(script.choices.items(), key=lambda choice: len(choice[1]))
    for value in values[1:]:
        script.chosen[name] = value
        yield _one(script, call, arguments)


def _one(script: Script, call: re.Match[str], arguments: list[str]) -> _Asked | None:
    try:
        return _read(script, call, arguments, call.start())
    except UnknownError:
        return None


def _read(script: Script, call: re.Match[str], arguments: list[str], at: int) -> _Asked | None:  # one way to call after the other
    if not arguments:
        return None
    if call["open"]:
        verb = _word(arguments[0])
        return _Asked(_address(script, arguments[1], at)) if verb == "get" and len(arguments) > 1 else None
    options: dict[str, str] = {}
    verb = str(call["verb"]) if call["verb"] else ("fetch" if call["whole"] == "fetch" else "get")
    if verb in {"ajax", "request"} or (call["whole"] and call["whole"] != "fetch"):
        options = script.object_of(arguments[0], at)
        if "url" not in options:
            return None
        how = _word(options.get("type") or options.get("method") or "get")
        url = _address(script, options["url"], at)
        plain = call["whole"] is None and verb == "ajax"
        as_json = "json" in options.get("contentType", "").lower() or (
            how == "post" and not plain and "form" not in str(options.get("headers"))
        )
        data = _data(script, options.get("data") or options.get("params") or options.get("body"), at)
        return _Asked(url, data, how == "post", as_json or (isinstance(data, str) and data.startswith("{")))
    url = _address(script, arguments[0], at)
    second = arguments[1] if len(arguments) > 1 and not _is_callback(script, arguments[1:], at) else None
    if verb == "fetch":
        options = script.object_of(second, at) if second else {}
        post = _word(options.get("method") or "get") == "post"
        data = _data(script, options.get("body"), at) if post else None
        return _Asked(url, data, post, json=isinstance(data, str) and data.startswith("{"))
    by_axios = "axios" in call[0] or "http" in call[0] or "request" in call[0]
    if verb == "post":
        return _Asked(url, _data(script, second, at), post=True, json=by_axios)
    if by_axios and second:
        inner = script.object_of(second, at)
        return _Asked(url, _data(script, inner["params"], at) if "params" in inner else None)
    return _Asked(url, _data(script, second, at))


def _tables(script: Script) -> Iterator[_Asked]:
    """What the tables of a page ask for that a library draws."""
    for table in names()["tables"]:
        for call in islice(table["call"].pattern.finditer(script.text), MOST_CALLS):
            options = script.object_of(next(iter(arguments_of(script.text, call.end())), ""), call.end())
            try:
                url = _address(script, options["url"], call.end())
                data = _data(script, options.get(table["where"]), call.end()) or {}
                size = script.value(options.get(table["sized"], str(table["usual"])), call.end())
            except (UnknownError, KeyError):
                continue
            if isinstance(data, dict) and isinstance(size, Number):
                number = {table["page"]: Number(1, 1)} if "page" in table else {table["first_row"]: Number(0, size.start)}
                post = table.get("post", False) or _word(options.get("method", "get")) == "post"
                yield _Asked(url, {**data, **number, table["size"]: size}, post, "json" in options.get("contentType", "").lower())


def _is_callback(script: Script, arguments: list[str], at: int) -> bool:
    """Whether what follows the address is the function that draws the rows, and no data: written out, or by its name as the last one."""
    if FUNCTION.match(arguments[0]):
        return True
    return len(arguments) == 1 and NAME.fullmatch(arguments[0].strip()) is not None and not script.object_of(arguments[0], at)


def _address(script: Script, source: str, at: int) -> str:
    url = script.value(source, at)
    if not isinstance(url, str) or not FOR_LISTS.search(url) or names()["left"].search(HOLE.sub("", url).partition("?")[0]):
        raise UnknownError(source[:40])
    head, mark, query = url.partition("?")
    pairs = [pair.partition("=") for pair in query.split("&")]
    return head + mark + "&".join(f"{name}{sign}{paged(name, value)}" for name, sign, value in pairs)


def _data(script: Script, source: str | None, at: int) -> Value | None:
    if source is None or not source.strip():
        return None
    value = script.value(source, at)
    if isinstance(value, str) and "=" in value and not value.startswith("{"):
        pairs = (pair.partition("=") for pair in value.split("&"))
        value = {name: paged(name, text) for name, sign, text in pairs if sign}
    return value


def _word(source: str) -> str:
    return source.strip().strip("\"'").lower()


def _turn(page: ListPage, asked: _Asked, links: tuple[str, ...]) -> Turn | None:
    """The request with all that turns it; `None` for what asks for no list."""
    data: Any = shown(asked.data) if asked.data is not None else None
    url, posted = asked.url, None
    if asked.post:
        data = data or {}
        posted = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False) if asked.json else _query(data)
        # A list that is turned; what a page posts once may be anything.
        if not HOLE.search(url + posted):
            return None
    elif isinstance(data, dict) and data:
        url += ("&" if "?" in url else "?") + _query(data)
    if absolute(page.base, HOLE.sub("1", url), page.encoding) is None:
        return None
    return Turn(page.base, url, posted, JSON if asked.json else FORM, links)


def _query(data: dict[str, Any]) -> str:
    pairs = {name: json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value) for name, value in data.items()}
    return urlencode(pairs, safe=",").replace(quote(OPEN), OPEN).replace(quote(CLOSE), CLOSE)


def _links(script: Script) -> Iterator[str]:
    """The shapes of the links that the page makes of rows: text with the names of parts in braces."""
    found: dict[str, None] = {}
    for bound in islice(BOUND.finditer(script.text), MOST_LINKS):
        found.setdefault(_shape(split(bound[1], "+")))
    for template in islice(TEMPLATE.finditer(script.text), MOST_LINKS):
        found.setdefault(SLOT.sub(lambda slot: _slot(slot[1] or slot[2] or slot[3]), template[1]))
    for written in islice(WRITTEN.finditer(script.text), MOST_LINKS):
        found.setdefault(f"{written[1]}{_shape(split(written[2], '+'))}{written[3]}")
    return (shape for shape in found if "{" in shape)


def _shape(pieces: list[str]) -> str:
    made = ""
    for piece in pieces:
        words = piece.strip()
        if words[:1] in {"'", '"'}:
            made += words[1:-1]
        elif words[:1] == "`":
            made += SLOT.sub(lambda slot: _slot(slot[1] or slot[2] or slot[3]), words[1:-1])
        else:
            made += _slot(words)
    return made


def _slot(words: str) -> str:
    name = LAST_NAME.fullmatch(words.strip())
    return f"{{{name[1] or words.strip()}}}" if name else "\x00"
