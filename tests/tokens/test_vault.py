"""A token that reached this computer is held until it is stored, and saved where nobody stores it."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from semtui.api.client import SemaphoreClient
from semtui.api.errors import NotSentError, OutcomeUnknownError
from semtui.api.models import NewToken
from semtui.changes.create_account import create_account
from semtui.changes.regenerate_token import regenerate_token
from semtui.changes.token_delivery import deliver_token
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tokens.delivery import Destination
from tests.conftest import QUICK, OpenScreen, SessionOf, screen_text, settle, until_held, writes
from tests.session.test_session import (
    create,
    held,
    session_threads,
    token_of,
    until_it_ends,
)
from tests.tui.test_confirmations import ask

pytestmark = pytest.mark.anyio

ASKING = """
import asyncio, sys
from pathlib import Path
from semtui.settings.contexts import Context
from semtui.changes.regenerate_token import regenerate_token
from semtui.changes.token_delivery import deliver_token
from semtui.session.session import Session, SessionOptions
address, token, account, place = sys.argv[1:]
options = SessionOptions(rescue_directory=Path(place))
with Session(Context("demo", "acme.example.com", address, token), options) as session:
    call = lambda client, intend: regenerate_token(client, account, "terraform", intend)
    asyncio.run(session.make_token(call))
"""
"""A semtui that asks for a token and does nothing else."""


def until_there(path: Path) -> None:
    end = time.monotonic() + 20
    while not path.exists() or (path.is_file() and not path.stat().st_size):
        assert time.monotonic() < end, f"{path.name} never came"
        time.sleep(0.01)


async def regenerate(on: Session, server: DemoServer) -> NewToken:
    account_id = server.organization.service_account_named("terraform").id  # type: ignore[union-attr]
    return await on.make_token(
        lambda client, intend: regenerate_token(client, account_id, "terraform", intend), replacing=account_id
    )


def posts(server: DemoServer) -> int:
    return len([request for request in server.requests if request.method == "POST"])


async def test_what_is_held_is_saved_before_anything_is_waited_for(
    server: DemoServer, session: Session, tmp_path: Path
) -> None:
    """A computer that shuts down kills what does not end in time."""
    first = await session.write(create)
    server.inject(Fault("POST", "/service_accounts", "hold"))
    second = asyncio.create_task(session.write(lambda client: client.create_service_account("second", "")))
    await held(server)
    closing = asyncio.create_task(asyncio.to_thread(session.close))
    await asyncio.to_thread(until_it_ends, session)
    saved = tmp_path / "rescued-ci-bot-at-acme.example.com-1.token"
    await asyncio.to_thread(until_there, saved)
    assert not closing.done()
    assert saved.read_text() == first.secret.get_secret_value() + "\n"
    server.release()
    await second
    await closing
    assert [path.name for path in session.rescued] == [saved.name, "rescued-second-at-acme.example.com-1.token"]


async def test_a_token_that_comes_while_the_end_waits_for_more_is_saved_at_once(
    server: DemoServer, session: Session, tmp_path: Path
) -> None:
    over = threading.Event()

    async def something_slow(_: SemaphoreClient) -> None:
        await asyncio.to_thread(over.wait)

    server.inject(Fault("POST", "/service_accounts", "hold"))
    making = asyncio.create_task(session.make_token(lambda client, intend: create_account(client, "crew", "", intend)))
    slower = asyncio.create_task(session.write(something_slow))
    await held(server)
    closing = asyncio.create_task(asyncio.to_thread(session.close))
    await asyncio.to_thread(until_it_ends, session)
    server.release()
    await making
    assert not closing.done()
    assert os.listdir(tmp_path) == ["rescued-crew-at-acme.example.com-1.token"]
    over.set()
    await slower
    await closing


async def test_what_is_stored_is_known_the_moment_it_is(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waited for it is gone by then: the dialog was torn down, or the program told to end."""
    fifo = tmp_path / "wait"
    os.mkfifo(fifo)
    token = await session.write(create)
    slow = tmp_path / "vault"
    slow.write_text(f"#!/bin/sh\ncat > {tmp_path}/got && read line < {fifo}\n")
    slow.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    command = Destination(command="vault kv put secret/ci token=-")
    waiter = asyncio.create_task(deliver_token(session, token, command))
    await asyncio.to_thread(until_there, tmp_path / "got")
    waiter.cancel()
    closing = asyncio.create_task(asyncio.to_thread(session.close))
    await asyncio.to_thread(until_it_ends, session)
    # Nobody knows yet how the command ends.
    await asyncio.to_thread(until_there, tmp_path / "rescued-ci-bot-at-acme.example.com-1.token")
    await asyncio.to_thread(fifo.write_text, "\n")
    await closing
    assert (tmp_path / "got").read_text() == token.secret.get_secret_value()
    assert sorted(os.listdir(tmp_path)) == ["got", "vault", "wait"]
    assert session.rescued == []
    assert session.failures == []


