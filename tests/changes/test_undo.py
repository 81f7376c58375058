"""Undoing the last change: the organization is as it was before, or it is said why not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from semtui.api.client import SemaphoreClient
from semtui.api.errors import ConflictError, NotSentError, OutcomeUnknownError, PermissionDeniedError
from semtui.api.models import Role
from semtui.changes import (
    assign_role,
    create_account,
    custom_role,
    delete_account,
    edit_account,
    project_role,
    regenerate_token,
    remove_member,
    switch_account,
)
from semtui.changes.edit_account import AccountChange
from semtui.changes.edit_group import GroupDraft, GroupEdit
from semtui.changes.undo import Undo, last_undo
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.organization.store import OrganizationStore
from semtui.organization.subject import Subject
from semtui.session.session import Session

pytestmark = pytest.mark.anyio

Do = Callable[[OrganizationStore], Awaitable[object]]
PROJECT = "payments-api"


def named(store: OrganizationStore, name: str) -> Subject:
    return next(each for each in store.people.subjects if each.name == name)


def role(store: OrganizationStore, name: str) -> Role:
    return next(each for each in store.people.roles.items if each.name == name)


async def give_role(store: OrganizationStore, name: str, to: str = "Member") -> object:
    return await assign_role.RoleChange(store.session, named(store, name)).send(role(store, to))


async def edit_terraform(store: OrganizationStore) -> object:
    edit = edit_account.AccountEdit(store.session, named(store, "terraform"))
    return await edit.send(AccountChange("terraform-2", "Sails."))


async def edit_group_of(store: OrganizationStore, *, members: bool) -> object:
    group = named(store, "Support desk")
    edit = GroupEdit(store.session, store.people, lambda words: None, group)
    joining = next(each for each in store.people.subjects if each.kind == "person" and not each.groups)
    leaving = (group.member_ids or ())[0]
    draft = GroupDraft(group.name, group.description, (joining.id,), (leaving,))
    return await edit.send(draft if members else GroupDraft("Crew", "Sails."))


async def switch(store: OrganizationStore, name: str) -> object:
    return await switch_account.switch(store.session, named(store, name))


async def edit_auditor(store: OrganizationStore) -> object:
    before = role(store, "Auditor")
    wanted = custom_role.draft("Reader", "Reads more.", ["organization.people.view"], "org")
    return await custom_role.RoleUpdate(store, before, wanted).send()


async def join_project(store: OrganizationStore) -> object:
    project = next(each for each in store.projects.listing.items if each.name == PROJECT)
    there = {each.id for each in store.projects.members_of(project.id).items}
    subject = next(each for each in store.people.subjects if each.kind == "person" and each.id not in there)
    reader = next(role for role in store.projects.roles.values() if role.name == "Reader")
    held = project_role.held_values(store.projects.members_of(project.id), subject)
    return await project_role.assign(store.session, project, subject, subject.name, reader, held)


async def leave_project(store: OrganizationStore) -> object:
    project = next(each for each in store.projects.listing.items if each.name == PROJECT)
    member = next(
        each for each in store.projects.members_of(project.id).items if any(held.is_manual for held in each.roles)
    )
    return await project_role.remove(store.session, project, member)


CASES: dict[str, Do] = {
    "role of an account": lambda store: give_role(store, "terraform"),
    "role of a person": lambda store: give_role(store, "Noor Haddad", "Admin"),
    "role of a group": lambda store: give_role(store, "Support desk", "Admin"),
    "role taken from a group": lambda store: remove_member.remove(store.session, named(store, "Support desk")),
    "first role": lambda store: give_role(store, "orphan"),
    "name and description": edit_terraform,
    "group": lambda store: edit_group_of(store, members=False),
    "members": lambda store: edit_group_of(store, members=True),
    "deactivation": lambda store: switch(store, "terraform"),
    "reactivation": lambda store: switch(store, "sleeper"),
    "role's content": edit_auditor,
    "joining a project": join_project,
    "leaving a project": leave_project,
}


@pytest.fixture
async def store(session: Session, server: DemoServer) -> OrganizationStore:
    organization = server.organization
    organization.create_service_account("orphan")
    organization.deactivate_service_account(organization.create_service_account("sleeper")[0].id)
    organization.create_role("Auditor", ["organization.view"], "Reads.")
    reader, project = organization.role_named("Reader", "project"), organization.project_named(PROJECT)
    member = organization.person_named("Sam Patel")
    assert reader is not None
    assert project is not None
    assert member is not None
    organization.projects.give(project.id, member, reader.id)
    store = OrganizationStore(session)
    await store.load_people(lambda: None)
    await store.load_projects(lambda: None)
    return store


async def truth(client: SemaphoreClient) -> dict[str, Any]:
    """All that changes of these tests can touch, as Semaphore tells it."""
    members = {
        kind: sorted((each.id, each.name, each.roles) for each in await client.list_members(kind))
        for kind in ("user", "service_account", "group")
    }
    accounts = sorted(
        (each.id, each.name, each.description, each.deactivated) for each in await client.list_service_accounts()
    )
    groups = sorted(
        (each.id, each.name, each.description, tuple(sorted(each.member_ids))) for each in await client.list_groups()
    )
    roles = sorted(
        (each.id, each.name, each.description, tuple(sorted(each.permissions))) for each in await client.list_roles()
    )
    project = next(each for each in await client.list_projects() if each.name == PROJECT)
    there = sorted((each.id, each.roles) for each in await client.list_project_members(project.id))
    return {**members, "accounts": accounts, "groups": groups, "roles": roles, "project": there}


def undo_of(store: OrganizationStore) -> Undo:
    entries = store.session.history.entries()
    undo, skipped = last_undo(store.session, entries, community=store.people.community)
    assert undo is not None, skipped
    return undo


@pytest.mark.parametrize("name", CASES)
async def test_undone_it_is_as_before(store: OrganizationStore, client: SemaphoreClient, name: str) -> None:
    before = await truth(client)
    await CASES[name](store)
    assert await truth(client) != before
    await undo_of(store).send()
    assert await truth(client) == before
    entries = store.session.history.entries()
    assert [each.outcome for each in entries] == ["queued" if name == "members" else "done"] * 2
    assert entries[1].change.undoes == entries[0].id
    assert last_undo(store.session, entries, community=False) == (None, ())


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
@pytest.mark.parametrize("name", CASES)
async def test_a_lost_answer_to_an_undo_is_cleared_up(
    store: OrganizationStore, client: SemaphoreClient, server: DemoServer, name: str, kind: Any
) -> None:
    before = await truth(client)
    await CASES[name](store)
    undo = undo_of(store)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        server.inject(Fault(method, "*", kind, times=1))
    with pytest.raises(OutcomeUnknownError):
        await undo.send()
    server.clear_faults()
    found = await undo.check()
    undone = await truth(client) == before
    assert undone == (kind == "drop_after")
    # Semaphore never says whether a queued change will still come.
    assert found.outcome == ("done" if undone else "unknown" if name == "members" else "not done")
    assert store.session.history.entries()[-1].outcome == found.outcome


MOVED: dict[str, Callable[[OrganizationStore, DemoServer], object]] = {
    "role of an account": lambda store, server: server.organization.assign_role(
        named(store, "terraform").id, "Support"
    ),
    "name and description": lambda store, server: server.organization.edit_service_account(
        named(store, "terraform").id, description="Theirs."
    ),
}


@pytest.mark.parametrize("name", MOVED)
async def test_what_somebody_has_changed_since_is_not_overwritten_unasked(
    store: OrganizationStore, client: SemaphoreClient, server: DemoServer, name: str
) -> None:
    before = await truth(client)
    await CASES[name](store)
    MOVED[name](store, server)
    theirs = await truth(client)
    undo = undo_of(store)
    with pytest.raises(ConflictError, match="Somebody else has changed this in the meantime"):
        await undo.send()
    assert await truth(client) == theirs
    await undo.send()
    assert await truth(client) == before


async def test_what_is_so_already_is_not_sent_again(store: OrganizationStore, server: DemoServer) -> None:
    await CASES["deactivation"](store)
    server.organization.reactivate_service_account(named(store, "terraform").id)
    with pytest.raises(NotSentError, match="terraform is active already"):
        await undo_of(store).send()


async def test_what_cannot_be_undone_is_passed_over_and_says_why(store: OrganizationStore) -> None:
    terraform = named(store, "terraform")
    await CASES["role of an account"](store)
    account = replace(terraform, account=None)
    made = await regenerate_token.Regeneration(store.session, account, lambda words: None).send(None, revoking=False)
    created = await create_account.AccountCreation(store, "crew", "", ()).send(None, None)
    await delete_account.AccountDeletion(store.session, named(store, "orphan"), lambda gone: None).send()
    await project_role.assign(
        store.session,
        store.projects.listing.items[0],
        terraform,
        "terraform",
        next(iter(store.projects.roles.values())),
    )
    for token in (made.token, created.token):
        assert token is not None
        store.session.vault.release(token)
    undo, skipped = last_undo(store.session, store.session.history.entries(), community=False)
    assert undo is not None
    assert undo.entry.change.action == "role"
    assert [entry.change.action for entry, _ in skipped] == ["project role", "delete", "create", "regenerate"]
    assert all(why.endswith(".") for _, why in skipped)


async def test_what_did_not_happen_is_not_undone(store: OrganizationStore, server: DemoServer) -> None:
    server.inject(Fault("PUT", "*", "refuse", times=1))
    with pytest.raises(PermissionDeniedError):
        await CASES["role of an account"](store)
    assert last_undo(store.session, store.session.history.entries(), community=False) == (None, ())
