"""The names of all counters under `giar/`: every drop, repair, skip, default and block of a walk is one of them.

`docs/operating.md` has the same table; a test holds the two together. A name that ends in `/` is a family: the word behind it is an
outcome or a reason.
"""

from __future__ import annotations

REQUESTS = "giar/requests"
PAGES = "giar/pages"
PAGES_HOME = "giar/pages/home"
PAGES_NAVIGATION = "giar/pages/navigation"
PAGES_LIST = "giar/pages/list"
PAGES_SITEMAP = "giar/pages/sitemap"
SEARCHES = "giar/pages/search"
PAGES_REPORT = "giar/pages/report"
PAGES_PART = "giar/pages/part"
PAGES_DUPLICATE = "giar/pages/duplicate"
PAGES_MISSING = "giar/pages/missing"
PAGES_SOFT_MISSING = "giar/pages/soft_missing"
PAGES_OTHERWISE = "giar/pages/otherwise"
PAGES_ERROR = "giar/pages/error/"
PAGES_FAILED = "giar/pages/failed"
PAGES_OUTCOME = "giar/pages/outcome/"
BLOCKED = "giar/blocked/"
REFUSED = "giar/refused/"
HOSTS_TAKEN = "giar/hosts/taken"
LINKS_FOREIGN = "giar/links/foreign"
LINKS_BAD = "giar/links/bad"
LINKS_CRUMB = "giar/links/crumb"
LINKS_ORGAN = "giar/links/organ"
ENTRIES = "giar/entries"
ENTRIES_REPORT = "giar/entries/report"
ENTRIES_DOUBTFUL = "giar/entries/doubtful"
ENTRIES_OTHER = "giar/entries/other"
ENTRIES_ATTACHMENT = "giar/entries/attachment"
ENTRIES_OTHER_YEAR = "giar/entries/other_year"
ENTRIES_OVER_LIMIT = "giar/entries/over_limit"
LISTS_REPEATED = "giar/lists/repeated"
LISTS_ENDED = "giar/lists/ended"
LISTS_SHORT = "giar/lists/short"
LISTS_UNTURNED = "giar/lists/unturned"
HOST_REQUESTS = "giar/host_requests/"
HOST_GAP = "giar/host_gap/"
BUDGET = "giar/budget/"
PLATFORM = "giar/platform/"
DELAY_RAISED = "giar/delay_raised/"
WIRE_ENCODING = "giar/wire_encoding_mended"
REPORTS = "giar/reports"
REPORTS_INSERTED = "giar/reports/inserted"
REPORTS_CHANGED = "giar/reports/changed"
REPORTS_UNCHANGED = "giar/reports/unchanged"
REPORTS_OTHER_YEAR = "giar/reports/other_year"
REPORTS_GONE = "giar/reports/gone"
FINDINGS_PARSER = "giar/findings/parser"
REPORTS_NOT_MODIFIED = "giar/reports/not_modified"
KNOWN_RESTING = "giar/known_resting"
KNOWN_ASKED = "giar/known_asked"
STOPPED = "giar/stopped"
ARCHIVE_UNREADABLE = "giar/archive/unreadable"
OUTCOME = "giar/portal_outcome"
REASONS = "giar/portal_reasons/"

# What each of them counts, as the docs print it.
MEANINGS: dict[str, str] = {
    REQUESTS: "requests that went over the wire, robots.txt and repeats among them",
    PAGES: "pages that arrived, from the wire or from the archive",
    PAGES_HOME: "home pages read",
    PAGES_NAVIGATION: "pages read on the way to a list",
    PAGES_LIST: "list pages read",
    PAGES_SITEMAP: "files of site maps read because nothing else led to a list",
    SEARCHES: "words of reports that the portal's own search was asked for because nothing else led to a list",
    PAGES_REPORT: "pages handed to the reading",
    PAGES_PART: "further pages of reports that are printed on several",
    PAGES_DUPLICATE: "pages that a redirect led to twice; the second was dropped",
    PAGES_MISSING: "pages answered with 404 or 410",
    PAGES_SOFT_MISSING: "pages that say 'not found' with status 200, or lead back to the home page",
    PAGES_OTHERWISE: "list pages asked for again in another way, because the server refused the first",
    PAGES_ERROR: "pages that failed after all repeats, by reason",
    PAGES_FAILED: "pages on which the reading failed with an unexpected exception",
    PAGES_OUTCOME: "pages by the outcome of their reading",
    BLOCKED: "what came in the place of a page, by kind (challenge, captcha, firewall, login wall, closed); never solved or repeated",
    REFUSED: "requests that were not made: foreign host, private address, scheme, length, robots.txt, too much lost …",
    HOSTS_TAKEN: "hosts below the portal's own name that its pages of disclosure led to and that were asked too",
    LINKS_FOREIGN: "links to hosts that the portal does not own; not followed",
    LINKS_BAD: "links that are no usable address",
    LINKS_CRUMB: "columns that the breadcrumb of a report named which no list had linked",
    LINKS_ORGAN: "organs asked that only a page of the disclosure platform links; the rest of a table only where the first led to reports",
    ENTRIES: "entries of lists",
    ENTRIES_REPORT: "entries taken for annual reports",
    ENTRIES_DOUBTFUL: "entries that may be annual reports, fetched up to a limit",
    ENTRIES_OTHER: "entries taken for something else",
    ENTRIES_ATTACHMENT: "entries that are files instead of pages; not fetched yet",
    ENTRIES_OTHER_YEAR: "entries whose title names a report year outside `--years`; not fetched",
    ENTRIES_OVER_LIMIT: "entries left for `--limit`",
    LISTS_REPEATED: "list pages with the content of an earlier one; not followed",
    LISTS_ENDED: "lists left because their pages brought nothing new",
    LISTS_SHORT: "lists that brought fewer entries than they say that they have",
    LISTS_UNTURNED: "lists that say that they have a second page, and nothing tells its address",
    HOST_REQUESTS: "requests by host",
    HOST_GAP: "the smallest time between the starts of two requests to a host, of any process, in seconds",
    BUDGET: "budgets that ended, by name",
    PLATFORM: "list pages by platform family",
    DELAY_RAISED: "delays raised, by reason (crawl_delay, retry_after, backoff)",
    WIRE_ENCODING: "answers whose Content-Encoding was wrong and was mended",
    REPORTS: "reports read: inserted, changed or unchanged",
    REPORTS_INSERTED: "reports that were new",
    REPORTS_CHANGED: "reports with a new version",
    REPORTS_UNCHANGED: "reports that were as before",
    REPORTS_OTHER_YEAR: "reports outside `--years`; read, not stored",
    REPORTS_GONE: "reports that vanished",
    FINDINGS_PARSER: "findings that blame the reading itself",
    REPORTS_NOT_MODIFIED: "reports of which the server said that they are as they were (304)",
    KNOWN_RESTING: "known reports that a list still links and that were not due to be asked for again",
    KNOWN_ASKED: "known reports that no list linked any more, asked for directly",
    STOPPED: "why the run had to stop: what the database or the archive said",
    ARCHIVE_UNREADABLE: "archived pages that could not be read and were asked for again",
    OUTCOME: "the portal's outcome",
    REASONS: "why the outcome is not `ok`",
}
