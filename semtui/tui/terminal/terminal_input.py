"""Turns bytes from the terminal into Textual events: keys, pastes and the terminal's own reports.

Textual's parser raises on bytes that are not UTF-8 and on reports with unexpected numbers, and types the letters of a
report it does not know, which are keys that do something. Here everything is either understood or dropped.
"""

from __future__ import annotations

import codecs
import re
import time
from collections.abc import Callable, Iterator

from textual import constants, events, messages
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import IS_ITERM, XTermParser
from textual.keys import Keys
from textual.message import Message

from semtui.system.terminal import MOST_COLUMNS, MOST_LINES
from semtui.text.pasted import readable
from semtui.tui.terminal.kitty_keys import as_textual_reads_it

SEQUENCE_TIMEOUT = 1.0
"""Seconds to wait for the rest of a sequence or of a paste."""
LONGEST_PASTE = 1_000_000
"""Characters kept of a paste."""
_LONGEST_SEQUENCE = 256

_ESC = "\x1b"
_PASTE, _PASTE_END = "\x1b[200~", "\x1b[201~"
_COMPLETE = re.compile(
    r"\x1b\[M[^\x1b]{3}"  # the mouse, as terminals without SGR reports tell of it
    r"|\x1b\[\[[A-E]"  # F1 to F5 of the Linux console
    r"|\x1b\[[0-9]+\$"  # keys of rxvt with shift
    r"|\x1b\[(?![\[M])[ -?]*[@-~]"
    r"|\x1bO[0-9;]*[A-Za-z]"
)
_BEGUN = re.compile(r"\x1b(?:\[(?:M[^\x1b]{0,2}|\[|[ -?]*)|O[0-9;]*|[\]P_])?\Z")
"""More may be on its way."""
_STRING = re.compile(r"\x1b(?:\][0-9]|P[0-9>!$+|]|_G)")
"""The beginning of an answer of the terminal's that goes on to a terminator. Nothing here asks for one, but a program
that ran before may have."""
_STRING_END = re.compile(r"[\x07\x18\x1a]|\x1b\\?")
_SEQUENCE_END = re.compile(r"[^ -?]")

_MOUSE = re.compile(r"\x1b\[<[0-9]{1,4};-?[0-9]{1,6};-?[0-9]{1,6}[mM]")
_MODE = re.compile(r"\x1b\[\?([0-9]+);([0-9])\$y")
_SIZE = re.compile(r"\x1b\[48;([0-9]+)(?::[^;]*)?;([0-9]+)(?::[^;]*)?;([0-9]+)(?::[^;]*)?;([0-9]+)(?::[^;]*)?t")


