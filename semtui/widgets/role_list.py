"""The organization's roles to choose from, each with its meaning."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from semtui.presentation import role_tone
from semtui.styling import styled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from semtui.models import Role

_WIDEST_NAME = 24


class RoleList(OptionList):
    """One line a role. The highlighted role is the chosen one; the present one is ticked."""

    BINDINGS = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("p,right", "permissions", "All permissions", show=False),
    ]
    DEFAULT_CSS = """
    RoleList, RoleList:focus {
        height: auto;
        max-height: 6;
        border: none;
        padding: 0;
        background: transparent;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        scrollbar-size: 1 1;
        scrollbar-background: $surface;
        scrollbar-color: $faint;
        scrollbar-corner-color: $surface;
    }
    """

    class PermissionsAsked(Message):
        """Someone wants to read what a role permits."""

        def __init__(self, role: Role) -> None:
            super().__init__()
            self.role = role

    def __init__(
        self,
        roles: Sequence[Role],
        present: str = "",
        withheld: Mapping[str, str] = MappingProxyType({}),
        *,
        id: str | None = None,
    ) -> None:
        """`withheld`: why a role cannot be chosen, by role id."""
        self.roles = tuple(roles)
        self._present = present
        self._width = min(_WIDEST_NAME, max((cell_len(role.name) for role in self.roles), default=0))
        options = [
            Option(self._prompt(role, withheld.get(role.id, "")), id=role.id, disabled=role.id in withheld)
            for role in self.roles
        ]
        super().__init__(*options, id=id, markup=False)
        places = [index for index, role in enumerate(self.roles) if role.id == present]
        self.highlighted = places[0] if places else None

    def _prompt(self, role: Role, withheld: str) -> Content:
        return styled(
            [
                ("✓ " if role.id == self._present else "  ", "good"),
                (f"{set_cell_size(role.name, self._width)}  ", "muted" if withheld else role_tone(role.name)),
                (withheld or role.description, "muted"),
            ]
        )

    def withhold(self, withheld: Mapping[str, str]) -> None:
        """Some roles turned out not to be this API token's to give."""
        for index, role in enumerate(self.roles):
            if role.id in withheld:
                self.replace_option_prompt_at_index(index, self._prompt(role, withheld[role.id]))
                self.disable_option_at_index(index)

    @property
    def chosen(self) -> Role | None:
        """The highlighted role."""
        return None if self.highlighted is None else self.roles[self.highlighted]

    def action_permissions(self) -> None:
        if self.chosen is not None:
            self.post_message(self.PermissionsAsked(self.chosen))
