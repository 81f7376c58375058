"""Changes that were made as one are undone as one; what has moved since is left alone, and that is said."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from semtui.changes.bulk import make_plan, run_plan
from semtui.changes.undo_several import undo_plan
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.organization.store import OrganizationStore
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tui.screens.bulk import BulkScreen
from semtui.tui.screens.undo import UndoChange
from tests.changes.test_bulk_tokens import THREE, go, plan_on
from tests.conftest import QUICK, OpenScreen, people_screen, screen_text, settle, settled_in, until_held, writes
from tests.support.line_mode import talk

pytestmark = pytest.mark.anyio


def account_of(server: DemoServer, name: str) -> str:
    found = server.organization.service_account_named(name)
    assert found is not None
    return found.id


def deactivated(server: DemoServer) -> list[bool]:
    found = [server.organization.service_account_named(name) for name in THREE]
    return [each is not None and each.deactivated for each in found]


def member_lists(server: DemoServer) -> list[str]:
    return [each.path for each in server.requests if "/members?" in each.path]


async def bulk(pilot: Pilot[None], *keys: str) -> None:
    """Mark the three accounts, press the keys that plan a change of them, and make it."""
    people = people_screen(pilot.app)
    people.content.marks.add(each.id for each in people.store.people.subjects if each.name in THREE)
    await pilot.press(*keys)
    await pilot.pause()
    await go(pilot, 3)
    await pilot.press("escape")
    await settle(pilot)


async def undo(pilot: Pilot[None]) -> dict[str, str]:
    """Press u, and return what the plan says of each row."""
    await pilot.press("u")
    await settle(pilot)
    plan = plan_on(pilot)
    assert plan is not None
    return {step.subject.name: step.words for step in plan.steps}


async def test_all_rows_are_undone_but_those_that_have_moved(
    open_screen: OpenScreen, server: DemoServer, session: Session
) -> None:
    async with open_screen() as pilot:
        await bulk(pilot, "e", "home", "enter")
        given = [server.organization.role_names_of(account_of(server, name)) for name in THREE]
        assert given != [["Member"]] * 3
        server.organization.assign_role(account_of(server, "docs-preview"), "Support")
        before = len(member_lists(server))
        told = await undo(pilot)
        assert sum("page_no=0" in each for each in member_lists(server)[before:]) == 1
        assert "Undo 2 changes that were made as one" in screen_text(pilot.app)
        assert told["docs-preview"].startswith("Somebody else has changed this in the meantime: the role was")
        assert told["docs-preview"].endswith("Left alone.")
        ended = await go(pilot, 2)
        assert ended == {"ci-deployer": "done", "docs-preview": "impossible", "staging-deployer": "done"}
        names = [server.organization.role_names_of(account_of(server, name)) for name in THREE]
        assert names == [["Member"], ["Support"], ["Member"]]
        await pilot.press("escape")
        await settle(pilot)
        # What is left of it is asked about by itself.
        await pilot.press("u")
        await settled_in(pilot)
        assert isinstance(pilot.app.screen, UndoChange)


async def test_what_is_opened_meanwhile_is_not_covered_by_the_plan(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await bulk(pilot, "d")
        server.inject(Fault("GET", "/service_accounts/*", "hold"))
        await pilot.press("u")
        await until_held(pilot, server)
        await pilot.press("question_mark")
        opened = pilot.app.screen
        server.release()
        await settle(pilot)
        assert pilot.app.screen is opened


@pytest.mark.parametrize(("kind", "outcome"), [("drop_after", "done"), ("drop_before", "not done")])
async def test_a_lost_answer_in_the_middle_is_looked_up_and_not_sent_again(
    open_screen: OpenScreen, server: DemoServer, kind: Any, outcome: str
) -> None:
    async with open_screen() as pilot:
        await bulk(pilot, "d")
        assert deactivated(server) == [True] * 3
        await undo(pilot)
        server.inject(Fault("POST", "/service_accounts/*/reactivate", "delay"))
        server.inject(Fault("POST", "/service_accounts/*/reactivate", kind))
        ended = await go(pilot, 3)
        assert ended["docs-preview"] == outcome
        assert sum(path.endswith("/reactivate") for _, path, _ in writes(server)) == 3
        assert deactivated(server) == [False, kind == "drop_before", False]


async def test_what_moves_while_the_plan_is_read_is_left_alone_too(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await bulk(pilot, "d")
        await undo(pilot)
        assert isinstance(pilot.app.screen, BulkScreen)
        server.organization.reactivate_service_account(account_of(server, "ci-deployer"))
        ended = await go(pilot, 3)
        assert ended == {"ci-deployer": "refused", "docs-preview": "done", "staging-deployer": "done"}


async def test_a_list_of_several_pages_is_read_once_for_all_and_until_two_readings_agree() -> None:
    with DemoServer(size=4_500) as server:
        context = Context("demo", "acme.example.com", server.address, server.tokens["owner"], demo=True)
        with Session(context, SessionOptions(limits=QUICK)) as session:
            store = OrganizationStore(session)
            await store.load_people(lambda: None)
            people = [each for each in store.people.subjects if each.kind == "person" and each.manual_role][-3:]
            support = next(each for each in store.people.roles.items if each.name == "Support")
            plan = make_plan("role", people, store.people, support)
            for step in plan.open:
                await run_plan(session, plan, step)
            before = len(member_lists(server))
            undoing = await undo_plan(session, store.people, session.history.entries())
            assert [step.outcome for step in undoing.steps] == ["planned"] * 3
            assert sum("page_no=0" in each for each in member_lists(server)[before:]) == 2


def test_line_mode_undoes_them_as_one(session: Session, server: DemoServer) -> None:
    said = talk(session, "3", "deployer", "a", "1", "2", "0", "0", "14", "2", "2", "0", "q")
    assert "Undo 2 changes that were made as one" in said
    assert deactivated(server) == [False, False, False]
    assert sum(path.endswith("/reactivate") for _, path, _ in writes(server)) == 2
