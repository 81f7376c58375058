"""The commands that need no screen. Each is a module that defines its options, checks them, and runs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    import argparse

    from semtui.cli.connection import Connection


class Order(Protocol):
    """A command's checked arguments."""

    @property
    def offline(self) -> bool:
        """True if no one organization is opened: files are enough, or the command opens every context itself."""


class CommandModule(Protocol):
    """What the module of a command provides."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options and its help."""

    def order(self, arguments: argparse.Namespace) -> Order:
        """Check the arguments. Raises ConfigurationError, which must not quote them: one may be a token."""

    def run(self, order: Any, connection: Connection | None) -> int:
        """Run the command; returns the exit status. `connection` is None only if the order is `offline`."""


COMMANDS: Mapping[str, str] = {
    "list": "list people, service accounts, groups, roles, projects or permissions, all or those that match a filter",
    "show": "show all that is known about a person, service account, group, role or project",
    "export": "write people, service accounts, groups, roles or projects as CSV or JSON",
    "snapshot": "write all that can be read of the organization as one file, to be compared and asked later",
    "diff": "show what has changed since a snapshot, and who can do more or less because of it",
    "review": "write a table of everybody's access for an access review, check the decisions, and verify them",
    "who-can": "show who holds a permission, and through which role or group",
    "can": "show everything a person, service account, group or role can do",
    "why": "show whether somebody holds a permission, why, and what would end it",
    "steps": "show who can come to act as Owner or Admin by calls Semaphore lets them make",
    "findings": "show what may be wrong with tokens, roles and groups, except what is waived",
    "what-if": "show who would gain or lose what by changes, and what Semaphore would refuse",
    "impact": "show what depends on a person or service account, and what breaks or stops when they go",
    "trace": "show what a person or service account did last, as far as Semaphore shows",
    "undo": "undo the last change that can be undone",
    "rotate": "replace a service account with a twin, without an outage",
    "due": "show which accounts are due to be deleted or replaced, as begun earlier",
    "journal": "print what was changed through semtui, and how it ended",
    "compare": "show how two or three roles differ in what they permit",
    "account": "create service accounts and change them: roles, tokens, deactivation, deletion",
    "member": "change roles of people, accounts and groups, remove people, invite them",
    "group": "create, edit and delete groups",
    "role": "create, edit and delete custom roles",
    "project": "grant and remove roles on projects",
    "plan": "show what several changes would do, and write them as one file to be reviewed",
    "apply": "carry out a plan, or go on where an earlier run stopped",
    "completion": "print a script that makes bash, zsh or fish complete commands, options and names",
    "man": "print the manual page of all commands and options",
}
"""Each command, and what it does; `module_of` finds its module by that name."""


def module_of(command: str) -> CommandModule:
    """The module of a command, imported on first use so that the screen starts without it."""
    return cast(CommandModule, import_module(f"semtui.cli.{command.replace('-', '_')}"))
