"""Every command line in the documents is understood, and those about commands run as they are printed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from semtui.cli.arguments import read_arguments
from tests.support.commands import Run

ROOT = Path(__file__).parents[2]
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / ".github").glob("*.md")))
OF_COMMANDS = ("COMMANDS.md", "LIFECYCLE.md")
ENDS: dict[tuple[str, ...], int] = {("list", "accounts", "--filter", "state:active age>180d"): 1}
"""The exit statuses other than 0: of five accounts it is not known how old their tokens are."""


def blocks(document: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", document.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def command_lines(document: Path) -> Iterator[tuple[str, ...]]:
    """The arguments of each `semtui` in a block for the shell."""
    for line in re.findall(r"^semtui\b.*", "".join(blocks(document, "sh")), re.MULTILINE):
        words = shlex.split(line, comments=True)
        end = next((place for place, word in enumerate(words) if word in (">", "|", "||", "&&")), len(words))
        yield tuple(words[1:end])


def test_every_command_line_is_understood() -> None:
    lines = [line for document in DOCUMENTS for line in command_lines(document)]
    assert len(lines) > 40
    for line in lines:
        assert read_arguments(line).command == (line[0] if line else None)


@pytest.mark.parametrize("name", OF_COMMANDS)
def test_the_examples_run_as_they_are_printed(
    change: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    vault = tmp_path / "bin/vault"
    vault.parent.mkdir()
    vault.write_text("#!/bin/sh\ncat >/dev/null\n")
    vault.chmod(0o755)
    monkeypatch.setenv("PATH", str(vault.parent), prepend=":")
    monkeypatch.chdir(tmp_path)
    document = ROOT / ".github" / name
    for content in blocks(document, "json"):
        (tmp_path / "changes.json").write_text(content)
    for line in command_lines(document):
        ended = change(*line)
        assert ended.status == ENDS.get(line, 0), (line, ended.err)
