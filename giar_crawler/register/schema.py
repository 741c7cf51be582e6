"""The keys of a portal's entry, and what each may hold."""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, get_args
from urllib.parse import urlsplit

import yaml

from giar_crawler.register.portal import Level, TlsProfile, host_key, minutes_of
from pipelines.metadata.gazetteer import place_of_code

REQUIRED = ("id", "name", "adcode", "home")
# Families that are known, whether or not a module walks them yet; one without a module is walked by what its pages look like.
PLATFORMS = (
    *("auto", "static", "jcms", "jpaas", "trs", "ucap", "boda", "gkmlpt", "epoint", "truecms", "intertid", "anhui", "hunan", "dedecms"),
    *("phpcms", "powereasy", "siteserver", "jcms_disclosure", "jsp", "aspnet"),
)
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_SITE_CODE = re.compile(r"bm\d{8}|\d{10}")
_HOST = re.compile(r"[^\s/@?#\\<>\"']{1,255}")
_SCALARS = yaml.constructor.SafeConstructor()
_STR = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"


class Wrong(Exception):
    """A value is not what its key may hold. `node` is the place where it differs from the key's own."""

    def __init__(self, message: str, allowed: str | None = None, node: yaml.Node | None = None) -> None:
        super().__init__(message)
        self.message, self.allowed, self.node = message, allowed, node


Check = Callable[[yaml.Node], Any]


def _shown(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        text = node.value if len(node.value) <= 60 else node.value[:57] + "…"
        return repr(text)
    return "a list" if isinstance(node, yaml.SequenceNode) else "a mapping"


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == _NULL


def _scalar(node: yaml.Node, kinds: tuple[type, ...], what: str) -> Any:  # noqa: ANN401 - the kinds say what it is
    """The value of a plain scalar of one of these kinds."""
    known = isinstance(node, yaml.ScalarNode) and node.tag in _SCALARS.yaml_constructors
    try:
        value = _SCALARS.construct_object(node) if known else None
    except (ValueError, yaml.YAMLError):
        value = None
    if value is None or isinstance(value, bool) is not (bool in kinds) or not isinstance(value, kinds):
        raise Wrong(f"{_shown(node)} is not {what}", what)
    return value


def text(node: yaml.Node) -> str:
    """A text; numbers and dates must be quoted, so that nothing is lost of them (0123, 1e5)."""
    if isinstance(node, yaml.ScalarNode) and node.tag not in {_STR, _NULL}:
        raise Wrong(f"{_shown(node)} is read as a number, date or truth value, not as text", "a text; put it in quotes")
    value: str = _scalar(node, (str,), "a text")
    return value.strip()


def _filled(node: yaml.Node) -> str:
    value = text(node)
    if not value or len(value) > 200 or not value.isprintable():
        raise Wrong(f"{_shown(node)} is empty, longer than 200 characters or holds control characters", "a text of 1 to 200 characters")
    return value


def _identifier(node: yaml.Node) -> str:
    value = text(node)
    if not _ID.fullmatch(value):
        raise Wrong(f"{_shown(node)} is no id", "lower-case letters, digits, - and _, not first; at most 64 characters")
    return value


def _adcode(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode) and node.tag.endswith((":int", ":float")):
        raise Wrong(f"{node.value} is a number", f'six digits as text: quote it, "{node.value}"')
    value = text(node)
    if not re.fullmatch(r"[1-9][0-9]{5}", value):
        raise Wrong(f"{_shown(node)} is not a code of GB/T 2260", "six digits in quotes")
    if place_of_code(value) is None:
        raise Wrong(f'"{value}" was never a place of GB/T 2260', 'the code of a province, city, district or county, e.g. "610430"')
    return value


def _site_code(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode) and node.tag.endswith(":int"):
        raise Wrong(f"{node.value} is a number", f'ten digits as text: quote it, "{node.value}"')
    value = text(node)
    if not _SITE_CODE.fullmatch(value):
        raise Wrong(f"{_shown(node)} is not a 网站标识码", "ten digits in quotes, or bm and eight digits")
    return value


def _url(node: yaml.Node) -> str:
    value = text(node)
    allowed = "http:// or https:// with a host, without user name and password"
    try:
        parts = urlsplit(value)
        bad = parts.scheme not in {"http", "https"} or not parts.hostname or not value.isprintable() or " " in value or len(value) > 2000
        if not bad:
            host_key(parts.netloc.rpartition("@")[2])
    except ValueError:
        bad = True
    if bad:
        raise Wrong(f"{_shown(node)} is not an address that can be walked", allowed)
    if parts.username is not None or parts.password is not None:
        # The value is not repeated: it may be a real password.
        raise Wrong("the address holds a user name or password", allowed)
    return value if parts.path else value + "/"


def _host(node: yaml.Node) -> str:
    value = text(node).lower()
    try:
        good = bool(_HOST.fullmatch(value)) and bool(host_key(value))
    except ValueError:
        good = False
    if not good:
        raise Wrong(f"{_shown(node)} is not a host", "a host without http://, e.g. www.example.gov.cn or 127.0.0.1:8000")
    return value


def _one_of(*values: str) -> Check:
    def check(node: yaml.Node) -> str:
        value = text(node)
        if value not in values:
            raise Wrong(f"{_shown(node)} is unknown", ", ".join(values))
        return value

    return check


def _several(check: Check) -> Check:
    def check_all(node: yaml.Node) -> tuple[Any, ...]:
        if not isinstance(node, yaml.SequenceNode):
            raise Wrong(f"{_shown(node)} is not a list", "a list, e.g. [a, b]")
        values = []
        for item in node.value:
            try:
                values.append(check(item))
            except Wrong as wrong:
                raise Wrong(wrong.message, wrong.allowed, item) from wrong
        return tuple(values)

    return check_all


def _year(node: yaml.Node) -> int | None:
    if _is_null(node):
        return None
    value: int = _scalar(node, (int,), "a year or null")
    if not 1990 <= value <= 2100:
        raise Wrong(f"{value} is no report year", "1990 to 2100, or null for an open end")
    return value


def _years(node: yaml.Node) -> tuple[int | None, int | None]:
    years = _several(_year)(node)
    if len(years) != 2:
        raise Wrong(f"{len(years)} years are given", "two: [first, last], null for an open end")
    first, last = years
    if first is not None and last is not None and first > last:
        raise Wrong(f"the first year {first} is after the last, {last}", "[first, last] in order")
    return first, last


def _number(node: yaml.Node) -> float:
    value = float(_scalar(node, (int, float), "a number"))
    if not math.isfinite(value) or value < 0:
        raise Wrong(f"{_shown(node)} is not a number from 0 up", "a number from 0 up")
    return value


def _days(node: yaml.Node) -> int:
    value: int = _scalar(node, (int,), "a number of days")
    if not 1 <= value <= 366:
        raise Wrong(f"{value} days are no rest between two walks", "1 to 366")
    return value


def _hours(node: yaml.Node) -> str:
    value = text(node)
    try:
        minutes_of(value)
    except ValueError:
        raise Wrong(f"{_shown(node)} are no opening hours", 'HH:MM-HH:MM in China, e.g. "08:00-18:00" or "22:00-06:00"') from None
    return value


def _cap(node: yaml.Node) -> int:
    value: int = _scalar(node, (int,), "a number of requests")
    if not 1 <= value <= 1_000_000:
        raise Wrong(f"{value} requests a day are no cap", "1 to 1000000")
    return value


def _date(node: yaml.Node) -> date:
    allowed = "a date as YYYY-MM-DD, or null"
    value = _scalar(node, (date, str), "a date")
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value.strip())
        except ValueError:
            raise Wrong(f"{_shown(node)} is not a date", allowed) from None
    if isinstance(value, datetime):
        raise Wrong(f"{_shown(node)} has a time", allowed)
    return date(value.year, value.month, value.day)


