"""The open-government platform of Anhui: lists by unit that a script's pager turns.

Quirks: none, columns are `/public/column/UNIT?type=4&catId=…&action=list`, each unit has its own; `openness` has
`/OpennessContent/showList/UNIT/COLUMN/page_1.html`, with all units in one list.
"""

from __future__ import annotations

from functools import cached_property
from math import ceil

from demo.families.base import ORGANS, TOWNS, FamilyArticle, FamilyPortal, FamilySite
from demo.families.menus import crumbs, menu, number
from demo.sites import Answer

YEARS = tuple(range(2008, 2024))
PORTALS = (
    FamilyPortal("anhui-huaiyuan", "127.0.72.34", "anhui", "怀远县", "340321", "3403210001", YEARS, YEARS[8:], ORGANS[:4] + TOWNS[:2]),
    FamilyPortal("anhui-xuanzhou", "127.0.72.35", "anhui", "宣城市宣州区", "341802", "3418020002", YEARS, YEARS[10:], quirk="openness"),
)
PER_PAGE = 10
# The column of annual reports and that of other disclosed contents in a unit's catalogue.
ANNUAL, OTHER = "49710101", "49710205"


class AnhuiSite(FamilySite):
    """A portal of the platform."""

    @cached_property
    def pages(self) -> dict[str, FamilyArticle]:
        """The articles by their path."""
        return {self.article_path(article): article for article in self.articles}

    @cached_property
    def units(self) -> dict[str, str]:
        """The units by number; the government is the first."""
        names = dict.fromkeys(article.organ for article in self.of("annual") if article.organ)
        ordered = sorted(names, key=lambda name: (name != self.portal.government, name))
        return {str(21981 + 1010 * index): name for index, name in enumerate(ordered)}

    def article_path(self, article: FamilyArticle) -> str:
        """`/public/UNIT/ID.html` or `/OpennessContent/show/ID.html`; news lie elsewhere."""
        if self.portal.quirk == "openness":
            return f"/{'OpennessContent' if article.column == 'annual' else 'News'}/show/{3400000 + article.number}.html"
        unit = next((code for code, name in self.units.items() if name == article.organ), None)
        return f"/public/{unit}/{23670000 + article.number}.html" if unit else f"/{article.column}/{50000 + article.number}.html"

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:  # noqa: ARG002 - one shape for all families
        """Pages by address; a number beyond the last page gives the last one."""
        if path == "/":
            return self._home()
        if path in self.pages:
            return self.article(self.pages[path], around='<div class="wzcon j-fontContent">{}</div>')
        if path == "/robots.txt":
            return self.robots()
        return self._openness(path) if self.portal.quirk == "openness" else self._public(path, fields)

    def _home(self) -> Answer:
        open_government = (
            "/OpennessContent/" if self.portal.quirk == "openness" else f"/public/column/{next(iter(self.units))}?type=2&nav=1"
        )
        links = [(open_government, "政务公开"), ("/news/index.html", "新闻动态"), ("/notices/index.html", "通知公告")]
        news = "".join(self.item(article) for article in self.of("news")[:6])
        return self.html(self.portal.government, menu(*links) + f"<ul>{news}</ul>")

    def _public(self, path: str, fields: dict[str, str]) -> Answer:
        if path in {"/news/index.html", "/notices/index.html"}:
            listed = self.of(path.split("/")[1])
            return self.html("列表", crumbs("列表") + "<ul>" + "".join(self.item(article) for article in listed) + "</ul>")
        unit = path.rpartition("/")[2]
        if not path.startswith("/public/column/") or unit not in self.units:
            return self.missing()
        name, first = self.units[unit], next(iter(self.units))
        catalogue = menu(
            (f"/public/column/{unit}?type=3&nav=0", "政府信息公开指南"),
            (f"/public/column/{unit}?type=4&catId={OTHER}&action=list&nav=3", "法定主动公开内容"),
            (f"/public/column/{unit}?type=4&catId={ANNUAL}&action=list&nav=3", "政府信息公开年报"),
        )
        units = menu(*((f"/public/column/{code}?type=2&nav=1", other) for code, other in self.units.items() if unit == first), name="unit")
        if fields.get("type") == "2":
            return self.html(f"{name}信息公开", crumbs("政务公开", name) + catalogue + units)
        if fields.get("catId") != ANNUAL:
            return self.html("法定主动公开内容", crumbs("政务公开", name) + catalogue)
        listed = [article for article in self.of("annual") if article.organ == name]
        # Each unit's own reports; the government's page shows all units beside them, whose annual reports stand in their own catalogues.
        beside = menu(
            *((f"/public/column/{code}?type=4&catId={ANNUAL}&action=list&nav=3", other) for code, other in self.units.items()), name="unit"
        )
        pages = max(1, ceil(len(listed) / PER_PAGE))
        page = min(max(number(fields.get("pageIndex"), 1), 1), pages)
        rows = "".join(self.item(article) for article in listed[(page - 1) * PER_PAGE : page * PER_PAGE])
        pager = (
            f"<div id='page_public_info'></div><script>Ls.pagination('#page_public_info',function(pageIndex){{}},"
            f"{{data:{{pageCount:'{pages}',"
            f"total:'{len(listed)}',linkUrl:'javascript:void(0)',pageIndex:'{page}',pageSize:'{PER_PAGE}'}}}});</script>"
        )
        return self.html(
            "政府信息公开年报",
            crumbs("政务公开", name, "政府信息公开年报") + catalogue + beside + f"<ul class='xxgk_list'>{rows}</ul>{pager}",
        )

    def _openness(self, path: str) -> Answer:
        catalogue = menu(
            ("/OpennessContent/showList/784/34500/page_1.html", "政府信息公开制度"),
            ("/OpennessContent/showList/784/34502/page_1.html", "政府信息公开年报"),
        )
        if path == "/OpennessContent/":
            return self.html("政务公开", crumbs("政务公开") + catalogue)
        lists = {
            "/OpennessContent/showList/784/34502/": ("annual", "政府信息公开年报"),
            "/OpennessContent/showList/784/34500/": ("rules", "政府信息公开制度"),
        }
        lists |= {f"/{column}/": (column, name) for column, name in (("news", "新闻动态"), ("notices", "通知公告"))}
        folder, _, file = path.rpartition("/")
        column, name = lists.get(f"{folder}/", ("", ""))
        if not column:
            return self.missing()
        listed = self.of(column)
        pages = max(1, ceil(len(listed) / PER_PAGE))
        page = min(max(number(file.removeprefix("page_").removesuffix(".html"), 1), 1), pages)
        rows = "".join(self.item(article) for article in listed[(page - 1) * PER_PAGE : page * PER_PAGE])
        pager = f"<script>var pageCount={pages};var pageIndex={page};laypage(pageCount,pageIndex);</script>"
        script = f"<div class='pager'>共{len(listed)}条信息</div>{pager}"
        return self.html(name, crumbs("政务公开", name) + catalogue + f"<ul>{rows}</ul>" + (script if column == "annual" else ""))
