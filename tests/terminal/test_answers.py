"""Answers in a real terminal: at once and key by key, in a small window and a large one, over a slow link."""

from __future__ import annotations

from pathlib import Path

import pytest

from semtui.demo.server import DemoServer
from tests.support.terminal import ENTER, SEMTUI, Terminal, clean_environment

MOST_BYTES = 10_000
"""What an answer may cost where it is opened in a window of 80x24."""


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (160, 50)])
@pytest.mark.parametrize("burst", [True, False], ids=["in one burst", "key by key"])
def test_who_can_and_why(tmp_path: Path, columns: int, rows: int, burst: bool) -> None:
    with DemoServer() as server:
        access = {"SEMAPHORE_HOST": server.address, "SEMAPHORE_API_TOKEN": server.tokens["owner"]}
        with Terminal([SEMTUI], clean_environment(tmp_path, **access), columns=columns, rows=rows) as terminal:
            terminal.wait_for("Loaded 37 rows.")
            terminal.settle()
            keys = f"wsecrets.manage{ENTER}j{ENTER}{ENTER}"
            for part in [keys] if burst else keys:
                terminal.press(part)
                if not burst:
                    terminal.settle(0.08)
            terminal.wait_for("holds organization.secrets.manage, in 1 way.")
            assert terminal.line_with("Admin, assigned directly")
            terminal.press("q")
            terminal.wait_for("by kind")


def test_an_answer_is_small(tmp_path: Path) -> None:
    with DemoServer() as server:
        access = {"SEMAPHORE_HOST": server.address, "SEMAPHORE_API_TOKEN": server.tokens["owner"]}
        with Terminal([SEMTUI], clean_environment(tmp_path, **access)) as terminal:
            terminal.wait_for("Loaded 37 rows.")
            terminal.press("wsecrets.manage")
            terminal.wait_for("project.secrets.manage")
            terminal.settle()
            before = len(terminal.output)
            terminal.press(ENTER)
            terminal.wait_for("BECAUSE OF")
            terminal.settle()
            assert len(terminal.output) - before < MOST_BYTES
