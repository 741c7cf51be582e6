"""First stage: the bytes of a page to a `Document` of clean text, tables and the range of the report."""

from __future__ import annotations

import hashlib
import re

from giar_crawler.items import Page, Report
from pipelines.decode.body import main_range, trim
from pipelines.decode.charset import PER_LOST, Decoded, decode_bytes
from pipelines.decode.cleaning import BORDER, set_clean
from pipelines.decode.document import Document
from pipelines.decode.flat import read_flat
from pipelines.decode.html import read_html
from pipelines.decode.joining import join, without_pager
from pipelines.decode.masking import mask_lines
from pipelines.decode.mojibake import lost_share
from pipelines.decode.sections import sections
from pipelines.decode.tables import MOST_CELLS
from pipelines.findings import finding
from pipelines.parts import MOST_BYTES, parts
from pipelines.reading import Reading

DEEPEST = 2048
# Above this share of undecodable characters a page is noise.
NOISE = 0.2
# What a file is shows at its beginning.
SAMPLE, MARKUP_WITHIN = 20_000, 100_000
MARKUP = re.compile(r"<\s*(?:!doctype|html|head|body|div|table|p|span|td|ul|h1)\b", re.IGNORECASE)
# More marks on a letter than any script sets.
MARKS = re.compile("(?<=[\u0300-\u036f]{8})[\u0300-\u036f]+")
CONTROLS = bytes([*range(0x09), *range(0x0E, 0x20)])
MAGIC = {b"%PDF": "PDF", b"PK\x03\x04": "ZIP", b"\xd0\xcf\x11\xe0": "OLE", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF"}


def _why_noise(body: bytes, decoded: Decoded) -> str | None:
    """Why the bytes cannot be a page, or `None`."""
    for magic, name in MAGIC.items():
        if body.startswith(magic):
            return f"a {name} file"
    sample = b"" if decoded.encoding.startswith("utf-16") else body[:SAMPLE]
    # Taking them out takes four times as long as to see that there is none.
    controls = len(sample) - len(sample.translate(None, CONTROLS)) if any(map(sample.__contains__, CONTROLS)) else 0
    if controls > max(4, len(sample) // 100):
        return f"{controls} control characters"
    if decoded.damage > NOISE:
        return f"{decoded.damage:.0%} of it is in no encoding"
    return None


def _set_text(document: Document) -> None:
    """Lays the body's lines out as the report's text and tells each line its span in it."""
    lines, offset = document.body_lines, 0
    for line in lines:
        line.start, line.end = offset, offset + len(line.raw)
        offset = line.end + 1
    document.text = "\n".join([line.raw for line in lines])


def _set_places(document: Document) -> None:
    """Gives the cells of tables that stand in the text of one element their places: in the report's text, or that element outside it."""
    held = {number for number, table in enumerate(document.tables) if table.holder}
    for number in held:
        table = document.tables[number]
        for cell in (cell for row in table.rows for cell in row):
            cell.place = table.holder
    for line in document.body_lines if held else ():
        if line.table not in held:
            continue
        at = line.start
        for cell in line.cells or ():
            cell.place = f"text:{at}-{at + len(cell.raw)}"
            at += len(cell.raw) + len(BORDER)


def _read_html(document: Document, source: bytes, report: Report) -> range:
    flow = read_html(source)
    document.cut = flow.ends_in_table
    document.lines, document.tables = flow.lines, flow.tables
    document.meta, document.head_title = flow.meta, flow.head_title
    document.labelled, document.links, document.images = flow.labelled, flow.links, flow.images
    if flow.cut:
        report.findings.append(finding("page_too_deep", limit=DEEPEST))
    if flow.oversized:
        report.findings.append(finding("table_too_large", limit=MOST_CELLS))
    return main_range(flow.lines, flow.containers) if flow.article is None else flow.article


def _open(page: Page, report: Report, first: str | None) -> Document | None:
    """One page of a report, decoded; `None` where there is nothing to read. `report` gets its encoding and findings.

    `first` is the address of the report's first page.
    """
    if len(page.body) > MOST_BYTES:
        report.findings.append(finding("page_too_large", size=len(page.body), limit=MOST_BYTES))
        return None
    decoded = decode_bytes(page.body, page.headers.get("content-type", ""), page.context.encoding)
    report.encoding, report.encoding_source = decoded.encoding, decoded.source
    if reason := _why_noise(page.body, decoded):
        report.findings.append(finding("page_noise", reason=reason))
        return None
    if decoded.declared and decoded.declared != decoded.encoding:
        report.findings.append(finding("encoding_contradicted", declared=decoded.declared, encoding=decoded.encoding))
    if decoded.undone:
        report.findings.append(finding("text_encoded_twice", count=decoded.undone))
    if decoded.mixed:
        report.findings.append(finding("encoding_mixed", encoding=decoded.encoding))
    text, utf8 = decoded.text, decoded.utf8
    if (0xCC in page.body or 0xCD in page.body) and MARKS.search(text) is not None:
        # Putting a run of marks into order takes a time that grows with its square.
        text, utf8 = MARKS.sub("", text), None
    if 0 in page.body:
        text, utf8 = text.replace("\x00", ""), None
    is_html = MARKUP.search(text, 0, MARKUP_WITHIN) is not None
    document = Document("html" if is_html else "text", decoded.encoding, decoded.source)
    if is_html:
        whole = _read_html(document, text.encode("utf-8", "replace") if utf8 is None else utf8, report)
        document.parts = parts(first, text)
    else:
        flat = read_flat(text)
        document.lines, document.tables = flat.lines, flat.tables
        whole = range(len(flat.lines))
    if not document.lines:
        report.findings.append(finding("page_empty"))
        return None
    set_clean(document)
    mask_lines(document.lines)
    document.body = trim(document.lines, whole)
    document.encoding_confidence = decoded.confidence
    return document


def _add_parts(document: Document, page: Page, report: Report) -> None:
    """Joins the further pages that came with a page to it; what did not come, or is not its own, is a finding."""
    document.body = without_pager(document.lines, document.body)
    came, missing, size = {page.url}, list[str](), len(page.body)
    for place, part in enumerate(page.parts):
        size += len(part.body)
        opened = _open(part, Report(), page.url) if size <= MOST_BYTES else None
        # Of pages without address the order tells the number.
        number = 2 + (document.parts.index(part.url) if part.url in document.parts else place)
        came.add(part.url)
        if opened is None or not join(document, opened, number):
            missing.append(part.url or f"page {number}")
    missing += [address for address in document.parts if address not in came]
    if missing:
        report.findings.append(finding("parts_missing", count=len(missing), first=missing[0]))


def read_document(reading: Reading) -> None:
    """Fills `reading.document` and the record's encoding, digest, text; stops the line where there is nothing to read."""
    page, report = reading.page, reading.report
    report.url, report.fetched_at, report.portal = page.url, page.fetched_at, page.context.portal
    report.body_sha256 = hashlib.sha256(page.body).hexdigest()
    document = _open(page, report, page.url)
    if document is None:
        reading.stop = True
        return
    reading.document = document
    if page.parts or document.parts:
        _add_parts(document, page, report)
    document.clean_text = "\n".join([line.clean for line in document.lines])
    lost = lost_share(document.clean_text)
    if lost:
        report.findings.append(finding("encoding_damaged", share=f"{lost:.1%}"))
    report.encoding_confidence = document.encoding_confidence = round(max(0.0, min(document.encoding_confidence, 1.0 - PER_LOST * lost)), 3)
    if document.repaired:
        report.findings.append(finding("bytes_repaired", count=document.repaired))
    _set_text(document)
    _set_places(document)
    report.text, report.sections = document.text, sections(document)
