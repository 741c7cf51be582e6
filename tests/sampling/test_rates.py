"""A filled sheet, however clumsily it was filled, is read as its coder meant it, or refused with row and reason."""

import csv
import io
import json

import openpyxl
import pytest

from giar_crawler.cli.common import Refused
from giar_crawler.cli.rates import rates as rates_of_sheet
from giar_crawler.cli.sample import sample
from giar_crawler.sampling.coded import Answer, BadSheet, _decoded, read_sheet
from giar_crawler.sampling.intervals import wilson
from giar_crawler.sampling.key import Key, Reading
from giar_crawler.sampling.rates import MEASURES, rates
from giar_crawler.sampling.strata import Stratum
from giar_crawler.sampling.telling import as_markdown, rows, sentences
from pipelines.storage import open_storage
from tests.sampling.test_draw import database, report
from tests.storage.records import NOON

__all__ = ["database"]

GIVEN, OPEN = Stratum(("x",), True), Stratum(("x",), False)
OTHER = Stratum(("y",), True)


def key_with(*readings, sizes=None):
    return Key(1, ("form",), sizes or {GIVEN: 900, OPEN: 100}, {f"r{number}": each for number, each in enumerate(readings)})


def reading(value=7, unit="件", *, doubted=False, stratum=None):
    return Reading(stratum or (OPEN if value is None else GIVEN), "requests.received_new[total]", value, unit, doubted)


def read_text(tmp_path, text, key, encoding="utf-8"):
    path = tmp_path / "sheet.csv"
    path.write_bytes(text.encode(encoding))
    return read_sheet(path, key)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("7", Answer("number", 7)),
        ("7 件", Answer("number", 7)),
        ("７件", Answer("number", 7)),
        ("\u3000７\u3000件 ", Answer("number", 7)),
        ("'7", Answer("number", 7)),
        ("7.0", Answer("number", 7)),
        ("1,234", Answer("number", 1234)),
        ("-3", Answer("number", -3)),
        ("0", Answer("number", 0)),
        ("零", Answer("number", 0)),
        ("/", Answer("nothing")),
        ("／", Answer("nothing")),
        ("—", Answer("nothing")),
        ("-", Answer("nothing")),
        ("Blank", Answer("nothing")),
        ("空白", Answer("nothing")),
        ("无", Answer("nothing")),
        ("none", Answer("nothing")),
        ("?", Answer("undecided")),
        ("？", Answer("undecided")),
        ("看不清", Answer("undecided")),
    ],
)
def test_what_a_coder_may_write(tmp_path, words, answer):
    out = io.StringIO()
    csv.writer(out).writerows([["id", "coder_value"], ["r0", words]])
    assert read_text(tmp_path, out.getvalue(), key_with(reading())) == {"r0": answer}


@pytest.mark.parametrize(
    "words", ["约7", "七", "7 8", "3 993", "46(1)", "46²", "①", "12%", "3月1日", "1.2E+03", "7人", "yes", "=7", "#REF!", "o"]
)
def test_what_is_not_plain_is_refused_with_its_row(tmp_path, words):
    with pytest.raises(BadSheet, match=r"^row 3: "):
        read_text(tmp_path, f"id,coder_value\nr1,1\nr0,{words}\n", key_with(reading(), reading()))


def test_money_is_compared_in_the_unit_of_the_form(tmp_path):
    key = key_with(reading(25, "万元"))
    assert read_text(tmp_path, "id,coder_value\nr0,250000元\n", key) == {"r0": Answer("number", 25)}
    assert read_text(tmp_path, "id,coder_value\nr0,25\n", key) == {"r0": Answer("number", 25)}


def test_empty_is_not_coded_and_never_blank(tmp_path):
    assert read_text(tmp_path, "id,coder_value\nr0,\nr1,  \n,\n", key_with(reading(), reading())) == {}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_files_of_any_spreadsheet(tmp_path, encoding, delimiter):
    lines = [
        ["编码表", "", "", ""],
        ["备注", " Coder_Value ", "ID", "title"],
        ["好", "８件", "R1", '多行\n"标题"'],
        [],
        ["", "7", "r0", ""],
    ]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(lines)
    answers = read_text(tmp_path, out.getvalue(), key_with(reading(), reading()), encoding)
    assert answers == {"r1": Answer("number", 8), "r0": Answer("number", 7)}


