"""Every format gives back what was written, with its types; the same rows give the same bytes; what is half written is never there."""

import csv
import json
import sys
import tracemalloc
import zipfile
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pandas as pd
import pyarrow.parquet
import pyreadstat
import pytest

from giar_crawler.cli.common import Refused
from giar_crawler.cli.export import export
from giar_crawler.export import workbook
from giar_crawler.export.arrow import write_partitions
from giar_crawler.export.columns import Column, Gap, Table, reasons, table
from giar_crawler.export.formats import WRITERS
from giar_crawler.export.rows import COUNTS, KINDS
from giar_crawler.export.stata import LABEL, NAME, Untold
from pipelines.storage import ReportFilter, open_storage
from tests.storage.records import NOON, full, small

TABLE = Table(
    "figures",
    (
        Column("name", "text", "名称", "the name"),
        Column("year", "integer", "年度", "the year"),
        Column("value", "number", "数值", "the value", reasons=True),
        Column("sure", "boolean", "是否", "whether"),
        Column("day", "date", "日期", "the day"),
        Column("at", "instant", "时间", "the moment"),
        Column("story", "text", "文字", "the story"),
    ),
)
ROWS = [
    {
        "name": "淳化县",
        "year": 2021,
        "value": 587.4072,
        "sure": True,
        "day": "2022-02-08",
        "at": "2026-03-01T04:00:00.123000Z",
        "story": "x",
    },
    {"name": "=1+1", "year": -5, "value": 0, "sure": False, "day": "1959-12-31", "at": "1949-10-01T00:00:00Z", "story": "长" * 3000},
    {"name": None, "year": None, "value": None, "sure": None, "day": None, "at": None, "story": None},
    {"name": "\ta\r\n<&>\"'", "year": 0, "value": Gap("row_absent"), "sure": True, "day": "2024-02-29", "at": None, "story": "字" * 9000},
    {"name": "𠀀 100%", "year": 2_000_000_000, "value": -1e-7, "sure": None, "day": None, "at": "2026-03-01T04:00:00Z", "story": ""},
]


def plain(row):
    """A row as every format without reasons gives it back."""
    return {name: None if isinstance(value, Gap) or value == "" else value for name, value in row.items()}


def moment(text):
    return text and datetime.fromisoformat(text)


def write(ending, folder, rows=ROWS, what=TABLE):
    path = folder / f"x{ending}"
    assert WRITERS[ending](path, what, iter(rows)) == len(rows)
    return path


def read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_csv(tmp_path):
    rows = read_csv(write(".csv", tmp_path))
    assert rows[0] == {name: str(value) for name, value in ROWS[0].items()} | {"sure": "true"}
    assert [row["name"] for row in rows] == ["淳化县", "'=1+1", "", "'\ta\r\n<&>\"'", "𠀀 100%"]
    assert [row["value"] for row in rows] == ["587.4072", "0", "", "", "-1e-07"]


def test_json_lines(tmp_path):
    lines = write(".jsonl", tmp_path).read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [{n: None if isinstance(v, Gap) else v for n, v in row.items()} for row in ROWS]


def test_parquet_has_types_and_meanings(tmp_path):
    read = pyarrow.parquet.read_table(write(".parquet", tmp_path))
    expected = [{**row, "day": row["day"] and date.fromisoformat(row["day"]), "at": moment(row["at"])} for row in map(dict, ROWS)]
    expected[3]["value"] = None
    assert read.to_pylist() == expected
    types = ["string", "int64", "double", "bool", "date32[day]", "timestamp[us, tz=UTC]", "string"]
    assert [str(field.type) for field in read.schema] == types
    assert read.schema.field("value").metadata[b"zh"].decode() == "数值"


def test_parquet_in_parts(tmp_path):
    folder = tmp_path / "x.parquet"
    for _ in range(2):
        # The second time over the first.
        assert write_partitions(folder, TABLE, iter(ROWS), ["sure"]) == len(ROWS)
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet"))
    assert found == ["sure=__HIVE_DEFAULT_PARTITION__/part-0.parquet", "sure=false/part-0.parquet", "sure=true/part-0.parquet"]
    first = {path: (folder / path).read_bytes() for path in found}
    assert pyarrow.parquet.read_table(folder / found[2]).column("name").to_pylist() == ["淳化县", ROWS[3]["name"]]
    write_partitions(folder, TABLE, iter(ROWS), ["sure"])
    assert {path: (folder / path).read_bytes() for path in found} == first
    assert [path.name for path in tmp_path.iterdir()] == ["x.parquet"]


def test_workbook(tmp_path):
    book = openpyxl.load_workbook(write(".xlsx", tmp_path))
    sheet = book["figures"]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert head == list(TABLE.names)
    for row, expected in zip(rows, map(plain, ROWS), strict=True):
        day = expected["day"] and datetime.fromisoformat(expected["day"])
        # The reader leaves a carriage return as the format spells it.
        assert [str(row[0]).replace("_x000D_", "\r"), *row[1:]] == list((expected | {"name": str(expected["name"]), "day": day}).values())
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:G6")
    assert [cell.data_type for cell in sheet[3]][:3] == ["s", "n", "n"]
    assert book["columns"]["C4"].value == "数值"


