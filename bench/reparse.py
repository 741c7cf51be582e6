"""What `giar reparse` costs beside `read()` alone, what a second process brings, and that its memory does not grow with the archive.

`python -m bench.reparse [PAGES]`. The archive is built of pages of the 2021 form, the command runs as an operator would run it. What it
costs to begin (Python, imports, the data of the reading) is measured with a re-parse of one page and taken off.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from bench.cost import Cost, cost_of
from bench.pages import page_2021
from giar_crawler.archive.writer import Exchange, WarcWriter
from giar_crawler.items import Page, PageContext
from pipelines import read
from pipelines.storage import Observation, open_storage

PAGES = 1500
SIZE = 30_000
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
CONTEXT = PageContext(kind="report")
# Speed-up by the second process without and with storing; CPU in times that of read(); growth of the largest process.
DRY, STORING, COST, GROWTH = 1.8, 1.5, 2.0, 1.1


def main(pages: int = PAGES) -> None:
    """Prints each ratio with what is required."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bodies = _fill(folder, pages)
        before = time.process_time()
        for body in bodies[:200]:
            read(Page("http://a.gov.cn/", body, context=CONTEXT))
        floor = (time.process_time() - before) / 200
        last = (BEGIN + timedelta(seconds=pages - 1)).isoformat()
        few = (BEGIN + timedelta(seconds=pages - 100)).isoformat()
        one, two = (_run(folder, "--dry-run", "--workers", workers) for workers in "12")
        start = {workers: _run(folder, "--dry-run", "--workers", str(workers), "--since", last) for workers in (1, 2)}
        small = _run(folder, "--dry-run", "--workers", "1", "--since", few)
        cost = (one.cpu - start[1].cpu) / pages
        print(f"re-parse of {pages} pages: {cost * 1000:.1f} ms of CPU a page, read() alone {floor * 1000:.1f}: ", end="")
        print(_judged(cost / floor, "<=", COST))
        print(f"two processes, dry run: {_judged((one.wall - start[1].wall) / (two.wall - start[2].wall), '>=', DRY)}")
        print(f"memory of 100 pages {small.memory:.0f} MB, of {pages} pages {one.memory:.0f} MB: ", end="")
        print(_judged(one.memory / small.memory, "<=", GROWTH))
        single = _run(folder, "--workers", "1")
        _forget(folder)
        double = _run(folder, "--workers", "2")
        print(f"two processes, storing: {_judged((single.wall - start[1].wall) / (double.wall - start[2].wall), '>=', STORING)}")


def _judged(ratio: float, sign: str, wanted: float) -> str:
    holds = ratio >= wanted if sign == ">=" else ratio <= wanted
    return f"{ratio:.2f} times, required {sign} {wanted}: {'pass' if holds else 'BELOW'}"


def _fill(folder: Path, pages: int) -> list[bytes]:
    """The bodies of an archive of so many reports, each with its number in it; the index has them all, and the database no report."""
    body = page_2021(SIZE)
    writer, storage = WarcWriter(folder / "archive"), open_storage(f"sqlite:///{folder}/giar.db")
    storage.upsert_portal({"id": "a", "name": "a"})
    bodies: list[bytes] = []
    for number in range(pages):
        page = body.replace(b"<p ", f"<p>{number}</p><p ".encode(), 1)
        url, at = f"http://a.gov.cn/{number}.html", BEGIN + timedelta(seconds=number)
        headers = [(b"Content-Type", b"text/html")]
        place = writer.write(Exchange(url, at, 200, page, headers, context=CONTEXT, request_key=str(number)))
        digest = hashlib.sha256(page).hexdigest()
        storage.add_observation(
            Observation(
                *(str(number), url, at, 200, "text/html", None, digest, place.file, place.offset, place.length),
                portal_id="a",
                crawl_id=None,
                kind="report",
            )
        )
        if len(bodies) < 200:
            bodies.append(page)
    writer.close()
    storage.close()
    return bodies


def _forget(folder: Path) -> None:
    """Brings the database back to where it holds no report, and no mark of a re-parse."""
    storage = open_storage(f"sqlite:///{folder}/giar.db")
    with storage.engine.begin() as connection:
        for table in ("reading_changes", "findings", "figures", "reports", "documents"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 # names from the line above
        connection.execute(text("UPDATE observations SET reparse_id = NULL, page_outcome = NULL, content_sha256 = NULL"))
    storage.close()


def _run(folder: Path, *arguments: str) -> Cost:
    places = ["--database", f"sqlite:///{folder}/giar.db", "--archive", str(folder / "archive")]
    return cost_of([sys.executable, "-m", "giar_crawler.cli", "reparse", *places, *arguments])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES)
