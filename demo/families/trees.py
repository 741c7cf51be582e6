"""Portals without a platform of their own: trees of years and departments, and columns that are shells around a frame.

Quirks: `years` has year > department, `departments` the other way round, `frames` keeps its list in a frame of the column's page.
"""

from __future__ import annotations

from functools import cached_property
from math import ceil

from demo.families.base import ORGANS, FamilyArticle, FamilyPortal, FamilySite
from demo.families.menus import crumbs, menu, number
from demo.sites import Answer

YEARS = tuple(range(2008, 2024))
PORTALS = (
    FamilyPortal("tree-huangling", "127.0.72.38", "trees", "黄陵县", "610632", "6106320001", YEARS, YEARS[11:], ORGANS, quirk="years"),
    FamilyPortal("frames-zhonglou", "127.0.72.39", "trees", "常州市钟楼区", "320404", "3204040002", YEARS, YEARS[12:], quirk="frames"),
    FamilyPortal("tree-pingshan", "127.0.72.40", "trees", "屏山县", "511529", "5115290003", YEARS, YEARS[11:], ORGANS, quirk="departments"),
)
COLUMN = "/zwgk/xxgknb/"
PER_PAGE = 10


class TreeSite(FamilySite):
    """A portal of files."""

    @cached_property
    def pages(self) -> dict[str, FamilyArticle]:
        """The articles by their path."""
        return {self.article_path(article): article for article in self.articles}

    @cached_property
    def organs(self) -> list[str]:
        """The organs that report."""
        return sorted({article.organ for article in self.of("annual") if article.organ})

    def article_path(self, article: FamilyArticle) -> str:
        """`/c/YYYY-MM-DD/ID.shtml`."""
        return f"/c/{article.published:%Y-%m-%d}/{1190000 + article.number}.shtml"

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:  # noqa: ARG002 - one shape for all families
        """Pages by path."""
        if path == "/":
            links = [("/zwgk/", "政务公开"), ("/news/", "新闻中心"), ("/notices/", "通知公告")]
            news = "".join(self.item(article) for article in self.of("news")[:6])
            return self.html(self.portal.government, menu(*links) + f"<ul>{news}</ul>")
        if path == "/zwgk/":
            links = [("/zwgk/zn/", "公开指南"), (COLUMN, "政府信息公开年报"), ("/zwgk/fzzf/", "法治政府建设年度报告")]
            return self.html("政务公开", crumbs("政务公开") + menu(*links))
        if path in {"/news/", "/notices/"}:
            return self.html("列表", crumbs("列表") + self._rows(self.of(path.strip("/"))))
        if path in self.pages:
            return self.article(self.pages[path], around='<div class="Article_content">{}</div>')
        if path == "/robots.txt":
            return self.robots()
        if not path.startswith(COLUMN):
            return self.missing()
        rest = path.removeprefix(COLUMN).strip("/").split("/")
        return self._framed(rest, fields) if self.portal.quirk == "frames" else self._tree([part for part in rest if part])

    def _rows(self, listed: list[FamilyArticle]) -> str:
        return "<ul class='list'>" + "".join(self.item(article) for article in listed) + "</ul>"

    def _short(self, organ: str) -> str:
        return "县政府" if organ == self.portal.government else organ.removeprefix(self.portal.place)

    def _tree(self, steps: list[str]) -> Answer:
        """The column, a year or an organ of it, or both; steps are `2021` and `dw3`."""
        place = crumbs("政务公开", "政府信息公开年报")
        years = [step for step in steps if step.isdecimal()]
        organs = [self.organs[number(step[2:], 0) % len(self.organs)] for step in steps if step.startswith("dw")]
        listed = [
            article
            for article in self.of("annual")
            if (not years or str(article.year) in years) and (not organs or article.organ in organs)
        ]
        if len(years) + len(organs) != len(steps) or not listed:
            return self.missing()
        by_year = not years and (self.portal.quirk == "years" or bool(organs))
        if len(steps) >= (2 if self.portal.quirk == "years" else 1) or (years and organs):
            return self.html("政府信息公开年报", place + self._rows(listed))
        below = COLUMN + "".join(f"{step}/" for step in steps)
        if by_year:
            links = [
                (f"{below}{year}/", f"{year}年") for year in sorted({article.year for article in listed if article.year}, reverse=True)
            ]
        else:
            named = {article.organ for article in listed}
            links = [(f"{below}dw{index}/", self._short(organ)) for index, organ in enumerate(self.organs) if organ in named]
        return self.html("政府信息公开年报", place + menu(*links, name="tree"))

    def _framed(self, rest: list[str], fields: dict[str, str]) -> Answer:
        """The shell, the frame in it, and the list in that."""
        listed = self.of("annual")
        if rest == [""]:
            shell = (
                '<iframe src="/count.html" width="0" height="0"></iframe><iframe src="frame.html" frameborder="0" width="100%"></iframe>'
            )
            return self.html("政府信息公开年报", crumbs("政务公开", "政府信息公开年报") + shell)
        if rest == ["frame.html"]:
            return Answer(200, "text/html; charset=utf-8", b'<html><frameset><frame src="inner.html?page=1"></frameset></html>')
        if rest != ["inner.html"]:
            return self.missing()
        page, pages = number(fields.get("page"), 1), ceil(len(listed) / PER_PAGE)
        following = f'<a href="inner.html?page={page + 1}">下一页</a>' if page < pages else ""
        text = self._rows(listed[(page - 1) * PER_PAGE : page * PER_PAGE])
        return Answer(200, "text/html; charset=utf-8", f"<html><body>{text}<div>共{len(listed)}条 {following}</div></body></html>".encode())
