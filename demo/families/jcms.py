"""Hanweb JCMS (大汉版通): islands and dataproxy.jsp in the ways that servers differ, the disclosure module, reports by year.

Quirks: `post` answers 405 to GET, `empty` sends nothing to GET and has encrypted ids, `page` ignores the numbers of rows; `search` lists
what the area has disclosed by a POST to search.jsp, by the kinds of its tree; `one_area` names no area, and no kind for annual reports;
`years` has a form of years and organs before xxgkAnnualReport.jsp, which is made up: no real one was seen.
"""

from __future__ import annotations

from functools import cached_property
from math import ceil
from urllib.parse import parse_qsl

from demo.families.base import FamilyArticle, FamilyPortal, FamilySite
from demo.families.menus import crumbs, menu, number
from demo.sites import Answer

YEARS = tuple(range(2008, 2024))
PORTALS = (
    FamilyPortal("jcms-yandu", "127.0.72.25", "jcms", "盐城市盐都区", "320903", "3209030001", YEARS, YEARS[4:], quirk="post"),
    FamilyPortal("jcms-jiangning", "127.0.72.26", "jcms", "南京市江宁区", "320115", "3201150002", YEARS, YEARS[2:], quirk="page"),
    FamilyPortal("jcms-jiangbei", "127.0.72.27", "jcms", "宁波市江北区", "330205", "3302050003", YEARS, YEARS[6:], quirk="empty"),
    FamilyPortal("jcms-sheyang", "127.0.72.28", "jcms", "射阳县", "320924", "3209240004", YEARS, YEARS[8:], quirk="search"),
    FamilyPortal("jcms-lianshui", "127.0.72.49", "jcms", "涟水县", "320826", "3208260006", YEARS, YEARS[8:], quirk="one_area"),
    FamilyPortal("jcms-suichang", "127.0.72.29", "jcms", "遂昌县", "331123", "3311230005", YEARS[4:], YEARS[4:], quirk="years"),
)
COLUMNS = {"annual": ("1229001", "政府信息公开年报"), "notices": ("1229105", "通知公告"), "news": ("1229101", "本地要闻")}
DISCLOSURE = "/col/col1228990/index.html"
PROXY = "/module/web/jpage/dataproxy.jsp"
SEARCH, TREE = "/module/xxgk/search.jsp", "/module/xxgk/tree.jsp"
KINDS = {"A01": "机构职能", "A02": "政策法规", "A05": "政府信息公开年报", "A09": "法治政府建设年报"}
SEARCHED = frozenset({"search", "one_area"})
REPORTS = "/module/xxgk/xxgkAnnualReport.jsp"
PER_PAGE, GROUP = 15, 2
MOST_ROWS = 100
ENCRYPTED = "c5Fh2ZpQx0uVd1Lr"
NOTHING = "<?xml version='1.0' encoding='UTF-8'?><datastore></datastore>"


