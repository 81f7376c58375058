"""The session: what is sent gets its end, and what arrives is not lost."""

from __future__ import annotations

import asyncio
import concurrent.futures
import stat
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from semtui.api.client import SemaphoreClient
from semtui.api.errors import (
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    PermissionDeniedError,
    ReadOnlyError,
)
from semtui.api.models import Group, NewToken
from semtui.changes.regenerate_token import regenerate_token
from semtui.demo.faults import Fault
from semtui.demo.organization import Organization
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from tests.conftest import QUICK, SessionOf

pytestmark = pytest.mark.anyio

HELD_CREATE = Fault(method="POST", path="/service_accounts", kind="hold", keep_work=False)
"""The account is made when the request is released, and not before."""


async def create(client: SemaphoreClient) -> NewToken:
    return await client.create_service_account("ci/bot", "Builds")


def token_of(organization: Organization, name: str = "ci/bot") -> str:
    account = organization.service_account_named(name)
    assert account is not None
    return organization.token_of(account.id) or ""


def until_it_ends(session: Session) -> None:
    while not session.ending:
        time.sleep(0.01)


async def held(server: DemoServer) -> None:
    assert await asyncio.to_thread(server.wait_until_held)


def session_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "semtui session"]


async def test_answers_and_refusals_reach_whoever_asked(server: DemoServer, session: Session) -> None:
    assert len(await session.read(lambda client: client.list_groups())) == 5
    with pytest.raises(NotFoundError):
        await session.read(lambda client: client.describe_service_account("00000000-0000-4000-8000-000000000000"))
    server.inject(Fault(method="POST", kind="refuse"))
    with pytest.raises(PermissionDeniedError):
        await session.write(create)
    assert not session.writes_under_way
    assert session.unstored_tokens == ()


async def test_several_requests_run_at_once(server: DemoServer, session: Session) -> None:
    server.inject(Fault(method="GET", kind="hold", times=2))
    reads = [asyncio.create_task(session.read(lambda client: client.list_groups())) for _ in range(2)]
    assert await asyncio.to_thread(server.wait_until_held, 2)
    assert len(await session.read(lambda client: client.list_roles())) == 5
    server.release()
    assert [len(groups) for groups in await asyncio.gather(*reads)] == [5, 5]


async def test_a_write_goes_on_when_nobody_waits_for_it_any_more(server: DemoServer, session: Session) -> None:
    server.inject(HELD_CREATE)
    waiter = asyncio.create_task(session.write(create))
    await held(server)
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    assert session.writes_under_way
    assert server.organization.service_account_named("ci/bot") is None
    server.release()
    await asyncio.to_thread(session.close)
    assert not session.writes_under_way
    (path,) = session.rescued
    assert path.read_text().strip() == token_of(server.organization)


async def test_a_read_is_called_off_with_its_waiter(server: DemoServer, session: Session) -> None:
    called_off = threading.Event()

    async def look(client: SemaphoreClient) -> tuple[Group, ...]:
        try:
            return await client.list_groups()
        except asyncio.CancelledError:
            called_off.set()
            raise

    server.inject(Fault(method="GET", kind="hold"))
    waiter = asyncio.create_task(session.read(look))
    await held(server)
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    assert await asyncio.to_thread(called_off.wait, 5)
    assert not session.writes_under_way
    assert len(await session.read(lambda client: client.list_groups())) == 5


async def test_closing_waits_for_a_write_and_saves_its_token_in_a_private_file(
    server: DemoServer, session: Session, tmp_path: Path
) -> None:
    server.inject(HELD_CREATE)
    waiter = asyncio.create_task(session.write(create))
    await held(server)
    closing = asyncio.create_task(asyncio.to_thread(session.close))
    assert session.writes_under_way
    assert not closing.done()
    server.release()
    await closing
    assert (await waiter).account_name == "ci/bot"
    assert session.rescued == [tmp_path / "rescued-ci-bot-at-acme.example.com-1.token"]
    (path,) = session.rescued
    assert path.read_text() == token_of(server.organization) + "\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert session.failures == []


