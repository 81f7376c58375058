"""Proxies, as the environment has them: which one, for whom, what it wants, and how it fails. No name is looked up."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from semtui.api.client import SemaphoreClient
from semtui.api.errors import NotSentError
from semtui.api.proxies import Proxy, proxy_of
from semtui.demo.server import DemoServer
from semtui.system.errors import ConfigurationError
from tests.cli.test_command_line import run
from tests.conftest import QUICK, status_with
from tests.support.fault_proxy import Wire
from tests.support.middleman import Behavior, Middleman

pytestmark = pytest.mark.anyio

HOST = "acme.example.test"
ORIGIN = f"https://{HOST}"
SECRET = "canary"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"):
            monkeypatch.delenv(name)


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    return tmp_path / "ca.pem"


@pytest.fixture
def wire(server: DemoServer, ca_file: Path) -> Iterator[Wire]:
    """The demo organization over TLS, as acme.example.test."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(ca_file))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(tls)
    with Wire(server.address, tls=tls) as running:
        yield running


# Which proxy


def address(environ: dict[str, str], origin: str = ORIGIN) -> str:
    proxy = proxy_of(origin, environ)
    return "" if proxy is None else f"{proxy.scheme}://{proxy.address}"


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        ({}, ""),
        ({"https_proxy": "http://a:1"}, "http://a:1"),
        ({"HTTPS_PROXY": "http://a:1"}, "http://a:1"),
        ({"Https_Proxy": "http://a:1"}, "http://a:1"),
        ({"HTTPS_PROXY": "http://a:1", "https_proxy": "http://b:2"}, "http://b:2"),
        ({"HTTPS_PROXY": "http://a:1", "https_proxy": ""}, ""),
        ({"HTTPS_PROXY": " \n", "ALL_PROXY": "http://b:2"}, "http://b:2"),
        ({"ALL_PROXY": "socks5h://b:2"}, "socks5h://b:2"),
        ({"https_proxy": "http://a:1", "ALL_PROXY": "ftp://nonsense"}, "http://a:1"),
        ({"HTTP_PROXY": "http://a:1"}, ""),
        ({"HTTP_PROXY": "http://[bad"}, ""),
        ({"https_proxy": "  http://a:1\n"}, "http://a:1"),
        ({"https_proxy": "a"}, "http://a"),
        ({"https_proxy": "a:1"}, "http://a:1"),
        ({"https_proxy": "//a:1/"}, "http://a:1"),
        ({"https_proxy": "HTTP://Proxy.Corp.:3128/"}, "http://proxy.corp.:3128"),
        ({"https_proxy": "https://a"}, "https://a"),
        ({"https_proxy": "http://my_proxy:3128"}, "http://my_proxy:3128"),
        ({"https_proxy": "http://[2001:db8::1]:3128"}, "http://[2001:db8::1]:3128"),
    ],
)
def test_the_proxy_is_the_one_curl_would_take(environ: dict[str, str], found: str) -> None:
    assert address(environ) == found
    assert address(environ, "https://127.0.0.1:8443") == ""
    assert address(environ, "http://localhost:4000") == ""


@pytest.mark.parametrize(
    ("value", "login"),
    [
        ("http://a:1", ("", "")),
        ("http://user@a:1", ("user", "")),
        ("http://user:pass@a:1", ("user", "pass")),
        ("user:pass@a:1", ("user", "pass")),
        ("http://us%40er:p%23%2F%3Aa%25s@a:1", ("us@er", "p#/:a%s")),
        ("http://user:a:b@a:1", ("user", "a:b")),
        ("http://user:p^{ü}|@a:1", ("user", "p^{ü}|")),
    ],
)
def test_who_uses_the_proxy_is_read_and_not_shown(value: str, login: tuple[str, str]) -> None:
    proxy = proxy_of(ORIGIN, {"https_proxy": value})
    assert proxy is not None
    assert ((proxy.user, proxy.password), proxy.address) == (login, "a:1")
    assert repr(proxy) == "Proxy(http://a:1)"


