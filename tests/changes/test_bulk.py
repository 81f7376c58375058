"""One thing done to many rows: marks, the plan, the count to type, results row by row, stopping and going on."""

from __future__ import annotations

from collections import Counter

import pytest
from textual.pilot import Pilot

from semtui.api.models import Role, RoleBinding, ServiceAccount
from semtui.changes.bulk import Plan, make_plan
from semtui.changes.bulk_wording import progress, question, summary
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.organization.people import People
from semtui.organization.subject import Subject
from semtui.tui.pages.people import PeopleScreen
from semtui.tui.screens.bulk import BulkScreen
from tests.conftest import (
    OpenScreen,
    SessionOf,
    find,
    last_line,
    people_screen,
    screen_text,
    settle,
    settled_in,
    type_ahead,
    until_held,
    writes,
)

pytestmark = pytest.mark.anyio

DEPLOYERS = ("ci-deployer", "release-publisher", "staging-deployer", "svc[prod] deploy")


async def mark(pilot: Pilot[None], *names: str) -> None:
    for name in names:
        await find(pilot, name)
        await pilot.press("space", "escape")
        await pilot.pause()


def plan_of(pilot: Pilot[None]) -> Plan:
    screen = pilot.app.screen
    assert isinstance(screen, BulkScreen)
    return screen.plan


def outcomes(plan: Plan) -> dict[str, str]:
    return {step.subject.name: step.outcome for step in plan.steps}


async def go(pilot: Pilot[None], count: int) -> None:
    await settled_in(pilot)
    await pilot.press(*str(count), "enter")
    await settle(pilot)


def states(server: DemoServer, *names: str) -> list[bool]:
    found = [server.organization.service_account_named(name) for name in names]
    return [account is not None and account.deactivated for account in found]


# Marks


