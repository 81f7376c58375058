"""What questions share as commands: of what they are asked, where the answer goes, and how they end."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from semtui.api.models import Project
from semtui.audit.contract import Source
from semtui.audit.snapshots.snapshot import snapshot_text
from semtui.cli.connection import Connection
from semtui.cli.question import (
    Question,
    Reply,
    add_question_options,
    answer_question,
    first_projects,
    question_of,
)
from semtui.demo.server import DemoServer
from semtui.settings.contexts import Chosen, Context
from semtui.system.errors import ConfigurationError
from tests.audit.test_diff import source
from tests.conftest import writes
from tests.support.organizations import parse

TOKEN = "canary-token-0123456789"


def asked(*words: str) -> Question:
    parser = argparse.ArgumentParser()
    add_question_options(parser)
    parser.set_defaults(demo=False, context=None, host=None)
    return question_of(parser.parse_args(words))


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    made = source(parse("ee | P ana:Owner dan:Member | Q api@ana{} | Z api"))
    path = tmp_path / "a.json"
    path.write_text(snapshot_text(made.people, made.projects, made.head), encoding="utf-8")
    return path


def count_people(found: Source) -> Reply:
    return Reply(lambda form: f"{form}: {len(found.people.users.items)} of {found.head.host}, live: {found.live}\n")


def test_a_snapshot_is_asked_without_a_connection(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = asked("--from", str(snapshot))
    assert question.offline
    assert answer_question(question, None, count_people) == 0
    assert capsys.readouterr() == ("text: 2 of acme.semaphoreci.com, live: False\n", "")


def test_an_organization_is_asked_with_get_only(server: DemoServer, capsys: pytest.CaptureFixture[str]) -> None:
    host = server.address.removeprefix("http://")
    connection = Connection(Chosen(Context("demo", host, server.address, server.tokens["owner"]), ()))
    question = asked("--format", "json", "--projects", "1")
    assert answer_question(question, connection, count_people) == 0
    captured = capsys.readouterr()
    assert captured.out.endswith(f"of {host}, live: True\n")
    assert captured.err == f"semtui: Reading {host}.\n"
    assert not writes(server)
    assert len({request.path.partition("?")[0] for request in server.requests if "projects/" in request.path}) == 1


def test_the_answer_goes_into_a_new_file_only(snapshot: Path, tmp_path: Path) -> None:
    path = tmp_path / "answer.txt"
    question = asked("--from", str(snapshot), "--output", str(path))
    assert answer_question(question, None, count_people) == 0
    assert path.read_text(encoding="utf-8").startswith("text: 2 of")
    # It came into being meanwhile.
    assert answer_question(question, None, count_people) == 1


@pytest.mark.parametrize(
    ("reply", "status", "allowed"),
    [
        (Reply(lambda form: ""), 0, 0),
        (Reply(lambda form: "", complete=False), 1, 0),
        (Reply(lambda form: "", unknown=3), 1, 0),
        (Reply(lambda form: "", complete=False, threshold=True), 3, 3),
    ],
)
def test_the_status_tells_how_far_the_answer_goes(
    snapshot: Path, reply: Reply, status: int, allowed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer_question(asked("--from", str(snapshot)), None, lambda _: reply) == status
    assert answer_question(asked("--from", str(snapshot), "--allow-unknown"), None, lambda _: reply) == allowed
    assert ("Not known: 3 answers." in capsys.readouterr().err) == (reply.unknown == 3)


def test_ctrl_c_ends_with_130(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(_: Source) -> Reply:
        raise KeyboardInterrupt

    assert answer_question(asked("--from", str(snapshot)), None, interrupted) == 130
    assert capsys.readouterr().err == "semtui: Interrupted.\n"


@pytest.mark.parametrize(
    "words", [("--format", TOKEN), ("--projects", TOKEN), ("--projects", "-1"), ("--projects", "1234567")]
)
def test_a_wrong_word_is_not_repeated(words: tuple[str, str]) -> None:
    with pytest.raises(ConfigurationError) as raised:
        asked(*words)
    assert "canary" not in str(raised.value)


def test_a_file_that_is_no_snapshot_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^--from: The file cannot be read: No such file or directory\.$"):
        answer_question(asked("--from", str(tmp_path / TOKEN)), None, count_people)


def test_projects_are_read_by_name() -> None:
    projects = [Project("2", "beta"), Project("1", "Alpha"), Project("3", "gamma")]
    assert [each.name for each in first_projects(2)(projects)] == ["Alpha", "beta"]
    assert first_projects(None)(projects) == projects
    assert asked("--projects", "all").projects is None
