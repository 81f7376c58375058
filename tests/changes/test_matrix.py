"""Every request against every fault and every truth behind it: what semtui concludes is never wrong.

One test is one row of the matrix; its cells run side by side, and each has a server, a wire and a client of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import socket
import ssl
import tempfile
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import CodeType

import pytest
import trustme

from semtui.api.client import SemaphoreClient
from semtui.api.errors import (
    NotSentError,
    OutcomeUnknownError,
    RefusedError,
    SemaphoreError,
)
from semtui.api.models import NewToken
from semtui.api.transport import Limits
from semtui.changes.create_account import create_account
from semtui.changes.regenerate_token import regenerate_token
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.system.debug_log import DebugLog
from tests.conftest import Held
from tests.support.endpoint_world import NEW, VALUE, Act, World, Write
from tests.support.endpoints import READS, WRITES
from tests.support.fault_proxy import (
    Line,
    Strike,
    Truth,
    Wire,
)
from tests.support.faults import TROUBLES, Trouble

pytestmark = pytest.mark.anyio

LIMITS = Limits(connect=2, read_total=10, write_total=10, retry_wait=0, poll_for=0.15, poll_interval=0.02)
HASTY = replace(LIMITS, read_total=0.8, write_total=0.8)
SIDE_BY_SIDE = 6
TRUTHS: tuple[Truth, ...] = ("done", "never", "late")

Cell = Callable[[], Awaitable[None]]
PART = 4
"""Without --whole every so-manieth cell of a row is run, each row beginning elsewhere."""

every_write = pytest.mark.parametrize("write", WRITES, ids=lambda write: write.name.replace(" ", "-"))
every_token = pytest.mark.parametrize(
    "write", [write for write in WRITES if write.makes_token], ids=lambda write: write.name.replace(" ", "-")
)
every_read = pytest.mark.parametrize("read", READS)


async def row(cells: Iterable[tuple[str, Cell]], part: int | None = None) -> None:
    """Run the cells of a row, or only a part of them, a few at a time, and tell of all that are red."""
    places, red = asyncio.Semaphore(SIDE_BY_SIDE), []
    chosen = list(cells) if part is None else list(cells)[part % PART :: PART]
    assert chosen

    async def one(name: str, cell: Cell) -> None:
        async with places:
            try:
                await cell()
            except Exception as error:
                where = traceback.extract_tb(error.__traceback__)[-1]
                red.append(f"{name}: {type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})")

    await asyncio.gather(*(one(name, cell) for name, cell in chosen))
    assert not red, "\n".join(["", *sorted(red)])


@contextlib.asynccontextmanager
async def world_behind_a_wire(
    trouble: Trouble, truth: Truth, times: int | None = 1, *, reads: bool = False
) -> AsyncIterator[tuple[World, Wire]]:
    """A demo organization behind a wire that strikes its first write, or its reads."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(DemoServer(group_delay=0, clock=lambda: float(REFERENCE_TIME)))
        wire = stack.enter_context(Wire(server.address))
        methods = ("GET",) if reads else ("POST", "PUT", "PATCH", "DELETE")
        wire.strike(Strike(trouble.play, methods, truth, times))
        try:
            yield World(server), wire
        finally:
            # Both wait for their threads, and the other cells must go on meanwhile.
            await asyncio.to_thread(stack.close)


@contextlib.asynccontextmanager
async def client_on(
    world: World,
    wire: Wire,
    limits: Limits,
    *,
    hold_token: Callable[[NewToken], None] = lambda token: None,
    log: DebugLog | None = None,
) -> AsyncIterator[SemaphoreClient]:
    """A client whose requests go through the wire."""
    address, token = f"http://127.0.0.1:{wire.port}", world.server.tokens["owner"]
    client = SemaphoreClient(address, token, host="acme.example.com", limits=limits, hold_token=hold_token, log=log)
    async with contextlib.aclosing(client):
        yield client


