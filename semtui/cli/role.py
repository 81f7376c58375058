"""`semtui role ACTION`: creates, edits and deletes custom roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.cli.actions.action import Action
from semtui.cli.actions.command import command_of
from semtui.cli.actions.step import Argument

if TYPE_CHECKING:
    from semtui.cli.actions.action import Actions

_ROLE = Argument("role", "NAME", "the role, by name or id", required=True, positional=True)

ACTIONS: Actions = {
    "create": Action(
        "create a custom role",
        "roles.prepare_creation",
        (
            Argument("name", "NAME", "its name", required=True, positional=True),
            Argument("scope", "SCOPE", "organization (if not given) or project"),
            Argument("description", "TEXT", "what it is for"),
            Argument("permission", "P", "a permission it gives; may be given several times", many=True),
        ),
    ),
    "edit": Action(
        "change the name, description or permissions of a custom role; what is not given stays as it is",
        "roles.prepare_edit",
        (
            _ROLE,
            Argument("name", "NAME", "its new name"),
            Argument("description", "TEXT", "its new description"),
            Argument("add", "P", "a permission it is to give; may be given several times", many=True),
            Argument("remove", "P", "a permission it is not to give; may be given several times", many=True),
        ),
        dangerous=True,
    ),
    "delete": Action("delete a custom role nobody holds, for good", "roles.prepare_deletion", (_ROLE,), dangerous=True),
}

add_options, order, run = command_of("role", ACTIONS)
