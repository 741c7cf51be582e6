"""DedeCMS: `list_12_2.html` under a column's folder, or everything through /plus/list.php and /plus/view.php.

An editor may put page breaks into an article: `345.html` goes on in `345_2.html`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from demo.families.base import FamilyArticle, FamilyPortal
from demo.families.columns import COLUMNS, ColumnSite
from demo.sites import Answer

PORTALS = (
    FamilyPortal("dedecms-huaping", "127.0.72.16", "dedecms", "华坪县", "530723", "5307230001", encoding="gb18030"),
    FamilyPortal("dedecms-shiquan", "127.0.72.17", "dedecms", "石泉县", "610922", "6109220002", quirk="dynamic"),
    FamilyPortal("dedecms-yangbi", "127.0.72.50", "dedecms", "漾濞彝族自治县", "532922", "5329220001", encoding="gb18030", quirk="breaks"),
)
NODES = {"annual": (12, "/zwgk/nianbao/"), "notices": (13, "/zwgk/tongzhi/"), "news": (3, "/xinwen/")}
FURTHER = re.compile(r"(?P<base>/.+/\d+)_(?P<number>\d+)\.html")
# Where the editor broke the article.
BREAK = re.compile("(?=<p>三、)|(?=<p>五、)")
HEAD = '<meta name="generator" content="DedeCMS V57_GBK_SP2"><script src="/include/dedeajax2.js"></script>'


class DedeCmsSite(ColumnSite):
    """A DedeCMS portal. Quirk `dynamic`: no files are made; `breaks`: long articles stand on several pages."""

    page_size = 4
    hub_name = "信息公开"
    names = COLUMNS | {"annual": "政府信息公开年度报告"}

    @property
    def _dynamic(self) -> bool:
        return self.portal.quirk == "dynamic"

    def article_path(self, article: FamilyArticle) -> str:
        """A folder of the day, or view.php."""
        if self._dynamic:
            return f"/plus/view.php?aid={article.number}"
        return f"{NODES[article.column][1]}{article.published:%Y/%m%d}/{article.number}.html"

    def column_path(self, column: str, number: int = 1) -> str:
        """The folder, then list_12_2.html in it; or list.php."""
        tid, folder = NODES[column]
        if self._dynamic:
            further = f"&TotalResult={len(self.of(column))}&PageNo={number}" if number > 1 else ""
            return f"/plus/list.php?tid={tid}{further}"
        return folder + (f"list_{tid}_{number}.html" if number > 1 else "")

    def hub_path(self) -> str:
        """The column above."""
        return "/plus/list.php?tid=10" if self._dynamic else "/zwgk/"

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:
        """list.php and view.php take their parameters in any order; an unknown article is a message with status 200."""
        if path == "/plus/view.php":
            article = next((one for one in self.articles if str(one.number) == fields.get("aid")), None)
            return self.article_page(article) if article else self.html("提示信息", "<p>你访问的文档不存在!可能已经被删除。</p>")
        if path == "/plus/list.php" and fields.get("tid") != "10":
            column = next((name for name, (tid, _) in NODES.items() if str(tid) == fields.get("tid")), None)
            number = int(fields["PageNo"]) if fields.get("PageNo", "").isdigit() else 1
            return self.listing(column, max(1, number)) if column else self.missing()
        column = next((name for name in NODES if self._first_page(name) == path), None)
        if column:
            return self.listing(column, 1)
        further = FURTHER.fullmatch(path) if self.portal.quirk == "breaks" else None
        article = next((one for one in self.articles if further and self.article_path(one) == f"{further['base']}.html"), None)
        if further and article and int(further["number"]) <= len(self._bodies(article)):
            return self._page_of(article, int(further["number"]))
        return super().answer(path, query, fields)

    def _first_page(self, column: str) -> str:
        """The other address of a column's first page."""
        tid, folder = NODES[column]
        return f"{folder}list_{tid}_1.html"

    def pager(self, column: str, number: int, count: int) -> str:
        """The system's list of pages, a field to choose one, and the counts."""
        if number > count:
            return ""
        others = "".join(
            f'<li class="thisclass">{one}</li>' if one == number else f"<li><a href='{self._address(column, one)}'>{one}</a></li>"
            for one in range(1, count + 1)
        )
        turns = f"<li><a href='{self._address(column, number + 1)}'>下一页</a></li>" if number < count else ""
        last = f"<li><a href='{self._address(column, count)}'>末页</a></li>" if number < count else "<li>末页</li>"
        options = "".join(f"<option value='{self._address(column, one)}'>{one}</option>" for one in range(1, count + 1))
        choice = f"<li><select name='sldd' onchange='location.href=this.options[this.selectedIndex].value;'>{options}</select></li>"
        counts = f'<li><span class="pageinfo">共 <strong>{count}</strong>页<strong>{len(self.of(column))}</strong>条</span></li>'
        return f'<div class="dede_pages"><ul class="pagelist">{others}{turns}{last}{choice}{counts}</ul></div>'

    def _address(self, column: str, number: int) -> str:
        tid, _ = NODES[column]
        if self._dynamic:
            return f"/plus/list.php?tid={tid}&TotalResult={len(self.of(column))}&PageNo={number}"
        return f"list_{tid}_{number}.html"

    def html(self, title: str, main: str, *, head: str = "", status: int = 200) -> Answer:
        """A page that names its system."""
        return super().html(title, main, head=HEAD + head, status=status)

    def article_page(self, article: FamilyArticle) -> Answer:
        """The article with its counter, or its first page."""
        return self._page_of(article, 1)

    def _bodies(self, article: FamilyArticle) -> list[str]:
        """What stands on each page of an article."""
        breaks = self.portal.quirk == "breaks" and article.is_report
        return BREAK.split(article.body) if breaks else [article.body]

    def _page_of(self, article: FamilyArticle, number: int) -> Answer:
        bodies = self._bodies(article)
        counter = f'<script src="/plus/count.php?view=yes&aid={article.number}&mid=1"></script>'
        pages = "".join(self._turn(article, one, number) for one in range(1, len(bodies) + 1)) if len(bodies) > 1 else ""
        turns = f'<div class="dede_pages"><ul class="pagelist"><li><a>共{len(bodies)}页: </a></li>{pages}</ul></div>' if pages else ""
        around = f'<div class="viewbox"><div class="content"><table><tr><td>{{}}</td></tr></table>{turns}</div>{counter}</div>'
        title = article.title if number == 1 else f"{article.title}({number})"
        return self.article(replace(article, title=title, body=bodies[number - 1]), around=around)

    @staticmethod
    def _turn(article: FamilyArticle, one: int, own: int) -> str:
        address = f"{article.number}_{one}.html" if one > 1 else f"{article.number}.html"
        return f"<li class='thisclass'><a href='#'>{one}</a></li>" if one == own else f"<li><a href='{address}'>{one}</a></li>"
