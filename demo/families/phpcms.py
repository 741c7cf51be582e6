"""PHPCMS V9: `index.php?m=content&c=index&a=lists&catid=6&page=2`, and the same rewritten as `list-6-2.html` or as `2.html` in a folder."""

from __future__ import annotations

from demo.families.base import FamilyArticle, FamilyPortal
from demo.families.columns import COLUMNS, ColumnSite
from demo.sites import Answer

PORTALS = (
    FamilyPortal("phpcms-huoshan", "127.0.72.18", "phpcms", "霍山县", "341525", "3415250001"),
    FamilyPortal("phpcms-lushi", "127.0.72.19", "phpcms", "卢氏县", "411224", "4112240003", encoding="gb18030", quirk="rewritten"),
    FamilyPortal("phpcms-zhaoping", "127.0.72.20", "phpcms", "昭平县", "451121", "4511210001", quirk="files"),
)
NODES = {"annual": (6, "/html/xxgk/nianbao/"), "notices": (7, "/html/xxgk/gonggao/"), "news": (2, "/html/xinwen/")}
POWERED = '<div class="copy">Powered by <a href="http://www.phpcms.cn" target="_blank">PHPCMS V9</a></div>'


class PhpCmsSite(ColumnSite):
    """A PHPCMS portal. Quirks: `rewritten` has list-6-2.html and show-6-345-1.html, `files` has folders with 2.html."""

    page_size = 6
    hub_name = "政务公开"
    names = COLUMNS | {"annual": "信息公开年报"}

    def article_path(self, article: FamilyArticle) -> str:
        """The page that shows an article."""
        catid, folder = NODES[article.column]
        if self.portal.quirk == "rewritten":
            return f"/show-{catid}-{article.number}-1.html"
        if self.portal.quirk == "files":
            return f"{folder}{article.published:%Y/%m%d}/{article.number}.html"
        return f"/index.php?m=content&c=index&a=show&catid={catid}&id={article.number}"

    def column_path(self, column: str, number: int = 1) -> str:
        """A page of a list."""
        catid, folder = NODES[column]
        if self.portal.quirk == "rewritten":
            return f"/list-{catid}-{number}.html"
        if self.portal.quirk == "files":
            return folder + (f"{number}.html" if number > 1 else "")
        return f"/index.php?m=content&c=index&a=lists&catid={catid}" + (f"&page={number}" if number > 1 else "")

    def hub_path(self) -> str:
        """The category above."""
        paths = {"rewritten": "/list-5-1.html", "files": "/html/xxgk/"}
        return paths.get(self.portal.quirk, "/index.php?m=content&c=index&a=lists&catid=5")

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:
        """index.php takes its parameters in any order; page 0 is page 1, a page beyond the last is empty."""
        if path == "/index.php" and fields.get("a") == "lists" and fields.get("catid") != "5":
            column = next((name for name, (catid, _) in NODES.items() if str(catid) == fields.get("catid")), None)
            number = int(fields["page"]) if fields.get("page", "").isdigit() else 1
            return self.listing(column, max(1, number)) if column else self.missing()
        if path == "/index.php" and fields.get("a") == "show":
            article = next((one for one in self.articles if str(one.number) == fields.get("id")), None)
            return self.article_page(article) if article else self.html("提示信息", "<p>您访问的信息不存在!</p>")
        return super().answer(path, query, fields)

    def pager(self, column: str, number: int, count: int) -> str:
        """The system's pager: the count of entries, and links that on the last page lead to itself."""
        numbers = "".join(
            f" <span>{one}</span>" if one == number else f' <a href="{self._address(column, one)}">{one}</a>' for one in range(1, count + 1)
        )
        before = f' <a href="{self._address(column, number - 1)}" class="a1">上一页</a>'
        after = f' <a href="{self._address(column, min(number + 1, count))}" class="a1">下一页</a>'
        return f'<div id="pages" class="text-c"><a class="a1">{len(self.of(column))}条</a>{before}{numbers}{after}</div>'

    def _address(self, column: str, number: int) -> str:
        if self.portal.quirk:
            return self.column_path(column, max(1, number))
        return f"index.php?m=content&c=index&a=lists&catid={NODES[column][0]}&page={number}".replace("&", "&amp;")

    def html(self, title: str, main: str, *, head: str = "", status: int = 200) -> Answer:
        """A page that names its system."""
        return super().html(title, main + POWERED, head=head, status=status)

    def article_page(self, article: FamilyArticle) -> Answer:
        """The article with its counter."""
        counter = f'<script src="/api.php?op=count&id={article.number}&modelid=1"></script>'
        return self.article(article, around=f'<div id="Article"><div class="content">{{}}</div>{counter}</div>')
