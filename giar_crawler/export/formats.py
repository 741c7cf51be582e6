"""The formats of an export, chosen by the ending of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from giar_crawler.export.arrow import write_parquet
from giar_crawler.export.columns import Table
from giar_crawler.export.extras import need
from giar_crawler.export.files import Row, write_csv, write_jsonl
from giar_crawler.export.stata import write_dta
from giar_crawler.export.workbook import write_xlsx

WRITERS: dict[str, Callable[[Path, Table, Iterable[Row]], int]] = {
    ".csv": write_csv,
    ".jsonl": write_jsonl,
    ".parquet": write_parquet,
    ".xlsx": write_xlsx,
    ".dta": write_dta,
}
_LIBRARIES = {".parquet": "pyarrow", ".xlsx": "xlsxwriter"}


def check_libraries(ending: str) -> None:
    """Raises `ExtraMissing` where a format needs a library that is not installed."""
    if ending in _LIBRARIES:
        need(_LIBRARIES[ending])
