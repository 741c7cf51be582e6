"""How an answer is known: by the key of its request, which is that of Scrapy over method, address and body, and by its kind."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.utils.request import fingerprint

from giar_crawler.items import PageContext, PageKind
from pipelines.addresses import canonical_form


class Fingerprints:
    """For `REQUEST_FINGERPRINTER_CLASS`: Scrapy's own, made of the canonical address that the walk has made already."""

    def fingerprint(self, request: Request) -> bytes:
        """The key of a request, as bytes."""
        if request.meta.get("verbatim_url"):
            return fingerprint(request)
        facts = {"method": request.method, "url": canonical_form(request.url), "body": request.body.hex(), "headers": {}}
        return hashlib.sha1(json.dumps(facts, sort_keys=True).encode(), usedforsecurity=False).digest()


def request_key(url: str, method: str = "GET", body: bytes = b"") -> str:
    """The key that a request has by itself. Raises ValueError for what is no address."""
    return fingerprint(Request(url, method=method, body=body)).hex()


def kind_of(url: str, context: PageContext | None) -> PageKind:
    """What a page was asked for as."""
    return context.kind if context else "robots" if urlsplit(url).path == "/robots.txt" else "other"
