"""Why a request was not made, or its answer not used. Each is an `IgnoreRequest`, so that Scrapy neither logs nor repeats it."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class Refusal(IgnoreRequest):
    """The base; `reason` is one word for the counters."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class OutOfScope(Refusal):
    """The address is not the portal's: foreign or private host, scheme, length."""


class RobotsForbid(Refusal):
    """robots.txt forbids the address, or could not be had because its server fails (RFC 9309, section 2.3.1.4)."""


class Blocked(Refusal):
    """The answer is a challenge or a ban instead of the page."""
