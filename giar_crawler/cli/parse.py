"""`giar parse`: reads saved pages, with no network and no database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from giar_crawler.cli.common import Refused, put
from giar_crawler.export.record import record
from giar_crawler.items import Attachment, Page, PageContext
from giar_crawler.outcomes import FAILED_PAGES
from giar_crawler.register import load_register
from pipelines import read
from pipelines.decode.stage import MARKUP, MARKUP_WITHIN
from pipelines.parts import MOST_BYTES

STDIN = Path("-")


def _context(url: str | None) -> PageContext:
    """What the register knows of the portal that the address belongs to."""
    if url is None:
        return PageContext()
    try:
        parts = urlsplit(url)
        # The port is read, and found wrong, only when it is asked for.
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 80) > 0
    except ValueError:
        usable = False
    if not usable:
        raise Refused(f"--url {url}: not an http address; an example is --url http://www.xjwqx.gov.cn/xjwqx/c128570/202601/1.shtml")
    portal = load_register().find_host(parts.netloc)
    return PageContext(**portal.context_fields()) if portal else PageContext()


def _body(path: Path) -> bytes:
    """The bytes of a file; of one over the limit just enough to be refused for its size, not for the memory that it takes."""
    if path == STDIN:
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _join(page: Page, files: list[Path]) -> None:
    """Gives a page what came with it: HTML is a further page of the same report, all else an attachment."""
    for path in files:
        body = _body(path)
        if MARKUP.search(body[:MARKUP_WITHIN].decode("latin-1")):
            page.parts.append(Page(None, body, page.headers, context=page.context))
        else:
            page.attachments.append(Attachment(str(path), path.name, body=body))


def _check(files: list[Path]) -> None:
    """Raises Refused for the first path that is no file, before anything is printed. Pipes (`<(curl …)`) are files."""
    for path in files:
        if path != STDIN and (path.is_dir() or not path.exists()):
            what = "is a directory" if path.is_dir() else "does not exist"
            raise Refused(f"{path} {what}; give files, e.g. giar parse saved/*.html, or - for stdin")
    if files.count(STDIN) > 1:
        raise Refused("- was given twice, but stdin can be read only once")


def parse(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="saved pages: HTML, or flattened text; - is stdin")],
    url: Annotated[str | None, typer.Option("--url", help="the address of the page; goes with one page")] = None,
    content_type: Annotated[
        str, typer.Option("--content-type", metavar="T", help="the Content-Type header, e.g. 'text/html; charset=gb2312'")
    ] = "",
    join: Annotated[
        bool, typer.Option("--join", help="the files are one report: its page, further pages, attachments; one record")
    ] = False,
) -> None:
    """Reads saved pages and prints one record per FILE as JSON Lines, with no network and no database.

    Example: giar parse saved/*.html | jq '{title, report_year, outcome}'
    """
    if url is not None and len(files) > 1 and not join:
        raise Refused(f"--url goes with one page, but {len(files)} files were given; give one, or --join when all are one report")
    _check(files)
    context = _context(url)
    failed = False
    for path in files[:1] if join else files:
        try:
            page = Page(url=url, body=_body(path), headers={"content-type": content_type} if content_type else {}, context=context)
            if join:
                _join(page, files[1:])
        except OSError as error:
            raise Refused(f"{error.filename or path} cannot be read: {error.strerror or error}") from error
        report = read(page)
        failed |= report.outcome in FAILED_PAGES or any(finding.blame == "parser" for finding in report.findings)
        put(json.dumps(record(report, file=str(path)), ensure_ascii=False))
    if failed:
        raise typer.Exit(1)