def test_a_cell_that_is_too_long_says_that_it_was_cut(tmp_path):
    path = write(".xlsx", tmp_path, [ROWS[0] | {"story": "字" * 40_000}])
    story = openpyxl.load_workbook(path)["figures"]["G2"].value
    assert len(story) == 32_767
    assert story.endswith("字…[cut]")


def test_a_full_sheet_goes_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "SHEET_ROWS", 3)
    book = openpyxl.load_workbook(write(".xlsx", tmp_path))
    assert book.sheetnames[:3] == ["figures", "figures 2", "figures 3"]
    assert [book[name].max_row for name in book.sheetnames[:3]] == [3, 3, 2]
    assert [book["figures 3"].cell(1, 1).value, book["figures 3"].cell(2, 1).value] == ["name", "𠀀 100%"]
    empty = openpyxl.load_workbook(write(".xlsx", tmp_path, []))
    assert empty["figures"].max_row == 1


def test_stata_by_two_readers(tmp_path):
    path = write(".dta", tmp_path)
    frame = pd.read_stata(path, convert_categoricals=False)
    assert list(frame["name"]) == [row["name"] or "" for row in ROWS]
    assert list(frame["story"]) == [row["story"] or "" for row in ROWS]
    assert [None if pd.isna(day) else day.date().isoformat() for day in frame["day"]] == [row["day"] for row in ROWS]
    assert [None if pd.isna(at) else at.tz_localize(UTC) for at in frame["at"]] == [moment(row["at"]) for row in ROWS]
    with pd.io.stata.StataReader(path) as reader:
        assert reader.variable_labels() == {column.name: column.en for column in TABLE.columns}
        assert reader.value_labels()["missing_en"][2_147_483_622 + 3] == "the report lacks the row"
    rows, meta = pyreadstat.read_dta(str(path), user_missing=True, disable_datetime_conversion=True)
    assert list(rows["value"]) == pytest.approx([587.4072, 0, float("nan"), "d", -1e-7], nan_ok=True)
    assert list(rows["year"].fillna(-1)) == [2021, -5, -1, 0, 2_000_000_000]
    assert list(rows["sure"].fillna(-1)) == [1, 0, -1, 1, -1]
    assert meta.variable_value_labels["value"] == {reason.letter: reason.en for reason in reasons().values()}
    assert meta.missing_user_values["value"] == ["d"]


def test_stata_refuses_what_it_cannot_hold_and_leaves_nothing(tmp_path):
    with pytest.raises(Untold, match="year: 3000000000"):
        write(".dta", tmp_path, [ROWS[0] | {"year": 3_000_000_000}])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", WRITERS)
def test_an_export_of_nothing_has_its_columns(tmp_path, ending):
    path = write(ending, tmp_path, [])
    if ending == ".dta":
        assert list(pd.read_stata(path).columns) == list(TABLE.names)
    elif ending == ".parquet":
        assert pyarrow.parquet.read_table(path).column_names == list(TABLE.names)


@pytest.mark.parametrize("ending", WRITERS)
def test_a_broken_source_leaves_the_old_file(tmp_path, ending):
    path = tmp_path / f"x{ending}"
    path.write_text("old")

    def broken():
        yield ROWS[0]
        raise RuntimeError("gone")

    with pytest.raises(RuntimeError, match="gone"):
        WRITERS[ending](path, TABLE, broken())
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(path.name, "old")]


@pytest.mark.parametrize("ending", WRITERS)
def test_memory_stays_flat(tmp_path, ending, monkeypatch):
    monkeypatch.setattr("giar_crawler.export.arrow.BATCH", 500)

    def peak(count):
        rows = ({**ROWS[0], "year": number, "name": f"{number}" * 5} for number in range(count))
        tracemalloc.start()
        WRITERS[ending](tmp_path / f"x{ending}", TABLE, rows)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(100)
    assert peak(8000) < peak(1000) + 1_000_000


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('export') / 'giar.db'}"
    storage = open_storage(url)
    for portal, level in (("a", "county"), ("b", "city")):
        storage.upsert_portal({"id": portal, "name": portal, "adcode": "610430", "level": level, "home": f"http://{portal}/"})
    storage.store_reading(full(), keep=True, portal_id="a", crawl_id=None, seen_at=NOON)
    storage.store_reading(small("http://b/2", "b", portal="b", title="=1+1"), keep=True, portal_id="b", crawl_id=None, seen_at=NOON)
    own = full("http://b/3", portal="b", outcome="ok", mirror=None, content_sha256="c" * 64, form="giar_2021")
    storage.store_reading(own, keep=True, portal_id="b", crawl_id=None, seen_at=NOON)
    storage.mark_gone([full().url], NOON + timedelta(days=1))
    return url


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_export_in_every_format_is_what_is_stored_and_the_same_bytes_twice(database, tmp_path, kind, ending):
    paths = [tmp_path / f"{number}{ending}" for number in (1, 2)]
    for path in paths:
        export(kind, path, database=database)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    filters = ReportFilter(scopes=KINDS[kind].scopes, mirrors=KINDS[kind].mirrors)
    expected = [plain(row) for row in KINDS[kind].rows(open_storage(database), filters)]
    assert expected
    read = {".csv": from_csv, ".jsonl": from_jsonl, ".parquet": from_parquet, ".xlsx": from_xlsx, ".dta": from_dta}[ending]
    found = read(paths[0], KINDS[kind].table)
    if (kind, ending) == ("reports", ".jsonl"):
        expected = [row | {"figures": None, "findings": None} for row in expected]
        found = [{name: row.get(name) for name in expected[0]} for row in found]
        for row in found:
            row |= {"figures": None, "findings": None}
        lists = ["index_number", "index_number_kind", "alternate_urls", "classification_score", "mirror_of", "first_seen", "last_seen"]
        lists += COUNTS
        found, expected = ([{k: v for k, v in row.items() if k not in lists} for row in rows] for rows in (found, expected))
    assert found == expected


