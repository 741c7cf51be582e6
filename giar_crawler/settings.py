"""Scrapy's settings; each that is not Scrapy's default with its reason. Components are named by path, nothing of ours is imported."""

import os
from importlib.metadata import version

BOT_NAME = "giar-crawler"
SPIDER_MODULES = ["giar_crawler.spiders"]

# --- Where things are kept; the command line sets them from its options.
GIAR_DATABASE = os.environ.get("GIAR_DATABASE", "sqlite:///giar.db")
GIAR_ARCHIVE = os.environ.get("GIAR_ARCHIVE", "archive")
GIAR_OFFLINE = False
GIAR_CONTACT = os.environ.get("GIAR_CONTACT", "")
# The folder for what all processes on this machine have to know of each other (middlewares/turns.py); empty: the user's own, by XDG.
GIAR_STATE = os.environ.get("GIAR_STATE", "")
# The run that a walk belongs to, and those that were killed and are continued by it; the runner sets them.
GIAR_RUN: str | None = None
GIAR_KILLED_RUNS: list[str] = []
# Seconds; raises the register's delay, and on loopback may lower it.
GIAR_DELAY: float | None = None

# --- Nothing leaves but what a walk asks for. Scrapy's cookies look domains up in the public suffix list, and the library behind it fetches
# the newest list from GitHub when the first cookie comes; empty, it uses the list that it brings along.
os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""

# --- Who we are: a name, a version, and somebody to write to (the spider adds the contact).
USER_AGENT = f"{BOT_NAME}/{version(BOT_NAME)}"
# Rules of robots.txt are written for names, not for names with versions and addresses.
ROBOTSTXT_USER_AGENT = BOT_NAME

# --- Politeness: portals of counties are small machines.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# One crawler walks one portal, best page first; more requests at once would only wait in line and spoil the order.
CONCURRENT_REQUESTS = 1
DOWNLOAD_DELAY = 1.0
# A response brings one item at most; Scrapy makes so many tasks for each.
CONCURRENT_ITEMS = 1
# Scrapy reads the source of every callback anew for each portal's spider; the linters look for what it warns of.
WARN_ON_GENERATOR_RETURN_VALUE = False
# The delay is a promise in seconds, not an average; middlewares/pacing.py only lengthens it.
DOWNLOAD_DELAY_JITTER = 0
# Off: it sets the delay of a host anew after each answer and so would undo Crawl-delay and Retry-After (middlewares/pacing.py); with one
# request at a time a slow host slows us down by itself.
AUTOTHROTTLE_ENABLED = False
# Seconds that a Retry-After may ask for and is still waited for.
GIAR_LONGEST_RETRY_AFTER = 120.0
# Seconds to which the delay of a host is raised, doubled each time that it is busy and does not say for how long.
GIAR_LONGEST_BACKOFF = 60.0
# Seconds that a host may take in a row without giving any answer, delays, robots.txt and repeats among them; then it is not asked any more
# in this walk. A dead host so costs less than two minutes, and one page may still take its DOWNLOAD_TIMEOUT and be followed by another.
GIAR_PATIENCE = 105.0
RETRY_TIMES = 2
# 522 and 524 come from CDNs, 520 and 523 too; 429 and 503 wait for their Retry-After (middlewares/pacing.py).
RETRY_HTTP_CODES = [500, 502, 503, 504, 520, 522, 523, 524, 408, 429]
# The portal's outcome says it; a log line for each page of a dead host is noise.
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    # Portals with an English edition choose by this.
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip, deflate, br, zstd",
}

# --- Limits against hostile and broken servers.
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
DNS_TIMEOUT = 20
# What requests that bring nothing may cost in a walk, failures in a row and seconds in all, before the portal is left alone
# (middlewares/losses.py): four pages with their repeats, and a quarter of an hour.
GIAR_FAILURES_IN_ROW = 12
GIAR_LOST_SECONDS = 900.0
# A WAF of openresty answers 302 to itself with a cookie once or twice; more is a loop.
REDIRECT_MAX_TIMES = 5
CLOSESPIDER_TIMEOUT = 12 * 3600
# extensions/memory.py looks in its place.
MEMUSAGE_ENABLED = False
# What the process of a run may hold; 0 is no limit. Twenty thousand pages of sixteen portals side by side hold a tenth of it.
GIAR_MEMORY_MB = 2048
# Pages of one portal: on the way to the lists, of lists, of one list that is not the annual reports' own, that only may be reports, in all.
GIAR_NAVIGATION_PAGES = 60
GIAR_LIST_PAGES = 600
GIAR_MIXED_LIST_PAGES = 60
GIAR_DOUBTFUL_PAGES = 40
GIAR_PAGES = 5000
# Known reports are asked for again: (known for fewer days than, days between two looks). Offices correct a report in its first weeks; what
# was edited years later is found within half a year.
GIAR_RECHECKS = [(30, 0), (365, 30), (None, 180)]
# Clicks from the home page.
GIAR_DEPTH = 5

