"""What the terminal can do is told from its environment, and what it cannot is not sent to it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from semtui.demo.server import DemoServer
from semtui.system.terminal import (
    Terminal,
    obstacle,
    terminal_of,
    utf8_locale,
)
from semtui.text.ascii_fallback import in_ascii
from tests.support.terminal import (
    ENTER,
    RIGHT,
    SEMTUI,
    foreign,
)
from tests.support.terminal import Terminal as Pty


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


def opened(server: DemoServer, home: Path, environ: dict[str, str], columns: int = 80, rows: int = 24) -> Pty:
    """semtui in a terminal about which only `environ` is known."""
    more = {"SEMAPHORE_HOST": server.address, "SEMAPHORE_API_TOKEN": server.tokens["owner"], "HOME": str(home)}
    return Pty([SEMTUI], {**more, **environ}, columns=columns, rows=rows)


# What is told from the environment


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TERM": "xterm-256color"}, Terminal()),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, Terminal()),
        ({"TERM": "xterm-kitty"}, Terminal()),
        ({"TERM": "xterm"}, Terminal(own_colors=True)),
        ({"TERM": "linux"}, Terminal(own_colors=True)),
        ({}, Terminal(own_colors=True)),
        ({"TERM": "tmux-256color", "NO_COLOR": "1"}, Terminal(own_colors=True)),
        ({"TERM": "screen-256color", "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, Terminal(remote=True)),
        ({"TERM": "screen-256color", "SSH_TTY": "/dev/pts/1"}, Terminal(remote=True)),
    ],
)
def test_a_terminal_is_known_by_its_environment(environ: dict[str, str], expected: Terminal) -> None:
    assert terminal_of(environ, utf8=True) == expected


@pytest.mark.parametrize(
    ("environ", "erases"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "linux"}, True),
        ({"TERM": "xterm-256color", "SEMTUI_NO_BCE": "1"}, False),
        ({"TERM": "screen-256color"}, False),
        ({"TERM": "vt100"}, False),
        ({"TERM": "no-such-terminal"}, False),
        ({}, False),
    ],
)
def test_blanks_are_erased_only_where_terminfo_says_that_this_keeps_the_background(
    environ: dict[str, str], erases: bool
) -> None:
    # In a process of its own: terminfo is read once in each.
    asked = "import os; from semtui.system.terminal import erases_in_color; print(erases_in_color(os.environ))"
    answer = subprocess.run([sys.executable, "-c", asked], env=environ, check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == str(erases)


def test_letters_beyond_ascii_take_a_locale_that_has_them() -> None:
    assert terminal_of({"TERM": "xterm-256color"}, utf8=False) == Terminal(ascii_only=True)
    assert utf8_locale({}, "utf-8", 0)
    assert not utf8_locale({}, "iso8859-1", 0)
    # In the locale C Python switches to UTF-8 by itself; asked to, it is believed.
    assert not utf8_locale({}, "utf-8", 1)
    assert utf8_locale({"PYTHONUTF8": "1"}, "utf-8", 1)


@pytest.mark.parametrize(
    ("environ", "size", "words"),
    [
        ({"TERM": "dumb"}, (80, 24), "TERM is dumb"),
        ({}, (80, 24), "TERM is not set"),
        ({"TERM": "xterm"}, (59, 24), "has 59 columns and 24 lines; the screen needs 60 and 15"),
        ({"TERM": "xterm"}, (80, 14), "has 80 columns and 14 lines"),
    ],
)
def test_where_no_screen_can_be_drawn_that_is_said(environ: dict[str, str], size: tuple[int, int], words: str) -> None:
    said = obstacle(environ, *size)
    assert words in said
    assert "semtui export" in said
    assert "semtui --plain" in said


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (0, 0)])
def test_a_usual_terminal_is_no_obstacle(size: tuple[int, int]) -> None:
    assert obstacle({"TERM": "xterm"}, *size) == ""


# ASCII


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("plain", "plain"),
        ("╭─ café ─╮│", "+- cafe -+|"),
        ("● active · 3 of 4…", "* active . 3 of 4~"),
        ("Sørensen, Wiśniewski, Nguyễn", "Sorensen, Wisniewski, Nguyen"),
        ("王秀英", "??????"),
        ("“quoted” → ␛", '"quoted" > ?'),
        ("a\u0301", "a"),
    ],
)
def test_every_character_has_a_stand_in_as_wide(text: str, plain: str) -> None:
    assert in_ascii(text) == plain


# In a real terminal


@pytest.mark.parametrize("term", ["xterm", "linux", "screen", "vt100", "tmux-256color"])
@pytest.mark.parametrize("color", ["color", "no color"])
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_the_screen_can_be_read_in_any_of_them(
    server: DemoServer, tmp_path: Path, term: str, color: str, locale: str
) -> None:
    environ = {"TERM": term, "LANG": locale, **({"NO_COLOR": "1"} if color == "no color" else {})}
    with opened(server, tmp_path, environ) as terminal:
        terminal.wait_for(lambda: re.search(r"Loaded \d+ rows\.", terminal.screen_text()) is not None)
        terminal.press("3jT")
        terminal.wait_for("Keep the current token")
        terminal.press(RIGHT)
        terminal.settle()
        text = terminal.screen_text()
        frame = "+-" if locale == "C" else "╭─"
        assert f"{frame} Regenerate the token of" in text
        assert text.isascii() == (locale == "C")
        if locale == "C":
            assert terminal.output.isascii()
        colors = {code for codes in re.findall(rb"\x1b\[([0-9;]+)m", terminal.output) for code in codes.split(b";")}
        own = {b"%d" % code for base in (30, 40, 90, 100) for code in range(base, base + 8)}
        if color == "no color":
            assert not colors & {*own, b"38", b"48"}
        elif not term.endswith("256color"):
            assert not colors & {b"38", b"48"}
            assert colors & own
        # Which button has the focus is not told by a color.
        if color == "no color" or not term.endswith("256color"):
            assert re.search(rb"\x1b\[(?:[0-9;]*;)?7(?:;[0-9;]*)?m[^\x1b]*Regenerate token", terminal.output)
        assert foreign(terminal.output) == []


def test_over_ssh_the_mouse_is_left_to_the_terminal(server: DemoServer, tmp_path: Path) -> None:
    environ = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    for remote, asked in (({}, True), ({"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, False)):
        with opened(server, tmp_path, {**environ, **remote}) as terminal:
            terminal.wait_for(lambda: re.search(r"Loaded \d+ rows\.", terminal.screen_text()) is not None)
            assert (b"\x1b[?1003h" in terminal.output) == asked


@pytest.mark.parametrize(
    ("environ", "size", "words"),
    [
        ({"TERM": "dumb"}, (80, 24), "semtui: This terminal (TERM is dumb) cannot draw a screen."),
        ({"TERM": "xterm"}, (40, 10), "semtui: This window has 40 columns and 10 lines"),
    ],
)
def test_a_terminal_that_cannot_show_it_gets_a_sentence(
    server: DemoServer, tmp_path: Path, environ: dict[str, str], size: tuple[int, int], words: str
) -> None:
    with opened(server, tmp_path, {**environ, "LANG": "C.UTF-8"}, *size) as terminal:
        assert terminal.wait_for_end() == 2
        assert words in " ".join(terminal.output.decode().split())
        assert b"\x1b" not in terminal.output


def test_a_token_is_taken_with_the_plainest_keys(server: DemoServer, tmp_path: Path) -> None:
    """No Escape, ctrl, alt, function key, arrow or mouse; no color and no letter beyond ASCII."""
    with opened(server, tmp_path, {"TERM": "xterm", "LANG": "C", "NO_COLOR": "1"}) as terminal:
        terminal.wait_for(lambda: re.search(r"Loaded \d+ rows\.", terminal.screen_text()) is not None)
        terminal.press("c")
        terminal.wait_for("Create service account")
        terminal.press("plain-bot\t\tjj")
        terminal.wait_for("(*) Member")
        terminal.press(f"\t\t{ENTER}")
        terminal.wait_for("The API token of plain-bot")
        terminal.wait_for("assigned")
        terminal.press("w")
        terminal.wait_for("plain-bot.token")
        terminal.press(ENTER)
        terminal.wait_for("mode 0600")
        terminal.press(ENTER)
        terminal.wait_for("Created plain-bot.")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert server.organization.token_holder((tmp_path / "plain-bot.token").read_text().strip())
