"""Custom roles: created, edited with the cost said first, and deleted."""

from __future__ import annotations

import json

import httpx
import pytest
from textual.pilot import Pilot

from semtui.demo.catalog import Role
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tui.pages.roles import RolesScreen
from semtui.tui.screens.role_form import DeleteRole, RoleForm, SaveRole
from tests.conftest import QUICK, OpenScreen, SessionOf, screen_text, send, settle, settled_in, type_ahead, writes

pytestmark = pytest.mark.anyio


async def on_role(pilot: Pilot[None], name: str) -> None:
    """The Roles page with the cursor on a role."""
    await pilot.press("5", "/", *name, "enter")
    await settle(pilot)


async def open_form(pilot: Pilot[None], name: str = "") -> RoleForm:
    await (on_role(pilot, name) if name else pilot.press("5"))
    await pilot.press("e" if name else "c")
    await settled_in(pilot)
    await settle(pilot)
    assert isinstance(pilot.app.screen, RoleForm)
    return pilot.app.screen


async def pick(pilot: Pilot[None], words: str) -> None:
    """Search for a permission and press space on the first found."""
    form = pilot.app.screen
    assert isinstance(form, RoleForm)
    form.picker.finder.focus()
    await pilot.press("ctrl+u", *words, "tab", "space")
    await pilot.pause()


async def save_as(pilot: Pilot[None], name: str) -> None:
    """Press Save…, type the name into the question that follows, and enter."""
    await send(pilot)
    assert isinstance(pilot.app.screen, SaveRole), screen_text(pilot.app)
    await settled_in(pilot)
    await pilot.press(*name, "enter")
    await settle(pilot)


def role(server: DemoServer, name: str) -> Role:
    found = server.organization.role_named(name) or server.organization.role_named(name, "project")
    assert found is not None, name
    return found


def roles_as_sent(server: DemoServer) -> list[dict[str, object]]:
    headers = {"Authorization": f"Token {server.tokens['owner']}"}
    entries: list[dict[str, object]] = httpx.get(
        f"{server.address}/api/v1alpha/roles", headers=headers, trust_env=False
    ).json()
    return entries


