"""The demo organization beside its API: faults, the ledger, the population, and its command line."""

import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from semtui.demo.faults import Fault
from semtui.demo.organization import Organization
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer

# Loading the certificates takes longer than most of these tests.
TLS = httpx.create_ssl_context(trust_env=False)
NEW_ACCOUNT = {"name": "ci-bot"}


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(clock=lambda: float(REFERENCE_TIME)) as server:
        yield server


@pytest.fixture
def owner(server: DemoServer) -> Iterator[httpx.Client]:
    with _client(server) as client:
        yield client


def _client(server: DemoServer) -> httpx.Client:
    return httpx.Client(
        base_url=f"{server.address}/api/v1alpha",
        headers={"Authorization": f"Token {server.tokens['owner']}"},
        verify=TLS,
        trust_env=False,
    )


def _exists(server: DemoServer) -> bool:
    return server.organization.service_account_named("ci-bot") is not None


# Faults


def test_a_refusal_does_no_work(server: DemoServer, owner: httpx.Client) -> None:
    server.inject(Fault(method="POST", path="/service_accounts", kind="refuse"))
    response = owner.post("/service_accounts", json=NEW_ACCOUNT)
    assert (response.status_code, response.text) == (403, "Permission denied")
    assert not _exists(server)


@pytest.mark.parametrize(("kind", "done"), [("drop_before", False), ("drop_after", True)])
def test_a_dropped_connection_gives_no_answer(server: DemoServer, owner: httpx.Client, kind: str, done: bool) -> None:
    server.inject(Fault(kind="drop_after" if done else "drop_before"))
    with pytest.raises(httpx.RemoteProtocolError):
        owner.post("/service_accounts", json=NEW_ACCOUNT)
    assert _exists(server) is done
    assert server.requests[-1].status is None


@pytest.mark.parametrize("keep_work", [True, False])
def test_a_status_may_come_with_the_work_done_or_not(server: DemoServer, owner: httpx.Client, keep_work: bool) -> None:
    server.inject(Fault(kind="status", status=504, body="upstream request timeout", keep_work=keep_work))
    response = owner.post("/service_accounts", json=NEW_ACCOUNT)
    assert (response.status_code, response.text) == (504, "upstream request timeout")
    assert _exists(server) is keep_work


def test_a_status_carries_headers(server: DemoServer, owner: httpx.Client) -> None:
    server.inject(Fault(kind="status", status=429, headers={"Retry-After": "7"}))
    response = owner.get("/members")
    assert (response.status_code, response.headers["retry-after"], response.text) == (429, "7", "")


def test_a_status_is_500_unless_told(server: DemoServer, owner: httpx.Client) -> None:
    server.inject(Fault())
    assert owner.get("/members").status_code == 500


def test_a_proxy_answers_with_a_page(server: DemoServer, owner: httpx.Client) -> None:
    server.inject(Fault(kind="html"))
    server.inject(Fault(kind="html", status=200, body="<html>Sign in</html>"))
    first, second = owner.get("/members"), owner.get("/members")
    assert (first.status_code, first.headers["content-type"]) == (502, "text/html")
    assert first.text.startswith("<html>")
    assert (second.status_code, second.text) == (200, "<html>Sign in</html>")


def test_a_truncated_answer_promises_more_than_it_sends(server: DemoServer, owner: httpx.Client) -> None:
    server.inject(Fault(kind="truncate"))
    with pytest.raises(httpx.RemoteProtocolError, match="peer closed connection"):
        owner.post("/service_accounts", json=NEW_ACCOUNT)
    assert _exists(server)


def test_a_truncation_sends_exactly_its_first_bytes(server: DemoServer, owner: httpx.Client) -> None:
    server.inject(Fault(kind="truncate", cut=10))
    received = bytearray()
    with owner.stream("GET", "/members") as response:
        assert int(response.headers["content-length"]) > 10
        with pytest.raises(httpx.RemoteProtocolError):
            _read_into(received, response)
    assert received == b'{"members"'


def _read_into(received: bytearray, response: httpx.Response) -> None:
    for chunk in response.iter_raw():
        received.extend(chunk)


def test_wrong_json_is_json_of_another_shape(server: DemoServer, owner: httpx.Client) -> None:
    server.inject(Fault(kind="wrong_json"))
    server.inject(Fault(kind="wrong_json", body='{"members":null}'))
    assert owner.get("/members").json() == {"unexpected": [1, 2, 3]}
    assert owner.get("/members").json() == {"members": None}


