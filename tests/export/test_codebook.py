"""The codebook says what the forms and the cross-walk say, of everything in them."""

import json

import openpyxl
import pytest

from giar_crawler.cli.codebook import codebook as command
from giar_crawler.cli.common import Refused
from giar_crawler.export.codebook import SHEET, as_markdown, codebook, sheet_rows
from giar_crawler.export.workbook import write_xlsx
from pipelines.statistics.forms import forms
from pipelines.statistics.forms.crosswalk import crosswalk
from tests import starting
from tests.export.test_formats import ROWS, TABLE


def test_every_cell_of_every_form_with_its_heading_unit_years_and_relations():
    cells = {(cell["form"], cell["figure"]): cell for cell in codebook()["cells"]}
    assert set(cells) == {(form.id, figure) for form in forms().values() for figure in form.types}
    secret = cells["giar_2021", "requests.refused_state_secret[org_other]"]
    assert secret["heading"] == "三、本年度办理结果 / (三)不予公开 / 1.属于国家秘密 / 申请人情况 / 法人或其他组织 / 其他"
    assert (secret["name"], secret["en"], secret["unit"]) == ("rq_ref_secret_oth", "Refused: state secrets, other organisations", "件")
    assert (secret["first_year"], secret["last_year"], secret["type"]) == (2021, None, "int")
    assert secret["indicators"] == []
    assert cells["giar_2021", "requests.refused_state_secret[total]"]["indicators"] == ["outcome_refused", "refused_state_secret"]
    ids = [identity.split(":")[0] for identity in secret["identities"]]
    assert {"row_total", "results_sum"} <= set(ids)
    pending = cells["giar_2021", "requests.carried_over[total]"]["identities"]
    assert "continuity: requests.carried_over[total] = requests.carried_to_next[total][Y-1]" in pending
    assert all(cell["heading"] and cell["en"] for cell in cells.values())


def test_every_relation_of_a_form_is_told_of_each_figure_in_it():
    cells = {(cell["form"], cell["figure"]): cell for cell in codebook()["cells"]}
    for form in forms().values():
        for relation in form.identities:
            for operand in relation.operands:
                told = [text for text in cells[form.id, operand.figure]["identities"] if all(o.figure in text for o in relation.operands)]
                assert told


def test_every_indicator_with_its_terms_and_how_well_the_forms_compare():
    indicators = {one["code"]: one for one in codebook()["indicators"]}
    assert list(indicators) == list(crosswalk().indicators)
    closed = indicators["review_closed"]
    assert closed["forms"]["giar_2021"]["sum"] == "review_litigation.review_total - review_litigation.review_pending"
    assert closed["comparability"] == {"giar_2014 giar_2019": "B", "giar_2014 giar_2021": "B", "giar_2019 giar_2021": "A"}
    assert indicators["normative_documents_disclosed"]["name"] == "normative_docs_disclosed"


def test_the_same_in_markdown_and_as_a_table():
    text = as_markdown()
    rows = list(sheet_rows())
    assert {tuple(row) for row in rows} == {SHEET.names}
    assert len(rows) == sum(len(one["forms"]) for one in codebook()["indicators"]) + len(codebook()["cells"])
    for row in rows:
        assert row["name"] in text
        assert row["code"] in text or row["kind"] == "indicator"
        assert row["zh"].replace("|", "\\|") in text
    tables = [block for block in text.split("\n\n") if block.startswith("|")]
    for block in tables:
        assert len({line.replace("\\|", "").count("|") for line in block.splitlines()}) == 1
    assert text == as_markdown()


def test_the_command(tmp_path, capsys):
    command(tmp_path / "x.md")
    command(tmp_path / "x.json")
    command(tmp_path / "x.xlsx")
    assert (tmp_path / "x.md").read_text("utf-8") == as_markdown()
    assert json.loads((tmp_path / "x.json").read_text("utf-8")) == codebook()
    assert openpyxl.load_workbook(tmp_path / "x.xlsx")["codebook"].max_row == len(list(sheet_rows())) + 1
    assert "wrote the codebook" in capsys.readouterr().err
    with pytest.raises(Refused, match=r"one of \.md, \.json, \.csv"):
        command(tmp_path / "x.pdf")
    run = starting.run([*starting.GIAR, "codebook", "--json"], capture_output=True, check=True)
    assert json.loads(run.stdout) == codebook()


def test_workbooks_of_figures_have_the_codebook(tmp_path):
    write_xlsx(tmp_path / "x.xlsx", TABLE, ROWS)
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == ["figures", "columns", "codebook"]
    assert book["codebook"]["A2"].value == "indicator"
