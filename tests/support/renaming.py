"""The demo organization with other names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from semtui.demo.server import DemoServer


def rename(server: DemoServer, name: Callable[[str], str]) -> None:
    """Call everybody and everything as `name` says for its id, and describe it so, but for the roles that are built
    in."""
    state = server.organization.state
    custom = {each: role for each, role in state.roles.items() if not role.readonly}
    rows: tuple[dict[str, Any], ...] = (
        *(state.people, state.service_accounts, state.groups, state.subjects, state.projects),
        custom,
    )
    for row in rows:
        for its_id, each in row.items():
            each.name = name(its_id)
            if hasattr(each, "description"):
                each.description = name(its_id)
