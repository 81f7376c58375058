"""The groups and projects of a new account: chosen one by one, or as another account has them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from semtui.changes import project_role
from semtui.changes.lacking import Missing, ProjectRole
from semtui.changes.new_account_access import like
from semtui.organization.roles import known_roles
from semtui.plain.browser import Browser
from semtui.plain.projects import projects_found
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.api.models import Project
    from semtui.organization.subject import Subject
    from semtui.plain.context import PlainContext


def choose_projects(context: PlainContext, chosen: Missing) -> Missing:
    """Ask for projects, each with a role there, until there is no other; naming a chosen one leaves it out again."""
    console, store = context.console, context.store
    if not store.projects.listing.is_known:
        console.say("Loading the projects…")
        context.wait(store.load_projects(lambda: None))
    if (error := store.projects.listing.error) is not None:
        console.complain(f"The projects could not be loaded. {error}")
    given = {each.project_id: each for each in chosen.projects}

    def words(project: Project) -> str:
        there = given.get(project.id)
        return f"{project.name}, chosen{f' with the role {there.role}' * bool(there.role)}" if there else project.name

    found = partial(projects_found, context)
    while (project := Browser(console, "project", found, words).choose()) is not None:
        if given.pop(project.id, None) is not None:
            console.say(f"{project.name} is left out.")
        elif (grant := _grant(context, project)) is not None:
            given[project.id] = grant
            console.say(f"{words(project)}.")
    return Missing(None, chosen.groups, tuple(given.values()))


def _grant(context: PlainContext, project: Project) -> ProjectRole | None:
    console = context.console
    if context.people.community:
        console.say(project_role.NO_ROLES_ON_COMMUNITY)
        return ProjectRole(project.id, project.name, "", "")
    known = known_roles(context.people, context.store.projects)
    roles = [each.role for each in known if each.known_by == "project"]
    if not roles:
        console.complain(project_role.NO_ROLE_KNOWN)
        return None
    console.say(project_role.ONLY_ROLES_SEEN)
    number = console.menu("Which role there?", [role.name for role in roles], zero="leaves it out")
    role = roles[number - 1] if number else None
    return ProjectRole(project.id, project.name, role.id, role.name) if role else None


def choose_account(context: PlainContext) -> Missing | None:
    """Ask which account the new one is to be like; what is known of it, or None."""

    def rows(words: str) -> Sequence[Subject]:
        return context.rows(words, "account")

    account = Browser(context.console, "service account", rows, context.row_words).choose()
    if account is None:
        return None
    found, words = like(context.people, context.session, account)
    context.console.say(f"As {name_of(account)} has it. {words}")
    return found
