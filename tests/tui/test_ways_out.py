"""Every screen and dialog is opened and left with plain keys alone, and nothing is changed by that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import ModalScreen

import semtui.tui.app
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.session.manager import ContextEntry
from semtui.settings.organization_marks import OrganizationMark
from semtui.tui.answers.answer_export import AnswerExport
from semtui.tui.answers.answer_screen import AnswerScreen
from semtui.tui.answers.comparison_screen import ComparisonScreen
from semtui.tui.answers.details_screen import DetailsScreen
from semtui.tui.answers.findings_screen import FindingsScreen
from semtui.tui.answers.journal_screen import JournalScreen
from semtui.tui.answers.offboard_screen import OffboardScreen
from semtui.tui.answers.permission_picker import PermissionPicker
from semtui.tui.answers.snapshot_form import SnapshotForm
from semtui.tui.answers.snapshot_picker import SnapshotPicker
from semtui.tui.answers.waiver_form import WaiverForm
from semtui.tui.answers.what_if_screen import WhatIfScreen
from semtui.tui.pages.page import Page
from semtui.tui.screens.bulk import BulkScreen
from semtui.tui.screens.carry_out_offboarding import CarryOutOffboarding
from semtui.tui.screens.change_role import ChangeRole
from semtui.tui.screens.chooser import Chooser
from semtui.tui.screens.confirmations import (
    DeleteGroup,
    DeleteServiceAccount,
    RegenerateToken,
    SwitchServiceAccount,
)
from semtui.tui.screens.context_picker import ContextPicker
from semtui.tui.screens.export_form import ExportForm
from semtui.tui.screens.file_form import TextExport
from semtui.tui.screens.group_form import GroupForm
from semtui.tui.screens.invite import Invite
from semtui.tui.screens.project_people import ProjectPeople
from semtui.tui.screens.project_picker import ProjectPicker
from semtui.tui.screens.project_role import AssignProjectRole, RemoveProjectRole
from semtui.tui.screens.remove_member import RemoveLookalike, RemoveMember
from semtui.tui.screens.role_chooser import RoleChooser
from semtui.tui.screens.role_form import DeleteRole, RoleForm, SaveRole
from semtui.tui.screens.rotation import CompleteTwin, CreateTwin, RenameTwin
from semtui.tui.screens.secret_exposure import SecretExposure
from semtui.tui.screens.service_account_form import ServiceAccountForm
from semtui.tui.screens.text_page import TextPage
from semtui.tui.screens.token_destinations import TokenDestinations
from semtui.tui.screens.token_display import TokenDisplay
from semtui.tui.screens.undo import UndoChange
from tests.conftest import (
    OpenScreen,
    last_line,
    people_screen,
    rename_person,
    screen_text,
    settle,
    settled_in,
    to_button,
    until_held,
    writes,
)
from tests.tui.test_keys import PLAIN

pytestmark = pytest.mark.anyio

CANCEL = ("to cancel", "enter")
ACCOUNT = ("3", "down", "down", "down")
PERSON = ("2", "down", "down", "down")
WALKS: dict[str, tuple[type[ModalScreen[Any]], tuple[str, ...], tuple[str, ...]]] = {
    "details": (DetailsScreen, ("enter",), ("q",)),
    "help": (TextPage, ("?",), ("q",)),
    "a page searched": (TextPage, ("?", "/", *"role", "enter"), ("backspace", "backspace")),
    "a page to a file": (TextExport, ("?", "E", *"q"), (*CANCEL, "q")),
    "details searched": (DetailsScreen, ("enter", "/", *"role", "enter"), ("backspace", "backspace")),
    "a page searched for nothing": (TextPage, ("?", "/", "enter"), ("enter",)),
    "menu": (Chooser, ("x",), ("backspace",)),
    "menu with a word": (Chooser, ("x", *"ed"), ("backspace", "backspace", "backspace")),
    "role filter": (Chooser, ("f",), ("backspace",)),
    "export": (ExportForm, ("E",), ("tab", "q")),
    "export, in the path": (ExportForm, ("E", *"q"), CANCEL),
    "create": (ServiceAccountForm, ("c", *"quick"), CANCEL),
    "projects of a new account": (
        ProjectPicker,
        ("c", *"quick", "to projects", "ready", "enter", "settled"),
        (*CANCEL, *CANCEL),
    ),
    "a secret that everybody reads": (
        SecretExposure,
        ("c", *"quick", "tab", "tab", "a", "tab", *"secret:quick", "to send", "ready", "enter"),
        ("enter", *CANCEL),
    ),
    "edit an account": (ServiceAccountForm, (*ACCOUNT, "e"), CANCEL),
    "regenerate": (RegenerateToken, (*ACCOUNT, "T"), ("enter",)),
    "regenerate, with a place typed": (RegenerateToken, (*ACCOUNT, "T", "tab", "tab", "tab", *"/q"), CANCEL),
    "deactivate": (SwitchServiceAccount, (*ACCOUNT, "d"), ("enter",)),
    "deactivate, by q": (SwitchServiceAccount, (*ACCOUNT, "d"), ("q",)),
    "delete": (DeleteServiceAccount, (*ACCOUNT, "X"), ("enter",)),
    "delete, with something typed": (DeleteServiceAccount, (*ACCOUNT, "X", *"ci-d"), CANCEL),
    "create a group": (GroupForm, ("C", *"Crew"), CANCEL),
    "edit a group": (GroupForm, ("4", "e"), CANCEL),
    "delete a group": (DeleteGroup, ("4", "X"), ("enter",)),
    "take a group's role": (RemoveMember, ("4", "R"), ("enter",)),
    "change a role": (ChangeRole, (*PERSON, "e"), CANCEL),
    "change a role, by q": (ChangeRole, (*PERSON, "e"), ("q",)),
    "remove a person": (RemoveMember, (*PERSON, "X"), ("enter",)),
    "remove one of two of a name": (RemoveLookalike, ("2", *"/noor", "enter", "X"), ("enter",)),
    "invite": (Invite, ("i", *"quinn"), CANCEL),
    "a plan": (BulkScreen, ("3", "A", "d"), ("enter",)),
    "a plan, with a number": (BulkScreen, ("3", "A", "d", *"12"), CANCEL),
    "a role for many": (RoleChooser, ("2", "A", "e"), ("q",)),
    "tokens of many": (TokenDestinations, ("3", "A", "T", *"q"), CANCEL),
    "replace by a twin": (CreateTwin, (*ACCOUNT, "H", "enter", *"q"), CANCEL),
    "offboard": (OffboardScreen, ("2", *"/amara", "enter", "O", "settled"), ("q",)),
    "offboard, about to": (
        CarryOutOffboarding,
        ("2", *"/amara", "enter", "O", "settled", "enter", *"deact", "enter", "c", *"am"),
        (*CANCEL, "q"),
    ),
    "journal": (JournalScreen, ("J",), ("q",)),
    "who can": (Chooser, ("5", "w", *"se"), ("backspace", "backspace", "backspace")),
    "an answer": (AnswerScreen, ("w", *"org", "enter"), ("q",)),
    "an answer behind an answer": (AnswerScreen, ("w", *"org", "enter", "enter", "enter"), ("backspace",) * 3),
    "who is a step away": (AnswerScreen, ("8", "enter", "settled"), ("q",)),
    "findings": (FindingsScreen, ("7",), ("q",)),
    "a finding": (FindingsScreen, ("7", "enter"), ("backspace",) * 2),
    "waive a finding": (WaiverForm, ("7", "W", *"quick"), (*CANCEL, "q")),
    "what would change, not chosen": (Chooser, ("2", "b", *"re"), ("backspace",) * 3),
    "what would change": (WhatIfScreen, ("2", "j", "j", "b", *"remove", "enter"), ("q",)),
    "what would change, behind it": (
        WhatIfScreen,
        ("2", "j", "j", "b", "enter", *"member", "enter", "j", "j", "enter", "enter"),
        ("backspace",) * 3,
    ),
    "permissions picked": (PermissionPicker, ("5", "j", "j", "j", "b", "enter", *"quick"), CANCEL),
    "permissions picked, by q": (PermissionPicker, ("5", "j", "j", "j", "b", "enter", "tab", "space"), ("q",)),
    "an answer searched": (AnswerScreen, ("a", "/", *"quick", "enter"), ("backspace", "backspace")),
    "an answer exported": (AnswerExport, (*ACCOUNT, "a", "E", *"q"), (*CANCEL, "q")),
    "a snapshot": (SnapshotForm, ("S", *"q"), CANCEL),
    "what has changed": (
        ComparisonScreen,
        ("S", "to send", "enter", "settled", "D", "to send", "enter", "settled"),
        ("q",),
    ),
    "compare with a snapshot": (SnapshotPicker, ("D", *"q"), CANCEL),
    "create a role": (RoleForm, ("5", "c", *"quartermaster"), CANCEL),
    "save a role": (SaveRole, ("5", "j", "j", "j", "e", "ready", *"Ships", "to send", "enter"), ("enter", *CANCEL)),
    "delete a role": (DeleteRole, ("5", "settled", "/", *"auditor", "enter", "X"), ("enter",)),
    "project people": (ProjectPeople, ("6", "settled", "p", "settled"), ("q",)),
    "give a role there": (AssignProjectRole, ("6", "settled", "p", "settled", "e"), (*CANCEL, "q")),
    "add somebody there": (Chooser, ("6", "settled", "p", "settled", "c"), ("backspace", "q")),
    "take a role there": (
        RemoveProjectRole,
        ("6", "settled", "/", *"payments", "enter", "p", "settled", "j", "j", "j", "j", "X"),
        ("enter", "q"),
    ),
}


async def press(pilot: Pilot[None], pressed: tuple[str, ...]) -> None:
    for key in pressed:
        if key.startswith("to "):
            await to_button(pilot, key.removeprefix("to "))
        elif key == "settled":
            await settle(pilot)
        elif key == "ready":
            await settled_in(pilot)
        else:
            assert len(key) == 1 or key in PLAIN
            await pilot.press({" ": "space", "/": "slash"}.get(key, key))
            await pilot.pause()


@pytest.mark.parametrize("name", WALKS)
async def test_a_dialog_is_left_with_plain_keys(
    open_screen: OpenScreen, server: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    server.organization.create_role("Auditor", ["organization.view"], "Reads.")
    if name == "remove one of two of a name":
        rename_person(server, "Sam Patel", "Noor Haddad")
    screen, opening, leaving = WALKS[name]
    async with open_screen() as pilot:
        await press(pilot, opening)
        await settle(pilot)
        assert isinstance(pilot.app.screen, screen)
        if leaving[0] == "enter":
            # A dialog takes no answer in its first moments.
            await pilot.pause(0.35)
        await press(pilot, leaving)
        await settle(pilot)
        assert isinstance(pilot.app.screen, Page)
        assert writes(server) == []


def modals() -> Iterator[type[ModalScreen[Any]]]:
    waiting = list(ModalScreen.__subclasses__())
    while waiting:
        each = waiting.pop()
        waiting += each.__subclasses__()
        if each.__module__.startswith("semtui.") and (
            each in (AnswerScreen, DetailsScreen) or not each.__subclasses__()
        ):
            yield each


async def test_no_dialog_is_left_out() -> None:
    assert semtui.tui.app
    assert {walk[0] for walk in WALKS.values()} | {
        TokenDisplay,
        ContextPicker,
        UndoChange,
        CompleteTwin,
        RenameTwin,
    } == set(modals())


async def test_the_contexts_are_left_with_a_plain_key(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        pilot.app.push_screen(ContextPicker((ContextEntry("a", "a.example.com", OrganizationMark()),), "a"))
        await pilot.pause()
        assert "q stays here" in screen_text(pilot.app)
        await press(pilot, ("q",))
        assert isinstance(pilot.app.screen, Page)


async def test_a_token_is_stored_nowhere_and_left_with_plain_keys(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await press(pilot, (*ACCOUNT, "T", "ready", "right", "enter", "settled"))
        assert isinstance(pilot.app.screen, TokenDisplay)
        sent = len(writes(server))
        for way in ("w", "p"):
            await press(pilot, (way,))
            where = pilot.app.screen.where
            await press(pilot, ("backspace",) * len(where.value))
            await press(pilot, ("enter",))
            assert not pilot.app.screen.where_field.display
        await press(pilot, ("enter", "q", "settled"))
        assert isinstance(pilot.app.screen, Page)
        assert len(writes(server)) == sent


async def test_what_narrows_a_page_is_dropped_with_plain_keys(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await press(pilot, ("/", *"deploy", "enter"))
        await press(pilot, ("f", "down", "enter"))
        await press(pilot, ("backspace",))
        assert last_line(pilot.app) == "Filters cleared."
        assert people_screen(pilot.app).rows.place[1] == 37
        await press(pilot, ("/", *"de", "backspace", "backspace", "enter"))
        assert people_screen(pilot.app).rows.has_focus
        assert people_screen(pilot.app).rows.place[1] == 37


async def test_loading_is_called_off_with_a_plain_key(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        server.inject(Fault("GET", "/service_accounts", "hold"))
        await press(pilot, ("r",))
        await until_held(pilot, server)
        await press(pilot, ("backspace",))
        assert "Loading stopped" in last_line(pilot.app)
        server.release()
