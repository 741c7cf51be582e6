"""The record as JSON: the one form in which `giar parse` prints it and `giar export` writes it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from giar_crawler.items import Number, Report


def instant(value: datetime | None) -> str | None:
    """A moment in UTC, as `2022-02-08T01:02:03Z`; with microseconds where it has some."""
    return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def number(value: Number) -> int | float:
    """The value as a JSON number: without a point when it is integral."""
    return int(value) if value == int(value) else float(value)


def record(report: Report, *, file: str | None = None, with_text: bool = True) -> dict[str, Any]:
    """The record with the keys of the contract in their order, made of what JSON knows. Without `with_text` there is no key `text`."""
    # Scrapy and pydantic come with it: a third of a second, which only those pay who make records.
    from itemadapter import ItemAdapter  # noqa: PLC0415

    out = {"file": file, **_plain(ItemAdapter(report).asdict())}
    if not with_text:
        del out["text"]
    return out


def _plain(value: Any) -> Any:  # noqa: ANN401 - any field of the record
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return number(value)
    # An outcome is a StrEnum, which is text already; plain text is what every JSON library writes.
    return str(value) if isinstance(value, str) else value
