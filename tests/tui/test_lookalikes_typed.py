"""Where a name does not tell what is meant, something that does must be typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from semtui.demo.server import DemoServer
from semtui.session.session import Session
from semtui.wording.confirmations import code_to_type
from tests.conftest import OpenScreen, last_line, rename_person, screen_text, settle, settled_in, writes
from tests.support.line_mode import talk

pytestmark = pytest.mark.anyio

TWINS = ("terraform", "Terraform", "terrаform", "terraforrn", "ｔerraform")
"""The same name, and names that look like it: another case, a Cyrillic а, r and n for m, full width."""


def rename(server: DemoServer, kind: str, name: str, new: str) -> None:
    state = server.organization.state
    if kind == "person":
        rename_person(server, name, new)
    elif kind == "group":
        next(each for each in state.groups.values() if each.name == name).name = new
    else:
        next(each for each in state.service_accounts.values() if each.name == name).name = new


def ids(server: DemoServer) -> Callable[[str], str]:
    def of(name: str) -> str:
        return next(each.id for each in server.organization.state.service_accounts.values() if each.name == name)

    return of


async def on(pilot: Pilot[None], keys: tuple[str, ...], row_id: str, key: str) -> None:
    """A page with the cursor on a row, and a dialog opened there."""
    await pilot.press(*keys)
    await settle(pilot)
    rows = pilot.app.screen.query_one("#rows")
    await pilot.press("g", *["j"] * rows.ids.index(row_id), key)  # type: ignore[attr-defined]
    await settled_in(pilot)


def test_the_code_tells_apart_whatever_shares_its_beginning() -> None:
    ours, theirs = "aaaaaaaa-1111-2222", "aaaaaaaa-1111-3333"
    assert code_to_type("ops", ours) == "ops"
    assert code_to_type("ops", ours, [ours]) == "ops"
    assert code_to_type("ops", ours, ["bbbbbbbb-1111-2222"]) == "aaaaaaaa"
    code = code_to_type("ops", ours, [theirs])
    assert ours.startswith(code)
    assert not theirs.startswith(code)


@pytest.mark.parametrize("twin", TWINS)
async def test_an_account_of_the_same_name_or_look_is_deleted_by_its_id(
    open_screen: OpenScreen, server: DemoServer, twin: str
) -> None:
    account_id = ids(server)("terraform")
    rename(server, "account", "docs-preview", twin)
    async with open_screen((100, 40)) as pilot:
        await on(pilot, ("3",), account_id, "X")
        text = screen_text(pilot.app)
        assert f"Type “{account_id[:8]}” to delete it" in text
        assert f"id {account_id}" in text
        assert "Look twice" in text
        await pilot.press(*"terraform", "enter")
        await settle(pilot)
        assert writes(server) == []
        await pilot.press("ctrl+u", *account_id[:8], "enter")
        await settle(pilot)
        assert [path for _, path, _ in writes(server)] == [f"/service_accounts/{account_id}"]


async def test_a_group_too_also_when_its_twin_is_an_account(open_screen: OpenScreen, server: DemoServer) -> None:
    rename(server, "account", "docs-preview", "Contractors")
    group = server.organization.group_named("Contractors")
    assert group is not None
    async with open_screen((100, 40)) as pilot:
        await on(pilot, ("4",), group.id, "X")
        assert f"Type “{group.id[:8]}” to delete it" in screen_text(pilot.app)


async def test_a_person_is_removed_by_the_id(open_screen: OpenScreen, server: DemoServer) -> None:
    rename(server, "person", "Sam Patel", "Noor Haddad")
    one = next(each.id for each in server.organization.state.people.values() if each.name == "Noor Haddad")
    async with open_screen((100, 40)) as pilot:
        await on(pilot, ("2",), one, "X")
        assert f"Type “{one[:8]}” to remove it" in screen_text(pilot.app)
        await pilot.press(*"Noor Haddad", "enter")
        await settle(pilot)
        assert "Nothing was removed." in screen_text(pilot.app)
        assert writes(server) == []
        await pilot.press("ctrl+u", *one[:8], "enter")
        await settle(pilot)
        assert [path for _, path, _ in writes(server)] == [f"/members/{one}"]
        assert "Removed Noor Haddad." in last_line(pilot.app)


async def test_a_role_is_saved_and_deleted_by_its_id(open_screen: OpenScreen, server: DemoServer) -> None:
    server.organization.create_role("Auditor", ["organization.view"], "Reads.")
    server.organization.create_role("Аuditor", ["organization.view"], "Begins with a Cyrillic letter.")
    role = server.organization.role_named("Auditor")
    assert role is not None
    async with open_screen((100, 40)) as pilot:
        await on(pilot, ("5",), role.id, "X")
        assert f"Type “{role.id[:8]}” to delete it" in screen_text(pilot.app)
        await pilot.press("escape", "e")
        await settled_in(pilot)
        await pilot.press(*"Checker", *["tab"] * 4, "enter")
        await settled_in(pilot)
        assert f"Type “{role.id[:8]}” to save it" in screen_text(pilot.app)


# Line mode


@pytest.mark.parametrize(
    ("kind", "theirs", "twin", "way"),
    [
        ("account", "docs-preview", "terraform", ("3", "terraform", "1", "4")),
        ("group", "Support desk", "C0ntractors", ("4", "Contractors", "1", "4")),
        ("person", "Sam Patel", "Noor Haddad", ("2", "Noor Haddad", "1", "2")),
    ],
)
def test_line_mode_asks_for_the_id_too(
    session: Session, server: DemoServer, kind: str, theirs: str, twin: str, way: tuple[str, ...]
) -> None:
    rename(server, kind, theirs, twin)
    name = way[1]
    said = talk(session, *way, name, "q")
    code = said.partition("Type ")[2].partition(", the start of")[0]
    state = server.organization.state
    names = {record.id: record.name for record in state.service_accounts.values()}
    names |= {group.id: group.name for group in state.groups.values()}
    names |= {person.id: person.name for person in state.people.values()}
    assert [called for row_id, called in names.items() if row_id.startswith(code)] == [name]
    assert f"That is not “{code}”" in said
    assert writes(server) == []
    talk(session, *way, code, "q")
    assert len(writes(server)) == 1


def test_line_mode_asks_for_the_id_of_a_role_too(session: Session, server: DemoServer) -> None:
    server.organization.create_role("Auditor", ["organization.view"], "Reads.")
    server.organization.create_role("Аuditor", ["organization.view"], "Begins with a Cyrillic letter.")
    role = server.organization.role_named("Auditor")
    assert role is not None
    said = talk(session, "5", "1", "Auditor", "1", "5", "Auditor", "q")
    assert f"Type {role.id[:8]}, the start of its id, to delete it" in said
    assert writes(server) == []
    talk(session, "5", "1", "Auditor", "1", "5", role.id[:8], "q")
    assert server.organization.role_named("Auditor") is None


def test_line_mode_says_old_and_new_before_it_saves(session: Session, server: DemoServer) -> None:
    said = talk(session, "3", "ci-deployer", "1", "1", "1", "ci-deploy", "3", "2", "0", "q")
    assert "Name: ci-deployer becomes ci-deploy" in said
    assert "Role: Member becomes Admin" in said
    assert writes(server) == []
