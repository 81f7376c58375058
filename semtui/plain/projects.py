"""Projects and the people on them: list them, assign a role there, remove one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from semtui.changes import project_role
from semtui.organization.filters.row_filter import project_filter
from semtui.organization.roles import known_roles
from semtui.organization.subject import Subject
from semtui.plain.browser import Browser, Found, holding
from semtui.plain.speech import spoken_lines, to_speech
from semtui.wording import projects as project_words
from semtui.wording.filters import PROJECT_FILTER_HELP
from semtui.wording.permissions import permission_summary
from semtui.wording.role_bindings import role_pieces
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.models import Member, Project, Role
    from semtui.changes.result import ChangeResult
    from semtui.plain.context import PlainContext


def projects_found(context: PlainContext, search: str) -> Found[Project]:
    """The projects a search finds, by name. Raises FilterError."""
    projects = context.store.projects
    return Found(*project_filter(context.people, projects).matches(projects.by_name, search))


class _Projects:
    def __init__(self, context: PlainContext) -> None:
        self._context = context
        self._store = context.store

    def run(self) -> None:
        say = self._context.console.say
        say("Loading the projects…")
        self._context.wait(self._store.load_projects(lambda: None))
        if (error := self._store.projects.listing.error) is not None:
            say(f"The projects could not be loaded. {error}")
        else:
            say(project_words.load_words(self._store.projects))
        console = self._context.console
        found = partial(projects_found, self._context)
        last = self._context.last_searches["projects"]
        rows = Browser(console, "project", found, self._words, search_help=PROJECT_FILTER_HELP, last_search=last)
        rows.each(self._open)

    def _words(self, project: Project) -> str:
        number = project_words.people_words(self._store.projects.members_of(project.id))
        people = "people not known" if number in ("?", "…") else f"people {number}"
        return f"{project.name}, {people}, owner {project_words.owner_words(project, self._context.people)}"

    def _open(self, project: Project) -> None:
        console = self._context.console
        if not self._store.projects.members_of(project.id).is_known:
            self._context.wait(self._store.load_project_members(project.id, lambda: None))
        self._read(project)
        if words := self._barrier():
            console.complain(words)
            return
        entries = ("Give a person on it another role", "Add somebody", "Remove a role", "Read it again")
        while chosen := console.menu("", entries):
            if chosen == 1:
                self._give(project)
            elif chosen == 2:
                self._add(project)
            elif chosen == 3:
                self._retract(project)
            else:
                self._read(project)

    def _read(self, project: Project) -> None:
        lines = project_words.details(project, self._store.projects, self._context.people, cut=False)
        self._context.console.read_out([line for line in spoken_lines(lines) if line])

    def _barrier(self) -> str:
        """Why nothing can be changed here; empty when something can (`API.md#project-roles`)."""
        known = self._context.people.roles.is_known
        return self._context.session.read_only_reason or ("" if known else project_words.EDITION_UNKNOWN)

    # Changing

    def _member(self, project: Project) -> Member | None:
        def rows(words: str) -> Sequence[Member]:
            people = self._store.projects.members_of(project.id).items
            found = [member for member in people if holding(words, member.name, member.id)]
            return sorted(found, key=lambda member: member.name.casefold())

        def said(member: Member) -> str:
            return f"{member.name or member.id}, {to_speech(role_pieces(member.roles))}"

        return Browser(self._context.console, "person", rows, said).choose()

    def _give(self, project: Project) -> None:
        if self._context.people.community:
            self._context.console.complain(project_role.NO_ROLES_ON_COMMUNITY)
        elif (member := self._member(project)) is not None:
            manual = next((held.role_id for held in member.roles if held.is_manual), "")
            self._grant(project, Subject(member.id, "person", member.name), manual)

    def _add(self, project: Project) -> None:
        present = {member.id for member in self._store.projects.members_of(project.id).items}

        def rows(words: str) -> Sequence[Subject]:
            people = self._context.people
            able = [row for row in self._context.rows(words) if row.id not in present]
            return [row for row in able if project_role.may_join(row, people)]

        subject = Browser(self._context.console, "row", rows, self._context.row_words).choose()
        if subject is not None:
            self._grant(project, subject, "")

    def _grant(self, project: Project, subject: Subject, present: str) -> None:
        console, name, role = self._context.console, name_of(subject), None
        if self._context.people.community:
            console.say(project_role.community_words(name))
        elif (role := self._choose(present)) is None:
            return
        if words := project_role.not_shown_words(subject):
            console.say(words)
        what = f"give {name} the role {role.name} on {project.name}" if role else f"add {name} to {project.name}"
        if not console.confirmed(f"Type give to {what}; Enter cancels", "give"):
            console.say("Nothing was changed.")
            return
        order = (self._context.session, project, subject, name, role)
        held = project_role.held_values(self._store.projects.members_of(project.id), subject)
        self._finish(
            project,
            self._context.carry_out(
                f"Adding {name} to {project.name}…",
                partial(project_role.assign, *order, held),
                partial(project_role.check_assigned, *order),
            ),
        )

    def _choose(self, present: str) -> Role | None:
        known = known_roles(self._context.people, self._store.projects)
        roles = [each.role for each in known if each.known_by == "project"]
        console = self._context.console
        if not roles:
            console.complain(project_role.NO_ROLE_KNOWN)
            return None
        console.say(project_role.ONLY_ROLES_SEEN)
        names = [f"{role.name}{', the current one' if role.id == present else ''}" for role in roles]
        while chosen := console.menu("Which role?", names, zero="leaves it"):
            role = roles[chosen - 1]
            if role.id != present:
                console.say(f"{role.name} can {permission_summary(role)}.")
                return role
            console.complain("That is the role held now.")
        return None

    def _retract(self, project: Project) -> None:
        console, member = self._context.console, self._member(project)
        if member is None:
            return
        if words := project_role.removal_obstacle(member, self._context.people):
            console.complain(words)
            return
        console.say(project_role.removal_words(member))
        if not console.confirmed("Type remove to do it; Enter cancels", "remove"):
            console.say("Nothing was changed.")
            return
        order = (self._context.session, project, member)
        self._finish(
            project,
            self._context.carry_out(
                f"Removing the role of {member.name}…",
                partial(project_role.remove, *order),
                partial(project_role.check_removed, *order),
            ),
        )

    def _finish(self, project: Project, done: ChangeResult | None) -> None:
        if done is None:
            return
        say = self._context.console.say
        if done.sentence:
            say(done.sentence)
        self._context.wait(self._store.load_project_members(project.id, lambda: None))
        listing = self._store.projects.members_of(project.id)
        if listing.error is not None:
            say(f"The people could not be read again: {listing.error}")
        else:
            say(f"{self._words(project)}.")


def projects(context: PlainContext) -> None:
    """Browse the projects."""
    _Projects(context).run()
