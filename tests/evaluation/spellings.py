"""Tables of spellings (dates, index numbers, publishers, titles): what is printed beside what is true of it.

They were written before the reading that they judge, by somebody who had not seen it.

An entry is what is printed, its truth, and `why` it is there. `doubtful` names keys whose truth is one reading of several: they are not
compared, and neither are keys that an entry leaves out. `open` names keys that are known to be read wrong, each with the reason.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from giar_crawler.items import Page, PageContext, Report
from pipelines.decode.script import clean
from pipelines.decode.stage import read_document
from pipelines.line import begin
from pipelines.metadata import index_number
from pipelines.metadata.dates import read_date
from pipelines.metadata.organs import organ_of_title
from pipelines.metadata.places import places_named
from pipelines.metadata.report_year import year_of_title
from pipelines.metadata.stage import read_metadata
from pipelines.titles import is_report_title

FOLDER = Path(__file__).parents[1] / "reading" / "spellings"
_LEVELS = {"province": "province", "city": "city", "county": "county"}


@dataclass(slots=True, frozen=True)
class Spelling:
    """One value of one entry: where it stands, what is wanted and what was read. `open` is the reason why it is known to be read wrong."""

    table: str
    number: int
    printed: str
    key: str
    wanted: object
    given: object
    open: str | None

    @property
    def right(self) -> bool:
        """Whether what was read is what is wanted."""
        return self.wanted == self.given


def _report(page: Page) -> Report:
    """The record as far as the metadata."""
    reading = begin(page)
    read_document(reading)
    read_metadata(reading)
    return reading.report


def _date(entry: dict[str, Any]) -> dict[str, object]:
    found = read_date(entry["raw"])
    if found is None:
        return {"value": None, "precision": None}
    written = f"{found.year:04}" if found.month is None else f"{found.year:04}-{found.month:02}"
    return {"value": found.value.isoformat() if found.value else written, "precision": found.precision}


def _index_number(entry: dict[str, Any]) -> dict[str, object]:
    number = index_number.parse(entry["raw"])
    if number is None:
        return {"record": None}
    names = ("normalized", "kind", "organization", "organization_valid", "year", "month", "serial", "warnings")
    return {"record": "a record"} | {name: getattr(number, name) for name in names}


def _title(entry: dict[str, Any]) -> dict[str, object]:
    printed = entry["title"]
    heading = html.escape(printed)
    body = f"<html><head><title>{heading}</title></head><body><div class=article><h1>{heading}</h1>{BODY}</div></body></html>"
    report = _report(Page(None, body.encode()))
    is_report = is_report_title(printed)
    plain = clean(report.title or "", traditional=False)
    organ = organ_of_title(plain)
    given = {"is_report": is_report, "report_year": year_of_title(plain) if is_report else None, "clean": report.title or ""}
    # Whose a page is that is no report is asked of nobody.
    return given | {"publisher_in_title": (organ.name if organ else None) if entry["is_report"] else entry.get("publisher_in_title")}


BODY = """<p>根据《中华人民共和国政府信息公开条例》的规定,编制本报告。报告由总体情况、主动公开、依申请公开等部分组成。</p>
<p>一、总体情况</p><p>主动公开政府信息120条,内容涉及机构职能、政策文件、财政预决算等方面,按要求及时更新,方便公众查阅。</p>
<p>二、主动公开政府信息情况</p><p>通过网站公开政府信息100条,通过公开栏公开政府信息20条,没有应公开而未公开的信息,群众反映良好。</p>
<p>三、收到和处理政府信息公开申请情况</p><p>全年收到申请0件。</p><p>四、存在的主要问题及改进情况</p><p>公开的深度有待加强,下一步将继续改进。</p>"""


def _publisher_page(entry: dict[str, Any]) -> Page:
    """A plain page with the entry's header, title and signature, on its portal."""
    title, signature = entry.get("title"), entry.get("signature")
    header = f"<table><tr><td>发布机构</td><td>{html.escape(entry['header'])}</td></tr></table>" if entry.get("header") else ""
    heading = f"<h1>{html.escape(title)}</h1>" if title else ""
    lines = (signature or "").split("\n")
    if signature and len(lines) == 1 and not any(character.isdigit() for character in signature):
        lines.append("2020年1月15日")
    foot = "".join(f'<p style="text-align:right">{html.escape(line)}</p>' for line in lines) if signature else ""
    body = f"<html><body>{header}<div class=article>{heading}{BODY}{foot}</div></body></html>"
    site = entry.get("site")
    context = PageContext()
    if site:
        name = site.removesuffix("人民政府")
        places = [place for place in places_named(name) if place] or [p for cut in range(1, len(name)) for p in places_named(name[cut:])][
            :1
        ]
        context = PageContext(
            portal="site", portal_name=site, adcode=places[0].adcode if places else None, level=places[0].level if places else None
        )
    return Page(None, body.encode(), context=context)


def _publisher(entry: dict[str, Any]) -> dict[str, object]:
    report = _report(_publisher_page(entry))
    return {"publisher": report.publisher, "scope": report.scope}


TABLES: dict[str, tuple[Callable[[dict[str, Any]], dict[str, object]], tuple[str, ...]]] = {
    "dates": (_date, ("raw",)),
    "index_numbers": (_index_number, ("raw",)),
    "publishers": (_publisher, ("header", "title", "signature", "site")),
    "titles": (_title, ("title",)),
}


@cache
def entries(table: str) -> list[dict[str, Any]]:
    """The entries of a table."""
    found: list[dict[str, Any]] = yaml.safe_load((FOLDER / f"{table}.yaml").read_text("utf-8"))
    return found


def spellings(table: str) -> Iterator[Spelling]:
    """All values of a table that are compared, with what is read."""
    reader, printed = TABLES[table]
    for number, entry in enumerate(entries(table)):
        given = reader(entry)
        known = {*printed, "why", "doubtful", "open", *entry.get("doubtful", ())}
        for key, wanted in entry.items():
            if key not in known:
                shown = " / ".join(str(entry[name]) for name in printed if entry.get(name))
                yield Spelling(table, number, shown[:120], key, wanted, given.get(key), entry.get("open", {}).get(key))
