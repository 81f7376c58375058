"""What the commands that answer questions about access share: their options, and the access graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.cli.question import Question, Reply, Rows, add_question_options, first_projects
from semtui.cli.side_by_side import answer
from semtui.wording.answered import FORMS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from semtui.api.models import Project
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.contract import Source
    from semtui.cli.connection import Connection
    from semtui.cli.question import Choose
    from semtui.wording.access_answer import AnswerText
    from semtui.wording.answered import Form

STATUSES = """\
The exit status is 0 for a complete answer, 1 when something is unknown or could not be
read, 2 when the question cannot be asked."""


@dataclass(frozen=True)
class AskingOrder:
    """What all questions about access have in common; subclasses add what is asked."""

    question: Question

    @property
    def offline(self) -> bool:
        """True if the answer comes from a snapshot file."""
        return self.question.offline


def add_asking_options(
    parser: argparse.ArgumentParser,
    *,
    on: bool = False,
    at_id: bool = True,
    forms: Sequence[Form] = FORMS,
    contexts: bool = False,
) -> None:
    """Add the options of a question about access. By default no project's people are read."""
    if on:
        parser.add_argument("--on", metavar="PROJECT", help="on this project, by id or name; its people are read")
    add_question_options(parser, at_id=at_id, forms=forms, contexts=contexts)
    parser.set_defaults(projects="0")
    for action in parser._actions:
        if action.dest == "projects":
            action.help = (
                "read the people of the first N projects by name, one request each, or of all; 0 if not given. "
                "1 is enough to find out which project roles custom roles are mapped to"
            )
    import argparse

    parser.formatter_class = argparse.RawDescriptionHelpFormatter


def ask(
    question: Question, connection: Connection | None, reply: Callable[[Source, AccessGraph], Reply], on: str | None
) -> int:
    """Answer a question by `reply`, on the project `on`; returns the exit status. Raises ConfigurationError."""

    def asked(source: Source) -> Reply:
        from semtui.audit.access.graph import AccessGraph

        return reply(source, AccessGraph(source.people, source.projects))

    return answer(question, connection, asked, _choice(on, question.projects))


def rows_of(text: AnswerText, columns: Sequence[str]) -> Rows:
    """An answer as rows, of which `columns` are shown as text."""
    return Rows(columns, text.rows, text.columns, text.rows)


def _choice(on: str | None, number: int | None) -> Choose:
    """Which projects to read: the first `number`, and the one named by `on`."""
    first = first_projects(number)
    if on is None:
        return first

    def choose(projects: Sequence[Project]) -> Sequence[Project]:
        # An ambiguous name is refused later, with the ids.
        meant = [each for each in projects if on == each.id] or [each for each in projects if on == each.name]
        return list({each.id: each for each in (*first(projects), *(meant if len(meant) == 1 else ()))}.values())

    return choose
