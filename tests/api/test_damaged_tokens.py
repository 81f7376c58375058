"""Answers that bring an API token and are damaged otherwise: what can be read of it is held, and marked."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import linecache
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from semtui.api.client import SemaphoreClient
from semtui.api.errors import OutcomeUnknownError
from semtui.api.models import NewToken
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.system import crash_report
from semtui.system.debug_log import DebugLog
from tests.conftest import QUICK, Held
from tests.support.fault_proxy import Line, Strike, Wire
from tests.support.faults import http

pytestmark = pytest.mark.anyio

TOKEN = "Tok3n-for_the-tests9"
ODD_TOKENS = ("abc+def/ghi=jklm0123", "-starts~with.a-dash=", "sa_token_0123456789")


def answers(token: str) -> dict[str, bytes]:
    """The body as Semaphore sends it, and as other things may make it."""
    account: dict[str, object] = {"id": "acc-1", "name": "crew", "description": "Sails."}
    both: dict[str, object] = {"service_account": account, "api_token": token}
    plain = json.dumps(both)
    return {
        "a JSON text around it": json.dumps(plain).encode(),
        "two JSON texts around it": json.dumps(json.dumps(plain)).encode(),
        "a list around it": f"[{plain}]".encode(),
        "an object around it": json.dumps({"data": {"result": both}}).encode(),
        "a text in an object around it": json.dumps({"body": plain}).encode(),
        "bad UTF-8 before it": plain.encode().replace(b"Sails.", b"S\xff\xfels"),
        "bad UTF-8 after it": plain.encode()[:-1] + b',"x":"\xe9"}',
        "bad UTF-8 in a key": plain.encode()[:-1] + b',"\xc3\x28":1}',
        "a control character": plain.encode().replace(b"Sails.", b"S\x00\x01\nls"),
        "UTF-16": plain.encode("utf-16"),
        "UTF-16 without a mark": plain.encode("utf-16-be"),
        "UTF-32": plain.encode("utf-32"),
        "a byte order mark": plain.encode("utf-8-sig"),
        "the token twice": plain.encode()[:-1] + b',"api_token":"%s"}' % token.encode(),
        "the account twice": plain.encode()[:-1] + b',"service_account":{"id":"acc-2"}}',
        "an id twice": plain.encode().replace(b'"id": "acc-1"', b'"id":"acc-0","id":"acc-1"'),
        "another field twice": plain.encode()[:-1] + b',"x":1,"x":2}',
        "NaN": plain.encode()[:-1] + b',"x":NaN}',
        "a number too long": plain.encode()[:-1] + b',"x":%s}' % (b"9" * 5_000),
        "something before it": b")]}',\n" + plain.encode(),
        "something after it": plain.encode() + b"}]",
        "a comment": b"/* here */ " + plain.encode(),
        "no end": plain.encode()[:-1],
        "single quotes": str(both).encode(),
        "blanks": json.dumps({"api_token": f" {token}\r\n"}).encode(),
        "escaped slashes": plain.replace("/", "\\/").encode(),
        "escaped letters": plain.replace("+", "\\u002b").encode() + b"!",
        "an HTML page": b"<html><pre>" + plain.encode().replace(b'"', b"&quot;") + b"</pre></html>",
        "deep": b'{"x":' + b"[" * 100_000 + b"," + plain.encode()[1:],
        "many backslashes": plain.encode() + b"\\" * 200_000,
    }


def packed(token: str) -> dict[str, bytes]:
    """Whole answers whose head is wrong about the body, or wrong by itself."""
    body = json.dumps({"service_account": {"id": "acc-1", "name": "crew" * 20}, "api_token": token}).encode()
    zipped, deflated = gzip.compress(body), zlib.compress(body)
    chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    return {
        "called gzip and is not": http(200, body, "content-encoding: gzip"),
        "called br and is not": http(200, body, "content-encoding: br"),
        "called deflate and is not": http(200, body, "content-encoding: deflate"),
        "called nonsense": http(200, body, "content-encoding: \xff, ,x"),
        "gzip though not asked for": http(200, zipped, "content-encoding: gzip"),
        "deflate though not asked for": http(200, deflated, "content-encoding: deflate"),
        "gzip and not called so": http(200, zipped),
        "deflate and not called so": http(200, deflated),
        "gzip called deflate": http(200, zipped, "content-encoding: deflate"),
        "gzip, cut": http(200, zipped[:-9], "content-encoding: gzip"),
        "gzip, twice": http(200, gzip.compress(zipped), "content-encoding: gzip, gzip").replace(zipped, zipped),
        "called gzip twice and is it once": http(200, zipped, "content-encoding: gzip, gzip"),
        "a length too short": http(200, body).replace(b"content-length: ", b"content-length: 1\r\nx: "),
        "a length that cuts the token": http(200, body).replace(
            b"content-length: %d" % len(body), b"content-length: %d" % (len(body) - 9)
        ),
        "a length too long": http(200, body).replace(b"content-length: ", b"content-length: 9"),
        "two lengths": http(200, body, "content-length: 7"),
        "no length of any kind": http(200, body).replace(b"content-length: ", b"content-length: minus"),
        "a header that is none": http(200, body, "this is no header"),
        "a header with a NUL": http(200, body, "x: a\0b"),
        "no version": http(200, body).replace(b"HTTP/1.1", b"HTTP"),
        "a chunk without a length": chunked + b"zz\r\n" + body + b"\r\n0\r\n\r\n",
        "a chunk too short": chunked + b"%x\r\n" % (len(body) - 30) + body + b"\r\n0\r\n\r\n",
        "no end of chunks": chunked + b"%x\r\n" % len(body) + body,
        "status 201": http(201, body),
        "status 299": http(299, body),
        "status 500": http(500, body),
        "status 302": http(302, body, "location: http://[bad"),
        "status 403": http(403, body),
        "a date beyond the calendar": http(200, body, "date: Mon, 20 Nov 99999 19:12:08 GMT"),
        "cookies": http(200, body, "set-cookie: \x01=; expires=never; max-age=1e999; domain=.."),
    }


BODIES = {name: (lambda token, name=name: http(200, answers(token)[name])) for name in answers(TOKEN)}
HEADS = {name: (lambda token, name=name: packed(token)[name]) for name in packed(TOKEN)}
CELLS: dict[str, Callable[[str], bytes]] = {**BODIES, **HEADS}
FINE = {"a byte order mark", "blanks", "escaped slashes", "UTF-16", "UTF-16 without a mark", "UTF-32", "cookies"} | {
    "a date beyond the calendar",
    "gzip though not asked for",
    "deflate though not asked for",
}
"""What is no damage to a reader of HTTP and JSON."""
UNREADABLE = {"gzip, twice"}
"""Packed so that nobody should unpack it."""


@pytest.fixture(scope="module")
def wire() -> Iterator[tuple[Wire, str]]:
    with DemoServer(group_delay=0, clock=lambda: float(REFERENCE_TIME)) as server, Wire(server.address) as wire:
        yield wire, server.tokens["owner"]


async def asked(wire: tuple[Wire, str], action: str, answer: bytes, held: Held) -> NewToken:
    between, api_token = wire
    between.strike(Strike(lambda line: line.send(answer), ("POST",)))
    client = SemaphoreClient(f"http://127.0.0.1:{between.port}", api_token, limits=QUICK, hold_token=held.hold)
    async with contextlib.aclosing(client):
        if action == "create":
            return await client.create_service_account("crew", "Sails.")
        return await client.regenerate_token("acc-1", "crew")


@pytest.mark.parametrize("action", ["create", "regenerate"])
@pytest.mark.parametrize("cell", CELLS)
async def test_a_token_that_can_be_read_is_held_whatever_else_is_wrong(
    wire: tuple[Wire, str], action: str, cell: str
) -> None:
    for token in (TOKEN, *ODD_TOKENS):
        held = Held()
        if cell in UNREADABLE:
            with pytest.raises(OutcomeUnknownError):
                await asked(wire, action, CELLS[cell](token), held)
            assert held == []
            continue
        new = await asked(wire, action, CELLS[cell](token), held)
        assert held == [new], "not held, or held twice"
        assert new.secret.get_secret_value() == token
        assert new.salvaged or cell in FINE, "damage that is not told"


@pytest.mark.parametrize("body", [TOKEN, f'"{TOKEN}"', f'["{TOKEN}"]'])
async def test_a_token_alone_is_taken_for_one(wire: tuple[Wire, str], body: str) -> None:
    held = Held()
    new = await asked(wire, "regenerate", http(200, body.encode()), held)
    assert (new.secret.get_secret_value(), new.salvaged) == (TOKEN, True)


async def test_two_tokens_in_one_answer_are_both_held(wire: tuple[Wire, str]) -> None:
    held = Held()
    new = await asked(wire, "create", http(200, b'{"api_token":"first-one","api_token":"second-one"}'), held)
    assert new.secret.get_secret_value() == "second-one"
    assert new.salvaged
    assert {each.secret.get_secret_value() for each in held} == {"first-one", "second-one"}


async def test_a_token_is_held_before_the_rest_of_its_answer_is_here(wire: tuple[Wire, str]) -> None:
    between, api_token = wire
    go_on = threading.Event()

    def slowly(line: Line) -> None:
        answer = http(200, answers(TOKEN)["no end"] + b"}")
        line.send(answer[: answer.index(b"crew")])
        # Until here no part is a token.
        line.send(answer[answer.index(b"crew") : -1])
        go_on.wait(10)
        line.send(answer[-1:])

    held = Held()
    between.strike(Strike(slowly, ("POST",)))
    client = SemaphoreClient(f"http://127.0.0.1:{between.port}", api_token, limits=QUICK, hold_token=held.hold)
    async with contextlib.aclosing(client):
        creating = asyncio.create_task(client.create_service_account("crew", "Sails."))
        while not held and not creating.done():  # noqa: ASYNC110 - what is awaited is a callback of plain code
            await asyncio.sleep(0.01)
        assert [each.secret.get_secret_value() for each in held] == [TOKEN]
        assert not creating.done()
        go_on.set()
        new = await creating
    assert held == [new]
    assert not new.salvaged


async def test_the_rest_of_an_answer_with_a_broken_head_is_waited_for(wire: tuple[Wire, str]) -> None:
    between, api_token = wire

    def in_two(line: Line) -> None:
        head, _, body = packed(TOKEN)["a header that is none"].partition(b"\r\n\r\n")
        line.send(head + b"\r\n\r\n")
        # The first part has been read, and found wanting, once it is gone from the socket.
        line.wait_until_read()
        line.send(body)

    held = Held()
    between.strike(Strike(in_two, ("POST",)))
    client = SemaphoreClient(f"http://127.0.0.1:{between.port}", api_token, limits=QUICK, hold_token=held.hold)
    async with contextlib.aclosing(client):
        new = await client.create_service_account("crew", "")
    assert new.secret.get_secret_value() == TOKEN
    assert held == [new]


# Faults of our own


class FaultError(Exception):
    """Something nobody thought of."""


OURS = {
    "transport.py",
    "base_client.py",
    "client.py",
    "token_response.py",
    "lost_answers.py",
    "readers.py",
    "responses.py",
    "unpacking.py",
    "headers.py",
    "http_clients.py",
    "debug_log.py",
}
"""Where an answer passes through. What first puts its bytes aside, in recording.py, must hold by itself."""


class FaultAt:
    """While it is open, the so-manieth line that is run after the bytes are in raises a FaultError."""

    def __init__(self, number: int) -> None:
        self.left = number
        self.struck = ""
        self._arrived = False

    def __enter__(self) -> FaultAt:
        sys.settrace(self._call)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _call(self, frame: FrameType, event: str, argument: object) -> Any:
        path = Path(frame.f_code.co_filename)
        return self._line if path.parent.name in ("api", "system") and path.name in OURS else None

    def _line(self, frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code.co_name == "add":
            self._arrived = self._arrived or bool(frame.f_locals["self"].received)
        # The head of an answer nobody keeps the bytes of.
        self._arrived = self._arrived or frame.f_code.co_name == "_set_location_aside"
        # A fault that is traced into a `try:`, or into the end of a `with`, would pass by what Python itself closes.
        source = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
        if event == "line" and self._arrived and not source.startswith(("try:", "with ", "async with ")):
            self.left -= 1
            if self.left == 0:
                self.struck = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
                raise FaultError
        return self._line


@pytest.mark.parametrize("cell", ["a JSON text around it", "no end", "a header that is none"])
async def test_a_fault_of_ours_in_any_line_loses_no_token_that_has_arrived(
    wire: tuple[Wire, str], cell: str, tmp_path: Path
) -> None:
    between, api_token = wire
    struck = set()
    for number in range(1, 5_000):
        held, place = Held(), tmp_path / str(number)
        log = DebugLog({"XDG_STATE_HOME": str(place)}, place)
        between.strike(Strike(lambda line: line.send(CELLS[cell](TOKEN)), ("POST",)))
        address = f"http://127.0.0.1:{between.port}"
        client = SemaphoreClient(address, api_token, limits=QUICK, hold_token=held.hold, log=log)
        async with contextlib.aclosing(client):
            with FaultAt(number) as fault, contextlib.suppress(FaultError):
                await client.create_service_account("crew", "")
        log._file.close()
        assert any(TOKEN in each.secret.get_secret_value() for each in held), f"lost by a fault in {fault.struck}"
        if not fault.struck:
            break
        struck.add(fault.struck)
    assert {where.partition(":")[0] for where in struck} >= {"transport.py", "base_client.py", "debug_log.py"}
    assert len(struck) > 50


@pytest.fixture
def reports() -> Iterator[list[str]]:
    """What the log hears of faults of our own."""
    kinds: list[str] = []
    crash_report.log_to(lambda kind, places: kinds.append(kind))
    yield kinds
    crash_report.log_to(None)
    crash_report._survived_lines.clear()


async def faulty(wire: tuple[Wire, str], answer: bytes, call: Callable[[SemaphoreClient], Any], fault: FaultAt) -> None:
    """Send a write while a line of ours fails."""
    between, api_token = wire
    between.strike(Strike(lambda line: line.send(answer), ("POST", "PUT")))
    client = SemaphoreClient(f"http://127.0.0.1:{between.port}", api_token, limits=QUICK)
    async with contextlib.aclosing(client):
        with fault:
            await call(client)


@pytest.mark.parametrize("action", ["a token", "a role"])
async def test_a_fault_of_ours_while_an_answer_is_read_is_reported(
    wire: tuple[Wire, str], action: str, reports: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    def call(client: SemaphoreClient) -> Any:
        return client.create_service_account("crew", "") if action == "a token" else client.assign_role("a", "b")

    answer = http(200, answers(TOKEN)["no end"] + b"}" if action == "a token" else b'{"status":"assigned"}')
    survived = 0
    for number in range(1, 5_000):
        reports.clear()
        unclear = ""
        try:
            fault = FaultAt(number)
            await faulty(wire, answer, call, fault)
        except FaultError:
            # Whoever called hears of it.
            continue
        except OutcomeUnknownError as error:
            unclear = str(error)
        if not unclear and not fault.struck:
            break
        assert reports == ["FaultError"], f"swallowed: {unclear or fault.struck}"
        assert not unclear or "because of an internal error in semtui (FaultError)" in unclear
        survived += 1
    assert survived
    crash_report.report_survived()
    assert capsys.readouterr().err.startswith("semtui went on after an internal error (FaultError); please report")
    assert crash_report.has_crashed()


@pytest.mark.parametrize("cell", HEADS)
async def test_an_answer_the_libraries_cannot_read_is_no_fault_of_ours(
    wire: tuple[Wire, str], cell: str, reports: list[str]
) -> None:
    with contextlib.suppress(OutcomeUnknownError):
        await asked(wire, "create", CELLS[cell](TOKEN), Held())
    assert reports == []
