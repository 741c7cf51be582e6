"""Fourth stage: the files that belong to a report."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from giar_crawler.items import AttachmentLink
from pipelines.decode.document import Link
from pipelines.reading import Reading

TYPES = ("pdf", "doc", "docx", "wps", "xls", "xlsx", "et", "ofd", "zip", "rar")
# Download scripts of content systems: the file's type is known only from its name.
NAMED = re.compile(rf"\.({'|'.join(TYPES)})(?:$|[?#\s])", re.IGNORECASE)
FILE = re.compile(rf"{NAMED.pattern}|download\.jsp\?|wbfileid=|DownloadAttach", re.IGNORECASE)
MOST = 200


def attachment_type(link: Link) -> str | None:
    """The type of the file behind a link (`pdf`, `docx` …), `unknown` behind a download script, `None` when it is no attachment."""
    found = FILE.search(link.href)
    if found is None:
        return None
    named = found if found.group(1) else NAMED.search(link.text)
    return named.group(1).lower() if named else "unknown"


def list_attachments(reading: Reading) -> None:
    """Fills the record's attachments: every linked or embedded file, once, with its absolute address where the page's is known."""
    seen: set[str] = set()
    for link in reading.document.links:
        kind = attachment_type(link)
        if kind is None or len(seen) >= MOST:
            continue
        try:
            address = urljoin(reading.page.url or "", link.href)
        except ValueError:
            continue
        if address not in seen:
            seen.add(address)
            reading.report.attachments.append(AttachmentLink(address, link.text, kind))
