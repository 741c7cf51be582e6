"""A bundle is a valid data package that holds what was exported, and never takes the place of somebody's own folder."""

import csv
import json
import subprocess

import pytest
import yaml
from frictionless import Package, validate

from giar_crawler.cli.common import Refused
from giar_crawler.cli.export import export
from giar_crawler.export.rows import KINDS
from pipelines.storage import ReportFilter, open_storage
from tests.export.test_formats import database, told

__all__ = ["database"]


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("kind", "layout"), [*((kind, "long") for kind in KINDS), ("panel", "wide"), ("figures", "wide")])
def test_a_bundle_is_valid_and_holds_what_is_stored(database, tmp_path, kind, layout):
    folder = tmp_path / "package"
    export(kind, bundle=folder, database=database, layout=layout)
    result = validate(str(folder / "datapackage.json"))
    assert result.valid, result.flatten(["name", "rowNumber", "fieldName", "message"])
    tables = {"coverage", kind}
    package = Package(str(folder / "datapackage.json"))
    assert {resource.name for resource in package.resources} == {*tables, "codebook"}
    if layout == "long":
        filters = ReportFilter(scopes=KINDS[kind].scopes, mirrors=KINDS[kind].mirrors)
        stored = [{k: None if v == "" else v for k, v in row.items()} for row in KINDS[kind].rows(open_storage(database), filters)]
        rows = [told(row.to_dict(), KINDS[kind].table) for row in package.get_resource(kind).read_rows()]
        assert [[number(value) for value in row.values()] for row in rows] == [[number(value) for value in row.values()] for row in stored]
    run = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert len(run.stdout.splitlines()) == len(files(folder)) - 1


def number(value):
    """Numbers come as decimals, formulas are defused."""
    if isinstance(value, str):
        return value.removeprefix("'")
    return value if value is None or isinstance(value, bool) else float(value)


def test_two_bundles_of_one_database_are_the_same_and_other_data_have_another_version(database, tmp_path):
    export("panel", bundle=tmp_path / "a", database=database)
    export("panel", bundle=tmp_path / "b", database=database)
    export("panel", bundle=tmp_path / "b", database=database)
    assert files(tmp_path / "a") == files(tmp_path / "b")
    export("panel", bundle=tmp_path / "b", database=database, years="2022-")
    versions = [json.loads((tmp_path / name / "datapackage.json").read_text("utf-8"))["version"] for name in "ab"]
    assert versions[0] != versions[1]
    asked = json.loads((tmp_path / "b" / "datapackage.json").read_text("utf-8"))["giar"]["chosen_by"]
    expected = {"export": "panel", "layout": "long", "blanks": "none", "years": [2022, None], "scopes": ["consolidated"], "mirrors": False}
    assert asked == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_how_to_cite_it_and_whose_names_the_places_are(database, tmp_path):
    folder = tmp_path / "package"
    export("figures", bundle=folder, database=database)
    citation = yaml.safe_load((folder / "CITATION.cff").read_text("utf-8"))
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert (citation["cff-version"], citation["type"], citation["version"]) == ("1.2.0", "dataset", package["version"])
    assert {"message", "title", "authors", "license"} <= set(citation)
    assert any("CC BY-SA" in source["title"] for source in package["sources"])
    readme = (folder / "README.md").read_text("utf-8")
    assert "python-stdnum" in readme
    assert "CC BY-SA 4.0" in readme
    fields = package["resources"][0]["schema"]["fields"]
    with (folder / "data" / "figures.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file)) == [field["name"] for field in fields]
    assert all(field["title"] and field["description"] for field in fields)


def test_nobody_elses_folder_is_replaced(database, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("mine")
    (mine / "datapackage.json").write_text("{}")
    for options in ({"bundle": mine}, {"output": tmp_path / "x.parquet", "partition": "portal"}):
        if "output" in options:
            mine.rename(tmp_path / "x.parquet")
        with pytest.raises(Refused, match="other files in it, which would be lost"):
            export("figures", database=database, **options)
    assert (tmp_path / "x.parquet" / "thesis.txt").read_text() == "mine"
    with pytest.raises(Refused, match="is a file"):
        export("figures", bundle=tmp_path / "x.parquet" / "thesis.txt", database=database)
    (tmp_path / "empty").mkdir()
    export("figures", bundle=tmp_path / "empty", database=database)
    for both in ({}, {"output": tmp_path / "x.csv", "bundle": tmp_path / "y"}):
        with pytest.raises(Refused, match="one of -o FILE and --bundle DIR is needed"):
            export("figures", database=database, **both)
