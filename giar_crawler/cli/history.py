"""`giar history`: the versions of one report."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from giar_crawler.cli.common import DEFAULT_DATABASE, Database, Json, Refused, clock, put, refusals
from giar_crawler.cli.correct import correction_line
from giar_crawler.cli.filters import SCOPES
from giar_crawler.export.changes import history_object
from pipelines.storage import History, ReportUnknown, Version, Wanted, open_storage


def history(
    words: Annotated[
        list[str], typer.Argument(metavar="URL | PUBLISHER YEAR", help="the report's address, or whose it is and of which year")
    ],
    *,
    scope: Annotated[str | None, typer.Option("--scope", help=f"its scope, where a publisher has several: {', '.join(SCOPES)}")] = None,
    database: Database = DEFAULT_DATABASE,
    as_json: Json = False,
) -> None:
    """Prints the versions of a report: when each was seen, where the archive has it, and which figures, fields and sentences it changed.

    Example: giar history http://www.example.gov.cn/zwgk/c101/52.html
    """
    wanted = _wanted(words, scope)
    with refusals(ReportUnknown):
        found = open_storage(database, create=False).history(wanted)
    if as_json:
        put(json.dumps(history_object(found), ensure_ascii=False))
    else:
        _print(found)


def _wanted(words: list[str], scope: str | None) -> Wanted:
    if len(words) == 1 and scope is None:
        return Wanted(words[0])
    if len(words) != 2 or not (words[1].isascii() and words[1].isdigit()):
        raise Refused("expected: giar history URL, or giar history PUBLISHER YEAR [--scope SCOPE]")
    return Wanted(None, words[0], int(words[1]), scope)


def _print(found: History) -> None:
    put(f"{found.document_url}  {found.portal or '-'}  {found.report_year or '-'}  {found.publisher or '-'}")
    if found.record is not None:
        put(f"the same report as {found.record}, which exports show")
    for gone, back in found.absences:
        put(f"gone since {clock(gone)}" + (f", back {clock(back)}" if back else ""))
    for correction in found.corrections:
        put(f"corrected  {correction_line(correction)}")
    for number, version in enumerate(found.versions, 1):
        _print_version(number, version)


def _print_version(number: int, version: Version) -> None:
    until = f", replaced {clock(version.superseded_at)}" if version.superseded_at else ", current"
    put("")
    put(f"version {number}  {version.content_sha256[:16]}  seen {clock(version.first_seen)} to {clock(version.last_seen)}{until}")
    put(f"  {version.outcome}, read by {version.parser_version}, {version.fetches} archived")
    for fetch in version.archived:
        put(f"  {clock(fetch.fetched_at)}  {fetch.warc_file}:{fetch.warc_offset}  {fetch.body_sha256[:16]}")
    if version.edits is None:
        return
    if version.reread:
        put("  the version before was read by other code: `giar reparse --stale` tells what of this is the reading's")
    for edit in version.edits.shown:
        if edit.name is not None:
            put(f"  {edit.name}: {edit.old if edit.old is not None else 'nothing'} -> {edit.new if edit.new is not None else 'nothing'}")
            continue
        for sign, sentence in (("-", edit.old), ("+", edit.new)):
            if sentence is not None:
                put(f"  {sign} {sentence}")
    if version.edits.left_out:
        put(f"  and {version.edits.left_out} more changed sentences")
