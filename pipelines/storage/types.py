"""Column types that give back exactly what was stored, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from giar_crawler.items import Number

# Neither database takes NUL in text, and UTF-8 has no lone surrogates; a hostile page must not cost its whole record.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The value with every character that no database can hold replaced by U+FFFD."""
    if not value:
        return value
    if isinstance(value, str):
        return _UNSTORABLE.sub("�", value)
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value


def plain_json(value: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    """The value as it comes back from a JSON column: tuples are lists, dates and paths are text."""
    return json.loads(json.dumps(value, default=str))


def clean_text(value: str | None) -> str | None:
    """As `clean`, of a text."""
    if not value or (value.isascii() and "\x00" not in value):
        return value
    return _UNSTORABLE.sub("�", value)


def is_unclean(texts: Iterable[str | None]) -> bool:
    """Whether any of these texts has a character that no database can hold; asked once for all of them."""
    return _UNSTORABLE.search("".join(filter(None, texts))) is not None


def plain(value: Number) -> Number:
    """The same number in its one form: an int when it is integral, else a Decimal without trailing zeros.

    Raises ValueError for what is no finite number.
    """
    if isinstance(value, int):
        return value
    if not value.is_finite():
        raise ValueError(f"{value} is no number to store")
    if value == value.to_integral_value():
        return int(value)
    return Decimal(format(value, "f").rstrip("0"))


class _SqliteNumeric(UserDefinedType[object]):
    """A NUMERIC column without SQLAlchemy's own conversion, which goes through floats and warns."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "NUMERIC"


class ExactNumber(TypeDecorator[Number]):
    """NUMERIC. SQLite compares and adds its values as numbers; one that its 64-bit types would change is kept as a blob of digits."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(_SqliteNumeric() if dialect.name == "sqlite" else Numeric())

    def bind_processor(self, dialect: Dialect) -> Callable[[Number | None], Any]:
        # This and the next in place of `process_…`, as below: there are a hundred figures to a report.
        return _for_sqlite if dialect.name == "sqlite" else _for_postgresql

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Number | None]:  # noqa: ARG002
        return _number


def _for_sqlite(value: Number | None) -> Any:  # noqa: ANN401 - the driver's type
    if value is None:
        return None
    number = plain(value)
    if isinstance(number, int):
        return number if -(2**63) <= number < 2**63 else str(number).encode()
    near = float(number)
    return near if Decimal(repr(near)) == number else str(number).encode()


def _for_postgresql(value: Number | None) -> Number | None:
    return None if value is None else plain(value)


def _number(value: Any) -> Number | None:  # noqa: ANN401 - the driver's type
    if value is None or isinstance(value, int):
        return value
    text = repr(value) if isinstance(value, float) else value.decode() if isinstance(value, bytes) else str(value)
    return plain(Decimal(text))


class Instant(TypeDecorator[datetime]):
    """A moment, stored and given back in UTC; SQLite has no zones, so there its text is UTC. A naive datetime is a ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        # As above: each page has a dozen moments.
        return _text_in_utc if dialect.name == "sqlite" else _in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    return value.astimezone(UTC)


def _text_in_utc(value: datetime | None) -> str | None:
    moment = _in_utc(value)
    return None if moment is None else moment.replace(tzinfo=None).isoformat(" ", "microseconds")


class Words(TypeDecorator[str]):
    """Text of any length."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:  # noqa: ARG002
        # In place of `process_bind_param`, around which SQLAlchemy lays two more calls: a record has a hundred texts.
        return clean_text


class Json(TypeDecorator[Any]):
    """A JSON value; `None` is SQL NULL."""

    impl = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        # As above: each record has ten of them.
        return _json_for_sqlite if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 - any JSON value
        return clean(value)


def _json_for_sqlite(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    if value is None:
        return None
    text = json.dumps(value)
    # How JSON writes NUL and surrogates, those of whole characters too.
    return json.dumps(clean(value)) if "\\u0000" in text or "\\ud" in text else text