def test_workbooks(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["extra", "coder_value", "id"])
    for row in [[None, 7, "r0"], [None] * 3, ["x", 25.5, "r1"], [None, "无", "r2"], [None, None, "r3"]]:
        book.active.append(row)
    book.save(tmp_path / "sheet.xlsx")
    key = key_with(*[reading()] * 4)
    numbers = {name: answer.value for name, answer in read_sheet(tmp_path / "sheet.xlsx", key).items()}
    assert {name: str(value) for name, value in numbers.items()} == {"r0": "7", "r1": "25.5", "r2": "None"}
    # The name says nothing.
    (tmp_path / "sheet.csv").write_bytes((tmp_path / "sheet.xlsx").read_bytes())
    assert read_sheet(tmp_path / "sheet.csv", key) == read_sheet(tmp_path / "sheet.xlsx", key)
    book.active["B2"] = NOON.replace(tzinfo=None)
    book.save(tmp_path / "sheet.xlsx")
    with pytest.raises(BadSheet, match=r"row 2: '2026-03-01 04:00:00.*no plain number"):
        read_sheet(tmp_path / "sheet.xlsx", key)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,coder_value\nr0,1\nr0,1\n", "row 3: its id r0 stands in row 2 already"),
        ("id,coder_value\nrx,1\n", "row 2: the key has no row 'rx'"),
        ("id,coder_value\n,1\n", "row 2: it has a coder_value and no id"),
        ("id,value\nr0,1\n", "no row has the headings id and coder_value"),
        ("", "no row has the headings"),
        ('id,coder_value\nr0,"1\n', "is no CSV file"),
    ],
)
def test_sheets_that_are_refused(tmp_path, text, words):
    with pytest.raises(BadSheet, match=words):
        read_text(tmp_path, text, key_with(reading()))


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"PK\x03\x04 torn", "no row has"), (b"\xd0\xcf\x11\xe0 old", "old kind"), (b"\xff\xff\x81", "neither a workbook nor text")],
)
def test_files_that_are_no_sheets(tmp_path, data, words):
    (tmp_path / "sheet.xlsx").write_bytes(data)
    with pytest.raises(BadSheet, match=words):
        read_sheet(tmp_path / "sheet.xlsx", key_with(reading()))


def test_a_damaged_workbook(tmp_path):
    book = openpyxl.Workbook()
    book.save(tmp_path / "sheet.xlsx")
    whole = (tmp_path / "sheet.xlsx").read_bytes()
    broken = whole.replace(b"xl/workbook.xml", b"xl/workbock.xml")
    (tmp_path / "sheet.xlsx").write_bytes(broken)
    with pytest.raises(BadSheet, match="damaged workbook"):
        read_sheet(tmp_path / "sheet.xlsx", key_with(reading()))


def number(value):
    return Answer("number", value)


def test_what_becomes_of_a_cell():
    key = key_with(
        reading(7), reading(7), reading(7, doubted=True), reading(7), reading(None), reading(None), reading(7), reading(7), reading(None)
    )
    told = {
        "r0": number(7), "r1": number(8), "r2": number(8), "r3": Answer("nothing"), "r4": number(3), "r5": Answer("nothing"),
        "r6": Answer("undecided"), "r8": Answer("undecided"),
    }  # fmt: skip
    whole = {rate.measure: rate for rate in rates(key, told) if rate.group is None}
    counted = {name: (rate.counted, rate.decided, rate.undecided, rate.not_coded, rate.cells) for name, rate in whole.items()}
    assert counted == {
        "agreement": (2, 6, 2, 1, 1000),
        "wrong": (2, 4, 1, 1, 900),
        "silent_wrong": (1, 4, 1, 1, 900),
        "invented": (1, 4, 1, 1, 900),
        "missed": (1, 2, 1, 0, 100),
    }
    assert list(counted) == list(MEASURES)
    assert whole["agreement"].share.value == pytest.approx(0.9 * 1 / 4 + 0.1 * 1 / 2)
    assert whole["agreement"].if_undecided == pytest.approx(0.9 * 1 / 5 + 0.1 * 1 / 3)
    assert whole["missed"].if_undecided == pytest.approx(2 / 3)
    assert (whole["wrong"].share.low, whole["wrong"].share.high) == wilson(2 / 4, 4)