async def test_rows_are_marked_and_unmarked_and_counted(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("space", "space")
        await pilot.pause()
        assert "2 rows marked" in last_line(pilot.app)
        assert "2 marked" in screen_text(pilot.app)
        assert people_screen(pilot.app).rows.place[0] == 3
        await pilot.press("g", "space")
        await pilot.pause()
        assert "1 row marked" in last_line(pilot.app)
        await pilot.press("U")
        await pilot.pause()
        assert "No row is marked." in last_line(pilot.app)
        assert "marked ·" not in screen_text(pilot.app)


async def test_all_that_the_filter_shows_is_marked_and_nothing_else(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await find(pilot, "deploy")
        shown = set(people_screen(pilot.app).rows.ids)
        await pilot.press("A", "escape")
        await pilot.pause()
        assert set(people_screen(pilot.app).content.marks) == shown
        assert 1 < len(shown) < 37


# The plan


async def test_the_plan_says_for_each_row_what_happens_and_what_cannot(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await mark(pilot, "ci-deployer", "nightly-backup", "Noor Haddad")
        await pilot.press("d")
        await pilot.pause()
        text = screen_text(pilot.app)
        assert "Deactivate 1 service account" in text
        assert "ci-deployer account will be deactivated" in text
        assert "nightly-backup account is deactivated already" in text
        assert "Noor Haddad person a person cannot be deactivated" in text
        assert "Type 1 to go ahead with 1 row; 2 rows cannot be" in text
        await pilot.press("2", "enter")
        await settle(pilot)
        assert "That is not 1. Nothing was done." in screen_text(pilot.app)
        await pilot.press("backspace")
        await pilot.pause()
        assert "Type 1 to go ahead with 1 row" in screen_text(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert writes(server) == []
        assert len(people_screen(pilot.app).content.marks) == 3


async def test_a_plan_of_nothing_says_why_and_only_closes(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await mark(pilot, "Amara Okafor")
        await pilot.press("X")
        await pilot.pause()
        assert "is an Owner, and Semaphore does not remove Owners" in screen_text(pilot.app)
        assert "None of the marked rows can be changed" in screen_text(pilot.app)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert writes(server) == []


# Doing it


@pytest.mark.parametrize("key", ["X", "d"])
async def test_a_count_typed_before_the_rows_could_be_read_does_nothing(
    open_screen: OpenScreen, server: DemoServer, key: str
) -> None:
    """On the page a 2 shows the people, so it may have been meant for that."""
    async with open_screen() as pilot:
        await mark(pilot, "ci-deployer", "release-publisher")
        type_ahead(pilot.app, key, "2", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, BulkScreen)
        assert "Nothing was done: that was typed before the rows could be read." in screen_text(pilot.app)
        assert writes(server) == []
        await go(pilot, 2)
        assert len(writes(server)) == 2


async def test_nor_does_an_enter_after_it(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await mark(pilot, "ci-deployer", "release-publisher")
        type_ahead(pilot.app, "X", "2", "enter")
        await settle(pilot)
        await settled_in(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert writes(server) == []


async def test_marked_accounts_are_deactivated_and_come_back(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await mark(pilot, *DEPLOYERS)
        await pilot.press("d")
        await go(pilot, 4)
        assert states(server, *DEPLOYERS) == [True] * 4
        assert set(outcomes(plan_of(pilot)).values()) == {"done"}
        assert "4 done." in screen_text(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        assert last_line(pilot.app) == "4 done."
        assert set(people_screen(pilot.app).content.marks) == set()
        await mark(pilot, *DEPLOYERS[:2])
        await pilot.press("d")
        await pilot.pause()
        assert "Reactivate 2 service accounts" in screen_text(pilot.app)
        await go(pilot, 2)
        assert states(server, *DEPLOYERS) == [False, False, True, True]


async def test_marked_people_and_accounts_get_one_role(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await mark(pilot, "Noor Haddad", "ci-deployer", "audit-exporter")
        await pilot.press("e")
        await pilot.pause()
        assert "Which role for 3 marked rows?" in screen_text(pilot.app)
        await pilot.press("end", "enter")
        await pilot.pause()
        assert "audit-exporter account holds Support already" in screen_text(pilot.app)
        await go(pilot, 2)
        noor, account = server.organization.person_named("Noor Haddad"), server.organization.service_account_named
        found = account("ci-deployer")
        assert noor is not None
        assert found is not None
        assert server.organization.role_names_of(noor) == ["Support"]
        assert server.organization.role_names_of(found.id) == ["Support"]
        assert len(writes(server)) == 2


async def test_x_deletes_accounts_removes_people_and_tells_who_stays(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await mark(pilot, "Noor Haddad", "Tomasz", "docs-preview")
        await pilot.press("X")
        await pilot.pause()
        text = screen_text(pilot.app)
        assert "Delete or remove 3 rows" in text
        assert "stays through Member" in text
        await go(pilot, 3)
        text = screen_text(pilot.app)
        assert "docs-preview account deleted" in text
        assert "stays a member through Member" in text
        assert server.organization.service_account_named("docs-preview") is None
        noor = server.organization.person_named("Noor Haddad")
        assert noor is None or server.organization.role_names_of(noor) == []
        assert Counter(method for method, _, _ in writes(server)) == {"DELETE": 3}


# Trouble


async def test_a_refused_row_says_why_and_the_others_go_on(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("POST", "/service_accounts/*/deactivate", status=400, body='"Not today"'))
    async with open_screen() as pilot:
        await mark(pilot, *DEPLOYERS)
        await pilot.press("d")
        await go(pilot, 4)
        assert "Semaphore refused: Not today." in screen_text(pilot.app)
        assert "3 done, 1 refused." in screen_text(pilot.app)
        assert states(server, *DEPLOYERS).count(True) == 3
        await pilot.press("escape")
        await settle(pilot)
        assert len(people_screen(pilot.app).content.marks) == 1


@pytest.mark.parametrize(("kind", "outcome"), [("drop_after", "done"), ("drop_before", "not done")])
async def test_a_lost_answer_is_looked_up_and_never_sent_again(
    open_screen: OpenScreen, server: DemoServer, kind: str, outcome: str
) -> None:
    async with open_screen() as pilot:
        await mark(pilot, "ci-deployer", "terraform")
        await pilot.press("d")
        server.inject(Fault("POST", "/service_accounts/*/deactivate", kind))  # type: ignore[arg-type]
        await go(pilot, 2)
        assert outcomes(plan_of(pilot)) == {"ci-deployer": outcome, "terraform": "done"}
        assert len(writes(server)) == 2
        assert states(server, "ci-deployer") == [outcome == "done"]


async def test_when_semaphore_is_gone_the_rest_is_kept_and_r_goes_on(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await mark(pilot, *DEPLOYERS)
        await pilot.press("d")
        server.stop()
        await go(pilot, 4)
        text = screen_text(pilot.app)
        assert "4 not begun. Nothing was sent, because the current state of the rows could not be read" in text
        assert "r continues with the 4 that were not done." in text
        server.start()
        await pilot.press("r")
        await settle(pilot)
        assert "4 done." in screen_text(pilot.app)
        assert states(server, *DEPLOYERS) == [True] * 4
        assert len(writes(server)) == 4


async def test_half_done_and_cut_off_nothing_more_was_sent(open_screen: OpenScreen, server: DemoServer) -> None:
    """Something was."""
    async with open_screen() as pilot:
        await mark(pilot, *DEPLOYERS)
        await pilot.press("d")
        server.inject(Fault("POST", "/service_accounts/*/deactivate", "delay"))
        server.inject(Fault("POST", "/service_accounts/*/deactivate", "status", status=429))
        await go(pilot, 4)
        second = plan_of(pilot).steps[1].subject.name
        assert f"1 done, 1 not done, 2 not begun. Stopped at {second}:" in screen_text(pilot.app)
        server.stop()
        await pilot.press("r")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "1 done, 1 not done, 2 not begun. Nothing more was sent, because the current state" in text


async def test_what_would_meet_every_row_stops_at_the_first_and_r_goes_on(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await mark(pilot, *DEPLOYERS)
        await pilot.press("d")
        server.inject(Fault("POST", "/service_accounts/*/deactivate", "status", status=429))
        await go(pilot, 4)
        assert "1 not done, 3 not begun. Stopped at ci-deployer:" in screen_text(pilot.app)
        await pilot.press("r")
        await settle(pilot)
        assert "4 done." in screen_text(pilot.app)


async def test_rows_somebody_else_has_changed_since_the_plan_was_made_are_left_alone(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    organization = server.organization
    async with open_screen() as pilot:
        await mark(pilot, *DEPLOYERS)
        await pilot.press("X")
        assert isinstance(pilot.app.screen, BulkScreen)
        ids = [step.id for step in pilot.app.screen.plan.steps]
        organization.edit_service_account(ids[0], name="precious")
        await go(pilot, 4)
        text = screen_text(pilot.app)
        assert "3 done, 1 refused" in text
        assert "was renamed to precious; left alone" in text
        assert not any(path.endswith(ids[0]) for _, path, _ in writes(server))


async def test_it_stops_after_the_row_under_way_and_does_nothing_twice(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await mark(pilot, *DEPLOYERS)
        await pilot.press("d")
        server.inject(Fault("POST", "/service_accounts/*/deactivate", "hold"))
        await settled_in(pilot)
        await pilot.press("4", "enter")
        await until_held(pilot, server)
        assert "0 of 4 · Deactivating ci-deployer…" in screen_text(pilot.app)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, BulkScreen)
        assert "Stops after this one." in screen_text(pilot.app)
        server.release()
        await settle(pilot)
        assert outcomes(plan_of(pilot)) == dict(zip(DEPLOYERS, ["done", "planned", "planned", "planned"], strict=True))
        await pilot.press("r")
        await settle(pilot)
        assert states(server, *DEPLOYERS) == [True] * 4
        assert max(Counter(path for _, path, _ in writes(server)).values()) == 1


async def test_a_refusal_for_all_is_met_once(
    open_screen: OpenScreen, session_of: SessionOf, server: DemoServer
) -> None:
    async with open_screen(on=session_of("support")) as pilot:
        await mark(pilot, "ci-deployer", "terraform")
        await pilot.press("d")
        await go(pilot, 2)
        assert "2 refused." in screen_text(pilot.app)
        assert states(server, "ci-deployer", "terraform") == [False, False]
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("d")
        await pilot.pause()
        assert "lacks the permission organization.service_accounts.manage" in last_line(pilot.app)


async def test_read_only_plans_nothing(open_screen: OpenScreen, session_of: SessionOf) -> None:
    async with open_screen(on=session_of("owner", read_only=True)) as pilot:
        await mark(pilot, "ci-deployer")
        await pilot.press("X")
        await pilot.pause()
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert "--read-only" in last_line(pilot.app)


# Words


def account(name: str, state: str = "active") -> Subject:
    return Subject(name, "account", name, state=state, account=ServiceAccount(id=name))  # type: ignore[arg-type]


def test_the_words_of_a_plan() -> None:
    role = Role(id="r", name="Reader")
    held = Subject("p", "person", "Pam", (RoleBinding(role_id="r", role_name="Reader", source="manually"),))
    plan = make_plan("role", [held, account("a"), account("b")], People(), role)
    assert [step.words for step in plan.steps] == ["no role → Reader", "no role → Reader", "holds Reader already"]
    assert question(plan) == "Type 2 to go ahead with 2 rows; 1 row cannot be changed, for the reason shown."
    assert progress(plan, plan.steps[0], stopping=False).endswith(" 0 of 2 · Giving a role to a…")
    half = plan.with_step(plan.steps[0].ended("done", "is Reader now"))
    assert progress(half, None, stopping=True) == "█" * 12 + "░" * 12 + " 1 of 2 Stops after this one."
    assert summary(half) == ("1 done, 1 not begun.", "warn")
    assert summary(half.with_step(half.steps[1].ended("done", ""))) == ("2 done.", "good")
