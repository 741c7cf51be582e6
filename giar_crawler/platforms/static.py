"""Lists that lie as files on the server: TRS WCM (`createPageHTML`), Boda and all others with links to the next page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from giar_crawler.platforms.base import ListEntry, ListRequest
from giar_crawler.platforms.page import ListPage, absolute
from giar_crawler.platforms.rows import entries_of

NEXT_WORDS = re.compile(r"^\W*(?:下一?页|下一頁|后一?页|next(?:\s*page)?|older)\W*$", re.IGNORECASE)
NEXT_MARKS = {">", "»", "›", "&gt;"}
# createPageHTML(3, 0, "index", "html"), createPage('pager', 3, 0, 'index', 'shtml', 31): pages, this page from 0, stem, ending.
SCRIPTED = re.compile(
    r"createPage(?:HTML)?\(\s*(?:[\"'][^\"']*[\"']\s*,\s*)?(\d{1,5})\s*,\s*(\d{1,5})\s*,\s*[\"']([\w-]{1,60})[\"']\s*,\s*[\"'](\w{1,6})[\"']"
)
COUNTED = re.compile(r"var\s+countPage\s*=\s*(\d{1,5})")
CURRENT = re.compile(r"var\s+currentPage\s*=\s*(\d{1,5})")
FILE = re.compile(r"^(?P<stem>.*?)(?:_(?P<number>\d{1,4}))?\.(?P<ending>s?html?|jhtml)$")
MOST_NUMBERED = 60


class Static:
    """Static lists."""

    name = "static"

    def entries(self, page: ListPage) -> list[ListEntry]:
        """Every link of the page with the date of its row."""
        return entries_of(page)

    def next_requests(self, page: ListPage) -> list[ListRequest]:
        """The page that a script counts, else the link that says so, else all numbered pages."""
        scripted = self._scripted(page)
        if scripted is not None:
            return scripted
        for anchor in page.anchors():
            if (NEXT_WORDS.match(anchor.text) or anchor.text in NEXT_MARKS) and anchor.url != page.url:
                return [ListRequest(anchor.url)]
        return self._numbered(page)

    def _scripted(self, page: ListPage) -> list[ListRequest] | None:
        """The next page by the script's own count, empty at the last one; `None` where no script counts.

        The second page is `index_1`: these systems count from 0.
        """
        found = SCRIPTED.search(page.text)
        if found:
            count, here, stem, ending = int(found[1]), int(found[2]), found[3], found[4]
        else:
            counted = COUNTED.search(page.text)
            file = FILE.match(urlsplit(page.url).path.rpartition("/")[2] or "index.html")
            if not counted or not file:
                return None
            current = CURRENT.search(page.text)
            count, here = int(counted[1]), int(current[1]) if current else int(file["number"] or 0)
            stem, ending = file["stem"], file["ending"]
        url = absolute(page.url, f"{stem}_{here + 1}.{ending}") if here + 1 < count else None
        return [ListRequest(url)] if url else []

    def _numbered(self, page: ListPage) -> list[ListRequest]:
        """The pages behind links that are bare numbers (第2页, [2], 2), where at least one of them is."""
        found = dict.fromkeys(
            anchor.url
            for anchor in page.anchors()
            if re.fullmatch(r"\W*(?:第\s*)?\d{1,3}(?:\s*页)?\W*", anchor.text) and anchor.url != page.url
        )
        return [ListRequest(url) for url in list(found)[:MOST_NUMBERED]]
