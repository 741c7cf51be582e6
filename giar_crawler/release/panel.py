"""What changed in the panel: another document that stands for a publisher and year, and the values of the one that stands for both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from giar_crawler.export.files import Row
from giar_crawler.release import causes
from giar_crawler.release.causes import Cause
from giar_crawler.release.documents import SERIES, address, series_of
from giar_crawler.release.merging import Block, Shelf, Workshop, blocks, side_by_side
from giar_crawler.release.opened import Opened

_CELL = ("document_url", "content_sha256", "indicator", "value", "implied_value", "missing", "unit", "corrected")


def panel(old: Opened, new: Opened, fates: Shelf, workshop: Workshop) -> Iterator[Row]:
    """The rows of the errata by publisher, scope, place and year."""
    tables = {name: workshop.in_order(_cells(release)) for name, release in (("old", old), ("new", new))}
    for key, found in side_by_side({**tables, "fates": workshop.in_order(fates.blocks())}):
        publisher, scope, _, report_year = key.split("\n")
        about = {"kind": "panel", "publisher": publisher, "scope": scope, "report_year": report_year}
        yield from (about | row for row in _series(old, new, found))


def _cells(release: Opened) -> Iterator[Block]:
    """The years that have a document, by series."""
    rows = release.rows("panel", (*SERIES, *_CELL))
    whose = len(SERIES)
    return blocks((series_of(row[:whose]), row[whose:]) for row in rows if row[whose])


def _series(old: Opened, new: Opened, found: dict[str, list[Any]]) -> Iterator[Row]:
    fate = {side: (moved, document) for side, moved, document in found["fates"]}
    before, after = ({cell["indicator"]: cell for cell in _named(found[side])} for side in ("old", "new"))
    addresses = {side: found[side][0][0] if found[side] else None for side in ("old", "new")}
    row = {"document_url": addresses["new"] or addresses["old"], **_contents(found)}
    if not (before and after):
        side, change = ("new", "added") if after else ("old", "removed")
        cause = fate[side][0] if side in fate else Cause.PAGE
        yield row | {"class": cause, "change": change, "field": "document_url", **addresses}
        return
    same = address(old, found["old"][0][0]) == address(new, found["new"][0][0])
    if not same:
        yield row | {"class": Cause.IDENTITY, "change": "changed", "field": "document_url", **addresses}
    for indicator in sorted(before.keys() | after.keys()):
        one, other = before.get(indicator), after.get(indicator)
        if one is None or other is None:
            # Only the cross-walk adds and takes away indicators.
            words = {"old": one and _shown(one), "new": other and _shown(other)}
            yield row | {"class": Cause.READING, "change": "added" if other else "removed", "indicator": indicator, **words}
        elif _stands(one) != _stands(other):
            cause = causes.of_cell(one, other, Cause(fate["new"][1])) if same else Cause.IDENTITY
            with_unit = one["unit"] != other["unit"]
            words = {"old": _shown(one, with_unit=with_unit), "new": _shown(other, with_unit=with_unit)}
            yield row | {"class": cause, "change": "changed", "indicator": indicator, **words}


def _named(rows: list[list[str]]) -> Iterator[dict[str, str]]:
    return (dict(zip(_CELL, row, strict=True)) for row in rows)


def _contents(found: dict[str, list[Any]]) -> Row:
    return {f"{side}_content_sha256": found[side][0][1] if found[side] else None for side in ("old", "new")}


def _stands(cell: dict[str, str]) -> tuple[str, ...]:
    return (cell["value"], cell["implied_value"], cell["missing"], cell["unit"])


def _shown(cell: dict[str, str], *, with_unit: bool = False) -> str:
    words = cell["value"] or cell["missing"]
    if cell["implied_value"]:
        words += f" (implied {cell['implied_value']})"
    return f"{words} {cell['unit']}".rstrip() if with_unit else words
