"""The closed set of outcomes, for a page and for a portal. Every page and every portal ends in exactly one of them."""

from __future__ import annotations

from enum import StrEnum


class PageOutcome(StrEnum):
    """What became of a page, in the order of precedence: the first that applies is the page's outcome."""

    NOT_A_REPORT = "not_a_report"
    UNREADABLE = "unreadable"
    MIRROR = "mirror"
    ENCODING_UNSURE = "encoding_unsure"
    LAYOUT_UNKNOWN = "layout_unknown"
    ATTACHMENT_ONLY = "attachment_only"
    IMAGE_ONLY = "image_only"
    FORM_UNKNOWN = "form_unknown"
    OK = "ok"


class PortalOutcome(StrEnum):
    """What became of a portal's walk, or of one report year of a portal."""

    OK = "ok"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    GONE = "gone"
    REDIRECTED_AWAY = "redirected_away"
    ROBOTS_DISALLOWED = "robots_disallowed"
    PARTIAL = "partial"
    NO_LIST_FOUND = "no_list_found"
    LIST_WITHOUT_REPORTS = "list_without_reports"
    NOT_CRAWLED = "not_crawled"
    NOT_DUE = "not_due"
    NOT_EXPECTED = "not_expected"
    NOT_FOUND = "not_found"
    NOT_PUBLISHED = "not_published"


# What a publisher got wrong, and mirrors, are data; these are failures of an input or of a portal and set exit code 1.
FAILED_PAGES = frozenset(
    {
        PageOutcome.NOT_A_REPORT,
        PageOutcome.UNREADABLE,
        PageOutcome.ENCODING_UNSURE,
        PageOutcome.LAYOUT_UNKNOWN,
        PageOutcome.FORM_UNKNOWN,
    }
)
FAILED_PORTALS = frozenset(
    {
        PortalOutcome.BLOCKED,
        PortalOutcome.UNREACHABLE,
        PortalOutcome.GONE,
        PortalOutcome.REDIRECTED_AWAY,
        PortalOutcome.ROBOTS_DISALLOWED,
        PortalOutcome.NO_LIST_FOUND,
        PortalOutcome.LIST_WITHOUT_REPORTS,
        PortalOutcome.NOT_CRAWLED,
    }
)
