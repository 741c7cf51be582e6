"""What can go wrong with the page archive."""

from __future__ import annotations


class ArchiveError(Exception):
    """The archive cannot be written or has no such record; the message names the file, what was found and what to do."""


class FailedThen(Exception):
    """A request that brought no answer when it was made, as the archive has it; `reason` is one word, the message what was said then."""

    def __init__(self, reason: str, said: str) -> None:
        super().__init__(said)
        self.reason = reason
