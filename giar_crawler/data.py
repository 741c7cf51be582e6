"""What is stored, as pandas DataFrames.

    from giar_crawler.data import open_database

    data = open_database("sqlite:///giar.db")
    wide = data.panel(layout="wide", place="610000", years=(2019, 2023))

The columns, their order and their meanings are those of `giar export`; `frame.attrs["columns"]` has the meanings. Needs the extra `data`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack, get_args

from giar_crawler.export.arrow import batches, schema
from giar_crawler.export.codebook import SHEET, sheet_rows
from giar_crawler.export.columns import Table
from giar_crawler.export.extras import need
from giar_crawler.export.files import Row
from giar_crawler.export.rows import KINDS, Kind
from giar_crawler.items import Scope
from giar_crawler.register.portal import Level
from pipelines.statistics.forms import forms
from pipelines.storage import UNKNOWN, ReportFilter, Storage, open_storage

if TYPE_CHECKING:
    from pandas import DataFrame

Layout = Literal["long", "wide"]
Blanks = Literal["none", "implied"]
LEVELS = get_args(Level)
SCOPES = (*get_args(Scope), UNKNOWN)


class Filters(TypedDict, total=False):
    """Which reports, as in every command; what is left out does not filter.

    `portals` are ids of the register, `place` is a code of GB/T 2260 with all that lies in it, `level` is that of portals, `years` is one
    report year or the first and the last, either open; `mirrors` says whether copies on strangers' hosts count.
    """

    portals: str | Sequence[str]
    place: str
    level: str | Sequence[str]
    years: int | tuple[int | None, int | None]
    form: str | Sequence[str]
    scope: str | Sequence[str]
    mirrors: bool


def open_database(url: str = "sqlite:///giar.db") -> Database:
    """The database behind a SQLAlchemy URL, which is only read.

    Raises `pipelines.storage.StorageError` where there is none or it cannot be read, `ExtraMissing` where pandas or pyarrow is missing.
    """
    need("pandas")
    need("pyarrow")
    return Database(open_storage(url, create=False))


@dataclass(slots=True, frozen=True)
class Database:
    """A database of the crawler. Texts are `string`, counts `Int64`, values `float64`, days and moments `datetime64`.

    What is missing is NA, NaN or NaT. All methods take the same `Filters`; what can never match is a ValueError.
    """

    storage: Storage

    def panel(self, *, layout: Layout = "long", blanks: Blanks = "none", **filters: Unpack[Filters]) -> DataFrame:
        """A row for each unit, publisher, scope and report year: long with a row for each indicator, wide with a column for each.

        `blanks="implied"` puts a zero into the wide layout where a blank can be nothing else. Consolidated reports on publishers' own sites
        only, unless `scope` and `mirrors` say otherwise.
        """
        return self._read("panel", filters, layout, blanks)

    def figures(self, *, layout: Layout = "long", blanks: Blanks = "none", **filters: Unpack[Filters]) -> DataFrame:
        """A row for each figure; wide a row for each document and a column for each cell of the forms."""
        return self._read("figures", filters, layout, blanks)

    def reports(self, **filters: Unpack[Filters]) -> DataFrame:
        """A row for each report: the current version of every document."""
        return self._read("reports", filters)

    def findings(self, **filters: Unpack[Filters]) -> DataFrame:
        """A row for each remark on a report."""
        return self._read("findings", filters)

    def coverage(self, **filters: Unpack[Filters]) -> DataFrame:
        """A row for each portal and report year: what became of its report, or why it is missing. Forms and scopes do not filter it."""
        return self._read("coverage", filters)

    def changes(self, **filters: Unpack[Filters]) -> DataFrame:
        """A row for each report that came, was edited, vanished or returned, and for each corrected value."""
        return self._read("changes", filters)

    @staticmethod
    def codebook() -> DataFrame:
        """A row for each indicator in each form that has it, and for each cell of each form."""
        return _frame(SHEET, sheet_rows())

    def _read(self, kind: str, given: Filters, layout: Layout = "long", blanks: Blanks = "none") -> DataFrame:
        export = KINDS[kind]
        chosen = self._filter(given, export)
        if layout == "wide" and export.wide and blanks in get_args(Blanks):
            return _frame(export.wide.table(), export.wide.rows(self.storage, chosen, blanks == "implied"))
        if (layout, blanks) != ("long", "none"):
            raise ValueError(f"layout={layout!r} and blanks={blanks!r}: layout is long or wide, and blanks='implied' goes with wide")
        return _frame(export.table, export.rows(self.storage, chosen))

    def _filter(self, given: Filters, export: Kind) -> ReportFilter:
        if unknown := sorted(set(given) - set(Filters.__annotations__)):
            raise TypeError(f"there is no filter {unknown[0]}; there are: {', '.join(Filters.__annotations__)}")
        place, years = given.get("place"), given.get("years", (None, None))
        if place is not None and not (len(place) == 6 and place.isdecimal()):
            raise ValueError(f"place has to be the six digits of GB/T 2260 as text, e.g. '610400', not {place!r}")
        return ReportFilter(
            portals=_known("portals", given.get("portals", ()), self.storage.portal_ids()),
            place=place,
            levels=_known("level", given.get("level", ()), LEVELS),
            years=(years, years) if isinstance(years, int) else years,
            forms=_known("form", given.get("form", ()), forms()),
            scopes=_known("scope", given.get("scope", export.scopes), SCOPES),
            mirrors=given.get("mirrors", export.mirrors),
        )


def _known(name: str, given: str | Sequence[str], known: Iterable[str]) -> tuple[str, ...]:
    values = (given,) if isinstance(given, str) else tuple(given)
    there = list(known)
    if unknown := [value for value in values if value not in there]:
        raise ValueError(f"{name}: {unknown[0]!r} is unknown; known are {', '.join(there[:20])}")
    return values


def _frame(table: Table, rows: Iterable[Row]) -> DataFrame:
    pa, pd = need("pyarrow"), need("pandas")
    whole = pa.Table.from_batches(batches(table, rows), schema(table))
    types = {pa.string(): pd.StringDtype(), pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    frame = whole.to_pandas(types_mapper=types.get, date_as_object=False, ignore_metadata=True)
    frame.attrs["columns"] = {column.name: {"zh": column.zh, "en": column.en} for column in table.columns}
    return frame
