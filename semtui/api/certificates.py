"""Which certificate authorities are trusted, and why a certificate is not, in words.

Trusted are httpx's defaults, or those of SSL_CERT_FILE and SSL_CERT_DIR in their place; in addition those of --ca-file
and, if neither SSL variable is set, of REQUESTS_CA_BUNDLE or else CURL_CA_BUNDLE.
"""

from __future__ import annotations

import functools
import os
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from semtui.system.errors import ConfigurationError
from semtui.system.regular_files import IrregularFileError, open_regular
from semtui.text.clean import clean

_IN_PLACE = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_ON_TOP = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_OPTION = "--ca-file"
_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
"""The file names OpenSSL looks for in a directory; `openssl rehash` creates them."""

Certificate = dict[str, Any]
"""In the form `ssl.SSLSocket.getpeercert` returns."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A file or directory of certificates, and the option or variable that names it."""

    name: str
    path: str

    def refusal(self, problem: str) -> ConfigurationError:
        remedy = (
            f"give {_OPTION} another" if self.name == _OPTION else f"{self.name} names it, so correct or unset that"
        )
        return ConfigurationError(f"{clean(self.path, limit=400)} {problem}; {remedy}.")


def tls_context(ca_file: Path | None, environ: Mapping[str, str]) -> ssl.SSLContext:
    """The context that verifies Semaphore's certificate. Cached: loading the authorities takes as long as a request.

    Raises ConfigurationError.
    """
    named = {name: value for name in (*_IN_PLACE, *_ON_TOP) if (value := environ.get(name, "").strip())}
    in_place = [_Source(name, named[name]) for name in _IN_PLACE if name in named]
    on_top = [] if in_place else [_Source(name, named[name]) for name in _ON_TOP if name in named][:1]
    if ca_file is not None:
        on_top.append(_Source(_OPTION, str(ca_file)))
    return _context(tuple(in_place), tuple(on_top))


@functools.cache
def _context(in_place: tuple[_Source, ...], on_top: tuple[_Source, ...]) -> ssl.SSLContext:
    for source in (*in_place, *on_top):
        _check_certificates(source)
    # Python would write every connection's keys to that file.
    os.environ.pop("SSLKEYLOGFILE", None)
    if in_place:
        files = {source.name: source.path for source in in_place}
        context = ssl.create_default_context(cafile=files.get("SSL_CERT_FILE"), capath=files.get("SSL_CERT_DIR"))
    else:
        from semtui.api.httpx_alone import httpx

        context = httpx.create_ssl_context(trust_env=False)
    for source in on_top:
        _load(context, source)
    context.sslobject_class = _CertificateRecorder
    return context


def _load(context: ssl.SSLContext, source: _Source) -> None:
    if os.path.isdir(source.path):
        context.load_verify_locations(capath=source.path)
    else:
        context.load_verify_locations(cafile=source.path)


def _check_certificates(source: _Source) -> None:
    """Raises ConfigurationError."""
    try:
        if source.name == "SSL_CERT_DIR" or (source.name in _ON_TOP and os.path.isdir(source.path)):
            if not _hashed(source.path):
                raise source.refusal(
                    "holds no certificates under names that OpenSSL finds (run `openssl rehash` on it)"
                )
            return
        os.close(open_regular(source.path))
        probe = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        probe.load_verify_locations(cafile=source.path)
    except IrregularFileError:
        raise source.refusal("is not a regular file") from None
    except ssl.SSLError:
        raise source.refusal("holds no certificates in PEM form") from None
    except (OSError, ValueError) as error:
        reason = clean(getattr(error, "strerror", None) or "unknown error")
        raise source.refusal(f"cannot be read ({reason})") from None
    if not probe.cert_store_stats()["x509"]:
        raise source.refusal("holds no certificates in PEM form")


def _hashed(directories: str) -> bool:
    """Whether OpenSSL finds a certificate there. Raises OSError for a single directory that cannot be listed."""
    # OpenSSL accepts several directories; one that can be used is enough.
    paths = directories.split(os.pathsep)
    listed = [os.listdir(path) for path in paths if len(paths) == 1 or os.path.isdir(path)]
    return any(_HASHED.fullmatch(name) for names in listed for name in names)


