"""A create whose answer was lost, and an account of that name: whose it is, and what is advised."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import httpx
import pytest

from semtui.api.client import SemaphoreClient
from semtui.changes.create_account import CreationRequest, check_creation
from semtui.changes.reconcile import Reconciliation
from semtui.changes.recovery import check_unfinished
from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tokens.journal import Intent
from tests.conftest import QUICK, OpenScreen, last_line, screen_text, settle, settled_in
from tests.support.clock import Clock
from tests.support.line_mode import talk

pytestmark = pytest.mark.anyio

NOW = float(REFERENCE_TIME)
COLLEAGUE = "Priya Raghunathan"
AT = f"14:00:00 UTC by {COLLEAGUE}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[DemoServer]:
    with DemoServer(group_delay=0, clock=clock) as running:
        yield running


@pytest.fixture
async def client(server: DemoServer) -> AsyncIterator[SemaphoreClient]:
    async with aclosing(SemaphoreClient(server.address, server.tokens["owner"], limits=QUICK)) as client:
        yield client


def made_by(server: DemoServer, who: str, name: str, description: str = "") -> str:
    """Another program makes an account; its id."""
    answer = httpx.post(
        f"{server.address}/api/v1alpha/service_accounts",
        headers={"Authorization": f"Token {server.tokens[who]}"},
        json={"name": name, "description": description},
        trust_env=False,
    )
    found: str = answer.json()["service_account"]["id"]
    return found


def gives_dangerous_advice(verdict: Reconciliation) -> bool:
    return any(word in verdict.sentence for word in ("egenerate", "elete", "obody has it"))


SENT = CreationRequest("crew", "Sails.", NOW)


async def test_without_another_account_one_is_ones_own_only_if_that_is_known(
    server: DemoServer, client: SemaphoreClient
) -> None:
    one = made_by(server, "owner", "crew", "Sails.")
    unsure = await check_creation(client, SENT)
    assert (unsure.outcome, unsure.subject_id) == ("unknown", one)
    assert "there is an account of that name, made at 14:00:00 UTC by Amara Okafor." in unsure.sentence
    assert not gives_dangerous_advice(unsure)
    # Whoever makes an account is told in the answer who they are.
    await client.create_service_account("another", "")
    sure = await check_creation(client, SENT)
    assert (sure.outcome, sure.subject_id) == ("done", one)
    assert "crew was created at 14:00:00 UTC by you" in sure.sentence
    assert gives_dangerous_advice(sure)


@pytest.mark.parametrize("known", [False, True])
async def test_a_colleagues_account_is_never_called_ones_own(
    server: DemoServer, client: SemaphoreClient, known: bool
) -> None:
    if known:
        await client.create_service_account("another", "")
    made_by(server, "admin", "crew", "Sails.")
    verdict = await check_creation(client, SENT)
    assert verdict.outcome == ("not done" if known else "unknown")
    assert COLLEAGUE in verdict.sentence
    assert not gives_dangerous_advice(verdict)


async def test_an_account_made_before_the_request_or_long_after_it_is_somebody_elses(
    server: DemoServer, client: SemaphoreClient, clock: Clock
) -> None:
    for moment, words in ((NOW - 60, "before this request was sent"), (NOW + 60, "and not by this request")):
        clock.now = moment
        one = made_by(server, "owner", "crew", "Sails.")
        verdict = await check_creation(client, SENT)
        assert verdict.outcome == "not done"
        assert words in verdict.sentence
        assert not gives_dangerous_advice(verdict)
        server.organization.delete_service_account(one)


async def test_an_account_that_was_listed_before_is_not_taken_for_the_new_one(
    server: DemoServer, client: SemaphoreClient
) -> None:
    """Its maker and its words say nothing, nor its time: both were made within the seconds clocks may differ by."""
    await client.create_service_account("another", "")
    one = made_by(server, "owner", "crew", "Sails.")
    verdict = await check_creation(client, CreationRequest("crew", "Sails.", NOW, known_ids=(one,)))
    assert verdict.outcome == "not done"
    assert "before this request was sent" in verdict.sentence
    assert not gives_dangerous_advice(verdict)


async def test_another_name_of_the_same_address_is_somebody_elses(server: DemoServer, client: SemaphoreClient) -> None:
    await client.create_service_account("another", "")
    made_by(server, "owner", "Crew", "Sails.")
    verdict = await check_creation(client, SENT)
    assert verdict.outcome == "not done"
    assert not gives_dangerous_advice(verdict)


async def test_another_description_leaves_it_open(server: DemoServer, client: SemaphoreClient) -> None:
    await client.create_service_account("another", "")
    made_by(server, "owner", "crew", "Rows.")
    verdict = await check_creation(client, SENT)
    assert verdict.outcome == "unknown"
    assert not gives_dangerous_advice(verdict)


async def test_an_account_that_was_only_renamed_so_does_not_hide_ones_own(
    server: DemoServer, client: SemaphoreClient, clock: Clock
) -> None:
    await client.create_service_account("another", "")
    clock.now = NOW - 600
    renamed = made_by(server, "admin", "oars")
    clock.now = NOW
    one = made_by(server, "owner", "crew", "Sails.")
    account = server.organization.state.service_accounts[renamed]
    account.name, account.updated_at = "crew", int(NOW)
    verdict = await check_creation(client, SENT)
    assert (verdict.outcome, verdict.subject_id) == ("done", one)
    server.organization.delete_service_account(one)
    verdict = await check_creation(client, SENT)
    assert verdict.outcome == "not done"
    assert COLLEAGUE in verdict.sentence


async def test_a_maker_who_cannot_be_read_is_said_to_be_such(server: DemoServer, client: SemaphoreClient) -> None:
    made_by(server, "admin", "crew", "Sails.")
    server.inject(Fault("GET", "/members", status=500, times=None))
    verdict = await check_creation(client, SENT)
    assert "by somebody whose name cannot be read." in verdict.sentence


# As people meet it


@pytest.fixture
def session(server: DemoServer, tmp_path: Path) -> Iterator[Session]:
    context = Context("demo", "acme.example.com", server.address, server.tokens["owner"])
    with Session(context, SessionOptions(limits=QUICK, rescue_directory=tmp_path, clock=lambda: NOW)) as running:
        yield running


async def test_the_form_does_not_advise_to_destroy_a_colleagues_account(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await pilot.press("c")
        await settled_in(pilot)
        await pilot.press(*"ci-bot", "tab", "tab", "down", "down", "tab", "tab")
        # After this screen was loaded, and in the second of sending.
        made_by(server, "admin", "ci-bot")
        server.inject(Fault("POST", "/service_accounts", status=504))
        await pilot.press("enter")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert f"Unknown whether this request created ci-bot: there is an account of that name, made at {AT}" in text
        assert "ask before you change anything about it" in text
        for word in ("egenerate", "elete", "obody has it"):
            assert word not in text
        await pilot.press("enter")
        await settle(pilot)
        assert last_line(pilot.app).endswith(f"made at {AT}.")


def test_line_mode_does_not_advise_it_either(session: Session, server: DemoServer) -> None:
    def lose() -> None:
        made_by(server, "admin", "ghost")
        server.inject(Fault("POST", "/service_accounts", status=504))

    said = talk(session, "7", "ghost", "", "3", "", lose, "6", "q")
    assert f"Unknown whether this request created ghost: there is an account of that name, made at {AT}" in said
    assert "egenerate the token" not in said.partition("Unknown whether this request")[2]


async def test_what_a_semtui_that_was_killed_began_is_told_of_once_and_without_advice(
    server: DemoServer, client: SemaphoreClient
) -> None:
    made_by(server, "admin", "crew")
    verdict = await check_unfinished(client, Intent("acme.example.com", "", "crew", NOW, sent_at=NOW))
    assert verdict.outcome == "done"
    assert f"made at {AT}" in verdict.sentence
    assert not gives_dangerous_advice(verdict)
    earlier = Intent("acme.example.com", "", "crew", NOW, sent_at=NOW + 60)
    assert (await check_unfinished(client, earlier)).outcome == "not done"
