"""A folder as a data package (Frictionless): tables as CSV with their schema, the codebook, checksums, and how to cite all that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from giar_crawler.export.codebook import as_json, as_markdown
from giar_crawler.export.columns import Table, Type
from giar_crawler.export.files import Row, write_csv
from giar_crawler.export.record import instant
from giar_crawler.items import SHANGHAI
from pipelines.version import RELEASE

MARK = "datapackage.json"
SUMS = "SHA256SUMS"
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


@dataclass(slots=True, frozen=True)
class Contents:
    """What lies in a package: a resource for each table and the codebook, and the rows of each table by its name."""

    resources: list[dict[str, Any]]
    rows: dict[str, int]

    @property
    def version(self) -> str:
        """Made of the data: equal data make an equal version."""
        digest = hashlib.sha256("".join(f"{one['path']} {one['hash']}\n" for one in self.resources).encode()).hexdigest()
        return f"{RELEASE}+{digest[:12]}"

    def digest(self, name: str) -> str:
        """SHA-256 of the table of that name."""
        return str(next(one["hash"] for one in self.resources if one["name"] == name)).removeprefix("sha256:")


@dataclass(slots=True, frozen=True)
class Cover:
    """What a package says of itself: its name and version, what programs find under the key `giar`, and what people read as `heading`.

    `created` is the moment of a package that has one.
    """

    name: str
    version: str
    giar: Mapping[str, Any]
    heading: str
    shown: Mapping[str, Any]
    created: datetime | None = None


def write_tables(folder: Path, tables: Iterable[tuple[Table, Iterable[Row]]]) -> Contents:
    """What was written: each table under `data/`, and the codebook."""
    (folder / "data").mkdir(parents=True)
    resources, rows = [], {}
    for table, each in tables:
        path = folder / "data" / f"{table.name}.csv"
        rows[table.name] = write_csv(path, table, each)
        resources.append(_tabular(folder, path, table))
    (folder / "codebook.md").write_text(as_markdown(), "utf-8", newline="\n")
    (folder / "codebook.json").write_text(as_json(), "utf-8", newline="\n")
    codebook = _checksum(folder / "codebook.json")
    return Contents([*resources, {"name": "codebook", "path": "codebook.json", "mediatype": "application/json", **codebook}], rows)


def write_cover(folder: Path, contents: Contents, cover: Cover) -> None:
    """Writes what describes the tables, and last the checksums of all files."""
    texts = yaml.safe_load(_TEXTS.read_text("utf-8"))
    package = {
        "profile": "data-package",
        "name": cover.name,
        "title": texts["title"],
        "description": texts["description"],
        "version": cover.version,
        **({"created": instant(cover.created)} if cover.created else {}),
        "licenses": texts["licenses"],
        "sources": texts["sources"],
        "contributors": [{"title": texts["authors"], "role": "author"}],
        "giar": {"release": RELEASE, **cover.giar},
        "resources": contents.resources,
    }
    (folder / MARK).write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")
    (folder / "CITATION.cff").write_text(_citation(texts, cover), "utf-8", newline="\n")
    (folder / "README.md").write_text(_readme(texts, cover, contents.resources), "utf-8", newline="\n")
    _sums(folder)


def read_mark(folder: Path) -> dict[str, Any]:
    """What programs find under the key `giar` of a package; empty where the folder is none of ours."""
    try:
        found = json.loads((folder / MARK).read_text("utf-8"))["giar"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def sha256_of(path: Path) -> str:
    """The digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
    return {"bytes": path.stat().st_size, "hash": f"sha256:{sha256_of(path)}"}


def _citation(texts: Mapping[str, Any], cover: Cover) -> str:
    facts = {
        "cff-version": "1.2.0",
        "message": texts["message"],
        "type": "dataset",
        "title": texts["title"],
        "version": cover.version,
        **({"date-released": cover.created.astimezone(SHANGHAI).date().isoformat()} if cover.created else {}),
        "authors": [{"name": texts["authors"]}],
        "license": texts["licenses"][0]["name"],
        "references": [
            {"type": "dataset", "title": source["title"], "url": source["path"], "authors": [{"name": source["author"]}]}
            for source in texts["sources"]
        ],
    }
    return yaml.safe_dump(facts, allow_unicode=True, sort_keys=False, width=120)


def _readme(texts: Mapping[str, Any], cover: Cover, resources: Iterable[Mapping[str, Any]]) -> str:
    lines = [
        f"# {texts['title']}",
        "",
        texts["description"].strip(),
        "",
        f"Version {cover.version}.",
        "",
        "| file | what it is |",
        "|---|---|",
    ]
    lines += [f"| `{one['path']}` | {texts['files'].get(one['name'], one['name'])} |" for one in resources]
    lines += [f"| `{name}` | {words} |" for name, words in texts["other_files"].items()]
    lines += ["", f"{cover.heading}:", "", *(f"- {key}: {json.dumps(value, ensure_ascii=False)}" for key, value in cover.shown.items())]
    lines += ["", "## Licence", "", texts["licence_note"].strip(), "", "## Sources", ""]
    lines += [f"- {source['title']} ({source['author']}), {source['path']}" for source in texts["sources"]]
    return "\n".join(lines) + "\n"


def _sums(side: Path) -> None:
    """SHA256SUMS over all files, as `sha256sum --check` reads it."""
    paths = sorted(path for path in side.rglob("*") if path.is_file())
    (side / SUMS).write_text("".join(f"{sha256_of(path)}  {path.relative_to(side).as_posix()}\n" for path in paths), "utf-8", newline="\n")
