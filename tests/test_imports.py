"""What a start must not load. Which part may import which is held by the contracts in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys

import pytest

import semtui

HEAVY = {"textual", "httpx", "pydantic", "rich", "pyperclip", "yaml"}


def loaded_by(code: str) -> set[str]:
    """The packages a fresh Python has loaded after `code`."""
    report = "import sys; sys.stderr.write('\\n'.join(sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-c", f"import atexit; atexit.register(lambda: exec({report!r}))\n{code}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return {module.partition(".")[0] for module in ran.stderr.split()}


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("import semtui.__main__", set()),
        ("import semtui.__main__\ntry: semtui.__main__.main(['--version'])\nexcept SystemExit: pass", set()),
        # The first request is sent while Textual is still being loaded.
        ("import semtui.session.session", set()),
        # The first frame waits for nothing that asks Semaphore.
        ("import semtui.cli.launch, semtui.tui.app", {"textual", "rich"}),
        ("import semtui.plain.app", set()),
        ("import semtui.cli.export", set()),
        ("import semtui.cli.snapshot, semtui.cli.diff", set()),
        ("import semtui.cli.review, semtui.cli.review_writing, semtui.cli.review_filled", set()),
        ("import semtui.cli.list, semtui.cli.listed_rows, semtui.cli.show", set()),
        ("import semtui.cli.account, semtui.cli.actions.accounts, semtui.cli.actions.account_state", set()),
        ("import semtui.demo.server", set()),
    ],
    ids=[
        "import",
        "--version",
        "session",
        "screen",
        "line mode",
        "export",
        "snapshot and diff",
        "review",
        "list",
        "account",
        "demo",
    ],
)
def test_it_starts_light(code: str, allowed: set[str]) -> None:
    assert loaded_by(code) & HEAVY <= allowed


def test_the_version_is_told() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "semtui", "--version"], capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout == f"semtui {semtui.__version__}\n"
