"""`giar correct` as a command: from a line, from a table, listed, withdrawn; what is wrong is said, and then nothing is done."""

import csv
import json

import pytest

from pipelines.storage import ReportFilter, open_storage
from tests import starting
from tests.storage.records import NOON, small
from tests.storage.test_corrections import NEW, URL, report

BY = ("--reason", "a misprint", "--source", "a scan", "--by", "zhang")


@pytest.fixture
def database(tmp_path):
    url = f"sqlite:///{tmp_path}/giar.db"
    storage = open_storage(url)
    storage.upsert_portal({"id": "a", "name": "甲县", "adcode": "610430"})
    for each in (report(), report("http://a/2", "office", scope="office"), small("http://a/3", "prose", report_year=2015)):
        storage.store_reading(each, keep=True, portal_id="a", crawl_id=None, seen_at=NOON)
    yield url
    storage.close()


def giar(database, *words, code=0):
    command = [*starting.GIAR, *map(str, words), "--database", database]
    done = starting.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


def figures(database, tmp_path):
    giar(database, "export", "figures", "-o", tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_corrected_value_is_in_the_export_and_marked(database, tmp_path):
    assert giar(database, "correct", URL, NEW, "13", *BY).split() == ["recorded=1", "unchanged=0"]
    rows = [row for row in figures(database, tmp_path) if (row["document_url"], row["indicator"]) == (URL, "requests.received_new")]
    person = [(row["source"], row["preferred"], row["corrected"], row["value"]) for row in rows if row["column"] == "natural_person"]
    assert person[0] == ("correction", "true", "true", "13")
    assert person[1][:3] == ("table", "false", "false")
    giar(database, "export", "findings", "-o", tmp_path / "findings.csv")
    assert "a misprint (a scan)" in (tmp_path / "findings.csv").read_text("utf-8-sig")


def test_listing_and_withdrawing(database):
    giar(database, "correct", URL, "requests.carried_over[total]", "blank", *BY)
    whose = ("--publisher", "甲县人民政府", "--year", "2021", "--scope", "office")
    giar(database, "correct", NEW, "5", *whose, *BY)
    line = giar(database, "correct", "--list").splitlines()[1]
    assert line.startswith(f"http://a/2  {NEW}  ")
    assert " -> 5  a misprint (a scan; zhang, " in line
    assert "withdrawn by li: no" in giar(database, "correct", NEW, *whose, "--withdraw", "--reason", "no", "--by", "li")
    assert len(giar(database, "correct", "--list").splitlines()) == 1
    log = [json.loads(line) for line in giar(database, "correct", "--log", "--json").splitlines()]
    assert [(each["status"], each["value"], each["withdrawn_reason"]) for each in log] == [("blank", None, None), ("number", 5, "no")]
    assert giar(database, "correct", "--list", "--years", "2015") == ""


def test_a_table_is_recorded_whole(database, tmp_path):
    table = tmp_path / "x.csv"
    table.write_text(
        "document_url,publisher,report_year,scope,indicator,column,value,by\r\n"
        f"{URL},,,,requests.received_new,natural_person,13,\r\n"
        f",甲县人民政府,2021,office,{NEW},,-0,li\r\n"
        f"{URL},,,,article20_8.administrative_fees,fees_amount,25.1,\r\n",
        encoding="utf-8-sig",
    )
    shared = ("--reason", "checked", "--source", "the page", "--by", "zhang")
    assert json.loads(giar(database, "correct", "--file", table, *shared, "--json")) == {"recorded": 3, "unchanged": 0}
    assert json.loads(giar(database, "correct", "--file", table, *shared, "--json")) == {"recorded": 0, "unchanged": 3}
    made = list(open_storage(database).corrections(ReportFilter()))
    assert [(each.document_url, each.name, float(each.value), each.by) for each in made] == [
        (URL, NEW, 13.0, "zhang"),
        ("http://a/2", NEW, 0.0, "li"),
        (URL, "article20_8.administrative_fees[fees_amount]", 25.1, "zhang"),
    ]


@pytest.mark.parametrize(
    ("rows", "complaints"),
    [
        (f"{URL},requests.received_new,12,x\n{URL},nonsense,12,x\nhttp://b/,{NEW},12,x\n", ["line 2", "line 3", "line 4", "no report at"]),
        (f"{URL},{NEW},,x\n", ["line 2: it has no value; an empty cell of a form is the word blank"]),
        (f"{URL},{NEW},13,\n", ["line 2: it has no reason"]),
        (f",{NEW},13,x\n", ["line 2: it has neither a document_url nor"]),
        (f"{URL},{NEW},13,x,y\n", ["line 2: it has more cells"]),
        (f'{URL},"{NEW},13,x\n', ["x.csv"]),
    ],
)
def test_a_table_with_one_fault_changes_nothing(database, tmp_path, rows, complaints):
    table = tmp_path / "x.csv"
    table.write_text("document_url,indicator,value,reason\n" + rows)
    message = giar(database, "correct", "--file", table, "--source", "s", "--by", "b", code=2)
    assert [complaint for complaint in complaints if complaint not in message] == []
    assert list(open_storage(database).corrections(ReportFilter())) == []


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "expected: giar correct"),
        ((URL, NEW, "13"), "expected: giar correct"),
        ((URL, NEW, "13", "x", *BY), "expected: giar correct"),
        ((URL, NEW, "1,300", *BY), "neither a number in 件"),
        ((URL, "requests.received_new", "13", *BY), r"names no cell: the form giar_2021 has requests.received_new[natural_person], "),
        ((URL, NEW, "13", "--year", "2021", *BY), "--year and --scope go with --publisher"),
        ((NEW, "13", "--publisher", "甲县人民政府", *BY), "--publisher goes with --year"),
        ((NEW, "13", "--publisher", "甲县人民政府", "--year", "2021", *BY), "http://a/2 (2021, office, ok)"),
        ((NEW, "13", "--publisher", "甲县人民政府", "--year", "2021", "--scope", "x", *BY), "--scope x: known are"),
        ((URL, NEW, "--withdraw", "--reason", "x"), "--withdraw --reason … --by …"),
        ((URL, NEW, "--withdraw", "--reason", "x", "--by", "y"), "no correction of"),
        (("--list", URL), "go with filters alone"),
        (("--file", "none.csv", *BY), "none.csv cannot be read"),
    ],
)
def test_a_wrong_call_is_refused(database, words, complaint):
    assert complaint in giar(database, "correct", *words, code=2)


def test_a_table_of_another_encoding_or_header_is_refused(database, tmp_path):
    table = tmp_path / "x.csv"
    table.write_bytes("document_url,publisher,indicator,value\n,甲县,x,1\n".encode("gb18030"))
    assert "CSV UTF-8" in giar(database, "correct", "--file", table, *BY, code=2)
    table.write_text("")
    assert "is empty; its first line names the columns: document_url" in giar(database, "correct", "--file", table, *BY, code=2)
    table.write_text("document_url;indicator;value\n")
    assert "with commas between them" in giar(database, "correct", "--file", table, *BY, code=2)
    table.write_text("url,indicator,value\n")
    assert "no column is called 'url'; the columns are document_url" in giar(database, "correct", "--file", table, *BY, code=2)
