"""The demo organization over https, with a certificate of its own making."""

import os
import re
import shlex
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.demo.tls import FIRST_LINE, Tls, TlsError


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return Tls(tmp_path_factory.mktemp("tls") / "ca.pem")


@pytest.fixture
def https(tls: Tls) -> Iterator[DemoServer]:
    with DemoServer(tls=tls) as server:
        yield server


def client(server: DemoServer, ca_file: Path | None, address: str = "") -> httpx.Client:
    """An Owner's client that trusts one file, or nobody."""
    trusted = ssl.create_default_context(cafile=ca_file) if ca_file else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # The default from Python 3.13 on.
    trusted.verify_flags |= ssl.VERIFY_X509_STRICT
    return httpx.Client(
        base_url=f"{address or server.address}/api/v1alpha",
        headers={"Authorization": f"Token {server.tokens['owner']}"},
        verify=trusted,
        trust_env=False,
    )


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_who_trusts_the_file_is_answered(https: DemoServer, tls: Tls, name: str) -> None:
    assert https.address.startswith("https://127.0.0.1:")
    with client(https, tls.ca_file, https.address.replace("127.0.0.1", name)) as caller:
        assert [caller.get(path).status_code for path in ("/members", "/roles")] == [200, 200]
        assert caller.post("/service_accounts", json={"name": "x" * 200_000}).status_code == 400


def test_who_does_not_trust_it_sends_nothing(https: DemoServer, tls: Tls, capfd: pytest.CaptureFixture[str]) -> None:
    with client(https, None) as stranger, pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        stranger.get("/members")
    assert https.requests == []
    with client(https, tls.ca_file) as caller:
        assert caller.get("/members").status_code == 200
    https.stop()
    assert capfd.readouterr() == ("", "")


