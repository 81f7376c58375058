"""Roles: what each permits, who holds it and why, who can do something, and changes to custom ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from semtui.changes import project_role
from semtui.organization.filters.row_filter import role_filter
from semtui.organization.role_catalog import explanation
from semtui.organization.roles import KnownRole, known_roles
from semtui.plain.browser import Browser, Found, holding
from semtui.plain.custom_roles import create_role, delete_role, edit_role
from semtui.plain.speech import known_role_words, spoken_lines
from semtui.wording import roles as role_words
from semtui.wording.filters import ROLE_FILTER_HELP

if TYPE_CHECKING:
    from semtui.audit.access.graph import AccessGraph
    from semtui.plain.context import PlainContext
    from semtui.wording.styled_text import Line

_PROJECT_ROLES = f"{project_role.ROLES_UNLISTED} (6 in the main menu)."


class _Roles:
    def __init__(self, context: PlainContext) -> None:
        self._context = context

    def run(self) -> None:
        console = self._context.console
        console.say(_PROJECT_ROLES)
        entries = (
            "Read what a role permits and who holds it, edit it, delete it",
            "Find out who can do something",
            "Create a custom role",
        )
        while chosen := console.menu("Roles", entries):
            if chosen == 1:
                self._browser().each(self._open)
            elif chosen == 2:
                self._who_can()
            else:
                create_role(self._context)

    @property
    def _known(self) -> tuple[KnownRole, ...]:
        return known_roles(self._context.people, self._context.store.projects)

    @property
    def _graph(self) -> AccessGraph:
        from semtui.audit.access.current import graph_of

        return graph_of(self._context.people, self._context.store.projects)

    def _browser(self, without: str = "") -> Browser[KnownRole]:
        def rows(words: str) -> Found[KnownRole]:
            return Found(*role_filter().matches((each for each in self._known if each.id != without), words))

        return Browser(
            self._context.console,
            "role",
            rows,
            known_role_words,
            search_help=ROLE_FILTER_HELP,
            last_search=self._context.last_searches["roles"],
        )

    def _open(self, known: KnownRole) -> None:
        console = self._context.console
        console.say(f"{known_role_words(known)}. {known.role.description}".strip())
        entries = (
            "Who holds it, and why",
            "What it permits, and everything else",
            "How it differs from another role",
            "Edit it",
            "Delete it",
        )
        while chosen := console.menu("", entries):
            if chosen == 1:
                self._read(role_words.holder_lines(known, self._graph, cut=False))
            elif chosen == 2:
                self._read(role_words.details(known))
            elif chosen == 3:
                self._compare(known)
            else:
                (edit_role, delete_role)[chosen - 4](self._context, known)
                if (now := next((each for each in self._known if each.id == known.id), None)) is None:
                    return
                known = now

    def _compare(self, known: KnownRole) -> None:
        if (other := self._browser(without=known.id).choose()) is not None:
            self._read(role_words.comparison([known, other], self._graph))

    def _who_can(self) -> None:
        from semtui.audit.access.questions import who_can
        from semtui.wording.access import who_can_lines

        graph = self._graph

        def rows(words: str) -> Sequence[str]:
            return [name for name in graph.permissions.names if holding(words, name, explanation(name))]

        def words(name: str) -> str:
            return f"{name}. {explanation(name)}"

        self._context.console.say("Words find a permission, as in: secrets manage")
        permission = Browser(self._context.console, "permission", rows, words).choose()
        if permission is not None:
            self._context.console.say(f"Who can {permission}:")
            self._read(who_can_lines(who_can(graph, permission), graph, cut=False))

    def _read(self, lines: Sequence[Line]) -> None:
        self._context.console.read_out([line for line in spoken_lines(lines) if line])


def roles(context: PlainContext) -> None:
    """Browse the roles."""
    _Roles(context).run()
