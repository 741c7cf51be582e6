"""What can go wrong with the page archive."""

from __future__ import annotations


class ArchiveError(Exception):
    """The archive cannot be written or has no such record; the message names the file, what was found and what to do."""
