"""A paste into a line takes all of it or says what it did not take."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.widgets import Input

from semtui.demo.server import DemoServer
from semtui.text.pasted import LONGEST, one_line
from semtui.tui.terminal.terminal_input import TerminalInput
from tests.conftest import OpenScreen
from tests.support.line_mode import MAIN_MENU
from tests.support.terminal import (
    ENTER,
    SEMTUI,
    Terminal,
    clean_environment,
)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("one", "one", ""),
        ("one\n", "one", ""),
        ("\r\n  one\r\n\r\n", "one", ""),
        ("\n", "", ""),
        ("", "", ""),
        ("  kept  ", "  kept  ", ""),
        ("a\tb", "a b", ""),
        ("one\ntwo", "one two", "its 2 lines were joined with spaces"),
        ("one\r\n\r\n  two\rthree\n", "one two three", "its 3 lines were joined with spaces"),
        ("a\x1b[31mb", "a[31mb", "1 character that cannot be typed was left out"),
        ("a\x00\x9b\ufffd\ud800", "a", "4 characters that cannot be typed were left out"),
        ("a\x00\nb", "a b", "its 2 lines were joined with spaces, 1 character that cannot be typed was left out"),
        ("a\udce9\udc80\nb", "a b", "its 2 lines were joined with spaces, 2 bytes that are not UTF-8 were left out"),
        ("caf\udce9\n", "caf", "1 byte that is not UTF-8 was left out"),
        (
            "a\n\udcff\x00\n",
            "a",
            "1 byte that is not UTF-8 was left out, 1 character that cannot be typed was left out",
        ),
        ("x" * (LONGEST + 1), "x" * LONGEST, "only its first 10,000 characters were taken"),
    ],
)
def test_lines_become_one_and_it_is_said(text: str, line: str, said: str) -> None:
    assert one_line(text) == (line, f"What you pasted was changed: {said}." if said else "")


@given(st.text())
def test_nothing_visible_is_lost_without_a_word(text: str) -> None:
    line, words = one_line(text)
    assert len(line.splitlines()) <= 1
    if not words:
        assert line.split() == text.split()


@given(st.lists(st.sampled_from([b"a", b"\n", b"\xe9", b"\x80", b"\xff", "é".encode()])).map(b"".join))
def test_every_byte_that_is_not_utf_8_is_counted_and_only_lines_that_are_there(data: bytes) -> None:
    (pasted,) = [*TerminalInput().feed(b"\x1b[200~x" + data + b"\x1b[201~")]
    assert isinstance(pasted, events.Paste)
    line, words = one_line(pasted.text)
    valid = data.decode(errors="ignore")
    undecoded = len(data) - len(valid.encode())
    lines = len(["x", *valid.split()]) - (valid[:1] not in ("", "\n"))
    assert line.split() == f"x{valid}".split()
    assert ("byte" in words) == (undecoded > 0)
    assert undecoded < 2 or f"{undecoded} bytes that are not UTF-8 were left out" in words
    assert ("joined" in words) == (lines > 1)
    assert lines < 2 or f"its {lines} lines were joined" in words


FORMS = {
    "/": "#search",
    "c": "#name",
    "C": "#name",
    "i": "#handle",
    "X": "#typed",
    "E": "#path",
}


@pytest.mark.anyio
@pytest.mark.parametrize("key", FORMS)
async def test_every_line_says_what_it_joined(open_screen: OpenScreen, key: str) -> None:
    async with open_screen() as pilot:
        await pilot.press(*("3" if key == "X" else ""), key)
        await pilot.pause()
        field = pilot.app.screen.query_one(FORMS[key], Input)
        field.focus()
        await pilot.pause()
        field.clear()
        pilot.app.post_message(events.Paste("night\nly\n"))
        await pilot.pause()
        assert field.value == "night ly"
        toasts = " ".join(str(each.message) for each in pilot.app._notifications)
        seen = " ".join(str(each.render()) for each in pilot.app.screen.query("Static"))
        assert "its 2 lines were joined with spaces" in f"{toasts} {' '.join(seen.split())}"


@pytest.mark.anyio
async def test_a_paste_where_nothing_is_typed_changes_nothing_and_says_so(open_screen: OpenScreen) -> None:
    async with open_screen((160, 50)) as pilot:
        before = pilot.app.screen
        pilot.app.post_message(events.Paste("elena\nX"))
        await pilot.pause()
        assert pilot.app.screen is before
        seen = " ".join(str(each.render()) for each in pilot.app.screen.query("Static"))
        assert "Nothing was pasted" in seen


@pytest.mark.anyio
async def test_a_byte_that_is_no_utf_8_is_left_out_of_a_line_and_told(open_screen: OpenScreen) -> None:
    async with open_screen((160, 50)) as pilot:
        await pilot.press("/", "a")
        pilot.app.post_message(events.Key("replacement_character", "\ufffd"))
        await pilot.press("b")
        await pilot.pause()
        assert pilot.app.screen.query_one("#search", Input).value == "ab"
        seen = " ".join(str(each.render()) for each in pilot.app.screen.query("Static"))
        assert "not UTF-8" in seen


def test_line_mode_takes_one_line_of_several_that_come_at_once(server: DemoServer, tmp_path: Path) -> None:
    owner = server.tokens["owner"]
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=owner)
    with Terminal([SEMTUI, "--plain"], environment, rows=100) as terminal:
        terminal.wait_for(MAIN_MENU)
        terminal.press("7\n")
        terminal.wait_for("Name; Enter")
        terminal.press("pasted\nsecond line\nthird\n")
        terminal.wait_for("3 lines came at once, and this takes one. None was taken")
        terminal.press("typed\n")
        terminal.wait_for("Description; Enter for none:")
        terminal.press(ENTER)
        terminal.wait_for("Role")
        assert server.organization.service_account_named("pasted") is None


def test_line_mode_keeps_lines_typed_ahead_of_their_questions(server: DemoServer, tmp_path: Path) -> None:
    owner = server.tokens["owner"]
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=owner)
    with Terminal([SEMTUI, "--plain"], environment, rows=100) as terminal:
        terminal.wait_for(MAIN_MENU)
        terminal.press("7\nahead\nof its time\n")
        terminal.wait_for("Role")
        assert "came at once" not in terminal.screen_text()


def test_line_mode_says_that_bytes_are_not_utf_8(server: DemoServer, tmp_path: Path) -> None:
    owner = server.tokens["owner"]
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=owner)
    with Terminal([SEMTUI, "--plain"], environment, rows=100) as terminal:
        terminal.wait_for(MAIN_MENU)
        terminal.press("7\n")
        terminal.wait_for("Name; Enter")
        terminal.send(b"caf\xe9\n")
        terminal.wait_for("That holds bytes that are not UTF-8; type it again without.")
