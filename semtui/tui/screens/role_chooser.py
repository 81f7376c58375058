"""Choose the role that all marked rows are to get."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from semtui.organization.people import People
from semtui.text.counting import count
from semtui.tui.screens.dialog import Dialog
from semtui.tui.screens.text_page import TextPage
from semtui.tui.styling import styled
from semtui.tui.widgets.choice_list import ChoiceList
from semtui.tui.widgets.reserved import Reserved
from semtui.tui.widgets.role_list import RoleList
from semtui.wording.granting import withheld_roles
from semtui.wording.permissions import meaning, permissions_page

if TYPE_CHECKING:
    from semtui.api.models import Role

_Answer: TypeAlias = "Role | None"


class RoleChooser(Dialog[_Answer]):
    """Answers with a role, or None; nothing is sent from here."""

    BINDINGS = [Binding("escape,q", "dismiss", "Close", show=False)]

    def __init__(self, people: People, not_held: Collection[str], rows: int) -> None:
        super().__init__()
        self._people = people
        self._not_held = not_held
        self._rows = rows

    def compose(self) -> ComposeResult:
        """Lay out the roles, those withheld with the reason, and a description of the highlighted one."""
        roles, note = self._people.role_offers
        with Vertical(id="frame") as frame:
            frame.border_title = Content(f"Which role for {count(self._rows, 'marked row')}?")
            frame.border_subtitle = "enter, space show the plan   p permissions   q leaves"
            yield RoleList(roles, "", withheld_roles(roles, self._people, self._not_held), id="roles")
            if note:
                yield Static(note, classes="note", markup=False)
            yield Reserved(lambda: (styled(meaning(each)) for each in roles), id="meaning")

    @on(ChoiceList.Changed)
    def _explain(self) -> None:
        role = self.query_one(RoleList).chosen
        self.query_one("#meaning", Static).update(styled(meaning(role) if role else []))

    @on(ChoiceList.Confirmed)
    def _choose(self) -> None:
        self.dismiss(self.query_one(RoleList).chosen)

    @on(RoleList.PermissionsAsked)
    def _show_permissions(self, event: RoleList.PermissionsAsked) -> None:
        self.app.push_screen(TextPage(f"What {event.role.name} permits", permissions_page(event.role)))
