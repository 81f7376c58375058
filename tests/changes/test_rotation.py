"""Replacing an account by a twin: each step is true in the organization, can be taken back, and is seen by all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from semtui.api.errors import OutcomeUnknownError
from semtui.changes import bulk, bulk_rotation, project_role, switch_account
from semtui.changes.delete_account import AccountDeletion
from semtui.changes.lacking import Missing
from semtui.changes.new_account_role import NewAccountRole
from semtui.changes.rotation import Renaming, TwinCreation, complete, missing
from semtui.changes.token_delivery import deliver_token
from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.history.record import Change
from semtui.organization.rotations import Rotation, rotation_of
from semtui.organization.store import OrganizationStore
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tokens.delivery import Destination
from semtui.tui.screens.token_display import TokenDisplay
from tests.conftest import QUICK, OpenScreen, find, last_line, screen_text, send, settle, status_with
from tests.support.line_mode import talk

pytestmark = pytest.mark.anyio

OLD, TWIN = "terraform", "terraform-next"


@pytest.fixture
def session(context: Context, tmp_path: Path) -> Iterator[Session]:
    with ExitStack() as stack:
        options = SessionOptions(
            limits=QUICK, rescue_directory=tmp_path, state=lambda: tmp_path, clock=lambda: float(REFERENCE_TIME)
        )
        yield stack.enter_context(Session(context, options))


class World:
    """A rotation as somebody with a list that is read anew sees it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.store = OrganizationStore(session)

    async def now(self, name: str = OLD) -> Rotation:
        """The rotation as another semtui sees it: from the lists alone."""
        self.store = OrganizationStore(self.session)
        await self.store.load_people(lambda: None)
        return rotation_of(self.store.people, next(each for each in self.store.people.subjects if each.name == name))

    @property
    def lacking(self) -> Missing:
        return missing(self._last, self.store.people, self.session.history.entries())

    async def begin(self, to: Destination | None = None) -> None:
        old = (await self.now()).old
        assert old is not None
        result = await TwinCreation(self.store, old, TWIN).send(to)
        assert result.token is not None
        await NewAccountRole(self.session, result.token, result.role).give(lambda words, tone: None)
        if to is not None:
            await deliver_token(self.session, result.token, to)
        self._last = await self.now()


async def test_an_account_is_replaced_without_an_outage(session: Session, server: DemoServer, tmp_path: Path) -> None:
    world, organization = World(session), server.organization
    old_id = organization.service_account_named(OLD).id  # type: ignore[union-attr]
    old_token = organization.token_of(old_id)
    assert (await world.now()).stage == "begin"
    await world.begin(Destination(path=tmp_path / "twin.token"))
    rotation = await world.now()
    assert (rotation.stage, rotation.old_id) == ("hand over", old_id)
    assert await world.now(TWIN) == rotation
    new_token = (tmp_path / "twin.token").read_text().strip()
    assert [status_with(each, server) for each in (str(old_token), new_token)] == [200, 200]
    assert world.lacking.words == ("the group Platform engineering",)
    assert rotation.twin is not None
    assert rotation.old is not None
    assert rotation.twin.manual_role == rotation.old.manual_role
    await complete(session, rotation.twin, world.lacking)
    rotation = await world.now()
    assert missing(rotation, world.store.people, ()) == Missing()
    assert rotation.old is not None
    await switch_account.switch(session, rotation.old)
    rotation = await world.now()
    assert rotation.stage == "watch"
    assert status_with(new_token, server) == 200
    assert [each.kind for each in session.under_way.all()] == ["rotation"]
    assert rotation.old is not None
    await AccountDeletion(session, rotation.old, lambda gone: None).send()
    rotation = await world.now(TWIN)
    assert rotation.stage == "rename"
    await Renaming(session, rotation).send()
    renamed = organization.service_account_named(OLD)
    assert renamed is not None
    assert renamed.id != old_id
    assert renamed.description == "Plans and applies infra-live"
    assert status_with(new_token, server) == 200
    assert session.under_way.all() == []
    assert (await world.now()).stage == "begin"


async def run_rows(session: Session, plan: bulk.Plan) -> list[tuple[str, str, bool]]:
    """How each row of a plan ended, in words, and whether it holds up the others."""
    ended = [await bulk.run_plan(session, plan, step) for step in plan.open]
    return [(row.outcome, row.words, error is not None) for row, error in ended]


async def test_of_several_a_twin_that_is_refused_what_it_lacks_is_not_done_in_part(
    session: Session, server: DemoServer
) -> None:
    world = World(session)
    await world.begin()
    plan = bulk_rotation.step_plan("complete", [await world.now()], world.store, session.history.entries())
    server.inject(Fault("PATCH", "/groups/*", "refuse"))
    [(outcome, words, _)] = await run_rows(session, plan)
    assert (outcome, words.startswith("the group Platform engineering: ")) == ("refused", True), words
    assert await run_rows(session, plan) == [
        ("done", "the group Platform engineering: queued, and made within a minute.", False)
    ]


async def test_of_several_an_account_that_was_deactivated_is_remembered_row_by_row(session: Session) -> None:
    world = World(session)
    await world.begin()
    plan = bulk_rotation.step_plan("deactivate", [await world.now()], world.store, ())
    assert [each.due_at is None for each in session.under_way.all()] == [True]
    await run_rows(session, plan)
    assert [each.due_at is None for each in session.under_way.all()] == [False]


