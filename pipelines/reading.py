"""A page on its way through the stages: what went in, what decoding made of it, and the record that grows."""

from __future__ import annotations

from dataclasses import dataclass, field

from giar_crawler.items import Figure, Page, Report
from pipelines.decode.document import Document


@dataclass(slots=True)
class Reading:
    """The item that the stages hand on.

    `document` is empty until the page is decoded; `figures` are the preferred ones of the record by name, once they are read. After `stop`
    no later stage has anything to read.
    """

    page: Page
    report: Report = field(default_factory=Report)
    document: Document = field(default_factory=lambda: Document(media="text", encoding="", encoding_source=""))
    figures: dict[str, Figure] = field(default_factory=dict)
    stop: bool = False
