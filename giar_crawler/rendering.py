"""Lists that a script draws: for portals with `render: true` the pages on the way and the lists are drawn by a real Chromium.

Needs the extra `browser` (scrapy-playwright) and a Chromium of the system; both are looked for only when a portal wants them. Reports are
fetched as ever: what is archived and read of them is what the server sent; of what is drawn the archive has both. What a page asks by
itself waits in `drawing.py` for its turn, and whatever the browser asks goes through `gate.py`.
"""

from __future__ import annotations

import shutil
from typing import Any

from giar_crawler.register import Portal

HANDLER = "giar_crawler.browser.Browser"
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# The sandbox of Chromium does not start as root, as which containers run; calls between browsers go past proxies.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp"]
# Milliseconds until the document is read, with the scripts that it waits for, each in its turn.
LONGEST = 90_000


class NoBrowserError(Exception):
    """The portal wants a browser and there is none; the message says what to install."""


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
        "PLAYWRIGHT_MAX_CONTEXTS": 1,
        # What a worker asks for its pages would come from nobody's page.
        "PLAYWRIGHT_CONTEXTS": {"default": {"service_workers": "block"}},
    }


def rendering_meta() -> dict[str, Any]:
    """What a request carries whose page is to be drawn."""
    return {"playwright": True, "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded"}}
