"""The date of a list's row, as printed beside the title or hidden in the address."""

from __future__ import annotations

import re

FULL = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
SHORT = re.compile(r"(?<![\d-])(\d{1,2})[-/月](\d{1,2})日?(?![\d-])")
# /art/2022/1/28/art_…, /202201/t20220128_…, /2022/0128/…, /2022-01/28/…
IN_ADDRESS = (
    re.compile(r"/t((?:19|20)\d\d)(\d\d)(\d\d)_"),
    re.compile(r"/((?:19|20)\d\d)[-/]?(\d{1,2})[-/](\d{1,2})/"),
)
YEAR_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)(?:\d\d)?/")


def _iso(year: str, month: str, day: str) -> str | None:
    if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
        return f"{year}-{int(month):02d}-{int(day):02d}"
    return None


def row_date(row: str, url: str) -> str | None:
    """The date of a row as `YYYY-MM-DD`: the last full one in its text, else its month and day with the address's year, else the address's.

    `row` is the row's text without its title: titles hold years and dates of their own.
    """
    found = FULL.findall(row)
    if found:
        return _iso(*found[-1])
    in_address = next((match.groups() for match in (pattern.search(url) for pattern in IN_ADDRESS) if match), None)
    short = SHORT.findall(row)
    if short:
        year = in_address[0] if in_address else next(iter(YEAR_IN_ADDRESS.findall(url)), None)
        return _iso(year, *short[-1]) if year else None
    return _iso(*in_address) if in_address else None
