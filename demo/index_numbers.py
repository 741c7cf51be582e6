"""The index numbers 索引号 that the portals print, each portal after its own habit."""

from __future__ import annotations

from datetime import date

from demo.figures import dice

WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# Seen on real pages: Chunhua leaves the organ out, Wuqia counts by letters until 2020 and by organ code later, Yuqian has its organ code.
REAL = {
    ("淳化县人民政府", 2022): "/2022-00187",
    ("乌恰县人民政府", 2019): "WQX001-2019-000065",
    ("於潜镇人民政府", 2019): "002508860/2019-56831",
}
PREFIXES = {"demo-liaoyang": "00144200", "demo-linan": "00250886", "demo-xunyi": "01600042"}


def with_check_digit(body: str) -> str:
    """An organisation code of nine characters (GB 11714) from its first eight digits."""
    remainder = 11 - sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True)) % 11
    return body + {10: "X", 11: "0"}.get(remainder, str(remainder))


def index_number(portal_id: str, publisher: str, published: date) -> str | None:
    """The number printed in the header of a report; `None` where the portal prints none."""
    year = published.year
    if known := REAL.get((publisher, year)):
        return known
    serial = dice(f"index number {publisher} {published}").randint(10, 990)
    if portal_id == "demo-chunhua":
        return f"/{year}-{serial:05}"
    if portal_id == "demo-wuqia":
        return f"WQX001-{year}-{serial:06}" if year < 2021 else f"K45899617/{year}-{serial:05}"
    if prefix := PREFIXES.get(portal_id):
        return f"{with_check_digit(prefix)}/{year}-{serial:05}"
    return None
