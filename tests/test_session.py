"""The session: what is sent gets its end, and what arrives is not lost."""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import stat
import sys
import threading
import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from semtui.client import SemaphoreClient
from semtui.contexts import Context
from semtui.delivery import Destination
from semtui.demo import DemoServer, Fault, Organization
from semtui.errors import NotFoundError, NotSentError, OutcomeUnknownError, PermissionDeniedError, ReadOnlyError
from semtui.models import Group, NewToken
from semtui.operations import create_account, regenerate_token
from semtui.session import Session
from tests.conftest import QUICK, SessionOf

pytestmark = pytest.mark.anyio

HELD_CREATE = Fault(method="POST", path="/service_accounts", kind="hold", keep_work=False)
"""The account is made when the request is released, and not before."""


ASKING = """
import asyncio, sys
from pathlib import Path
from semtui.contexts import Context
from semtui.operations import regenerate_token
from semtui.session import Session
address, token, account, place = sys.argv[1:]
with Session(Context("demo", "acme.example.com", address, token), rescue_directory=Path(place)) as session:
    call = lambda client, intend: regenerate_token(client, account, "terraform", intend)
    asyncio.run(session.make_token(call))
"""
"""A semtui that asks for a token and does nothing else."""


async def create(client: SemaphoreClient) -> NewToken:
    return await client.create_service_account("ci/bot", "Builds")


def token_of(organization: Organization, name: str = "ci/bot") -> str:
    account = organization.service_account_named(name)
    assert account is not None
    return organization.token_of(account.id) or ""


def until_it_ends(session: Session) -> None:
    while not session.ending:
        time.sleep(0.01)


def until_there(path: Path) -> None:
    while not path.exists() or (path.is_file() and not path.stat().st_size):
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
    assert session.lost == []


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


async def test_what_is_stored_is_known_the_moment_it_is(session: Session, tmp_path: Path) -> None:
    """Whoever waited for it is gone by then: the dialog was torn down, or the program told to end."""
    fifo = tmp_path / "wait"
    os.mkfifo(fifo)
    token = await session.write(create)
    command = Destination(command=f"cat > {tmp_path}/got; read line < {fifo}")
    waiter = asyncio.create_task(session.store(token, command))
    await asyncio.to_thread(until_there, tmp_path / "got")
    waiter.cancel()
    closing = asyncio.create_task(asyncio.to_thread(session.close))
    await asyncio.to_thread(until_it_ends, session)
    # Nobody knows yet how the command ends.
    await asyncio.to_thread(until_there, tmp_path / "rescued-ci-bot-at-acme.example.com-1.token")
    await asyncio.to_thread(fifo.write_text, "\n")
    await closing
    assert (tmp_path / "got").read_text() == token.secret.get_secret_value()
    assert sorted(os.listdir(tmp_path)) == ["got", "wait"]
    assert session.rescued == []
    assert session.lost == []


async def test_what_stays_unknown_at_the_end_is_told(server: DemoServer, session: Session) -> None:
    server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "drop_after"))
    with pytest.raises(OutcomeUnknownError):
        await regenerate(session, server)
    await asyncio.to_thread(session.close)
    assert session.vault.unclear_at_the_end == [
        "What came of the request for a new API token of terraform is not known; the next start looks."
    ]


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
    assert session.lost == ["Nothing was sent for the API token of terraform: semtui was told to end first."]


async def regenerate(on: Session, server: DemoServer) -> NewToken:
    account_id = server.organization.service_account_named("terraform").id  # type: ignore[union-attr]
    return await on.make_token(lambda client, intend: regenerate_token(client, account_id, "terraform", intend))


def posts(server: DemoServer) -> int:
    return len([request for request in server.requests if request.method == "POST"])


