"""What the entries and pages of a portal are, as far as their words and addresses tell. The reading has the last word on reports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal
from urllib.parse import urlsplit

from giar_crawler.platforms import ListEntry, ListPage
from giar_crawler.platforms.page import ATTACHMENT
from giar_crawler.spiders.lexicon import judge_title, leads_to_column, may_name_column, names_column, navigation_score, reads_like_report
from giar_crawler.spiders.scope import Scope
from giar_crawler.spiders.visits import Visit
from pipelines import stats, titles
from pipelines.attachments import TYPES
from pipelines.metadata.report_year import year_of_title
from pipelines.missing import says_missing
from pipelines.titles import is_column_name

# A folder, or its first page.
INDEX = re.compile(r"(?:[\w-]{1,60}/){1,2}(?:(?:index|list|default)\.\w{3,5})?", re.IGNORECASE)
# .docx, (PDF版), 下载 behind the title of a file.
FILE_WORDS = re.compile(
    rf"(?:\.(?:{'|'.join(TYPES)})|[(\[]?(?:{'|'.join(TYPES)}|word)(?:版|格式|文件)?[)\]]?|[(\[]?下载[)\]]?)+$", re.IGNORECASE
)

Kind = Literal["report", "doubtful", "navigation", "other"]

# Characters of a page that are looked at for what it is.
SAMPLE = 400_000
# Characters of a page below which a sentence like 页面不存在 is all that it says.
SHORT_PAGE = 600


def judge_entry(entry: ListEntry, scope: Scope, *, inside: bool) -> tuple[Kind, str | None]:
    """What an entry is, and the counter for it. `inside`: it stands on a page of the annual-report column."""
    refusal = scope.refuses(entry.url)
    if refusal is not None:
        return "other", stats.LINKS_FOREIGN if refusal == "foreign_host" else stats.LINKS_BAD
    verdict = judge_title(entry.title, inside=inside)
    if ATTACHMENT.search(urlsplit(entry.url).path):
        return "other", stats.ENTRIES_ATTACHMENT if verdict == "report" else stats.ENTRIES_OTHER
    # Columns have no date beside them; a column's name alone is no report's title.
    leads = entry.date is None and navigation_score(entry.title, entry.url, inside=inside) > 0
    if leads and (verdict != "report" or year_of_title(entry.title) is None or is_column_name(entry.title)):
        return "navigation", None
    if verdict == "doubtful":
        return "report" if inside else "doubtful", stats.ENTRIES_DOUBTFUL
    return verdict, stats.ENTRIES_REPORT if verdict == "report" else stats.ENTRIES_OTHER


def lies_below(entry: ListEntry, page: ListPage) -> bool:
    """Whether an entry leads to a folder in the page's own, which names the column (/xxgknb/): whatever it is called, 其他 or 教育系统."""
    own, other = urlsplit(page.url), urlsplit(entry.url)
    folder = own.path.rpartition("/")[0] + "/"
    beneath = own.netloc == other.netloc and other.path.startswith(folder) and INDEX.fullmatch(other.path[len(folder) :])
    return bool(beneath) and names_column("", folder) and entry.date is None and not other.query and may_name_column(entry.title)


def bare_title(title: str) -> str:
    """The title without what names a file: its ending, and (PDF版) behind it. A list may link a report as a page and as a file."""
    return FILE_WORDS.sub("", titles.plain(title))


def names_report(entry: ListEntry, scope: Scope) -> bool:
    """Whether an entry is surely an annual report, wherever it stands."""
    return scope.refuses(entry.url) is None and judge_title(entry.title, inside=False) == "report"


def is_inside(page: ListPage, entries: Sequence[ListEntry], visit: Visit, scope: Scope) -> bool:
    """Whether a page belongs to the annual-report column: it says so, or it continues one, or it is below one and shows reports.

    Many a page says 年报 or has the portal's name alone, and a list as JSON has no title: the link that led to it says so as well.
    """
    if visit.kind == "home":
        return False
    if visit.kind == "list":
        return visit.inside
    named = names_column(page.title, page.url) or names_column(visit.text, page.url) or leads_to_column(visit.text)
    return named or (visit.inside and any(names_report(entry, scope) for entry in entries))


def is_article(page: ListPage) -> bool:
    """Whether a page that was taken for a list has the sections and the title of a report."""
    return reads_like_report(page.text[:SAMPLE]) and judge_title(page.title, inside=True) != "other"


def is_missing(page: ListPage) -> bool:
    """Whether a page says that it is not there."""
    return says_missing(page.head_title) or (len(page.visible) < SHORT_PAGE and says_missing(page.visible))


def is_script(url: str) -> bool:
    """Whether this is the address of a script file."""
    return urlsplit(url).path.lower().endswith(".js")
