"""Which addresses belong to a portal."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from giar_crawler.platforms.addresses import MOST_URL
from giar_crawler.register import Portal, host_key

# Other ports of a portal's host are other servers (consoles, databases); only where the register names one it is asked.
USUAL_PORTS = frozenset({None, 80, 443})
# Hosts below a portal's own name that one walk takes over.
MOST_TAKEN = 3
# Addresses that are remembered at once: those of a page, and of the menus on all of them.
MOST_SAID = 512
# Below these of China the third name is the owner's.
SECOND_LEVEL = frozenset({"gov", "org", "com", "net", "edu", "ac"})


@dataclass(slots=True, frozen=True)
class Scope:
    """The portal's hosts: private and loopback addresses and unusual ports only where the register itself names them.

    `others` are the hosts of other portals. Hosts below the portal's own name (`xxgk.example.gov.cn` of `www.example.gov.cn`) are `taken`
    over where its pages of disclosure lead to them.
    """

    portal: Portal
    others: frozenset[str] = frozenset()
    taken: dict[str, None] = field(default_factory=dict, compare=False)
    # What was said of addresses: the same are on most pages of a portal, and each is asked about when it is met and when it is requested.
    _said: dict[str, str | None] = field(default_factory=dict, compare=False, repr=False)

    def refuses(self, url: str) -> str | None:
        """Why an address is not asked, in one word; `None` where it may be."""
        if len(url) > MOST_URL:
            return "long_address"
        if url not in self._said:
            if len(self._said) >= MOST_SAID:
                self._said.clear()
            self._said[url] = self._judge(url)
        return self._said[url]

    def _judge(self, url: str) -> str | None:
        try:
            parts = urlsplit(url)
            # Each is found anew whenever it is asked for.
            host, port = parts.hostname, parts.port
        except ValueError:
            return "bad_address"
        if parts.scheme not in {"http", "https"}:
            return "scheme"
        if not host or parts.username is not None:
            return "bad_address"
        netloc = f"{host}:{port}" if port else host
        if netloc in self.taken:
            return None
        if not self.portal.owns(netloc) or (port not in USUAL_PORTS and not self._names(netloc)):
            return "foreign_host"
        return None

    def takes(self, url: str) -> bool:
        """Takes the host of an address over, where it lies below the portal's own name and is nobody else's; whether it did."""
        if self.refuses(url) != "foreign_host":
            return False
        parts, home = urlsplit(url), urlsplit(self.portal.home)
        host, own = parts.hostname or "", (home.hostname or "").removeprefix("www.")
        netloc = f"{host}:{parts.port}" if parts.port else host
        free = len(self.taken) < MOST_TAKEN and host_key(netloc) not in self.others and parts.port in USUAL_PORTS | {home.port}
        # Whoever has a name that anybody may register below owns nothing there.
        if not free or not host.endswith(f".{own}") or _domain(f"any.{own}") in {"", f"any.{own}"}:
            return False
        self.taken[netloc] = None
        self._said.clear()
        return True

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
