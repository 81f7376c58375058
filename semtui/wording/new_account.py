"""What a new account is given besides its role, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.wording.styled_text import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.api.models import Role

_REACH_ALL = ("Owner", "Admin")


def reaches_all(role: Role | None) -> bool:
    """Whether a role reaches every project by itself (`API.md#project-roles`)."""
    return role is not None and role.readonly and role.name in _REACH_ALL


def more_words(role: Role | None, chosen: Sequence[str]) -> str:
    """The groups and projects chosen for a new account, or what having none means."""
    if reaches_all(role):
        own = f"an {role.name} reaches every project" if role else ""
        return f"{own}; also {listed(chosen)}" if chosen else f"none needed: {own}"
    return listed(chosen) if chosen else "none: without one its token reaches no project"
