"""A large database as years of walks leave it, made without a page: portals, reports of all forms and years, figures, corrections.

The same size and seed give the same rows. What is stored goes through the models' own tables; no stage of the reading runs.
"""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Table

from giar_crawler.outcomes import PageOutcome, PortalOutcome
from pipelines.findings import finding
from pipelines.metadata.units import units
from pipelines.statistics.forms import forms
from pipelines.storage import Storage
from pipelines.storage.bulk import Bulk, advance
from pipelines.storage.models import Base
from pipelines.storage.schema import create

YEARS = range(2008, 2026)
BEGIN = datetime(2026, 1, 5, 3, tzinfo=UTC)
PARSER = "0.1.0+0123456789ab"
# Portals written in one transaction.
TOGETHER = 50
# Parents before children.
_TABLES = ("portals", "crawls", "observations", "documents", "reports", "figures", "findings", "corrections")
# Of a hundred: years without a report, versions that were edited, second addresses, mirrors, reports of departments, corrections.
MISSING, EDITED, TWICE, MIRRORS, DEPARTMENTS, CORRECTED = 7, 2, 2, 1, 4, 0.2
# Code points of a report's text.
TEXT = (1_500, 6_000)

Row = dict[str, Any]
Rows = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Shape:
    """A figure as a form has it, without its value."""

    indicator: str
    column: str | None
    unit: str | None
    label: str
    locator: str


def _shapes(form: str) -> list[Shape]:
    return [
        Shape(
            cell.indicator, cell.column, cell.unit, (row or column)[:40], f"/html/body/div[3]/div/table[{number}]/tbody/tr[{place}]/td[2]"
        )
        for number, table in enumerate(forms()[form].tables, 1)
        for place, ((row, column), cell) in enumerate(table.cells.items(), 1)
    ]


def _form(year: int) -> str:
    return "giar_2014" if year < 2019 else "giar_2019" if year < 2021 else "giar_2021"


