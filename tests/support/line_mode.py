"""Line mode, talked with: in this very process, also on a pseudo terminal, or as the installed program over pipes."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO, cast

from semtui.demo.server import DemoServer
from semtui.plain.app import PlainApp
from semtui.plain.console import Console
from semtui.session.session import Session
from tests.support.terminal import SEMTUI, clean_environment

MAIN_MENU = "Choose 1 to 14"
"""The question of the main menu, as it is asked of an Owner."""

Answer = str | Callable[[], None]
"""A line that is typed, or something that happens before the next one is."""


class Typist:
    """Types one line after the other, and then nothing more."""

    def __init__(self, answers: tuple[Answer, ...]) -> None:
        self._answers = list(answers)

    def readline(self) -> str:
        while self._answers:
            answer = self._answers.pop(0)
            if isinstance(answer, str):
                return f"{answer}\n"
            answer()
        return ""

    def isatty(self) -> bool:
        return False


def talk(session: Session, *answers: Answer, ascii_only: bool = False) -> str:
    """Everything line mode said, up to the end of these answers; how it was wrapped does not show."""
    heard = io.StringIO()
    shell = Console(cast(TextIO, Typist(answers)), heard, ascii_only=ascii_only)
    PlainApp(session, shell).run()
    return " ".join(heard.getvalue().split())


class _Person(io.StringIO):
    """Hears what line mode says, and types into its terminal as soon as a question has been asked."""

    def __init__(self, terminal: int, exchanges: list[tuple[str, str]]) -> None:
        super().__init__()
        self._terminal = terminal
        self.exchanges = exchanges
        """Ends of questions, and what is typed then, Enter included. After the last it is ctrl+d."""

    def flush(self) -> None:
        heard = self.getvalue()
        if self.exchanges and " ".join(heard.split()).endswith(self.exchanges[0][0]):
            os.write(self._terminal, self.exchanges.pop(0)[1].encode())
        elif not self.exchanges and heard.endswith(": "):
            os.write(self._terminal, b"\x04")


def talk_on_terminal(session: Session, *exchanges: tuple[str, str], patience: float = 15) -> str:
    """All that line mode wrote to a person at a terminal, line for line. What is typed in one go comes in one burst."""
    master, slave = pty.openpty()
    person = _Person(master, list(exchanges))
    with open(slave) as source:
        # A question that never comes: the terminal is closed, so that nobody waits for ever.
        hang_up = threading.Timer(patience, os.close, [master])
        hang_up.start()
        try:
            PlainApp(session, Console(source, person)).run()
        finally:
            hang_up.cancel()
            with suppress(OSError):
                os.close(master)
    assert not person.exchanges, f"never asked: {person.exchanges[0][0]}\n{person.getvalue()}"
    return person.getvalue()


def dumb(home: Path, server: DemoServer, who: str = "owner") -> dict[str, str]:
    """The environment of a terminal that can do nothing, for one of the demo organization's callers."""
    plain = {"TERM": "dumb", "LANG": "C", "NO_COLOR": "1"}
    access = {"SEMAPHORE_HOST": server.address, "SEMAPHORE_API_TOKEN": server.tokens[who]}
    return clean_environment(home, **plain, **access)


def run(
    home: Path, server: DemoServer, *lines: str, options: tuple[str, ...] = (), who: str = "owner"
) -> subprocess.CompletedProcess[bytes]:
    """The program, fed these lines."""
    return subprocess.run(
        [SEMTUI, "--plain", *options],
        env=dumb(home, server, who),
        input="".join(f"{line}\n" for line in lines).encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
