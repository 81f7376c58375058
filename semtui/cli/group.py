"""`semtui group ACTION`: creates, edits and deletes groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.cli.actions.action import Action
from semtui.cli.actions.command import command_of
from semtui.cli.actions.step import Argument

if TYPE_CHECKING:
    from semtui.cli.actions.action import Actions

_GROUP = Argument("group", "NAME", "the group, by name or id", required=True, positional=True)

ACTIONS: Actions = {
    "create": Action(
        "create a group, with a role and members",
        "groups.prepare_creation",
        (
            Argument("name", "NAME", "its name", required=True, positional=True),
            Argument("description", "TEXT", "what it is for; Semaphore requires one", required=True),
            Argument("role", "ROLE", "its role in the organization, by name or id; Member if not given"),
            Argument("member", "NAME", "a person or account in it; may be given several times", many=True),
        ),
    ),
    "edit": Action(
        "change the name, description, role or members of a group; what is not given stays as it is",
        "groups.prepare_edit",
        (
            _GROUP,
            Argument("name", "NAME", "its new name"),
            Argument("description", "TEXT", "its new description"),
            Argument("role", "ROLE", "its new role in the organization, by name or id"),
            Argument("add", "NAME", "a person or account that joins it; may be given several times", many=True),
            Argument("remove", "NAME", "a member that leaves it; may be given several times", many=True),
        ),
    ),
    "delete": Action("delete a group for good", "groups.prepare_deletion", (_GROUP,), dangerous=True),
}

add_options, order, run = command_of("group", ACTIONS)
