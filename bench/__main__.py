"""Prints how long the reading takes beside lxml's parsing alone, pandas.read_html and trafilatura, and that it is linear in the page.

Beside each ratio stands what is required and whether it is reached; `--stages` adds the time of each stage.
"""

from __future__ import annotations

import io
import sys
import time
import tracemalloc
from collections.abc import Callable

import pandas as pd
import trafilatura
from lxml import html

from bench.pages import Look, page_2021
from giar_crawler.items import Page
from pipelines.decode.charset import decode_bytes
from pipelines.decode.cleaning import set_clean
from pipelines.decode.document import Document
from pipelines.decode.stage import read_document
from pipelines.line import STAGES, begin, read
from pipelines.metadata.stage import read_metadata

ROUNDS = 40
PAGES: tuple[tuple[str, Look, int], ...] = (
    ("page of the 2021 form", "plain", 100_000),
    ("the same as pasted from Word", "word", 160_000),
)
LXML, READ, PANDAS, TRAFILATURA = "lxml parsing alone", "read(), all stages", "pandas.read_html", "trafilatura.extract"
# What has to be so many times as slow as what, at least (>=) or at most (<=).
REQUIRED = ((PANDAS, READ, ">=", 1.6), (TRAFILATURA, READ, ">=", 8.0), (READ, LXML, "<=", 5.0))
# Decoding and metadata together, times lxml.
DECODING = 1.5
AIM = 3.5  # times lxml
# The time per KB of the largest page may be this many times that of a page a tenth as large.
LINEAR = 1.5


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


def _verdict(holds: bool) -> str:
    return "pass" if holds else "BELOW"


def print_contest(body: bytes) -> None:
    """The times of the reading and of its peers over one page, and the ratios that are required."""
    page, text = Page(None, body), body.decode()
    best = contest(
        {
            LXML: lambda: html.document_fromstring(body),
            READ: lambda: read(page),
            PANDAS: lambda: pd.read_html(io.BytesIO(body)),
            TRAFILATURA: lambda: trafilatura.extract(text, include_tables=True),
        },
        ROUNDS,
    )
    for name, milliseconds in best.items():
        print(f"  {name:22} {milliseconds:8.2f} ms  {milliseconds / best[LXML]:6.1f} x lxml")
    for one, other, sign, wanted in REQUIRED:
        ratio = best[one] / best[other]
        holds = ratio >= wanted if sign == ">=" else ratio <= wanted
        print(f"  {one} / {other}: {ratio:.2f}, required {sign} {wanted}: {_verdict(holds)}")
    print(f"  {READ} / {LXML}: {best[READ] / best[LXML]:.2f}, aimed at <= {AIM}: {_verdict(best[READ] / best[LXML] <= AIM)}")


def print_decoding(body: bytes) -> None:
    """The time of decoding (bytes to clean text, without the tree) and metadata together, beside lxml's parsing."""

    def decode(document: Document) -> None:
        decode_bytes(body)
        set_clean(document)

    page = Page(None, body)
    reading = begin(page)
    read_document(reading)
    runners: dict[str, Callable[[], object]] = {
        LXML: lambda: html.document_fromstring(body),
        "decoding": lambda: decode(reading.document),
        "metadata": lambda: read_metadata(reading),
    }
    best = contest(runners, 2 * ROUNDS)
    ratio = (best["decoding"] + best["metadata"]) / best[LXML]
    print(f"  decoding {best['decoding']:.2f} ms + metadata {best['metadata']:.2f} ms / {LXML}: {ratio:.2f}, ", end="")
    print(f"required <= {DECODING}: {_verdict(ratio <= DECODING)}")


def print_stages(body: bytes) -> None:
    """The time of each stage over one page."""
    page = Page(None, body)
    best = dict.fromkeys((stage.__name__ for stage in STAGES), float("inf"))
    for _ in range(2 * ROUNDS):
        reading = begin(page)
        for stage in STAGES:
            start = time.perf_counter()
            stage(reading)
            best[stage.__name__] = min(best[stage.__name__], (time.perf_counter() - start) * 1000)
    for name, milliseconds in best.items():
        print(f"    {name:20} {milliseconds:8.2f} ms")


def print_sizes() -> None:
    """The time and the peak of memory over pages of growing size."""
    print("size of the page against the time of read()")
    rates = []
    for size in (100_000, 1_000_000, 10_000_000):
        page = Page(None, page_2021(size))
        took = contest({READ: lambda page=page: read(page)}, 3)[READ]  # type: ignore[misc]
        rates.append(took / len(page.body) * 1000)
        print(f"  {len(page.body) / 1000:8.0f} KB {took:9.1f} ms  {rates[-1]:6.3f} ms per KB")
    print(f"  per KB, 10 MB against 1 MB: {rates[2] / rates[1]:.2f}, required <= {LINEAR}: {_verdict(rates[2] / rates[1] <= LINEAR)}")


def print_memory(body: bytes) -> None:
    """The memory that readings leave behind."""
    page = Page(None, body)
    tracemalloc.start()
    read(page)
    for _ in range(3):
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(50):
            read(page)
        after = tracemalloc.get_traced_memory()[0]
    print(f"memory kept after 50 more readings: {(after - before) / 1000:.0f} KB")


def main() -> None:
    """Runs the benchmark and prints its tables."""
    for name, look, size in PAGES:
        body = page_2021(size, look)
        print(f"{name}, {len(body) / 1000:.0f} KB, best of {ROUNDS} rounds in turn")
        print_contest(body)
        print_decoding(body)
        if "--stages" in sys.argv[1:]:
            print_stages(body)
    print_sizes()
    print_memory(page_2021(100_000))


if __name__ == "__main__":
    main()
