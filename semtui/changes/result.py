"""The result of a change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from semtui.api.errors import SemaphoreError
    from semtui.api.models import NewToken, Role
    from semtui.changes.lacking import Missing
    from semtui.history.record import Change
    from semtui.tokens.delivery import Destination
    from semtui.wording.styled_text import Tone


@dataclass(frozen=True)
class QueuedChange:
    """A change to a group that Semaphore has queued and makes later (`API.md#group-queue`)."""

    group_id: str
    group_name: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    deletion: bool = False

    def is_of(self, change: Change) -> bool:
        """Whether the change of the journal is the one that was queued."""
        if change.kind != "group" or change.id != self.group_id:
            return False
        added = change.after.get("added") or change.after.get("members") or ()
        return change.is_queued and (
            change.action == "delete"
            if self.deletion
            else (added, change.after.get("removed") or ()) == (self.add, self.remove)
        )


@dataclass(frozen=True)
class ChangeResult:
    """What was done, in a sentence, and the row it was done to."""

    sentence: str
    subject_id: str = ""
    token: NewToken | None = None
    role: Role | None = None
    """A role still to be assigned to the account of `token`."""
    also: Missing | None = None
    """Groups and projects still to be given to it."""
    tone: Tone = "good"
    queued: QueuedChange | None = None
    """A change Semaphore has only queued, and that must be watched."""
    destination: Destination | None = None
    """Where `token` is delivered at once."""


def later_refusal_words(error: SemaphoreError) -> str:
    """The words for a refusal that comes after another step succeeded: such an error knows only its own request."""
    return re.sub(r"\bNothing was (sent|done)\b", r"Nothing more was \1", str(error))
