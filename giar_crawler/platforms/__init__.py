"""Platform families. A new one is one module, its marks in `fingerprints.yaml`, and one line in `PLATFORMS`."""

from __future__ import annotations

from giar_crawler.platforms.anhui import Anhui
from giar_crawler.platforms.asked import Asked
from giar_crawler.platforms.aspnet import AspNet
from giar_crawler.platforms.base import ListEntry, Platform, score
from giar_crawler.platforms.epoint import Epoint
from giar_crawler.platforms.gkmlpt import Gkmlpt
from giar_crawler.platforms.jcms import Jcms
from giar_crawler.platforms.jcms_disclosure import JcmsDisclosure
from giar_crawler.platforms.jpaas import Jpaas
from giar_crawler.platforms.jsp import Jsp
from giar_crawler.platforms.numbered import numbered_families
from giar_crawler.platforms.page import ListPage, read_page
from giar_crawler.platforms.siteserver import SiteServer
from giar_crawler.platforms.static import Static
from giar_crawler.platforms.trs import Trs
from giar_crawler.platforms.truecms import TrueCms
from giar_crawler.platforms.turns import ListRequest
from giar_crawler.platforms.ucap import Ucap

# In the order of preference where two fit a page equally well; the last one fits any page.
PLATFORMS: tuple[Platform, ...] = (
    Jcms(),
    Ucap(),
    Gkmlpt(),
    Jpaas(),
    Trs(),
    *numbered_families(besides={SiteServer.name}),
    SiteServer(),
    JcmsDisclosure(),
    Epoint(),
    TrueCms(),
    Anhui(),
    AspNet(),
    Jsp(),
    Static(),
)

# What answers the call of a page's own script.
ASKED = Asked()

__all__ = ["PLATFORMS", "ListEntry", "ListPage", "ListRequest", "Platform", "detect", "read_page"]


def detect(page: ListPage, name: str = "auto") -> Platform:
    """The family of a page: that of the call which it answers, the one named, else the one with the most marks on it, else static lists."""
    if page.turn is not None or page.source is not None:
        return ASKED
    for platform in PLATFORMS:
        if platform.name == name:
            return platform
    scores = {platform.name: score(platform.name, page) for platform in PLATFORMS}
    best = max(PLATFORMS, key=lambda platform: scores[platform.name])
    return best if scores[best.name] else PLATFORMS[-1]