class _CertificateRecorder(ssl.SSLObject):
    """Keeps the certificate that failed verification; Python's error has only a number."""

    def do_handshake(self) -> None:
        try:
            super().do_handshake()
        except ssl.SSLCertVerificationError as error:
            error.shown = _shown_to(self)  # type: ignore[attr-defined]
            raise


def _shown_to(connection: ssl.SSLObject) -> list[Certificate]:
    # Public only since Python 3.13, and there not readable; without it the explanation is less detailed.
    chain = getattr(getattr(connection, "_sslobj", None), "get_unverified_chain", None)
    try:
        return [certificate.get_info() for certificate in chain() or ()] if chain else []
    except (ssl.SSLError, ValueError, AttributeError):
        return []


# Why not, in words

_NOT_YET, _EXPIRED, _OTHER_NAME, _OTHER_ADDRESS = 9, 10, 62, 64
_UNKNOWN = (2, 18, 19, 20, 21)
"""OpenSSL's error numbers for an issuer that is not trusted."""


def verification_error(error: ssl.SSLCertVerificationError, host: str, *, given: bool) -> str:
    """What is wrong with the host's certificate, worded to follow "cannot be reached:"; `given` if --ca-file was."""
    chain: list[Certificate] = getattr(error, "shown", None) or []
    leaf = chain[0] if chain else {}
    if error.verify_code in _UNKNOWN:
        return _unknown_authority(chain, given)
    by = f" (it was issued by {issuer})" if (issuer := _name(leaf.get("issuer"))) else ""
    if error.verify_code == _EXPIRED:
        return f"{_out_of_time(chain, 'notAfter', 'expired on', 'expired')}{by}"
    if error.verify_code == _NOT_YET:
        today = f"; this computer's clock says {_day(time.time())}"
        return f"{_out_of_time(chain, 'notBefore', 'is not valid before', 'is not valid yet')}{by}{today}"
    if error.verify_code in (_OTHER_NAME, _OTHER_ADDRESS):
        names = _names(leaf)
        return f"its TLS certificate is for {names or 'another name'}, not for {host}{by}"
    return f"its TLS certificate cannot be verified ({clean(error.verify_message, limit=100)}){by}"


def _unknown_authority(chain: list[Certificate], given: bool) -> str:
    top = chain[-1] if chain else {}
    if len(chain) == 1 and top.get("issuer") == top.get("subject"):
        what = "its TLS certificate was issued by nobody but itself"
    else:
        what = f"its TLS certificate comes from {_name(top.get('issuer')) or 'an authority'}, which is not trusted here"
    if chain and (end := _ends(chain[0])) is not None and end < time.time():
        # Trusting its issuer would not be enough.
        return f"{what}, and it expired on {_day(end)}"
    return what if given else f"{what}; if you trust it, name its certificate with {_OPTION}"


def _out_of_time(chain: list[Certificate], end: str, with_date: str, without: str) -> str:
    """Which certificate of the chain is out of its validity, and since or until when."""
    for certificate in chain:
        seconds = _ends(certificate, end)
        if seconds is not None and (seconds < time.time()) == (end == "notAfter"):
            issuer = f"{_name(certificate.get('subject')) or 'an authority'}, which issued its TLS certificate,"
            return f"{'its TLS certificate' if certificate is chain[0] else issuer} {with_date} {_day(seconds)}"
    return f"its TLS certificate {without}"


def _ends(certificate: Certificate, end: str = "notAfter") -> int | None:
    """The start or end of a certificate's validity, in epoch seconds."""
    try:
        return ssl.cert_time_to_seconds(certificate.get(end, ""))
    except ValueError:
        return None


def _names(certificate: Certificate) -> str:
    """The names a certificate is valid for, at most three."""
    found = [value for _, value in certificate.get("subjectAltName", ())] or [_name(certificate.get("subject"))]
    shown = [clean(str(name), limit=100) for name in found[:3] if name]
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return ", ".join(shown) + more


def _name(subject: Any) -> str:
    """The most descriptive part of a subject or issuer name."""
    parts = {key: value for group in subject or () for key, value in group}
    for key in ("commonName", "organizationalUnitName", "organizationName"):
        if parts.get(key):
            return f"“{clean(str(parts[key]), limit=100)}”"
    return ""


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))
