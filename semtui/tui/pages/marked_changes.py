"""Changes of all marked rows at once, each shown as a plan before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.changes.bulk import BulkAction, Plan
    from semtui.tui.content.people import PeopleContent
    from semtui.tui.pages.page import Page


class MarkedChanges:
    """Opens a plan for the marked rows; rows that are done lose their mark, and are shown as changed last."""

    def __init__(self, page: Page, content: PeopleContent) -> None:
        self._page = page
        self._content = content

    def delete(self) -> None:
        """Plan to delete the accounts and groups and remove the people."""
        self._open("delete")

    def switch(self) -> None:
        """Plan to deactivate the service accounts, or to reactivate them if all of them are inactive."""
        accounts = [subject for subject in self._content.marked if subject.kind == "account"]
        inactive = bool(accounts) and all(subject.state == "deactivated" for subject in accounts)
        self._open("reactivate" if inactive else "deactivate")

    def change_role(self) -> None:
        """Let the user choose a role, and plan to give it to every row."""
        from semtui.tui.screens.role_chooser import RoleChooser

        def chosen(role: Role | None) -> None:
            if role is not None:
                self._open("role", role)

        content = self._content
        chooser = RoleChooser(content.people, content.session.permissions.not_held, len(content.marks))
        self._page.app.push_screen(chooser, chosen)

    def _open(self, verb: BulkAction, role: Role | None = None) -> None:
        """Show what `verb` would do, in the order of the table."""
        from semtui.changes.bulk import make_plan
        from semtui.tui.screens.bulk import BulkScreen

        content = self._content
        plan = make_plan(verb, content.marked, content.people, role)
        self._page.app.push_screen(BulkScreen(content.session, plan), self._carried_out)

    def _carried_out(self, plan: Plan | None) -> None:
        """Unmark the rows that are done; the others keep their mark, to be tried again or looked at."""
        if plan is not None:
            from semtui.changes import bulk
            from semtui.changes import bulk_wording as bulk_words

            self._content.store.deleted_ids |= {*bulk.deleted_accounts(plan)}
            self._content.marks.note_changed(step.id for step in plan.steps if step.outcome == "done")
            words, tone = bulk_words.summary(plan)
            self._page.reload("", words, tone)
