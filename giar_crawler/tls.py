"""HTTPS with servers that know only what OpenSSL has put away: TLS 1.0 and 1.1, short keys, SHA-1, no secure renegotiation.

Scrapy's settings don't reach them: Twisted expands a cipher string into names and so drops its `@SECLEVEL`. Portals with `tls: legacy` in
the register get this handler, and as a crawler walks one portal, nobody else does.
"""

from __future__ import annotations

from typing import Any, cast

from OpenSSL import SSL
from scrapy.core.downloader.contextfactory import _ScrapyCertificateOptions, _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from twisted.internet.ssl import TLSVersion

# Everything that encrypts and knows the server's key, at the level without demands on keys and digests.
CIPHERS = b"ALL:!aNULL:!eNULL:@SECLEVEL=0"
# SSL_OP_LEGACY_SERVER_CONNECT and SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION of openssl/ssl.h, which pyOpenSSL does not name.
RENEGOTIATION = 0x4 | 0x40000


class _LegacyOptions(_ScrapyCertificateOptions):
    def _makeContext(self, skipCiphers: bool = False) -> SSL.Context:  # noqa: ARG002, N802, N803 # Twisted's
        # Setting the ciphers freezes a context: it comes last, and once.
        context = super()._makeContext(skipCiphers=True)
        context.set_options(RENEGOTIATION)
        context.set_cipher_list(CIPHERS)
        return context


class LegacyContextFactory(_ScrapyClientContextFactory):
    """Scrapy's, with contexts that accept old servers."""

    def _get_cert_options(self) -> Any:  # noqa: ANN401 # Twisted has no types for it
        return _LegacyOptions(**self._get_cert_options_kwargs())


class LegacyHandler(HTTP11DownloadHandler):
    """For `DOWNLOAD_HANDLERS`: https with old servers."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._contextFactory = cast("Any", LegacyContextFactory)(tls_min_version=TLSVersion.TLSv1_0)
