"""Directories that turn their pages with a form, `javascript:goPage(2)`.

Quirks: none, the form is posted, and a number in the address is ignored; `written` has a script that writes the number into the address.
"""

from __future__ import annotations

from functools import cached_property
from math import ceil
from urllib.parse import parse_qsl

from demo.families.base import FamilyArticle, FamilyPortal, FamilySite
from demo.families.menus import crumbs, menu, number
from demo.sites import Answer

YEARS = tuple(range(2008, 2024))
PORTALS = (
    FamilyPortal("jsp-pingjiang", "127.0.72.36", "jsp", "平江县", "430626", "4306260001", YEARS, YEARS[9:], encoding="gbk"),
    FamilyPortal("jsp-yuanling", "127.0.72.37", "jsp", "沅陵县", "431222", "4312220002", YEARS, YEARS[11:], quirk="written"),
)
COLUMNS = {"annual": ("40821", "信息公开年报"), "notices": ("40704", "通知公告"), "news": ("40701", "政务要闻")}
LIST = "/xxgk/list.jsp"
PER_PAGE = 12


class JspSite(FamilySite):
    """A directory."""

    @cached_property
    def pages(self) -> dict[str, FamilyArticle]:
        """The articles by their address."""
        return {self.article_path(article): article for article in self.articles}

    def article_path(self, article: FamilyArticle) -> str:
        """`/xxgk/show.jsp?id=ID`."""
        return f"/xxgk/show.jsp?id={article.number}"

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:
        """Pages by address; the list's page by its form."""
        if path == "/":
            links = [(f"{LIST}?channelId={COLUMNS[column][0]}", COLUMNS[column][1]) for column in ("news", "notices")]
            news = "".join(self.item(article) for article in self.of("news")[:6])
            return self.html(self.portal.government, menu(("/xxgk/index.jsp", "政府信息公开目录"), *links) + f"<ul>{news}</ul>")
        if path == "/xxgk/index.jsp":
            links = [
                ("/xxgk/guide.jsp", "公开指南"),
                ("/xxgk/apply.jsp", "依申请公开"),
                (f"{LIST}?channelId={COLUMNS['annual'][0]}", "公开年报"),
            ]
            return self.html("政府信息公开目录", crumbs("政府信息公开目录") + menu(*links))
        if path == LIST:
            posted = self.portal.quirk == "written" or "pageNo" not in dict(parse_qsl(query))
            return self._list(fields.get("channelId", ""), number(fields.get("pageNo"), 1) if posted else 1)
        found = self.pages.get(f"{path}?id={fields.get('id')}")
        if found:
            return self.article(found, around='<table width="96%"><tr><td class="content">{}</td></tr></table>')
        return self.robots() if path == "/robots.txt" else self.missing()

    def _list(self, channel: str, page: int) -> Answer:
        column, name = next(((column, name) for column, (code, name) in COLUMNS.items() if code == channel), ("", ""))
        listed = self.of(column)
        pages = max(1, ceil(len(listed) / PER_PAGE))
        page = min(max(page, 1), pages)
        rows = "".join(
            f"<tr><td>{article.number}</td><td>"
            f'<a href="show.jsp?id={article.number}" title="{article.title}">{article.title[:20]}…</a></td>'
            f"<td>{article.published:%Y-%m-%d}</td></tr>"
            for article in listed[(page - 1) * PER_PAGE : page * PER_PAGE]
        )
        places = (("首页", 1), ("下一页", min(page + 1, pages)), ("尾页", pages))
        links = " ".join(f'<a href="javascript:goPage({place})">{words}</a>' for words, place in places)
        if self.portal.quirk == "written":
            script = f"function goPage(n){{if(n>{pages}) return; location.href='list.jsp?channelId={channel}&pageNo='+n;}}"
            form = ""
        else:
            script = "function goPage(n){document.pageForm.pageNo.value=n;document.pageForm.submit();}"
            form = (
                f'<form name="pageForm" method="post" action="list.jsp">'
                f'<input type="hidden" name="channelId" value="{channel}"><input type="hidden" name="pageNo" value="{page}">'
                '<input type="text" name="title"><select name="year"><option value="">全部</option>'
                '<option value="2021">2021</option></select><input type="submit" value="搜索"></form>'
            )
        pager = f"<div>共{len(listed)}条记录 第{page}/{pages}页 {links}</div><script>{script}</script>"
        return self.html(name, crumbs("政府信息公开", name) + form + f"<table>{rows}</table>" + pager)
