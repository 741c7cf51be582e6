"""Portals whose home page leads to no list of annual reports.

Quirks: `page` links a site map for readers, `file` names one of the protocol in its robots.txt, in parts and packed, `crumb` shows one
report among the news, whose breadcrumb names its column.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from html import escape

from demo.families.base import FamilyArticle, FamilyPortal
from demo.families.columns import COLUMNS, ColumnSite
from demo.sites import Answer

PORTALS = (
    FamilyPortal("hidden-hengshan", "127.0.72.41", "hidden", "衡山县", "430423", "4304230001", quirk="page"),
    FamilyPortal("hidden-jingxing", "127.0.72.42", "hidden", "井陉县", "130121", "1301210002", quirk="file"),
    FamilyPortal("hidden-luquan", "127.0.72.43", "hidden", "禄劝彝族苗族自治县", "530128", "5301280003", quirk="crumb"),
)
FOLDERS = {"annual": "/zwgk/fdzdgknr/xxgknb/", "notices": "/zwgk/tzgg/", "news": "/xwzx/"}
# Behind a breadcrumb the column may be called anything.
PLAIN_FOLDERS = FOLDERS | {"annual": "/lm/1066/"}
MAP, PART = "/wzdt/", "/sitemap_columns.xml.gz"


class HiddenSite(ColumnSite):
    """A portal of files that hides its column."""

    page_size = 12

    @cached_property
    def pages(self) -> dict[str, Callable[[], Answer]]:
        """With the site maps."""
        found = super().pages
        if self.portal.quirk == "page":
            found[MAP] = self.map_page
        if self.portal.quirk == "file":
            found |= {"/map_index.xml": self.map_index, PART: self.map_part}
        return found

    @property
    def folders(self) -> dict[str, str]:
        """Where the columns lie."""
        return PLAIN_FOLDERS if self.portal.quirk == "crumb" else FOLDERS

    def column_path(self, column: str, number: int = 1) -> str:
        """The folder, then list_2.html."""
        return f"{self.folders[column]}{f'list_{number}.html' if number > 1 else ''}"

    def hub_path(self) -> str:
        """A disclosure page that nothing links."""
        return "/gk-2019/"

    def pager(self, column: str, number: int, count: int) -> str:
        """A link to the next page."""
        return f'<a href="{self.column_path(column, number + 1)}">下一页</a>' if number < count else ""

    def article_path(self, article: FamilyArticle) -> str:
        """FOLDER/202201/345.html."""
        return f"{self.folders[article.column]}{article.published:%Y%m}/{article.number}.html"

    def home(self) -> Answer:
        """News, and what the quirk shows."""
        shown = [article for name in ("news", "notices") for article in self.of(name)[:4]]
        if self.portal.quirk == "crumb":
            shown.append(self.of("annual")[0])
        foot = f'<p class="foot"><a href="{MAP}">网站地图</a> <a href="/lxwm/">联系我们</a></p>' if self.portal.quirk == "page" else ""
        menu = "".join(f'<li><a href="{self.column_path(name)}">{COLUMNS[name]}</a></li>' for name in ("news", "notices"))
        rows = "".join(self.item(article) for article in shown)
        return self.html(f"{self.portal.government}门户网站", f'<ul class="nav">{menu}</ul><ul class="latest">{rows}</ul>{foot}')

    def article_page(self, article: FamilyArticle) -> Answer:
        """An article under its breadcrumb; that of the hidden column is called 公示公告."""
        name = "公示公告" if self.portal.quirk == "crumb" and article.is_report else COLUMNS[article.column]
        crumbs = f'<div>您现在的位置:<a href="/">首页</a> &gt; <a href="{self.column_path(article.column)}">{name}</a> &gt; 正文</div>'
        return self.article(article, around=f"{crumbs}<div class=content>{{}}</div>")

    def listing(self, column: str, number: int) -> Answer:
        """A page of a column; behind the breadcrumb without the words by which a column is known."""
        answer = super().listing(column, number)
        if self.portal.quirk != "crumb" or column != "annual":
            return answer
        return answer._replace(body=answer.body.replace(COLUMNS["annual"].encode(), "公示公告".encode()))

    def map_page(self) -> Answer:
        """The site map for readers: all columns."""
        links = "".join(f'<dd><a href="{self.column_path(name)}">{escape(COLUMNS[name])}</a></dd>' for name in COLUMNS)
        return self.html(f"网站地图-{self.portal.government}", f"<h2>网站地图</h2><dl>{links}</dl>")

    def map_index(self) -> Answer:
        """The site map of the protocol, which has its addresses in a part."""
        return self.plain(
            '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
            f"<sitemap><loc>http://{self.portal.host}:@@PORT@@{PART}</loc></sitemap></sitemapindex>",
            "application/xml",
        )

    def map_part(self) -> Answer:
        """All articles, none of the columns; packed."""
        paths = [self.article_path(article) for article in self.articles]
        urls = "".join(f"<url><loc>http://{self.portal.host}:@@PORT@@{escape(path)}</loc></url>" for path in paths)
        return Answer(200, "application/x-gzip", urls.encode(), packed=True)

    def robots(self) -> Answer:
        """With the address of the site map."""
        if self.portal.quirk != "file":
            return super().robots()
        return self.plain(f"User-agent: *\nDisallow: /search/\nSitemap: http://{self.portal.host}:@@PORT@@/map_index.xml\n")
