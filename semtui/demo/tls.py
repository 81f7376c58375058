"""Certificates for the demo organization, made with the `openssl` program when it starts.

Nothing secret stays on disk: the authority's key signs one certificate and is deleted, and so is the server's key once
it has been read. Only the authority's certificate is left, in a file that clients are told to trust.
"""

import os
import secrets
import shutil
import socket
import ssl
import subprocess
import tempfile
from pathlib import Path

FIRST_LINE = (
    "# The certificate authority of a semtui demo organization. It has signed one certificate, for this computer."
)
DAYS = 30

SETTINGS = """\
[req]
prompt = no
distinguished_name = name
[name]
CN = {name}
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = IP:127.0.0.1, IP:::1, DNS:localhost
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


class TlsError(Exception):
    """No certificate could be made; the message says why and what to do."""


class Tls:
    """A certificate for this computer, and the file of the authority that signed it."""

    errors: tuple[type[Exception], ...] = (ssl.SSLError,)
    """The errors a client that disconnects causes."""

    def __init__(self, ca_file: Path) -> None:
        """Make the certificate and write the authority's. Raises TlsError if either fails."""
        _check_ours(ca_file)
        self.ca_file = ca_file
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        with tempfile.TemporaryDirectory(prefix="semtui-demo-") as directory:
            made = Path(directory)
            _make_certificates(made)
            self._context.load_cert_chain(made / "server.pem", made / "server.key")
            authority = (made / "authority.pem").read_text("ascii")
        try:
            ca_file.write_text(f"{FIRST_LINE}\n{authority}", "ascii")
        except OSError as error:
            raise TlsError(f"Cannot write {ca_file}: {error.strerror}.") from error

    def wrap(self, connection: socket.socket) -> socket.socket:
        """The encrypted side of an accepted connection; the handshake comes with the first read."""
        return self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)


def _check_ours(ca_file: Path) -> None:
    """Refuse to overwrite a file that this program did not write."""
    if ca_file.exists() and not ca_file.is_file():
        raise TlsError(f"{ca_file} is not a file: name one that does not exist yet.")
    try:
        with ca_file.open("rb") as file:
            first = file.readline(len(FIRST_LINE) + 1)
    except FileNotFoundError:
        return
    except OSError as error:
        raise TlsError(f"Cannot read {ca_file}: {error.strerror}.") from error
    if first.rstrip() != FIRST_LINE.encode():
        raise TlsError(f"{ca_file} exists and was not made by this program: name another file.")


def _make_certificates(directory: Path) -> None:
    program = shutil.which("openssl")
    if program is None:
        raise TlsError("--tls makes its certificate with the openssl program: install it, or leave out --tls.")
    for name in ("authority", "server"):
        (directory / f"{name}.cnf").write_text(SETTINGS.format(name=f"semtui demo {name}"), "ascii")
        _run(directory, program, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")
    own = ("-x509", "-new", "-config", "authority.cnf", "-extensions", "authority", "-key", "authority.key")
    _run(directory, program, "req", *own, *_validity(), "-out", "authority.pem")
    asked = ("-new", "-config", "server.cnf", "-key", "server.key", "-out", "server.csr")
    _run(directory, program, "req", *asked)
    signed = ("-req", "-in", "server.csr", "-CA", "authority.pem", "-CAkey", "authority.key")
    extensions = ("-extfile", "server.cnf", "-extensions", "server")
    _run(directory, program, "x509", *signed, *_validity(), *extensions, "-out", "server.pem")


def _validity() -> tuple[str, ...]:
    serial = secrets.randbits(63) | 1
    return ("-sha256", "-days", str(DAYS), "-set_serial", f"0x{serial:x}")


def _run(directory: Path, program: str, *arguments: str) -> None:
    # No settings of the system's or the user's, only those given here.
    environment = {**os.environ, "OPENSSL_CONF": os.devnull}
    try:
        done = subprocess.run(
            [program, *arguments],
            cwd=directory,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except OSError as error:
        raise TlsError(f"{program} could not be run: {error.strerror}.") from error
    except subprocess.TimeoutExpired as error:
        raise TlsError(f"{program} {arguments[0]} did not end within a minute, so there is no certificate.") from error
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise TlsError(f"{program} {arguments[0]} failed, so there is no certificate: {last}")
