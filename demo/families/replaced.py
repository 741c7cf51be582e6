"""A portal that gets another content system while it is walked: from one request on every old address is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from demo.families.base import FamilyArticle, FamilyPortal, FamilySite
from demo.families.trs import TrsSite
from demo.families.ucap import UcapSite
from demo.sites import Answer

PORTAL = FamilyPortal("replaced-danzhai", "127.0.72.60", "trs", "丹寨县", "522636", "5226360001", organ_years=tuple(range(2016, 2024)))


class ReplacedSite(FamilySite):
    """TRS before, UCAP after; `when` is asked with the path of every request until it says that the time has come.

    `since` counts the requests since then.
    """

    def __init__(self, when: Callable[[str], bool], portal: FamilyPortal = PORTAL) -> None:
        super().__init__(portal)
        self.when = when
        self.before, self.after = TrsSite(portal), UcapSite(replace(portal, family="ucap"))
        self.replaced, self.since = False, 0

    def article_path(self, article: FamilyArticle) -> str:
        """Where the article is now."""
        return (self.after if self.replaced else self.before).article_path(article)

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:
        """What the content system of this moment answers."""
        self.replaced = self.replaced or self.when(path)
        self.since += self.replaced
        return (self.after if self.replaced else self.before).answer(path, query, fields)