# --- Counters: `giar/` counters say what came.
STATS_CLASS = "giar_crawler.extensions.counters.Counters"

# --- The spider's own sets of addresses decide what is asked twice; Scrapy's filter would drop redirects silently.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"

# Among equals the first found goes first; Scrapy's default reads a list from its end.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"

# --- The archive is the cache: what a killed walk has fetched is not asked again. Recovery never rests on JOBDIR.
HTTPCACHE_ENABLED = True
HTTPCACHE_STORAGE = "giar_crawler.archive.cache.WarcCacheStorage"
REQUEST_FINGERPRINTER_CLASS = "giar_crawler.archive.keys.Fingerprints"
HTTPCACHE_POLICY = "giar_crawler.archive.cache.ArchivePolicy"
# Whose answers stand in place of the server's, by what is asked for: those of this `walk` alone, where it was killed and goes on, or of
# `ever`, once the page came. Lists expire so, known reports are asked for by age (GIAR_RECHECKS), and a file stays what it is.
GIAR_STANDS = {"home": "walk", "list": "walk", "report": "walk", "part": "walk", "attachment": "ever", "robots": "walk", "other": "walk"}

# --- Those of Scrapy's components that have something to do, in their places. One that is set to None is loaded for each portal all the
# same, and each costs every page some tens of microseconds.
# What is asked for is http.
DOWNLOAD_HANDLERS_BASE = dict.fromkeys(("http", "https"), "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler")
# The spider sees every status and decides itself, lists of the register wait in line with everything else, requests get a `meta` of their
# own; the scope refuses long addresses, the visits count the clicks.
SPIDER_MIDDLEWARES_BASE = {"scrapy.spidermiddlewares.referer.RefererMiddleware": 700}
# No portal has a password; the spider follows pages that send their reader on, only where they have no content and within the portal.
DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": 700,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
}
# The others stand where ours have their places.
DOWNLOADER_MIDDLEWARES = {
    # It sees redirects and robots.txt as well.
    "giar_crawler.middlewares.scope.ScopeGuard": 50,
    "giar_crawler.middlewares.robots.Robots": 100,
    # Answers pass from the bottom up: unpacked, judged, then repeated where that helps.
    "giar_crawler.middlewares.blocks.BlockDetection": 580,
    "giar_crawler.middlewares.packing.Unpacking": 590,
    "giar_crawler.middlewares.addresses.AddressGuard": 955,
    "giar_crawler.middlewares.losses.Losses": 960,
    "giar_crawler.middlewares.archived.Archived": 900,
    # Next to the wire: who has a turn at a host holds up all others.
    "giar_crawler.middlewares.pacing.Pacing": 950,
}
# No doors: Scrapy 2.19 opens an HTTP server that runs code sent to it, and to load it takes a tenth of a short walk. No pages by minute,
# for logs that nobody asked for; `giar/` counters say more.
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
    "scrapy.extensions.spiderstate.SpiderState": 0,
}
EXTENSIONS = {
    "giar_crawler.extensions.lifecycle.Lifecycle": 10,
    "giar_crawler.extensions.memory.MemoryLimit": 20,
}
ITEM_PIPELINES = {
    "pipelines.item_pipelines.Decode": 100,
    "pipelines.item_pipelines.Metadata": 200,
    "pipelines.item_pipelines.Statistics": 300,
    "pipelines.item_pipelines.Attachments": 400,
    "pipelines.item_pipelines.Checks": 500,
    "pipelines.item_pipelines.StoreReport": 900,
}

# --- Logs: what a user has to know, on stderr.
LOG_LEVEL = "WARNING"
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# Scrapy's prints every item whole, with the bytes of its page.
LOG_FORMATTER = "giar_crawler.extensions.logs.QuietFormatter"
LOG_COLOR = False
