"""What a change would do, worked out before it is sent from the lists as they are."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from semtui.audit.what_if.operations import Caller, Operation
from semtui.organization.store import MANY

if TYPE_CHECKING:
    from semtui.audit.what_if.answers import WhatIf
    from semtui.organization.store import OrganizationStore

_loaded = threading.Event()
"""Set once the modules are imported that work it out."""
_MOST = 10 * MANY
"""Rows times operations that are worked out within a frame."""


def asked(store: OrganizationStore, operations: Sequence[Operation]) -> Callable[[], WhatIf]:
    """Works out what would change by the lists of now, on any thread. That raises SenselessError for somebody or
    something that is in no list any more."""
    people, projects, permissions = store.people, store.projects, store.session.permissions
    caller = Caller(store.own_id, frozenset(permissions.not_held | permissions.denied))

    def answer() -> WhatIf:
        from semtui.audit.access.current import graph_of
        from semtui.audit.what_if.question import what_if

        _loaded.set()
        return what_if(graph_of(people, projects), operations, caller)

    return answer


def prepare(store: OrganizationStore) -> Callable[[], None]:
    """Does beforehand, on any thread, what every answer needs."""
    people, projects = store.people, store.projects

    def do() -> None:
        from semtui.audit.access.current import graph_of
        from semtui.audit.what_if.question import what_if
        from semtui.wording.effects import effect_lines

        effect_lines(what_if(graph_of(people, projects), ()))
        _loaded.set()

    return do


def is_quick(store: OrganizationStore, operations: Sequence[Operation]) -> bool:
    """True if an answer takes no longer than a frame."""
    size = store.people.size
    return _loaded.is_set() and size <= MANY and size * len(operations) <= _MOST
