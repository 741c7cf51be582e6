"""Which addresses belong to a portal."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from giar_crawler.platforms.page import MOST_URL
from giar_crawler.register import Portal

# Other ports of a portal's host are other servers (consoles, databases); only where the register names one it is asked.
USUAL_PORTS = frozenset({None, 80, 443})


@dataclass(slots=True, frozen=True)
class Scope:
    """The portal's hosts and nothing else: private and loopback addresses and unusual ports only where the register itself names them."""

    portal: Portal

    def refuses(self, url: str) -> str | None:
        """Why an address is not asked, in one word; `None` where it may be."""
        if len(url) > MOST_URL:
            return "long_address"
        try:
            parts = urlsplit(url)
            netloc = parts.hostname and (f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname)
        except ValueError:
            return "bad_address"
        if parts.scheme not in {"http", "https"}:
            return "scheme"
        if not netloc or parts.username is not None:
            return "bad_address"
        if not self.portal.owns(netloc) or (parts.port not in USUAL_PORTS and not self._names(netloc)):
            return "foreign_host"
        return None

    def _names(self, netloc: str) -> bool:
        """Whether the register has this host with this port."""
        return netloc.removeprefix("www.") in {host.removeprefix("www.") for host in self.portal.all_hosts}