class TerminalInput:
    """Turns bytes into events as they arrive, in order."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # Byte by byte, so that a paste can say how many were no UTF-8.
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self._textual = XTermParser()
        self._buffer = ""
        self._since = 0.0
        """When something came last."""
        self._paste: list[str] | None = None
        self._stalled = False
        """The rest of a paste did not come in time."""
        self._skipping: re.Pattern[str] | None = None
        """What ends the sequence that is being dropped."""

    def feed(self, data: bytes) -> Iterator[Message]:
        """The events in these bytes; an incomplete sequence waits for more."""
        text = self._decode(data)
        self._since = self._clock()
        if self._stalled and _is_one_key(text):
            # Somebody types: the end of the paste is not coming any more.
            self._paste, self._stalled, self._buffer = None, False, ""
        self._buffer += text
        while self._buffer:
            before = len(self._buffer), self._paste is None, self._skipping is None
            yield from self._step()
            if before == (len(self._buffer), self._paste is None, self._skipping is None):
                return

    def tick(self) -> Iterator[Message]:
        """The events in bytes that waited long enough to count as complete. Call this periodically."""
        silence = self._clock() - self._since
        if self._paste is not None:
            if silence >= SEQUENCE_TIMEOUT:
                self._stalled = True
                yield from self._pasted()
                self._paste = []
        elif self._skipping is not None:
            if silence >= SEQUENCE_TIMEOUT:
                self._buffer, self._skipping = "", None
        elif self._buffer and silence >= (
            SEQUENCE_TIMEOUT if self._buffer.startswith("\x1b[") else constants.ESCAPE_DELAY
        ):
            unfinished, self._buffer = self._buffer, ""
            if unfinished == _ESC:
                yield events.Key("escape", _ESC)
            elif len(unfinished) == 2 and unfinished != "\x1b[":
                yield from self._with_alt(unfinished)

    def _step(self) -> Iterator[Message]:
        """Parse one item off the buffer, unless it is still incomplete."""
        if self._paste is not None:
            yield from self._read_paste(self._paste)
        elif self._skipping is not None:
            self._skip(self._skipping)
        elif not self._buffer.startswith(_ESC):
            typed, found, rest = self._buffer.partition(_ESC)
            self._buffer = found + rest
            for character in typed:
                yield from self._typed(character)
        elif complete := _COMPLETE.match(self._buffer):
            self._buffer = self._buffer[complete.end() :]
            if complete.end() <= _LONGEST_SEQUENCE:
                yield from self._understood(complete[0])
        elif _STRING.match(self._buffer):
            self._buffer, self._skipping = self._buffer[3:], _STRING_END
        elif _BEGUN.match(self._buffer):
            if len(self._buffer) > _LONGEST_SEQUENCE:
                self._buffer, self._skipping = "", _SEQUENCE_END
        else:
            yield from self._not_a_sequence()

    def _read_paste(self, paste: list[str]) -> Iterator[Message]:
        text, end, rest = self._buffer.partition(_PASTE_END)
        if not end:
            # Its end may have come in part.
            begun = next((size for size in range(5, 0, -1) if text.endswith(_PASTE_END[:size])), 0)
            text, rest = text[: len(text) - begun], text[len(text) - begun :]
        paste.append(text)
        self._buffer = rest
        if end:
            yield from self._pasted()
            self._paste, self._stalled = None, False

    def _pasted(self) -> Iterator[Message]:
        text = "".join(self._paste or ())[:LONGEST_PASTE]
        if text:
            yield events.Paste(text)

    def _skip(self, end: re.Pattern[str]) -> None:
        found = end.search(self._buffer)
        if found is None:
            self._buffer = ""
        elif end is _SEQUENCE_END:
            # What ends it is a part of it, unless it cannot be.
            self._buffer = self._buffer[found.start() + (0x40 <= ord(found[0]) < 0x7F) :]
            self._skipping = None
        elif found[0] == _ESC and found.end() == len(self._buffer):
            self._buffer = _ESC
        else:
            # Another sequence begins where the terminator was to be.
            self._buffer = self._buffer[found.start() if found[0] == _ESC else found.end() :]
            self._skipping = None

    def _not_a_sequence(self) -> Iterator[Message]:
        second, self._buffer = self._buffer[1], self._buffer[1:]
        if second == _ESC:
            yield events.Key("escape", _ESC)
        elif second in "[O" and len(self._buffer) > 1:
            # It was to be a sequence, but went on with something that is not part of any.
            self._buffer = re.sub(r"\A(?:\[[\[M]?[ -?]*|O[0-9;]*)", "", self._buffer)
        else:
            self._buffer = self._buffer[1:]
            yield from self._with_alt(_ESC + second)

    # What a sequence means

    def _understood(self, sequence: str) -> Iterator[Message]:
        if sequence == _PASTE:
            self._paste = []
        elif sequence == "\x1b[I":
            yield events.AppFocus()
        elif sequence == "\x1b[O":
            yield events.AppBlur()
        elif sequence.startswith("\x1b[<"):
            if _MOUSE.fullmatch(sequence) and (mouse := self._textual.parse_mouse_code(sequence)):
                yield mouse
        elif match := _MODE.fullmatch(sequence):
            yield from _mode(match[1], int(match[2]))
        elif match := _SIZE.fullmatch(sequence):
            yield from self._resized(*(int(number) for number in match.groups()))
        else:
            yield from self._keys(sequence)

    def _resized(self, lines: int, columns: int, pixel_height: int, pixel_width: int) -> Iterator[Message]:
        if not (0 < columns <= MOST_COLUMNS and 0 < lines <= MOST_LINES):
            return
        # Only where both are known can places in pixels be turned into cells.
        known = pixel_width >= columns and pixel_height >= lines
        self._textual.mouse_pixels = known
        self._textual.terminal_size = columns, lines
        self._textual.terminal_pixel_size = (pixel_width, pixel_height) if known else None
        yield events.Resize.from_dimensions((columns, lines), (pixel_width, pixel_height) if known else None)

    def _keys(self, sequence: str) -> Iterator[events.Key]:
        known = as_textual_reads_it(sequence)
        if known:
            yield from self._textual._sequence_to_key_events(known)
        elif known is None:
            yield from self._legacy(sequence)

    def _legacy(self, sequence: str) -> Iterator[events.Key]:
        keys = ANSI_SEQUENCES_KEYS.get(sequence)
        if isinstance(keys, str):
            yield from self._typed(keys)
        elif isinstance(keys, tuple):
            yield from (events.Key(key.value, None) for key in keys if key is not Keys.Ignore)

    def _typed(self, character: str) -> Iterator[events.Key]:
        yield from self._textual._sequence_to_key_events(readable(character))

    def _with_alt(self, sequence: str) -> Iterator[events.Key]:
        if sequence in ANSI_SEQUENCES_KEYS:
            yield from self._legacy(sequence)
        else:
            yield from self._textual._sequence_to_key_events(readable(sequence[1]), alt=True)


def _is_one_key(text: str) -> bool:
    """Whether bytes that arrived together are a single key rather than the rest of a paste."""
    if len(text) < 2:
        return bool(text)
    whole = _COMPLETE.fullmatch(text)
    return whole is not None and text != _PASTE_END


def _mode(number: str, setting: int) -> Iterator[Message]:
    if number == "2026" and setting > 0:
        yield messages.TerminalSupportsSynchronizedOutput()
    elif number == "2048" and constants.SMOOTH_SCROLL and not IS_ITERM:
        yield messages.InBandWindowResize.from_setting_parameter(setting)
