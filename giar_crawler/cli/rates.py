"""`giar rates`: error rates from a filled coding sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from giar_crawler.cli.common import Json, Refused, put, put_table, say
from giar_crawler.correcting import listed
from giar_crawler.export.extras import ExtraMissing
from giar_crawler.sampling.coded import BadSheet, read_sheet
from giar_crawler.sampling.key import Key, key_of, read_key
from giar_crawler.sampling.rates import rates as reckon
from giar_crawler.sampling.telling import METHOD, as_csv, as_json, as_markdown, as_table, sentences

TEXTS = {"json": as_json, "csv": as_csv, "markdown": as_markdown}


def rates(
    sheet: Annotated[Path, typer.Argument(metavar="SHEET", help="the filled sheet: .csv or .xlsx, in any order, with further columns too")],
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="its key; without it the one beside the sheet, SHEET.key.json")
    ] = None,
    *,
    form: Annotated[Literal["text", "json", "csv", "markdown"], typer.Option("--format", help="how to print the rates")] = "text",
    json_text: Json = False,
) -> None:
    """Prints how often the reading is wrong, with 95 % intervals, in all and in each stratum, and a sentence for a methods section.

    The rates are about the reading at the moment of drawing, whatever was read again since.

    Example: giar rates sheet.xlsx --format markdown
    """
    if not sheet.is_file():
        raise Refused(f"{sheet} cannot be read: there is no such file; give the sheet that `giar sample` wrote")
    frozen = _key(key or key_of(sheet))
    try:
        answers = read_sheet(sheet, frozen)
    except BadSheet as error:
        raise Refused(f"{sheet}: " + (listed(error.faults) if len(error.faults) > 1 else str(error))) from error
    except ExtraMissing as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(f"{sheet} cannot be read: {error.strerror or error}") from error
    if not answers:
        raise Refused(f"{sheet}: no row has a coder_value; write the number, blank, /, none or ? into it")
    found = reckon(frozen, answers)
    kind = "json" if json_text else form
    if kind in TEXTS:
        put(TEXTS[kind](frozen, found))
    else:
        put_table(as_table(frozen, found))
        put(f"{METHOD}\n")
        put("\n\n".join(sentences(frozen, found).values()))
    if missing := len(frozen.rows) - len(answers):
        say(f"{missing} of {len(frozen.rows)} rows are not coded and count nowhere; an empty cell of the page is the word blank")
    if found[0].untold:
        say(f"{found[0].untold} of {found[0].cells} cells lie in strata of which nothing was decided; the rates are not about them")


def _key(path: Path) -> Key:
    try:
        return read_key(path)
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror or error}; name the key that was drawn with the sheet with --key") from error
    except ValueError as error:
        raise Refused(f"{path} is no key of a sheet: {error}") from error
