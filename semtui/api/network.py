"""Checks the proxy and certificate settings before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.api.proxies import proxy_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def check_connection_settings(base_url: str, ca_file: Path | None, environ: Mapping[str, str]) -> None:
    """Raises ConfigurationError if the proxy or certificate settings make every request impossible."""
    proxy_of(base_url, environ)
    # Without a file or variable there is nothing to check, and importing the check is slow.
    if base_url.startswith("https:") and (ca_file is not None or has_ca_variables(environ)):
        from semtui.api.certificates import tls_context

        tls_context(ca_file, environ)


def has_ca_variables(environ: Mapping[str, str]) -> bool:
    """True if an environment variable names certificate authorities."""
    names = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    return any(environ.get(name, "").strip() for name in names)
