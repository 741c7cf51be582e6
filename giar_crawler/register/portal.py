"""One entry of the register: a portal and all that the walk has to know of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, Literal, TypedDict
from urllib.parse import urlsplit

from giar_crawler.items import SHANGHAI

TlsProfile = Literal["normal", "legacy"]
Level = Literal["province", "city", "county", "township", "department"]
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}")


class ContextFields(TypedDict):
    """What a page's context takes over from the register, by the names of `items.PageContext`."""

    portal: str
    portal_name: str
    adcode: str
    level: str
    site_code: str | None
    hosts: tuple[str, ...]
    encoding: str | None


def _is_ip(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def is_loopback(host: str) -> bool:
    """Whether a host, with or without its port, is this machine."""
    name = urlsplit(f"//{host}").hostname or ""
    return name == "localhost" or name.endswith(".localhost") or (_is_ip(name) and ip_address(name).is_loopback)


@lru_cache(maxsize=4096)
def host_key(host: str) -> str:
    """A host in the form in which two addresses of one portal are equal.

    Lower case, ASCII, without `www.` and, off loopback, without the port: there one machine is one portal, here each port is another.
    Raises ValueError for what is no host.
    """
    parts = urlsplit(f"//{host.strip()}")
    name = (parts.hostname or "").rstrip(".")
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    port = parts.port or 80
    if parts.username is not None or parts.path or parts.query or parts.fragment or not (_NAME.fullmatch(name) or _is_ip(name)):
        raise ValueError(f"no host: {host!r}")
    return f"{name}:{port}" if is_loopback(host) else name.removeprefix("www.")


@lru_cache(maxsize=4096)
def machine_of(host: str) -> str:
    """The machine that a host, with or without its port, is: its name as in `host_key`, without any port. Raises ValueError as that does.

    What is polite is decided by this name: ports of one machine share its delay, also on loopback.
    """
    key = host_key(host)
    return key.rpartition(":")[0] if is_loopback(host) else key


def minutes_of(hours: str) -> tuple[int, int]:
    """The minutes of the day at which `HH:MM-HH:MM` begins and ends. Raises ValueError for anything else, and for hours that are none."""
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", hours)
    first, last = (int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])) if found else (0, 0)
    if first == last or last > 24 * 60:
        raise ValueError(f"no hours: {hours!r}")
    return first, last


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal as the register describes it. Every field is a key of the register's YAML; docs/adding-a-portal.md says what each means.

    `delay` is in seconds between requests to one host. `valid_years` are the first and the last report year that the address serves, `None`
    for an open end. `crawl_every` is the rest in days between two walks. `hours` are HH:MM-HH:MM in China, also over midnight; `daily_cap`
    is the most requests that it gets on a day in China. `verified` is the date on which somebody saw it work.
    """

    id: str
    name: str
    adcode: str
    level: Level
    home: str
    site_code: str | None = None
    hosts: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    platform: str = "auto"
    valid_years: tuple[int | None, int | None] = (None, None)
    delay: float = 1.0
    politeness_group: str | None = None
    enabled: bool = True
    paused_until: date | None = None
    reason: str | None = None
    verified: date | None = None
    expect: Mapping[str, float] = field(default_factory=dict, hash=False)
    notes: str = ""
    former_ids: tuple[str, ...] = ()
    unit_kind: str | None = None
    encoding: str | None = None
    tls: TlsProfile = "normal"
    render: bool = False
    crawl_every: int | None = None
    hours: str | None = None
    daily_cap: int | None = None

    @property
    def host(self) -> str:
        """The host of its home, with the port where the address has one."""
        return urlsplit(self.home).netloc.lower()

    @property
    def all_hosts(self) -> tuple[str, ...]:
        """The home's host and the further ones, in this order, as they are written."""
        return tuple(dict.fromkeys((self.host, *self.hosts)))

    def owns(self, host: str) -> bool:
        """Whether a host (`example.gov.cn`, `127.0.0.1:8000`) is the portal's; `www.` makes no difference, on loopback the port does."""
        try:
            return host_key(host) in {host_key(own) for own in self.all_hosts}
        except ValueError:
            return False

    def active_on(self, day: date) -> bool:
        """Whether it may be walked on that day: enabled, and a pause, if there was one, is over."""
        return self.enabled and (self.paused_until is None or self.paused_until <= day)

    def closed_until(self, moment: datetime) -> datetime | None:
        """When it opens next, in China's time; `None` while it is open. `moment` has a time zone."""
        if self.hours is None:
            return None
        first, last = minutes_of(self.hours)
        local = moment.astimezone(SHANGHAI)
        minute = local.hour * 60 + local.minute
        if (first <= minute < last) if first < last else (minute >= first or minute < last):
            return None
        opens = local.replace(hour=first // 60, minute=first % 60, second=0, microsecond=0)
        return opens if minute < first else opens + timedelta(days=1)

    def context_fields(self) -> ContextFields:
        """The fields that `items.PageContext` takes over: `PageContext(**portal.context_fields(), kind=…)`."""
        return ContextFields(
            portal=self.id,
            portal_name=self.name,
            adcode=self.adcode,
            level=self.level,
            site_code=self.site_code,
            hosts=self.all_hosts,
            encoding=self.encoding,
        )

    def as_dict(self) -> dict[str, Any]:
        """All keys with values that JSON knows; dates are ISO 8601."""
        values = asdict(self)
        return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}
