"""truecms: lists of the `jpage` script with getMessage.do behind it.

Quirks: `referer` gives 404 to whoever names no page that he comes from, and nothing for more than 20 rows; `fifty` takes 50 and answers
bare JSON.
"""

from __future__ import annotations

import json
from functools import cached_property

from demo.families.base import FamilyArticle, FamilyPortal, FamilySite
from demo.families.menus import crumbs, menu, number
from demo.sites import Answer

YEARS = tuple(range(2008, 2024))
PORTALS = (
    FamilyPortal("truecms-rugao", "127.0.72.32", "truecms", "如皋市", "320682", "3206820001", YEARS, YEARS[6:], quirk="referer"),
    FamilyPortal("truecms-rudong", "127.0.72.33", "truecms", "如东县", "320623", "3206230002", YEARS, YEARS[2:], quirk="fifty"),
)
COLUMNS = {"annual": ("zfxxgknb", "政府信息公开年报"), "notices": ("tzgg", "通知公告"), "news": ("zwyw", "政务要闻")}
IDS = {
    "annual": "754f6db5-d294-46d5-b25c-da3a86d102cd",
    "notices": "1cfdefeb-e9aa-4eea-9737-d46421fc97ff",
    "news": "593f0397-04d7-44c3-8339-240a77a793ce",
}
PROXY = {"referer": "/truecms/messageController/getMessage.do", "fifty": "/TrueCMS/messageController/getMessage.do"}
LARGEST = {"referer": 20, "fifty": 50}
PER_PAGE, GROUP = 10, 3


class TrueCmsSite(FamilySite):
    """A truecms portal."""

    @cached_property
    def pages(self) -> dict[str, FamilyArticle]:
        """The articles by their path."""
        return {self.article_path(article): article for article in self.articles}

    def article_path(self, article: FamilyArticle) -> str:
        """`/SITE/COLUMN/content/UUID.html`."""
        return f"/{self._site}/{COLUMNS[article.column][0]}/content/{article.number:08x}-d294-46d5-b25c-{article.number:012x}.html"

    @property
    def _site(self) -> str:
        return "rgsrmzf" if self.portal.quirk == "referer" else "rdxrmzf"

    def answer(self, path: str, query: str, fields: dict[str, str]) -> Answer:  # noqa: ARG002 - one shape for all families
        """Pages, and the rows of lists."""
        columns = {f"/{self._site}/{slug}/{slug}.html": column for column, (slug, _) in COLUMNS.items()}
        places = {column: path for path, column in columns.items()}
        if path == "/":
            links = [(places[column], COLUMNS[column][1]) for column in ("news", "notices")]
            news = "".join(self.item(article) for article in self.of("news")[:5])
            return self.html(self.portal.government, menu((f"/{self._site}/xxgk/xxgk.html", "信息公开"), *links) + f"<ul>{news}</ul>")
        if path == f"/{self._site}/xxgk/xxgk.html":
            links = [(f"/{self._site}/zn/zn.html", "信息公开指南"), (places["annual"], "信息公开年报")]
            return self.html("信息公开", crumbs("信息公开") + menu(*links))
        if path in columns:
            return self._column(columns[path])
        if path == PROXY[self.portal.quirk]:
            return self._rows(fields)
        if path in self.pages:
            return self.article(self.pages[path], around='<div id="zoom" class="article">{}</div>')
        return self.robots() if path == "/robots.txt" else self.missing()

    def _store(self, listed: list[FamilyArticle], total: int) -> str:
        records = "".join(f"<record><![CDATA[{self.item(article)}]]></record>" for article in listed)
        return f"<datastore><nextgroup></nextgroup><totalrecord>{total}</totalrecord><recordset>{records}</recordset></datastore>"

    def _column(self, column: str) -> Answer:
        listed, name = self.of(column), COLUMNS[column][1]
        store = self._store(listed[: PER_PAGE * GROUP], len(listed)).replace("'", "\\'")
        script = (
            f"<div id='content'></div><script>$('#content').jpage({{dataStore:'{store}',totalRecord:{len(listed)},"
            f"proxyUrl:'{PROXY[self.portal.quirk]}',"
            f"perPage:{PER_PAGE},groupSize:{GROUP},barPosition:'bottom',ajaxParam:{{columnId:'{IDS[column]}'}}}});</script>"
        )
        return self.html(name, crumbs("信息公开", name) + script)

    def _rows(self, fields: dict[str, str]) -> Answer:
        if self.portal.quirk == "referer" and not fields.get("@referer"):
            return self.missing()
        listed = next((self.of(column) for column, one in IDS.items() if one == fields.get("columnId")), [])
        first, last = number(fields.get("startrecord"), 1), number(fields.get("endrecord"), 10)
        shown = listed[first - 1 : last]
        sent = shown and last - first < LARGEST[self.portal.quirk]
        text = self._store(shown, len(listed)) if sent else "<datastore></datastore>"
        answer = json.dumps({"result": text, "success": True}, ensure_ascii=False)
        wrapped = self.portal.quirk == "referer" and "callback" in fields
        return self.plain(f"{fields['callback']}({answer});" if wrapped else answer, "application/json")
