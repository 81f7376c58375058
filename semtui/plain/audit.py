"""Roles and projects: what each role permits, who holds it and why, who can do something. Nothing is changed here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from semtui import project_words, role_words
from semtui.catalog import explanation
from semtui.plain.browser import Browser, holding
from semtui.plain.words import known_role_words, spoken_lines
from semtui.roles import KnownRole, known_roles

if TYPE_CHECKING:
    from semtui.models import Project
    from semtui.plain.desk import Desk
    from semtui.presentation import Line

_NOT_HERE = (
    "Custom roles are made, edited and deleted on the screen only. Semaphore lists no project roles; those known are "
    "learnt from the people of projects, 6 in the main menu."
)
_PROJECTS_NOT_HERE = "The people of a project are changed on the screen only."


class _Roles:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def run(self) -> None:
        shell = self._desk.shell
        shell.say(_NOT_HERE)
        entries = ("Read what a role permits, and who holds it", "Find out who can do something")
        while chosen := shell.menu("Roles", entries):
            if chosen == 1:
                self._browser().each(self._open)
            else:
                self._who_can()

    @property
    def _known(self) -> tuple[KnownRole, ...]:
        return known_roles(self._desk.people, self._desk.roster.projects)

    def _browser(self, without: str = "") -> Browser[KnownRole]:
        def rows(words: str) -> Sequence[KnownRole]:
            return [each for each in self._known if each.id != without and holding(words, each.haystack)]

        return Browser(self._desk.shell, "role", rows, known_role_words)

    def _open(self, known: KnownRole) -> None:
        shell = self._desk.shell
        shell.say(f"{known_role_words(known)}. {known.role.description}".strip())
        entries = ("Who holds it, and why", "What it permits, and everything else", "How it differs from another role")
        while chosen := shell.menu("", entries):
            if chosen == 1:
                self._read(role_words.holder_lines(known))
            elif chosen == 2:
                self._read(role_words.details(known))
            elif (other := self._browser(without=known.id).choose()) is not None:
                self._read(role_words.comparison([known.role, other.role]))

    def _who_can(self) -> None:
        names = sorted({name for each in self._known for name in each.role.permissions})

        def rows(words: str) -> Sequence[str]:
            return [name for name in names if holding(words, f"{name} {explanation(name)}")]

        def words(name: str) -> str:
            return f"{name}. {explanation(name)}"

        self._desk.shell.say("Words find a permission, as in: secrets manage")
        permission = Browser(self._desk.shell, "permission", rows, words).choose()
        if permission is not None:
            self._desk.shell.say(f"Who has {permission}:")
            self._read(role_words.who_can(permission, self._known, self._desk.people))

    def _read(self, lines: Sequence[Line]) -> None:
        self._desk.shell.read_out([line for line in spoken_lines(lines) if line])


def roles(desk: Desk) -> None:
    """Read about roles."""
    _Roles(desk).run()


def projects(desk: Desk) -> None:
    """Read about projects and the people on them."""
    roster, shell = desk.roster, desk.shell
    shell.say(_PROJECTS_NOT_HERE)
    shell.say("Loading the projects…")
    desk.wait(roster.load_projects(lambda: None))
    if (trouble := roster.projects.listing.trouble) is not None:
        shell.say(f"The projects could not be loaded. {trouble}")
    else:
        shell.say(project_words.load_words(roster.projects))

    def rows(words: str) -> Sequence[Project]:
        items = sorted(roster.projects.listing.items, key=lambda project: project.name.casefold())
        return [each for each in items if holding(words, f"{each.name} {each.description} {each.id}")]

    def words(project: Project) -> str:
        number = project_words.people_words(roster.projects.members_of(project.id))
        people = "people not known" if number in ("?", "…") else f"{number} people"
        return f"{project.name}, {people}, owner {project_words.owner_words(project, desk.people)}"

    def opened(project: Project) -> None:
        if not roster.projects.members_of(project.id).known:
            desk.wait(roster.load_project_members(project.id, lambda: None))
        lines = project_words.details(project, roster.projects, desk.people)
        shell.read_out([line for line in spoken_lines(lines) if line])

    Browser(shell, "project", rows, words).each(opened)
