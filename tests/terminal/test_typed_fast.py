"""Keys typed in one burst come to the same as the same keys typed one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from tests.conftest import writes
from tests.support.terminal import (
    ENTER,
    ESCAPE,
    SEMTUI,
    TAB,
    Terminal,
    clean_environment,
)

T, E = TAB, ENTER
ON_CREATE = f"3cquick{T}desc{T}jj{T}{T}"
TYPED = {
    "the search forgotten, on an account": f"3erik{E}",
    "the search forgotten, on a group": f"4elena{E}",
    "the search forgotten, enter and enter again": f"3erik{E}{E}{E}{E}{E}",
    "a new account": f"{ON_CREATE}{E}",
    "a new account without a role": f"3cquick{T}{T}{T}{T}{E}",
    "a new account, cancelled": f"{ON_CREATE}{T}{E}",
    "a new account, left": f"{ON_CREATE}{ESCAPE}",
    "a new account, role by its letters": f"3cquick{E}{E}su{T}{T}{E}",
    "other words for an account": f"/ci-deployer{E}e{T}found words{T}{T}{E}",
    "another name and role": f"/ci-deployer{E}erenamed{T}{T}k{T}{E}",
    "an unchanged account": f"/ci-deployer{E}e{T}{T}{T}{E}",
    "a person's role": f"/noor{E}ek{T}{E}",
    "a person's role, unchanged": f"/noor{E}e{T}{E}",
    "a new group": f"4cNight{T}Watches{T}ad{T}noor{E} {T}{E}",
    "a group's name": f"4eother name{T}{T}{T}{T}{T}{E}",
    "a new role": f"5cKeeper{T}{T}j{T}secrets{E} {T}{E}",
    "a role's name": f"5/support{E}eother{T}{T}{T}{T}{E}",
    "an invitation": f"ij{T}bea{T}{{7}}{T}su{T}{E}",
    "an invitation without a login": f"i{T}{T}{T}{E}",
    "a filter": f"fsu{E}",
    "an export": f"E~/out.json{T}j{T}{E}",
    "a project's people": "6p",
    "an answer": f"wsecrets.manage{E}{E}{E}vjjv",
    "an answer searched": f"wsecrets.manage{E}{E}/kenji{E}{E}",
    "an answer not exported": f"/kenji{E}aE~/kenji.txt{T}j{T}{T}{E}",
    "deleting, not the right name": f"/terraform{E}Xterra{T}{E}",
}
CHANGING = {
    "a new account",
    "a new account, role by its letters",
    "other words for an account",
    "another name and role",
    "a person's role",
    "a new group",
    "a group's name",
    "a new role",
    "an invitation",
}

_ID = r"[0-9a-f]{8}-[0-9a-f-]{27}"


@contextmanager
def opened(home: Path) -> Iterator[tuple[Terminal, DemoServer]]:
    home.mkdir()
    with DemoServer(group_delay=0, clock=lambda: float(REFERENCE_TIME)) as server:
        access = {"SEMAPHORE_HOST": server.address, "SEMAPHORE_API_TOKEN": server.tokens["owner"]}
        with Terminal([SEMTUI], clean_environment(home, **access), rows=30) as terminal:
            terminal.wait_for("Loaded 37 rows.")
            # A key for a row finds none while the list is on its way: that is no matter of how fast it is typed.
            terminal.press("6")
            terminal.wait_for("Loaded 4 projects.")
            terminal.press("1")
            terminal.settle()
            yield terminal, server


def outcome(terminal: Terminal, server: DemoServer, home: Path) -> tuple[list[tuple[str, str, bytes]], str]:
    """What was sent, and what the screen says, without what differs between any two runs."""
    terminal.settle(0.6)
    # A long path is wrapped, wherever it stands.
    path_of_home = r"(?:\n )?".join(map(re.escape, str(home)))
    text = re.sub(path_of_home, "~", terminal.screen_text()).replace(server.address.removeprefix("http://"), "host")
    sent = [(method, re.sub(_ID, "*", path), body) for method, path, body in writes(server)]
    # By how much the clocks disagree changes with every hour; the next key clears what is said of loading.
    passing = r"\d\d:\d\d(:\d\d)?|host *|\d+ hours| +loaded[^\n]*| Loaded \d+ projects\."
    return sent, re.sub(passing, "", text).rstrip()


@pytest.mark.parametrize("name", TYPED)
def test_a_burst_comes_to_the_same_as_single_keys(tmp_path: Path, name: str) -> None:
    with opened(tmp_path / "fast") as (terminal, server):
        terminal.press(TYPED[name])
        fast = outcome(terminal, server, tmp_path / "fast")
    with opened(tmp_path / "slow") as (terminal, server):
        for key in TYPED[name]:
            terminal.press(key)
            terminal.settle(0.08)
        slow = outcome(terminal, server, tmp_path / "slow")
    assert fast == slow
    assert bool(fast[0]) is (name in CHANGING)


def test_a_key_typed_while_a_request_runs_holds_up_no_later_key(tmp_path: Path) -> None:
    with opened(tmp_path / "home") as (terminal, server):
        server.inject(Fault("PATCH", "*", "hold"))
        terminal.press(f"/ci-deployer{ENTER}e{TAB}other words{TAB}{TAB}")
        terminal.settle(0.4)
        terminal.press(ENTER)
        assert server.wait_until_held()
        terminal.press("j")
        server.release()
        terminal.wait_for("Saved ci-deployer.")
        terminal.press("5")
        terminal.wait_for("PERMITS", 2)
