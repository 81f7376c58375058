"""`semtui project ACTION`: grants roles on projects, and removes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.cli.actions.action import Action
from semtui.cli.actions.command import command_of
from semtui.cli.actions.step import Argument

if TYPE_CHECKING:
    from semtui.cli.actions.action import Actions

_PROJECT = Argument("project", "PROJECT", "the project, by name or id", required=True, positional=True)

ACTIONS: Actions = {
    "grant": Action(
        "give a person, an account or a group a role on a project",
        "projects.prepare_grant",
        (
            _PROJECT,
            Argument("member", "NAME", "the person, account or group, by name or id", required=True, positional=True),
            Argument("role", "ROLE", "the role on the project, by name or id; none on Community", positional=True),
        ),
        epilog="Semaphore shows the people of a project only: for accounts and groups its answer is all that tells.",
    ),
    "revoke": Action(
        "remove a role that a person was given on a project",
        "projects.prepare_revocation",
        (_PROJECT, Argument("member", "NAME", "the person, by name or id", required=True, positional=True)),
        dangerous=True,
    ),
}

add_options, order, run = command_of("project", ACTIONS)
