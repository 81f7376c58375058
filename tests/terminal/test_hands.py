"""The keys hands expect, each in a real terminal; all of them in one run of the program."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator

import pytest

from semtui.demo.server import DemoServer
from semtui.settings.organization_marks import settings_path
from tests.support.terminal import BACKSPACE, DOWN, ENTER, SEMTUI, Terminal, clean_environment

Hand = Callable[[Terminal], None]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    home = tmp_path_factory.mktemp("home")
    settings = settings_path({}, home)
    settings.parent.mkdir(parents=True)
    settings.write_text('[filters]\nstale = "state:active by:gone"\n')
    with DemoServer() as server:
        access = {"SEMAPHORE_HOST": server.address, "SEMAPHORE_API_TOKEN": server.tokens["owner"]}
        with Terminal([SEMTUI], clean_environment(home, **access)) as terminal:
            terminal.wait_for("Loaded 37 rows.")
            yield terminal


@pytest.fixture
def terminal(running: Terminal) -> Terminal:
    """The service accounts, all of them, by name, nothing marked; the cursor on ci-deployer."""
    # Choosing the column that rows are sorted by already would reverse them.
    running.press(f"{BACKSPACE}{BACKSPACE}1{BACKSPACE}")
    running.wait_for("KIND ▲")
    running.press(f"3Usrole{ENTER}")
    running.wait_for("by role · ")
    running.press(f"sname{ENTER}gjjj")
    running.wait_for("NAME ▲")
    running.wait_for("by name · 4/16")
    stands_on(running, "ci-deployer")
    return running


def stands_on(terminal: Terminal, name: str) -> None:
    terminal.wait_for(lambda: terminal.line_with("▌").startswith(f"▌ {name}"))


def first_row(terminal: Terminal) -> str:
    lines = terminal.screen_text().splitlines()
    return lines[next(y for y, line in enumerate(lines) if line.startswith("──")) + 1][2:]


def details_of(terminal: Terminal, name: str) -> None:
    terminal.wait_for(lambda: terminal.screen_text().startswith(f"╭─ {name} ─"))


def copies(terminal: Terminal) -> None:
    terminal.press("y")
    terminal.wait_for("Copy of ci-deployer")
    terminal.press(f"name{ENTER}")
    copied = b"\x1b]52;c;" + base64.b64encode(b"ci-deployer") + b"\x07"
    terminal.wait_for(lambda: copied in terminal.output)


def marks_a_range(terminal: Terminal) -> None:
    terminal.press(f"v{DOWN}{DOWN}v")
    terminal.wait_for("3 marked · by name")
    assert [line[2:13] for line in terminal.screen_text().splitlines() if line[1:2] == "✓"] == [
        "ci-deployer",
        "docs-previe",
        "fresh-runne",
    ]


def shows_messages(terminal: Terminal) -> None:
    terminal.press("=")
    terminal.wait_for("Sorted by name, reversed.")
    terminal.press("!")
    terminal.wait_for("Messages of this run")
    # The newest stands first, with its time.
    terminal.wait_for(lambda: "UTC  Sorted by name, reversed." in terminal.line_with(" UTC  "))


def goes_to_the_tab_before(terminal: Terminal) -> None:
    terminal.press("5")
    terminal.wait_for("PERMITS")
    terminal.press("-")
    stands_on(terminal, "ci-deployer")
    terminal.press("-")
    terminal.wait_for("PERMITS")


def applies_a_named_filter(terminal: Terminal) -> None:
    terminal.press("'")
    terminal.wait_for("stale")
    terminal.press(ENTER)
    terminal.wait_for("/ state:active by:gone")
    stands_on(terminal, "abandoned-importer")


def sorts_to_the_right_and_back(terminal: Terminal) -> None:
    terminal.press(">")
    terminal.wait_for("ROLE ▲")
    assert first_row(terminal).startswith("break-glass")
    terminal.press("<")
    terminal.wait_for("NAME ▲")
    assert first_row(terminal).startswith("abandoned-importer")


def reverses(terminal: Terminal) -> None:
    terminal.press("=")
    terminal.wait_for("NAME ▼")
    assert first_row(terminal).startswith("terraform")


def goes_through_the_rows_in_details(terminal: Terminal) -> None:
    terminal.press(ENTER)
    details_of(terminal, "ci-deployer")
    terminal.press("n")
    details_of(terminal, "docs-preview")
    terminal.press("NN")
    details_of(terminal, "break-glass")
    terminal.press("q")
    stands_on(terminal, "break-glass")


def follows_and_comes_back(terminal: Terminal) -> None:
    terminal.press(ENTER)
    details_of(terminal, "ci-deployer")
    terminal.press("/created by" + ENTER)
    terminal.wait_for("▌created by   Amara Okafor ›")
    terminal.press(ENTER)
    details_of(terminal, "Amara Okafor")
    terminal.press(BACKSPACE)
    details_of(terminal, "ci-deployer")
    terminal.press("q")
    stands_on(terminal, "ci-deployer")


def clicks_headings(terminal: Terminal) -> None:
    terminal.click("TOKEN AGE")
    terminal.wait_for("TOKEN AGE ▼")
    assert first_row(terminal).startswith("legacy-signer")
    terminal.click("TOKEN AGE")
    terminal.wait_for("TOKEN AGE ▲")
    assert first_row(terminal).startswith("renovate")


HANDS: dict[str, Hand] = {
    "y": copies,
    "v": marks_a_range,
    "!": shows_messages,
    "-": goes_to_the_tab_before,
    "'": applies_a_named_filter,
    "< >": sorts_to_the_right_and_back,
    "=": reverses,
    "n N": goes_through_the_rows_in_details,
    "enter and backspace": follows_and_comes_back,
    "a click on a heading": clicks_headings,
}


@pytest.mark.parametrize("hand", HANDS)
def test_hand(terminal: Terminal, hand: str) -> None:
    HANDS[hand](terminal)
