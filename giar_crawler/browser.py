"""The browser of a crawler whose portal is drawn; loaded only where scrapy-playwright is installed and a portal wants it."""

from __future__ import annotations

import logging
from typing import Any, cast

from playwright.async_api import Error as BrowserError
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from giar_crawler.drawing import Drawing, Scripts
from giar_crawler.gate import Gate
from giar_crawler.middlewares.addresses import by_reactor
from giar_crawler.middlewares.refusals import OutOfScope
from giar_crawler.spiders.scope import Scope
from pipelines import stats

# What the browser says where the gate refuses a page: a tunnel, or a request with an answer that has nothing in it.
NO_PAGE = ("ERR_TUNNEL_CONNECTION_FAILED", "ERR_HTTP_RESPONSE_CODE_FAILURE")


class Browser(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc] # it has no types
    """scrapy-playwright's handler with all that its browser asks through a gate."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        # A page that does not come is counted as others are; the parent writes a traceback for it as well.
        logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)
        self._crawler = crawler
        self._gate: Gate | None = None
        self._refusals: list[str] = []
        self._scripts = Scripts()

    async def _launch(self) -> None:
        self._gate = Gate(self._scope, by_reactor, self._refused)
        self.config.launch_options["proxy"] = {"server": await self._gate.open()}
        await super()._launch()

    async def _close(self) -> None:
        await super()._close()
        if self._gate is not None:
            await self._gate.close()

    def _refused(self, reason: str) -> None:
        self._refusals.append(reason)
        self._crawler.stats.inc_value(stats.REFUSED + reason)

    async def _download_request(self, request: Request, spider: object = None) -> Response:
        """Raises OutOfScope where the page itself leads to an address that is not to be asked."""
        self._refusals.clear()
        drawing = Drawing(self._crawler, self._scope, request, self._scripts)
        request.meta["playwright_page_init_callback"] = drawing.attend
        request.meta["playwright_page_methods"] = [PageMethod(drawing.settle)]
        try:
            return cast("Response", await super()._download_request(request, spider))
        except BrowserError as error:
            # A page that does not come asks for nothing else: what was refused is the page itself.
            if not self._refusals or not any(words in str(error) for words in NO_PAGE):
                raise
            word = self._refusals[-1]
            raise OutOfScope(word, f"{request.url} leads to an address that was not requested: {word}") from error
        finally:
            drawing.end()

    @property
    def _scope(self) -> Scope:
        return cast("Scope", cast("Any", self._crawler.spider).scope)
