"""SiteServer CMS: /channels/12_2.html, /contents/12/345.html, pages that are turned by a `<select>` alone, lists that scripts post for."""

from __future__ import annotations

import json
from math import ceil

from demo.families.base import FamilyArticle, FamilyPortal
from demo.families.columns import COLUMNS, ColumnSite
from demo.sites import Answer

PORTALS = (
    FamilyPortal("siteserver-wuxuan", "127.0.72.23", "siteserver", "武宣县", "451323", "4513230001", quirk="split"),
    FamilyPortal("siteserver-tongxin", "127.0.72.24", "siteserver", "同心县", "640324", "6403240001", quirk="select"),
    FamilyPortal("siteserver-heyang", "127.0.72.44", "siteserver", "合阳县", "610524", "6105240001", quirk="form"),
    FamilyPortal("siteserver-gulin", "127.0.72.45", "siteserver", "古蔺县", "510525", "5105250001", quirk="dynamic"),
    FamilyPortal("siteserver-xupu", "127.0.72.46", "siteserver", "溆浦县", "431224", "4312240001", quirk="value"),
    FamilyPortal("siteserver-funing", "127.0.72.47", "siteserver", "富宁县", "532628", "5326280001", quirk="files"),
    FamilyPortal("siteserver-lingbi", "127.0.72.48", "siteserver", "灵璧县", "341323", "3413230001", quirk="behind"),
)
CHANNELS = {"annual": 12, "government": 15, "departments": 16, "notices": 13, "news": 4}
# The channels below that of the annual reports, where there are any.
BELOW = {"government": "县政府", "departments": "县直部门"}
OLD, DYNAMIC, CONTENTS = "/sitefiles/services/wcm/dynamic/output.aspx", "/api/sys/stl/actions/dynamic", "/api/sys/stl/actions/pagecontents"
# Where a list's rows come by a POST, and how many of its pages are files otherwise.
POSTED, MADE = {"form": OLD, "dynamic": DYNAMIC, "value": DYNAMIC, "files": CONTENTS, "behind": OLD}, 2
# Encrypted templates: of the list, and of the line that says who is logged in.
TEMPLATES = {"9xQ0add0Zf1Lk0slash0annual": "annual", "7hd9T7y3Bhl0slash0mr0equals0": ""}
LIST, LOGIN = TEMPLATES


class SiteServerSite(ColumnSite):
    """A SiteServer portal.

    Quirks: `split` has a channel for the government and one for the departments, `select` turns pages by choosing one. The annual reports
    are posted for as a form (`form`), as JSON (`dynamic`, `value`), by the files behind the second (`files`) or in their place (`behind`).
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
        if self.portal.quirk in POSTED and column == "annual":
            return self._posting(number)
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

    # --- Lists that scripts post for

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:
        """What the actions answer to a POST of their own kind; pages by their address."""
        if path != POSTED.get(self.portal.quirk):
            return super().answer(path, query, fields)
        values = json.loads(fields["@body"]) if "@body" in fields else fields
        template = values.get("templateContent") or values.get("value") or values.get("stlPageContentsElement")
        if template not in TEMPLATES or (path == OLD) is ("@body" in fields):
            return self.html("错误", "<p>Server Error in '/' Application.</p>", status=500)
        if template == LOGIN:
            return self._sent('<a href="/home/#/login">登录</a>')
        if path == CONTENTS:
            return self._sent(self._rows(int(values["currentPageIndex"]) + 1))
        number = int(values.get("pageNum") or values.get("page") or 1)
        return self._sent(self._rows(number) + ("" if self.portal.quirk == "behind" else self._calls(number)))

    def _sent(self, piece: str) -> Answer:
        if self.portal.quirk in {"form", "behind"}:
            return self.plain(piece, "text/html")
        return self.plain(json.dumps(piece if self.portal.quirk == "files" else {"value": True, "html": piece}), "application/json")

    def _rows(self, number: int) -> str:
        first = (number - 1) * self.page_size
        return "<ul>" + "".join(self.item(article) for article in self.of("annual")[first : first + self.page_size]) + "</ul>"

    def _calls(self, number: int) -> str:
        """A pager that calls the script; there is none where one page has all."""
        count, name = ceil(len(self.of("annual")) / self.page_size), "stlDynamicajaxElement_1_917"
        turns = "".join(
            f'<a href="javascript:;" onclick="{name}({one})">{one}</a>' for one in range(number - 2, number + 3) if 1 <= one <= count
        )
        return f'<div class="page">{turns}<a href="javascript:;" onclick="{name}({min(number + 1, count)})">下一页</a></div>'

    def _posting(self, number: int) -> Answer:
        """A page of the channel: empty where its script posts for all, else a file, or what posts for itself."""
        quirk, count = self.portal.quirk, self.count("annual")
        script = "".join(self._script(template, number, count) for template in ((LIST,) if quirk == "files" else (LOGIN, LIST)))
        main, pager = '<span id="ajaxElement_1_917"></span>', ""
        if quirk in {"files", "behind"}:
            pager = self.pager("annual", number, count) if quirk == "files" else self._turns(number, count)
            main = self._rows(number) if number <= MADE else main
            script = "" if quirk == "files" and number <= MADE else script
        elif number > 1:
            return self.missing()
        if quirk == "behind" and number > MADE:
            return self.missing()
        name = COLUMNS["annual"]
        crumbs = f'<div class="position">当前位置:<a href="/">首页</a> &gt; {name}</div>'
        return self.html(f"{name}-{self.portal.government}", f"{crumbs}{main}{pager}{script}")

    def _turns(self, number: int, count: int) -> str:
        """The pager of a list of which only the first pages are files."""
        steps = [self.column_path("annual", one) if one <= MADE else f"javascript:stlDynamic_page({one});" for one in (number + 1, count)]
        return f'<div class="page"><a href="{steps[0]}">下一页</a> <a href="{steps[1]}">末页</a></div>'

    def _script(self, template: str, number: int, count: int) -> str:
        if self.portal.quirk in {"form", "behind"}:
            values = f"pageNodeID=12&pageContentID=0&pageTemplateID=596&ajaxDivID=ajaxElement_1_917&templateContent={template}"
            if self.portal.quirk == "behind" and template == LIST:
                body = f'var url = "{OLD}?publishmentSystemID=35";var pars = "{values}&pageNum=" + stlDynamicPageNum;post(url, pars);'
                return f"<script>var stlDynamicPageNum = {MADE};\nfunction stlDynamic_page(pageNum){{{body}}}</script>"
            body = f'var url = "{OLD}?publishmentSystemID=35&" + getQueryString();var pars = "{values}";jQuery.post(url, pars, show);'
        elif self.portal.quirk == "dynamic":
            data = f"siteId: 1,\n pageChannelId: 12,\n isPageRefresh: false,\n pageUrl: 'jHv910slash0kY5',\n templateContent: '{template}'"
            body = f'var url = "{DYNAMIC}?" + StlClient.getQueryString();\nvar data = {{{data}}};\nstlClient.post(url, data, show);'
        elif self.portal.quirk == "value":
            body = f"stlClient.post('{DYNAMIC}?' + StlClient.getQueryString(), {{\n value: '{template}',\n page: page\n}}, show);"
        else:
            data = (
                f"siteId: 1,\n totalNum: 18,\n pageCount: {count},\n currentPageIndex: {number - 1},\n stlPageContentsElement: '{template}'"
            )
            body = f"var url = '{CONTENTS}';\nvar parameters = {{{data}}};\n$.ajax({{url: url, type: 'POST'}});"
        return f"<script>function stlDynamicajaxElement_1_917(page){{{body}}}</script>"
