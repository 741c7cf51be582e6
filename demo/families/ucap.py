"""Portals on UCAP (开普云): lists as numbered files, lists drawn from the JSON of a search, and years that are asked for by POST."""

from __future__ import annotations

import json
from hashlib import md5
from math import ceil

from demo.families.base import FamilyArticle, FamilyPortal, FamilySite
from demo.index_numbers import with_check_digit
from demo.sites import Answer

PORTALS = (
    FamilyPortal("ucap-files", "127.0.72.1", "ucap", "温宿县", "652922", "6529220001", quirk="files"),
    FamilyPortal("ucap-search", "127.0.72.2", "ucap", "依兰县", "230123", "2301230002", quirk="search"),
    FamilyPortal("ucap-posted", "127.0.72.3", "ucap", "安义县", "360123", "3601230003", quirk="posted"),
)
CODES = {"annual": "c128570", "notices": "c128571", "news": "c128572"}
NAMES = {"annual": "政府信息公开年报", "notices": "通知公告", "news": "要闻动态"}
ROWS_OF_FILES = 6
# What the search of this portal gives at most, whatever `_pageSize` asks for.
MOST_ROWS = 8


class UcapSite(FamilySite):
    """A UCAP portal."""

    def article_path(self, article: FamilyArticle) -> str:
        """`/wsx/c128570/202401/<32 hexadecimal digits>.shtml`, or numbered."""
        folder = f"/{self.portal.adcode}/{CODES[article.column]}/{article.published:%Y%m}"
        return f"{folder}/c01_{article.number}.shtml" if self.portal.quirk == "search" else f"{folder}/{_id(f'{article.number}')}.shtml"

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:  # noqa: ARG002 # as in FamilySite
        """Pages, searches and posted calls."""
        if path == "/robots.txt":
            return self.robots()
        if path in ("/", "/index.shtml"):
            return self._home()
        if path.startswith("/common/search/"):
            return self._searched(path.rpartition("/")[2], fields)
        if path == "/getFileListByCodeId":
            return self._posted(fields)
        for article in self.articles:
            if path == self.article_path(article):
                return self._article(article)
        return self._page(path)

    def _page(self, path: str) -> Answer:
        root = f"/{self.portal.adcode}"
        if path == f"{root}/zfxxgk.shtml":
            menu = "".join(
                f'<li><a href="{root}/{page}.shtml">{name}</a></li>'
                for page, name in (("zn", "政府信息公开指南"), ("zd", "政府信息公开制度"))
            )
            annual = f'<li><a href="{self._list("annual")}">政府信息公开年报</a></li>'
            return self.html(
                "政府信息公开", f"<ul class=menu>{menu}<li><a href='{root}/fdzdgknr.shtml'>法定主动公开内容</a></li>{annual}</ul>"
            )
        for column, code in CODES.items():
            if path.startswith(f"{root}/{code}/list") and path.endswith(".shtml"):
                number = path.removeprefix(f"{root}/{code}/list").removesuffix(".shtml").removeprefix("_") or "1"
                return self._column(column, int(number) if number.isdigit() else 0)
        years = [year for year in self.portal.years if path == f"{root}/{CODES['annual']}/{year}/list.shtml"]
        return self._drawn(f"annual {years[0]}", f"{years[0]}年") if years else self.missing()

    def _list(self, column: str) -> str:
        return f"/{self.portal.adcode}/{CODES[column]}/list.shtml"

    def _home(self) -> Answer:
        columns = "".join(f'<li><a href="{self._list(column)}">{NAMES[column]}</a></li>' for column in ("news", "notices"))
        menu = f'<ul class=nav><li><a href="/{self.portal.adcode}/zfxxgk.shtml">政府信息公开</a></li>{columns}</ul>'
        return self.html(f"{self.portal.government}门户网站", menu + f"<ul>{''.join(self.item(one) for one in self.of('news')[:6])}</ul>")

    def _column(self, column: str, number: int) -> Answer:
        if column == "annual" and self.portal.quirk == "posted" and number == 1:
            root = f"/{self.portal.adcode}/{CODES['annual']}"
            years = "".join(f'<li><a href="{root}/{year}/list.shtml">{year}年</a></li>' for year in reversed(self.portal.years))
            return self.html(NAMES[column], f"<div class=position>首页 &gt; {NAMES[column]}</div><ul class=tree>{years}</ul>")
        if column == "annual" and self.portal.quirk == "search":
            return self._drawn(column, NAMES[column]) if number == 1 else self.missing()
        listed = self.of(column)
        pages = ceil(len(listed) / ROWS_OF_FILES)
        if not 1 <= number <= pages:
            return self.missing()
        items = "".join(self.item(article) for article in listed[(number - 1) * ROWS_OF_FILES : number * ROWS_OF_FILES])
        turning = f"<script>createPageHTML('page_div',{pages}, {number},'list','shtml',{len(listed)});</script>"
        head = f'<meta name="ColumnName" content="{NAMES[column]}"><meta name="channelId" content="{_id(column)}">'
        return self.html(NAMES[column], f"<ul class=list>{items}</ul><div id=page_div></div>{turning}", head=head)

    def _drawn(self, channel: str, name: str) -> Answer:
        """A list that a script draws: the page says which channel it is, the call is in a file."""
        head = f'<meta name="ColumnName" content="{name}"><meta name="channelId" content="{_id(channel)}">'
        call = f"<script>var channelId = '{_id(channel)}'; $.post('/getFileListByCodeId', {{channelId: channelId}}, draw);</script>"
        script = call if self.portal.quirk == "posted" else '<script src="/common/js/pagelist.js"></script>'
        return self.html(name, f"<h1>{name}</h1><ul class=pagelist id=pagelist></ul><div id=page_div></div>{script}", head=head)

    def _channel(self, channel: str) -> list[FamilyArticle]:
        for column in CODES:
            if channel == _id(column):
                return self.of(column)
        return [article for article in self.of("annual") if channel == _id(f"annual {article.year}")]

    def _searched(self, channel: str, fields: dict[str, str]) -> Answer:
        if self.portal.quirk != "search":
            return self.missing()
        if not fields.get("page", "1").isdigit():
            return self.plain("参数page不合法!")
        size = fields.get("_pageSize", "")
        data = self._data(channel, int(fields.get("page", "1")), min(int(size) if size.isdigit() else MOST_ROWS, MOST_ROWS))
        if fields.get("_isJson") == "true":
            return self.plain(json.dumps({"data": data}, ensure_ascii=False), "application/json")
        return self.html("列表", "<ul></ul>")

    def _posted(self, fields: dict[str, str]) -> Answer:
        if self.portal.quirk != "posted":
            return self.missing()
        page, size = fields.get("page", "1"), fields.get("size", "20")
        data = self._data(fields.get("channelId", ""), int(page) if page.isdigit() else 1, int(size) if size.isdigit() else 20)
        return self.plain(json.dumps({"code": 200, "results": {"data": data}}, ensure_ascii=False), "application/json")

    def _data(self, channel: str, page: int, size: int) -> dict[str, object]:
        listed = self._channel(channel)
        shown = listed[max(0, page - 1) * size : page * size]
        return {"channelId": channel, "page": page, "rows": size, "total": len(listed), "results": [self._row(one) for one in shown]}

    def _row(self, article: FamilyArticle) -> dict[str, object]:
        meta = [
            {"key": "indexnumber", "value": f"{with_check_digit('00' + self.portal.adcode)}/{article.published:%Y}-{article.number:05d}"}
        ]
        return {
            "title": article.title,
            "url": f"//{self.portal.host}:@@PORT@@{self.article_path(article)}",
            "publishedTimeStr": f"{article.published:%Y-%m-%d} 09:30:00",
            "contentHtml": f"<UCAPCONTENT>{article.body}</UCAPCONTENT>",
            "channelName": NAMES[article.column],
            "domainMetaList": [{"resultList": meta}],
        }

    def _article(self, article: FamilyArticle) -> Answer:
        day = f"{article.published:%Y-%m-%d}"
        head = f'<meta name="ArticleTitle" content="{article.title}"><meta name="PubDate" content="{day} 09:30">'
        line = f"<div class=info>发布日期:<PUBLISHTIME>{day} 09:30</PUBLISHTIME> 来源:{article.organ or self.portal.government}</div>"
        body = f'<div id="UCAP-CONTENT"><UCAPCONTENT>{article.body}</UCAPCONTENT></div>'
        return self.html(article.title, f"<h1><UCAPTITLE>{article.title}</UCAPTITLE></h1>{line}{body}", head=head)


def _id(name: str) -> str:
    return md5(name.encode(), usedforsecurity=False).hexdigest()
