"""Which addresses belong to a portal."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from giar_crawler.platforms.addresses import MOST_URL
from giar_crawler.register import Portal

# Other ports of a portal's host are other servers (consoles, databases); only where the register names one it is asked.
USUAL_PORTS = frozenset({None, 80, 443})
# Below these of China the third name is the owner's.
SECOND_LEVEL = frozenset({"gov", "org", "com", "net", "edu", "ac"})


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

    def is_akin(self, url: str) -> bool:
        """Whether an address lies under the domain of one of the portal's hosts: jyj.example.gov.cn is akin to www.example.gov.cn."""
        return _domain(urlsplit(url).hostname or "") in set(map(_domain, self.portal.all_hosts)) - {""}

    def _names(self, netloc: str) -> bool:
        """Whether the register has this host with this port."""
        return netloc.removeprefix("www.") in {host.removeprefix("www.") for host in self.portal.all_hosts}


def _domain(host: str) -> str:
    """The domain that one owner has: three labels of names under gov.cn and its like, else two; empty for numbers."""
    labels = host.partition(":")[0].lower().split(".")
    if labels[-1].isdigit():
        return ""
    return ".".join(labels[-3 if len(labels) > 2 and labels[-1] == "cn" and labels[-2] in SECOND_LEVEL else -2 :])
