"""Whom TLS trusts, what the environment says of it, and in words why a certificate is not trusted."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from semtui.api.certificates import tls_context
from semtui.api.client import SemaphoreClient
from semtui.api.errors import NotSentError
from semtui.demo.server import DemoServer
from semtui.session.manager import SessionManager
from semtui.system.errors import ConfigurationError
from semtui.tui.app import SemtuiApp
from tests.cli.test_command_line import (
    ENVIRONMENT,
    TOKEN,
    run,
    sentence,
    settings,
)
from tests.conftest import QUICK, last_line, screen_text, settle
from tests.support.fault_proxy import Wire
from tests.support.middleman import Middleman
from tests.support.terminal import SEMTUI, clean_environment

pytestmark = pytest.mark.anyio

HOST = "acme.example.test"
LONG_AGO, FAR_OFF = datetime(2001, 2, 3, tzinfo=UTC), datetime(2098, 7, 6, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith(("SSL_CERT_", "REQUESTS_CA", "CURL_CA")):
            monkeypatch.delenv(name)


@dataclass
class Place:
    """A server with a certificate, reached as acme.example.test by way of a proxy, and what became of requests."""

    server: DemoServer
    monkeypatch: pytest.MonkeyPatch
    closing: ExitStack
    middleman: Middleman = field(init=False)
    wires: list[Wire] = field(default_factory=list)

    def show(self, issued: trustme.LeafCert) -> None:
        """From now on this certificate is shown."""
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued.configure_cert(tls)
        wire = self.closing.enter_context(Wire(self.server.address, tls=tls))
        self.wires.append(wire)
        self.middleman = self.closing.enter_context(Middleman(f"http://127.0.0.1:{wire.port}"))
        self.monkeypatch.setenv("https_proxy", f"http://{self.middleman.address}")

    async def refusal(self, ca_file: Path | None = None) -> str:
        """Why neither a read nor a write was sent."""
        begun = len(self.middleman.asked)
        async with aclosing(SemaphoreClient(f"https://{HOST}", TOKEN, ca_file=ca_file, limits=QUICK)) as client:
            # More often than there are places for connections: one that failed must not keep its place.
            for _ in range(10):
                with pytest.raises(NotSentError) as raised:
                    await client.list_groups()
                assert raised.value.permanent
            with pytest.raises(NotSentError) as writing:
                await client.create_service_account("never", "")
        assert str(writing.value) == f"{raised.value} Nothing was sent."
        # None of them was tried again, which would end the same.
        assert len(self.middleman.asked) - begun == 11
        assert [wire.requests for wire in self.wires] == [[]] * len(self.wires)
        said = str(raised.value)
        prefix = f"{HOST}, by way of the proxy {self.middleman.address}, cannot be reached: its TLS certificate "
        assert said.startswith(prefix)
        assert said.isprintable()
        return said.removeprefix(prefix)


@pytest.fixture
def place(server: DemoServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with ExitStack() as closing:
        yield Place(server, monkeypatch, closing)


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA(organization_name="Initech", organization_unit_name="Inspection")


@pytest.fixture
def ca_file(tmp_path: Path, authority: trustme.CA) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


HINT = "; if you trust it, name its certificate with --ca-file."


async def test_a_proxy_that_inspects_is_told_by_its_authority_at_once(
    place: Place, authority: trustme.CA, ca_file: Path, tmp_path: Path
) -> None:
    place.show(authority.issue_cert(HOST))
    assert await place.refusal() == f"comes from “Inspection”, which is not trusted here{HINT}"
    # Where a file was given the hint would be of no use.
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    assert await place.refusal(other) == "comes from “Inspection”, which is not trusted here."
    async with aclosing(SemaphoreClient(f"https://{HOST}", place.server.tokens["owner"], ca_file=ca_file)) as client:
        assert await client.list_groups()


async def test_of_a_chain_the_authority_at_its_end_is_named(place: Place, authority: trustme.CA) -> None:
    place.show(authority.create_child_ca().issue_cert(HOST))
    assert await place.refusal() == f"comes from “Inspection”, which is not trusted here{HINT}"


async def test_where_trust_would_not_be_enough_it_is_not_asked_for(place: Place, authority: trustme.CA) -> None:
    place.show(authority.issue_cert(HOST, not_after=LONG_AGO))
    assert await place.refusal() == "comes from “Inspection”, which is not trusted here, and it expired on 2001-02-03."


async def test_an_expired_certificate_is_said_with_its_date(place: Place, authority: trustme.CA, ca_file: Path) -> None:
    place.show(authority.issue_cert(HOST, not_after=LONG_AGO))
    assert await place.refusal(ca_file) == "expired on 2001-02-03 (it was issued by “Inspection”)."


async def test_a_certificate_of_the_future_is_said_with_its_date_and_today(
    place: Place, authority: trustme.CA, ca_file: Path
) -> None:
    place.show(authority.issue_cert(HOST, not_before=FAR_OFF, not_after=datetime(2099, 1, 1, tzinfo=UTC)))
    said = await place.refusal(ca_file)
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    words = "is not valid before 2098-07-06 (it was issued by “Inspection”); this computer's clock says "
    assert said in (f"{words}{today}.", f"{words}{datetime.now(UTC):%Y-%m-%d}.")


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["other.example.com"], "other.example.com"),
        (["a.example", "b.example", "c.example"], "a.example, b.example, c.example"),
        (
            ["a.example", "b.example", "c.example", "d.example", "e.example"],
            "a.example, b.example, c.example and 2 more",
        ),
        (["*.example.com"], "*.example.com"),
        (["10.0.0.7"], "10.0.0.7"),
        (["xn--mnchen-3ya.example"], "xn--mnchen-3ya.example"),
    ],
)
async def test_a_certificate_for_another_name_is_said_with_that_name(
    place: Place, authority: trustme.CA, ca_file: Path, names: list[str], shown: str
) -> None:
    place.show(authority.issue_cert(*names))
    assert await place.refusal(ca_file) == f"is for {shown}, not for {HOST} (it was issued by “Inspection”)."


async def test_the_names_in_a_certificate_cannot_act_on_the_terminal(place: Place) -> None:
    evil = trustme.CA(organization_name="x", organization_unit_name="\x1b[2J[red]\u202eevil" + "x" * 200)
    place.show(evil.issue_cert(HOST))
    said = await place.refusal()
    assert said.startswith("comes from “␛[2J[red]‹202E›evil")
    assert len(said) < 250


async def test_what_is_not_tls_is_told_from_a_certificate(server: DemoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with Middleman(server.address) as proxy:
        monkeypatch.setenv("https_proxy", f"http://{proxy.address}")
        async with aclosing(SemaphoreClient(f"https://{HOST}", TOKEN, limits=QUICK)) as client:
            with pytest.raises(NotSentError, match="it did not speak TLS as expected"):
                await client.list_groups()


async def test_silence_and_a_hang_up_are_told_apart_from_a_refusal() -> None:
    limits = replace(QUICK, connect=0.3, read_tries=1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        async with aclosing(SemaphoreClient(f"https://127.0.0.1:{port}", TOKEN, limits=limits)) as client:
            with pytest.raises(NotSentError, match="it took the connection and then said nothing"):
                await client.list_groups()
    async with aclosing(SemaphoreClient(f"https://127.0.0.1:{port}", TOKEN, limits=limits)) as client:
        with pytest.raises(NotSentError, match="it refused the connection"):
            await client.list_groups()


# What the environment says


def hashed(directory: Path, *files: Path) -> Path:
    """A directory in which OpenSSL finds these."""
    directory.mkdir()
    for number, file in enumerate(files):
        shown = subprocess.run(
            ["openssl", "x509", "-noout", "-hash", "-in", file], capture_output=True, text=True, check=True
        )
        shutil.copy(file, directory / f"{shown.stdout.strip()}.{number}")
    return directory


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
async def test_authorities_the_environment_names_are_trusted(
    place: Place, authority: trustme.CA, ca_file: Path, tmp_path: Path, variable: str
) -> None:
    place.show(authority.issue_cert(HOST))
    values = [ca_file] if variable == "SSL_CERT_FILE" else [hashed(tmp_path / "hashed", ca_file)]
    values += [ca_file] if variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE") else []
    for value in values:
        place.monkeypatch.setenv(variable, str(value))
        async with aclosing(SemaphoreClient(f"https://{HOST}", place.server.tokens["owner"], limits=QUICK)) as client:
            assert await client.list_groups()


async def test_ca_file_comes_on_top_and_the_ssl_variables_before_the_bundles(
    place: Place, authority: trustme.CA, ca_file: Path, tmp_path: Path
) -> None:
    place.show(authority.issue_cert(HOST))
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    place.monkeypatch.setenv("SSL_CERT_FILE", str(other))
    place.monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(ca_file))
    assert "which is not trusted here" in await place.refusal()
    async with aclosing(SemaphoreClient(f"https://{HOST}", place.server.tokens["owner"], ca_file=ca_file)) as client:
        assert await client.list_groups()


def test_several_directories_may_be_given_and_a_blank_variable_is_none(tmp_path: Path, ca_file: Path) -> None:
    usual = tls_context(None, {})
    assert tls_context(None, {"SSL_CERT_FILE": "", "SSL_CERT_DIR": " ", "CURL_CA_BUNDLE": "\n"}) is usual
    good = hashed(tmp_path / "hashed", ca_file)
    assert tls_context(None, {"SSL_CERT_DIR": f"{tmp_path / 'none'}{os.pathsep}{good}"}) is not usual


BAD = [
    pytest.param("none.pem", "cannot be read (No such file or directory)", id="missing"),
    pytest.param("text.pem", "holds no certificates in PEM form", id="text"),
    pytest.param("empty.pem", "holds no certificates in PEM form", id="empty"),
    pytest.param("binary.pem", "holds no certificates in PEM form", id="binary"),
    pytest.param("pipe", "is not a regular file", id="a pipe"),
    pytest.param("/dev/zero", "is not a regular file", id="a device"),
]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A directory with what is no file of certificates."""
    (tmp_path / "text.pem").write_text(f"{TOKEN}\n")
    (tmp_path / "empty.pem").touch()
    (tmp_path / "binary.pem").write_bytes(b"\x30\x82\x00\xff")
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "--ca-file"])
@pytest.mark.parametrize(("name", "words"), BAD)
def test_a_file_without_certificates_is_one_sentence_that_says_who_named_it(
    files: Path, variable: str, name: str, words: str
) -> None:
    path = files / name
    ca_file, environ = (path, {}) if variable == "--ca-file" else (None, {variable: str(path)})
    with pytest.raises(ConfigurationError) as raised:
        tls_context(ca_file, environ)
    assert str(raised.value).startswith(f"{path} {words}; ")
    assert variable in str(raised.value)
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none", "cannot be read (No such file or directory)"),
        ("empty.pem", "cannot be read (Not a directory)"),
        (".", "holds no certificates under names that OpenSSL finds"),
        ("none:nowhere", "holds no certificates under names that OpenSSL finds"),
    ],
)
def test_a_directory_without_certificates_is_one_sentence(files: Path, name: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match="SSL_CERT_DIR names it") as raised:
        tls_context(None, {"SSL_CERT_DIR": ":".join(str(files / each) for each in name.split(":"))})
    assert words in str(raised.value)


