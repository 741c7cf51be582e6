"""Lists that a script draws: for portals with `render: true` the pages on the way and the lists are drawn by a real Chromium.

Needs the extra `browser` (scrapy-playwright) and a Chromium of the system; both are looked for only when a portal wants them. Reports are
fetched as ever: what is archived and read of them is what the server sent. The browser asks nobody but the portal's own hosts.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from giar_crawler.register import Portal

HANDLER = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# What a list does not need.
UNNEEDED = frozenset({"image", "media", "font"})
# A list is there when the number of links is the same at two looks in a row; milliseconds between looks.
LOOKS, PAUSE = 30, 300
LONGEST = 30_000


class NoBrowserError(Exception):
    """The portal wants a browser and there is none; the message says what to install."""


async def _settled(page: Any) -> None:  # noqa: ANN401 # playwright's page, which is imported only when used
    """Waits until scripts have drawn the page's links; not for `load`, which counters and maps put off for ever."""
    before = 0
    for _ in range(LOOKS):
        links = await page.evaluate("document.links.length")
        if links and links == before:
            return
        before = links
        await page.wait_for_timeout(PAUSE)


def _aborts(portal: Portal) -> Callable[[Any], bool]:
    """Which of the browser's requests are not made: to other hosts, and for what no list needs."""

    def abort(request: Any) -> bool:  # noqa: ANN401 # as above
        parts = urlsplit(request.url)
        return request.resource_type in UNNEEDED or parts.scheme not in ("http", "https") or not portal.owns(parts.netloc)

    return abort


def rendering_settings(portal: Portal) -> dict[str, Any]:
    """The settings of a crawler whose portal is drawn. Raises NoBrowserError."""
    try:
        import scrapy_playwright  # noqa: F401, PLC0415 # an extra
    except ImportError as error:
        raise NoBrowserError(f"{portal.id} has render: true; install the extra: pip install -e '.[browser]'") from error
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise NoBrowserError(f"{portal.id} has render: true and no Chromium was found ({', '.join(BROWSERS)}); install one")
    return {
        "DOWNLOAD_HANDLERS": {"http": HANDLER, "https": HANDLER},
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        # The sandbox of Chromium does not start as root, as which containers run.
        "PLAYWRIGHT_LAUNCH_OPTIONS": {"executable_path": browser, "args": ["--no-sandbox", "--disable-dev-shm-usage"]},
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": LONGEST,
        "PLAYWRIGHT_ABORT_REQUEST": _aborts(portal),
        "PLAYWRIGHT_MAX_CONTEXTS": 1,
    }


def rendering_meta() -> dict[str, Any]:
    """What a request carries whose page is to be drawn."""
    from scrapy_playwright.page import PageMethod  # noqa: PLC0415 # an extra

    return {
        "playwright": True,
        "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded"},
        "playwright_page_methods": [PageMethod(_settled)],
    }
