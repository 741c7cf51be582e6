"""Columns whose rows a script draws that cannot be read: they are no empty lists."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from giar_crawler.platforms import ListEntry, ListPage
from giar_crawler.platforms.script_values import is_library
from giar_crawler.spiders.frontier import key
from giar_crawler.spiders.lexicon import judge_title
from pipelines.metadata.report_year import year_of_title

# What asks a server, or hides what it does.
ASKS = re.compile(
    r"\bajax\b|\.(?:post|get|getJSON|load|send)\s*\(|\bfetch\s*\(|XMLHttpRequest|\baxios\b|\$http\b|new\s+Vue\b|createApp|CryptoJS|\beval\s*\("
    r"|\b_0x[0-9a-f]{2,}|\[[\"']\\x"
    # What writes links of its own.
    r"|(?:\bdocument\.write(?:ln)?|\binnerHTML\b|\.(?:html|append|prepend)\s*\()[^;]{0,200}(?:<a\b|<li\b|<tr\b)"
)
# What is asked for a list: its pages, or a signature that only the script can make. Counters of visits are told the column too.
FOR_ROWS = re.compile(
    r"(?i)\b(?:page_?(?:no|num|number|index|size)|current_?page|limit|nonce|sign(?:ature)?)\b|CryptoJS|\b_0x[0-9a-f]{2,}"
    r"|\beval\s*\(\s*function\b"
)
EMPTY = re.compile(r"暂无|暂时没有|(?:没有|未找到|无)(?:任何|相关|符合条件的?)*(?:内容|信息|数据|记录|文章|结果)|共\s*0\s*[条篇页]")


def scripts_of(page: ListPage) -> set[str]:
    """The scripts of a page that may ask for its rows: digests of those that stand in it, the addresses of the files of its own."""
    # A walk keeps those of all pages on its way.
    return {_digest(text) for text in _asking(page)} | {url for url in page.scripts() if not is_library(url)}


def is_bare(page: ListPage, entries: Sequence[ListEntry], frame: set[str], scripts: set[str]) -> bool:
    """Whether a page of the column has no row of its own, does not say that it is empty, and has a script of its own that may draw some.

    `frame` and `scripts` are the keys of the entries and the scripts that pages outside the column have as well. Links to years and organs
    are no rows; beside them the script has to ask for a list.
    """
    own = [entry for entry in entries if key(entry.url) not in frame]
    if has_rows(own) or page.frames() or EMPTY.search(page.visible):
        return False
    if own:
        return any(FOR_ROWS.search(text) for text in _asking(page) if _digest(text) not in scripts)
    return bool(scripts_of(page) - scripts)


def has_rows(entries: Sequence[ListEntry]) -> bool:
    """Whether some entries are rows of a list: with a date, or the title of the report of a year."""
    return any(
        entry.date is not None or (judge_title(entry.title, inside=False) == "report" and year_of_title(entry.title) is not None)
        for entry in entries
    )


def asks_for_rows(script: str) -> bool:
    """Whether the text of a script asks a server for a list."""
    return ASKS.search(script) is not None and FOR_ROWS.search(script) is not None


def _asking(page: ListPage) -> list[str]:
    """The scripts that stand in a page and may ask for its rows."""
    inline = (str(script.text or "") for script in page.root.iter("script") if script.get("src") is None) if page.root is not None else ()
    return [text for text in inline if ASKS.search(text)]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
