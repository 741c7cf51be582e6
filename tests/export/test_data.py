"""DataFrames hold what is stored, typed; a filter that can never match is refused."""

import sys

import pandas as pd
import pytest

from giar_crawler.data import open_database
from giar_crawler.export.columns import table
from giar_crawler.export.extras import ExtraMissing
from giar_crawler.export.rows import KINDS
from pipelines.storage import ReportFilter, StorageRefused, open_storage
from tests.export.test_formats import database, plain, told

__all__ = ["database"]

TYPES = {
    "text": "string",
    "integer": "Int64",
    "number": "float64",
    "key": "Int64",
    "boolean": "boolean",
    "date": "datetime64[ms]",
    "instant": "datetime64[us, UTC]",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_frame_has_the_rows_and_the_types_of_the_export(database, kind):
    frame = getattr(open_database(database), kind)()
    what = table(kind)
    assert frame.dtypes.astype(str).to_dict() == {column.name: TYPES[column.type] for column in what.columns}
    assert frame.attrs["columns"][what.names[0]] == {"zh": what.columns[0].zh, "en": what.columns[0].en}
    filters = ReportFilter(scopes=KINDS[kind].scopes, mirrors=KINDS[kind].mirrors)
    expected = [plain(row) for row in KINDS[kind].rows(open_storage(database), filters)]
    found = [{name: None if pd.isna(value) else value for name, value in row.items()} for row in frame.to_dict("records")]
    assert [told(row, what) for row in found] == expected
    assert expected


def test_wide_frames_and_the_codebook(database):
    data = open_database(database)
    wide = data.panel(layout="wide", blanks="implied")
    assert wide["requests_new"].to_list() == [0.0]
    assert pd.isna(data.panel(layout="wide")["requests_new"].iloc[0])
    assert {"rq_new_tot", "rq_new_np"} <= set(data.figures(layout="wide").columns)
    book = data.codebook().set_index(["form", "name"])
    assert book.loc[("giar_2021", "rq_new_np"), "en"] == "New requests, natural persons"
    assert set(wide.columns) >= set(book[book["kind"] == "indicator"].index.get_level_values("name"))


def test_filters(database):
    data = open_database(database)
    assert len(data.reports()) == 3
    assert len(data.reports(portals="b")) == len(data.reports(portals=["b"], years=2021)) == len(data.reports(mirrors=False)) == 2
    assert len(data.reports(years=(2022, None))) == len(data.figures(form="giar_2019")) == 0
    assert data.reports(years=(2022, None)).dtypes.equals(data.reports().dtypes)
    assert data.panel(scope="unknown").empty
    assert set(data.coverage(portals="a", years=(2020, 2021))["report_year"].dropna()) == {2020, 2021}


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"portals": "c"}, "portals: 'c' is unknown; known are a, b"),
        ({"place": "61"}, "six digits"),
        ({"form": "giar_2020"}, "known are giar_2008_local"),
        ({"scope": ["consolidated", "village"]}, "scope: 'village'"),
        ({"level": "country"}, "level: 'country'"),
        ({"blanks": "implied"}, "goes with wide"),
        ({"layout": "broad"}, "long or wide"),
    ],
)
def test_what_can_never_match_is_refused(database, filters, words):
    with pytest.raises(ValueError, match=words):
        open_database(database).panel(**filters)


def test_a_filter_that_does_not_exist_and_a_database_that_does_not(database, tmp_path):
    with pytest.raises(TypeError, match="no filter year; there are: portals"):
        open_database(database).reports(year=2021)
    with pytest.raises(StorageRefused, match="nothing yet"):
        open_database(f"sqlite:///{tmp_path}/none.db")


def test_without_pandas_the_error_names_the_extra(database, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ExtraMissing, match=r"pip install 'giar-crawler\[data\]'"):
        open_database(database)
