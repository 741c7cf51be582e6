"""What was seen, when, and around what: the page archive, behind Scrapy's cache interface, and its reader."""

from giar_crawler.archive.errors import ArchiveError
from giar_crawler.archive.reader import archive_files, read_page, read_pages

__all__ = ["ArchiveError", "archive_files", "read_page", "read_pages"]
