"""Corrections as reviewers hand them in: a table with a line for each, in CSV."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipelines.storage import Proposal, Wanted

# Whose figure it is: the address, or publisher, report year and perhaps scope. Then the figure, by indicator and column or as one word.
COLUMNS = ("document_url", "publisher", "report_year", "scope", "indicator", "column", "value", "reason", "source", "by")
FIRST_LINE = f"its first line names the columns: {', '.join(COLUMNS)}"
ALWAYS = ("indicator", "value", "reason", "source", "by")


class BadTable(ValueError):
    """The table cannot be taken as it is; the message names lines and columns."""


def read_table(path: Path, defaults: Mapping[str, str | None]) -> tuple[list[Proposal], list[int]]:
    """The proposals of a CSV file in UTF-8 with the line that each ends on; `defaults` fill columns that are empty or not there.

    Raises BadTable, and OSError for what is no readable file.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            header = reader.fieldnames or []
            if not header:
                raise BadTable(f"{path} is empty; {FIRST_LINE}")
            if unknown := [name for name in header if name not in COLUMNS]:
                columns = f"{', '.join(COLUMNS)}, with commas between them"
                raise BadTable(f"{path}: no column is called {', '.join(map(repr, unknown))}; the columns are {columns}")
            rows = [(reader.line_num, _filled(row, defaults)) for row in reader]
    except UnicodeDecodeError as error:
        raise BadTable(f"{path} is not UTF-8; save it as `CSV UTF-8`") from error
    except csv.Error as error:
        raise BadTable(f"{path}: {error}") from error
    if faults := [f"line {line}: {fault}" for line, row in rows if (fault := _fault(row))]:
        raise BadTable(f"{path}: " + listed(faults))
    return [_proposal(row) for _, row in rows], [line for line, _ in rows]


def listed(faults: Sequence[str], most: int = 10) -> str:
    """The faults, one a line; of many the first ones and how many more there are."""
    more = [f"and {len(faults) - most} more"] if len(faults) > most else []
    return "".join(f"\n  {fault}" for fault in [*faults[:most], *more])


def _filled(row: Mapping[str | None, object], defaults: Mapping[str, str | None]) -> dict[str, str]:
    cells = {name: str(row.get(name) or "").strip() or (defaults.get(name) or "") for name in COLUMNS}
    # What stands behind the last column of the header.
    return cells | ({"": "too many"} if None in row else {})


def _fault(row: Mapping[str, str]) -> str | None:
    if "" in row:
        return "it has more cells than the header"
    if missing := [name for name in ALWAYS if not row[name]]:
        return f"it has no {', '.join(missing)}" + ("; an empty cell of a form is the word blank" if "value" in missing else "")
    if not row["document_url"] and not (row["publisher"] and row["report_year"]):
        return "it has neither a document_url nor a publisher with a report_year"
    if row["report_year"] and not (row["report_year"].isascii() and row["report_year"].isdigit()):
        return f"report_year {row['report_year']!r} is no year"
    return None


def _proposal(row: Mapping[str, str]) -> Proposal:
    year = int(row["report_year"]) if row["report_year"] else None
    whose = Wanted(row["document_url"]) if row["document_url"] else Wanted(None, row["publisher"], year, row["scope"] or None)
    figure = f"{row['indicator']}[{row['column']}]" if row["column"] else row["indicator"]
    return Proposal(whose, figure, row["value"], row["reason"], row["source"], row["by"])