async def test_what_stays_unknown_at_the_end_is_told(server: DemoServer, session: Session) -> None:
    server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "drop_after"))
    with pytest.raises(OutcomeUnknownError):
        await regenerate(session, server)
    await asyncio.to_thread(session.close)
    assert session.vault.unknown_outcomes == [
        "The outcome of the request for a new API token of terraform is not known; the next start checks it."
    ]


async def test_after_a_lost_answer_no_second_token_is_asked_for_until_the_first_can_no_longer_come(
    server: DemoServer, context: Context, tmp_path: Path
) -> None:
    patience = replace(QUICK, poll_for=30)
    with Session(context, SessionOptions(limits=patience, rescue_directory=tmp_path)) as patient:
        server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "drop_after"))
        with pytest.raises(OutcomeUnknownError):
            await regenerate(patient, server)
        sent = posts(server)
        # Nothing needs to be asked to know that: the server may not answer at all.
        server.inject(Fault("GET", "/service_accounts/*", "hold"))
        with pytest.raises(NotSentError, match=r"Try again in (29|30) seconds, at \d\d:\d\d:\d\d UTC\."):
            await regenerate(patient, server)
        server.clear_faults()
        assert posts(server) == sent
        # Another account's token has nothing to wait for.
        assert await patient.make_token(lambda client, intend: create_account(client, "other", "", intend))
        with (
            Session(context, SessionOptions(limits=patience, rescue_directory=tmp_path)) as beside,
            pytest.raises(NotSentError, match=r"Try again in (29|30) seconds"),
        ):
            await regenerate(beside, server)
    # As after another organization and back, or after a new start.
    with (
        Session(context, SessionOptions(limits=patience, rescue_directory=tmp_path)) as again,
        pytest.raises(NotSentError, match=r"Try again in (28|29|30) seconds"),
    ):
        await regenerate(again, server)
    assert posts(server) == sent + 1


async def test_once_the_first_can_no_longer_come_a_second_token_is_asked_for(
    server: DemoServer, session: Session, tmp_path: Path
) -> None:
    server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "drop_after"))
    with pytest.raises(OutcomeUnknownError):
        await regenerate(session, server)
    await asyncio.sleep(session.vault.seconds_until_over(server.organization.service_account_named("terraform").id))  # type: ignore[union-attr]
    token = await regenerate(session, server)
    # What became of the first request matters no more.
    assert len(os.listdir(tmp_path)) == 1
    session.vault.release(token)
    assert os.listdir(tmp_path) == []


async def test_what_another_semtui_is_asking_for_is_not_asked_for_as_well(
    server: DemoServer, session: Session, session_of: SessionOf
) -> None:
    server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "hold"))
    first = asyncio.create_task(regenerate(session, server))
    await held(server)
    other = session_of("owner")
    with pytest.raises(NotSentError, match=r"another semtui \(process \d+ on .+\) has asked for a new token"):
        await regenerate(other, server)
    server.release()
    await first
    # It has come. Whoever looks at the account now sees when.
    assert await regenerate(other, server)


async def test_one_that_was_killed_while_it_asked_holds_the_next_one_back(
    server: DemoServer, context: Context, tmp_path: Path
) -> None:
    """Nobody knows how far it had come."""
    server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "hold"))
    account_id = server.organization.service_account_named("terraform").id  # type: ignore[union-attr]
    arguments = [server.address, server.tokens["owner"], account_id, str(tmp_path)]
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", ASKING, *arguments)
    await held(server)
    killed.kill()
    await killed.wait()
    server.clear_faults()
    with (
        Session(context, SessionOptions(limits=QUICK, rescue_directory=tmp_path)) as session,
        pytest.raises(NotSentError, match=r"may still be on its way .* Try again in \d+ seconds, at"),
    ):
        await regenerate(session, server)
    assert posts(server) == 1


