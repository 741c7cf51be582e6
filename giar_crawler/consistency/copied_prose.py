"""Running prose that is last year's."""

from __future__ import annotations

from collections.abc import Iterator

from giar_crawler.consistency.limits import limits
from giar_crawler.consistency.said import Remark, Said, remark


def prose_remarks(before: Said, now: Said) -> Iterator[Remark]:
    """One remark on the later of two adjacent years, where nearly all its long sentences stand in the earlier one."""
    known = limits().copied_prose
    if not (before.year_told and now.year_told) or min(len(before.sentences), len(now.sentences)) < known.sentences:
        return
    same = len(now.sentences & before.sentences)
    if same >= known.share * len(now.sentences):
        yield remark(
            "prose_copied",
            now.document_url,
            (),
            clean=not (now.doubted or before.doubted),
            year=before.year,
            address=before.url,
            same=same,
            count=len(now.sentences),
        )
