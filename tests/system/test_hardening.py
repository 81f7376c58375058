"""What one program of a user keeps from the others: memory, core files, keys of connections; in every mode."""

from __future__ import annotations

import contextlib
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from semtui.api.client import SemaphoreClient
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from tests.conftest import QUICK
from tests.support.fault_proxy import Wire
from tests.support.terminal import SEMTUI, Terminal, clean_environment

MODES = {
    "export": ["export"],
    "export that cannot start": ["export", "--what", "nothing"],
    "line mode": ["--plain"],
    "a host that is none": ["--plain", "--host", "no host"],
}
REPORT = """
import atexit, ctypes, os, resource
most = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
def tell(write=os.write, file=os.open(os.environ["REPORT"], os.O_WRONLY | os.O_CREAT)):
    write(file, f"{ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)} {resource.getrlimit(resource.RLIMIT_CORE)[0]}".encode())
atexit.register(tell)
"""
"""Told by the process itself at its end: whether others may read its memory (PR_GET_DUMPABLE), and how much of a core
file there may be."""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be asked")
@pytest.mark.parametrize("mode", MODES)
def test_no_mode_can_be_read_by_other_programs_of_the_user(server: DemoServer, tmp_path: Path, mode: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(REPORT)
    report = tmp_path / "report"
    environment = {
        **clean_environment(tmp_path),
        "PYTHONPATH": str(tmp_path),
        "REPORT": str(report),
        "SEMAPHORE_HOST": server.address,
        "SEMAPHORE_API_TOKEN": server.tokens["owner"],
    }
    ended = subprocess.run(
        [SEMTUI, *MODES[mode]], input="0\n0\n0\n", env=environment, capture_output=True, text=True, check=False
    )
    assert report.read_text() == "0 0", ended.stderr


@pytest.fixture
def over_tls(tmp_path: Path) -> Iterator[tuple[Wire, str, Path]]:
    """The demo organization behind TLS, the token of its owner, and the authority."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with (
        DemoServer(group_delay=0, clock=lambda: float(REFERENCE_TIME)) as server,
        Wire(server.address, tls=tls) as wire,
    ):
        yield wire, server.tokens["owner"], tmp_path / "ca.pem"


@pytest.mark.parametrize("mode", ["export", "--plain"])
def test_keys_of_connections_are_written_nowhere_and_that_is_said(
    over_tls: tuple[Wire, str, Path], tmp_path: Path, mode: str
) -> None:
    wire, token, ca_file = over_tls
    keys = tmp_path / "keys.log"
    environment = {
        **clean_environment(tmp_path),
        "SSLKEYLOGFILE": str(keys),
        "SEMAPHORE_HOST": f"127.0.0.1:{wire.port}",
        "SEMAPHORE_API_TOKEN": token,
    }
    ended = subprocess.run(
        [SEMTUI, mode, "--ca-file", str(ca_file)],
        input="0\n0\n",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert wire.requests, ended.stderr
    assert not keys.exists()
    assert "SSLKEYLOGFILE is ignored" in ended.stdout + ended.stderr


@pytest.mark.anyio
async def test_a_client_by_itself_writes_no_keys_either(
    over_tls: tuple[Wire, str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire, token, ca_file = over_tls
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    client = SemaphoreClient(f"https://127.0.0.1:{wire.port}", token, ca_file=ca_file, limits=QUICK)
    async with contextlib.aclosing(client):
        assert await client.list_roles()
    assert not (tmp_path / "keys.log").exists()


def test_the_screen_writes_no_keys_and_says_so(over_tls: tuple[Wire, str, Path], tmp_path: Path) -> None:
    wire, token, ca_file = over_tls
    environment = {
        **clean_environment(tmp_path),
        "SSLKEYLOGFILE": str(tmp_path / "keys.log"),
        "SEMAPHORE_HOST": f"127.0.0.1:{wire.port}",
        "SEMAPHORE_API_TOKEN": token,
    }
    with Terminal([SEMTUI, "--ca-file", str(ca_file)], environment) as terminal:
        terminal.wait_for("SSLKEYLOGFILE is ignored")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert not (tmp_path / "keys.log").exists()