BAD_PROXIES = [
    ("proxy.corp:port", "is not the address of a proxy"),
    ("http://proxy:port", "is not the address of a proxy"),
    ("http://[bad", "is not the address of a proxy"),
    ("http://[::1%eth0]:1", "is not the address of a proxy"),
    ("http://[1:2]:1", "is not the address of a proxy"),
    ("http://", "is not the address of a proxy"),
    ("://", "is of a kind semtui cannot use"),
    ("http:/proxy:1", "is not the address of a proxy"),
    ("http://a..b:1", "is not the address of a proxy"),
    ("http://proxy:1/a/path", "is not the address of a proxy"),
    ("http://proxy:1#x", "is not the address of a proxy"),
    ("http://proxy:1?x", "is not the address of a proxy"),
    ("http://pro xy:1", "is not the address of a proxy"),
    ("http://proxy:0", "has a port that does not exist"),
    ("http://proxy:65536", "has a port that does not exist"),
    ("ftp://proxy:1", "is of a kind semtui cannot use"),
    ("socks://proxy:1", "is of a kind semtui cannot use"),
    ("socks4://proxy:1", "is of a kind semtui cannot use"),
    ("http://proxy\x1b[2J:1", "cannot be printed"),
    ("http://proxy\n:1", "cannot be printed"),
    ("http://prüxy.example:1", "write xn--prxy-1ra.example"),
    (f"http://user:{SECRET}#x@proxy:1", "written with %"),
    (f"http://user:x#{SECRET}@proxy:1", "written with %"),
    (f"http://user:{SECRET}/x@proxy:1", "written with %"),
    (f"http://user:{SECRET}?x@proxy:1", "written with %"),
    (f"http://user:{SECRET}@x@proxy:1", "written with %"),
    (f"http://user:{SECRET}\\x@proxy:1", "written with %"),
    (f"http://{SECRET} x@proxy:1", "written with %"),
    (f"http://proxy:1#{SECRET}@proxy:1", "written with %"),
    (f"http://user:{SECRET}@", "is not the address of a proxy"),
    (f"socks5://user:{SECRET * 50}@proxy:1", "longer user name or password"),
]


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize(("value", "words"), BAD_PROXIES)
def test_a_proxy_that_cannot_be_used_is_one_sentence_without_its_secret(variable: str, value: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as raised:
        proxy_of(ORIGIN, {variable: value})
    said = str(raised.value)
    assert said.startswith(f"{variable} ")
    assert said.endswith(".")
    assert said.isprintable()
    assert SECRET not in said
    assert proxy_of(ORIGIN, {variable: value, "no_proxy": HOST}) is None
    assert proxy_of("https://127.0.0.1:8443", {variable: value}) is None


@pytest.mark.parametrize(
    ("entries", "origin"),
    [
        ("*", ORIGIN),
        ("localhost, *", ORIGIN),
        (HOST, ORIGIN),
        ("ACME.Example.Test.", ORIGIN),
        ("example.test", ORIGIN),
        (".example.test", ORIGIN),
        ("*.example.test", ORIGIN),
        ("*example.test", ORIGIN),
        ("acme.*.test", ORIGIN),
        (f"{HOST}:443", ORIGIN),
        (".example.test:443", ORIGIN),
        (f"https://{HOST}/", ORIGIN),
        (f"{HOST}:8443", f"{ORIGIN}:8443"),
        (f" localhost ,\t{HOST} ", ORIGIN),
        (f"localhost {HOST}", ORIGIN),
        (f"localhost,[::1],fe80::/10,{HOST}", ORIGIN),
        ("xn--mnchen-3ya.example", "https://acme.xn--mnchen-3ya.example"),
        ("münchen.example", "https://acme.xn--mnchen-3ya.example"),
        ("10.0.0.7", "https://10.0.0.7"),
        ("10.0.0.7:443", "https://10.0.0.7"),
        ("10.0.0.0/8", "https://10.0.0.7"),
        ("10.9.9.9/8", "https://10.0.0.7:8443"),
        ("10.*", "https://10.0.0.7"),
        ("2001:db8::1", "https://[2001:db8::1]"),
        ("[2001:DB8:0::1]", "https://[2001:db8::1]"),
        ("[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("2001:db8::/32", "https://[2001:db8::1]"),
        ("[2001:db8::]/32", "https://[2001:db8::1]"),
    ],
)
def test_no_proxy_is_asked_for_whom_it_names(entries: str, origin: str) -> None:
    for name in ("no_proxy", "NO_PROXY", "No_Proxy"):
        assert proxy_of(origin, {"https_proxy": "http://a:1", name: entries}) is None


@pytest.mark.parametrize(
    ("entries", "origin"),
    [
        ("", ORIGIN),
        (",", ORIGIN),
        (".", ORIGIN),
        ("localhost,[::1]", ORIGIN),
        ("fe80::/10", ORIGIN),
        ("cme.example.test", ORIGIN),
        ("acme.example", ORIGIN),
        (f"x{HOST}", ORIGIN),
        (f"x.{HOST}", ORIGIN),
        (f"{HOST}:8443", ORIGIN),
        (f"{HOST}:https", ORIGIN),
        (HOST + ":443", f"{ORIGIN}:8443"),
        ("10.0.0.0/8", "https://11.0.0.7"),
        ("10.0.0.0/99", "https://10.0.0.7"),
        ("fe80::/10", "https://10.0.0.7"),
        ("0.0.7", "https://10.0.0.7"),
        ("10.0.0.0/8", ORIGIN),
        ("[bad", ORIGIN),
        ("[::1", ORIGIN),
        ("http://[bad", ORIGIN),
        ("/var/run/docker.sock", ORIGIN),
        ("<local>", ORIGIN),
    ],
)
def test_whom_it_does_not_name_is_reached_through_the_proxy(entries: str, origin: str) -> None:
    assert proxy_of(origin, {"https_proxy": "http://a:1", "no_proxy": entries}) == Proxy("https_proxy", "http", "a:1")
    assert proxy_of(origin, {"NO_PROXY": entries}) is None


# Through one


def joined(ca_file: Path, authority: trustme.CA) -> Path:
    """A file with the authority too."""
    both = ca_file.with_name("both.pem")
    both.write_bytes(ca_file.read_bytes() + authority.cert_pem.bytes())
    return both


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h"])
@pytest.mark.parametrize("login", [None, ("us@er", "p#/:a%s")], ids=["anybody", "with a password"])
async def test_semaphore_is_reached_through_a_proxy(
    wire: Wire,
    server: DemoServer,
    ca_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    login: tuple[str, str] | None,
) -> None:
    with Middleman(f"http://127.0.0.1:{wire.port}", socks=scheme != "http", login=login) as proxy:
        who = "us%40er:p%23%2F%3Aa%25s@" if login else ""
        monkeypatch.setenv("ALL_PROXY", f"{scheme}://{who}{proxy.address}")
        async with aclosing(SemaphoreClient(ORIGIN, server.tokens["owner"], ca_file=ca_file, limits=QUICK)) as client:
            assert await client.list_groups()
            token = await client.create_service_account("by-proxy", "")
        assert status_with(token.secret.get_secret_value(), server) == 200
        assert set(proxy.asked) == {f"{HOST}:443"}


async def test_a_proxy_may_speak_tls_itself(
    wire: Wire, server: DemoServer, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    both = joined(ca_file, authority)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with Middleman(f"http://127.0.0.1:{wire.port}", tls=tls) as proxy:
        monkeypatch.setenv("https_proxy", f"https://{proxy.address}")
        for file, works in ((both, True), (ca_file, False)):
            client = SemaphoreClient(ORIGIN, server.tokens["owner"], ca_file=file, limits=QUICK)
            async with aclosing(client):
                if works:
                    assert await client.list_groups()
                else:
                    with pytest.raises(NotSentError, match=f"the TLS certificate of the proxy {proxy.address} comes"):
                        await client.list_groups()


@pytest.mark.parametrize("scheme", ["http", "socks5h"])
def test_every_command_goes_through_the_proxy(
    wire: Wire, server: DemoServer, ca_file: Path, tmp_path: Path, scheme: str
) -> None:
    with Middleman(f"http://127.0.0.1:{wire.port}", socks=scheme != "http") as proxy:
        environ = {
            "SEMAPHORE_HOST": HOST,
            "SEMAPHORE_API_TOKEN": server.tokens["owner"],
            "HTTPS_PROXY": f"{scheme}://{proxy.address}",
            "NO_PROXY": "localhost,[::1],fe80::/10,10.0.0.0/8",
            "SSL_CERT_FILE": str(ca_file),
        }
        done = run(tmp_path, "--plain", **environ)
        assert f"Organization {HOST}, set by SEMAPHORE_HOST, through the proxy {proxy.address}." in " ".join(
            done.stdout.split()
        )
        assert "Groups" in done.stdout
        done = run(tmp_path, "export", "--what", "groups", **environ)
        assert (done.returncode, done.stderr) == (0, f"semtui: Reading {HOST}.\n")
        assert {request.split(":")[0] for request in proxy.asked} == {HOST}


# How it fails


HTTP_ANSWERS = [
    (b"HTTP/1.1 407 Nope\r\ncontent-length: 0\r\n\r\n", "asks for a user name and password: put them into https_proxy"),
    (b"HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n", "does not allow connections to it (status 403)"),
    (b"HTTP/1.1 502 Bad\x1b[2J\r\ncontent-length: 4\r\n\r\nnope", "could not reach it (status 502)"),
    (b"HTTP/1.1 503 Bad\r\ncontent-length: 0\r\n\r\n", "could not reach it (status 503)"),
    (b"HTTP/1.1 504 Bad\r\ncontent-length: 0\r\n\r\n", "could not reach it (status 504)"),
    (b"HTTP/1.1 404 Not a proxy\r\ncontent-length: 0\r\n\r\n", "refused to connect (status 404)"),
    (b"HTTP/1.1 302 Away\r\nlocation: http://[bad\r\ncontent-length: 0\r\n\r\n", "refused to connect (status 302)"),
    (b"SSH-2.0-dropbear\r\n\r\n", "does not answer as an HTTP proxy does"),
    (b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 60_000, "does not answer as an HTTP proxy does"),
]
SOCKS_ANSWERS = [
    (bytes([5, code, 0, 1, 0, 0, 0, 0, 0, 0]), words)
    for code, words in (
        (1, "could not reach it"),
        (2, "does not allow connections to it"),
        (3, "could not reach it"),
        (4, "could not reach it"),
        (5, "says that it refused the connection"),
        (6, "could not reach it"),
        (7, "could not reach it"),
        (99, "does not answer as a SOCKS5 proxy does"),
    )
] + [
    (b"HTTP/1.1 400 Bad Request\r\n\r\n", "does not answer as a SOCKS5 proxy does"),
    (b"\x05", "does not answer as a SOCKS5 proxy does"),
]
BEHAVIORS: list[tuple[str, Behavior, str]] = [
    ("http", "silence", "took the connection and then said nothing"),
    ("http", "hang up", "ended the connection without an answer"),
    ("socks5", "silence", "took the connection and then said nothing"),
    ("socks5", "hang up", "does not answer as a SOCKS5 proxy does"),
]


async def nothing_sent(server: DemoServer, ca_file: Path | None = None, *, whole: float = 5) -> str:
    """The sentence of a read and of a write that both never left."""
    quick = replace(QUICK, connect=0.5, read_total=whole, write_total=whole)
    async with aclosing(SemaphoreClient(ORIGIN, server.tokens["owner"], ca_file=ca_file, limits=quick)) as client:
        with pytest.raises(NotSentError) as reading:
            await client.list_groups()
        with pytest.raises(NotSentError) as writing:
            await client.create_service_account("never", "")
    assert str(writing.value) == f"{reading.value} Nothing was sent."
    assert server.requests == []
    assert str(reading.value).isprintable()
    return str(reading.value)


@pytest.mark.parametrize(("answer", "words"), HTTP_ANSWERS)
async def test_each_refusal_of_an_http_proxy_has_its_own_words(
    server: DemoServer, monkeypatch: pytest.MonkeyPatch, answer: bytes, words: str
) -> None:
    with Middleman(server.address, answer=answer) as proxy:
        monkeypatch.setenv("https_proxy", f"http://{proxy.address}")
        said = await nothing_sent(server)
        assert said == f"{HOST} cannot be reached: the proxy {proxy.address} {words}."


@pytest.mark.parametrize(("answer", "words"), SOCKS_ANSWERS)
async def test_each_refusal_of_a_socks_proxy_has_its_own_words(
    server: DemoServer, monkeypatch: pytest.MonkeyPatch, answer: bytes, words: str
) -> None:
    with Middleman(server.address, socks=True, answer=answer) as proxy:
        monkeypatch.setenv("https_proxy", f"socks5://{proxy.address}")
        said = await nothing_sent(server)
        assert said == f"{HOST} cannot be reached: the proxy {proxy.address} {words}."


@pytest.mark.parametrize(("scheme", "behavior", "words"), BEHAVIORS)
async def test_a_proxy_that_says_nothing_is_not_waited_for_long(
    server: DemoServer, monkeypatch: pytest.MonkeyPatch, scheme: str, behavior: Behavior, words: str
) -> None:
    with Middleman(server.address, socks=scheme != "http", behavior=behavior) as proxy:
        monkeypatch.setenv("https_proxy", f"{scheme}://{proxy.address}")
        # Were the limit of a whole answer waited for, this test would not end.
        said = await nothing_sent(server, whole=1_000_000)
        assert said == f"{HOST} cannot be reached: the proxy {proxy.address} {words}."


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_password_that_is_not_accepted_is_said_and_not_shown(
    server: DemoServer, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    with Middleman(server.address, socks=scheme != "http", login=("user", "right")) as proxy:
        monkeypatch.setenv("https_proxy", f"{scheme}://user:{SECRET}@{proxy.address}")
        said = await nothing_sent(server)
        assert said.endswith(f"the proxy {proxy.address} does not accept the user name and password in https_proxy.")
        assert SECRET not in said


async def test_a_socks_proxy_that_wants_a_password_says_so(server: DemoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with Middleman(server.address, socks=True, login=("user", "right")) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5://{proxy.address}")
        assert "asks for a user name and password: put them into ALL_PROXY" in await nothing_sent(server)


async def test_a_proxy_that_is_not_there_is_named_itself(server: DemoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for scheme in ("http", "socks5h"):
        monkeypatch.setenv("https_proxy", f"{scheme}://127.0.0.1:{port}")
        words = f"{HOST} cannot be reached: the proxy 127.0.0.1:{port} refused the connection."
        assert await nothing_sent(server) == words
    monkeypatch.setenv("https_proxy", "http://nothing.invalid:1")
    said = await nothing_sent(server)
    assert "the name of the proxy nothing.invalid:1 can" in said


def test_what_speaks_socks_is_loaded_only_for_a_proxy_that_does() -> None:
    code = (
        "import os, sys\nfrom semtui.api.proxies import leave_out_socks\nleave_out_socks(os.environ)\n"
        "import httpx, semtui.api.transport\nprint(bool(sys.modules.get('socksio')))"
    )
    for value, loaded in (("", "False"), ("http://a:1", "False"), ("SOCKS5h://a:1", "True")):
        environ = {"PATH": os.defpath, "ALL_PROXY": value}
        ran = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
        assert ran.stdout.strip() == loaded
