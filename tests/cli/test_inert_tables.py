"""Every table a command writes is harmless in a spreadsheet and on a terminal, whatever anything is called."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from semtui.cli.commands import COMMANDS, module_of
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from tests.support.commands import Run
from tests.support.exported_texts import FORMULAS, computes
from tests.support.renaming import rename

HOSTILE = (*FORMULAS, 'say "=1"', "two\r\nlines", "\x1b]0;title\x07", "user\u202egnp.exe", "ad\u200bmin", "a\x9bb")

OTHERS = {"review", "journal"}
"""A review has such tests of its own; the journal is written by the writer of all answers, from changes made."""


@pytest.fixture
def hostile() -> Iterator[DemoServer]:
    with DemoServer(group_delay=0, clock=lambda: float(REFERENCE_TIME)) as server:
        yield server


def questions(server: DemoServer, before: Path) -> list[list[str]]:
    """Each command that writes a table, asked of everybody there is something to ask about."""
    state = server.organization.state
    accounts = list(state.service_accounts)
    custom = [role.id for role in state.roles.values() if not role.readonly and role.scope == "org"]
    group = next(iter(state.groups))
    project = next(iter(state.projects))
    return [
        ["export", "--what", "all"],
        ["export", "--what", "roles"],
        ["export", "--what", "projects"],
        *(["list", what] for what in ("people", "accounts", "groups", "roles", "projects")),
        ["who-can", "organization.people.manage"],
        ["who-can", "project.view", "--on", project],
        ["who-can", "project.secrets.manage", "--projects", "all"],
        ["can", accounts[0]],
        ["can", group],
        ["can", custom[0]],
        ["why", next(iter(state.people)), "organization.people.manage"],
        ["why", accounts[0], "organization.people.manage"],
        ["steps", "Owner", "--depth", "2"],
        ["compare", custom[0], custom[1]],
        ["diff", str(before)],
        ["findings"],
        ["impact", next(iter(state.people))],
        ["trace", accounts[0]],
        ["what-if", f"remove {next(iter(state.people))}", f"delete-group {group}"],
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_computes_and_no_character_acts(run: Run, hostile: DemoServer, tmp_path: Path, text: str) -> None:
    before = tmp_path / "before.json"
    run("snapshot", "--output", str(before), on=hostile)
    # Something that came and went, beside the names that change.
    hostile.organization.delete_service_account(next(iter(hostile.organization.state.service_accounts)))
    hostile.organization.create_service_account("new", "", "Admin")
    rename(hostile, lambda its_id: text)
    asked = [each for each in questions(hostile, before) if each[0] in COMMANDS]
    for words in asked:
        ended = run(*words, "--format", "csv", on=hostile)
        assert ended.status in (0, 1), (words, ended.err)
        assert ended.out, words
        harmless(ended.out, words)
        for form in {"export": (), "list": ("text",)}.get(words[0], ("text", "md")):
            told = run(*words, "--format", form, on=hostile).out
            assert told.replace("\n", "").isprintable(), (words, form)


def harmless(written: str, words: list[str]) -> None:
    assert written.replace("\r\n", "").isprintable(), words
    rows = list(csv.reader(io.StringIO(written, newline=""), strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}, words
    assert not [cell for row in rows for cell in row if computes(cell)], words
    # Where a semicolon divides columns, quotes that a comma follows mean nothing.
    assert not any(map(computes, written.split("\r\n"))), words
    assert len(rows) > 1, words


def writes_a_table(command: str) -> bool:
    parser = argparse.ArgumentParser()
    module_of(command).add_options(parser)
    formats = [action.help or "" for action in parser._actions if "--format" in action.option_strings]
    return any("csv" in words for words in formats)


def test_every_command_that_writes_a_table_is_asked(hostile: DemoServer) -> None:
    asked = {words[0] for words in questions(hostile, Path("a.json"))}
    assert {name for name in COMMANDS if writes_a_table(name)} - asked <= OTHERS
