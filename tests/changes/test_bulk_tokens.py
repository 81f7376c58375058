"""New tokens for several accounts: each has a place of its own, checked before the first exists, and none is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from semtui.changes.bulk import Plan
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.session.session import Session
from semtui.tokens.destination_pattern import expanded
from semtui.tui.screens.bulk import BulkScreen
from semtui.tui.screens.token_destinations import TokenDestinations
from semtui.tui.screens.token_display import TokenDisplay
from tests.conftest import (
    OpenScreen,
    find,
    people_screen,
    screen_text,
    settle,
    settled_in,
    status_with,
    type_ahead,
    until_held,
    writes,
)
from tests.support.line_mode import talk

pytestmark = pytest.mark.anyio

THREE = ("ci-deployer", "docs-preview", "staging-deployer")
"""In the order of the table; all with the role Member."""
NEW = "/service_accounts/*/regenerate_token"


async def plan_for(pilot: Pilot[None], where: str, *names: str, key: str = "T") -> Plan | None:
    """Mark accounts, say where their tokens go, and return the plan; None if there is none yet."""
    for name in names:
        await find(pilot, name)
        await pilot.press("space", "escape")
        await pilot.pause()
    await pilot.press(key)
    await pilot.pause()
    assert isinstance(pilot.app.screen, TokenDestinations)
    await pilot.press("ctrl+u")
    type_ahead(pilot.app, *where, "enter")
    await settle(pilot)
    return plan_on(pilot)


def plan_on(pilot: Pilot[None]) -> Plan | None:
    screen = pilot.app.screen
    return screen.plan if isinstance(screen, BulkScreen) else None


async def go(pilot: Pilot[None], number: int) -> dict[str, str]:
    """Type the number, and return how each row ended."""
    await settled_in(pilot)
    await pilot.press(*str(number), "enter")
    await settle(pilot)
    return outcomes(pilot)


def outcomes(pilot: Pilot[None]) -> dict[str, str]:
    plan = plan_on(pilot)
    assert plan is not None
    return {step.subject.name: step.outcome for step in plan.steps}


def marked(pilot: Pilot[None]) -> set[str]:
    return {each.name for each in people_screen(pilot.app).content.marked}


def replaced(server: DemoServer) -> int:
    return sum(path.endswith("/regenerate_token") for _, path, _ in writes(server))


def test_what_a_name_adds_acts_on_no_shell_and_leads_nowhere_else() -> None:
    name = "svc[prod] $(id); ../x"
    to = expanded('| vault kv put "ci/{name}-{id}" token=-', name, "a/../b")
    assert to is not None
    assert to.command == 'vault kv put "ci/svc-prod----id------x-a----b" token=-'
    path = expanded("/srv/{name}", "../../etc/passwd", "1")
    assert path is not None
    assert str(path.path) == "/srv/etc-passwd"


async def test_another_line_ends_the_trial_of_the_one_before(
    open_screen: OpenScreen, tmp_path: Path, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        people = people_screen(pilot.app)
        people.content.marks.add(each.id for each in people.store.people.subjects if each.name in THREE[:2])
        await pilot.press("T", "ctrl+u")
        server.inject(Fault("GET", "/api/v1beta/secrets*", "hold"))
        type_ahead(pilot.app, *"secret:{name}", "enter")
        await until_held(pilot, server)
        assert "Trying out where the tokens go, 1 of 2…" in screen_text(pilot.app)
        type_ahead(pilot.app, "x")
        await pilot.pause()
        assert "Trying out" not in screen_text(pilot.app)
        server.release()
        await settle(pilot)
        assert isinstance(pilot.app.screen, TokenDestinations)
        assert "Trying out" not in screen_text(pilot.app)
        type_ahead(pilot.app, "ctrl+u", *f"{tmp_path}/{{name}}", "enter")
        await settle(pilot)
        plan = plan_on(pilot)
        assert plan is not None
        assert [step.outcome for step in plan.steps] == ["planned"] * 2


async def test_each_account_gets_its_token_where_it_goes(
    open_screen: OpenScreen, server: DemoServer, session: Session, tmp_path: Path
) -> None:
    async with open_screen() as pilot:
        plan = await plan_for(pilot, f"{tmp_path}/{{name}}.token", *THREE)
        assert plan is not None
        assert [step.words for step in plan.steps] == [f"token to {tmp_path}/{name}.token" for name in THREE]
        assert writes(server) == []
        assert await go(pilot, 3) == dict.fromkeys(THREE, "done")
        tokens = {(tmp_path / f"{name}.token").read_text().strip() for name in THREE}
        assert len(tokens) == 3
        assert {status_with(token, server) for token in tokens} == {200}
        await pilot.press("enter")
        await settle(pilot)
        assert marked(pilot) == set()
        assert session.unstored_tokens == ()
        assert {each.change.together for each in session.history.entries()} == {plan.id}


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("{}/one.token", "to the same place as that of"),
        ("{}/{{name}}.token", "is never overwritten"),
        ("secret:{{name}}=a b", "can be no variable"),
        ("| no-such-command {{name}}", "There is no command no-such-command here"),
    ],
)
async def test_what_could_not_be_delivered_is_never_asked_for(
    open_screen: OpenScreen, server: DemoServer, tmp_path: Path, where: str, why: str
) -> None:
    for name in THREE:
        (tmp_path / f"{name}.token").touch()
    async with open_screen() as pilot:
        plan = await plan_for(pilot, where.format(tmp_path), *THREE)
        assert plan is not None
        assert plan.open == ()
        assert all(why in step.words for step in plan.steps), plan.steps
        assert replaced(server) == 0


async def test_what_gives_members_more_and_what_is_no_account_is_left_out(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        plan = await plan_for(pilot, "secret:{name}", "Noor Haddad", "terraform", "ci-deployer")
        assert plan is not None
        told = {step.subject.name: step.words for step in plan.steps}
        assert told["Noor Haddad"] == "a person has no token that could be replaced"
        assert "lets every Member act with its roles: do this one by itself" in told["terraform"]
        assert await go(pilot, 1) == {"ci-deployer": "done", "terraform": "impossible", "Noor Haddad": "impossible"}
        assert server.organization.secret_store.named("ci-deployer", "") is not None


async def test_a_destination_that_is_gone_since_the_plan_was_made_is_met_before_the_first_token(
    open_screen: OpenScreen, server: DemoServer, tmp_path: Path
) -> None:
    async with open_screen() as pilot:
        await plan_for(pilot, f"{tmp_path}/{{name}}.token", *THREE)
        (tmp_path / "staging-deployer.token").touch()
        server.organization.edit_service_account(
            server.organization.service_account_named("docs-preview").id,  # type: ignore[union-attr]
            name="docs-new",
        )
        ended = await go(pilot, 3)
        assert ended == {"ci-deployer": "done", "docs-preview": "refused", "staging-deployer": "refused"}
        assert replaced(server) == 1


async def test_a_lost_token_holds_up_the_others_until_somebody_goes_on(
    open_screen: OpenScreen, server: DemoServer, tmp_path: Path
) -> None:
    async with open_screen() as pilot:
        await plan_for(pilot, f"{tmp_path}/{{name}}.token", *THREE)
        server.inject(Fault("POST", NEW, "delay"))
        server.inject(Fault("POST", NEW, "drop_after"))
        ended = await go(pilot, 3)
        assert ended == dict(zip(THREE, ("done", "partly", "planned"), strict=True))
        text = screen_text(pilot.app)
        assert "Treat the old token as dead" in text
        assert "1 done, 1 done in part, 1 not begun. Stopped at docs-preview:" in text
        assert replaced(server) == 2
        await pilot.press("r")
        await settle(pilot)
        assert outcomes(pilot)["staging-deployer"] == "done"
        assert replaced(server) == 3
        await pilot.press("enter")
        await settle(pilot)
        assert marked(pilot) == {"docs-preview"}


async def test_a_token_its_secret_refuses_is_shown_at_the_end(
    open_screen: OpenScreen, server: DemoServer, session: Session, tmp_path: Path
) -> None:
    async with open_screen() as pilot:
        await plan_for(pilot, "secret:{name}", *THREE)
        server.inject(Fault("POST", "/api/v1beta/secrets", status=400, body='{"message":"Not today"}'))
        ended = await go(pilot, 3)
        assert ended == dict(zip(THREE, ("partly", "planned", "planned"), strict=True))
        assert replaced(server) == 1
        (token,) = session.unstored_tokens
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, TokenDisplay)
        assert "Not today" in screen_text(pilot.app)
        await pilot.press("w")
        await pilot.press("ctrl+u")
        type_ahead(pilot.app, *str(tmp_path / "kept"), "enter")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert session.unstored_tokens == ()
        assert (tmp_path / "kept").read_text().strip() == token.secret.get_secret_value()
        assert status_with(token.secret.get_secret_value(), server) == 200
        assert marked(pilot) == set(THREE)


async def test_quit_in_the_middle_the_token_on_its_way_is_saved_and_no_other_is_made(
    open_screen: OpenScreen, server: DemoServer, session: Session, tmp_path: Path
) -> None:
    async with open_screen() as pilot:
        await plan_for(pilot, f"{tmp_path}/{{name}}.token", *THREE)
        server.inject(Fault("POST", NEW, "delay"))
        server.inject(Fault("POST", NEW, "hold"))
        await settled_in(pilot)
        await pilot.press("3", "enter")
        await until_held(pilot, server)
        pilot.app.exit()
    server.release()
    session.close()
    assert replaced(server) == 2
    (saved,) = session.rescued
    assert status_with(saved.read_text().strip(), server) == 200
    assert status_with((tmp_path / "ci-deployer.token").read_text().strip(), server) == 200


def test_line_mode_holds_what_was_not_delivered_and_asks_before_it_goes_on(
    session: Session, server: DemoServer, tmp_path: Path
) -> None:
    server.inject(Fault("POST", "/api/v1beta/secrets", status=400, body='{"message":"Not today"}'))
    regenerate = ("a", "5", "secret:{name}", "2")
    said = talk(session, "3", "deployer", *regenerate, "1", "1", str(tmp_path / "kept"), "0", "q")
    assert "1 done in part, 1 not begun. Type 1 to go on with the 1 that were not done" in said
    assert "ci-deployer: partly, new token made, not delivered:" in said
    assert server.organization.secret_store.named("staging-deployer", "") is not None
    assert status_with((tmp_path / "kept").read_text().strip(), server) == 200
    assert replaced(server) == 2
    assert session.unstored_tokens == ()
