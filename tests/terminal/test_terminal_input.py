"""What the terminal sends: every key is understood, everything else dropped, and nothing ends the program."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events, messages
from textual.geometry import Size
from textual.message import Message

from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tui.app import SemtuiApp
from semtui.tui.terminal.terminal_input import LONGEST_PASTE, SEQUENCE_TIMEOUT, TerminalInput
from tests.support.terminal import (
    CTRL_Q,
    ESCAPE,
    SEMTUI,
    Terminal,
    clean_environment,
)


class Hand:
    """Types, and waits, against a clock of its own."""

    def __init__(self) -> None:
        self._now = 0.0
        self._input = TerminalInput(lambda: self._now)
        self.messages: list[Message] = []

    def type(self, *chunks: bytes) -> list[Message]:
        """Everything understood of the chunks and of the silence behind each."""
        before = len(self.messages)
        for chunk in chunks:
            self.messages += self._input.feed(chunk)
            self._now += 2 * SEQUENCE_TIMEOUT
            self.messages += self._input.tick()
        return self.messages[before:]

    def burst(self, data: bytes) -> None:
        """The same without a pause behind it."""
        self.messages += self._input.feed(data)


def keys(found: Iterable[Message]) -> list[tuple[str, str | None]]:
    return [(each.key, each.character) for each in found if isinstance(each, events.Key)]


def typed(found: Iterable[Message]) -> str:
    """The characters a field would take."""
    return "".join(each.character or "" for each in found if isinstance(each, events.Key) and each.is_printable)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"\x1b[97u", "a"),
        (b"\x1b[97;1:1u", "a"),
        (b"\x1b[97;1:2u", "a"),
        (b"\x1b[97;1:3u", ""),
        (b"\x1b[97;;97u", "a"),
        (b"\x1b[97:65;2u", "A"),
        (b"\x1b[97:65;2:1u", "A"),
        (b"\x1b[97:65;2;65u", "A"),
        (b"\x1b[97;2u", "A"),
        (b"\x1b[97;65u", "A"),
        (b"\x1b[97;66u", "a"),
        (b"\x1b[97;129u", "a"),
        (b"\x1b[49:33;2u", "!"),
        (b"\x1b[1092::97;1u", "ф"),
        (b"\x1b[0;;229:97u", "åa"),
        (b"\x1b[32;1:1u", " "),
        (b"\x1b[97;1;1114112u", "a"),
        (b"\x1b[97;1;55296u", "a"),
        (b"\x1b[97;1;7u", "a"),
    ],
)
def test_a_key_of_kittys_protocol_types_its_character(sent: bytes, expected: str) -> None:
    assert typed(Hand().type(sent)) == expected


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        (b"\x1b[97;5u", "ctrl+a"),
        (b"\x1b[97;5:1u", "ctrl+a"),
        (b"\x1b[97:65;6:1u", "ctrl+shift+a"),
        (b"\x1b[122;5u", "ctrl+z"),
        (b"\x1b[27;5;122~", "ctrl+z"),
        (b"\x1b[13u", "enter"),
        (b"\x1b[13;1:1u", "enter"),
        (b"\x1b[9;2u", "shift+tab"),
        (b"\x1b[27u", "escape"),
        (b"\x1b[127;1:1u", "backspace"),
        (b"\x1b[A", "up"),
        (b"\x1b[1;1:1B", "down"),
        (b"\x1b[1;5C", "ctrl+right"),
        (b"\x1b[3~", "delete"),
        (b"\x1b[3;1:2~", "delete"),
        (b"\x1b[57421u", "pageup"),
        (b"\x1bOP", "f1"),
        (b"\x1b[[A", "f1"),
        (b"\x1b[25~", "f13"),
        (b"\x1b[Z", "shift+tab"),
        (b"\x1b[3$", "shift+delete"),
        (b"\x1b[1;2R", "shift+f3"),
        (b"\x1bq", "alt+q"),
        (b"\x1bO", "alt+shift+o"),
        (b"\x1b", "escape"),
    ],
)
def test_keys_without_a_character_keep_their_names(sent: bytes, key: str) -> None:
    assert [name for name, _ in keys(Hand().type(sent))] == [key]


DROPPED = [
    b"\x1b[1114112u",  # beyond Unicode
    b"\x1b[55296;1u",  # half of a surrogate pair
    b"\x1b[4294967296;1u",
    b"\x1b[0u",
    b"\x1b[u",
    b"\x1b[;;u",
    b"\x1b[1;1u",
    b"\x1b[57344u",  # a key of the protocol's that does not exist
    b"\x1b[97;99999999u",
    b"\x1b[97;1;97;97u",
    b"\x1b[97;1:3u",
    b"\x1b[1;1:3A",
    b"\x1b[99~",  # Textual takes it for a c, which opens a form
    b"\x1b[5X",
    b"\x1b[?62;22c",  # answers to questions others have asked
    b"\x1b[>0;95;0c",
    b"\x1b[?1u",
    b"\x1b[12;40R",
    b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    b"\x1b]52;c;eA==\x07",
    b"\x1bP>|XTerm(379)\x1b\\",
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b[48;0;0;0;0t",
    b"\x1b[48;-1;-1;0;0t",
    b"\x1b[48;99999;99999;1;1t",
    b"\x1b[48;24t",
    b"\x1b[8;24;80t",
    b"\x1b[<0;0;0M",
    b"\x1b[<0;-5;-5M",
    b"\x1b[<99999999999999999999;1;1M",
    b"\x1b[<0;1M",
    b"\x1b[32;10;5M",
    b"\x1b[M !!",
    b"\x1b[201~",
    b"\x1b[" + b"9" * 5000 + b"u",
    b"\x1b[",
    b"\x1b[12",
    b"\x1b]0;never ended",
    b"\x1b]0;" + b"x" * 50_000,
    b"\x1bP1",
    b"\xe9",
]


@pytest.mark.parametrize("sent", DROPPED, ids=lambda sent: repr(sent[:20]))
def test_what_is_no_key_types_nothing_and_the_next_key_counts(sent: bytes) -> None:
    hand = Hand()
    assert hand.type(sent) == []
    assert typed(hand.type(b"j")).endswith("j")
    assert len(hand.messages) <= 2


def test_bytes_that_are_not_utf_8_are_one_unreadable_character_each() -> None:
    assert typed(Hand().type(b"\xfc\xff", b"j", b"\xe9k", "é".encode()[:1], "é".encode()[1:])) == "��j�ké"


def test_sequences_may_come_in_pieces() -> None:
    hand = Hand()
    for piece in b"\x1b[97:65;2u", b"\x1b[200~a\nb\x1b[201~", "é".encode(), b"\x1b]11;x\x1b\\", b"\x1bOP", b"\x1b[[A":
        for number in piece:
            hand.burst(bytes([number]))
    assert typed(hand.messages) == "Aé"
    assert [each.text for each in hand.messages if isinstance(each, events.Paste)] == ["a\nb"]
    assert [name for name, _ in keys(hand.messages)][-2:] == ["f1", "f1"]


def test_a_paste_is_one_whatever_is_in_it() -> None:
    text = "one\r\ntwo\x1b[A\x1b[I\x1b]0;t\x07\x1b[97u\x00\x1b[200~"
    (paste,) = Hand().type(f"\x1b[200~{text}\x1b[201~".encode())
    assert isinstance(paste, events.Paste)
    assert paste.text == text


def test_a_very_long_paste_is_cut() -> None:
    (paste,) = Hand().type(b"\x1b[200~" + b"x" * (LONGEST_PASTE + 5) + b"\x1b[201~")
    assert isinstance(paste, events.Paste)
    assert len(paste.text) == LONGEST_PASTE


def test_a_paste_that_does_not_end_gives_the_keys_back() -> None:
    hand = Hand()
    assert [type(each) for each in hand.type(b"\x1b[200~abc\x1b[2")] == [events.Paste]
    assert keys(hand.type(b"j")) == [("j", "j")]


def test_a_paste_over_a_link_that_stands_still_stays_a_paste() -> None:
    """Its later lines must not be keys that do something."""
    hand = Hand()
    found = hand.type(b"\x1b[200~first", b" line\rX second line\r", b"end\x1b[201~", b"j")
    assert "".join(each.text for each in found if isinstance(each, events.Paste)) == "first line\rX second line\rend"
    assert keys(found) == [("j", "j")]


def test_reports_are_understood() -> None:
    found = Hand().type(b"\x1b[I\x1b[O\x1b[?2026;2$y\x1b[48;50;160;1000;1600t\x1b[<0;10;20M\x1b[<0;10;20m")
    assert [type(each) for each in found] == [
        events.AppFocus,
        events.AppBlur,
        messages.TerminalSupportsSynchronizedOutput,
        events.Resize,
        events.MouseDown,
        events.MouseUp,
    ]
    assert isinstance(found[3], events.Resize)
    assert found[3].size == Size(160, 50)


NUMBERS = st.one_of(st.integers(-5, 300), st.integers(0, 0x110001), st.integers(0, 10**40)).map(str)
PARAMETERS = st.lists(st.one_of(NUMBERS, st.sampled_from(list(":;?<>=$!-"))), max_size=8).map("".join)
INTRODUCERS = ["\x1b]", "\x1bP", "\x1b_", "\x1bO", "\x1b", "\x1b[200~", "\x1b[M"]
SEQUENCES = st.one_of(
    st.tuples(st.just("\x1b["), PARAMETERS, st.sampled_from([chr(code) for code in range(0x40, 0x7F)])),
    st.tuples(st.just("\x1b[<"), PARAMETERS, st.sampled_from("Mm")),
    st.tuples(
        st.just("\x1b[48"), st.lists(NUMBERS, max_size=5).map(lambda n: "".join(f";{x}" for x in n)), st.just("t")
    ),
    st.tuples(
        st.sampled_from(["\x1b]", "\x1bP", "\x1b_", "\x1bO", "\x1b", "\x1b[200~", "\x1b[M"]), st.text(max_size=20)
    ),
    st.tuples(st.sampled_from(["\x1b[201~", "\x1b\\", "\x07", "\x1b", "\x18"])),
).map(lambda parts: "".join(parts).encode("utf-8", "surrogatepass"))
GARBAGE = st.lists(st.one_of(SEQUENCES, st.binary(max_size=30)), max_size=8)
MESSAGES = (
    events.Key, events.Paste, events.Resize, events.AppFocus, events.AppBlur, events.MouseEvent,
    messages.TerminalSupportsSynchronizedOutput, messages.InBandWindowResize,
)  # fmt: skip


@given(GARBAGE)
@settings(max_examples=500, deadline=None)
def test_whatever_comes_is_understood_or_dropped_and_keys_behind_it_count(garbage: list[bytes]) -> None:
    hand = Hand()
    for chunk in garbage:
        hand.burst(chunk)
    hand.type(b"", b"\x1b\\", b"j")
    assert typed(hand.messages).endswith("j")
    for each in hand.messages:
        assert isinstance(each, MESSAGES)
        if isinstance(each, events.Resize):
            assert 0 < each.size.width <= 1000
            assert 0 < each.size.height <= 500
        if isinstance(each, events.Key) and each.character is not None:
            each.character.encode()


@given(st.lists(GARBAGE, min_size=5, max_size=20))
@settings(max_examples=10, deadline=None)
def test_the_screen_survives_whatever_comes(pieces: list[list[bytes]]) -> None:
    """Everything that is understood is handled too, in a field and out of it."""

    async def survive(server: DemoServer, home: Path) -> None:
        context = Context("demo", "acme.example.com", server.address, server.tokens["owner"], demo=True)
        with Session(context, SessionOptions(read_only=True, rescue_directory=home)) as session:
            app = Staying(session)
            async with app.run_test(size=(80, 24)) as pilot:
                for number, garbage in enumerate(pieces):
                    hand = Hand()
                    hand.type(b"/" if number % 2 else b"", *garbage, b"\x1b[201~")
                    for each in hand.messages:
                        each.set_sender(app)
                        app.post_message(each)
                    await pilot.pause()
                assert app.is_running

    with tempfile.TemporaryDirectory() as home, DemoServer() as server, pytest.MonkeyPatch.context() as patch:
        # An export may be asked for.
        patch.setenv("HOME", home)
        patch.chdir(home)
        asyncio.run(survive(server, Path(home)))


class Staying(SemtuiApp):
    """To quit is no accident."""

    CSS_PATH = str(Path(str(sys.modules[SemtuiApp.__module__].__file__)).with_name("semtui.tcss"))

    async def action_quit(self) -> None:
        """Stay."""


# In a real terminal

KEYS_OF_DOOM = [
    b"\xfc", b"\xe9\xf8", b"\xff\xfe\x80", b"\x1b[122;1:1u", b"\x1b[122:90;2u", b"\x1b[1114112u", b"\x1b[55296u",
    b"\x1b[99999999999999999999u", b"\x1b[48;0;0;0;0t", b"\x1b[<35;99999;99999M", b"\x1b[<0;5;1;2M", b"\x1b[?2048;2$y",
    b"\x1b[200~\xfc\x00\x1b]0;x\x07\x9b\n\n\x1b[201~", b"\x1b]11;rgb:12/34\x1b\\", b"\x1b[8;1;1t", b"\xed\xa0\x80",
]  # fmt: skip


def test_nothing_typed_or_pasted_ends_the_program(server: DemoServer, tmp_path: Path) -> None:
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=server.tokens["owner"])
    with Terminal([SEMTUI], environment) as terminal:
        terminal.wait_for("Loaded 37 rows.")
        for in_field in (False, True):
            for keys_of_doom in KEYS_OF_DOOM:
                if in_field:
                    terminal.press("/")
                terminal.send(keys_of_doom)
                if in_field:
                    terminal.press("zz")
                    terminal.wait_for(lambda: "zz" in terminal.line_with(" / "))
                    terminal.press("\x05\x15")
                    terminal.wait_for(lambda: "zz" not in terminal.line_with(" / "))
                else:
                    terminal.press("?")
                    terminal.wait_for("one row up or down")
                    terminal.insist(ESCAPE, lambda: "one row up or down" not in terminal.screen_text())
            terminal.insist(ESCAPE, lambda: terminal.line_with("by kind").endswith("1/37"))
        terminal.insist(CTRL_Q, lambda: b"\x1b[?1049l" in terminal.output)
        assert terminal.wait_for_end() == 0