async def test_a_token_that_was_stored_is_not_saved_again(session: Session, tmp_path: Path) -> None:
    stored = await session.write(create)
    assert list(session.unstored_tokens) == [stored]
    session.vault.release(stored)
    session.vault.release(stored)
    assert list(session.unstored_tokens) == []
    await asyncio.to_thread(session.close)
    assert session.rescued == []
    assert os.listdir(tmp_path) == []


async def test_only_the_token_that_was_stored_is_forgotten(session: Session) -> None:
    first = await session.write(create)
    second = await session.write(lambda client: client.regenerate_token(first.account_id, "ci/bot"))
    session.vault.release(first)
    session.vault.release(NewToken(account_id="x", account_name="y", secret=SecretStr("sa_token_0123456789")))
    assert session.unstored_tokens == (second,)


async def test_every_unstored_token_gets_a_file_of_its_own(
    server: DemoServer, session: Session, tmp_path: Path
) -> None:
    (tmp_path / "rescued-ci-bot-at-acme.example.com-1.token").write_text("an older one\n")
    first = await session.write(create)
    second = await session.write(lambda client: client.regenerate_token(first.account_id, "ci/bot"))
    await asyncio.to_thread(session.close)
    assert [path.name for path in session.rescued] == [
        "rescued-ci-bot-at-acme.example.com-2.token",
        "rescued-ci-bot-at-acme.example.com-3.token",
    ]
    saved = [path.read_text().strip() for path in session.rescued]
    assert saved == [token.secret.get_secret_value() for token in (first, second)]
    assert (tmp_path / "rescued-ci-bot-at-acme.example.com-1.token").read_text() == "an older one\n"


async def test_an_account_name_cannot_lead_the_file_elsewhere(session: Session, tmp_path: Path) -> None:
    await session.write(lambda client: client.create_service_account("../../etc/-x é" + "y" * 200, ""))
    await asyncio.to_thread(session.close)
    (path,) = session.rescued
    assert path.parent == tmp_path
    assert path.name.startswith("rescued-------etc--x--yyy")
    assert len(path.name) < 100


@pytest.mark.parametrize("place", ["missing", "file/below"])
async def test_a_token_that_cannot_be_saved_is_told_without_being_shown(
    context: Context, tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").write_text("")
    with Session(context, SessionOptions(limits=QUICK, rescue_directory=tmp_path / place)) as session:
        new = await session.write(create)
        await asyncio.to_thread(session.close)
    assert session.rescued == []
    (sentence,) = session.failures
    assert sentence.startswith("The API token of ci/bot could not be saved: ")
    assert new.secret.get_secret_value() not in sentence
    assert session_threads() == []


async def test_where_the_state_directory_is_of_no_use_the_home_directory_has_to_do(
    server: DemoServer, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a run with sudo, which leaves it to somebody else."""
    (tmp_path / "state").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path))
    with Session(context, SessionOptions(limits=QUICK)) as session:
        await session.write(create)
    (path,) = session.rescued
    assert path == tmp_path / "rescued-ci-bot-at-acme.example.com-1.token"
    assert path.read_text().strip() == token_of(server.organization)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert session.failures == []


async def test_the_state_directory_takes_what_has_no_other_place(
    server: DemoServer, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with Session(context, SessionOptions(limits=QUICK)) as session:
        await session.write(create)
    assert session.rescued == [tmp_path / "state" / "semtui" / "rescued-ci-bot-at-acme.example.com-1.token"]


async def test_while_the_first_is_unclear_a_second_is_answered_at_once(
    open_screen: OpenScreen, context: Context, server: DemoServer, tmp_path: Path
) -> None:
    """Where nothing answers, it must not take the time of another look at the account."""
    server.inject(Fault("GET", "/service_accounts/*", "delay"))
    server.inject(Fault("GET", "/service_accounts/*", "hold", times=None))
    server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "drop_after"))
    patience = replace(QUICK, poll_for=30, read_total=30)
    with Session(context, SessionOptions(limits=patience, rescue_directory=tmp_path)) as patient:
        async with open_screen(on=patient) as pilot:
            await ask(pilot, "terraform", "T")
            await pilot.press("right", "enter")
            await until_held(pilot, server)
            await pilot.press("q", "enter")
            await settle(pilot)
            await ask(pilot, "terraform", "T")
            await pilot.press("right", "enter")
            await settle(pilot)
            text = screen_text(pilot.app)
            assert "the last request for this token may still be on its way through Semaphore" in text
            assert "Try again in" in text
            assert len(writes(server)) == 1
