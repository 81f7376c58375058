"""Who is a step away, and how roles differ, on the screen: as the commands answer it."""

from __future__ import annotations

from pathlib import Path

import pytest

from semtui.audit.access.current import graph_of
from semtui.audit.sources import source_of
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.tui.answers.answer_screen import AnswerScreen
from semtui.wording import answered
from semtui.wording.answered import FORMS, Form, ending_of
from tests.conftest import OpenScreen, people_screen, writes
from tests.tui.asking import ask

pytestmark = pytest.mark.anyio

ASKED = {
    "steps": (("8", *"owner, within 2", "enter"), ("Owner", 2)),
    "compare": (("5", "j", "space", "space", "d"), None),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("question", ASKED)
async def test_the_answer_is_exported_as_the_command_writes_it(
    open_screen: OpenScreen, tmp_path: Path, question: str, form: Form
) -> None:
    keys, arguments = ASKED[question]
    path = tmp_path / f"answer.{ending_of(form)}"
    async with open_screen(size=(80, 24)) as pilot:
        store = people_screen(pilot.app).store
        await ask(pilot, *keys, "E", *["down"] * FORMS.index(form))
        pilot.app.screen.query_one("#path").value = str(path)  # type: ignore[attr-defined]
        assert "Written to " in await ask(pilot, "to send", "enter")
        source, graph = source_of(store), graph_of(store.people, store.projects)
    roles = [role.id for role in store.people.roles.items if role.name in ("Admin", "Member")]
    asked = arguments or (roles,)
    assert path.read_bytes().decode() == getattr(answered, question)(source, graph, *asked).write(form)


@pytest.mark.parametrize("page", ["1", "5", "6"])
async def test_who_is_a_step_away_is_asked_from_every_page(
    open_screen: OpenScreen, server: DemoServer, page: str
) -> None:
    async with open_screen(size=(160, 50)) as pilot:
        text = await ask(pilot, page, "8", "enter")
        assert "Who is within one step of Owner" in text
        assert "5 people, 2 accounts." in text
        assert "Kenji Watanabe person token of break-glass" in text
        assert "To end it: remove service_accounts.manage" in await ask(pilot, "j", "enter")
        assert "What Kenji Watanabe can do" in await ask(pilot, "v")
        await ask(pilot, "backspace", "backspace", "q")
        assert not isinstance(pilot.app.screen, AnswerScreen)
    assert not writes(server)


async def test_a_permission_may_be_what_is_come_to(open_screen: OpenScreen) -> None:
    async with open_screen(size=(80, 24)) as pilot:
        assert "Who is within one step of organization.delete" in await ask(pilot, "8", *"organization.delete", "enter")


async def test_what_a_list_hides_is_said(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("GET", "/service_accounts", "status", status=403, body="Permission denied", times=None))
    async with open_screen(size=(160, 50)) as pilot:
        text = await ask(pilot, "8", "enter")
        assert "There may be more: not every list is complete." in text
        assert "perhaps: token of" in text
