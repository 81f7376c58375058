"""What can go wrong with Semaphore, sorted by what is known afterwards.

SemaphoreError
├─ NotSentError              nothing reached Semaphore: certainly not done
│  ├─ ReadOnlyError          semtui itself held the request back
│  └─ ConflictError          so it did, because somebody else has changed the same thing meanwhile
├─ NoAnswerError             a read got no usable answer: too slow, cut off, or an outage
│  └─ IncompleteListError    a list came, but its pages contradict each other about how much it holds
├─ UnexpectedAnswerError     an answer that is not Semaphore's, or has the wrong shape
├─ OutcomeUnknownError       a write was sent and its answer was lost: done or not, nobody knows yet
└─ RefusedError              Semaphore said no; nothing was done
   ├─ UnauthorizedError      401: the API token is not accepted
   ├─ PermissionDeniedError  403: the API token lacks a permission
   ├─ NotFoundError          404: the thing itself is gone
   └─ TooManyRequestsError   429

The text of each is one or more sentences for the person at the screen, free of control characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.api.permissions import CHANGE_OWNER
from semtui.system.errors import ExpectedError

if TYPE_CHECKING:
    from typing import Any

_OWNER_REFUSAL = "User unauthorized"
"""What Semaphore says when the role Owner is to be given or taken without `organization.change_owner`."""


class SemaphoreError(ExpectedError):
    """Anything that went wrong between semtui and Semaphore, told in sentences."""


class NotSentError(SemaphoreError):
    """The request never reached Semaphore."""

    def __init__(self, *args: object, permanent: bool = False) -> None:
        super().__init__(*args)
        self.permanent = permanent
        """Another try at once would end the same: an authority is not trusted, a proxy does not let us through."""


class ReadOnlyError(NotSentError):
    """semtui was started with --read-only, so the request stayed here."""


class ConflictError(NotSentError):
    """What was to be changed is no longer as it was; `theirs` is how it is now, by field."""

    def __init__(self, sentence: str, theirs: dict[str, str]) -> None:
        super().__init__(sentence)
        self.theirs = theirs


class NoAnswerError(SemaphoreError):
    """A read got no usable answer."""


class IncompleteListError(NoAnswerError):
    """A list was read to its end and may hold more than came; `items` is what came."""

    def __init__(self, sentence: str, items: tuple[Any, ...] = ()) -> None:
        super().__init__(sentence)
        self.items = items


class UnexpectedAnswerError(SemaphoreError):
    """Something answered, but not as Semaphore's API does."""


class OutcomeUnknownError(SemaphoreError):
    """A write was sent; whether Semaphore carried it out is not known."""


class RefusedError(SemaphoreError):
    """Semaphore refused, and did nothing."""

    def __init__(self, sentence: str, *, status: int, message: str = "") -> None:
        super().__init__(sentence)
        self.status = status
        self.message = message
        """Semaphore's own words, cleaned of control characters."""

    @property
    def not_held(self) -> tuple[str, ...]:
        """Permissions Semaphore says one must hold to grant them; it may name fewer than there are
        (`API.md#granting`)."""
        if self.message == _OWNER_REFUSAL:
            return (CHANGE_OWNER,)
        _, _, names = self.message.partition("permissions you do not hold: ")
        return tuple(name for name in names.replace(",", " ").split() if not name.endswith("…"))


class UnauthorizedError(RefusedError):
    """The API token is unknown, replaced, deactivated or barred (`API.md#authentication`)."""


class PermissionDeniedError(RefusedError):
    """The holder of the API token may not do this."""

    def __init__(self, sentence: str, *, message: str = "", missing: str = "") -> None:
        super().__init__(sentence, status=403, message=message)
        self.missing = missing
        """The permission the endpoint asks for, when that is what was lacking; else empty."""


class NotFoundError(RefusedError):
    """The record asked for does not exist (any more)."""


class TooManyRequestsError(RefusedError):
    """Semaphore, or something in front of it, asks for a slower pace."""