def test_the_certificate_is_for_this_computer_only(https: DemoServer, tls: Tls) -> None:
    trusted = ssl.create_default_context(cafile=tls.ca_file)
    port = int(https.address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as plain, pytest.raises(ssl.SSLCertVerificationError):
        trusted.wrap_socket(plain, server_hostname="acme.semaphoreci.com")


@pytest.mark.parametrize("sent", [b"", b"GET /api/v1alpha/members HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01"])
def test_who_does_not_finish_the_handshake_keeps_nobody_waiting(
    https: DemoServer, tls: Tls, sent: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    port = int(https.address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as silent:
        silent.sendall(sent)
        with client(https, tls.ca_file) as caller:
            assert caller.get("/members").status_code == 200
        https.stop()
    assert capfd.readouterr() == ("", "")


def test_stopping_ends_held_requests_and_idle_connections(
    https: DemoServer, tls: Tls, capfd: pytest.CaptureFixture[str]
) -> None:
    https.inject(Fault(path="/members", kind="hold"))
    with client(https, tls.ca_file) as idle, client(https, tls.ca_file) as caller, ThreadPoolExecutor(1) as pool:
        assert idle.get("/roles").status_code == 200
        held = pool.submit(caller.get, "/members")
        assert https.wait_until_held()
        https.stop()
        with pytest.raises(httpx.TransportError):
            held.result()
    assert capfd.readouterr() == ("", "")


def test_a_cut_answer_is_cut_behind_tls_too(https: DemoServer, tls: Tls) -> None:
    https.inject(Fault(kind="truncate"))
    with client(https, tls.ca_file) as caller, pytest.raises(httpx.RemoteProtocolError):
        caller.get("/members")


# The command


@contextmanager
def running(*options: str, **environment: str) -> Iterator[list[str]]:
    """The lines `python -m semtui.demo --tls` prints once it serves; it must end quietly."""
    command = [sys.executable, "-m", "semtui.demo", "--tls", *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    ) as process:
        assert process.stdout is not None
        yield [process.stdout.readline() for _ in range(8)]
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")


def refused(*options: str, **environment: str) -> str:
    """What the command says when it does not start."""
    command = [sys.executable, "-m", "semtui.demo", *options]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=30, env={**os.environ, **environment}, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


def environment_of(line: str) -> dict[str, str]:
    """The variables set before a command line."""
    pairs = [word.partition("=") for word in shlex.split(line)]
    return {name: value for name, equals, value in pairs if equals and name.isupper()}


def test_the_lines_it_prints_work_as_they_stand(tmp_path: Path) -> None:
    with running(TMPDIR=str(tmp_path)) as lines:
        ours, official = lines[6], lines[7]
        assert re.search(r"^SEMAPHORE_HOST=127\.0\.0\.1:\d+ SEMAPHORE_API_TOKEN=\S+ semtui --ca-file \S+$", ours)
        assert official.endswith("sem-ai group list\n")
        ca_file = ours.split()[-1]
        assert lines[5] == f"Its certificate is signed by the authority in {ca_file}\n"
        assert environment_of(official) == {**environment_of(ours), "SSL_CERT_FILE": ca_file}
        home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
        command = [sys.executable, "-m", "semtui", "export", "--what", "groups", "--format", "json"]
        for options, variables in ([["--ca-file", ca_file], ours], [[], official]):
            environment = {**home, **environment_of(str(variables))}
            done = subprocess.run(
                [*command, *options], capture_output=True, text=True, timeout=30, env=environment, check=False
            )
            assert (done.returncode, "Contractors" in done.stdout) == (0, True), done.stderr


def test_only_the_authoritys_certificate_is_on_the_disk_and_goes_in_the_end(tmp_path: Path) -> None:
    with running(TMPDIR=str(tmp_path)):
        (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert file.read_text().startswith(f"{FIRST_LINE}\n-----BEGIN CERTIFICATE-----\n")
        assert "PRIVATE KEY" not in file.read_text()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_named_stays_and_is_made_anew(tmp_path: Path) -> None:
    ca_file = tmp_path / "with a blank.pem"
    contents = []
    for _ in range(2):
        with running("--ca-file", str(ca_file)) as lines:
            assert f"semtui --ca-file '{ca_file}'" in lines[6]
        contents.append(ca_file.read_text())
    assert contents[0] != contents[1]


def test_it_writes_over_nothing_of_anybody_elses(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_text("-----BEGIN CERTIFICATE-----\n")
    said = refused("--tls", "--ca-file", str(bundle))
    assert said == f"{bundle} exists and was not made by this program: name another file.\n"
    assert bundle.read_text() == "-----BEGIN CERTIFICATE-----\n"
    os.mkfifo(tmp_path / "pipe")
    for other in (tmp_path, tmp_path / "pipe"):
        assert refused("--tls", "--ca-file", str(other)).startswith(f"{other} is not a file: ")
    nowhere = tmp_path / "none" / "ca.pem"
    assert refused("--tls", "--ca-file", str(nowhere)) == f"Cannot write {nowhere}: No such file or directory.\n"


def test_a_place_for_the_file_goes_with_tls(tmp_path: Path) -> None:
    said = refused("--ca-file", str(tmp_path / "ca.pem"))
    assert said.endswith("error: --ca-file goes with --tls\n")


def test_without_openssl_it_says_what_to_do(tmp_path: Path) -> None:
    said = refused("--tls", PATH=str(tmp_path))
    assert said == "--tls makes its certificate with the openssl program: install it, or leave out --tls.\n"


@pytest.mark.parametrize("script", ["#!/bin/sh\necho first >&2; echo unknown option >&2; exit 3\n", "no program\n"])
def test_an_openssl_that_fails_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = tmp_path / "openssl"
    program.write_text(script)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TlsError, match=r"openssl (ecparam failed, .*: unknown option|could not be run: .*\.)$"):
        Tls(tmp_path / "ca.pem")
    assert not (tmp_path / "ca.pem").exists()
