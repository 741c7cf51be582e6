"""Portals of the directory platform of Guangdong (gkmlpt): shells around a tree of categories, lists and articles as JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from demo.families.base import FamilyArticle, FamilyPortal, FamilySite
from demo.index_numbers import with_check_digit
from demo.sites import Answer

PORTALS = (
    FamilyPortal("gkmlpt-tree", "127.0.72.4", "gkmlpt", "佛冈县", "441821", "4418210004", quirk="tree"),
    FamilyPortal("gkmlpt-years", "127.0.72.5", "gkmlpt", "郁南县", "445322", "4453220005", quirk="years"),
)
SID = "763021"
ANNUAL, NOTICES, FIRST_YEAR = 2629, 2101, 30000
ROWS = 7


class GkmlptSite(FamilySite):
    """A portal with its catalogue on gkmlpt; its news are plain pages."""

    @property
    def root(self) -> str:
        """Where the catalogue lies: at the top, or in the folder of the county's office."""
        return "/gkmlpt/" if self.portal.quirk == "tree" else "/ynxzfb/gkmlpt/"

    def article_path(self, article: FamilyArticle) -> str:
        """`/gkmlpt/content/2/2123/post_2123456.html`; news lie outside the catalogue."""
        number = 2_100_000 + article.number
        if article.column == "news":
            return f"/xwzx/yw/content/post_{number}.html"
        return f"{self.root}content/2/{number // 1000}/post_{number}.html"

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:  # noqa: ARG002 # as in FamilySite
        """Shells, lists and articles."""
        if path == "/robots.txt":
            return self.robots()
        if path in ("/", "/index.html"):
            return self._home()
        if path == "/xwzx/yw/":
            return self.html("要闻", f"<ul>{''.join(self.item(article) for article in self.of('news'))}</ul>")
        shells = {"index": "政府信息公开", "annualreport": "政府信息公开年报", "guide": "政府信息公开指南", "policy": "政府信息公开制度"}
        if path.startswith(self.root) and path.removeprefix(self.root) in shells:
            return self._shell(shells[path.removeprefix(self.root)])
        if path.startswith(f"{self.root}api/all/"):
            return self._listed(path.rpartition("/")[2], fields)
        for article in self.articles:
            if path == self.article_path(article):
                return self._article(article) if article.column != "news" else self.article(article)
        return self.missing()

    def _home(self) -> Answer:
        names = (
            [("index", "政府信息公开")]
            if self.portal.quirk == "tree"
            else [("index", "法定主动公开内容"), ("annualreport", "政府信息公开年报")]
        )
        menu = "".join(f'<li><a href="{self.root}{page}">{name}</a></li>' for page, name in names)
        news = "".join(self.item(article) for article in self.of("news")[:6])
        return self.html(f"{self.portal.government}", f'<ul class=nav>{menu}<li><a href="/xwzx/yw/">要闻</a></li></ul><ul>{news}</ul>')

    def _tree(self) -> list[dict[str, object]]:
        years = sorted({article.year for article in self.of("annual") if article.year}, reverse=True)
        below = [_node(FIRST_YEAR + year, f"{year}年") for year in years] if self.portal.quirk == "years" else []
        return [
            _node(1, "机构职能", [_node(2, "机构设置"), _node(3, "领导信息")]),
            _node(NOTICES, "通知公告"),
            _node(4, "财政预决算"),
            _node(ANNUAL, "政府信息公开年报", below),
            _node(5, "依申请公开", jump="https://ysq.gdzwfw.gov.cn/"),
        ]

    def _config(self, detail: dict[str, object] | None = None) -> str:
        """The script from which the platform draws its pages."""
        parts = [f"DETAIL: {_json(detail)}"] if detail else []
        parts += [f"SID: '{SID}'", f"TREE: {_json(self._tree())}", "SERVICE_AREA_ID: 21", "SITE_NAME: '信息公开'"]
        return f"<script>window._CONFIG = {{LANG: 'zh-CN', {', '.join(parts)}}};</script>"

    def _shell(self, name: str) -> Answer:
        return self.html(
            f"{name}_{self.portal.government}", f'<div id="app"></div><script src="{self.root}js/app.js"></script>', head=self._config()
        )

    def _listed(self, category: str, fields: dict[str, str]) -> Answer:
        listed, name = self._category(category)
        page = fields.get("page", "1")
        offset = (int(page) - 1) * ROWS if page.isdigit() and int(page) else 0
        if fields.get("sid") != SID:
            listed = []
        answer = {
            "classify": {"id": int(category) if category.isdigit() else 0, "name": name, "post_count": len(listed) + 3},
            "total": len(listed),
            "offset": offset,
            "articles": [self._row(article) for article in listed[offset : offset + ROWS]],
        }
        return self.plain(json.dumps(answer, ensure_ascii=False), "application/json")

    def _category(self, category: str) -> tuple[list[FamilyArticle], str]:
        number = int(category) if category.isdigit() else 0
        if number == ANNUAL:
            return (self.of("annual") if self.portal.quirk == "tree" else [], "政府信息公开年报")
        if number == NOTICES:
            return self.of("notices"), "通知公告"
        return [article for article in self.of("annual") if article.year == number - FIRST_YEAR], f"{number - FIRST_YEAR}年"

    def _row(self, article: FamilyArticle) -> dict[str, object]:
        published = int(datetime(article.published.year, article.published.month, article.published.day, 1, tzinfo=UTC).timestamp())
        address = f"//{self.portal.host}:@@PORT@@{self.article_path(article)}"
        return {
            "id": 2_100_000 + article.number,
            "type": "normal",
            "title": article.title,
            "url": address,
            "post_url": f"http:{address}",
            "publisher": article.organ or self.portal.government,
            "identifier": f"{with_check_digit('00' + self.portal.adcode)}/{article.published:%Y}-{article.number:05d}",
            "date": published,
            "create_time": published,
            "display_publish_time": published,
        }

    def _article(self, article: FamilyArticle) -> Answer:
        """An article's page: what it says is in its script alone."""
        detail = {**self._row(article), "content": article.body}
        return self.html(article.title, '<div id="app"></div>', head=self._config(detail))


def _node(number: int, name: str, children: list[dict[str, object]] | None = None, jump: str = "") -> dict[str, object]:
    return {"id": number, "name": name, "jump_url": jump, "children": children or []}


def _json(value: object) -> str:
    """JSON as a script may hold it."""
    return json.dumps(value).replace("<", "\\u003C").replace(">", "\\u003E").replace("/", "\\/")