def _encoding(node: yaml.Node) -> str:
    value = text(node)
    try:
        codecs.lookup(value)
    except (LookupError, ValueError):
        raise Wrong(f"{_shown(node)} is not an encoding", "e.g. utf-8, gb18030, big5") from None
    return value.lower()


def _expect(node: yaml.Node) -> dict[str, float]:
    keys = ("reports_per_year",)
    if not isinstance(node, yaml.MappingNode):
        raise Wrong(f"{_shown(node)} is not a mapping", "{" + ", ".join(f"{key}: NUMBER" for key in keys) + "}")
    values = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode) or key_node.value not in keys:
            raise Wrong(f"{_shown(key_node)} is unknown", ", ".join(keys), key_node)
        values[key_node.value] = _number(value_node)
    return values


def _truth(node: yaml.Node) -> bool:
    value: bool = _scalar(node, (bool,), "true or false")
    return value


CHECKS: Mapping[str, Check] = {
    "id": _identifier,
    "name": _filled,
    "adcode": _adcode,
    "level": _one_of(*get_args(Level)),
    "site_code": _site_code,
    "home": _url,
    "hosts": _several(_host),
    "lists": _several(_url),
    "platform": _one_of(*PLATFORMS),
    "valid_years": _years,
    "delay": _number,
    "politeness_group": _identifier,
    "enabled": _truth,
    "paused_until": _date,
    "reason": _filled,
    "verified": _date,
    "expect": _expect,
    "notes": text,
    "former_ids": _several(_identifier),
    "unit_kind": _one_of("zone"),
    "encoding": _encoding,
    "render": _truth,
    "tls": _one_of(*get_args(TlsProfile)),
    "crawl_every": _days,
    "hours": _hours,
    "daily_cap": _cap,
}


def read_value(key: str, node: yaml.Node) -> Any:  # noqa: ANN401 - the type is the field's
    """The value of a key, `None` for an empty one that may be empty. Raises Wrong."""
    if _is_null(node):
        if key in REQUIRED:
            raise Wrong("it is empty", "a value; this key is required")
        return None
    return CHECKS[key](node)
