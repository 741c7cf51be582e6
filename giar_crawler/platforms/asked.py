"""Lists whose rows the page's own script asks a server for: `script_calls.py` reads the calls, `answer_rows.py` the answers."""

from __future__ import annotations

from giar_crawler.platforms.answer_rows import rows_of
from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.page import ListPage, page_of_text
from giar_crawler.platforms.script_calls import turns_of
from giar_crawler.platforms.static import Static
from giar_crawler.platforms.turns import ListRequest


class Asked:
    """The answers to such calls, and the files of scripts that make them. No page is recognised as one: the request knows."""

    name = "asked"

    def entries(self, page: ListPage) -> list[ListEntry]:
        """The rows of the answer."""
        return rows_of(page.text, page.url, page.turn)[0] if page.turn is not None else []

    def next_requests(self, page: ListPage) -> list[ListRequest]:
        """What a script file asks for; the same call for the next page, until an answer has no rows or all are there by its count."""
        if page.source is not None:
            return turns_of(page_of_text(page.source.url, f"{page.source.text}\n{page.text}"))
        if page.turn is None:
            return []
        if page.turn.request(1) is None:
            # A part of the page may turn its list itself.
            return Static().next_requests(page)
        rows, total = rows_of(page.text, page.url, page.turn)
        if not rows or (total is not None and page.turn.index == 0 and len(rows) >= total):
            return []
        following = page.turn.request(page.turn.index + 1)
        return [following] if following is not None else []

    def total(self, page: ListPage) -> int | None:
        """The count of the answer."""
        return rows_of(page.text, page.url, page.turn)[1] if page.turn is not None else None
