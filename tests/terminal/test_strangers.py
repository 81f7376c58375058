"""What strangers write, in a real terminal: whatever they call themselves, nothing acts on it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.support.terminal import (
    ENTER,
    ESCAPE,
    SEMTUI,
    Terminal,
    clean_environment,
    foreign,
)

ACTING = (
    "\x1b]0;title\x07", "\x1b]2;title\x1b\\", "\x1b]4;1;#f00\x07", "\x1b]7;file:///\x07", "\x1b]8;;https://evil\x07a",
    "\x1b]9;note\x07", "\x1b]10;#f00\x07", "\x1b]52;c;ZXZpbA==\x07", "\x1b]777;notify;a;b\x07", "\x1b]1337;File=:a\x07",
    "\x1bPq#0\x1b\\", "\x1b_Ga=T\x1b\\", "\x1b^pm\x1b\\", "\x1bXsos\x1b\\", "\x1b[5n", "\x1b[6n", "\x1b[c", "\x1b[>c",
    "\x1bc", "\x1b[?1049l", "\x1b[?47h", "\x1b[8;1;1t", "\x1b[21t", "\x1b[2J", "\x1b[3J", "\x1b[H", "\x1b[?25l",
    "\x1b(0", "\x1b#8", "\x1b[1;1r", "\x1b[20h", "\x1b[4h", "\x1b7", "\x1b8", "\x1bD", "\x1bM", "\x1b", "\x1b[",
    "\x1b]52;c;",
    "\x9b6n", "\x9d0;t\x9c", "\x90q\x9c", "\x9f", "\x85", "\x00", "\x07", "\x08", "\t", "\n", "\r", "\x0e", "\x7f",
    "\u202eevil", "\u2066iso", "\u200bzero", "\u2028line", "\ufeffbom", "\U000e0041tag", "\u00ad",
    "a" + "\u0301" * 60, "\ue000private", "\u115f", "x" * 4_000,
)  # fmt: skip
MARKUP = (
    "[@click=app.quit]click[/]", "[link=https://evil]a[/link]", "a [/nope] [b", "[b]bold", "\\[b]", "[/]", "[",
    "[$error]red[/]", "[@click=screen.dismiss]x", "{0}", "%s", "[bold red on blue]", "&lt;b&gt;",
)  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    """An organization in which everybody's name and description is an attack."""
    with DemoServer(group_delay=0) as running:
        organization = running.organization
        for number, attack in enumerate((*ACTING, *MARKUP)):
            account, _ = organization.create_service_account(f"evil-{number:03}", role="Member")
            state = organization.state
            state.service_accounts[account.id].name = f"{attack}no{number:03}"
            state.service_accounts[account.id].description = f"{number:03}{attack}"
        for number, (person, group) in enumerate(zip(state.people.values(), state.groups.values(), strict=False)):
            attack = (*MARKUP, *ACTING)[number * 3]
            if person.id != organization.token_holder(running.tokens["owner"]):
                state.subjects[person.id] = replace(state.subjects[person.id], name=f"{attack}{number}")
            group.name, group.description = f"{attack}{number}", f"{attack}{ACTING[number]}"
        for number, project in enumerate(state.projects.values()):
            project.name, project.description = f"{ACTING[number * 2]}{number}", MARKUP[number]
        role = organization.create_role("Auditor", ["organization.view"], "Reads.")
        state.roles[role.id].name = "\x1b]0;role\x07[@click=app.quit]role[/]"
        state.roles[role.id].description = "".join(ACTING[:20])
        yield running


def opened(server: DemoServer, home: Path, columns: int, rows: int) -> Terminal:
    environment = clean_environment(home, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=server.tokens["owner"])
    return Terminal([SEMTUI], environment, columns=columns, rows=rows)


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (160, 50)])
def test_every_list_and_every_detail_draws_and_does_nothing_else(
    server: DemoServer, tmp_path: Path, columns: int, rows: int
) -> None:
    with opened(server, tmp_path, columns, rows) as terminal:
        terminal.wait_for(lambda: re.search(r"Loaded \d+ rows\.", terminal.screen_text()) is not None)
        for tab in "123456":
            terminal.press(tab)
            terminal.settle()
            seen = set()
            # Page by page to the end, which is where nothing moves any more.
            while (page := terminal.screen_text()) not in seen:
                seen.add(page)
                terminal.press("\x1b[6~")
                terminal.settle()
            terminal.press(ENTER)
            terminal.settle()
            terminal.press(ESCAPE)
            terminal.settle()
        assert foreign(terminal.output) == []
        assert b"\x1b]52" not in terminal.output
        assert b"\x1b[3J" not in terminal.output
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@pytest.mark.parametrize("attack", ["\x1b]52;c;ZXZpbA==\x07", "[@click=app.quit]click[/]", "a [/nope] [b"])
def test_every_dialog_shows_a_strangers_name_as_it_is(server: DemoServer, tmp_path: Path, attack: str) -> None:
    number = (*ACTING, *MARKUP).index(attack)
    with opened(server, tmp_path, 80, 24) as terminal:
        terminal.wait_for(lambda: re.search(r"Loaded \d+ rows\.", terminal.screen_text()) is not None)
        terminal.press(f"/no{number:03}{ENTER}")
        terminal.wait_for(lambda: terminal.line_with("by kind").endswith(" 1/1"))
        for key, words in (("e", "Edit"), ("T", "Keep the current token"), ("d", "Leave as it is"), ("X", "Type")):
            terminal.press(key)
            terminal.wait_for(words)
            terminal.settle()
            terminal.press(ESCAPE)
            terminal.wait_for("? help")
            terminal.settle()
        server.inject(Fault("POST", "/service_accounts/*/deactivate", status=400, body=f'"No {attack}"'))
        terminal.press("d")
        terminal.wait_for("Leave as it is")
        terminal.press("\x1b[C")
        terminal.insist(ENTER, "Semaphore refused")
        assert foreign(terminal.output) == []
        assert b"\x1b]52" not in terminal.output


def test_an_attack_that_is_not_cleaned_where_it_enters_is_stopped_at_the_door(tmp_path: Path) -> None:
    # The driver itself is asked, past everything that cleans.
    code = (
        "from textual.app import App\nfrom semtui.tui.terminal.driver import driver_for\n"
        "class Careless(App):\n"
        "    def get_driver_class(self):\n"
        "        return driver_for(super().get_driver_class(), ascii_only=False)\n"
        "    def on_mount(self):\n"
        "        self._driver.write('\\x1b]0;title\\x07\\x1b[6n\\x9b6n')\n"
        "        self.exit()\n"
        "Careless().run()\n"
    )
    with Terminal([sys.executable, "-c", code], clean_environment(tmp_path)) as terminal:
        assert terminal.wait_for_end() == 0
        assert foreign(terminal.output) == []
        assert "␛]0;title␇".encode() in terminal.output