async def test_nothing_begins_once_the_end_waits_for_what_is_under_way(server: DemoServer, session: Session) -> None:
    """As when SIGTERM comes between the two halves of `Revoke now`: nobody would wait for the second."""
    server.inject(HELD_CREATE)
    first = asyncio.create_task(session.write(create))
    await held(server)
    closing = asyncio.create_task(asyncio.to_thread(session.close))
    await asyncio.to_thread(until_it_ends, session)
    account_id = server.organization.service_account_named("terraform").id  # type: ignore[union-attr]
    for write in (
        session.make_token(lambda client, intend: regenerate_token(client, account_id, "terraform", intend)),
        session.write(lambda client: client.deactivate_service_account(account_id)),
    ):
        with pytest.raises(NotSentError, match="semtui is ending"):
            await write
    server.release()
    await asyncio.gather(first, closing)
    assert [request.path for request in server.requests] == ["/api/v1alpha/service_accounts"]
    assert len(session.rescued) == 1


async def test_a_token_is_not_asked_for_once_the_end_has_begun(server: DemoServer, session: Session) -> None:
    """The account is being looked at when the end comes: the request for the token would outlast the wait for it."""
    server.inject(Fault(method="GET", path="/service_accounts/*", kind="hold"))
    account_id = server.organization.service_account_named("terraform").id  # type: ignore[union-attr]
    waiter = asyncio.create_task(
        session.make_token(lambda client, intend: regenerate_token(client, account_id, "terraform", intend))
    )
    await held(server)
    closing = asyncio.create_task(asyncio.to_thread(session.close))
    await asyncio.to_thread(until_it_ends, session)
    server.release()
    await closing
    with pytest.raises(NotSentError, match="semtui is ending"):
        await waiter
    assert [request.method for request in server.requests] == ["GET"]
    assert session.failures == ["Nothing was sent for the API token of terraform: semtui was told to end first."]


async def test_closing_gives_up_on_reads(server: DemoServer, session: Session) -> None:
    server.inject(Fault(method="GET", kind="hold"))
    waiter = asyncio.create_task(session.read(lambda client: client.list_groups()))
    await held(server)
    await asyncio.to_thread(session.close)
    with pytest.raises(concurrent.futures.CancelledError):
        await waiter
    assert session_threads() == []


async def test_an_unknown_outcome_holds_no_token(server: DemoServer, session: Session) -> None:
    server.inject(Fault(method="POST", kind="drop_after"))
    with pytest.raises(OutcomeUnknownError):
        await session.write(create)
    assert session.unstored_tokens == ()
    assert server.organization.service_account_named("ci/bot") is not None


async def test_a_read_only_session_sends_no_write(server: DemoServer, context: Context) -> None:
    with Session(context, SessionOptions(read_only=True, limits=QUICK)) as session:
        with pytest.raises(ReadOnlyError):
            await session.write(create)
        await session.read(lambda client: client.list_roles())
    assert {request.method for request in server.requests} == {"GET"}


async def test_a_certificate_file_that_cannot_be_read_fails_each_request_and_not_the_close(
    context: Context, tmp_path: Path
) -> None:
    verified = replace(context, base_url="https://127.0.0.1:1")
    with Session(verified, SessionOptions(limits=QUICK, ca_file=tmp_path / "missing.pem")) as session:
        for _ in range(2):
            with pytest.raises(NotSentError, match=r"missing\.pem cannot be read"):
                await session.read(lambda client: client.list_roles())
    assert session_threads() == []


def test_no_thread_is_left_after_closing_once_or_twice(context: Context) -> None:
    with Session(context, SessionOptions(limits=QUICK)) as session:
        assert len(session_threads()) == 1
    session.close()
    assert session_threads() == []


def test_an_answer_that_comes_after_its_waiters_loop_has_ended_is_kept(
    server: DemoServer, context: Context, tmp_path: Path
) -> None:
    """The interface is gone, its loop closed: the token still ends in a file."""
    with Session(context, SessionOptions(limits=QUICK, rescue_directory=tmp_path)) as session:
        server.inject(HELD_CREATE)

        async def leave_early() -> None:
            waiter = asyncio.create_task(session.write(create))
            await held(server)
            waiter.cancel()

        asyncio.run(leave_early())
        server.release()
    (path,) = session.rescued
    assert path.read_text().strip() == token_of(server.organization)


async def test_a_read_only_session_does_not_even_ask_what_it_may(session_of: SessionOf, server: DemoServer) -> None:
    session = session_of("support", read_only=True)
    session.permissions.fetch()
    await session.permissions.wait()
    assert session.permissions.denied == set()
    assert all(request.method == "GET" for request in server.requests)
