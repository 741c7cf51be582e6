"""A portal of columns with numbered pages: the home page, the disclosure page, lists.

A family gives addresses, rows, pagers and articles their shape.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from functools import cached_property
from math import ceil

from demo.families.base import FamilyArticle, FamilySite
from demo.sites import Answer

COLUMNS = {"annual": "政府信息公开年报", "notices": "通知公告", "news": "要闻动态"}
# What the platform page of the 2019 rule offers beside the annual reports.
PLATFORM_PAGE = ("政府信息公开指南", "政府信息公开制度", "法定主动公开内容")
MENU = ("办事服务", "互动交流", "走进本县")


class ColumnSite(FamilySite):
    """Pages by their address; whatever has none is missing."""

    page_size = 5
    hub_name = "政府信息公开"
    names = COLUMNS

    @abstractmethod
    def column_path(self, column: str, number: int = 1) -> str:
        """The path (with query) of a page of a column, counted from 1."""

    @abstractmethod
    def hub_path(self) -> str:
        """The path of the disclosure page."""

    @abstractmethod
    def pager(self, column: str, number: int, count: int) -> str:
        """What turns the pages of a list."""

    def article_page(self, article: FamilyArticle) -> Answer:
        """The page of an article in the family's own markup."""
        return self.article(article)

    def row(self, article: FamilyArticle, folder: str) -> str:
        """A row of the list at `folder`."""
        _ = folder
        return self.item(article)

    def count(self, column: str) -> int:
        """How many pages a column has."""
        return max(1, ceil(len(self.of(column)) / self.page_size))

    @cached_property
    def pages(self) -> dict[str, Callable[[], Answer]]:
        """What answers, by path and query."""
        found: dict[str, Callable[[], Answer]] = {"/": self.home, self.hub_path(): self.hub}
        for column in self.names:
            for number in range(1, self.count(column) + 1):
                found[self.column_path(column, number)] = lambda column=column, number=number: self.listing(column, number)  # type: ignore[misc]
        for article in self.articles:
            found[self.article_path(article)] = lambda article=article: self.article_page(article)  # type: ignore[misc]
        return found

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:
        """The page of this address."""
        _ = fields
        if path == "/robots.txt":
            return self.robots()
        address = f"{path}?{query}" if query else path
        build = self.pages.get(address) or self.pages.get(address.removesuffix("index.html"))
        return build() if build else self.missing()

    def home(self) -> Answer:
        """The home page: a menu, the news, the notices."""
        links = [(self.hub_name, self.hub_path()), *((self.names[name], self.column_path(name)) for name in ("news", "notices"))]
        menu = "".join(f'<li><a href="{path}">{name}</a></li>' for name, path in links)
        menu += "".join(f'<li><a href="#">{name}</a></li>' for name in MENU)
        latest = "".join(self.item(article) for name in ("news", "notices") for article in self.of(name)[:4])
        return self.html(f"{self.portal.government}门户网站", f'<ul class="nav">{menu}</ul><ul class="latest">{latest}</ul>')

    def hub(self) -> Answer:
        """The disclosure page after the rule of 2019."""
        others = "".join(f'<li><a href="{self.hub_path()}#{number}">{name}</a></li>' for number, name in enumerate(PLATFORM_PAGE))
        menu = f'<ul class="xxgk">{others}<li><a href="{self.column_path("annual")}">{self.names["annual"]}</a></li></ul>'
        return self.html(self.hub_name, f'<div class="position">当前位置:<a href="/">首页</a> &gt; {self.hub_name}</div>{menu}')

    def listing(self, column: str, number: int) -> Answer:
        """A page of a column."""
        first, name = (number - 1) * self.page_size, self.names[column]
        folder = self.column_path(column, number).rpartition("/")[0] + "/"
        rows = "".join(self.row(article, folder) for article in self.of(column)[first : first + self.page_size])
        crumbs = f'<a href="/">首页</a> &gt; <a href="{self.hub_path()}">{self.hub_name}</a> &gt; {name}'
        main = f'<div class="position">当前位置:{crumbs}</div><ul class="list">{rows}</ul>{self.pager(column, number, self.count(column))}'
        return self.html(f"{name}-{self.portal.government}", main)
