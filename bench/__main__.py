"""Prints how long the reading takes beside lxml's parsing alone, pandas.read_html and trafilatura, and that it is linear in the page."""

from __future__ import annotations

import io
import time
import tracemalloc
from collections.abc import Callable

import pandas as pd
import trafilatura
from lxml import html

from bench.pages import page_2021
from giar_crawler.items import Page
from pipelines import read

ROUNDS = 40


def contest(runners: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The best time of each runner in milliseconds; they take turns, so that a busy machine slows all of them alike."""
    best = dict.fromkeys(runners, float("inf"))
    for run in runners.values():
        run()
    for _ in range(rounds):
        for name, run in runners.items():
            start = time.perf_counter()
            run()
            best[name] = min(best[name], (time.perf_counter() - start) * 1000)
    return best


def main() -> None:
    """Runs the benchmark and prints one table."""
    body = page_2021(100_000)
    page = Page(None, body)
    text = body.decode()
    best = contest(
        {
            "lxml parsing alone": lambda: html.document_fromstring(body),
            "read(), all stages": lambda: read(page),
            "pandas.read_html": lambda: pd.read_html(io.BytesIO(body)),
            "trafilatura.extract": lambda: trafilatura.extract(text, include_tables=True),
        },
        ROUNDS,
    )
    floor = best["lxml parsing alone"]
    print(f"page of the 2021 form, {len(body) / 1000:.0f} KB, best of {ROUNDS} rounds in turn")
    for name, milliseconds in best.items():
        print(f"  {name:22} {milliseconds:8.2f} ms  {milliseconds / floor:6.1f} x lxml")
    print("size of the page against the time of read(), for linearity")
    for size in (100_000, 1_000_000, 10_000_000):
        large = Page(None, page_2021(size))
        took = contest({"read": lambda large=large: read(large)}, 3)["read"]  # type: ignore[misc]
        print(f"  {len(large.body) / 1000:8.0f} KB {took:9.1f} ms  {took / len(large.body) * 1000:6.3f} ms per KB")
    tracemalloc.start()
    read(page)
    for _ in range(3):
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(50):
            read(page)
        after = tracemalloc.get_traced_memory()[0]
    print(f"memory kept after 50 more readings: {(after - before) / 1000:.0f} KB")


if __name__ == "__main__":
    main()