class JcmsSite(FamilySite):
    """A JCMS portal."""

    @cached_property
    def pages(self) -> dict[str, FamilyArticle]:
        """The articles by their path."""
        return {self.article_path(article): article for article in self.articles}

    @cached_property
    def organs(self) -> dict[str, str]:
        """The organs that report by their code in the disclosure module."""
        names = dict.fromkeys(article.organ for article in self.of("annual") if article.organ)
        return {f"11{self.portal.adcode}{2000000000 + index * 7919}": name for index, name in enumerate(sorted(names))}

    def article_path(self, article: FamilyArticle) -> str:
        """`/art/Y/M/D/art_COLUMN_ID.html`, or the year's report of an organ."""
        if self.portal.quirk == "years" and article.is_report:
            code = next(code for code, name in self.organs.items() if name == article.organ)
            return f"{REPORTS}?fbtime={article.year}&area={code}"
        day = article.published
        return f"/art/{day.year}/{day.month}/{day.day}/art_{COLUMNS[article.column][0]}_{article.number}.html"

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:
        """Pages by address, the lists' rows by their parameters."""
        for column, (code, _) in COLUMNS.items():
            if path in {f"/col/col{code}/index.html", f"/col/col{code}/"}:
                return self._column(column)
        if path == "/":
            return self._home()
        if path == DISCLOSURE:
            return self._disclosure()
        if path == PROXY:
            return self._rows(query, fields)
        if path == SEARCH:
            return self._found(fields)
        if path == TREE and self.portal.quirk in SEARCHED:
            return self._tree()
        if path == REPORTS and self.portal.quirk == "years":
            return self._year(fields)
        if path in self.pages:
            return self.article(self.pages[path], around='<div id="zoom"><!--ZJEG_RSS.content.begin-->{}<!--ZJEG_RSS.content.end--></div>')
        return self.robots() if path == "/robots.txt" else self.missing()

    def _home(self) -> Answer:
        links = [(f"/col/col{code}/index.html", name) for column, (code, name) in COLUMNS.items() if column != "annual"]
        news = "".join(self.item(article) for article in self.of("news")[:6])
        return self.html(
            self.portal.government,
            menu((DISCLOSURE, "政府信息公开"), *links, ("/col/col1229200/index.html", "政务服务")) + f"<ul>{news}</ul>",
        )

    def _disclosure(self) -> Answer:
        links = menu(
            ("/col/col1228991/index.html", "政府信息公开指南"),
            ("/col/col1228992/index.html", "政府信息公开制度"),
            ("/col/col1228993/index.html", "法定主动公开内容"),
            (f"/col/col{COLUMNS['annual'][0]}/index.html", "政府信息公开年报"),
        )
        return self.html("政府信息公开", crumbs("政府信息公开") + links)

    def _column(self, column: str) -> Answer:
        code, name = COLUMNS[column]
        head = f'<meta name="ColumnName" content="{name}">'
        if column == "annual" and self.portal.quirk in SEARCHED:
            frame = f'<iframe src="{TREE}?standardXxgk=1&amp;area={self._area}&amp;divid=div14{code}"></iframe>'
            address = f"'{SEARCH}?standardXxgk=1&infotypeId='+kind+'&vc_title=&vc_number=&area={self._area}'"
            call = f"loadDynamic({address},'div14{code}','','','','3')"
            script = f"<div id='div14{code}'>正在加载...</div><script>var kind=''; {call};</script>"
            return self.html(name, crumbs("政府信息公开", name) + frame + script, head=head)
        if column == "annual" and self.portal.quirk == "years":
            years = "".join(
                f'<option value="{year}">{year}年</option>' for year in range(max(self.portal.years), min(self.portal.years) - 2, -1)
            )
            organs = "".join(f'<option value="{code}">{name}</option>' for code, name in self.organs.items())
            fields = f'<select name="fbtime">{years}</select><select name="area">{organs}</select>'
            form = f'<form action="{REPORTS}">{fields}<input type="submit" value="查看"></form>'
            return self.html(name, crumbs("政府信息公开", name) + form, head=head)
        return self.html(name, crumbs(name) + self._island(column), head=head)

    @property
    def _area(self) -> str:
        return "" if self.portal.quirk == "one_area" else f"11{self.portal.adcode}014432"

    def _island(self, column: str) -> str:
        code, _ = COLUMNS[column]
        listed = self.of(column)
        hidden = self.portal.quirk == "empty"
        column_id, unit = (ENCRYPTED + code[-2:], ENCRYPTED[::-1]) if hidden else (code, "5504308")
        records = "".join(self._record(article) for article in listed[: PER_PAGE * GROUP])
        group = f'<a href="{PROXY}?page=1&webid=3096&path=/&columnid={column_id}&unitid={unit}&webname=X&permissiontype=0"></a>'
        return (
            f'<div id="5504308"><script type="text/xml"><datastore><nextgroup><![CDATA[{group}]]></nextgroup>'
            f"<recordset>{records}</recordset>"
            f"</datastore></script></div><script>$('#5504308').jpage({{showMode:'full',totalRecord:{len(listed)},groupSize:{GROUP},perPage:{PER_PAGE},"
            f"proxyUrl:'{PROXY}',ajaxParam:{{col:1,appid:'1',webid:3096,path:'/',columnid:{code},sourceContentType:1,unitid:'5504308',"
            f"webname:'{self.portal.government}',permissiontype:0}}}});</script>"
        )

    def _record(self, article: FamilyArticle) -> str:
        return f"<record><![CDATA[{self.item(article)}]]></record>"

    def _rows(self, query: str, fields: dict[str, str]) -> Answer:
        """What the proxy sends: nothing for ids that it does not know, and by GET what the server allows."""
        quirk = self.portal.quirk
        by_get = {"col", "columnid"} & dict(parse_qsl(query)).keys()
        if by_get and quirk == "post":
            return Answer(405, "text/html", b"<html><title>405 Not Allowed</title><h1>405 Not Allowed</h1></html>")
        wanted = fields.get("columnid", "").replace(ENCRYPTED, "12291" if fields.get("columnid", "")[-2:] == "05" else "12290")
        known = ENCRYPTED in fields.get("columnid", "") if quirk == "empty" else True
        listed = next((self.of(column) for column, (code, _) in COLUMNS.items() if code[-2:] == wanted[-2:]), [])
        if not known or (by_get and quirk == "empty"):
            return self.plain(NOTHING, "text/xml")
        size = max(1, min(number(fields.get("perpage"), PER_PAGE), MOST_ROWS))
        page = number(fields.get("page"), 1)
        first = number(fields.get("startrecord"), (page - 1) * size + 1)
        last = min(number(fields.get("endrecord"), first + size - 1), first + MOST_ROWS - 1)
        if quirk == "page":
            first, last = (page - 1) * size + 1, page * size
        shown = listed[max(first, 1) - 1 : last]
        if not shown:
            return self.plain(NOTHING, "text/xml")
        records = "".join(self._record(article) for article in shown)
        total = f"<totalrecord>{len(listed)}</totalrecord><totalpage>{ceil(len(listed) / size)}</totalpage>"
        return self.plain(f"<datastore>{total}<recordset>{records}</recordset></datastore>", "text/xml")

    def _found(self, fields: dict[str, str]) -> Answer:
        """The search of the disclosure module: all columns of the area, by kind and by title where they are asked for."""
        if fields.get("area", "") != self._area or not fields.get("divid"):
            return self.plain("", "text/html")
        kind = fields.get("infotypeId", "")
        every = [article for article in self.articles if not kind or (kind == "A05" and article.column == "annual")]
        listed = [article for article in every if fields.get("vc_title", "") in article.title]
        page, pages = number(fields.get("currpage"), 1), ceil(len(listed) / PER_PAGE)
        rows = "".join(
            f"<tr class='tr_main_value_{'even' if index % 2 else 'odd'}'><td>{index + 1}</td><td><a href='{self.article_path(article)}' "
            f"title='{article.title}'>{article.title[:24]}</a></td><td>{article.published:%Y-%m-%d}</td></tr>"
            for index, article in enumerate(listed[(page - 1) * PER_PAGE : page * PER_PAGE])
        )
        turns = f"<a href='javascript:goPage({page + 1})'>下一页</a> <a href='javascript:goPage({pages})'>尾 页</a>"
        pager = f"<tr><td align='right' colspan='3'>&nbsp;&nbsp;共{pages}页&nbsp;{turns}</td></tr>"
        return self.plain(f"<table>{rows}{pager}</table>", "text/html")

    def _tree(self) -> Answer:
        """The tree of kinds, as a script writes it."""
        kinds = {kind: label for kind, label in KINDS.items() if kind != "A05" or self.portal.quirk == "search"}
        nodes = "".join(
            f"d.add({number},0,'<a href=\"#\" onclick=\"funclick(\\'{kind}\\',\\'{label}\\');\">{label}</a>');\n"
            for number, (kind, label) in enumerate(kinds.items(), 1)
        )
        return self.plain(f"<script>var d = new dTree('d');\n{nodes}document.write(d);</script>", "text/html")

    def _year(self, fields: dict[str, str]) -> Answer:
        wanted = f"{REPORTS}?fbtime={fields.get('fbtime')}&area={fields.get('area')}"
        if wanted not in self.pages:
            return self.html("政府信息公开年报", "<p>对不起,您访问的页面不存在或已被删除。</p>")
        return self.article(self.pages[wanted], around="<div class='article-body'>{}</div>")
