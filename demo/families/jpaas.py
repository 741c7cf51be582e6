"""Portals on Hanweb jpaas (大汉): pages put together of units, which the server builds on request."""

from __future__ import annotations

import json
from hashlib import md5
from html import escape
from urllib.parse import parse_qsl

from demo.families.base import FamilyArticle, FamilyPortal, FamilySite
from demo.sites import Answer

PORTALS = (
    FamilyPortal("jpaas-units", "127.0.72.6", "jpaas", "德清县", "330521", "3305210006", quirk="units"),
    FamilyPortal(
        "jpaas-organs",
        "127.0.72.7",
        "jpaas",
        "宝应县",
        "321023",
        "3210230007",
        organs=("教育局", "财政局", "石桥镇", "柳林镇"),
        quirk="organs",
    ),
)
BUILD = "/api-gateway/jpaas-publish-server/front/page/build/unit"
LIST = "当前栏目list"
# Columns by their numbers; those of the second portal's annual reports are kinds of organs.
NAMES = {
    "1229001": "政府信息公开年报",
    "1229002": "通知公告",
    "1229003": "要闻动态",
    "1229011": "县政府",
    "1229012": "县级部门",
    "1229013": "镇(街道)",
}
COLUMNS = {"annual": "1229001", "notices": "1229002", "news": "1229003"}
ROWS = 10
MOST_ROWS = 6


class JpaasSite(FamilySite):
    """A jpaas portal."""

    def article_path(self, article: FamilyArticle) -> str:
        """`/col/col1229001/art/2024/art_<32 hexadecimal digits>.html`."""
        name = md5(f"{self.portal.id} {article.number}".encode(), usedforsecurity=False).hexdigest()
        return f"/col/col{COLUMNS[article.column]}/art/{article.published.year}/art_{name}.html"

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:  # noqa: ARG002 # as in FamilySite
        """Columns, units and articles."""
        if path == "/robots.txt":
            return self.robots()
        if path in ("/", "/index.html"):
            return self._home()
        if path == BUILD:
            return self._built(dict(parse_qsl(query, keep_blank_values=True)))
        column = path.removeprefix("/col/col").removesuffix("/index.html")
        if path == "/col/col1229000/index.html":
            return self._platform_page()
        if column in NAMES:
            return self._column(column)
        for article in self.articles:
            if path == self.article_path(article):
                return self.article(article, around='<div id="zoom">{}</div>')
        return self.missing()

    def _home(self) -> Answer:
        links = (("1229000", "政府信息公开"), ("1229002", "通知公告"), ("1229003", "要闻动态"))
        menu = "".join(f'<li><a href="/col/col{number}/index.html">{name}</a></li>' for number, name in links)
        return self.html(
            self.portal.government, f"<ul class=nav>{menu}</ul><ul>{''.join(self.item(one) for one in self.of('news')[:6])}</ul>"
        )

    def _platform_page(self) -> Answer:
        """The page that the rule of 2019 asks for."""
        links = (
            ("1229004", "政府信息公开指南"),
            ("1229005", "政府信息公开制度"),
            ("1229006", "法定主动公开内容"),
            ("1229001", "政府信息公开年报"),
        )
        menu = "".join(f'<li><a href="/col/col{number}/index.html">{name}</a></li>' for number, name in links)
        return self.html("政府信息公开", f"<ul class=menu>{menu}</ul>")

    def _column(self, column: str) -> Answer:
        name = NAMES[column]
        head = f'<meta name="ColumnName" content="{name}">' + self._unit(column, "页头导航")
        below = "".join(f'<li><a href="/col/col{number}/index.html">{NAMES[number]}</a></li>' for number in self._below(column))
        first = "" if self.portal.quirk == "units" else self._rows(self._listed(column)[:MOST_ROWS])
        place = f"<div class=position>首页 &gt; {name}</div>"
        return self.html(name, f"{place}<ul class=tree>{below}</ul>{first}{self._unit(column, LIST)}", head=head)

    def _below(self, column: str) -> tuple[str, ...]:
        return ("1229011", "1229012", "1229013") if column == "1229001" and self.portal.quirk == "organs" else ()

    def _unit(self, column: str, tag: str) -> str:
        query = {"parseType": "bulidstatic", "webId": "149", "tplSetId": "LWx7u2pQ", "pageType": "column", "tagId": tag, "editType": "null"}
        written = escape(json.dumps({**query, "pageId": column}, ensure_ascii=False).replace('"', "'"), quote=False)
        return f'<script src="/script/0/AuthorizedRead/unitbuild.js" parseType="bulidstatic" url="{BUILD}" queryData="{written}"></script>'

    def _listed(self, column: str) -> list[FamilyArticle]:
        """The articles of a column; of the annual reports those of a kind of organs, where these have columns of their own."""
        if column in ("1229002", "1229003"):
            return self.of("notices" if column == "1229002" else "news")
        annual = self.of("annual")
        if self.portal.quirk == "units":
            return annual if column == "1229001" else []
        return [article for article in annual if column == self._kind(article.organ or "")]

    def _kind(self, organ: str) -> str:
        """The column of an organ's reports."""
        if organ == self.portal.government:
            return "1229011"
        return "1229012" if organ.endswith("局") else "1229013"

    def _rows(self, articles: list[FamilyArticle]) -> str:
        return f"<div class=page-content><ul>{''.join(self.item(article) for article in articles)}</ul></div>"

    def _built(self, values: dict[str, str]) -> Answer:
        """A unit: `paramJson` turns the pages, a number outside it does not; a name of a unit that is not one fails."""
        if values.get("tagId") not in (LIST, "页头导航") or values.get("pageId") not in NAMES:
            return self.plain('{"success":false,"code":"500","data":{}}', "application/json")
        if values["tagId"] != LIST:
            return self._answer('<ul><li><a href="/">首页</a></li></ul>')
        try:
            asked = json.loads(values.get("paramJson", "{}"))
            page, size = int(asked.get("pageNo", 1)), int(asked.get("pageSize", ROWS))
        except (ValueError, AttributeError, TypeError):
            page, size = 1, ROWS
        listed = self._listed(values["pageId"])
        if self.portal.quirk == "units":
            size = min(size, ROWS)
            pager = f'<script>oLayPageRender("pager", {{rows:"{size}", count:"{len(listed)}", pageNo:"{page}"}})</script>'
        else:
            size, pager = min(size, MOST_ROWS), '<div class="pager"></div>'
        return self._answer(self._rows(listed[max(0, page - 1) * size : max(0, page) * size]) + pager)

    def _answer(self, built: str) -> Answer:
        return self.plain(json.dumps({"success": True, "code": "200", "data": {"html": built}}, ensure_ascii=False), "application/json")