@pytest.mark.parametrize("keep_work", [None, False])
def test_a_held_answer_waits_for_its_release(server: DemoServer, keep_work: bool | None) -> None:
    server.inject(Fault(kind="hold", keep_work=keep_work))
    with _client(server) as client, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(client.post, "/service_accounts", json=NEW_ACCOUNT)
        assert server.wait_until_held()
        assert not answer.done()
        assert _exists(server) is (keep_work is None)
        server.release()
        assert answer.result().status_code == 200
    assert server.held == 0
    assert _exists(server)


def test_a_held_request_does_not_keep_others_waiting(server: DemoServer, owner: httpx.Client) -> None:
    server.inject(Fault(path="/members", kind="hold"))
    with _client(server) as client, ThreadPoolExecutor(1) as pool:
        held = pool.submit(client.get, "/members")
        assert server.wait_until_held()
        assert owner.get("/roles").status_code == 200
        server.release()
        assert held.result().status_code == 200


def test_a_delayed_answer_comes_all_the_same(server: DemoServer, owner: httpx.Client) -> None:
    server.inject(Fault(kind="delay", seconds=0.05))
    begun = time.monotonic()
    assert owner.get("/members").status_code == 200
    assert time.monotonic() - begun >= 0.05


def test_a_fault_strikes_only_what_it_matches_and_only_so_often(server: DemoServer, owner: httpx.Client) -> None:
    server.inject(Fault(method="GET", path="/service_accounts*", status=503, times=2))
    assert owner.get("/members").status_code == 200
    statuses = [owner.get("/service_accounts?page_size=1").status_code for _ in range(3)]
    assert statuses == [503, 503, 200]


def test_a_fault_may_last_until_cleared(server: DemoServer, owner: httpx.Client) -> None:
    server.inject(Fault(times=None))
    assert {owner.get("/members").status_code for _ in range(5)} == {500}
    server.clear_faults()
    assert owner.get("/members").status_code == 200


# The ledger and the connections


def test_every_request_is_written_down(server: DemoServer, owner: httpx.Client) -> None:
    owner.get("/members", params={"page_no": 0})
    owner.post("/service_accounts", json={"name": ""})
    httpx.get(f"{server.address}/api/v1alpha/members", trust_env=False)
    first, second, third = server.requests
    assert (first.method, first.path, first.status) == ("GET", "/api/v1alpha/members?page_no=0", 200)
    assert first.holder_id == server.organization.person_named("Amara Okafor")
    assert (second.body, second.status) == (b'{"name":""}', 400)
    assert second.headers["content-type"] == "application/json"
    assert (third.holder_id, third.status) == (None, 401)


def test_the_ledger_does_not_show_tokens_by_accident(server: DemoServer, owner: httpx.Client) -> None:
    owner.get("/members")
    assert server.tokens["owner"] not in repr(server.requests)


def test_stopping_ends_held_requests_and_idle_connections() -> None:
    server = DemoServer()
    server.start()
    address = server.address
    server.inject(Fault(path="/members", kind="hold"))
    with _client(server) as idle, _client(server) as client, ThreadPoolExecutor(1) as pool:
        assert idle.get("/roles").status_code == 200
        held = pool.submit(client.get, "/members")
        assert server.wait_until_held()
        server.stop()
        with pytest.raises(httpx.TransportError):
            held.result()
        with pytest.raises(httpx.ConnectError):
            httpx.get(address, trust_env=False)
    assert not [thread for thread in threading.enumerate() if thread.name == "semtui-demo"]
    server.stop()


def test_a_stopped_server_can_start_again() -> None:
    server = DemoServer()
    for _ in range(2):
        with server, _client(server) as client:
            assert client.get("/members").status_code == 200


