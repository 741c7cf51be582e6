"""Records to store: one that uses every field, and small ones."""

import dataclasses
import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal

from giar_crawler.items import (
    AttachmentLink,
    Classification,
    DateMention,
    Figure,
    IndexNumber,
    Mirror,
    Report,
    Section,
)
from giar_crawler.outcomes import PageOutcome
from pipelines.findings import finding

NOON = datetime(2026, 3, 1, 4, 0, 0, 123456, tzinfo=UTC)


def full(url="http://www.a.gov.cn/xxgk/2022/content_1.html", **changes):
    """A record in which no field has its default."""
    report = Report(
        url=url,
        portal="a",
        fetched_at=NOON,
        body_sha256="b" * 64,
        content_sha256=hashlib.sha256(b"content").hexdigest(),
        parser_version="0.1.0",
        encoding="gb18030",
        encoding_source="meta",
        encoding_confidence=0.95,
        outcome=PageOutcome.MIRROR,
        classification=Classification(0.98, ["title", "标题"]),
        mirror=Mirror(0.1 + 0.2, ["host", "title"], "http://www.b.gov.cn/1.html"),
        title="甲县2021年政府信息公开工作年度报告",
        title_raw="甲縣2021年政府信息公開工作年度報告",
        report_year=2021,
        report_year_source="title",
        publisher="甲县人民政府",
        publisher_raw="甲縣",
        scope="consolidated",
        scope_reason="title",
        adcode="610430",
        site_code="6104300003",
        index_number=IndexNumber(
            "11610430MB2A/2022-00187", "11610430MB2A/2022-00187", "org-year", "11610430MB2A", True, 2022, 1, "00187", ["x"]
        ),
        other_index_numbers=[IndexNumber("/2022-1", "/2022-1", "missing-org", warnings=["missing_org"])],
        document_number="甲政办〔2022〕1号",
        topic_category="其他",
        validity="有效",
        source="县政府办",
        published_date=date(2022, 2, 8),
        published_date_source="header",
        date_is_migration=False,
        dates=[DateMention("公开日期", "2022-02-08", date(2022, 2, 8), "day"), DateMention("成文日期", "去年", None, None)],
        form="giar_2021",
        figures=[
            Figure(
                "requests.received_new",
                "natural_person",
                6,
                "number",
                "6",
                "件",
                "table",
                True,
                1.0,
                "一、本年新收",
                "/html/body/table/tr[4]/td[2]",
            ),
            Figure("fees.charged", None, Decimal("587.4072"), "number", "5874072元", "万元", "table", True, 0.97, "收费", "line:9/cell:2"),
            Figure("fees.charged", None, Decimal("587.4"), "number", "587.4万元", "万元", "prose", False, 0.8, None, "text:10-20"),
            Figure("requests.received_new", "total", None, "blank", "", "件", "table", implied_value=0, implied_by="row_total"),
        ],
        findings=[
            finding("sum_disagrees", ["requests.granted[total]"], check="a", left="1", right="2"),
            finding("cell_unreadable", raw="一"),
        ],
        sections=[Section("一、总体情况", 0, 12)],
        attachments=[AttachmentLink("http://www.a.gov.cn/1.pdf", "附件.pdf", "pdf", True), AttachmentLink("1.doc", "附件", None, False)],
        text="一、总体情况\n甲县主动公开政府信息587条。",
    )
    return dataclasses.replace(report, **changes)


def small(url, content="content", **changes):
    """A plain record of the portal `a`; equal `content` is equal content."""
    facts = {
        "url": url,
        "portal": "a",
        "fetched_at": NOON,
        "content_sha256": hashlib.sha256(content.encode()).hexdigest(),
        "parser_version": "0.1.0",
        "outcome": PageOutcome.OK,
        "report_year": 2021,
        "figures": [Figure("requests.received_new", "total", len(content), "number", str(len(content)), "件", "table")],
        "text": content,
    }
    return Report(**facts | changes)
