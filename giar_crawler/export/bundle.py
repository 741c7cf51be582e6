"""One export as a data package that can be cited.

The version says what is in it: the same data make the same version, and the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from giar_crawler.export.columns import Table
from giar_crawler.export.files import Row, beside
from giar_crawler.export.package import Cover, read_mark, write_cover, write_tables


def write_bundle(folder: Path, tables: Iterable[tuple[Table, Iterable[Row]]], question: Mapping[str, Any]) -> int:
    """The number of rows of the first table. `question` is what the data were chosen by, as JSON knows it."""
    with beside(folder) as side:
        contents = write_tables(side, tables)
        first = next(iter(contents.rows))
        write_cover(side, contents, Cover(f"giar-{first}", contents.version, {"chosen_by": dict(question)}, "Chosen by", question))
    return contents.rows[first]


def is_bundle(folder: Path) -> bool:
    """Whether a folder is the package of an export that this program wrote, which another one may therefore replace."""
    return "chosen_by" in read_mark(folder)