async def test_after_a_lost_answer_no_second_token_is_asked_for_until_the_first_can_no_longer_come(
    server: DemoServer, context: Context, tmp_path: Path
) -> None:
    patience = QUICK._replace(settle=30)
    with Session(context, limits=patience, rescue_directory=tmp_path) as patient:
        server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "drop_after"))
        with pytest.raises(OutcomeUnknownError):
            await regenerate(patient, server)
        sent = posts(server)
        with pytest.raises(NotSentError, match=r"Try again in (29|30) seconds, at \d\d:\d\d:\d\d UTC\."):
            await regenerate(patient, server)
        assert posts(server) == sent
        # Another account's token has nothing to wait for.
        assert await patient.make_token(lambda client, intend: create_account(client, "other", "", intend))
        with (
            Session(context, limits=patience, rescue_directory=tmp_path) as beside,
            pytest.raises(NotSentError, match=r"Try again in (29|30) seconds"),
        ):
            await regenerate(beside, server)
    # As after another organization and back, or after a new start.
    with (
        Session(context, limits=patience, rescue_directory=tmp_path) as again,
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
    await asyncio.sleep(session.vault.unsettled(server.organization.service_account_named("terraform").id))  # type: ignore[union-attr]
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
        Session(context, limits=QUICK, rescue_directory=tmp_path) as session,
        pytest.raises(NotSentError, match=r"may still be on its way .* Try again in \d+ seconds, at"),
    ):
        await regenerate(session, server)
    assert posts(server) == 1


async def test_closing_gives_up_on_reads(server: DemoServer, session: Session) -> None:
    server.inject(Fault(method="GET", kind="hold"))
    waiter = asyncio.create_task(session.read(lambda client: client.list_groups()))
    await held(server)
    await asyncio.to_thread(session.close)
    with pytest.raises(concurrent.futures.CancelledError):
        await waiter
    assert session_threads() == []


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
    with Session(context, limits=QUICK, rescue_directory=tmp_path / place) as session:
        new = await session.write(create)
        await asyncio.to_thread(session.close)
    assert session.rescued == []
    (sentence,) = session.lost
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
    with Session(context, limits=QUICK) as session:
        await session.write(create)
    (path,) = session.rescued
    assert path == tmp_path / "rescued-ci-bot-at-acme.example.com-1.token"
    assert path.read_text().strip() == token_of(server.organization)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert session.lost == []


async def test_the_state_directory_takes_what_has_no_other_place(
    server: DemoServer, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with Session(context, limits=QUICK) as session:
        await session.write(create)
    assert session.rescued == [tmp_path / "state" / "semtui" / "rescued-ci-bot-at-acme.example.com-1.token"]


async def test_an_unknown_outcome_holds_no_token(server: DemoServer, session: Session) -> None:
    server.inject(Fault(method="POST", kind="drop_after"))
    with pytest.raises(OutcomeUnknownError):
        await session.write(create)
    assert session.unstored_tokens == ()
    assert server.organization.service_account_named("ci/bot") is not None


async def test_a_read_only_session_sends_no_write(server: DemoServer, context: Context) -> None:
    with Session(context, read_only=True, limits=QUICK) as session:
        with pytest.raises(ReadOnlyError):
            await session.write(create)
        await session.read(lambda client: client.list_roles())
    assert {request.method for request in server.requests} == {"GET"}


async def test_a_certificate_file_that_cannot_be_read_fails_each_request_and_not_the_close(
    context: Context, tmp_path: Path
) -> None:
    verified = context._replace(base_url="https://127.0.0.1:1")
    with Session(verified, limits=QUICK, ca_file=tmp_path / "missing.pem") as session:
        for _ in range(2):
            with pytest.raises(NotSentError, match=r"missing\.pem cannot be read"):
                await session.read(lambda client: client.list_roles())
    assert session_threads() == []


def test_no_thread_is_left_after_closing_once_or_twice(context: Context) -> None:
    with Session(context, limits=QUICK) as session:
        assert len(session_threads()) == 1
    session.close()
    assert session_threads() == []


def test_an_answer_that_comes_after_its_waiters_loop_has_ended_is_kept(
    server: DemoServer, context: Context, tmp_path: Path
) -> None:
    """The interface is gone, its loop closed: the token still ends in a file."""
    with Session(context, limits=QUICK, rescue_directory=tmp_path) as session:
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
    session.ask_what_it_may()
    await session.known_what_it_may()
    assert session.denied == set()
    assert all(request.method == "GET" for request in server.requests)