def no_secret_in(text: str, world: World) -> None:
    """Neither the caller's token, nor the one just made, nor the one it replaced, nor what was put into a secret."""
    for secret in (world.server.tokens["owner"], world.token_now(), world.old_token, VALUE.get_secret_value()):
        assert not secret or secret not in text, "a secret is in what was told"


def told(error: BaseException | None) -> str:
    return "" if error is None else "".join(traceback.format_exception(error)) + repr(error)


def sent_writes(wire: Wire) -> int:
    return sum(method != "GET" for method, _ in wire.requests)


# The matrix is whole

SENDS = {"_write", "_command", "_make_token", "_write_content", "write"}
"""What sends a request that may change something."""
ASKS_ONLY = {"missing_permissions"}
"""Sends what Semaphore refuses whoever sends it."""
NO_REQUEST = {"aclose", "prepare_once_connecting", "prepare_to_read"}
UNLISTED_READS = {"is_token_accepted", "find_secret"}
"""Asks what another read asks, and draws a conclusion of its own."""


def names_in(code: CodeType) -> set[str]:
    """The names a function and those within it use."""
    return set(code.co_names).union(*(names_in(each) for each in code.co_consts if isinstance(each, CodeType)))


def requests_of(client: type) -> tuple[set[str], set[str]]:
    """The client's methods that send what may change something, and those that only ask."""
    methods = {
        name: names_in(method.__code__)
        for name, method in inspect.getmembers(client, inspect.isfunction)
        if not name.startswith("_") and name not in NO_REQUEST
    }
    writing = {name for name, used in methods.items() if used & SENDS}
    return writing - ASKS_ONLY, methods.keys() - writing - UNLISTED_READS


def test_every_request_of_the_client_is_in_the_matrix() -> None:
    writing, reading = requests_of(SemaphoreClient)
    assert {"create_service_account", "replace_secret_v2", "assign_project_role"} <= writing
    assert writing == set().union(*(names_in(write.act.__code__) for write in WRITES)) & (writing | reading)
    assert reading <= set().union(*(names_in(read.__code__) for read in READS.values()))


# Writes


async def conclude(write: Write, world: World, client: SemaphoreClient, error: SemaphoreError | None) -> None:
    """What semtui concludes, and what it finds when it looks back, is what is true on the server."""
    if error is None:
        assert write.happened(world), "called done, and was not"
    elif not isinstance(error, OutcomeUnknownError):
        assert isinstance(error, RefusedError | NotSentError)
        assert not write.happened(world), "called not done, and was"
    elif write.check is not None:
        verdict = await write.check(client, world)
        if verdict.outcome == "unknown":
            assert write.never_disproved, f"left open: {verdict.sentence}"
            assert not write.happened(world), "left open although it could be seen"
        else:
            assert (verdict.outcome == "done") == write.happened(world), verdict.sentence


async def strike_a_write(write: Write, trouble: Trouble, truth: Truth) -> None:
    with tempfile.TemporaryDirectory() as place:
        log = DebugLog({"XDG_STATE_HOME": place}, Path(place))
        async with world_behind_a_wire(trouble, truth) as (world, wire):
            held, error = await write_and_conclude(write, trouble, world, wire, log)
            log.close()
            assert sent_writes(wire) <= 1, f"sent {sent_writes(wire)} times"
            token = world.token_now() or "-"
            if token.encode() + b'"' in wire.sent:
                assert [each.secret.get_secret_value() for each in held] == [token], "a token that arrived was lost"
            else:
                assert held == [], "a token that never arrived is held"
            no_secret_in(f"{told(error)} {held} {log.path.read_text()}", world)


async def write_and_conclude(
    write: Write, trouble: Trouble, world: World, wire: Wire, log: DebugLog
) -> tuple[list[NewToken], SemaphoreError | None]:
    held = Held()
    limits = HASTY if trouble.slow else LIMITS
    async with client_on(world, wire, limits, hold_token=held.hold, log=log) as client:
        error = None
        try:
            await write.act(client, world)
        except SemaphoreError as caught:
            error = caught
        if trouble.concludes == "refused":
            assert isinstance(error, RefusedError), f"concluded {error!r}"
        elif trouble.concludes == "unknown":
            assert isinstance(error, OutcomeUnknownError), f"concluded {error!r}"
        await conclude(write, world, client, error)
    return held, error


