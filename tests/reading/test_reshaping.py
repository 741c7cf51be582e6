"""Tables in another shape than the form's."""

from copy import deepcopy

import pytest

from pipelines.decode.document import Table, TableCell
from pipelines.decode.stage import read_document
from pipelines.reading import Reading
from pipelines.statistics.grid import expand
from pipelines.statistics.labels import indexes
from pipelines.statistics.reshaping import reshaped
from pipelines.statistics.stream import stream_table
from tests.evaluate import PAGES, load_case

NAMES = ("blind_2021_labels_and_values_as_lists", "blind_2021_requests_turned_over", "blind_2019_years_under_each_column")


@pytest.mark.parametrize("name", NAMES)
def test_the_tables_of_the_page_stay_as_they_are(name):
    reading = Reading(load_case(PAGES / name).page)
    read_document(reading)
    tables = reading.document.tables
    for table in tables:
        expand(table)
    before = deepcopy(tables)
    index = indexes()["giar_2019" if "2019" in name else "giar_2021"]
    assert reshaped(tables, index, 2019 if "2019" in name else 2021) is not None
    assert tables == before


def cells(*texts):
    return [TableCell(text, text) for text in texts]


def texts(table):
    return [[cell.clean for cell in row] for row in table.rows]


def test_a_table_with_its_values_before_its_labels_is_taken_from_right_to_left():
    rows = [cells("统计数", "单位", "统计指标"), cells("5", "条", "(一)主动公开政府信息数")]
    found = reshaped([Table(rows, spans_known=True)], indexes()["giar_2014"], 2015)
    assert texts(found[0]) == [["统计指标", "单位", "统计数"], ["(一)主动公开政府信息数", "条", "5"]]


def test_years_at_the_end_of_a_header_are_columns_of_it():
    header, row = ["统计指标", "单位", "2016年", "2017年"], ["一、主动公开情况", "(一)主动公开政府信息数", "条", "3", "5"]
    assert texts(stream_table(cells(*header, *row), indexes()["giar_2014"])) == [header, row]
