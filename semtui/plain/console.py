"""Input and output of line mode, one line at a time. No other code reads or writes there."""

from __future__ import annotations

import contextlib
import io
import os
import signal
from collections.abc import Callable, Sequence
from typing import TextIO

from semtui.plain.line_input import LineInput
from semtui.system.terminal import no_way_back, window_size
from semtui.text.ascii_fallback import in_ascii
from semtui.text.counting import count
from semtui.text.escape import escape_line
from semtui.text.pasted import flaw
from semtui.text.wrapping import wrap

WIDTH = 78
"""Cells of a line where the width of the window is unknown."""
LEAST_WIDTH = 20
LINES_AT_ONCE = 20
HELP = (
    "Type the number of a choice and press Enter. 0 goes back, q leaves semtui, ? says this. Enter alone changes "
    "nothing. Where a name or another text is asked for, all you type is that text, and an empty line changes nothing. "
    "ctrl+d is like q. ctrl+c ends semtui at once, in order: a request under way is waited for, and a token nobody has "
    "stored is saved to a private file."
)
_TOO_SOON = "What you typed ahead was dropped: this has to be read first."


class Leave(Exception):  # noqa: N818 - leaving is no error
    """Raised when the user wants to leave, or the input has ended."""


class Console:
    """Asks and answers over a pair of streams."""

    def __init__(self, source: TextIO, target: TextIO, *, ascii_only: bool = False) -> None:
        for stream, errors in ((source, "surrogateescape"), (target, "replace")):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors=errors)
        self._input = LineInput(source)
        self._target = target
        self._ascii_only = ascii_only
        self._asked = ""
        """The question that waits for an answer."""
        self.typed_ahead = False
        """Whether the last answer waited in a terminal before its question was asked."""
        self._writing = False
        self._interruption: str | None = None
        """Why ctrl+z stopped nothing, or an empty text after it did, until the question is asked again."""
        self.pending: Callable[[], str] = lambda: ""
        """What leaving now would interrupt, in a sentence; empty for nothing."""

    # Telling

    def say(self, words: str = "", hang: int = 0) -> None:
        """Print a paragraph, wrapped with a hanging indent of `hang` cells."""
        self._write("".join(f"{line}\n" for line in self._wrapped(words, hang) or [""]))

    def verbatim(self, line: str) -> None:
        """Print a line without wrapping, so that it can be copied."""
        self._write(f"{line}\n")

    def complain(self, words: str) -> None:
        """Say why something is not done, and drop answers typed ahead, which relied on it being done."""
        more = self._input.drop_lines()
        behind = f" What you typed behind it was dropped: {count(more, 'line')}." if more else ""
        self.say(f"{words}{behind}")

    def drop_behind(self, words: str) -> None:
        """Say what counted of several lines that came at once; the answer just read and all behind it are dropped."""
        self.say(f"{words} What you typed behind it was dropped: {count(1 + self._input.drop_lines(), 'line')}.")

    def read_out(self, lines: Sequence[str]) -> None:
        """Print a longer text, a few lines at a time."""
        for start in range(0, len(lines), LINES_AT_ONCE):
            for line in lines[start : start + LINES_AT_ONCE]:
                self.say(line, 2 if line else 0)
            left = len(lines) - start - LINES_AT_ONCE
            if left > 0 and self.pick(f"{left} more lines. Enter goes on, 0 ends it", 0) == "0":
                return

    # Asking

    def ask(self, prompt: str, *, pasted: bool = False, fresh: bool = False) -> str:
        """A line as it was typed; of a text that may be pasted, one line and no more. With `fresh` only what is typed
        after the question counts. Raises Leave at the end of input, unless that is taken back."""
        while True:
            # Lines typed ahead of the question are answers to what follows.
            ahead = not fresh and self._input.waits()
            line = self._answer(prompt, fresh=fresh)
            if line is None:
                self.leave()
            elif pasted and not ahead and (more := self._input.drop_lines()):
                self.say(f"{more + 1} lines came at once, and this takes one. None was taken: type or paste it again.")
            else:
                return line

    def text(self, prompt: str) -> str:
        """Ask for text to send; invisible characters are refused."""
        while True:
            typed = self.ask(prompt, pasted=True).strip()
            wrong = flaw(typed)
            if not wrong:
                return typed
            self.complain(f"That {wrong}; type it again without.")

    def pick(self, prompt: str, most: int) -> str:
        """Ask for a number from 0 to `most`, or nothing."""
        while True:
            typed = self.ask(prompt).strip().lower()
            if typed == "q":
                self.leave()
            elif typed == "?":
                self.help()
            elif not typed:
                return typed
            elif typed.isascii() and typed.isdecimal() and len(typed) < 10 and int(typed) <= most:
                return str(int(typed))
            else:
                self.complain(f"That is not among the choices{f'; they are 0 to {most}' if most else ''}. ? helps.")

    def menu(
        self, title: str, entries: Sequence[str], *, zero: str = "back", stay: bool = False, sending: int = 0
    ) -> int:
        """The number of the entry chosen, 0 for none. Enter alone is 0 too, or with `stay` has the entries said
        again; so does 0 where it means nothing. Typed ahead, the number `sending` of what changes something does not
        count: nobody can have read what would be sent."""
        while True:
            if title:
                self.say(title)
            for number, entry in enumerate(entries, start=1):
                self.say(f"{number}. {entry}", 3)
            which = " or ".join("12"[: len(entries)]) if len(entries) < 3 else f"1 to {len(entries)}"
            out = f"0 {zero}" if zero else "q leaves"
            chosen = int(self.pick(f"Choose {which}, or {out}", len(entries)) or (-1 if stay else 0))
            if 0 < chosen == sending and self.typed_ahead:
                self._input.drop()
                self.say(_TOO_SOON)
                continue
            if chosen > 0 or (chosen == 0 and zero):
                return chosen

    def confirmed(self, prompt: str, *words: str) -> str:
        """Which of `words` was typed after the question was asked; empty for none of them, which changes nothing."""
        while True:
            typed = self.ask(prompt, pasted=True, fresh=True).strip()
            if typed == "q":
                self.leave()
            elif typed == "?":
                self.help()
            else:
                break
        if typed and typed not in words:
            self.complain(f"That is not {' or '.join(f'“{word}”' for word in words)}.")
        return typed if typed in words else ""

    def help(self, more: str = "") -> None:
        """Explain how line mode works."""
        self.say(f"{HELP} {more}".strip())

    def leave(self) -> None:
        """Raise Leave; if that would interrupt something, say so first and let the user stay."""
        if words := self.pending():
            self.say(words)
            answer = self._answer("Type quit to leave anyway; Enter stays", fresh=True)
            if answer is not None and answer.strip() != "quit":
                return
        raise Leave

    # Stopped and resumed

    def handle_suspension(self) -> None:
        """Make ctrl+z return to the shell if there is one, and ask the question again after fg."""
        if signal.getsignal(signal.SIGTSTP) is not signal.SIG_IGN:
            signal.signal(signal.SIGTSTP, self._stop)

    def _stop(self, *_: object) -> None:
        why = no_way_back()
        if not why:
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGTSTP)
            # From here on it has been resumed.
            signal.signal(signal.SIGTSTP, self._stop)
        self._interruption = why
        if not self._writing:
            self._ask_again()

    def _ask_again(self) -> None:
        """Repeat the question after ctrl+z, behind the reason if that stopped nothing."""
        why, self._interruption = self._interruption, None
        if why is not None and self._asked:
            self._write("\n" + "".join(f"{line}\n" for line in self._wrapped(why) if why) + self._asked)

    # Underneath

    def _answer(self, prompt: str, *, fresh: bool) -> str | None:
        """Ask once; None at the end of input. With `fresh` nothing that was typed before counts, for nobody can have
        read the question by then."""
        if fresh and self._input.drop():
            self.say(_TOO_SOON)
        self.typed_ahead = ahead = self._input.waits()
        self._asked = "\n".join(self._wrapped(f"{prompt}:")) + " "
        self._write(self._asked)
        return self._line(ahead)

    def _wrapped(self, words: str, hang: int = 0) -> list[str]:
        """Text wrapped to the window."""
        if self._ascii_only:
            words = words.replace("…", "...")
        if not self._target.isatty():
            # Whoever reads it there may search for a name.
            return wrap(words, WIDTH, hang, break_words=False)
        columns, _ = window_size(self._target.fileno(), os.environ)
        return wrap(words, max(LEAST_WIDTH, columns - 2), hang)

    def _write(self, text: str) -> None:
        passed = escape_line(text)
        if self._ascii_only:
            passed = in_ascii(passed)
        # A signal may come in the middle, and what is written to must not be entered twice.
        self._writing = True
        try:
            self._target.write(passed)
            self._target.flush()
        except OSError:
            self._close_target()
            raise Leave from None
        finally:
            self._writing = False
        self._ask_again()

    def _close_target(self) -> None:
        """Close the output, which nobody reads any more: Python flushes it once more at exit, and would complain."""
        with contextlib.suppress(OSError, ValueError), open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), self._target.fileno())

    def _line(self, ahead: bool) -> str | None:
        """The next line typed, or typed ahead; None at the end of input."""
        try:
            line = self._input.read()
        except OSError:
            # Linux's way to say that the terminal is gone.
            line = ""
        self._asked = ""
        if ahead or not line or not self._input.typed:
            # No Enter was echoed here.
            self._write("\n")
        return line.rstrip("\r\n") if line else None
