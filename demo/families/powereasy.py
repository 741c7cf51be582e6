"""PowerEasy SiteFactory (动易): /Category_12/Index_2.aspx, /Item/345.aspx, titles cut off in the row."""

from __future__ import annotations

from html import escape

from demo.families.base import FamilyArticle, FamilyPortal
from demo.families.columns import COLUMNS, ColumnSite
from demo.sites import Answer

PORTALS = (
    FamilyPortal("powereasy-anhua", "127.0.72.21", "powereasy", "安化县", "430923", "4309230001"),
    FamilyPortal("powereasy-guidong", "127.0.72.22", "powereasy", "桂东县", "431027", "4310270001", encoding="gb18030", quirk="scripted"),
)
CATEGORIES = {"annual": 12, "notices": 13, "news": 4}
# Characters of a title that a row shows.
SHOWN = 16


class PowerEasySite(ColumnSite):
    """A PowerEasy portal. Quirk `scripted`: only the pages' count and a field to choose one, no links."""

    hub_name = "政府信息公开专栏"
    names = COLUMNS | {"annual": "公开年报"}

    def article_path(self, article: FamilyArticle) -> str:
        """/Item/345.aspx."""
        return f"/Item/{article.number}.aspx"

    def column_path(self, column: str, number: int = 1) -> str:
        """Index.aspx, then Index_2.aspx."""
        return f"/Category_{CATEGORIES[column]}/Index{f'_{number}' if number > 1 else ''}.aspx"

    def hub_path(self) -> str:
        """The node above."""
        return "/Category_10/Index.aspx"

    def item(self, article: FamilyArticle, href: str | None = None) -> str:
        """A row whose link shows the beginning of the title, and in its tooltip all about the article."""
        shown = article.title if len(article.title) <= SHOWN else article.title[:SHOWN] + "…"
        about = (
            f"文章标题:{article.title}&#13;&#10;作    者:佚名&#13;&#10;更新时间:{article.published:%Y-%m-%d} 10:12:33&#13;&#10;点击数:23"
        )
        path = href or self.article_path(article)
        link = f'<a href="{path}" title="{about}" target="_blank">{escape(shown)}</a>'
        return f'<li><span class="date">{article.published:%Y-%m-%d}</span>{link}</li>'

    def pager(self, column: str, number: int, count: int) -> str:
        """The counts, links to turn the pages and a field to choose one."""
        base = f"/Category_{CATEGORIES[column]}/Index"
        options = "".join(f'<option value="{one}">第{one}页</option>' for one in range(1, count + 1))
        jump = f"<select onchange=\"window.location.href='{base}_'+this.value+'.aspx'\">{options}</select>"
        following = ""
        if self.portal.quirk != "scripted" and number < count:
            following = f'<a href="{self.column_path(column, number + 1)}">下一页</a> <a href="{self.column_path(column, count)}">尾页</a>'
        counts = f"共 <b>{len(self.of(column))}</b> 篇文章"
        printed = f'页次:<font color="red">{number}</font>/{count}页 {self.page_size}篇文章/页'
        return f'<div class="showpage">{counts} 首页 上一页 {following} {printed} 转到:{jump}</div>'

    def article_page(self, article: FamilyArticle) -> Answer:
        """The article in the system's markup."""
        return self.article(article, around='<div id="fontzoom" class="c_content">{}</div><!--PowerEasy SiteFactory-->')
