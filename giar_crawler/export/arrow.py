"""Rows as typed columns: Parquet files, and the tables that Python users get."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from giar_crawler.export.columns import Column, Gap, Table, Type
from giar_crawler.export.extras import need
from giar_crawler.export.files import Row, beside

# Rows held in memory at a time, and in a row group of a file.
BATCH = 10_000

_PARSE: dict[Type, Callable[[Any], Any]] = {
    "text": str,
    "integer": int,
    "number": float,
    "key": int,
    "boolean": bool,
    "date": date.fromisoformat,
    "instant": datetime.fromisoformat,
}


def schema(table: Table) -> Any:  # noqa: ANN401 - pyarrow has no types
    """The Arrow schema of a table; each field bears its meaning in English and Chinese."""
    pa = need("pyarrow")
    types = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "key": pa.int64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "instant": pa.timestamp("us", tz="UTC"),
    }
    return pa.schema([pa.field(column.name, types[column.type], metadata={"en": column.en, "zh": column.zh}) for column in table.columns])


def batches(table: Table, rows: Iterable[Row]) -> Iterator[Any]:
    """The rows as record batches."""
    pa, target = need("pyarrow"), schema(table)
    rest = iter(rows)
    while part := list(islice(rest, BATCH)):
        arrays = [
            pa.array([_value(column, row[column.name]) for row in part], field.type)
            for column, field in zip(table.columns, target, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=target)


def _value(column: Column, value: object) -> object:
    return None if value is None or isinstance(value, Gap) else _PARSE[column.type](value)


def write_parquet(path: Path, table: Table, rows: Iterable[Row]) -> int:
    """The number of rows written into one file."""
    parquet = need("pyarrow.parquet")
    count = 0
    with beside(path) as side, parquet.ParquetWriter(side, schema(table), compression="zstd") as writer:
        for batch in batches(table, rows):
            writer.write_batch(batch)
            count += batch.num_rows
    return count


def write_partitions(path: Path, table: Table, rows: Iterable[Row], by: Sequence[str]) -> int:
    """The number of rows written into a folder of files, one for each value of the columns `by` (`report_year=2021/…`)."""
    dataset = need("pyarrow.dataset")
    pa = need("pyarrow")
    target = schema(table)
    count = 0

    def counted() -> Iterator[Any]:
        nonlocal count
        for batch in batches(table, rows):
            count += batch.num_rows
            yield batch

    with beside(path) as side:
        side.mkdir()
        dataset.write_dataset(
            counted(),
            side,
            schema=target,
            format=(parquet := dataset.ParquetFileFormat()),
            file_options=parquet.make_write_options(compression="zstd"),
            partitioning=dataset.partitioning(pa.schema([target.field(name) for name in by]), flavor="hive"),
            basename_template="part-{i}.parquet",
            # Threads would write the rows of a file in another order each time.
            use_threads=False,
            max_partitions=100_000,
            max_open_files=200,
        )
    return count


def is_partitioned(folder: Path) -> bool:
    """Whether a folder has nothing but Parquet files in it, so that another export may take its place."""
    return all(path.suffix == ".parquet" for path in folder.rglob("*") if not path.is_dir())
