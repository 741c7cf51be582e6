"""Which addresses belong to a portal."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from giar_crawler.platforms.page import MOST_URL
from giar_crawler.register import Portal


@dataclass(slots=True, frozen=True)
class Scope:
    """The portal's hosts and nothing else: private and loopback addresses only where the register itself names them."""

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
        return None if self.portal.owns(netloc) else "foreign_host"