# What the program says


COMMANDS = pytest.mark.parametrize("command", [[], ["--plain"], ["export"]], ids=["screen", "line mode", "export"])


@COMMANDS
@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("HTTPS_PROXY", "http://[bad", "HTTPS_PROXY is not the address of a proxy"),
        ("HTTPS_PROXY", "http://proxy:port", "HTTPS_PROXY is not the address of a proxy"),
        ("all_proxy", "ftp://proxy:1", "all_proxy is of a kind semtui cannot use"),
        ("https_proxy", f"http://user:{TOKEN}#x@proxy:1", "https_proxy has a character in its user name or password"),
        ("https_proxy", f"http://user:{TOKEN}/x@proxy:1", "https_proxy has a character in its user name or password"),
        ("SSL_CERT_FILE", "/nonexistent.pem", "SSL_CERT_FILE names it"),
        ("SSL_CERT_FILE", "/dev/null", "SSL_CERT_FILE names it"),
        ("SSL_CERT_DIR", "/nonexistent", "SSL_CERT_DIR names it"),
        ("REQUESTS_CA_BUNDLE", "/nonexistent.pem", "REQUESTS_CA_BUNDLE names it"),
        ("CURL_CA_BUNDLE", "/nonexistent.pem", "CURL_CA_BUNDLE names it"),
    ],
)
def test_an_environment_that_cannot_be_used_is_told_before_anything_is_sent(
    tmp_path: Path, command: list[str], variable: str, value: str, words: str
) -> None:
    assert words in sentence(run(tmp_path, *command, **ENVIRONMENT, **{variable: value}))


