"""Boda Webber (博达): column pages whose numbers descend, the dynamic `list.jsp`, articles under /info/, attachments by download.jsp."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from demo.families.base import FamilyArticle, FamilyPortal
from demo.families.columns import ColumnSite
from demo.sites import Answer

PORTALS = (
    FamilyPortal("boda-yishui", "127.0.72.14", "boda", "沂水县", "371323", "3713230004"),
    FamilyPortal("boda-huangyuan", "127.0.72.15", "boda", "湟源县", "630123", "6301230001", quirk="dynamic"),
)
SLUGS = {"annual": "/xxgk/xxgknb", "notices": "/xxgk/tzgg", "news": "/xwzx/bdyw"}
TREES = {"annual": 1021, "notices": 1033, "news": 1005}
ARTICLE = (
    '<form name="_newscontent_fromname"><div id="vsb_content_2"><div class="v_news_content">{body}</div></div>'
    '<ul style="list-style-type:none;"><li>附件【<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&amp;owner=1404874179'
    '&amp;wbfileid={file}" target="_blank">{title}.doc</a>】已下载<span id="nattach{file}">12</span>次</li></ul>'
    '<script>_showDynClicks("wbnews", 1404874179, {number})</script></form>'
)


class BodaSite(ColumnSite):
    """A Boda portal. Quirk `dynamic`: no files, pages by PAGENUM and buttons that are scripts."""

    def article_path(self, article: FamilyArticle) -> str:
        """/info/COLUMN/ID.htm."""
        return f"/info/{TREES[article.column]}/{article.number}.htm"

    def column_path(self, column: str, number: int = 1) -> str:
        """xxgknb.htm, then the pages from the highest number down to 1."""
        if self.portal.quirk == "dynamic":
            address = f"/list.jsp?urltype=tree.TreeTempUrl&wbtreeid={TREES[column]}"
            return address if number == 1 else f"/list.jsp?totalpage={self.count(column)}&PAGENUM={number}&{address.partition('?')[2]}"
        return f"{SLUGS[column]}{f'/{self.count(column) - number + 1}' if number > 1 else ''}.htm"

    def hub_path(self) -> str:
        """The disclosure page."""
        return "/xxgk.htm"

    @cached_property
    def pages(self) -> dict[str, Callable[[], Answer]]:
        """With the attachments."""
        return {**super().pages, "/system/_content/download.jsp": lambda: Answer(200, "application/msword", b"\xd0\xcf\x11\xe0")}

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:
        """Attachments and dynamic lists answer whatever the order of their parameters; a page beyond the last shows the last."""
        if path.endswith("download.jsp"):
            return self.pages[path]()
        if path != "/list.jsp":
            return super().answer(path, query, fields)
        column = next((name for name, tree in TREES.items() if str(tree) == fields.get("wbtreeid")), None)
        number = int(fields["PAGENUM"]) if fields.get("PAGENUM", "").isdigit() else 1
        return self.listing(column, max(1, min(number, self.count(column)))) if column else self.missing()

    def row(self, article: FamilyArticle, folder: str) -> str:
        """A row with a link relative to its list."""
        number, up = article.number % 20, "../" * (folder.count("/") - 1)
        return self.item(article, up + self.article_path(article).lstrip("/")).replace("<li>", f'<li id="line_u13_{number}">')

    def pager(self, column: str, number: int, count: int) -> str:
        """The system's pager: page numbers, 下页, 尾页 and a field to go to a page."""
        goto = f"_simple_list_gotopage_fun({count},'u13_goto',2)"
        field = f'到第<input id="u13_goto"><a href="javascript:;" onclick="{goto}">跳转</a>页'
        printed = f'<span class="p_t">共{len(self.of(column))}条</span><span class="p_t">{number}/{count}</span>'
        if self.portal.quirk == "dynamic":
            turning = '<a href="javascript:;" onclick="a191370_gopage_fun(2)">下页</a><a href="javascript:;">尾页</a>'
            return f'<script src="/system/resource/js/gotopage.js"></script><div class="headStyle">{printed}{turning}{field}</div>'
        numbers = [number_ for number_ in range(1, count + 1) if number_ in {1, number - 1, number, number + 1, count}]
        links = "".join(
            f'<span class="p_no_d">{one}</span>' if one == number else f'<span class="p_no">{self._link(column, one, str(one))}</span>'
            for one in numbers
        )
        following = "".join(
            f'<span class="{name} p_fun">{self._link(column, one, text)}</span>'
            for name, one, text in (("p_next", number + 1, "下页"), ("p_last", count, "尾页"))
            if number < count
        )
        return f'<div class="pb_sys_common pb_sys_normal">{printed}<span class="p_pages">{links}{following}</span>{field}</div>'

    def _link(self, column: str, number: int, text: str) -> str:
        return f'<a href="{self.column_path(column, number)}">{text}</a>'

    def article_page(self, article: FamilyArticle) -> Answer:
        """The article in the system's form, with an attachment."""
        file = f"{article.number:X}C0FFEE{article.number:08X}"
        page = self.article(article)
        around = ARTICLE.format(body=article.body, file=file, title=article.title, number=article.number)
        encoding = self.portal.encoding
        return page._replace(body=page.body.decode(encoding).replace(article.body, around).encode(encoding))
