"""Lists that a script draws: for portals with `render: true` the pages on the way and the lists are drawn by a real Chromium.

Needs the extra `browser` (scrapy-playwright) and a Chromium of the system; both are looked for only when a portal wants them. Reports are
fetched as ever: what is archived and read of them is what the server sent; of what is drawn the archive has both. Whatever the browser
asks goes through `gate.py`.
"""

from __future__ import annotations

import shutil
from typing import Any

from giar_crawler.archive.writer import SENT, Sent
from giar_crawler.register import Portal

HANDLER = "giar_crawler.browser.Browser"
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# The sandbox of Chromium does not start as root, as which containers run; calls between browsers go past proxies.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp"]
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


def _is_unneeded(request: Any) -> bool:  # noqa: ANN401 # as above
    return request.resource_type in UNNEEDED


async def _keep_sent(page: Any, request: Any) -> None:  # noqa: ANN401 # playwright's page and Scrapy's request, imported only when used
    """Has what the server sends for the page itself kept for the archive; what is drawn of it is another thing."""

    async def keep(response: Any) -> None:  # noqa: ANN401 # as above
        if not response.request.is_navigation_request() or response.frame != page.main_frame or 300 <= response.status < 400:
            return
        # Playwright gives the body without its content coding, and so without the length that it had.
        left_out = {"content-encoding", "content-length"}
        headers = [(each["name"].encode(), each["value"].encode()) for each in await response.headers_array()]
        request.meta[SENT] = Sent([pair for pair in headers if pair[0].decode().lower() not in left_out], await response.body())

    page.on("response", keep)


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
        "PLAYWRIGHT_LAUNCH_OPTIONS": {"executable_path": browser, "args": ARGUMENTS},
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": LONGEST,
        "PLAYWRIGHT_ABORT_REQUEST": _is_unneeded,
        "PLAYWRIGHT_MAX_CONTEXTS": 1,
    }


def rendering_meta() -> dict[str, Any]:
    """What a request carries whose page is to be drawn."""
    from scrapy_playwright.page import PageMethod  # noqa: PLC0415 # an extra

    return {
        "playwright": True,
        "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded"},
        "playwright_page_methods": [PageMethod(_settled)],
        "playwright_page_init_callback": _keep_sent,
    }