@every_write
async def test_whatever_strikes_a_write_what_is_concluded_is_true(write: Write, whole: bool) -> None:
    await row(
        (
            (f"{trouble.name} / {truth}", partial(strike_a_write, write, trouble, truth))
            for trouble in TROUBLES
            for truth in trouble.truths
        ),
        None if whole or write.makes_token else WRITES.index(write),
    )


async def look_back_in_trouble(write: Write, truth: Truth, reads_lost: int | None) -> None:
    trouble = Trouble("", Line.reset)
    async with world_behind_a_wire(trouble, truth) as (world, wire):
        async with client_on(world, wire, LIMITS) as client:
            with pytest.raises(OutcomeUnknownError):
                await write.act(client, world)
            wire.strike(Strike(Line.reset, ("GET",), "never", reads_lost))
            if write.check is None:
                return
            if reads_lost is None:
                verdict = await write.check(client, world)
                assert verdict.outcome == "unknown", verdict
                assert "nknown whether" in verdict.sentence or "nknown what" in verdict.sentence, verdict
                assert not {"failed", "error"} & set(verdict.sentence.lower().split()), verdict
            else:
                await conclude(write, world, client, OutcomeUnknownError(""))
        assert sent_writes(wire) <= 1


@every_write
async def test_looking_back_survives_lost_answers_and_admits_what_it_cannot_see(write: Write, whole: bool) -> None:
    await row(
        (
            (f"{truth}, {lost} lost", partial(look_back_in_trouble, write, truth, lost))
            for truth in TRUTHS[:2]
            for lost in (1, 4, None)
        ),
        None if whole or write.makes_token else WRITES.index(write),
    )


# Tokens, as the program makes them: in a session, with a record on disk


async def strike_a_session(write: Write, trouble: Trouble, truth: Truth) -> None:
    with tempfile.TemporaryDirectory() as directory:
        async with world_behind_a_wire(trouble, truth) as (world, wire):
            await make_a_token_and_leave(write, Path(directory), world, wire, HASTY if trouble.slow else LIMITS)


async def make_a_token_and_leave(write: Write, place: Path, world: World, wire: Wire, limits: Limits) -> None:
    context = Context(
        "demo", "acme.example.com", f"http://127.0.0.1:{wire.port}", world.server.tokens["owner"], demo=True
    )
    with Session(context, SessionOptions(limits=limits, rescue_directory=place)) as session:
        error = None
        try:
            if write.name == "regenerate token":
                await session.make_token(
                    lambda client, intend: regenerate_token(client, world.account, "terraform", intend)
                )
            else:
                await session.make_token(lambda client, intend: create_account(client, NEW, "", intend))
        except SemaphoreError as caught:
            error = caught
        records = files(place)
        assert len(records) == (0 if isinstance(error, RefusedError) else 1), f"{len(records)} records after {error!r}"
        no_secret_in("".join(records.values()) + told(error), world)
        await asyncio.to_thread(session.close)
    token = world.token_now() or "-"
    reached_us = token.encode() + b'"' in wire.sent
    if reached_us:
        assert list(files(place).values()) == [token + "\n"]
    elif not isinstance(error, RefusedError):
        assert files(place) == records
    assert session.failures == []
    assert len(session.vault.unknown_outcomes) == (not reached_us and not isinstance(error, RefusedError))
    assert sent_writes(wire) <= 1


def files(place: Path) -> dict[str, str]:
    """What was left on disk, all of it private."""
    found = {path.name: path.read_text() for path in place.iterdir()}
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in place.iterdir())
    return found


@every_token
async def test_a_token_that_arrived_is_saved_and_one_that_did_not_is_on_record(write: Write) -> None:
    await row(
        (f"{trouble.name} / {truth}", partial(strike_a_session, write, trouble, truth))
        for trouble in TROUBLES
        for truth in trouble.truths
        if truth != "late"
    )


# Reads


