"""Which page did not come, and why, in one word."""

from __future__ import annotations

from OpenSSL import SSL
from scrapy import Request, exceptions
from scrapy.exceptions import IgnoreRequest
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from giar_crawler.archive.errors import FailedThen
from giar_crawler.middlewares.refusals import Refusal

# The first that fits; what is none of these is a broken connection.
BY_EXCEPTION: tuple[tuple[type[BaseException], str], ...] = (
    (exceptions.CannotResolveHostError, "dns"),
    (exceptions.DownloadConnectionRefusedError, "refused"),
    (exceptions.DownloadTimeoutError, "timeout"),
    (exceptions.DownloadCancelledError, "too_large"),
    (exceptions.UnsupportedURLSchemeError, "scheme"),
)
BY_MESSAGE = (("not in cache", "not_in_archive"), ("max redirections", "redirects"))


def unanswered(failure: Failure) -> Request:
    """The request that brought no answer."""
    request: Request = failure.request  # type: ignore[attr-defined] # Scrapy sets it
    return request


def failure_reason(error: BaseException | None) -> str:
    """One word for the counters: `dns`, `refused`, `timeout`, `tls`, `connection`, `too_large` …, or a refusal's own."""
    if isinstance(error, Refusal | FailedThen):
        return error.reason
    if isinstance(error, IgnoreRequest):
        # Scrapy raises these with a message only.
        return next((word for mark, word in BY_MESSAGE if mark in str(error)), "ignored")
    if error is not None and _of_tls(error.__cause__):
        return "tls"
    return next((word for kind, word in BY_EXCEPTION if isinstance(error, kind)), "connection")


def _of_tls(cause: BaseException | None) -> bool:
    """Whether a request failed because the two sides have no version, cipher or key of TLS in common."""
    return isinstance(cause, ResponseFailed) and any(isinstance(reason.value, SSL.Error) for reason in cause.reasons)
