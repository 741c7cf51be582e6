"""SiteServer CMS: /channels/12_2.html, /contents/12/345.html, pages that are turned by a `<select>` alone."""

from __future__ import annotations

from demo.families.base import FamilyArticle, FamilyPortal
from demo.families.columns import COLUMNS, ColumnSite
from demo.sites import Answer

PORTALS = (
    FamilyPortal("siteserver-wuxuan", "127.0.72.23", "siteserver", "武宣县", "451323", "4513230001", quirk="split"),
    FamilyPortal("siteserver-tongxin", "127.0.72.24", "siteserver", "同心县", "640324", "6403240001", quirk="select"),
)
CHANNELS = {"annual": 12, "government": 15, "departments": 16, "notices": 13, "news": 4}
# The channels below that of the annual reports, where there are any.
BELOW = {"government": "县政府", "departments": "县直部门"}


class SiteServerSite(ColumnSite):
    """A SiteServer portal.

    Quirks: `split` has a channel for the government and one for the departments, `select` turns pages by choosing one.
    """

    page_size = 4

    @property
    def names(self) -> dict[str, str]:  # type: ignore[override]
        """With the channels below."""
        return COLUMNS | (BELOW if self.portal.quirk == "split" else {})

    def of(self, column: str) -> list[FamilyArticle]:
        """The pages of a channel."""
        if self.portal.quirk != "split" or column not in {"annual", *BELOW}:
            return super().of(column)
        reports = super().of("annual")
        return [one for one in reports if (one.organ == self.portal.government) is (column == "government")] if column in BELOW else []

    def listing(self, column: str, number: int) -> Answer:
        """A page of a channel; that of the annual reports leads to the ones below."""
        if self.portal.quirk != "split" or column != "annual":
            return super().listing(column, number)
        below = "".join(f'<li><a href="{self.column_path(one)}">{name}</a></li>' for one, name in BELOW.items())
        return self.html(f"{COLUMNS['annual']}-{self.portal.government}", f'<h2>{COLUMNS["annual"]}</h2><ul class="channels">{below}</ul>')

    def article_path(self, article: FamilyArticle) -> str:
        """/contents/12/345.html."""
        return f"/contents/{CHANNELS[article.column]}/{article.number}.html"

    def column_path(self, column: str, number: int = 1) -> str:
        """12.html, then 12_2.html."""
        return f"/channels/{CHANNELS[column]}{f'_{number}' if number > 1 else ''}.html"

    def hub_path(self) -> str:
        """The channel above."""
        return "/channels/10.html"

    def pager(self, column: str, number: int, count: int) -> str:
        """What `stl:pageItems` writes."""
        options = "".join(f'<option value="{self.column_path(column, one)}">{one}</option>' for one in range(1, count + 1))
        jump = f'<select name="pagerSelect" onchange="window.location.href=this.options[this.selectedIndex].value;">{options}</select>'
        if self.portal.quirk == "select":
            return f'<div class="page">第 {jump} 页</div>'
        following = f'<a href="{self.column_path(column, number + 1)}">下一页</a>' if number < count else "<span>下一页</span>"
        last = f'<a href="{self.column_path(column, count)}">末页</a>'
        return f'<div class="page">首页 上一页 {following} {last} 总记录数:{len(self.of(column))}条 当前页:{number}/{count} {jump}</div>'

    def html(self, title: str, main: str, *, head: str = "", status: int = 200) -> Answer:
        """A page with the system's scripts."""
        return super().html(title, main, head=f'<script src="/SiteFiles/assets/components/stlSearch.js"></script>{head}', status=status)

    def article_page(self, article: FamilyArticle) -> Answer:
        """The article in the system's markup."""
        return self.article(article, around='<div class="content" id="content">{}</div>')