def test_strata_without_a_decision_are_named():
    key = key_with(reading(7), reading(7, stratum=OTHER), sizes={GIVEN: 900, OTHER: 100})
    found = rates(key, {"r0": number(7)})
    whole, *_ = found
    assert (whole.share.value, whole.untold, whole.not_coded) == (1.0, 100, 1)
    assert [rate.share for rate in found if rate.group == ("y",)] == [None] * len(MEASURES)
    assert "not known (nothing was coded)" in sentences(key, found)["en"]
    assert "| y | 100 | 0 | – |" in as_markdown(key, found)
    assert rows(key, found)[0]["form"] == "all"


def filled(path, key_path, change=lambda _, value: value):
    """The sheet as one fills it who reads as the program did, in the order of a spreadsheet that was sorted."""
    readings = json.loads(key_path.read_text("utf-8"))["rows"]
    lines = list(csv.DictReader(io.StringIO(_decoded(path.read_bytes()), newline="")))
    for line in lines:
        line["coder_value"] = change(line["id"], readings[line["id"]]["value"] or "blank")
    with path.open("w", encoding="gbk", errors="replace", newline="") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(sorted(lines, key=lambda line: line["id"]))


def test_drawn_filled_and_told(database, tmp_path, capsys):
    """The whole road; between drawing and counting the pages are read otherwise, which must change nothing."""
    sheet, key = tmp_path / "sheet.csv", tmp_path / "sheet.key.json"
    sample(60, None, sheet, database=database)
    wrong = next(row_id for row_id, row in json.loads(key.read_text("utf-8"))["rows"].items() if row["value"])
    filled(sheet, key, lambda row_id, value: "99999" if row_id == wrong else value)
    storage = open_storage(database)
    for each in range(6):
        storage.store_reading(report(each, figures=[]), keep=True, portal_id="ab"[each % 2], crawl_id=None, seen_at=NOON)
    storage.close()
    capsys.readouterr()
    rates_of_sheet(sheet, json_text=True)
    told = json.loads(capsys.readouterr().out)
    whole = {row["measure"]: row for row in told["rates"] if row["form"] == "all"}
    assert (whole["silent_wrong"]["counted"], whole["missed"]["counted"], whole["invented"]["counted"]) == (1, 0, 0)
    assert whole["agreement"]["decided"] == whole["agreement"]["counted"] + 1 == 60
    assert 0 < whole["agreement"]["low"] < whole["agreement"]["value"] < 1
    texts = {}
    for form in ("text", "csv", "markdown"):
        rates_of_sheet(sheet, form=form)
        texts[form] = capsys.readouterr().out
    assert len(texts["csv"].splitlines()) == 1 + len(told["rates"])
    assert texts["text"].startswith("form")
    for form in ("text", "markdown"):
        assert told["sentences"]["en"] in texts[form]
        assert told["sentences"]["zh"] in texts[form]
    assert "60 were drawn at random (seed 20080501), stratified by form, level" in told["sentences"]["en"]


def test_calls_that_are_refused(database, tmp_path, capsys):
    sheet, key = tmp_path / "sheet.csv", tmp_path / "sheet.key.json"
    sample(40, ["form"], sheet, database=database)
    with pytest.raises(Refused, match="no row has a coder_value"):
        rates_of_sheet(sheet)
    filled(sheet, key, lambda _, value: f"{value}人次?")
    with pytest.raises(Refused, match=r"(?s)row 2: .*row 11: .*and 30 more"):
        rates_of_sheet(sheet)
    filled(sheet, key, lambda row_id, value: "" if row_id < "rm" else value)
    capsys.readouterr()
    rates_of_sheet(sheet)
    assert "of 40 rows are not coded" in capsys.readouterr().err
    (tmp_path / "keyless.csv").touch()
    with pytest.raises(Refused, match=r"keyless\.key\.json cannot be read: .*--key"):
        rates_of_sheet(tmp_path / "keyless.csv")
    with pytest.raises(Refused, match=r"none\.csv cannot be read"):
        rates_of_sheet(tmp_path / "none.csv")
    with pytest.raises(Refused, match=r"none\.csv cannot be read"):
        rates_of_sheet(tmp_path / "none.csv", key)
    for text, words in (
        ("{}", "the keys have to be"),
        ("[", "is no key"),
        (key.read_text("utf-8").replace('"value": "', '"value": "x'), "no key"),
    ):
        (tmp_path / "bad.json").write_text(text, "utf-8")
        with pytest.raises(Refused, match=words):
            rates_of_sheet(sheet, tmp_path / "bad.json")
