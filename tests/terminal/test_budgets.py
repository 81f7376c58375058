"""What may be sent to a terminal for what is done, in bytes, and how much of a small one is left to the rows.

Bytes are the same on every machine, so they may be asserted; times are measured by the benchmarks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from semtui.demo.server import DemoServer
from tests.support.terminal import (
    ENTER,
    SEMTUI,
    Terminal,
    clean_environment,
)

PAGE_DOWN = "\x1b[6~"


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer(size=90) as running:
        yield running


def opened(server: DemoServer, home: Path, columns: int, rows: int, **more: str) -> Terminal:
    access = {"SEMAPHORE_HOST": server.address, "SEMAPHORE_API_TOKEN": server.tokens["owner"]}
    return Terminal([SEMTUI], clean_environment(home, **access, **more), columns=columns, rows=rows)


def loaded(terminal: Terminal) -> None:
    terminal.wait_for(lambda: re.search(r"Loaded \d+ rows\.", terminal.screen_text()) is not None)
    terminal.settle()


@pytest.mark.parametrize(
    "environ", [{}, {"COLORTERM": "truecolor"}, {"TERM": "xterm"}, {"NO_COLOR": "1"}], ids=["256", "true", "16", "none"]
)
def test_each_action_keeps_to_its_bytes(server: DemoServer, tmp_path: Path, environ: dict[str, str]) -> None:
    with opened(server, tmp_path, 120, 30, **environ) as terminal:
        loaded(terminal)

        def spent(keys: str) -> int:
            before = len(terminal.output)
            terminal.press(keys)
            terminal.settle()
            return len(terminal.output) - before

        assert len(terminal.output) < 16_000
        # Twice the width of the screen in letters alone; a color in 24 bits is told in twice as many bytes.
        most = 600 if "COLORTERM" in environ else 500
        assert 0 < spent("j") < most
        assert 0 < spent("k") < most
        assert 0 < spent(PAGE_DOWN) < 6_000
        spent("j" * 30)
        assert 0 < spent("j") < 6_000
        assert 0 < spent("/a") < 6_000
        spent(f"\x7f{ENTER}3g")
        assert 0 < max(spent("j") for _ in range(15)) < most + 50 * ("COLORTERM" in environ)
        # Half of what the dialog of a plain Textual app over its own table costs is about 31,000.
        assert 0 < spent("T") + spent(ENTER) < 16_000
        assert 0 < spent("?") + spent("q") < 20_000


def test_nothing_is_sent_while_nothing_happens(server: DemoServer, tmp_path: Path) -> None:
    with opened(server, tmp_path, 120, 30) as terminal:
        loaded(terminal)
        for keys in ("", "/", ENTER, "T", ENTER, "c"):
            terminal.press(keys)
            terminal.settle()
            before = len(terminal.output)
            terminal.settle(2.5)
            assert len(terminal.output) == before, keys


def test_a_small_terminal_shows_sixteen_rows(server: DemoServer, tmp_path: Path) -> None:
    with opened(server, tmp_path, 80, 24) as terminal:
        loaded(terminal)
        rows = [line for line in terminal.screen_text().splitlines() if re.search(r" (person|account) ", line)]
        assert len(rows) >= 16


@pytest.mark.parametrize(("columns", "rows"), [(60, 15), (80, 24), (100, 24), (140, 40), (160, 50)])
def test_the_name_is_there_at_every_size(server: DemoServer, tmp_path: Path, columns: int, rows: int) -> None:
    with opened(server, tmp_path, columns, rows) as terminal:
        loaded(terminal)
        lines = terminal.screen_text().splitlines()
        assert any("Ada Abara" in line for line in lines)
        assert "NAME" in terminal.screen_text()
        assert "? help" in terminal.screen_text()
        assert all(len(line) <= columns for line in lines)


@pytest.mark.parametrize("term", ["xterm-256color", "xterm", "linux", "screen", "vt100"])
def test_every_terminal_is_left_as_it_was(server: DemoServer, tmp_path: Path, term: str) -> None:
    with opened(server, tmp_path, 80, 24, TERM=term) as terminal:
        loaded(terminal)
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.modes == terminal.modes_before
        for mode in (b"1000", b"1003", b"1004", b"1006", b"1049", b"2004"):
            switched = re.findall(rb"\x1b\[\?" + mode + rb"([hl])", terminal.output)
            assert switched[-1:] == [b"l"]
        assert re.findall(rb"\x1b\[\?25([hl])", terminal.output)[-1] == b"h"
