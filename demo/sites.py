"""The portals as a web server sees them: a request in, an answer out, in the shapes of the platforms.

Static sites number their list pages and link `下一页`; TRS writes `createPageHTML(n, i, "index", "html")` and calls page two
`index_1.html`; JCMS puts the first records into the page and hands out the rest through `dataproxy.jsp`.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import md5
from math import ceil
from typing import NamedTuple

from demo import pages
from demo.columns import Column, below, column_of, columns, published_in
from demo.content import Article
from demo.places import BY_ID, Portal

PIXEL = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")
PAGE_SIZES = {"demo-chunhua": 12, "demo-dawukou": 15, "demo-wuqia": 4, "demo-liaoyang": 10, "demo-linan": 8, "demo-xunyi": 6}
# JCMS: how many pages of records stand in the page itself, and where the rest is asked for.
GROUP_SIZES = {"demo-liaoyang": 2, "demo-linan": 1}
PROXIES = {"demo-liaoyang": "/module/web/jpage/dataproxy.jsp", "demo-linan": "/module/jpage/dataproxy.jsp"}
LARGEST_PAGE = 100


class Answer(NamedTuple):
    """What goes back: status, type, body; `location` for a redirect; `packed` for a file that is one of gzip itself."""

    status: int
    content_type: str
    body: bytes
    location: str = ""
    packed: bool = False


class Site:
    """One portal. Pages are built when they are first asked for."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.columns = columns(portal)
        self.lists = published_in(portal)
        self.articles = {self.article_path(article): article for listed in self.lists.values() for article in listed}
        self.builders: dict[str, Callable[[], str]] = {}
        self.built: dict[str, bytes] = {}
        self._register()

    def article_path(self, article: Article) -> str:
        """The path of an article's page."""
        portal, column, day = self.portal, column_of(article, self.columns), article.published
        name = f"{portal.id} {column.key} {article.title} {day}"
        number = int(md5(name.encode(), usedforsecurity=False).hexdigest()[:6], 16)
        if portal.platform == "trs":
            return f"{column.path}{day:%Y%m}/t{day:%Y%m%d}_{number}.html"
        if portal.platform == "jcms":
            return f"/art/{day.year}/{day.month}/{day.day}/art_{column.path.strip('/').rpartition('col')[2]}_{number}.html"
        if portal.id == "demo-wuqia":
            return f"{column.path}{day:%Y}/{day:%m%d}/{number}.html"
        return f"{column.path}{day:%Y%m}/{number}.html"

    def list_path(self, column: Column, number: int) -> str:
        """The path of page `number` of a list, counted from 1."""
        if number == 1:
            return f"{column.path}index.html"
        if self.portal.platform == "trs":
            return f"{column.path}index_{number - 1}.html"
        names = {"demo-chunhua": f"index_{number}.html", "demo-wuqia": f"list{number}.html", "demo-xunyi": f"index.html?page={number}"}
        return column.path + names[self.portal.id]

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:
        """The answer to a request; `fields` are the parameters of the query and of a posted form."""
        portal = self.portal
        if path == PROXIES.get(portal.id):
            return Answer(200, portal.content_type.replace("text/html", "text/xml"), self._records(fields).encode(portal.codec))
        if path == "/robots.txt":
            return Answer(200, "text/plain", b"User-agent: *\nDisallow: /search/\n" + (b"Crawl-delay: 0\n" if portal.size > 7 else b""))
        if path.startswith("/search/"):
            return self._html(200, pages.page(portal, "检索", self._endless(query)))
        if path.startswith("/images/"):
            return Answer(200, "image/gif", PIXEL)
        if path.endswith((".css", ".js")):
            return Answer(200, "text/css" if path.endswith(".css") else "application/javascript", b"/* */\n")
        name = path + "index.html" if path.endswith("/") else path
        name = f"{name}?{query}" if f"{name}?{query}" in self.builders else name
        if name in self.builders:
            if name not in self.built:
                self.built[name] = self._encode(self.builders[name]())
            return Answer(200, portal.content_type, self.built[name])
        if f"{path}/index.html" in self.builders:
            return Answer(301, portal.content_type, b"", f"{path}/")
        return self._html(404, pages.page(portal, "页面不存在", "<p>对不起,您访问的页面不存在或已被删除。</p>"))

    def _encode(self, html: str) -> bytes:
        return html.encode(self.portal.codec, "xmlcharrefreplace")

    def _html(self, status: int, html: str) -> Answer:
        return Answer(status, self.portal.content_type, self._encode(html))

    def _register(self) -> None:
        for path, article in self.articles.items():
            self.builders[path] = lambda article=article: pages.article_page(article, column_of(article, self.columns))  # type: ignore[misc]
        for column in self.columns.values():
            count = max(1, ceil(len(self.lists[column.key]) / PAGE_SIZES[self.portal.id])) if self.portal.platform != "jcms" else 1
            for number in range(1, count + 1):
                path = self.list_path(column, number)
                self.builders[path] = lambda column=column, number=number, count=count: self._list(column, number, count)  # type: ignore[misc]
        home = "/xyx/index.html" if self.portal.id == "demo-xunyi" else "/index.html"
        self.builders[home] = self._home
        if home != "/index.html":
            self.builders["/index.html"] = lambda: (
                f'<html><head><meta http-equiv="refresh" content="0;URL={home}"></head><body></body></html>'
            )
        if self.portal.id == "demo-chunhua":
            self.builders["/wzdt/index.html"] = self._site_map

    def _item(self, article: Article, folder: str) -> str:
        path = self.article_path(article)
        if self.portal.id == "demo-xunyi":
            path = f"http://{self.portal.host}:@@PORT@@{path}"
        elif self.portal.platform == "trs" and path.startswith(folder):
            path = f"./{path.removeprefix(folder)}"
        return pages.item(self.portal, article.title, path, article)

    def _list(self, column: Column, number: int, count: int) -> str:
        listed, size = self.lists[column.key], PAGE_SIZES[self.portal.id]
        if self.portal.platform == "jcms" and listed:
            return pages.list_page(self.portal, column, self._island(column), "")
        items = "".join(self._item(article, column.path) for article in listed[(number - 1) * size : number * size])
        if not listed:
            items = "".join(f'<li><a href="{entry.path}">{entry.name}</a></li>' for entry in below(self.portal, column.key))
        return pages.list_page(self.portal, column, items, self._turning(column, number, count))

    def _turning(self, column: Column, number: int, count: int) -> str:
        """What leads to the other pages of a list."""
        if self.portal.platform == "trs":
            return f'<script language="javascript">createPageHTML({count}, {number - 1}, "index", "html");</script>'
        if count == 1:
            return "共1页"
        links = [f'<a href="{self.list_path(column, other)}">{other}</a>' for other in range(1, count + 1) if other != number]
        following = f'<a href="{self.list_path(column, number + 1)}">下一页</a>' if number < count else "<span>下一页</span>"
        return f'共{count}页 第{number}页 {" ".join(links)} {following} <a href="{self.list_path(column, count)}">尾页</a>'

    def _record(self, article: Article) -> str:
        return f"<record><![CDATA[{self._item(article, '')}]]></record>"

    def _island(self, column: Column) -> str:
        """The first records of a JCMS list as an island of data, and the call that fetches the others."""
        listed, size, group = self.lists[column.key], PAGE_SIZES[self.portal.id], GROUP_SIZES[self.portal.id]
        identifier = column.path.strip("/").rpartition("col")[2]
        unit, webid = f"{int(identifier) % 1000}30{identifier[:2]}", 96
        proxy = PROXIES[self.portal.id]
        following = f"{proxy}?page={group + 1}&appid=1&webid={webid}&path=/&columnid={identifier}&unitid={unit}"
        following += f"&webname={self.portal.place}&permissiontype=0"
        records = "\n".join(self._record(article) for article in listed[: size * group])
        return (
            f'<div id="{unit}" class="jpage"><script type="text/xml"><datastore>\n'
            f'<nextgroup><![CDATA[<a href="{following}"></a>]]></nextgroup>\n'
            f"<recordset>{records}</recordset></datastore></script></div>\n"
            f"<script>$('#{unit}').jpage({{showMode:'full',totalRecord:{len(listed)},groupSize:{group},perPage:{size},proxyUrl:'{proxy}',\n"
            f"ajaxParam:{{col:1,appid:'1',webid:{webid},path:'/',columnid:{identifier},sourceContentType:1,unitid:'{unit}',"
            f"webname:'{self.portal.place}',permissiontype:0}}}});</script>"
        )

    def _records(self, fields: dict[str, str]) -> str:
        """The answer of `dataproxy.jsp`: records by number where the request names them, else the page that it names."""

        def number(name: str, default: int) -> int:
            text = fields.get(name, "")
            return int(text) if text.isdecimal() and len(text) < 9 else default

        listed = next((self.lists[key] for key, column in self.columns.items() if column.path == f"/col/col{fields.get('columnid')}/"), [])
        size = max(1, min(number("perpage", PAGE_SIZES[self.portal.id]), LARGEST_PAGE))
        first = number("startrecord", (number("page", 1) - 1) * size + 1)
        last = min(number("endrecord", first + size - 1), first + LARGEST_PAGE - 1)
        if first > len(listed):
            return "<datastore><recordset></recordset></datastore>"
        records = "\n".join(self._record(article) for article in listed[max(first, 1) - 1 : last])
        total = f"<totalrecord>{len(listed)}</totalrecord><totalpage>{ceil(len(listed) / size)}</totalpage>"
        return f"<datastore><nextgroup></nextgroup>{total}\n<recordset>{records}</recordset></datastore>"

    def _home(self) -> str:
        blocks = []
        for key in ("news", "notices"):
            column = self.columns[key]
            blocks.append((column, "".join(self._item(article, "") for article in self.lists[key][:6])))
        return pages.home_page(self.portal, blocks)

    def _site_map(self) -> str:
        links = "".join(f'<li><a href="{column.path}">{column.name}</a></li>' for column in self.columns.values())
        return pages.page(self.portal, "网站地图", f"<ul>{links}</ul>")

    def _endless(self, query: str) -> str:
        """Search results that never end, each page different: what robots.txt keeps crawlers out of."""
        token = md5(query.encode(), usedforsecurity=False).hexdigest()[:6]
        links = "".join(
            f'<li><a href="/search/?q=年报&amp;page={token}{n}">政府信息公开工作年度报告 检索结果{n}</a></li>' for n in range(9)
        )
        return f"<ul>{links}</ul>"


def sites() -> dict[str, Site]:
    """All portals by the address on which they are served."""
    return {portal.host: Site(portal) for portal in BY_ID.values()}
