"""The commands that need no screen. Each is a module that knows its options, checks what was asked for, and does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from semtui.settings.contexts import Chosen
    from semtui.system.debug_log import DebugLog


@dataclass(frozen=True)
class Connection:
    """How to reach the organization that was chosen."""

    chosen: Chosen
    ca_file: Path | None = None
    log: DebugLog | None = None


class Order(Protocol):
    """What was asked for, understood."""

    @property
    def offline(self) -> bool:
        """True if it is answered from files, and no organization is asked."""


class CommandModule(Protocol):
    """What the module of a command has."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options, and what its help says of them."""

    def order(self, arguments: argparse.Namespace) -> Order:
        """What was asked for. Raises ConfigurationError, in words that do not repeat it: it may be a token."""

    def run(self, order: Any, connection: Connection | None) -> int:
        """Do it; returns the exit status. There is a connection unless the order is `offline`."""


COMMANDS: Mapping[str, str] = {
    "export": "write people, service accounts, groups, roles or projects as CSV or JSON",
    "snapshot": "write all that can be read of the organization as one file, to be compared and asked later",
    "diff": "tell what has changed since a snapshot, and who can do more or less by it",
    "who-can": "tell who holds a permission, and by what",
    "can": "tell everything a person, service account, group or role can do",
    "why": "tell whether somebody holds a permission, why, and what would end it",
    "steps": "tell who can come to act as Owner or Admin by calls Semaphore lets them make",
    "compare": "tell how two or three roles differ in what they permit",
}
"""Each command, and what it does; its module is the one of that name."""


def module_of(command: str) -> CommandModule:
    """The module of a command, loaded when it is needed: the screen starts without them."""
    return cast(CommandModule, import_module(f"semtui.cli.{command.replace('-', '_')}"))
