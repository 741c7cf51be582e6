"""The date of a list's row, as printed beside the title or hidden in the address."""

from __future__ import annotations

import re
from datetime import date

from pipelines.metadata.dates import date_of_url, dates_in

# The month and the day of a row whose year stands in the address: 03-27, 3月27日.
SHORT = re.compile(r"(?<![\d/.-])(\d{1,2})[-/月](\d{1,2})日?(?![\d/.-])")
# What most rows have, and nothing else: to look for dates of any form takes ten times as long.
ISO = re.compile(r"\s*(199\d|20\d\d)-(\d\d)-(\d\d)\s*", re.ASCII)
YEAR_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)(?:\d\d)?/")


def row_date(row: str, url: str) -> str | None:
    """The date of a row as `YYYY-MM-DD`: the last full one in its text, else its month and day with the address's year, else the address's.

    `row` is the row's text without its title: titles hold years and dates of their own.
    """
    if (plain := ISO.fullmatch(row)) and (day := _iso(*map(int, plain.groups()))):
        return day
    printed = [read.value for read in dates_in(row) if read.value]
    if printed:
        return printed[-1].isoformat()
    in_address = date_of_url(url)
    if short := SHORT.findall(row):
        named = YEAR_IN_ADDRESS.search(url)
        year = in_address.year if in_address else int(named[1]) if named else None
        return _iso(year, *map(int, short[-1])) if year else None
    return in_address.value.isoformat() if in_address and in_address.value else None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
