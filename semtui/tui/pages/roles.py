"""The Roles page: its columns and the keys that compare, explain and change roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from semtui.api.permissions import MANAGE_ROLES
from semtui.changes import project_role
from semtui.settings.keymap import key
from semtui.text.counting import count
from semtui.tui.content.roles import RolesContent
from semtui.tui.pages.page import Page
from semtui.tui.screens.actions import COMMON_ACTIONS, WHAT_IF, Action, bindings
from semtui.tui.widgets.columns import Column
from semtui.wording import roles as role_words
from semtui.wording.styled_text import listed

if TYPE_CHECKING:
    from semtui.changes.result import ChangeResult
    from semtui.organization.store import OrganizationStore
    from semtui.tui.screens.request_modal import RequestModal

_MOST_COMPARED = 3
ROLE_ACTIONS = (
    Action("create", "create", "Create a custom role", MANAGE_ROLES),
    Action("edit", "edit", "Edit the custom role", MANAGE_ROLES, "row"),
    Action("delete", "delete", "Delete the custom role", MANAGE_ROLES, "row"),
    Action("holders", "holders", "Show who holds the role, and why", needs="row"),
    Action("what_can", "", "Show everything the role permits, on projects too", needs="row"),
    Action("who_can", "who can…", "Choose a permission and see who holds it, and why"),
    Action("mark", "mark", "Mark the role for a comparison, or unmark it", needs="row"),
    Action("compare", "compare", "Compare the two or three marked roles"),
    *(action for action in COMMON_ACTIONS if action.method != "who_can"),
    WHAT_IF,
)


class RolesScreen(Page):
    """Roles as rows."""

    ACTIONS = ROLE_ACTIONS
    WIDEST = "roles"
    BINDINGS = bindings(ROLE_ACTIONS)
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

    content: RolesContent

    def __init__(self, store: OrganizationStore, open_tab: Callable[[str], None]) -> None:
        super().__init__(RolesContent(store), open_tab)

    def open_first(self) -> None:
        """Load nothing: the roles are among the lists the People page has loaded, project roles come with projects."""
        self.say(f"{project_role.ROLES_UNLISTED} ({key('tab_projects')}).", lasts=True)

    # Reading

    def action_holders(self) -> None:
        """Show who holds the role, and from where."""
        from semtui.tui.screens.text_page import TextPage

        if not self.blocked("holders") and (row := self.rows.selected) is not None:
            lines = role_words.holder_lines(row, self.content.graph)
            self.app.push_screen(TextPage(f"Who holds {row.role.name}", lines))

    def action_what_can(self) -> None:
        """Show what the role permits in effect."""
        from semtui.tui.answers.access_questions import AccessQuestions

        if not self.blocked("what_can") and (row := self.rows.selected) is not None:
            self.answer(AccessQuestions(self.store).can_role(row.id))

    def action_mark(self) -> None:
        """Mark or unmark the role for a comparison, and move to the next."""
        if (row := self.rows.selected) is None:
            return
        self.content.marks.toggle(row.id)
        self.draw()
        self.rows.action_move(1)
        words = f"{count(len(self.content.marks), 'role')} marked; {key('compare')} compares two or three."
        self.say(words if self.content.marks else "")

    def action_compare(self) -> None:
        """Show how the marked roles differ."""
        marked = self.content.marks.among(self.content.everything)
        if not 2 <= len(marked) <= _MOST_COMPARED:
            self.say(f"Mark two or three roles with {key('mark')} first; {len(marked)} marked now.", "warn")
            return
        if all(each.known_by != "project" for each in marked):
            from semtui.tui.answers.step_questions import StepQuestions

            self.answer(StepQuestions(self.store).compare([each.id for each in marked]))
            return
        from semtui.tui.screens.text_page import TextPage

        names = listed([each.role.name for each in marked])
        self.app.push_screen(TextPage(f"How {names} differ", role_words.comparison(marked, self.content.graph)))

    # Changing

    def action_create(self) -> None:
        """Open the form for a new custom role."""
        from semtui.tui.screens.role_form import RoleForm

        if not self.blocked("create"):
            self._open(RoleForm(self.store))

    def action_edit(self) -> None:
        """Open the form for the custom role."""
        from semtui.tui.screens.role_form import RoleForm

        if not self.blocked("edit"):
            self._open(RoleForm(self.store, self.rows.selected))

    def action_delete(self) -> None:
        """Ask for confirmation before the custom role is deleted."""
        from semtui.tui.screens.role_form import DeleteRole

        if not self.blocked("delete"):
            self._open(DeleteRole(self.store, self.rows.selected))

    def _open(self, modal: RequestModal) -> None:
        self.app.push_screen(modal, self._follow_up)

    def _follow_up(self, result: ChangeResult | None) -> None:
        if result is not None:
            self.reload(result.subject_id, result.sentence, result.tone)