def test_a_client_that_hangs_up_leaves_no_trace(
    server: DemoServer, owner: httpx.Client, capfd: pytest.CaptureFixture[str]
) -> None:
    port = int(server.address.rpartition(":")[2])
    for sent in (b"", b"GET /api", b"POST /api/v1alpha/members HTTP/1.1\r\nContent-Length: 50\r\n\r\nhalf"):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(sent)
    server.inject(Fault(kind="hold"))
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /api/v1alpha/members HTTP/1.1\r\n\r\n")
        assert server.wait_until_held()
        # Closing with a reset makes the server's write fail.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    server.release()
    assert owner.get("/members").status_code == 200
    server.stop()
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_many_callers_at_once_all_get_answers(server: DemoServer) -> None:
    def call(number: int) -> int:
        with _client(server) as client:
            return client.post("/service_accounts", json={"name": f"bot-{number}"}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(call, range(24))) == {200}
    assert sum(name.startswith("bot-") for name in server.organization.service_account_names()) == 24


# The population


def test_the_population_is_the_same_in_every_run() -> None:
    one, other = Organization(size=100), Organization(size=100)
    assert one.state.people == other.state.people
    assert one.state.service_accounts == other.state.service_accounts
    assert one.state.org_bindings == other.state.org_bindings


def test_everything_in_the_population_is_in_the_past() -> None:
    for account in Organization(size=1000).state.service_accounts.values():
        assert account.created_at <= account.updated_at < REFERENCE_TIME


def test_the_population_has_service_accounts_in_every_state() -> None:
    organization = Organization()
    accounts = organization.state.service_accounts.values()
    roles = {tuple(organization.role_names_of(account.id)) for account in accounts}
    assert roles == {(), ("Member",), ("Admin",), ("Owner",), ("Support",), ("Release manager",)}
    assert any(account.deactivated for account in accounts)
    assert any(account.creator_id == "" for account in accounts)
    assert {len(account.description) for account in accounts} >= {0, 500}
    year_ago = REFERENCE_TIME - 365 * 86_400
    assert any(account.updated_at == account.created_at < year_ago for account in accounts)
    assert any((organization.token_of(account.id) or "").startswith("-") for account in accounts)


@pytest.mark.parametrize("edition", ["ee", "ce"])
def test_the_four_callers_hold_what_their_names_say(edition: str) -> None:
    organization = Organization(edition="ce" if edition == "ce" else "ee")
    server_tokens = DemoServer(edition="ce" if edition == "ce" else "ee").tokens
    assert list(server_tokens) == ["owner", "admin", "support", "member"]
    roles = [organization.role_names_of(organization.token_holder(one) or "") for one in server_tokens.values()]
    support = "Support" if edition == "ee" else "Member"
    assert roles == [["Owner"], ["Admin"], [support], ["Member"]]


def test_a_large_organization_is_sent_in_pages_of_the_size_asked_for() -> None:
    with DemoServer(size=10_000) as server, _client(server) as client:
        members = client.get("/members?page_size=20000").json()["members"]
        accounts = client.get("/service_accounts?page_size=100&page_token=900").json()["service_accounts"]
    assert len({member["id"] for member in members}) == 10_000
    assert len(accounts) == 100


# The command


def test_the_command_introduces_itself_and_ends_quietly() -> None:
    command = [sys.executable, "-m", "semtui.demo", "--size", "30", "--edition", "ce", "--feature", "public_api_v1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(6)]
        ready = re.fullmatch(r"SEMAPHORE_HOST=(\S+) SEMAPHORE_API_TOKEN=(\S+) semtui\n", lines[-1])
        assert ready
        assert [line.split()[0] for line in lines[1:5]] == list(DemoServer().tokens.values())
        response = httpx.get(
            f"{ready[1]}/api/v1alpha/members", headers={"Authorization": f"Token {ready[2]}"}, trust_env=False
        )
        assert len(response.json()["members"]) == 30
        secrets = httpx.get(
            f"{ready[1]}/api/v2/secrets", headers={"Authorization": f"Token {ready[2]}"}, trust_env=False
        )
        assert secrets.status_code == 200
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")


def test_a_port_in_use_is_said_in_one_sentence(server: DemoServer) -> None:
    port = server.address.rpartition(":")[2]
    command = [sys.executable, "-m", "semtui.demo", "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (f"Port {port} is already in use; choose another with --port, or none for a free one.\n")


def test_the_demo_needs_nothing_but_the_standard_library() -> None:
    script = (
        "import sys, semtui.demo, semtui.demo.__main__\n"
        "ours = {name for name in sys.modules if name.startswith('semtui.')}\n"
        "print(sorted(name for name in ours if not name.startswith('semtui.demo')))\n"
        "print(sorted({'httpx', 'pydantic', 'textual', 'rich', 'yaml'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n[]\n"
