"""Tables that are longer than the memory, brought together by key: each is sorted through files, then all are read side by side."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from itertools import count, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

# A key and the rows that belong to it.
Block = tuple[str, list[Any]]
# Rows of one table held in memory at a time.
MOST = 50_000
_BY_KEY = itemgetter(0)


class Shelf:
    """Blocks in a file: all are put there, then they are read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("w", encoding="utf-8")

    def put(self, block: Block) -> None:
        """Adds one."""
        self._file.write(json.dumps(block) + "\n")

    def blocks(self) -> Iterator[Block]:
        """All of them, in the order in which they came; nothing is put there any more."""
        self._file.close()
        return _read(self._path)


class Workshop:
    """A folder for what does not fit into the memory; the folder is the caller's, and empty."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()

    def shelf(self) -> Shelf:
        """An empty one."""
        return Shelf(self._folder / str(next(self._numbers)))

    def in_order(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """The blocks by key, those of one key in the order in which they came."""
        parts: list[Iterator[Block]] = []
        held: list[Block] = []
        size = 0
        for block in blocks:
            held.append(block)
            size += len(block[1])
            if size >= MOST:
                shelf = self.shelf()
                for each in sorted(held, key=_BY_KEY):
                    shelf.put(each)
                parts.append(shelf.blocks())
                held, size = [], 0
        return merge(*parts, sorted(held, key=_BY_KEY), key=_BY_KEY)


def _read(path: Path) -> Iterator[Block]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            key, rows = json.loads(line)
            yield key, rows


def blocks(rows: Iterable[tuple[str, Any]]) -> Iterator[Block]:
    """Rows with their keys as blocks: those that stand together under one key are one."""
    for key, group in groupby(rows, key=_BY_KEY):
        yield key, [row for _, row in group]


def side_by_side(tables: Mapping[str, Iterator[Block]]) -> Iterator[tuple[str, dict[str, list[Any]]]]:
    """Each key with the rows that every table has of it; the tables are in the order of their keys."""
    named = [_named(name, table) for name, table in tables.items()]
    for key, group in groupby(merge(*named, key=_BY_KEY), key=_BY_KEY):
        found: dict[str, list[Any]] = {name: [] for name in tables}
        for _, name, rows in group:
            found[name] += rows
        yield key, found


def _named(name: str, table: Iterator[Block]) -> Iterator[tuple[str, str, list[Any]]]:
    return ((key, name, rows) for key, rows in table)
