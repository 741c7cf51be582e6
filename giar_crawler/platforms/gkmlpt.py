"""gkmlpt (广东省政府信息公开目录管理平台): every county and department of Guangdong has its catalogue under `/gkmlpt/`.

The pages `/gkmlpt/index` and `/gkmlpt/annualreport` are shells that show a category by the fragment of their address. What a reader sees
comes from `window._CONFIG` (`SID`, the site's number; `TREE`, the categories) and from `/gkmlpt/api/all/<category>?page=1&sid=<SID>`, 100
rows a page. An article has its text in `_CONFIG.DETAIL`.
Quirks: a category with `jump_url` lies elsewhere; departments have their own catalogue below a folder (`/zqrsj/gkmlpt/`);
`classify.post_count` counts what is not listed too, `total` what is; without `sid` the answer is empty; rows of type `url` lead to
other sites; https often fails where http works.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.answers import day, number, object_of, objects, part, words
from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.page import ListPage
from giar_crawler.platforms.rows import entries_of
from giar_crawler.platforms.turns import ListRequest
from pipelines import titles

SID = re.compile(r"\bSID[\"']?\s*:\s*[\"']?(\d{1,12})")
TREE = re.compile(r"\bTREE[\"']?\s*:\s*(?=\[)")
CATEGORY = re.compile(r"\d{1,12}")
API = re.compile(r"^(?P<root>.*/gkmlpt/)api/all/\d+$")
ROOT = re.compile(r"^.*?/gkmlpt/")
MOST_NODES, DEEPEST = 3000, 8
MOST_ROWS, MOST_PAGES = 1000, 500
# Which day of an article its list shows, as in `pipelines/decode/islands.yaml`.
DAYS = ("display_publish_time", "first_publish_time", "create_time", "created_at")


class Gkmlpt:
    """The directory platform of Guangdong."""

    name = "gkmlpt"

    def entries(self, page: ListPage) -> list[ListEntry]:
        """The rows of an answer; of any other page its categories and links."""
        if not _is_answer(page):
            return [*_categories(page), *entries_of(page)]
        found = []
        for row in objects(part(object_of(page.text), "articles"), MOST_ROWS):
            addresses = [address for address in (row.get("url"), row.get("post_url")) if isinstance(address, str) and address]
            url = absolute(page.url, addresses[0]) if addresses else None
            title = words(row.get("title"))
            if url and title:
                found.append(ListEntry(url, title, next((read for key in DAYS if (read := day(row.get(key)))), None)))
        return found

    def next_requests(self, page: ListPage) -> list[ListRequest]:
        """The next page of an answer, until its total is reached or an answer is empty."""
        if not _is_answer(page):
            return []
        answer = object_of(page.text)
        shown = len(objects(answer.get("articles"), MOST_ROWS))
        values = dict(parse_qsl(urlsplit(page.url).query))
        here = number(values.get("page")) or 1
        offset, total = number(answer.get("offset")), self.total(page)
        before = (here - 1) * shown if offset is None else offset
        if not shown or here >= MOST_PAGES or (total is not None and before + shown >= total):
            return []
        query = urlencode({**values, "page": str(here + 1)})
        return [ListRequest(urlunsplit(urlsplit(page.url)._replace(query=query)))]

    def total(self, page: ListPage) -> int | None:
        """The number of rows that a category lists."""
        answer = object_of(page.text) if _is_answer(page) else {}
        listed = number(answer.get("total"))
        return number(part(answer, "classify", "post_count")) if listed is None else listed


def _is_answer(page: ListPage) -> bool:
    return API.match(urlsplit(page.url).path) is not None


def _categories(page: ListPage) -> list[ListEntry]:
    """The categories of the page's tree as links to their lists."""
    site, tree = SID.search(page.text), TREE.search(page.text)
    if not site or not tree:
        return []
    try:
        nodes, _ = json.JSONDecoder(strict=False).raw_decode(page.text, tree.end())
    except (ValueError, RecursionError):
        return []
    folder = ROOT.match(urlsplit(page.url).path)
    root = folder.group() if folder else "/gkmlpt/"
    found = []
    for node, name in _nodes(nodes):
        jump, category = node.get("jump_url"), CATEGORY.fullmatch(str(node.get("id")))
        own = f"{root}api/all/{category.group()}?page=1&sid={site[1]}" if category else None
        address = jump if isinstance(jump, str) and jump.strip() else own
        url = absolute(page.url, address) if address else None
        if url and name:
            found.append(ListEntry(url, name))
    return found


def _nodes(tree: object) -> Iterator[tuple[dict[str, Any], str]]:
    """The nodes of a tree with the names that say where they lead: those below the annual reports (years, organs) go by its name.

    With the year added it would be the title of a report.
    """
    waiting = [(node, "", 1) for node in reversed(objects(tree, MOST_NODES))]
    for _ in range(MOST_NODES):
        if not waiting:
            return
        node, above, depth = waiting.pop()
        own = words(node.get("name"))
        yield node, above or own
        if depth < DEEPEST:
            column = above or (own if titles.names_column(own) else "")
            waiting += [(child, column, depth + 1) for child in reversed(objects(node.get("children"), MOST_NODES))]
