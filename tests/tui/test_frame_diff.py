"""Whatever is drawn, and however often it is sent: the terminal ends up showing it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from semtui.demo.server import DemoServer
from semtui.tui.terminal.frame_diff import ScreenBuffer
from tests.support.terminal import Terminal, clean_environment

COLUMNS, LINES = 24, 6
STYLES = (
    "",
    "1",
    "3",
    "1;3;31",
    "4",
    "7",
    "31",
    "38;2;1;2;3",
    "48;5;7",
    "1;38;2;9;9;9;48;2;4;4;4",
    "38;5;9;48;2;1;1;1",
)

styles = st.sampled_from(STYLES)
narrow = st.tuples(
    st.integers(0, 2), st.integers(0, COLUMNS - 12), st.text(alphabet="ab  é…▌", min_size=1, max_size=12), styles
)
# Half of a wide letter is never drawn upon: Textual cuts such pieces at whole letters.
wide = st.tuples(
    st.integers(3, LINES - 1),
    st.just(0),
    st.text(alphabet="ab 漢字", max_size=12).map(lambda text: text + " " * (COLUMNS - cell_len(text))),
    styles,
)
pieces = narrow | wide
frames = st.lists(pieces, min_size=1, max_size=6)


def frame_of(drawn: list[tuple[int, int, str, str]]) -> str:
    """A frame as Textual writes it: places, and each piece with its style."""
    return "".join(
        f"\x1b[{y + 1};{x + 1}H" + (f"\x1b[{style}m{text}\x1b[0m" if style else text) for y, x, text, style in drawn
    )


class Shown:
    """What a terminal shows of what it was sent."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.Stream(self.screen)

    def send(self, data: str) -> None:
        self._stream.feed(data)

    @property
    def cells(self) -> list[list[tuple[object, ...]]]:
        """Letter, colors and what makes a blank visible, cell by cell."""
        rows = [[self.screen.buffer[y][x] for x in range(COLUMNS)] for y in range(LINES)]
        return [
            [
                (cell.data, cell.bg, cell.reverse, cell.bold and cell.data != " ", cell.data != " " and cell.fg)
                for cell in row
            ]
            for row in rows
        ]


@given(
    drawn=st.lists(st.tuples(frames, st.sampled_from(["send", "later", "forget"])), min_size=1, max_size=12),
    erases=st.booleans(),
)
def test_the_terminal_shows_what_was_drawn_however_seldom_it_is_told(
    drawn: list[tuple[list[tuple[int, int, str, str]], str]], *, erases: bool
) -> None:
    picture, told, everything = ScreenBuffer(erases_in_color=erases), Shown(), Shown()
    # Textual draws every cell before it draws some of them anew.
    blank = [(y, 0, " " * COLUMNS, "") for y in range(LINES)]
    for pieces, then in [(blank, "send"), *drawn, (blank[:1], "send")]:
        frame = frame_of(pieces)
        everything.send(frame)
        assert picture.draw(frame)
        if then == "forget":
            picture.forget()
        if then != "later":
            told.send(picture.changes(COLUMNS, LINES))
    assert told.cells == everything.cells


def test_nothing_is_sent_for_what_is_there_already() -> None:
    picture = ScreenBuffer()
    frame = frame_of([(0, 0, "Ada Moreno", "1;38;2;9;9;9"), (1, 3, "漢字", "")])
    assert picture.draw(frame)
    first = picture.changes(COLUMNS, LINES)
    assert "Ada Moreno" in first
    assert picture.draw(frame)
    assert picture.changes(COLUMNS, LINES) == ""
    assert picture.draw(frame_of([(0, 4, "Lovelace", "1;38;2;9;9;9")]))
    assert picture.changes(COLUMNS, LINES) == "\x1b[1;5H\x1b[1;38;2;9;9;9mLovelace\x1b[m\x1b[1;13H"


