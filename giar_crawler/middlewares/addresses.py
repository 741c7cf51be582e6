"""No request leaves for a public name that leads to a private address (DNS rebinding, names that point at somebody's own machines)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Any, Self, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import DNSLookupError

from giar_crawler.middlewares.refusals import PrivateAddress
from giar_crawler.register import is_loopback
from pipelines import stats

Resolve = Callable[[str], Awaitable[str]]


class AddressGuard:
    """Looks every host's name up before it is asked. Scrapy's resolver keeps the answer, so the connection goes where this one looked.

    Addresses instead of names, and names of this machine, pass: the scope has let them in because the register itself names them.
    """

    def __init__(self, crawler: Crawler, resolve: Resolve) -> None:
        self.crawler, self.resolve = crawler, resolve

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler, by_reactor)

    async def process_request(self, request: Request) -> None:
        """Raises PrivateAddress; CannotResolveHostError where the name leads nowhere, so that it is not looked up twice."""
        # Behind a proxy it is the proxy that looks the name up.
        if request.meta.get("proxy"):
            return
        try:
            await public_address(urlsplit(request.url).hostname or "", self.resolve)
        except DNSLookupError as error:
            raise CannotResolveHostError(str(error)) from error
        except PrivateAddress as refusal:
            self.crawler.stats.inc_value(stats.REFUSED + refusal.reason)
            raise


async def public_address(host: str, resolve: Resolve) -> str:
    """The address behind a name; what is an address already, or this machine, as it is. Raises PrivateAddress, and what `resolve` does."""
    if is_loopback(host) or _is_address(host):
        return host
    address = await resolve(host)
    found = ip_address(address)
    if not found.is_global or found.is_multicast:
        raise PrivateAddress("private_address", f"{host} is {address}, which is not of the public internet, and was not asked")
    return address


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def by_reactor(host: str) -> str:
    """The address that the process's resolver has for a name."""
    # Installed by the process; importing it earlier would install another one.
    from twisted.internet import reactor  # noqa: PLC0415

    # To type checkers the reactor is a module.
    address: str = await maybe_deferred_to_future(cast("Any", reactor).resolve(host))
    return address
