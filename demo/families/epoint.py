"""Epoint EWB (新点): templates that a script fills by a POST of JSON.

Quirks: none, the site's ids stand in `webBuilderCommon.js` and values are read as they come; `params` has them in the page, reads only what
stands below `params`, and gives 20 rows at most.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from demo.families.base import FamilyArticle, FamilyPortal, FamilySite
from demo.families.menus import crumbs, menu
from demo.sites import Answer

PORTALS = (
    FamilyPortal(
        "epoint-suining", "127.0.72.30", "epoint", "睢宁县", "320324", "3203240001", tuple(range(2008, 2024)), tuple(range(2014, 2024))
    ),
    FamilyPortal(
        "epoint-gaizhou", "127.0.72.31", "epoint", "盖州市", "210881", "2108810002", organ_years=tuple(range(2014, 2024)), quirk="params"
    ),
)
COLUMNS = {"annual": ("003005", "政府信息公开年报"), "notices": ("003011", "公示公告"), "news": ("001001", "要闻动态")}
GUIDS = {"": "bc6e816e-4cfa-4317-9c8c-1e74c712d3fe", "params": "befc62b3-fa6f-4ce8-829f-16d7d567773a"}
PROJECTS = {"": "/EWB-FRONT", "params": "/EWB_YK_Mid"}
LARGEST = {"": 100, "params": 20}
ACTION = "/rest/lightfrontaction/getgovinfolist"


class EpointSite(FamilySite):
    """An Epoint portal."""

    @cached_property
    def pages(self) -> dict[str, FamilyArticle]:
        """The articles by their path."""
        return {self.article_path(article): article for article in self.articles}

    def article_path(self, article: FamilyArticle) -> str:
        """`/CATEGORY/YYYYMMDD/GUID.html`."""
        code = COLUMNS[article.column][0]
        return f"/{code[:3]}/{code}/{article.published:%Y%m%d}/7f3a{article.number:08x}-4cfa-4317-9c8c-{article.number:012x}.html"

    def column_path(self, column: str) -> str:
        """Where a column's template lies."""
        name = "openlist" if self.portal.quirk else "govInfoPub"
        return f"/dynamic/zwgk/{name}.html?categorynum={COLUMNS[column][0]}" + ("" if self.portal.quirk else "&deptcode=")

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:  # noqa: ARG002 - one shape for all families
        """Templates, the site's script, and the rows."""
        portal = self.portal
        if path == "/":
            links = [(self.column_path(column), COLUMNS[column][1]) for column in ("news", "notices")]
            news = "".join(self.item(article) for article in self.of("news")[:5])
            return self.html(portal.government, menu(("/003/govPublic.html", "政务公开"), *links) + f"<ul>{news}</ul>", head=self._script)
        if path == "/003/govPublic.html":
            links = [("/003/003001/guide.html", "政府信息公开指南"), (self.column_path("annual"), "政府信息公开年报")]
            return self.html("政府信息公开", crumbs("政务公开") + menu(*links), head=self._script)
        if path in {"/dynamic/zwgk/openlist.html", "/dynamic/zwgk/govInfoPub.html"}:
            return self._template(fields.get("categorynum", ""))
        if path == "/js/webBuilderCommon.js":
            return self.plain(
                f"var webBuilder={{}};\nvar siteInfo = {self._site};\nfunction gotoHome(){{window.location.href='/';}}\n",
                "application/javascript",
            )
        if path == PROJECTS[portal.quirk] + ACTION:
            return self._rows(fields.get("@body", ""))
        if path in self.pages:
            return self.article(self.pages[path], around='<div class="ewb-article-info" id="infoContentM">{}</div>')
        return self.robots() if path == "/robots.txt" else self.missing()

    @property
    def _script(self) -> str:
        return '<script src="/js/lib/jquery.min.js"></script><script src="/js/webBuilderCommon.js"></script>'

    @property
    def _site(self) -> str:
        return json.dumps({"projectName": PROJECTS[self.portal.quirk], "siteGuid": GUIDS[self.portal.quirk], "ver": "8.1"})

    def _template(self, category: str) -> Answer:
        name = next((name for code, name in COLUMNS.values() if code == category), "")
        inline = f"<script>var siteInfo={self._site};</script>" if self.portal.quirk else ""
        row = '{{#data}}<li><a href="{{infourl}}">{{title}}</a><span>{{infodate}}</span></li>{{/data}}'
        rows = f'<script type="text/template" id="tpl">{row}</script>'
        return self.html(
            name,
            crumbs("政务公开", name) + f'<ul id="list" class="ewb-list">{rows}</ul>{inline}<script src="/js/openlist.js"></script>',
            head=self._script,
        )

    def _rows(self, body: str) -> Answer:
        """The rows of a category; what the application does not understand has none."""
        try:
            asked: Any = json.loads(body)
        except ValueError:
            return Answer(500, "application/json", b'{"status":{"code":"500"}}')
        values = asked.get("params") if self.portal.quirk else asked
        if not isinstance(values, dict) or values.get("siteGuid") != GUIDS[self.portal.quirk]:
            return self.plain('{"custom":{"data":[],"total":"0"},"status":{"code":"200"}}', "application/json")
        listed = next((self.of(column) for column, (code, _) in COLUMNS.items() if code == values.get("categorynum")), [])
        size = min(int(values.get("pageSize", 15)), LARGEST[self.portal.quirk])
        first = int(values.get("pageIndex", 0)) * size
        data = [
            {
                "infoid": f"{article.number}",
                "infourl": self.article_path(article),
                "title": article.title[:30],
                "realtitle": article.title,
                "infodate": f"{article.published:%Y-%m-%d}",
            }
            for article in listed[first : first + size]
        ]
        return self.plain(
            json.dumps({"custom": {"data": data, "total": str(len(listed))}, "status": {"code": "200"}}, ensure_ascii=False),
            "application/json",
        )
