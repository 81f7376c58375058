"""After a lost answer: what is found out, and when nothing can be said."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Coroutine
from contextlib import aclosing
from typing import Any

import pytest

from semtui.api.client import SemaphoreClient
from semtui.api.errors import NotFoundError, NotSentError, OutcomeUnknownError
from semtui.api.models import Role, ServiceAccount
from semtui.changes import (
    assign_role,
    delete_account,
    edit_account,
    recovery,
    regenerate_token,
    switch_account,
)
from semtui.changes.create_account import CreationRequest, check_creation
from semtui.changes.edit_account import AccountChange
from semtui.changes.reconcile import Reconciliation
from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.organization.store import OrganizationStore
from semtui.session.session import Session
from semtui.tokens.journal import Intent
from tests.conftest import QUICK

pytestmark = pytest.mark.anyio

Act = Callable[[DemoServer, str], object]
Check = Callable[[SemaphoreClient, ServiceAccount], Coroutine[Any, Any, Reconciliation]]


def account_id(server: DemoServer, name: str) -> str:
    account = server.organization.service_account_named(name)
    assert account is not None
    return account.id


def support(server: DemoServer) -> Role:
    role = server.organization.role_named("Support")
    assert role is not None
    return Role(id=role.id, name=role.name)


def check_own_creation(
    client: SemaphoreClient, account: ServiceAccount, name: str
) -> Coroutine[Any, Any, Reconciliation]:
    """As if whoever asks had made `account` before."""
    client.own_id = account.creator_id
    return check_creation(client, CreationRequest(name, "", known_ids={account.id}))


RENAMED = AccountChange(name="terraform-2")
DESCRIBED = AccountChange(description="Plans only")
BOTH = AccountChange(name="terraform-2", description="Plans only")
CASES: dict[str, tuple[Act, Check, str, str, str]] = {
    "regenerate": (
        lambda server, one: server.organization.regenerate_token(one),
        lambda client, account: regenerate_token.check_regeneration(client, account),
        "terraform was changed at 14:00:00 UTC",
        "was not replaced; the old one still works",
        "Unknown whether the token of terraform was replaced",
    ),
    "create": (
        lambda server, one: server.organization.create_service_account("CI Bot"),
        lambda client, account: check_own_creation(client, account, "CI Bot"),
        "at 14:00:00 UTC by you, but its token never reached",
        "CI Bot was not created. Try again.",
        "Unknown whether CI Bot exists",
    ),
    "rename": (
        lambda server, one: server.organization.edit_service_account(one, name="terraform-2"),
        lambda client, account: edit_account.check_details(client, account.id, RENAMED),
        "terraform-2 is saved.",
        "Nothing was saved",
        "Unknown whether the change was saved",
    ),
    "describe": (
        lambda server, one: server.organization.edit_service_account(one, description="Plans only"),
        lambda client, account: edit_account.check_details(client, account.id, DESCRIBED),
        "terraform is saved.",
        "Nothing was saved",
        "Unknown whether the change was saved",
    ),
    "rename and describe": (
        lambda server, one: server.organization.edit_service_account(one, name="terraform-2", description="Plans only"),
        lambda client, account: edit_account.check_details(client, account.id, BOTH),
        "terraform-2 is saved.",
        "Nothing was saved",
        "Unknown whether the change was saved",
    ),
    "deactivate": (
        lambda server, one: server.organization.deactivate_service_account(one),
        lambda client, account: switch_account.check_activation(client, account.id, account.name, True),
        "terraform is deactivated.",
        "terraform is still active",
        "Unknown whether terraform is deactivated",
    ),
    "delete": (
        lambda server, one: server.organization.delete_service_account(one),
        lambda client, account: delete_account.check_deletion(client, account.id, account.name),
        "terraform is deleted.",
        "terraform is still there",
        "Unknown whether terraform is deleted",
    ),
}


def looks(server: DemoServer) -> int:
    """What was asked for so far, each list counted once whatever its pages."""
    return len({re.sub("&page_(no|token)=[0-9]+", "", request.path) for request in server.requests})


every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


@every_case
async def test_what_was_done_is_found_at_once(
    server: DemoServer, client: SemaphoreClient, case: tuple[Act, Check, str, str, str]
) -> None:
    act, check, done, _, _ = case
    account = await client.describe_service_account(account_id(server, "terraform"))
    act(server, account.id)
    server.requests.clear()
    verdict = await check(client, account)
    assert (verdict.outcome, done in verdict.sentence) == ("done", True)
    assert looks(server) == 1


@every_case
async def test_what_never_happened_is_said_only_after_the_settling_time(
    server: DemoServer, client: SemaphoreClient, case: tuple[Act, Check, str, str, str]
) -> None:
    account = await client.describe_service_account(account_id(server, "terraform"))
    clock = asyncio.get_running_loop().time
    started = clock()
    verdict = await case[1](client, account)
    assert (verdict.outcome, case[3] in verdict.sentence) == ("not done", True)
    assert clock() - started >= QUICK.poll_for


@every_case
async def test_what_cannot_be_read_stays_unknown(
    server: DemoServer, client: SemaphoreClient, case: tuple[Act, Check, str, str, str]
) -> None:
    act, check, _, _, unknown = case
    account = await client.describe_service_account(account_id(server, "terraform"))
    act(server, account.id)
    server.inject(Fault(method="GET", status=500, body='"Internal error"', times=None))
    verdict = await check(client, account)
    assert (verdict.outcome, unknown in verdict.sentence) == ("unknown", True)
    assert "status 500: Internal error" in verdict.sentence


@every_case
async def test_what_is_done_late_is_found_all_the_same(
    server: DemoServer, client: SemaphoreClient, case: tuple[Act, Check, str, str, str]
) -> None:
    act, check, done, _, _ = case
    account = await client.describe_service_account(account_id(server, "terraform"))
    # The first look says “not there”, and only then does Semaphore do it.
    server.inject(Fault(method="GET", kind="hold"))
    looking = asyncio.create_task(check(client, account))
    assert await asyncio.to_thread(server.wait_until_held)
    act(server, account.id)
    server.release()
    verdict = await looking
    assert (verdict.outcome, done in verdict.sentence) == ("done", True)


@every_case
async def test_trouble_while_looking_passes(
    server: DemoServer, client: SemaphoreClient, case: tuple[Act, Check, str, str, str]
) -> None:
    account = await client.describe_service_account(account_id(server, "terraform"))
    case[0](server, account.id)
    server.inject(Fault(method="GET", status=500, times=2))
    assert (await case[1](client, account)).outcome == "done"


# Roles, which are looked for in three lists


@pytest.mark.parametrize(
    ("edition", "subject", "lists"),
    [("ee", "terraform", 2), ("ce", "terraform", 1), ("ee", "Noor Haddad", 1), ("ee", "Support desk", 3)],
)
async def test_a_role_is_found_in_whichever_list_shows_it(edition: str, subject: str, lists: int) -> None:
    with DemoServer(edition="ce" if edition == "ce" else "ee", group_delay=0) as server:
        organization = server.organization
        group = organization.group_named(subject)
        one = group.id if group else organization.person_named(subject) or account_id(server, subject)
        role = organization.role_named("Admin")
        assert role is not None
        organization.assign_role(one, "Admin")
        async with aclosing(SemaphoreClient(server.address, server.tokens["owner"], limits=QUICK)) as client:
            verdict = await assign_role.check_role(client, one, subject, Role(id=role.id, name="Admin"))
        assert verdict == Reconciliation("done", f"The role of {subject} is now Admin.")
        assert looks(server) == lists


async def test_a_role_that_was_not_given_by_hand_does_not_count(server: DemoServer, client: SemaphoreClient) -> None:
    one, role = server.organization.person_named("Pam Whitfield"), server.organization.role_named("Admin")
    assert one is not None
    assert role is not None
    verdict = await assign_role.check_role(client, one, "Pam", Role(id=role.id, name="Admin"))
    assert verdict.outcome == "not done"
    assert "Pam does not hold the role Admin" in verdict.sentence


async def test_a_role_nobody_can_look_up_stays_unknown(server: DemoServer, client: SemaphoreClient) -> None:
    server.inject(Fault(method="GET", path="/members", kind="refuse", times=None))
    verdict = await assign_role.check_role(client, account_id(server, "terraform"), "terraform", support(server))
    assert verdict.outcome == "unknown"
    assert "lacks the permission organization.people.view" in verdict.sentence


async def test_a_late_role_is_found(server: DemoServer, client: SemaphoreClient) -> None:
    one, role = account_id(server, "fresh-runner"), support(server)
    server.inject(Fault(method="PUT", status=504, body="upstream request timeout"))
    with pytest.raises(OutcomeUnknownError):
        await client.assign_role(one, role.id)
    # Two lists say “no”, and while the third is on its way Semaphore does it.
    server.inject(Fault(method="GET", kind="delay", times=2))
    server.inject(Fault(method="GET", kind="hold"))
    looking = asyncio.create_task(assign_role.check_role(client, one, "fresh-runner", role))
    assert await asyncio.to_thread(server.wait_until_held)
    server.organization.assign_role(one, "Support")
    server.release()
    assert await looking == Reconciliation("done", "The role of fresh-runner is now Support.")


# Single steps


async def test_a_lost_answer_to_an_edit_is_cleared_up(server: DemoServer, client: SemaphoreClient) -> None:
    one = account_id(server, "terraform")
    for kind, outcome in (("drop_after", "done"), ("drop_before", "not done")):
        name = f"terraform {kind}"
        server.inject(Fault(method="PATCH", kind="drop_after" if kind == "drop_after" else "drop_before"))
        with pytest.raises(OutcomeUnknownError):
            await client.update_service_account(one, name=name)
        assert (await edit_account.check_details(client, one, AccountChange(name=name))).outcome == outcome


async def test_a_third_role_set_while_the_answer_to_an_edit_was_lost_is_named(
    server: DemoServer, session: Session
) -> None:
    store = OrganizationStore(session)
    await store.load_people(lambda: None)
    one = account_id(server, "ci-deployer")
    edit = edit_account.AccountEdit(session, store.people.by_id[one])
    change = edit.change("ci-deployer", store.people.by_id[one].description, support(server))
    assert change is not None
    server.inject(Fault("PUT", "/members/*/role", kind="drop_before"))
    with pytest.raises(OutcomeUnknownError):
        await edit.send(change)
    server.organization.assign_role(one, "Admin")
    found = await edit.check(change)
    assert found.outcome == "done"
    assert found.sentence.startswith("ci-deployer now has the role Admin: somebody else set it in the meantime")


@pytest.mark.parametrize(
    "text", ["deploys ❤️ and more", "non\u00a0breaking", " spaces around ", "zero\u200bwidth", "é" * 400]
)
async def test_a_saved_text_is_recognized_though_it_is_shown_differently(
    server: DemoServer, client: SemaphoreClient, text: str
) -> None:
    one = account_id(server, "terraform")
    server.organization.edit_service_account(one, description=text)
    verdict = await edit_account.check_details(client, one, AccountChange(description=text))
    assert verdict.outcome == "done"
    server.organization.create_service_account(text[:60])
    assert (await check_own_creation(client, await client.describe_service_account(one), text[:60])).outcome == "done"


async def test_an_account_that_was_there_before_does_not_count_as_created(
    server: DemoServer, client: SemaphoreClient
) -> None:
    known = {account.id for account in await client.list_service_accounts()}
    verdict = await check_creation(client, CreationRequest("terraform", "", known_ids=known))
    assert verdict.outcome == "not done"
    assert "before this request was sent" in verdict.sentence


async def test_an_account_older_than_the_request_was_not_made_by_it(
    server: DemoServer, client: SemaphoreClient
) -> None:
    """The request died with the program; telling people to delete the old account would be a disaster."""
    begun_at = float(REFERENCE_TIME)
    verdict = await recovery.check_unfinished(client, Intent("acme.example.com", "", "terraform", begun_at))
    assert verdict.outcome == "not done"
    assert verdict.sentence.startswith("terraform was not created: there is another account of that name, made on ")
    verdict = await recovery.check_unfinished(client, Intent("acme.example.com", "", "nobody", begun_at))
    assert verdict == Reconciliation("not done", "nobody was not created. Try again.")
    server.organization.create_service_account("crew")
    for skew in (-86_400, 0, 86_400):
        late = Intent("acme.example.com", "", "crew", begun_at + skew)
        assert (await recovery.check_unfinished(client, late)).outcome == "done"


async def test_an_account_that_was_switched_on_again_is_active(server: DemoServer, client: SemaphoreClient) -> None:
    one = account_id(server, "nightly-backup")
    verdict = await switch_account.check_activation(client, one, "nightly-backup", False)
    assert verdict.sentence.startswith("nightly-backup is still deactivated: the request did not arrive")
    server.organization.reactivate_service_account(one)
    verdict = await switch_account.check_activation(client, one, "nightly-backup", False)
    assert verdict == Reconciliation("done", "nightly-backup is active.")


@pytest.mark.parametrize("body", ["Not found", "oops", '{"message":"Not found"}', "404", ""])
async def test_only_semaphores_own_word_proves_a_deletion(
    server: DemoServer, client: SemaphoreClient, body: str
) -> None:
    server.inject(Fault(method="GET", status=404, body=body, times=None))
    verdict = await delete_account.check_deletion(client, account_id(server, "terraform"), "terraform")
    assert verdict.outcome == "unknown"


async def test_regenerating_notes_how_the_account_was_before(server: DemoServer, client: SemaphoreClient) -> None:
    noted: list[ServiceAccount] = []
    one = account_id(server, "terraform")
    new = await regenerate_token.regenerate_token(client, one, "terraform", noted.append)
    assert server.organization.token_of(one) == new.secret.get_secret_value()
    (before,) = noted
    now = await client.describe_service_account(one)
    assert (now.updated_at or 0) > (before.updated_at or 0)
    assert [request.method for request in server.requests] == ["GET", "POST", "GET"]


async def test_a_lost_answer_to_a_regeneration_is_told_from_one_that_never_arrived(
    server: DemoServer, client: SemaphoreClient
) -> None:
    noted: list[ServiceAccount] = []
    one = account_id(server, "terraform")
    for keep_work, outcome in ((False, "not done"), (True, "done")):
        server.inject(Fault(method="POST", status=504, keep_work=keep_work))
        with pytest.raises(OutcomeUnknownError):
            await regenerate_token.regenerate_token(client, one, "terraform", noted.append)
        assert (await regenerate_token.check_regeneration(client, noted[-1])).outcome == outcome
    assert sum(request.method == "POST" for request in server.requests) == 2


async def test_nothing_is_regenerated_when_the_account_cannot_be_read(
    server: DemoServer, client: SemaphoreClient
) -> None:
    noted: list[ServiceAccount] = []
    server.inject(Fault(method="GET", status=500))
    with pytest.raises(NotSentError, match="Nothing was regenerated"):
        await regenerate_token.regenerate_token(client, account_id(server, "terraform"), "terraform", noted.append)
    server.organization.delete_service_account(account_id(server, "renovate"))
    with pytest.raises(NotFoundError):
        await regenerate_token.regenerate_token(
            client, "00000000-0000-4000-8000-000000000000", "renovate", noted.append
        )
    assert noted == []
    assert {request.method for request in server.requests} == {"GET"}


async def test_a_second_just_begun_is_waited_out_so_that_the_change_will_show() -> None:
    noted: list[ServiceAccount] = []
    with DemoServer(clock=time.time) as server:
        account, _ = server.organization.create_service_account("ci-bot")
        async with aclosing(SemaphoreClient(server.address, server.tokens["owner"], limits=QUICK)) as client:
            await regenerate_token.regenerate_token(client, account.id, "ci-bot", noted.append)
            verdict = await regenerate_token.check_regeneration(client, noted[0])
    assert verdict.outcome == "done"
