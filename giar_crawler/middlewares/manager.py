"""The way of a request through the middlewares: Scrapy makes a coroutine, and a name for warnings, of all that thirty methods give."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.core.downloader.middleware import DownloaderMiddlewareManager
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.defer import ensure_awaitable


class Middlewares(DownloaderMiddlewareManager):
    """Scrapy's, which waits only for what has to be waited for."""

    def _check_mw_method_spider_arg(self, method: Callable[..., Any]) -> None:
        """Nothing: Scrapy's own manager has looked."""

    async def _process_request(
        self, request: Request, download_func: Callable[[Request], Coroutine[Any, Any, Response]]
    ) -> Response | Request:
        for method in self.methods["process_request"]:
            given = method(request=request)  # type: ignore[misc] # methods of requests are never None
            answer: Response | Request | None = given
            if given is not None and not isinstance(given, Response | Request):
                answer = await ensure_awaitable(given)
            if answer is not None:
                return answer
        return await download_func(request)

    async def _process_response(self, response: Response | Request, request: Request) -> Response | Request:
        for method in self.methods["process_response"]:
            if isinstance(response, Request):
                break
            given = method(request=request, response=response)  # type: ignore[misc] # as above
            response = given if isinstance(given, Response) else await ensure_awaitable(given)
        return response


class QuickDownloader(Downloader):
    """Scrapy's, with the middlewares above."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.middleware = Middlewares(*self.middleware.middlewares, crawler=crawler)
