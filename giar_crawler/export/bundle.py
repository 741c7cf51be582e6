"""A data package that can be cited: the data with their schema, the codebook, the coverage, checksums, and how to name all that.

The version says what is in it: the same data make the same version, and the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from giar_crawler.export.codebook import as_json, as_markdown
from giar_crawler.export.columns import Table, Type
from giar_crawler.export.files import Row, beside, write_csv
from pipelines.version import RELEASE

MARK = "datapackage.json"
_TEXTS = Path(__file__).with_name("bundle.yaml")
_TYPES: dict[Type, str] = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "key": "integer",
    "boolean": "boolean",
    "date": "date",
    "instant": "datetime",
}


def write_bundle(folder: Path, tables: Iterable[tuple[Table, Iterable[Row]]], question: Mapping[str, Any]) -> int:
    """The number of rows of the first table. `question` is what the data were chosen by, as JSON knows it."""
    with beside(folder) as side:
        (side / "data").mkdir(parents=True)
        written, counts = [], []
        for table, rows in tables:
            written.append((table, side / "data" / f"{table.name}.csv"))
            counts.append(write_csv(written[-1][1], table, rows))
        (side / "codebook.md").write_text(as_markdown(), "utf-8", newline="\n")
        (side / "codebook.json").write_text(as_json(), "utf-8", newline="\n")
        resources = [_tabular(side, path, table) for table, path in written]
        resources.append(
            {"name": "codebook", "path": "codebook.json", "mediatype": "application/json", **_checksum(side / "codebook.json")}
        )
        version = _version(resources)
        texts = yaml.safe_load(_TEXTS.read_text("utf-8"))
        name = f"giar-{written[0][0].name}"
        package = {
            "profile": "data-package",
            "name": name,
            "title": texts["title"],
            "description": texts["description"],
            "version": version,
            "licenses": texts["licenses"],
            "sources": texts["sources"],
            "contributors": [{"title": texts["authors"], "role": "author"}],
            "giar": {"release": RELEASE, "chosen_by": dict(question)},
            "resources": resources,
        }
        (side / MARK).write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")
        (side / "CITATION.cff").write_text(_citation(texts, version), "utf-8", newline="\n")
        (side / "README.md").write_text(_readme(texts, version, question, resources), "utf-8", newline="\n")
        _sums(side)
    return counts[0]


def is_bundle(folder: Path) -> bool:
    """Whether a folder is a data package that this program wrote, which it may therefore replace."""
    try:
        return "chosen_by" in json.loads((folder / MARK).read_text("utf-8"))["giar"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _tabular(side: Path, path: Path, table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "path": path.relative_to(side).as_posix(),
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        # With a byte order mark, which spreadsheets need.
        "encoding": "utf-8-sig",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n"},
        "schema": {
            "fields": [
                {"name": column.name, "type": _TYPES[column.type], "title": column.zh, "description": column.en} for column in table.columns
            ],
            "missingValues": [""],
        },
        **_checksum(path),
    }


def _checksum(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "hash": f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"}


def _version(resources: Iterable[Mapping[str, Any]]) -> str:
    digest = hashlib.sha256("".join(f"{one['path']} {one['hash']}\n" for one in resources).encode()).hexdigest()
    return f"{RELEASE}+{digest[:12]}"


def _citation(texts: Mapping[str, Any], version: str) -> str:
    facts = {
        "cff-version": "1.2.0",
        "message": texts["message"],
        "type": "dataset",
        "title": texts["title"],
        "version": version,
        "authors": [{"name": texts["authors"]}],
        "license": texts["licenses"][0]["name"],
        "references": [
            {"type": "dataset", "title": source["title"], "url": source["path"], "authors": [{"name": source["author"]}]}
            for source in texts["sources"]
        ],
    }
    return yaml.safe_dump(facts, allow_unicode=True, sort_keys=False, width=120)


def _readme(texts: Mapping[str, Any], version: str, question: Mapping[str, Any], resources: Iterable[Mapping[str, Any]]) -> str:
    lines = [f"# {texts['title']}", "", texts["description"].strip(), "", f"Version {version}.", "", "| file | what it is |", "|---|---|"]
    lines += [f"| `{one['path']}` | {texts['files'].get(one['name'], one['name'])} |" for one in resources]
    lines += [f"| `{name}` | {words} |" for name, words in texts["other_files"].items()]
    lines += ["", "Chosen by:", "", *(f"- {key}: {json.dumps(value, ensure_ascii=False)}" for key, value in question.items())]
    lines += ["", "## Licence", "", texts["licence_note"].strip(), "", "## Sources", ""]
    lines += [f"- {source['title']} ({source['author']}), {source['path']}" for source in texts["sources"]]
    return "\n".join(lines) + "\n"


def _sums(side: Path) -> None:
    """SHA256SUMS over all files, as `sha256sum --check` reads it."""
    paths = sorted(path for path in side.rglob("*") if path.is_file())
    lines = [f"{_checksum(path)['hash'].removeprefix('sha256:')}  {path.relative_to(side).as_posix()}\n" for path in paths]
    (side / "SHA256SUMS").write_text("".join(lines), "utf-8", newline="\n")
