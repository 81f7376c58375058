"""Names that are drawn alike are told apart before anything is done to one of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from semtui.demo.server import DemoServer
from semtui.text.confusables import confusable_skeleton, lookalike_warning, scripts
from tests.conftest import OpenScreen, find, screen_text, settled_in

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ci-bot", "сі-bоt"),
        ("deploy", "DEPLOY"),
        ("deploy1", "deployl"),
        ("admin0", "adminO"),
        ("modern", "modem"),
        ("café", "cafe"),
        ("ﬁle", "file"),
        ("ci  bot", "ci bot"),
    ],
)
def test_they_have_the_same_skeleton(one: str, other: str) -> None:
    assert confusable_skeleton(one) == confusable_skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("ci-bot", "ci-bat"), ("prod-1", "prod-2"), ("漢", "字")])
def test_names_that_differ_to_the_eye_do_not(one: str, other: str) -> None:
    assert confusable_skeleton(one) != confusable_skeleton(other)


def test_mixed_alphabets_are_told() -> None:
    assert scripts("ci-bоt") == ("Latin", "Cyrillic")
    assert lookalike_warning("ci-bоt", ()) == "This name mixes Latin and Cyrillic letters."
    assert lookalike_warning("ci-bot", [("other", "1")]) == ""


async def test_a_dialog_that_acts_says_which_other_account_looks_the_same(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    twin, _ = server.organization.create_service_account("terrafоrm")
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        for key in ("T", "d", "X"):
            await pilot.press(key)
            await settled_in(pilot)
            words = screen_text(pilot.app)
            assert "Look twice: “terrafоrm”" in words
            assert twin.id[:8] in words
            await pilot.press("escape")
            await pilot.pause()


async def test_removing_a_person_and_plans_say_it_too(open_screen: OpenScreen, server: DemoServer) -> None:
    server.organization.create_service_account("terrafоrm")
    state = server.organization.state
    kenji = next(person for person in state.people.values() if person.name == "Kenji Watanabe")
    olena = next(person for person in state.people.values() if person.name == "Olena Kovalenko")
    state.subjects[olena.id] = replace(state.subjects[olena.id], name="Kеnji Watanabe")
    async with open_screen(size=(120, 30)) as pilot:
        await find(pilot, kenji.id[:13])
        await pilot.press("X")
        await settled_in(pilot)
        assert "Look twice: “Kеnji Watanabe”" in screen_text(pilot.app)
        await pilot.press("escape")
        await pilot.pause()
        await find(pilot, "terraform")
        await pilot.press("space", "d")
        await pilot.pause()
        assert "terraform: will be deactivated. Look twice: “terrafоrm”" in screen_text(pilot.app)
