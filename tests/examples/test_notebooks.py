"""The example notebooks run as they stand in the repository, on what the demo portals give, and draw what they say."""

import base64
import struct
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from demo.__main__ import walk
from demo.server import DemoPortals

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
PICTURES = {"three_pictures.ipynb": 3}


def read(name):
    return nbformat.read(EXAMPLES / name, as_version=4)


def test_every_notebook_is_run():
    assert {path.name for path in EXAMPLES.glob("*.ipynb")} == set(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_no_outputs_are_in_the_repository(name):
    cells = [cell for cell in read(name).cells if cell.cell_type == "code"]
    assert cells
    assert not [cell for cell in cells if cell.outputs or cell.execution_count]


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    with DemoPortals(0) as portals:
        assert walk(folder, portals.port) == 0
    return f"sqlite:///{folder}/giar.db"


@pytest.mark.parametrize("name", PICTURES)
def test_a_notebook_runs_without_a_warning_and_draws(name, database, monkeypatch):
    monkeypatch.setenv("GIAR_DATABASE", database)
    book = read(name)
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(EXAMPLES)}}).execute()
    outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    # A character that the font lacks, a frame that will change: all of it comes as text on stderr.
    assert not [output.text for output in outputs if output.output_type == "stream"]
    drawn = [base64.b64decode(output.data["image/png"]) for output in outputs if "image/png" in output.get("data", {})]
    assert len(drawn) == PICTURES[name]
    for png in drawn:
        width, height = struct.unpack(">II", png[16:24])
        assert width > 600
        assert height > 250
        # An empty frame has a third of it.
        assert len(png) > 12_000
