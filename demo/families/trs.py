"""TRS WCM: `createPageHTML` in its spellings, relative links, stubs, articles `t20230128_3929475.html` and `content_ID.html`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from demo.families.base import FamilyArticle, FamilyPortal
from demo.families.columns import COLUMNS, ColumnSite
from demo.sites import Answer

PORTALS = (
    FamilyPortal("trs-zhenning", "127.0.72.10", "trs", "镇宁布依族苗族自治县", "520423", "5204230001"),
    FamilyPortal("trs-yongning", "127.0.72.11", "trs", "永宁县", "640121", "6401210003", quirk="from_one"),
    FamilyPortal("trs-wufeng", "127.0.72.12", "trs", "五峰土家族自治县", "420529", "4205290002", encoding="gb18030", quirk="stub"),
    FamilyPortal("trs-leishan", "127.0.72.13", "trs", "雷山县", "522634", "5226340001", quirk="content"),
)
FOLDERS = {"annual": "/zwgk/zfxxgknb/", "notices": "/zwgk/tzgg/", "news": "/xwzx/xnyw/"}
# The page of the list that is a stub, counted from 1.
STUB = 2
BODY = '<div class="view TRS_UEDITOR trs_paper_default trs_web"><!--Content Start-->{}<!--Content End--></div>'


class TrsSite(ColumnSite):
    """A TRS portal.

    Quirks: `from_one` counts pages from 1 in .shtml files, `stub` has a stub as page two, `content` has `content_ID` articles.
    """

    def article_path(self, article: FamilyArticle) -> str:
        """t20230128_3929475.html, or content_ID.html, in a folder of its month."""
        folder, month = FOLDERS[article.column], f"{article.published:%Y%m}"
        if self.portal.quirk == "content":
            return f"{folder}{month}/content_{article.number}.html"
        return f"{folder}{month}/t{article.published:%Y%m%d}_{article.number}.{self._ending}"

    def column_path(self, column: str, number: int = 1) -> str:
        """The folder, then index_1 as page two; or list.shtml, then list_2."""
        if self.portal.quirk == "from_one":
            return f"{FOLDERS[column]}list{f'_{number}' if number > 1 else ''}.shtml"
        return FOLDERS[column] + (f"index_{number - 1}.html" if number > 1 else "")

    def hub_path(self) -> str:
        """The disclosure page."""
        return "/zwgk/"

    @property
    def _ending(self) -> str:
        return "shtml" if self.portal.quirk == "from_one" else "html"

    @cached_property
    def pages(self) -> dict[str, Callable[[], Answer]]:
        """With the stub in its place, and the years that list all the same."""
        found = dict(super().pages)
        if self.portal.quirk == "stub":
            found[self.column_path("annual", STUB)] = self.stub
            found.update({self._year_path(year): lambda year=year: self.year(year) for year in self._years})  # type: ignore[misc]
        return found

    @property
    def _years(self) -> list[int]:
        """The years whose reports stand on the page that is a stub."""
        first = (STUB - 1) * self.page_size
        return sorted({article.year for article in self.of("annual")[first : first + self.page_size] if article.year}, reverse=True)

    def _year_path(self, year: int) -> str:
        return f"{FOLDERS['annual']}{year}nian/"

    def year(self, year: int) -> Answer:
        """The reports of one year."""
        rows = "".join(self.row(article, self._year_path(year)) for article in self.of("annual") if article.year == year)
        return self.html(f"{year}年-{COLUMNS['annual']}", f'<h2>{year}年</h2><ul class="list">{rows}</ul>{_call(1, 0)}')

    def stub(self) -> Answer:
        """A page that was never finished: 300-400 bytes without rows."""
        text = (
            '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
            '<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312" />'
            '<title></title></head><body><div class="list"></div><div class="page"></div></body></html>'
        )
        return Answer(200, "text/html", text.encode(self.portal.encoding))

    def row(self, article: FamilyArticle, folder: str) -> str:
        """A row with a link relative to its list."""
        path = self.article_path(article)
        if path.startswith(folder):
            return self.item(article, "./" + path.removeprefix(folder))
        own = FOLDERS[article.column]
        return self.item(article, "../" + path.removeprefix(own) if folder.startswith(own) else path)

    def pager(self, column: str, number: int, count: int) -> str:
        """The script that counts the pages."""
        if self.portal.quirk == "from_one":
            call = f"createPageHTML('page_div',{count}, {number},'list','shtml',{len(self.of(column))});"
            return f'<div id="page_div"></div><script>{call}</script>'
        if self.portal.quirk == "stub":
            return (
                f'<script language="JavaScript">var currentPage = {number - 1};//所在页从0开始\nvar prevPage = currentPage-1;\n'
                f"var nextPage = currentPage+1;\nvar countPage = {count};\n"
                "if(countPage>1&&currentPage!=(countPage-1))\n"
                'document.write("<a href=\\"index"+"_"+nextPage+"."+"html\\">下一页</a>");</script>'
            )
        if self.portal.quirk == "content":
            return f"<div class=page><script>Pager({{size:{count}, current:{number - 1}, prefix:'index',suffix:'html'}});</script></div>"
        return _call(count, number - 1)

    def listing(self, column: str, number: int) -> Answer:
        """A page of a column; the reports' one links the years where its second page is a stub."""
        page = super().listing(column, number)
        if self.portal.quirk != "stub" or column != "annual":
            return page
        years = "".join(f'<li><a href="{self._year_path(year)}">{year}年</a></li>' for year in self._years)
        encoding = self.portal.encoding
        body = page.body.decode(encoding).replace('<ul class="list">', f'<ul class="years">{years}</ul><ul class="list">').encode(encoding)
        return page._replace(body=body)

    def article_page(self, article: FamilyArticle) -> Answer:
        """The article with a file beside it."""
        name = f"P0{article.published:%Y%m%d}{article.number:09}"
        return self.article(article, around=BODY + f'<p>附件:<a href="./{name}.docx">{article.title}.docx</a></p>')


def _call(count: int, number: int) -> str:
    return f'<script language="javascript">createPageHTML({count}, {number}, "index", "html");</script>'