@COMMANDS
def test_a_ca_file_that_is_a_pipe_does_not_hang_the_start(files: Path, command: list[str]) -> None:
    words = sentence(run(files, *command, "--ca-file", str(files / "pipe"), **ENVIRONMENT))
    assert "pipe is not a regular file; give --ca-file another" in words


def test_an_environment_that_is_not_needed_is_left_alone(server: DemoServer, tmp_path: Path) -> None:
    environ = {"SEMAPHORE_HOST": server.address, "SEMAPHORE_API_TOKEN": server.tokens["owner"]}
    bad = {
        "ALL_PROXY": "ftp://x",
        "HTTPS_PROXY": "http://[bad",
        "SSL_CERT_FILE": "/nonexistent",
        "NO_PROXY": "[::1],fe80::/10",
    }
    done = run(tmp_path, "export", "--what", "groups", **environ, **bad)
    assert done.returncode == 0, done.stderr


async def test_an_organization_that_cannot_be_reached_so_is_not_opened(
    server: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one needs no proxy; that of the next is said when it is to be opened, and the first one stays."""
    settings(
        tmp_path,
        f"contexts:\n  here: {{host: '{server.address}', auth: {{token: {server.tokens['owner']}}}}}\n"
        f"  there: {{host: {HOST}, auth: {{token: {TOKEN}}}}}\n",
    )
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:{TOKEN}#x@proxy:1")
    with SessionManager(environ={}, home=tmp_path) as organizations:
        app = SemtuiApp(organizations.open(organizations.choose("here").context), organizations=organizations)
        async with app.run_test(size=(200, 24)) as pilot:
            await settle(pilot)
            await pilot.press("at", "down", "enter")
            await settle(pilot)
            assert "HTTPS_PROXY has a character in its user name or password" in last_line(app)
            assert "canary" not in screen_text(app)
            assert "context here" in screen_text(app)


def test_line_mode_stays_with_the_organization_it_has_when_the_next_cannot_be_reached(
    server: DemoServer, tmp_path: Path
) -> None:
    settings(
        tmp_path,
        f"contexts:\n  here: {{host: '{server.address}', auth: {{token: {server.tokens['owner']}}}}}\n"
        f"  there: {{host: {HOST}, auth: {{token: {TOKEN}}}}}\n",
    )
    done = subprocess.run(
        [SEMTUI, "--plain", "--context", "here"],
        env=clean_environment(tmp_path, HTTPS_PROXY="ftp://x"),
        input="12\n2\nq\n",
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert "HTTPS_PROXY is of a kind semtui cannot use" in done.stdout
    assert done.stdout.count("Organization 127.0.0.1") == 1
    assert "Traceback" not in done.stderr
