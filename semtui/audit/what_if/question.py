"""What would change if a subject were given another role, left a group, were removed, and so on.

The changes are made to a copy of the lists, and what everybody would hold is compared with what they hold now. Changes
that Semaphore queues count as done.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from semtui.audit.access.graph import AccessGraph
from semtui.audit.access.questions import roles_known
from semtui.audit.what_if.answers import WhatIf
from semtui.audit.what_if.effects import Effects
from semtui.audit.what_if.lists_after import ListsAfter
from semtui.audit.what_if.notes import Notes
from semtui.audit.what_if.operations import Caller, Operation, SenselessError
from semtui.audit.what_if.refusals import Refusals

if TYPE_CHECKING:
    from semtui.audit.what_if.answers import Refusal
    from semtui.organization.listing import ListName

_NOBODY = Caller()


def what_if(graph: AccessGraph, operations: Sequence[Operation], caller: Caller = _NOBODY) -> WhatIf:
    """What would change if these operations were done in order, without those that Semaphore would refuse.

    Raises SenselessError.
    """
    for operation in operations:
        check(graph, operation)
    lists = ListsAfter(graph)
    judging = Refusals(graph, lists, caller)
    refusals: list[Refusal] = []
    done: list[Operation] = []
    idle: list[Operation] = []
    for operation in operations:
        refusal = judging.of(operation)
        if refusal is not None:
            refusals.append(refusal)
        if refusal is None or not refusal.certain:
            (idle if lists.changes_nothing(operation) else done).append(operation)
            lists.apply(operation)
    after = AccessGraph(lists.after(), graph.projects, lists.mappings)
    effects = Effects(graph, after, lists)
    return WhatIf(
        operations=tuple(operations),
        before=graph,
        after=after,
        refusals=tuple(refusals),
        differences=effects.differences(),
        kept=effects.kept(),
        notes=tuple(Notes(effects, lists, caller, done, idle).all()),
        unknown=effects.unknown(),
        at_least=_at_least(graph, done, lists),
        stale=graph.stale,
    )


def _at_least(graph: AccessGraph, done: Sequence[Operation], lists: ListsAfter) -> tuple[ListName, ...]:
    """Incomplete lists: somebody in none that was read may be concerned if a role is edited, or through a group."""
    missing = graph.at_least if any(operation.kind == "edit-role" for operation in done) else ()
    return (*missing, "groups") if "" in lists.unsure else missing


def check(graph: AccessGraph, operation: Operation) -> None:
    """Raise SenselessError for an operation that makes no sense: on nobody, or on the wrong kind of subject."""
    of_role = operation.kind in ("delete-role", "edit-role")
    roles = roles_known(graph) if of_role or operation.kind == "role" else {}
    if (of_role and operation.id not in roles) or (operation.kind == "role" and operation.other_id not in roles):
        raise SenselessError("No role that is listed or held has that id.")
    if of_role:
        return
    kinds = [_kind(graph, each) for each in (operation.id, operation.other_id) if each and each not in roles]
    if "" in kinds:
        raise SenselessError("Nobody who is listed, or is in a group, has that id.")
    if operation.kind == "delete-group" and kinds[0] != "group":
        raise SenselessError("Only a group can be deleted as one.")
    if operation.kind in ("join", "leave") and kinds[1:] != ["group"]:
        raise SenselessError("Only a group can be joined or left.")
    if operation.kind == "join" and kinds[0] == "group":
        raise SenselessError("A group cannot be in a group.")
    of_account = operation.kind in ("deactivate", "delete")
    if of_account and kinds[0] in ("person", "group") and graph.subject(operation.id).kind_known:
        raise SenselessError("Only a service account can be deactivated or deleted.")


def _kind(graph: AccessGraph, subject_id: str) -> str:
    return graph.subject(subject_id).kind if graph.knows(subject_id) else ""
