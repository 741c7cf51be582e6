"""A report that is printed on several pages, out of the archive as it came from the walk."""

from __future__ import annotations

from pathlib import Path

from giar_crawler.archive.reader import read_page
from giar_crawler.items import Page
from pipelines.parts import Whole, parts_of
from pipelines.storage import Storage


def read_whole(storage: Storage, archive: Path, warc_file: str, offset: int) -> Page:
    """The page whose record begins at `offset` (bytes) of a file, with the further pages that came with it. Raises ArchiveError."""
    page = read_page(archive, warc_file, offset)
    whole = Whole(page)
    news = whole.news(parts_of(page, page.url))
    while news and page.url is not None and page.fetched_at is not None:
        seen = storage.observations_beside(page.url, page.fetched_at, news)
        came = {address: read_page(archive, one.warc_file or "", one.warc_offset or 0) for address, one in seen.items()}
        for address, part in came.items():
            whole.add(address, part)
        news = whole.news(address for part in came.values() for address in parts_of(part, page.url))
    return whole.page()
