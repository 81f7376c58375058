"""The details of people, accounts, groups, roles and projects, each leading to those it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.tui.answers.access_questions import AccessQuestions
from semtui.tui.answers.answer import Answer, Ask
from semtui.tui.answers.questions import Questions
from semtui.wording.styled_text import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.organization.store import OrganizationStore
    from semtui.wording.styled_text import Target

_GONE = [Line([("This is no longer listed.", "warn")])]


class DetailsQuestions(Questions):
    """Asks for everything known about one thing."""

    def __init__(self, store: OrganizationStore) -> None:
        super().__init__(store)
        self._access = AccessQuestions(store)

    def of(self, target: Target) -> Ask:
        """The details a line leads to, or what a subject can do."""
        kind, thing_id = target
        if kind == "can":
            return self._access.can(thing_id)
        make = {"subject": self._subject, "role": self._role, "project": self._project}[kind]
        return lambda: make(thing_id)

    def _subject(self, subject_id: str) -> Answer:
        from semtui.wording.subject_details import details

        store = self._store
        subject = store.people.by_id.get(subject_id)
        if subject is None:
            return self._answer("", _GONE, None)
        lines = details(subject, store.people, store.session.clock(), store.projects.listing.items)
        return self._answer(lines[0].text, lines[2:], ("subject", subject_id))

    def _role(self, role_id: str) -> Answer:
        from semtui.organization.roles import known_roles
        from semtui.wording.roles import details

        known = next(
            (each for each in known_roles(self._store.people, self._store.projects) if each.id == role_id), None
        )
        if known is None:
            return self._answer("", _GONE, None)
        lines = details(known)
        return self._answer(lines[0].text, lines[2:], ("role", role_id))

    def _project(self, project_id: str) -> Answer:
        from semtui.wording.projects import details

        projects = self._store.projects
        project = next((each for each in projects.listing.items if each.id == project_id), None)
        if project is None:
            return self._answer("", _GONE, None)
        lines = details(project, projects, self._store.people)
        return self._answer(lines[0].text, lines[2:], ("project", project_id))

    def _answer(self, title: str, lines: Sequence[Line], about: Target | None) -> Answer:
        return Answer(title or "Details", self.as_of, lines=lines, follow=self.of, about=about, stem="details")