async def test_of_several_a_twin_that_was_edited_since_is_left_alone_and_holds_up_no_other(
    session: Session, server: DemoServer
) -> None:
    world = World(session)
    await world.begin()
    rotation = await world.now()
    assert rotation.old is not None
    assert rotation.twin is not None
    twin_id = rotation.twin.id
    await AccountDeletion(session, rotation.old, lambda gone: None).send()
    rotation = await world.now(TWIN)
    plan = bulk_rotation.step_plan("rename", [rotation], world.store, ())
    await session.write(
        lambda client: client.update_service_account(twin_id, description="Used by the night build"),
        Change("edit", "account", twin_id, TWIN),
    )
    [(outcome, words, stops)] = await run_rows(session, plan)
    assert (outcome, stops) == ("refused", False), words
    assert "Try again" not in words
    assert server.organization.service_account_named(OLD) is None


async def test_until_the_deletion_each_step_is_taken_back(session: Session, server: DemoServer) -> None:
    world = World(session)
    await world.begin()
    rotation = await world.now()
    assert rotation.old is not None
    await switch_account.switch(session, rotation.old)
    rotation = await world.now()
    assert rotation.old is not None
    await switch_account.switch(session, rotation.old)
    rotation = await world.now()
    assert rotation.stage == "hand over"
    assert rotation.twin is not None
    await AccountDeletion(session, rotation.twin, lambda gone: None).send()
    assert (await world.now()).stage == "begin"


async def test_roles_on_projects_that_semtui_gave_are_known(session: Session, server: DemoServer) -> None:
    world = World(session)
    old = (await world.now()).old
    assert old is not None
    await world.store.load_projects(lambda: None)
    project = world.store.projects.listing.items[0]
    reader = next(each for each in world.store.projects.roles.values() if each.name == "Reader")
    await project_role.assign(session, project, old, OLD, reader, {"role_id": "", "role": ""})
    await world.begin()
    assert world.lacking.words == ("the group Platform engineering", f"Reader on {project.name}")
    twin = (await world.now()).twin
    assert twin is not None
    await complete(session, twin, world.lacking)
    await world.now()
    assert missing(await world.now(), world.store.people, session.history.entries()) == Missing()
    given = server.organization.state.project_bindings_of(project.id)[twin.id]
    assert given == {"manually": reader.id}


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
async def test_lost_answers_neither_double_nor_hide_a_twin(session: Session, server: DemoServer, kind: Any) -> None:
    world = World(session)
    old = (await world.now()).old
    assert old is not None
    creation = TwinCreation(world.store, old, TWIN)
    server.inject(Fault("POST", "/service_accounts", kind, times=1))
    with pytest.raises(OutcomeUnknownError):
        await creation.send(None)
    found = await creation.check()
    arrived = kind == "drop_after"
    assert found.outcome in (("done", "unknown") if arrived else ("not done",))
    assert [each for each in server.organization.service_account_names() if each == TWIN] == [TWIN] * arrived
    # Its token never arrived, and the next step offers another one.
    rotation = await world.now()
    assert rotation.stage == ("hand over" if arrived else "begin")


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
async def test_a_lost_answer_while_the_twin_is_completed_is_looked_up(
    session: Session, server: DemoServer, kind: Any
) -> None:
    world = World(session)
    await world.begin()
    twin = (await world.now()).twin
    assert twin is not None
    server.inject(Fault("PATCH", "/groups/*", kind, times=1))
    result = await complete(session, twin, world.lacking)
    group = server.organization.group_named("Platform engineering")
    assert group is not None
    assert (twin.id in group.member_ids) == (kind == "drop_after")
    assert (result.tone == "good") == (kind == "drop_after")


async def walk(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press("H")
    await settle(pilot)
    await pilot.press(*keys, "enter")
    await settle(pilot)


async def test_the_screen_leads_through_it(
    open_screen: OpenScreen, session: Session, server: DemoServer, tmp_path: Path
) -> None:
    token = tmp_path / "twin.token"
    async with open_screen((100, 30), on=session) as pilot:
        await find(pilot, OLD)
        await walk(pilot, *"create")
        await pilot.press(*str(token), "enter")
        await send(pilot)
        assert isinstance(pilot.app.screen, TokenDisplay)
        await pilot.press("enter")
        await settle(pilot)
        assert "terraform is being replaced by terraform-next" in screen_text(pilot.app)
        assert status_with(token.read_text().strip(), server) == 200
        await walk(pilot, *"lacks")
        await send(pilot)
        await walk(pilot, *"deactivate")
        await send(pilot)
        assert "replaced by terraform-next and deactivated" in screen_text(pilot.app)
        await walk(pilot, *"take back")
        await send(pilot)
        assert last_line(pilot.app) == "Reactivated terraform."
        account = server.organization.service_account_named(OLD)
        assert account is not None
        assert not account.deactivated


def test_line_mode_leads_through_it(session: Session, server: DemoServer, tmp_path: Path) -> None:
    token = tmp_path / "twin.token"
    create = ("8", "1", "", str(token), "create", "0")
    said = talk(session, "3", "terraform", "1", *create, "8", "1", "give", "8", "1", "deactivate", "8", "0", "0", "q")
    assert "step 3 of 4" in said
    account = server.organization.service_account_named(OLD)
    assert account is not None
    assert account.deactivated
    assert status_with(token.read_text().strip(), server) == 200
