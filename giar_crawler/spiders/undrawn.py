"""Columns whose rows a script draws that cannot be read: they are no empty lists."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from giar_crawler.platforms import ListEntry, ListPage
from giar_crawler.platforms.script_values import is_library
from giar_crawler.spiders.frontier import key

# What asks a server, or hides what it does.
ASKS = re.compile(
    r"\bajax\b|\.(?:post|get|getJSON|load|send)\s*\(|\bfetch\s*\(|XMLHttpRequest|\baxios\b|\$http\b|new\s+Vue\b|createApp|CryptoJS|\beval\s*\("
    r"|\b_0x[0-9a-f]{2,}|\[[\"']\\x"
)
EMPTY = re.compile(r"暂无|暂时没有|(?:没有|未找到|无)(?:任何|相关|符合条件的?)*(?:内容|信息|数据|记录|文章|结果)|共\s*0\s*[条篇页]")


def scripts_of(page: ListPage) -> set[str]:
    """The scripts of a page that may ask for its rows: digests of those that stand in it, the addresses of the files of its own."""
    if page.root is None:
        return set()
    inline = (str(script.text or "") for script in page.root.iter("script") if script.get("src") is None)
    # A walk keeps those of all pages on its way.
    asking = {hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() for text in inline if ASKS.search(text)}
    return asking | {url for url in page.scripts() if not is_library(url)}


def is_bare(page: ListPage, entries: Sequence[ListEntry], frame: set[str], scripts: set[str]) -> bool:
    """Whether a page of the column has no entry of its own, does not say that it is empty, and has a script of its own that may draw some.

    `frame` and `scripts` are the keys of the entries and the scripts that pages outside the column have as well.
    """
    own = any(key(entry.url) not in frame for entry in entries)
    return not own and not page.frames() and not EMPTY.search(page.visible) and bool(scripts_of(page) - scripts)
