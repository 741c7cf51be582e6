"""`giar parse`: reads saved pages, with no network and no database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from giar_crawler.cli.common import Refused
from giar_crawler.export.record import record
from giar_crawler.items import Attachment, Page, PageContext
from giar_crawler.outcomes import FAILED_PAGES
from giar_crawler.register import load_register
from pipelines import read
from pipelines.decode.stage import MOST_BYTES


def _context(url: str | None) -> PageContext:
    """What the register knows of the portal that the address belongs to."""
    if url is None:
        return PageContext()
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused(f"--url {url}: not an http address; an example is --url http://www.xjwqx.gov.cn/xjwqx/c128570/202601/1.shtml")
    portal = load_register().find_host(parts.netloc)
    return PageContext(**portal.context_fields()) if portal else PageContext()


def _body(path: Path) -> bytes:
    """The bytes of a file; of one over the limit just enough to be refused for its size, not for the memory that it takes."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def parse(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="saved pages: HTML, or flattened text")],
    url: Annotated[str | None, typer.Option("--url", help="the address of the page; goes with one page")] = None,
    content_type: Annotated[
        str, typer.Option("--content-type", metavar="T", help="the Content-Type header, e.g. 'text/html; charset=gb2312'")
    ] = "",
    join: Annotated[bool, typer.Option("--join", help="the files are one page and its attachments: one record")] = False,
) -> None:
    """Reads saved pages and prints one record per FILE as JSON Lines, with no network and no database.

    Example: giar parse saved/*.html | jq '{title, report_year, outcome}'
    """
    if url is not None and len(files) > 1 and not join:
        raise Refused(
            f"--url goes with one page, but {len(files)} files were given; give one, or --join when the others are its attachments"
        )
    for path in files:
        if not path.is_file():
            what = "is a directory" if path.is_dir() else "does not exist"
            raise Refused(f"{path} {what}; give files, e.g. giar parse saved/*.html")
    try:
        bodies = [(path, _body(path)) for path in files] if join else None
        context = _context(url)
        failed = False
        pages = [files[0]] if join else files
        for path in pages:
            page = Page(url=url, body=_body(path), headers={"content-type": content_type} if content_type else {}, context=context)
            if bodies is not None:
                page.attachments = [Attachment(str(other), other.name, body=body) for other, body in bodies[1:]]
            report = read(page)
            failed |= report.outcome in FAILED_PAGES or any(finding.blame == "parser" for finding in report.findings)
            sys.stdout.write(json.dumps(record(report, file=str(path)), ensure_ascii=False) + "\n")
    except PermissionError as error:
        raise Refused(f"{error.filename} cannot be read: permission denied") from error
    if failed:
        raise typer.Exit(1)
