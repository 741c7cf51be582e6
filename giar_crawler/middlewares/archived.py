"""The archive between the walk and the wire: Scrapy's cache, which also keeps, and offline repeats, that no answer came."""

from __future__ import annotations

from typing import cast

from scrapy import Request
from scrapy.downloadermiddlewares.httpcache import HttpCacheMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from giar_crawler.archive import ArchiveError
from giar_crawler.archive.cache import WarcCacheStorage
from giar_crawler.archive.errors import FailedThen
from giar_crawler.spiders.failures import failure_reason
from pipelines.storage import StorageError

# What we refused ourselves, could not keep, or have from the archive says nothing new of the server.
OURS = (IgnoreRequest, ArchiveError, StorageError, FailedThen)


class Archived(HttpCacheMiddleware):
    """Every attempt is kept, as every answer is: the last one counts."""

    def process_request(self, request: Request) -> Request | Response | None:  # type: ignore[override] # the spider is Scrapy's past
        """What the archive has in place of the server. Raises FailedThen offline, where the last attempt brought nothing."""
        if not request.meta.get("dont_cache") and (failure := self._archive.retrieve_failure(request)) is not None:
            raise failure
        return super().process_request(request)

    def process_exception(self, request: Request, exception: Exception) -> None:  # type: ignore[override] # as above
        """Archives that no answer came."""
        if request.meta.get("dont_cache") or isinstance(exception, OURS):
            return
        assert self.crawler.spider is not None  # noqa: S101 - it made the request
        self._archive.store_failure(self.crawler.spider, request, failure_reason(exception), str(exception) or type(exception).__name__)

    @property
    def _archive(self) -> WarcCacheStorage:
        return cast("WarcCacheStorage", self.storage)
