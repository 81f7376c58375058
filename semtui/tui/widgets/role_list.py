"""The organization's roles to choose from, each with its meaning."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.binding import Binding
from textual.message import Message

from semtui.tui.widgets.choice_list import Choice, ChoiceList
from semtui.wording.role_bindings import role_tone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from semtui.api.models import Role

_WIDEST_NAME = 24


class RoleList(ChoiceList):
    """One line a role; the one held at present says `now`."""

    BINDINGS = [Binding("p,right", "permissions", "All permissions", show=False)]

    class PermissionsAsked(Message):
        """Asks the screen to show the permissions of a role."""

        def __init__(self, role: Role) -> None:
            super().__init__()
            self.role = role

    def __init__(
        self,
        roles: Sequence[Role],
        present: str = "",
        withheld: Mapping[str, str] = MappingProxyType({}),
        *,
        chosen: str = "",
        id: str | None = None,
    ) -> None:
        """`present` is the id of the role held now, `chosen` of one chosen in its place; `withheld` says why a role
        cannot be chosen, by role id."""
        self.roles = tuple(roles)
        self._present = present
        self._width = min(_WIDEST_NAME, max((cell_len(role.name) for role in self.roles), default=0))
        choices = (self._choice(role, withheld.get(role.id, "")) for role in self.roles)
        super().__init__(choices, chosen or present, id=id)

    def _choice(self, role: Role, withheld: str) -> Choice:
        now = ("now  " if role.id == self._present else "     ") if self._present else ""
        return Choice(
            role.id,
            role.name,
            (
                (f"{set_cell_size(role.name, self._width)}  ", "muted" if withheld else role_tone(role.name)),
                (now, "good"),
                (withheld or role.description, "muted"),
            ),
            withheld,
        )

    def withhold(self, withheld: Mapping[str, str]) -> None:
        """Withhold roles that this API token turned out to be unable to assign."""
        for index, role in enumerate(self.roles):
            if role.id in withheld:
                self.replace_choice(index, self._choice(role, withheld[role.id]))

    @property
    def chosen(self) -> Role | None:
        """The chosen role, or None."""
        chosen_id = self.chosen_id
        return next((role for role in self.roles if role.id == chosen_id), None)

    def action_permissions(self) -> None:
        """Ask for the permissions of the highlighted role to be shown."""
        here = None if self.highlighted is None else self.roles[self.highlighted]
        if here is not None:
            self.post_message(self.PermissionsAsked(here))