async def test_a_role_is_made_of_permissions_found_by_meaning(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await open_form(pilot)
        await pilot.press(*"Billing reader", "tab", *"Sees the bill")
        await pick(pilot, "access billing")
        assert "1 to add · 0 to remove · 0 now" in screen_text(pilot.app)
        await send(pilot)
        made = role(server, "Billing reader")
        assert made.description == "Sees the bill"
        assert set(made.permissions) == {"organization.view", "organization.plans_and_billing.view"}
        assert isinstance(pilot.app.screen, RolesScreen)
        assert "Created the role Billing reader." in screen_text(pilot.app)
        assert pilot.app.screen.rows.selected.role.name == "Billing reader"


async def test_a_project_role_is_made_known_and_deleted(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await open_form(pilot)
        await pilot.press(*"Artifact keeper", "tab", "tab", "down")
        await settle(pilot)
        await pick(pilot, "artifacts.delete")
        await send(pilot)
        made = role(server, "Artifact keeper")
        assert (made.scope, set(made.permissions)) == ("project", {"project.view", "project.artifacts.delete"})
        assert "Semaphore does not list project roles" in screen_text(pilot.app)
        assert "Artifact keeper project custom 2 ? ? ?" in screen_text(pilot.app)
        await on_role(pilot, "Artifact keeper")
        await pilot.press("X")
        await settled_in(pilot)
        await pilot.press(*"Artifact keeper", "enter")
        await settle(pilot)
        assert server.organization.role_named("Artifact keeper", "project") is None
        assert "Deleted the role Artifact keeper." in screen_text(pilot.app)


async def test_an_edit_says_what_it_costs_and_asks_for_the_name(open_screen: OpenScreen, server: DemoServer) -> None:
    before = role(server, "Release manager")
    before.maps_to = role(server, "Contributor").id
    async with open_screen() as pilot:
        await open_form(pilot, "Release manager")
        await pick(pilot, "dashboards.manage")
        assert "0 to add · 1 to remove · 5 now" in screen_text(pilot.app)
        await send(pilot)
        text = screen_text(pilot.app)
        assert "drops manage dashboards (1)" in text
        # Tomasz holds Member too, which does not permit it; nobody is left out.
        assert "lose 1 permission of the organization: manage dashboards." in text
        assert "Saving any change removes this role's access to all projects" in text
        assert "Olena Kovalenko" in text
        await settled_in(pilot)
        await pilot.press(*"Release", "enter")
        await settle(pilot)
        assert "Nothing was saved." in screen_text(pilot.app)
        assert writes(server) == []
        await pilot.press(*" manager", "enter")
        await settle(pilot)
        ((method, path, body),) = writes(server)
        assert (method, path, set(json.loads(body))) == ("PATCH", f"/roles/{before.id}", {"permissions"})
        assert "organization.dashboards.manage" not in role(server, "Release manager").permissions
        assert role(server, "Release manager").maps_to is None
        assert "Saved the role Release manager." in screen_text(pilot.app)


async def test_a_scope_nobody_knows_is_a_word_and_no_command(open_screen: OpenScreen, server: DemoServer) -> None:
    scope = "a [/nope] [@click=app.quit]b"
    roles = [{**entry, "scope": scope} for entry in roles_as_sent(server)]
    server.inject(Fault("GET", "/roles", status=200, body=json.dumps(roles), times=None))
    async with open_screen() as pilot:
        await open_form(pilot, "Release manager")
        assert scope in screen_text(pilot.app)


async def test_escape_from_the_question_keeps_the_form_as_it_was(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        form = await open_form(pilot, "Support")
        await pilot.press("end", "2")
        await send(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert pilot.app.screen is form
        assert form.name_input.value == "Support2"
        assert "Nothing is saved yet." in screen_text(pilot.app)
        assert writes(server) == []


async def test_what_semaphore_would_stumble_over_is_said_before(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await open_form(pilot)
        await send(pilot)
        assert "A name is needed." in screen_text(pilot.app)
        await pilot.press(*"Support")
        await pilot.pause()
        assert "Among the organization roles is one called Support already." in screen_text(pilot.app)
        type_ahead(pilot.app, *"x" * 255)
        await settle(pilot)
        assert "at most 255 characters" in screen_text(pilot.app)
        assert writes(server) == []


async def test_an_unchanged_role_is_not_sent_and_no_description_emptied(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        form = await open_form(pilot, "Support")
        await send(pilot)
        assert "Nothing is changed." in screen_text(pilot.app)
        form.description_input.focus()
        await pilot.press("backspace")
        await send(pilot)
        assert "Semaphore keeps the old description" in screen_text(pilot.app)
        assert writes(server) == []


async def test_what_the_token_may_not_grant_is_learnt_and_shown(
    open_screen: OpenScreen, session_of: SessionOf, server: DemoServer
) -> None:
    server.organization.create_role(
        "Keeper", ["organization.view", "organization.custom_roles.view", "organization.custom_roles.manage"]
    )
    admin = server.organization.token_holder(server.tokens["admin"])
    assert admin is not None
    server.organization.assign_role(admin, "Keeper")
    async with open_screen(on=session_of("admin")) as pilot:
        await open_form(pilot)
        await pilot.press(*"Heir")
        await pick(pilot, "change_owner")
        await send(pilot)
        text = screen_text(pilot.app)
        assert "cannot grant permissions you do not hold: organization.change_owner" in text
        assert "Name Heir" in text
        await pick(pilot, "change_owner")
        await pilot.press("space")
        await pilot.pause()
        text = screen_text(pilot.app)
        assert "change_owner: cannot be granted: this API token lacks it." in text
        assert server.organization.role_named("Heir") is None


@pytest.mark.parametrize(("key", "words"), [("e", "Owner is built in"), ("X", "Owner is built in")])
async def test_built_in_roles_cannot_be_touched(
    open_screen: OpenScreen, server: DemoServer, key: str, words: str
) -> None:
    async with open_screen() as pilot:
        await pilot.press("5", key)
        await settle(pilot)
        assert words in screen_text(pilot.app)
        assert isinstance(pilot.app.screen, RolesScreen)


async def test_a_role_somebody_holds_is_not_deleted_and_the_key_says_who(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await on_role(pilot, "Support")
        await pilot.press("X")
        await settle(pilot)
        assert "Support is held by 1 person, 1 account, 1 group" in screen_text(pilot.app)


async def test_semaphores_refusal_of_a_deletion_is_told(open_screen: OpenScreen, server: DemoServer) -> None:
    server.organization.create_role("Auditor", ["organization.view"], "Reads.")
    async with open_screen() as pilot:
        await on_role(pilot, "Auditor")
        await pilot.press("X")
        await settled_in(pilot)
        person = server.organization.person_named("Noor Haddad")
        assert person is not None
        server.organization.assign_role(person, "Auditor")
        await pilot.press(*"Auditor", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, DeleteRole)
        assert "it is currently assigned to a user" in screen_text(pilot.app)
        assert server.organization.role_named("Auditor") is not None


@pytest.mark.parametrize(("kind", "words"), [("drop_after", "as you asked for it"), ("drop_before", "was not created")])
async def test_a_lost_creation_is_followed_up(
    open_screen: OpenScreen, server: DemoServer, kind: str, words: str
) -> None:
    server.inject(Fault("POST", "/roles", kind))  # type: ignore[arg-type]
    async with open_screen() as pilot:
        await open_form(pilot)
        await pilot.press(*"Crew")
        await send(pilot)
        assert f"role Crew {words}" in screen_text(pilot.app)
        assert len(writes(server)) == 1


async def test_a_lost_edit_is_followed_up(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("PATCH", "/roles/*", "drop_after"))
    async with open_screen() as pilot:
        await open_form(pilot, "Support")
        await pilot.press("end", "2")
        await save_as(pilot, "Support")
        assert "The role Support2 is saved." in screen_text(pilot.app)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, RolesScreen)
        assert len(writes(server)) == 1


async def test_where_permissions_are_refused_the_catalogue_is_offered(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    server.inject(Fault("GET", "/permissions", "refuse"))
    async with open_screen() as pilot:
        await open_form(pilot)
        text = screen_text(pilot.app)
        assert "built-in catalog" in text
        assert "lacks the permission organization.custom_roles.view" in text


async def test_community_has_no_custom_roles(open_screen: OpenScreen) -> None:
    with DemoServer(edition="ce") as community:
        context = Context("ce", "acme", community.address, community.tokens["owner"])
        with Session(context, SessionOptions(limits=QUICK)) as session:
            async with open_screen(on=session) as pilot:
                for key in "ceX":
                    await pilot.press("5", "r")
                    await settle(pilot)
                    await pilot.press(key)
                    await settle(pilot)
                    assert "Semaphore Community has no custom roles." in screen_text(pilot.app)
                assert writes(community) == []
