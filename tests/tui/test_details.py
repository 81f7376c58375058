"""Details of a row: lines that lead on, keys that act on what is shown, and the next row."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from semtui.demo.server import DemoServer
from semtui.tui.answers.details_screen import DetailsScreen
from semtui.tui.pages.people import PeopleScreen
from semtui.tui.screens.change_role import ChangeRole
from semtui.tui.screens.chooser import Chooser
from semtui.tui.screens.confirmations import DeleteServiceAccount, SwitchServiceAccount
from semtui.tui.widgets.text_view import TextView
from tests.conftest import (
    OpenScreen,
    find,
    people_screen,
    screen_text,
    selected_name,
    settle,
    settled_in,
    type_ahead,
    writes,
)

pytestmark = pytest.mark.anyio


def title(pilot: Pilot[None]) -> str:
    screen = pilot.app.screen
    assert isinstance(screen, DetailsScreen)
    return str(screen.frame.border_title).partition(" ─")[0]


async def to_line(pilot: Pilot[None], words: str) -> None:
    """Move the cursor to the first line that contains these words."""
    screen = pilot.app.screen
    assert isinstance(screen, DetailsScreen)
    await pilot.press("g")
    for _ in range(screen.rows.place[1]):
        if screen.rows.selected and words in screen.rows.selected.text:
            return
        await pilot.press("j")
    raise AssertionError(f"no line with {words}")


async def test_lines_lead_on_and_backspace_comes_back(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        await pilot.press("enter")
        await settle(pilot)
        for line, shown in (
            ("created by", "Amara Okafor"),
            ("ci-deployer", "ci-deployer"),
            ("Member  assigned", "Member"),
        ):
            await to_line(pilot, line)
            await pilot.press("enter")
            await settle(pilot)
            assert title(pilot) == shown
        for shown in ("ci-deployer", "Amara Okafor", "terraform"):
            await pilot.press("backspace")
            await settle(pilot)
            assert title(pilot) == shown
        await pilot.press("backspace")
        assert isinstance(pilot.app.screen, PeopleScreen)


@pytest.mark.parametrize(
    ("tab", "line", "shown"),
    [("5", "break-glass", "break-glass"), ("6", "owner", "Amara Okafor"), ("6", "Pam Whitfield", "Pam Whitfield")],
)
async def test_roles_and_projects_lead_to_people(open_screen: OpenScreen, tab: str, line: str, shown: str) -> None:
    async with open_screen() as pilot:
        await pilot.press(tab)
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await to_line(pilot, line)
        await pilot.press("enter")
        await settle(pilot)
        assert title(pilot) == shown


async def test_a_page_without_a_line_that_leads_on_in_view_says_so(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("enter", "G", "enter")
        await settle(pilot)
        assert "No line in view leads on; those that do end with ›." in screen_text(pilot.app)
        assert title(pilot) == "Amara Okafor"


async def test_what_somebody_can_do_is_one_line_away(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await find(pilot, "Kenji")
        await pilot.press("enter")
        await settle(pilot)
        await to_line(pilot, "can do")
        await pilot.press("enter")
        await settle(pilot)
        assert "What Kenji Watanabe can do" in screen_text(pilot.app)
        assert "effectively Admin" in screen_text(pilot.app)


async def test_keys_of_the_row_work_on_what_is_shown_and_not_on_what_is_marked(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        type_ahead(pilot.app, "3", "space", "space", "/", *"terraform", "enter", "enter")
        await settle(pilot)
        await pilot.press("X")
        await settle(pilot)
        assert isinstance(pilot.app.screen, DeleteServiceAccount)
        assert "Delete terraform?" in screen_text(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        assert title(pilot) == "terraform"
        await to_line(pilot, "created by")
        await pilot.press("enter", "e")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ChangeRole)
        assert "Change the role of Amara Okafor" in screen_text(pilot.app)
        await pilot.press("escape", "q")
        await settle(pilot)
        # The page went to the row; the marks are still there.
        assert selected_name(pilot.app) == "Amara Okafor"
        assert len(people_screen(pilot.app).content.marks) == 2
        assert writes(server) == []


async def test_a_change_made_from_the_details_is_told_there_and_shown(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await find(pilot, "renovate")
        await pilot.press("enter", "d")
        await settle(pilot)
        assert isinstance(pilot.app.screen, SwitchServiceAccount)
        await settled_in(pilot)
        await pilot.press("right", "enter")
        await settle(pilot)
        assert title(pilot) == "renovate"
        assert "deactivated" in screen_text(pilot.app)


async def test_n_and_shift_n_go_through_the_rows_of_the_page(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        type_ahead(pilot.app, "3", "enter", "n", "n")
        await settle(pilot)
        assert title(pilot) == "break-glass"
        await pilot.press("N")
        await settle(pilot)
        assert title(pilot) == "audit-exporter"
        await pilot.press("q")
        assert selected_name(pilot.app) == "audit-exporter"


async def test_a_key_that_cannot_be_used_says_why_in_the_details_too(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("enter", "T")
        await settle(pilot)
        assert title(pilot) == "Amara Okafor"
        assert "is a person; this works on service accounts only." in screen_text(pilot.app)


async def test_the_arrows_go_from_one_line_that_leads_on_to_the_next_and_skip_no_text(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("enter")
        await settle(pilot)
        rows = pilot.app.screen.query_one(TextView)
        first, seen = rows.target, set(range(rows.spot[0], rows.spot[0] + rows.size.height))  # type: ignore[attr-defined]
        for _ in range(rows.place[1]):
            await pilot.press("down")
            now = set(range(rows.spot[0], rows.spot[0] + rows.size.height))
            assert rows.selected is None or rows.cursor in now
            assert min(now) <= max(seen) + 1, "nothing is skipped"
            seen |= now
        assert rows.spot[0] == rows.last_top
        for _ in range(rows.place[1]):
            await pilot.press("up")
        assert (rows.spot[0], rows.target) == (0, first)  # type: ignore[attr-defined]


async def test_a_search_goes_from_hit_to_hit_and_keeps_the_page(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        type_ahead(pilot.app, "5", "j", "enter", "/", *"secrets manage", "enter")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "1 of 2" in text
        assert "organization.secrets " in text
        await pilot.press("n")
        await settle(pilot)
        assert "2 of 2" in screen_text(pilot.app)
        await pilot.press("n")
        await settle(pilot)
        assert "1 of 2" in screen_text(pilot.app)
        # With nothing searched for, n is the next row again.
        await pilot.press("backspace")
        await settle(pilot)
        before = title(pilot)
        await pilot.press("n")
        await settle(pilot)
        assert title(pilot) != before


def copies_offered(pilot: Pilot[None]) -> list[str]:
    chooser = pilot.app.screen
    assert isinstance(chooser, Chooser)
    return list(chooser.choices.ids)


async def test_y_offers_the_same_as_on_the_row_and_the_page(
    open_screen: OpenScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "TMUX", "STY"):
        monkeypatch.delenv(variable, raising=False)
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        await pilot.press("y")
        await settle(pilot)
        of_row = copies_offered(pilot)
        await pilot.press("escape", "enter", "y")
        await settle(pilot)
        assert copies_offered(pilot) == [*of_row, "all of this page"]
        await pilot.press(*"all", "enter")
        await settle(pilot)
        assert pilot.app.clipboard.startswith("terraform\n\nkind         service account\n")
        # What a line leads to is copied on its own page too, whichever page it is a row of.
        await to_line(pilot, "Admin  assigned")
        await pilot.press("enter", "y")
        await settle(pilot)
        assert copies_offered(pilot)[0] == "name"
        assert "sem-ai org role show" in screen_text(pilot.app)
