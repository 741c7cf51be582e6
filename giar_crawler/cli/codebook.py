"""`giar codebook`: what the indicators and the cells of the forms are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from giar_crawler.cli.common import Json, Refused, Stopped, put, say
from giar_crawler.export.codebook import SHEET, as_json, as_markdown, sheet_rows
from giar_crawler.export.extras import ExtraMissing
from giar_crawler.export.files import write_text
from giar_crawler.export.formats import WRITERS, check_libraries

TEXTS = {".md": as_markdown, ".json": as_json}


def codebook(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="file to write: .md, .json, or a table as of giar export")
    ] = None,
    *,
    as_json_text: Json = False,
) -> None:
    """Prints what every indicator and every cell of the forms is: code, official heading, meaning, unit, years, identities, comparability.

    Example: giar codebook -o codebook.md
    """
    if output is None:
        put((as_json() if as_json_text else as_markdown()).rstrip("\n"))
        return
    ending = output.suffix.lower()
    if ending not in {**TEXTS, **WRITERS}:
        raise Refused(f"{output}: the ending chooses the format and must be one of {', '.join([*TEXTS, *WRITERS])}, e.g. -o codebook.md")
    try:
        check_libraries(ending)
        if ending in TEXTS:
            write_text(output, TEXTS[ending]())
        else:
            WRITERS[ending](output, SHEET, sheet_rows())
    except ExtraMissing as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Stopped(f"{output} cannot be written: {error.strerror or error}; what was there before is kept") from error
    say(f"wrote the codebook to {output}")
