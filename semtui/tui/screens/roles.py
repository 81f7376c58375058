"""The Roles page: every role this API token can know, what it permits, and who holds it why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from semtui.changes.availability import MANAGE_ROLES
from semtui.changes.result import ChangeResult
from semtui.organization.role_catalog import explanation
from semtui.organization.roles import KnownRole, known_roles
from semtui.settings.keymap import key
from semtui.text.folding import holds, search_words
from semtui.tui.screens.actions import COMMON_ACTIONS, Action, bindings
from semtui.tui.screens.page import Lines, Page
from semtui.tui.screens.request_modal import RequestModal
from semtui.tui.widgets.row_table import Column
from semtui.wording import roles as role_words
from semtui.wording import styled_text
from semtui.wording.styled_text import (
    Line,
    Piece,
    Tone,
    count,
)

_MOST_COMPARED = 3
ROLE_ACTIONS = (
    Action("create", "create", "Create a custom role", MANAGE_ROLES),
    Action("edit", "edit", "Edit the custom role", MANAGE_ROLES, "row"),
    Action("delete", "delete", "Delete the custom role", MANAGE_ROLES, "row"),
    Action("holders", "holders", "Show who holds the role, and why", needs="row"),
    Action("who_can", "who can…", "Choose a permission and see who has it"),
    Action("mark", "mark", "Mark the role for a comparison, or unmark it", needs="row"),
    Action("compare", "compare", "Compare the two or three marked roles"),
    *COMMON_ACTIONS,
)

if TYPE_CHECKING:
    from semtui.export.offer import Offer


class RolesScreen(Page):
    """Roles as rows."""

    ACTIONS = ROLE_ACTIONS
    BINDINGS = bindings(ROLE_ACTIONS)
    SORTS = ("web order", "name", "permissions", "holders")
    SEARCH_HINT = "search name and description"
    CONTENTS = "the roles and who holds them"
    COLUMNS = (
        Column("name", "ROLE", 17, share=1),
        Column("scope", "SCOPE", 12, rank=4),
        Column("origin", "KIND", 8, rank=3),
        Column("permissions", "PERMITS", 7, rank=1),
        Column("people", "PEOPLE", 6, rank=2),
        Column("accounts", "ACCTS", 5, rank=2),
        Column("groups", "GROUPS", 6, rank=2),
        Column("description", "DESCRIPTION", 24, share=3, rank=5),
    )

    @property
    def tab(self) -> str:
        return "roles"

    @property
    def known(self) -> tuple[KnownRole, ...]:
        """Every role, whatever is searched for."""
        return known_roles(self.roster.people, self.roster.projects)

    def selection(self) -> Sequence[KnownRole]:
        words = search_words(self.view.search)
        rows = [each for each in self.known if holds(each.haystack, words)]
        if self.view.sort == "name":
            rows.sort(key=lambda each: each.role.name.casefold())
        elif self.view.sort == "permissions":
            rows.sort(key=lambda each: -len(each.role.permissions))
        elif self.view.sort == "holders":
            rows.sort(key=lambda each: -sum(each.counts.values()))
        return rows

    def cells(self, row: KnownRole) -> dict[str, list[Piece]]:
        return role_words.cells(row)

    def nothing(self) -> Lines:
        if self.view.narrowed:
            return [[("No role matches.", "strong")], [(f"{key('clear')} drops the search", "muted")]]
        if self.roster.people.roles.loading:
            return [[("Loading roles…", "muted")]]
        return [[("No role can be known with this API token.", "strong")]]

    def notices(self) -> Lines:
        trouble = self.roster.people.roles.trouble
        if trouble is None:
            return []
        if self.roster.people.roles.known:
            return [[(f"The roles could not be reloaded. {trouble}", "warn")]]
        if not self.known:
            return [[(f"Roles: {trouble}", "warn")]]
        return [[(f"Roles: {trouble} Shown are those somebody holds; * is {role_words.CATALOG_NOTE}.", "warn")]]

    def sentence(self, row: KnownRole) -> list[Piece]:
        return [(row.role.name, "strong"), (f" · {row.role.description}", "plain")]

    def details(self, row: KnownRole) -> list[Line]:
        return role_words.details(row)

    def heading(self, row: KnownRole) -> str:
        return row.role.name

    def export_offers(self) -> Sequence[Offer]:
        from semtui.export.offer import Offer

        shown = self.selection()
        listed = [each.role for each in shown if each.known_by == "listed"]
        return [Offer(role_words.exported_words(len(listed), len(shown)), "roles", listed)] if listed else ()

    def open_first(self) -> None:
        # The roles are among the lists the People page has loaded already; project roles are learnt from projects.
        words = "Semaphore does not list project roles; only those seen on projects are known"
        self.say(f"{words} ({key('tab_projects')}).")

    async def load(self) -> tuple[str, Tone]:
        await self.roster.load_people(self.draw)
        await self.roster.load_project_roles(self.draw)
        if self.roster.people.roles.trouble is not None:
            return f"The roles could not be loaded; {key('reload')} tries again.", "warn"
        return f"Loaded {count(len(self.known), 'role')}.", "plain"

    # Reading

    def action_holders(self) -> None:
        from semtui.tui.screens.text_page import TextPage

        if not self.blocked("holders") and (row := self.rows.selected) is not None:
            self.app.push_screen(TextPage(f"Who holds {row.role.name}", role_words.holder_lines(row)))

    def action_who_can(self) -> None:
        from semtui.tui.screens.candidate import Candidate
        from semtui.tui.screens.chooser import Chooser

        names = sorted({name for each in self.known for name in each.role.permissions})

        def chosen(permission: str | None) -> None:
            from semtui.tui.screens.text_page import TextPage

            if permission is not None:
                lines = role_words.who_can(permission, self.known, self.roster.people)
                self.app.push_screen(TextPage(f"Who has {permission}", lines))

        candidates = [Candidate(name, name, explanation(name)) for name in names]
        self.app.push_screen(Chooser("Who can…", candidates, "secrets manage"), chosen)

    def action_mark(self) -> None:
        if (row := self.rows.selected) is None:
            return
        self.turn_mark(row.id)
        self.draw()
        self.rows.action_move(1)
        words = f"{count(len(self.marks), 'role')} marked; {key('compare')} compares two or three."
        self.say(words if self.marks else "")

    def action_compare(self) -> None:
        from semtui.tui.screens.text_page import TextPage

        marked = [each.role for each in self.known if each.id in self.marks]
        if not 2 <= len(marked) <= _MOST_COMPARED:
            self.say(f"Mark two or three roles with {key('mark')} first; {len(marked)} marked now.", "warn")
            return
        names = styled_text.listed([role.name for role in marked])
        self.app.push_screen(TextPage(f"How {names} differ", role_words.comparison(marked)))

    # Changing

    def permission_for(self, action: Action) -> str:
        # No permission would help on Community, which has no custom roles.
        return "" if self.roster.people.community else super().permission_for(action)

    def objection(self, action: Action) -> str:
        if action.method == "create" and self.roster.people.community:
            return "Semaphore Community has no custom roles."
        known: KnownRole | None = self.rows.selected
        if known is None or action.method not in ("edit", "delete"):
            return ""
        return role_words.change_obstacle(known, self.roster.people, deleting=action.method == "delete")

    def action_create(self) -> None:
        from semtui.tui.screens.role_form import RoleForm

        if not self.blocked("create"):
            self._open(RoleForm(self.roster))

    def action_edit(self) -> None:
        from semtui.tui.screens.role_form import RoleForm

        if not self.blocked("edit"):
            self._open(RoleForm(self.roster, self.rows.selected))

    def action_delete(self) -> None:
        from semtui.tui.screens.role_form import DeleteRole

        if not self.blocked("delete"):
            self._open(DeleteRole(self.roster, self.rows.selected))

    def _open(self, modal: RequestModal) -> None:
        self.app.push_screen(modal, self._follow_up)

    def _follow_up(self, done: ChangeResult | None) -> None:
        if done is not None:
            self.reload(done.subject_id, done.sentence, done.tone)