async def strike_a_read(read: Act, trouble: Trouble, times: int | None) -> None:
    limits = HASTY if trouble.slow else LIMITS
    async with (
        world_behind_a_wire(trouble, "done", times, reads=True) as (world, wire),
        client_on(world, wire, limits) as client,
    ):
        error, found = None, None
        try:
            found = await read(client, world)
        except SemaphoreError as caught:
            error = caught
        asked = len(wire.requests)
        if times == 1 and trouble.passing:
            assert error is None, f"gave up: {error!r}"
            assert asked > 1
        elif error is None:
            # Only what carries the true answer may be believed.
            wire.strike(Strike(lambda line: line.send(line.commit()), ("GET",), "done", None))
            assert found == await read(client, world), "believed something untrue"
        assert asked <= 2 * LIMITS.read_tries
        assert world.server.tokens["owner"] not in told(error)


@every_read
async def test_whatever_strikes_a_read_it_ends_in_the_truth_or_in_a_sentence(read: str, whole: bool) -> None:
    await row(
        (
            (f"{trouble.name} x {times}", partial(strike_a_read, READS[read], trouble, times))
            for trouble in TROUBLES
            for times in (1, None)
            if times is None or not trouble.slow
        ),
        None if whole else list(READS).index(read),
    )


# Before anything is sent


async def nothing_leaves(client: SemaphoreClient, world: World) -> str:
    said = ""
    for write in WRITES:
        with pytest.raises(NotSentError) as raised:
            await write.act(client, world)
        said = str(raised.value)
        assert said.endswith("Nothing was sent."), said
    for read in READS.values():
        with pytest.raises(NotSentError):
            await read(client, world)
    return said


@pytest.fixture
def world(server: DemoServer) -> World:
    return World(server)


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        ("of an unknown authority", "which is not trusted here"),
        ("for another host", "its TLS certificate is for other.example.com, not for 127.0.0.1"),
        ("out of date", "its TLS certificate expired on 2020-01-01"),
    ],
)
async def test_a_host_that_cannot_prove_itself_is_sent_nothing(
    world: World, tmp_path: Path, certificate: str, words: str
) -> None:
    authority = trustme.CA()
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    names = ("other.example.com",) if certificate == "for another host" else ("localhost", "127.0.0.1")
    end = datetime(2020, 1, 1, tzinfo=UTC) if certificate == "out of date" else None
    issued = authority.issue_cert(*names, not_after=end)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(tls)
    known = None if certificate == "of an unknown authority" else ca_file
    with Wire(world.server.address, tls=tls) as wire:
        client = SemaphoreClient(
            f"https://127.0.0.1:{wire.port}", world.server.tokens["owner"], ca_file=known, limits=LIMITS
        )
        said = await nothing_leaves(client, world)
        await client.aclose()
        assert words in said
        assert wire.requests == []


async def test_a_private_authority_can_be_named(world: World, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with Wire(world.server.address, tls=tls) as wire:
        client = SemaphoreClient(
            f"https://127.0.0.1:{wire.port}",
            world.server.tokens["owner"],
            ca_file=tmp_path / "ca.pem",
            limits=LIMITS,
        )
        assert (await client.create_service_account(NEW, "")).secret.get_secret_value() == world.token_now()
        await client.aclose()


async def test_where_nobody_answers_the_door_nothing_is_sent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with contextlib.ExitStack() as stack:
        # A queue for connections that is full: the next one is not refused, it is left waiting.
        full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        port = full.getsockname()[1]
        for _ in range(2):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        quick = replace(LIMITS, connect=0.1, read_tries=1)
        for address, words in (
            (f"http://127.0.0.1:{port}", "it does not answer"),
            ("http://127.0.0.1:1", "refused the connection"),
            ("http://nothing.invalid", "cannot be reached"),
            (world.server.address.replace("http:", "https:"), "did not speak TLS as expected"),
        ):
            client = SemaphoreClient(address, world.server.tokens["owner"], limits=quick)
            assert words in await nothing_leaves(client, world), address
            await client.aclose()
    assert world.server.requests == []
