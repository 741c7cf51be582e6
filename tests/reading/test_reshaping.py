"""Tables in another shape than the form's."""

from copy import deepcopy

import pytest

from pipelines.decode.stage import read_document
from pipelines.reading import Reading
from pipelines.statistics.grid import expand
from pipelines.statistics.labels import indexes
from pipelines.statistics.reshaping import reshaped
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
