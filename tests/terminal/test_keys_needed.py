"""How many keys the five jobs of Semaphore's guide to service accounts take: typed, counted, and as the README says."""

from __future__ import annotations

import re
from pathlib import Path

from semtui.demo.server import DemoServer
from tests.conftest import writes
from tests.support.terminal import ENTER, RIGHT, SEMTUI, TAB, Terminal, clean_environment
from tests.test_documents import ROOT, text_of

MOST = {"create": 10, "edit": 5, "regenerate": 5, "delete": 2, "use": 1}
"""The goals: keys beside the words that nobody can spare one, such as a name."""


class Hands:
    """Press key after key, each when the screen has come to rest, and count them."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.counts: dict[str, int] = {}

    def do(self, job: str, *keys: str, then: str) -> None:
        """Press keys, of which those longer than a key are words; count those that are not; wait for what follows."""
        for each in keys:
            # A dialog is read before it is confirmed.
            self.terminal.settle(0.6 if each == ENTER else 0.1)
            self.terminal.press(each)
        self.counts[job] = self.counts.get(job, 0) + sum(each in (ENTER, RIGHT, TAB) or len(each) == 1 for each in keys)
        self.terminal.wait_for(then)


def as_the_readme_says() -> dict[str, int]:
    """The table's figures, by its headings."""
    table = re.search(r"\| Job \|(.*)\n\|[-| ]+\n\| Keys \|(.*)\n", text_of(ROOT / "README.md"))
    assert table, "the README has no table of keys"
    jobs, counts = ([cell.strip() for cell in row.strip(" |").split("|")] for row in table.groups())
    return {job: int(count.partition(" ")[0]) for job, count in zip(jobs, counts, strict=True)}


def test_the_jobs_of_the_guide_take_few_keys(tmp_path: Path) -> None:
    pasted = tmp_path / "pasted"
    clipboard = tmp_path / "xclip"
    clipboard.write_text(f'#!/bin/sh\ncat > "{pasted}"\n')
    clipboard.chmod(0o700)
    with DemoServer() as server:
        access = {"SEMAPHORE_HOST": server.address, "SEMAPHORE_API_TOKEN": server.tokens["owner"]}
        environment = clean_environment(tmp_path, **access, DISPLAY=":0")
        environment["PATH"] = f"{tmp_path}:{environment['PATH']}"
        with Terminal([SEMTUI], environment) as terminal:
            terminal.wait_for("Loaded 37 rows.")
            hands = Hands(terminal)
            hands.do(
                "create", "c", "night-bot", TAB, "Runs at night", TAB, "m", TAB, TAB, ENTER, then="Created night-bot."
            )
            hands.do("use", "c", then="Copied to this computer's clipboard with xclip.")
            first = pasted.read_text()
            hands.do("create", ENTER, then="Created night-bot. Its token was copied.")
            hands.do("edit", "e", TAB, "Runs at noon", TAB, TAB, ENTER, then="Saved night-bot.")
            hands.do("regenerate", "T", RIGHT, ENTER, then="Regenerated the token of night-bot.")
            hands.do("regenerate", "c", then="Copied to this computer's clipboard with xclip.")
            hands.do("regenerate", ENTER, then="Regenerated the token of night-bot. Its token was copied.")
            second = pasted.read_text()
            hands.do("delete", "X", "night-bot", ENTER, then="Deleted night-bot.")
            sent = [method for method, _, _ in writes(server)]
    hands.counts["create"] += hands.counts["use"]
    assert first != second
    assert sent == ["POST", "PUT", "PATCH", "POST", "DELETE"]
    assert hands.counts == as_the_readme_says()
    assert all(hands.counts[job] <= MOST[job] for job in MOST), hands.counts
