"""A change that undoes another one of the journal."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.audit.what_if.operations import Operation
    from semtui.changes.reconcile import Reconciliation
    from semtui.changes.result import QueuedChange
    from semtui.history.record import Change, Entry, Values


@dataclass(frozen=True)
class Inverse:
    """A change that undoes another."""

    change: Change
    """The change as it is sent, for the journal."""
    unmoved: Callable[[SemaphoreClient], Coroutine[Any, Any, None]]
    """Raises ConflictError if what is to be undone has been changed again since, NotSentError if it is undone."""
    write: Callable[[SemaphoreClient], Coroutine[Any, Any, object]]
    check: Callable[[SemaphoreClient], Coroutine[Any, Any, Reconciliation]]
    """Finds out what became of it if the answer is lost."""
    done: str
    """What is said once it is done."""
    operations: tuple[Operation, ...] = ()
    """What it changes of who can do what."""
    queued: QueuedChange | None = None


def swapped(entry: Entry, **changed: Any) -> Change:
    """The change the other way round, with some fields `changed`."""
    change = entry.change
    fields = {"before": change.after, "after": change.before or {}, "undoes": entry.id, **changed}
    return replace(change, **fields)


def text_of(values: Values | None, name: str) -> str:
    """A value of a change that is one text; empty if it is not there."""
    value = (values or {}).get(name, "")
    return value if isinstance(value, str) else ""


def texts_of(values: Values, name: str) -> tuple[str, ...]:
    """A value of a change that is a list; empty if it is not there."""
    value = values.get(name, ())
    return value if isinstance(value, tuple) else ()
