"""Why a request was not made, or its answer not used. Each is an `IgnoreRequest`, so that Scrapy neither logs nor repeats it."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response


class Refusal(IgnoreRequest):
    """The base; `reason` is one word for the counters, `response` the answer that was refused, `None` where nobody was asked."""

    def __init__(self, reason: str, message: str, response: Response | None = None) -> None:
        super().__init__(message)
        self.reason, self.response = reason, response


class OutOfScope(Refusal):
    """The address is not the portal's: foreign or private host, scheme, length."""


class RobotsForbid(Refusal):
    """robots.txt forbids the address, or could not be had because its server fails (RFC 9309, section 2.3.1.4)."""


class Blocked(Refusal):
    """The answer is a challenge or a ban instead of the page."""


class NoPage(Refusal):
    """The answer is a login wall, the notice of a closed portal or a domain that is for sale instead of the page."""


class PrivateAddress(Refusal):
    """The host's name leads to an address that is not of the public internet."""


class GaveUp(Refusal):
    """The portal cost too much time without an answer; it is not asked again in this walk."""


class NotNow(Refusal):
    """The request would be too early or too much: closing hours, daily cap, a rest that the host asked for, a busy or dead host."""
