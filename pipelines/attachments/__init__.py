"""Fourth stage: the files that belong to a report."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from giar_crawler.items import AttachmentLink
from pipelines.decode.document import Link
from pipelines.reading import Reading

TYPES = ("pdf", "doc", "docx", "wps", "xls", "xlsx", "et", "ofd", "zip", "rar")
# Download scripts of content systems: the file's type is known only from its name.
# Patterns of lower case for text in lower case: a search without regard to case cannot skip from one possible beginning to the next.
NAMED = re.compile(rf"\.({'|'.join(TYPES)})(?:$|[?#\s])")
SCRIPTS = ("download.jsp?", "wbfileid=", "downloadattach")
FILE = re.compile("|".join([NAMED.pattern, *map(re.escape, SCRIPTS)]))
MOST = 200
# No server has longer addresses, no file a longer name.
LONGEST_ADDRESS, LONGEST_NAME = 2000, 300


def attachment_type(link: Link) -> str | None:
    """The type of the file behind a link (`pdf`, `docx` …), `unknown` behind a download script, `None` when it is no attachment."""
    found = FILE.search(link.href.lower())
    if found is None:
        return None
    return found.group(1) or _type_of_name(link.text)


def _type_of_name(name: str) -> str:
    named = NAMED.search(name.lower())
    return named.group(1) if named else "unknown"


def list_attachments(reading: Reading) -> None:
    """Fills the record's attachments: files that came with the page, then every linked or embedded one, once, with its absolute address."""
    seen: set[str] = {attachment.url for attachment in reading.page.attachments}
    for file in reading.page.attachments:
        reading.report.attachments.append(AttachmentLink(file.url, file.name, file.type or _type_of_name(file.name)))
    links = reading.document.links
    # Most pages link no file: one look at all addresses tells, ten times as fast for what begins with one letter in every way.
    every = "\n".join([link.href for link in links]).lower()
    for link in links if NAMED.search(every) or any(script in every for script in SCRIPTS) else ():
        kind = attachment_type(link)
        if kind is None or len(seen) >= MOST:
            continue
        try:
            address = urljoin(reading.page.url or "", link.href)
        except ValueError:
            continue
        if address not in seen and len(address) <= LONGEST_ADDRESS:
            seen.add(address)
            reading.report.attachments.append(AttachmentLink(address, link.text[:LONGEST_NAME], kind))
