"""What is right about the demo's reports, for whoever wants to check a walk or a reading."""

from __future__ import annotations

from demo.content import Report
from demo.places import PORT
from demo.sites import Site, sites


def _entry(site: Site, path: str, report: Report, port: int) -> dict[str, object]:
    return {
        "url": f"http://{report.portal.host}:{port}{path}",
        "portal": report.portal.id,
        "title": report.title,
        "report_year": report.year,
        "published_date": report.published.isoformat(),
        "publisher": report.publisher,
        "publisher_raw": report.printed_publisher if site.portal.id != "demo-dawukou" else report.publisher,
        "scope": report.scope,
        "adcode": report.portal.adcode,
        "site_code": report.portal.site_code,
        "index_number": report.index_number,
        "form": report.form,
        "encoding": report.portal.codec,
        "figures": dict(report.figures),
        "statements": dict(report.statements),
        "ambiguous": dict(report.ambiguous),
        "publisher_errors": [dict(error) for error in report.errors],
    }


def truth(port: int = PORT) -> list[dict[str, object]]:
    """One entry for each report page, in the order of the URLs.

    `figures` holds the table's cells as `INDICATOR|COLUMN`, blank ones as `None`, or, where there is no table, what the sentences state.
    `statements` are what the sentences beside a table state, under the codes of the form of 2014; `ambiguous` are numbers that may be
    read in more than one way. `publisher_errors` names the checks that fail on the page, each with its `column` and `figures`.
    """
    entries = []
    for site in sites().values():
        entries += [_entry(site, path, article.report, port) for path, article in site.articles.items() if article.report]
    return sorted(entries, key=lambda entry: str(entry["url"]))


def others(port: int = PORT) -> list[str]:
    """The URLs of all articles that are no annual reports."""
    return sorted(
        f"http://{host}:{port}{path}" for host, site in sites().items() for path, article in site.articles.items() if article.report is None
    )


def lists(port: int = PORT) -> list[str]:
    """The first page of every column."""
    return sorted(f"http://{host}:{port}{column.path}" for host, site in sites().items() for column in site.columns.values())