def from_csv(path, what):
    parse = {"integer": int, "number": float, "boolean": "true".__eq__}
    types = {column.name: parse.get(column.type, lambda text: text.removeprefix("'")) for column in what.columns}
    return [{name: types[name](value) if value else None for name, value in row.items()} for row in read_csv(path)]


def from_jsonl(path, _):
    return [plain(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def from_parquet(path, what):
    return [told(row, what) for row in pyarrow.parquet.read_table(path).to_pylist()]


def told(row, what):
    """A row of Python values as the rows of an export have it."""
    out = {}
    for column in what.columns:
        value = row[column.name]
        if column.type == "instant" and value is not None:
            value = value.isoformat().replace("+00:00", "Z")
        elif column.type == "date" and value is not None:
            value = value.isoformat()[:10]
        out[column.name] = value or None if column.type == "text" else value
    return out


def from_xlsx(path, what):
    head, *rows = openpyxl.load_workbook(path)[what.name].iter_rows(values_only=True)
    assert list(head) == list(what.names)
    return [told(dict(zip(head, row, strict=True)) | instants(head, row, what), what) for row in rows]


def instants(head, row, what):
    types = {column.name: column.type for column in what.columns}
    return {name: moment(value) for name, value in zip(head, row, strict=True) if types[name] == "instant" and value}


def from_dta(path, what):
    frame = pd.read_stata(path, convert_categoricals=False)
    rows = [told({name: None if pd.isna(value) else value for name, value in row.items()}, what) for row in frame.to_dict("records")]
    for row in rows:
        for column in what.columns:
            value = row[column.name]
            if column.type == "instant" and value:
                # What is below a millisecond is lost.
                assert value.count(".") in (0, 1)
                row[column.name] = value + "456Z" if value.endswith(".123") else value.replace(".123000", ".123456") + "Z"
            elif column.type == "boolean" and value is not None:
                row[column.name] = bool(value)
    return rows


@pytest.mark.parametrize("kind", KINDS)
def test_columns_have_names_for_statistics_programs_and_meanings_in_two_languages(kind):
    words = set("_all _b byte _coef _cons double float if in int long _n _N _pi _pred _rc _skip strL using with".split())
    assert len(set(table(kind).names)) == len(table(kind).names)
    for column in table(kind).columns:
        assert column.name.isidentifier()
        assert len(column.name) <= NAME
        assert column.name not in words
        assert 0 < len(column.zh) <= LABEL
        assert 0 < len(column.en) <= LABEL


def test_letters_of_reasons_are_in_order():
    assert "".join(reason.letter for reason in reasons().values()) == "abcdefgh"
    assert list(reasons())[:3] == ["blank", "dash", "unreadable"]


@pytest.mark.parametrize("ending", [".parquet", ".xlsx"])
def test_a_missing_library_is_named_with_its_extra_and_nothing_is_done(database, tmp_path, monkeypatch, ending):
    for name in [name for name in sys.modules if name.split(".")[0] in ("pyarrow", "xlsxwriter")]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(Refused, match=r"pip install 'giar-crawler\[data\]'"):
        export("figures", tmp_path / f"x{ending}", database=database)
    assert list(tmp_path.iterdir()) == []


def test_parts_are_refused_where_there_are_none(database, tmp_path):
    with pytest.raises(Refused, match="goes with"):
        export("figures", tmp_path / "x.csv", database=database, partition="portal")
    with pytest.raises(Refused, match="no column of this export; there are: document_url"):
        export("figures", tmp_path / "x.parquet", database=database, partition="county")
    export("figures", tmp_path / "x.parquet", database=database, partition="report_year, portal")
    assert (tmp_path / "x.parquet" / "report_year=2021" / "portal=b" / "part-0.parquet").exists()


def test_a_workbook_has_no_time_in_it(tmp_path):
    with zipfile.ZipFile(write(".xlsx", tmp_path)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")
