"""Marked rows: counted, exported alone, and shown as changed last once they are changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from semtui.text.ascii_fallback import in_ascii
from semtui.tui.screens.export_form import ExportForm
from tests.conftest import OpenScreen, people_screen, screen_lines, settle, settled_in, to_button

pytestmark = pytest.mark.anyio


async def test_rows_changed_together_are_shown_as_changed_last_until_the_next_mark(open_screen: OpenScreen) -> None:
    async with open_screen((80, 24)) as pilot:
        await pilot.press("3", "j", "space", "space", "d")
        await settle(pilot)
        await settled_in(pilot)
        await pilot.press("2", "enter")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        page = people_screen(pilot.app)
        lines = screen_lines(pilot.app)
        assert not page.content.marks
        assert sum(line.startswith((" •", "▌•")) for line in lines) == 2
        assert "2 last changed" in lines[2]
        await pilot.press("G", "space")
        assert "1 marked" in screen_lines(pilot.app)[2]
        assert not page.content.marks.changed


async def test_a_marked_row_under_the_cursor_shows_both(open_screen: OpenScreen) -> None:
    async with open_screen((80, 24)) as pilot:
        await pilot.press("3", "space", "space", "k")
        rows = screen_lines(pilot.app)[5:8]
        assert [row[:2] for row in rows] == [" ✓", "▌✓", "  "]
        assert [row[2:8] for row in rows] == ["abando", "audit-", "break-"]
        assert [in_ascii(row[:2]) for row in rows] == [" x", ">x", "  "]


async def test_an_export_can_take_the_marked_rows_only(open_screen: OpenScreen, tmp_path: Path) -> None:
    path = tmp_path / "marked.csv"
    async with open_screen((80, 24)) as pilot:
        await pilot.press("3", "j", "space", "j", "space", "slash", *"terraform", "enter", "E")
        await settle(pilot)
        text = "\n".join(screen_lines(pilot.app))
        assert "The 2 marked rows" in text
        assert "The 1 row shown" in text
        form = pilot.app.screen
        assert isinstance(form, ExportForm)
        form.path.value = str(path)
        await to_button(pilot)
        await pilot.press("enter")
        await settle(pilot)
    assert len(path.read_text("utf-8-sig").splitlines()) == 3