def test_blanks_are_erased_where_that_leaves_the_color_of_the_ground() -> None:
    row, underlined = ((y, 0, f"ab{' ' * (COLUMNS - 2)}", style) for y, style in enumerate(("31;48;5;7", "4")))
    ahead = (2, 0, f"{' ' * 16}b", "31;48;5;7")
    gaps = (3, 0, f"a{' ' * 6}b{' ' * (COLUMNS - 8)}", "31;48;5;7")
    for erases, sequences in ((True, ["\x1b[K", "\x1b[16X\x1b[16C", "\x1b[K"]), (False, [])):
        picture = ScreenBuffer(erases_in_color=erases)
        assert picture.draw(frame_of([row, underlined, ahead, gaps]))
        sent = picture.changes(COLUMNS, LINES)
        assert re.findall(r"\x1b\[K|\x1b\[\d+X\x1b\[\d+C", sent) == sequences
        assert " " * (COLUMNS - 2) in sent


def test_a_smaller_terminal_is_sent_only_what_it_has_room_for() -> None:
    picture = ScreenBuffer()
    assert picture.draw(frame_of([(y, 0, "x" * COLUMNS, "") for y in range(LINES)]))
    sent = picture.changes(10, 3)
    assert re.findall(r"x+", sent) == ["x" * 10] * 3


@pytest.mark.parametrize("other", ["\x1b[?25l", "plain", "\x1b[2J", "\x1b[1;1Ha\x1b[2Jb", ""])
def test_what_does_more_than_draw_is_not_taken_for_a_frame(other: str) -> None:
    picture = ScreenBuffer()
    assert not picture.draw(other)
    assert picture.changes(COLUMNS, LINES) in ("", "\x1b[1;1H")


# The whole program


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (160, 50), (60, 15)])
def test_the_screen_is_as_if_it_had_been_drawn_anew_after_every_key(tmp_path: Path, columns: int, rows: int) -> None:
    with (
        DemoServer(size=90) as server,
        Terminal(
            [sys.executable, "-m", "semtui"],
            clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=server.tokens["owner"]),
            columns=columns,
            rows=rows,
        ) as terminal,
    ):
        terminal.wait_for(lambda: re.search(r"Loaded \d+ rows\.", terminal.screen_text()) is not None)
        page_down, page_up = "\x1b[6~", "\x1b[5~"
        for keys in (
            "j",
            page_down,
            page_down,
            page_up,
            "k",
            "G",
            "k",
            "3",
            "T",
            "\r",
            "s",
            "/fa\r",
            "x",
            "?",
            "q",
            "g",
        ):
            terminal.press(keys)
            terminal.settle()
            seen = terminal.screen_text()
            whole = len(terminal.output) + columns * rows // 4
            terminal.press("\x0c")
            terminal.wait_for(lambda whole=whole: len(terminal.output) > whole)  # type: ignore[misc]  # bound at once
            terminal.settle()
            assert terminal.screen_text() == seen, keys


def test_a_terminal_that_takes_nothing_holds_up_no_key(tmp_path: Path) -> None:
    """Frames nobody takes are dropped; the keys are acted upon, and in the end the screen is right."""
    with DemoServer(size=90) as server:
        environment = clean_environment(
            tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=server.tokens["owner"]
        )
        with Terminal([sys.executable, "-m", "semtui"], environment, columns=160, rows=50) as terminal:
            terminal.wait_for(lambda: re.search(r"Loaded \d+ rows\.", terminal.screen_text()) is not None)
            before = len(terminal.output)
            # Many times what the pseudo terminal and thirty waiting frames could hold, and nobody reads it.
            for turn in range(120):
                server.requests.clear()
                terminal.press("gr" if turn % 2 else "Gr")
                # The one request every reload makes exactly once: another would let the keys run ahead of the program.
                heard = server.wait_for_request("/members?member_type=user&page_no=0", 30)
                assert heard, f"no key was heard after {turn} frames"
            # What was pressed last is drawn last: what stands on the screen before that may be an old frame.
            terminal.press("?")
            terminal.wait_for(lambda: "Keys" in terminal.screen_text())
            terminal.press("q")
            terminal.wait_for(lambda: re.search(r" loaded \d\d:\d\d", terminal.screen_text()) is not None)
            # What a key drops of the last line is dropped before the comparison.
            terminal.press("g")
            terminal.settle()
            seen = terminal.screen_text()
            assert len(terminal.output) - before < 80_000
            terminal.press("\x0c")
            terminal.settle()
            assert terminal.screen_text() == seen
