"""`giar sample`: a random sample of cells as a sheet for blind coding."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from giar_crawler.cli.common import DEFAULT_DATABASE, Database, Json, Refused, Stopped, put, put_table, say
from giar_crawler.cli.filters import Form, Level, Mirrors, Portals, ScopeOption, YearRange, chosen, make_filter
from giar_crawler.cli.places import Place
from giar_crawler.export.columns import table
from giar_crawler.export.extras import ExtraMissing
from giar_crawler.export.formats import WRITERS, check_libraries
from giar_crawler.sampling.draw import Sample, TooSmall, draw
from giar_crawler.sampling.key import key_of, write_key
from giar_crawler.sampling.population import population
from giar_crawler.sampling.strata import STRATA
from pipelines.storage import StorageError, StorageRefused, open_storage

# The day on which the regulation came into force.
SEED = 20080501
ENDINGS = (".csv", ".xlsx")


def sample(  # noqa: PLR0913 - one parameter per option
    n: Annotated[int, typer.Option("--n", metavar="N", min=1, help="how many cells to draw")] = 300,
    by: Annotated[
        list[str] | None, typer.Option("--by", metavar="NAME[,NAME]", help=f"strata: {', '.join(STRATA)}; without it form,level")
    ] = None,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="sheet to write, .csv or .xlsx; its key is written beside it")
    ] = Path("sample.csv"),
    *,
    seed: Annotated[int, typer.Option("--seed", metavar="NUMBER", help="another seed draws another sample")] = SEED,
    database: Database = DEFAULT_DATABASE,
    portals: Portals = None,
    place: Place = None,
    level: Level = None,
    years: YearRange = None,
    form: Form = None,
    scope: ScopeOption = None,
    mirrors: Mirrors = None,
    as_json: Json = False,
) -> None:
    """Draws cells at random and writes a sheet for coding them by hand, without what was read there; `giar rates` takes the filled sheet.

    What was read stands in the key beside it, as it is now: keep that from the coder.

    Example: giar sample --n 300 --by form,level -o sheet.xlsx
    """
    names = tuple(dict.fromkeys(chosen("--by", by or ["form,level"], tuple(STRATA))))
    key = key_of(output)
    _check(output, key)
    try:
        check_libraries(output.suffix.lower())
        storage = open_storage(database, create=False)
        filters = make_filter(
            storage.portal_ids(), portals=portals, place=place, level=level, years=years, form=form, scope=scope, mirrors=mirrors
        )
        drawn = draw(population(storage, filters, names), n, seed)
        if not drawn.rows:
            raise Refused("there is nothing to draw from: no report passes the filters")
        empty = dict.fromkeys(table("sample").names)
        asked = {name: value for name, value in asdict(filters).items() if value not in (None, (), (None, None))}
        # The key first: a sheet without one is worth nothing.
        write_key(key, drawn, seed, names, asked)
        WRITERS[output.suffix.lower()](output, table("sample"), (empty | {"id": row.id} | row.question for row in drawn.rows))
    except TooSmall as error:
        raise Refused(f"--n {n}: {error}; draw more, or stratify by less") from error
    except (StorageRefused, ExtraMissing) as error:
        raise Refused(str(error)) from error
    except StorageError as error:
        raise Stopped(str(error)) from error
    except OSError as error:
        raise Stopped(f"{output} cannot be written: {error.strerror or error}") from error
    _tell(drawn, names, as_json=as_json)
    say(f"wrote {len(drawn.rows)} of {sum(drawn.sizes.values())} cells to {output}")
    say(f"wrote what was read there to {key}, which is not for the coder")
    say(f"when {table('sample').names[-2]} is filled: giar rates {output}")


def _check(output: Path, key: Path) -> None:
    """Raises Refused where the sheet cannot be written, or one is there, which somebody may have filled."""
    if output.suffix.lower() not in ENDINGS:
        raise Refused(f"{output}: the ending chooses the format and must be one of {', '.join(ENDINGS)}, e.g. -o sample.xlsx")
    if not output.absolute().parent.is_dir():
        raise Refused(f"{output}: there is no folder {output.parent}; name a file in an existing one")
    if there := [path for path in (output, key) if path.exists()]:
        raise Refused(f"{there[0]} is there already, and may be part of a coding that is under way; name another with -o")


def _tell(drawn: Sample, by: tuple[str, ...], *, as_json: bool) -> None:
    """How many cells each group has and how many were drawn; never by whether they have a number, which the coder may look at."""
    cells: Counter[tuple[str, ...]] = Counter()
    for stratum, size in drawn.sizes.items():
        cells[stratum.group] += size
    taken = Counter(row.stratum.group for row in drawn.rows)
    if as_json:
        for group in sorted(cells):
            put(json.dumps(dict(zip(by, group, strict=True)) | {"cells": cells[group], "drawn": taken[group]}, ensure_ascii=False))
    else:
        put_table([[*by, "cells", "drawn"], *([*group, str(cells[group]), str(taken[group])] for group in sorted(cells))])
