"""`semtui what-if OP…`: what changes would do, and what Semaphore would refuse. Nothing is changed."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.cli import naming
from semtui.cli.asking import AskingOrder, add_asking_options, ask
from semtui.cli.question import Reply, question_of
from semtui.system.errors import ConfigurationError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.contract import Source
    from semtui.audit.what_if.operations import Operation, OperationKind
    from semtui.cli.connection import Connection

_TAKES: Mapping[OperationKind, str] = {
    "role": "X ROLE",
    "remove": "X",
    "join": "X GROUP",
    "leave": "X GROUP",
    "delete-group": "GROUP",
    "delete-role": "ROLE",
    "edit-role": "ROLE [-P …] [+P …]",
    "deactivate": "ACCOUNT",
    "delete": "ACCOUNT",
}
"""What each operation names, in order."""


@dataclass(frozen=True)
class WhatIfOrder(AskingOrder):
    """Which changes to look at, each as the words of one argument."""

    operations: tuple[tuple[OperationKind, tuple[str, ...]], ...]


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui what-if`."""
    parser.add_argument("operations", metavar="OP", nargs="+", help="a change, quoted as one argument; see below")
    add_asking_options(parser)
    parser.epilog = """\
Nothing is changed: only GET is sent. Several changes are made one after another.

  'role X ROLE'                 give somebody, or a group, a role in place of the
                                one assigned directly
  'remove X'                    remove the role assigned directly; a person
                                with no other role leaves the organization
  'join X GROUP', 'leave X GROUP'
  'edit-role ROLE -P +P'        take permissions from a role, or add them
  'deactivate ACCOUNT', 'delete ACCOUNT'
  'delete-group GROUP', 'delete-role ROLE'

People, accounts, groups and roles are given by id or name; a name with spaces is
quoted once more, as in 'role "Night admins" Member'.

The exit status is 0 for a complete answer, also if Semaphore would refuse, 1 when
something is unknown or could not be read, 2 when the question cannot be asked."""


def order(arguments: argparse.Namespace) -> WhatIfOrder:
    """What was asked for. Raises ConfigurationError."""
    given = arguments.operations
    return WhatIfOrder(
        question_of(arguments), tuple(_words(each, _place(number, given)) for number, each in enumerate(given, 1))
    )


def _place(number: int, given: list[str] | tuple[object, ...]) -> str:
    return "OP" if len(given) == 1 else f"OP {number}"


def _words(argument: str, place: str) -> tuple[OperationKind, tuple[str, ...]]:
    """The words of an operation. Raises ConfigurationError, which does not quote them."""
    try:
        word, *rest = shlex.split(argument) or [""]
    except ValueError:
        raise ConfigurationError(f"{place}: A quotation is not closed.") from None
    kind = next((each for each in _TAKES if each == word), None)
    if kind is None:
        raise ConfigurationError(f"{place}: A change begins with one of {', '.join(_TAKES)}.")
    wrong = not rest if kind == "edit-role" else len(rest) != len(_TAKES[kind].split())
    if wrong:
        raise ConfigurationError(f"{place}: This change is written as '{kind} {_TAKES[kind]}'.")
    return kind, tuple(rest)


def run(order: WhatIfOrder, connection: Connection | None) -> int:
    """Ask; returns the exit status. Raises ConfigurationError."""
    return ask(order.question, connection, lambda source, graph: _reply(order, source, graph), None)


def _reply(order: WhatIfOrder, source: Source, graph: AccessGraph) -> Reply:
    from semtui.audit.what_if.operations import SenselessError
    from semtui.audit.what_if.question import check
    from semtui.wording.what_if_answer import what_if

    operations = []
    for number, (kind, words) in enumerate(order.operations, 1):
        place = _place(number, order.operations)
        operation = _operation(graph, kind, words, order.question.ids_only, place)
        try:
            check(graph, operation)
        except SenselessError as error:
            raise ConfigurationError(f"{place}: {error}") from None
        operations.append(operation)
    answered = what_if(source, graph, operations)
    return Reply(answered.write, answered.complete, answered.unknown)


def _operation(
    graph: AccessGraph, kind: OperationKind, words: tuple[str, ...], ids_only: bool, place: str
) -> Operation:
    """An operation by ids. Raises ConfigurationError."""
    from semtui.audit.what_if.operations import Operation

    first, *rest = words
    if kind in ("delete-role", "edit-role"):
        role_id = naming.role_id(graph, first, ids_only=ids_only, place=place)
        added, removed = _edits(graph, rest, place)
        return Operation(kind, role_id, added=added, removed=removed)
    find = naming.group_id if kind == "delete-group" else naming.subject_id
    subject_id = find(graph, first, ids_only=ids_only, place=place)
    if not rest:
        return Operation(kind, subject_id)
    other = naming.role_id if kind == "role" else naming.group_id
    return Operation(kind, subject_id, other(graph, rest[0], ids_only=ids_only, place=place))


def _edits(graph: AccessGraph, words: list[str], place: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The permissions added and removed. Raises ConfigurationError."""
    if any(each[:1] not in ("+", "-") for each in words):
        raise ConfigurationError(f"{place}: Permissions of a role are written as +P to add and -P to remove.")
    signed = [(each[0], naming.permission(graph, each[1:], place=place)) for each in words]
    added, removed = (tuple(dict.fromkeys(name for sign, name in signed if sign == wanted)) for wanted in "+-")
    if {*added} & {*removed}:
        raise ConfigurationError(f"{place}: A permission cannot be both added and removed.")
    return added, removed
