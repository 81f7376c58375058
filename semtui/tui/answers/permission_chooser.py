"""Lets the user choose a permission to ask who holds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from semtui.organization.role_catalog import explanation
from semtui.tui.answers.access_questions import AccessQuestions
from semtui.tui.screens.candidate import Candidate
from semtui.tui.screens.chooser import Chooser

if TYPE_CHECKING:
    from semtui.organization.store import OrganizationStore
    from semtui.tui.answers.answer import Ask

_ON = "on "
"""Begins the id of a permission on the project in question."""


def permission_chooser(
    store: OrganizationStore, project_id: str | None, answer: Callable[[Ask, str | None], None]
) -> tuple[Chooser, Callable[[str | None], None]]:
    """The chooser, and what to do with what is chosen. With a project, its permissions can be asked about on it alone,
    and come first. `answer` gets the question, and the id of the project it is about, if it is about one."""
    questions = AccessQuestions(store)
    names = questions.graph.permissions.names
    found = []
    if project_id is not None:
        project = questions.project_name(project_id)
        there = [name for name in names if name.startswith("project.")]
        found = [Candidate(_ON + name, f"{name} on {project}", explanation(name)) for name in there]
    found += [Candidate(name, name, explanation(name)) for name in names]

    def chosen(permission: str | None) -> None:
        if permission is None:
            return
        there = project_id if permission.startswith(_ON) else None
        answer(questions.who_can(permission.removeprefix(_ON), there), there)

    return Chooser("Who can…", found, "secrets manage"), chosen