class Maker:
    """The rows, portal after portal."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        # As rare characters are in prose; texts are pieces of it.
        self._prose = "".join(chr(0x4E00 + int(self._chance.triangular(0, 3_000, 0))) for _ in range(200_000))
        self._shapes = {form: _shapes(form) for form in {_form(year) for year in YEARS}}
        self._places = [unit.last for unit in units() if unit.last.level == "county"]
        self._ids: defaultdict[str, int] = defaultdict(int)

    def _id(self, table: str) -> int:
        self._ids[table] += 1
        return self._ids[table]

    def _digest(self) -> str:
        return self._chance.randbytes(32).hex()

    def _happens(self, percent: float) -> bool:
        return self._chance.random() * 100 < percent

    def portal(self, number: int) -> Rows:
        """All rows of one portal by table."""
        rows: Rows = {name: [] for name in _TABLES}
        place = self._places[number % len(self._places)]
        # There are fewer counties than a very large database has portals: the others are zones of theirs.
        name = place.name if number < len(self._places) else f"{place.name}第{number // len(self._places)}开发区"
        portal = f"p{number:05}"
        home = f"http://www.{portal}.gov.cn/"
        about = {"name": f"{name}人民政府", "adcode": place.adcode, "level": "county", "home": home, "site_code": f"{place.adcode}0001"}
        rows["portals"].append({"id": portal, **about, "details": {"verified": "2026-01-01", "hosts": [f"www.{portal}.gov.cn"]}})
        for month in range(3):
            self._walk(rows, portal, BEGIN + timedelta(days=30 * month, seconds=number))
        for year in YEARS:
            if not self._happens(MISSING):
                self._report(rows, portal, home, about | {"publisher": about["name"], "scope": "consolidated"}, year)
            if self._happens(DEPARTMENTS):
                self._report(rows, portal, home, about | {"publisher": f"{name}水利局", "scope": "department"}, year)
        return rows

    def _walk(self, rows: Rows, portal: str, at: datetime) -> None:
        ends = {"ended_at": at + timedelta(hours=1), "outcome": str(PortalOutcome.OK)}
        counts = {"pages": 60, "reasons": {}, "giar/requests": 61, "giar/reports/unchanged": 17}
        arguments = {"years": None, "limit": None}
        rows["crawls"].append(
            {"id": self._id("crawls"), "portal_id": portal, "started_at": at, **ends, "arguments": arguments, "counts": counts}
        )

    def _report(self, rows: Rows, portal: str, home: str, about: Row, year: int) -> None:
        """A report of one year with its document, its earlier version and its second address, where it has these."""
        seen = BEGIN + timedelta(days=self._chance.randrange(60), seconds=self._chance.randrange(80_000))
        url = f"{home}xxgk/nb/{year + 1}03/t{year + 1}0315_{self._chance.randrange(10**7):07}.html"
        twice = self._digest()
        document = self._document(rows, portal, url, seen, None)
        if self._happens(EDITED):
            self._version(rows, document, url, portal, about, year, (seen, seen + timedelta(days=9)), self._digest())
            seen += timedelta(days=9)
        self._version(rows, document, url, portal, about, year, (seen, None), twice)
        if self._happens(TWICE):
            other = url.replace("/nb/", "/ndbg/")
            self._version(rows, self._document(rows, portal, other, seen, document), other, portal, about, year, (seen, None), twice)

    def _document(self, rows: Rows, portal: str, url: str, seen: datetime, duplicate_of: int | None) -> int:
        number = self._id("documents")
        times = {"first_seen": seen, "last_seen": seen + timedelta(days=30), "gone_since": None, "migration_date": None}
        crawl = rows["crawls"][0]["id"]
        rows["documents"].append({"id": number, "url": url, "portal_id": portal, "crawl_id": crawl, **times, "duplicate_of": duplicate_of})
        return number

    def _version(  # noqa: PLR0913, PLR0917 - what a row is made of
        self, rows: Rows, document: int, url: str, portal: str, about: Row, year: int, times: tuple[datetime, datetime | None], text: str
    ) -> None:
        report, form = self._id("reports"), _form(year)
        seen, superseded = times
        length, start = self._chance.randint(*TEXT), self._chance.randrange(len(self._prose) - TEXT[1])
        content, body = self._digest(), self._digest()
        published = date(year + 1, 3, 1) + timedelta(days=self._chance.randrange(40))
        title = f"{about['publisher']}{year}年政府信息公开工作年度报告"
        remarks = [finding("sum_disagrees", ["requests.granted[total]"], check="a", left=str(year), right="2")] if self._happens(15) else []
        rows["observations"].append(
            {
                "id": self._id("observations"),
                "request_key": hashlib.sha256(url.encode()).hexdigest(),
                "url": url,
                "fetched_at": seen,
                "status": 200,
                "content_type": "text/html",
                "encoding": None,
                "body_sha256": body,
                "payload_digest": f"sha1:{body[:32]}",
                "warc_file": f"giar-{portal}.warc.gz",
                "warc_offset": report * 11_000,
                "warc_length": 10_900,
                "refers_to": None,
                "portal_id": portal,
                "crawl_id": rows["crawls"][0]["id"],
                "kind": "report",
                "page_outcome": "ok",
                "content_sha256": content,
                "parser_version": PARSER,
                "reparse_id": None,
            }
        )
        rows["reports"].append(
            {
                "id": report,
                "document_id": document,
                "crawl_id": rows["crawls"][0]["id"],
                "first_seen": seen,
                "last_seen": seen,
                "superseded_at": superseded,
                "reading_sha256": self._digest(),
                "text_sha256": text,
                "url": url,
                "portal": portal,
                "fetched_at": seen,
                "body_sha256": body,
                "content_sha256": content,
                "parser_version": PARSER,
                "encoding": "utf-8",
                "encoding_source": "meta",
                "encoding_confidence": 1.0,
                "mirror": None,
                "classification": {"score": 0.98, "reasons": ["title"]},
                "outcome": str(PageOutcome.MIRROR if self._happens(MIRRORS) else PageOutcome.OK),
                "title": title,
                "title_raw": title,
                "report_year": year,
                "report_year_source": "title",
                "publisher": about["publisher"],
                "publisher_raw": about["publisher"],
                "scope": about["scope"],
                "scope_reason": "title",
                "adcode": about["adcode"],
                "site_code": about["site_code"],
                "index_number": None,
                "other_index_numbers": [],
                "document_number": None,
                "topic_category": "政务公开",
                "validity": "有效",
                "source": about["publisher"],
                "published_date": published,
                "published_date_source": "header",
                "date_is_migration": False,
                "form": form,
                "attachments": [],
                "dates": [{"label": "发布日期", "raw": published.isoformat(), "value": published.isoformat(), "precision": "day"}],
                "sections": [
                    {"heading": heading, "start": place * 200, "end": place * 200 + 200} for place, heading in enumerate("一二三四五六")
                ],
                "text": self._prose[start : start + length],
            }
        )
        rows["figures"] += self._figures(report, form)
        for place, remark in enumerate(remarks):
            facts = {name: getattr(remark, name) for name in remark.__slots__}
            rows["findings"].append({"report_id": report, "position": place, **facts, "first_seen": seen})
        if superseded is None and self._happens(CORRECTED):
            rows["corrections"].append(self._correction(document, content, rows["figures"][-1], seen))

    def _figures(self, report: int, form: str) -> Iterator[Row]:
        chance = self._chance
        for place, shape in enumerate(self._shapes[form]):
            value = None if chance.random() < 0.05 else int(chance.expovariate(0.02)) if chance.random() < 0.4 else 0
            yield {
                "report_id": report,
                "position": place,
                "indicator": shape.indicator,
                "column": shape.column or "",
                "value": value,
                "status": "blank" if value is None else "number",
                "raw": "" if value is None else str(value),
                "unit": shape.unit,
                "source": "table",
                "preferred": True,
                "confidence": 1.0,
                "label": shape.label,
                "locator": shape.locator,
                "implied_value": None,
                "implied_by": None,
            }

    def _correction(self, document: int, content: str, figure: Row, at: datetime) -> Row:
        place = {"indicator": figure["indicator"], "column": figure["column"], "field": "", "value": 13, "status": "number", "words": None}
        why = {"reason": "a slip of the scan", "source": "the office's PDF", "reviewer": "zhang", "made_at": at + timedelta(days=40)}
        withdrawn = {"withdrawn_at": None, "withdrawn_by": None, "withdrawn_reason": None}
        return {"id": self._id("corrections"), "document_id": document, **place, **why, "content_sha256": content, "read": "3", **withdrawn}


def fill(storage: Storage, portals: int, seed: int = 1) -> dict[str, int]:
    """How many rows of each table were put into a new database."""
    create(storage.engine)
    tables: dict[str, Table] = {name: Base.metadata.tables[name] for name in _TABLES}
    bulks = {name: Bulk(table) for name, table in tables.items()}
    counts = dict.fromkeys(_TABLES, 0)
    made = map(Maker(seed).portal, range(portals))
    while several := list(islice(made, TOGETHER)):
        with storage.engine.begin() as connection:
            for name, bulk in bulks.items():
                rows = [row for one in several for row in one[name]]
                bulk.add(connection, rows)
                counts[name] += len(rows)
    with storage.engine.begin() as connection:
        for table in tables.values():
            advance(connection, table)
    return counts
