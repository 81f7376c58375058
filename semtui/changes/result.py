"""The result of a change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from semtui.api.errors import SemaphoreError
    from semtui.api.models import NewToken, Role
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


@dataclass(frozen=True)
class ChangeResult:
    """What was done, in a sentence, and to which row."""

    sentence: str
    subject_id: str = ""
    token: NewToken | None = None
    role: Role | None = None
    """A role still to be assigned to the account of `token`."""
    tone: Tone = "good"
    queued: QueuedChange | None = None
    """What Semaphore has only queued and still has to be watched."""
    destination: Destination | None = None
    """Where `token` is delivered at once."""


def later_refusal_words(error: SemaphoreError) -> str:
    """What to say of a refusal after something was done already: such an error knows of its own request only."""
    return re.sub(r"\bNothing was (sent|done)\b", r"Nothing more was \1", str(error))
