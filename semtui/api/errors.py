"""What can go wrong with a request, by what is known afterwards.

SemaphoreError
├─ NotSentError              nothing reached Semaphore: certainly not done
│  ├─ ReadOnlyError          semtui is read-only
│  └─ ConflictError          somebody else has changed the same thing in the meantime
├─ NoAnswerError             a read got no usable answer: too slow, cut off, or an outage
│  └─ IncompleteListError    a list came, but its pages contradict each other about its length
├─ UnexpectedAnswerError     an answer that is not Semaphore's, or has the wrong shape
├─ OutcomeUnknownError       a write was sent and its answer was lost: it may or may not be done
└─ RefusedError              Semaphore said no; nothing was done
   ├─ UnauthorizedError      401: the API token is not accepted
   ├─ PermissionDeniedError  403: the API token lacks a permission
   ├─ NotFoundError          404: the thing itself is gone
   ├─ UndisclosedError       404 or 401: it is not there, or this API token may not see it
   ├─ NotOfferedError        the organization lacks the feature this takes
   └─ TooManyRequestsError   429

The text of each is one or more sentences for the user, free of control characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.api.permissions import CHANGE_OWNER
from semtui.system.errors import ExpectedError

if TYPE_CHECKING:
    from typing import Any

_OWNER_REFUSAL = "User unauthorized"
"""Semaphore's message when the role Owner is granted or revoked without `organization.change_owner`."""


_ASSURANCES = (" Nothing was sent.", " No token was asked for.")


def _without_assurance(sentences: str) -> str:
    for words in _ASSURANCES:
        sentences = sentences.replace(words, "")
    return sentences.removeprefix("Nothing was sent: ")


class SemaphoreError(ExpectedError):
    """Anything that went wrong between semtui and Semaphore, in sentences."""

    @property
    def reason(self) -> str:
        """The same without saying that nothing was sent: for a part of what goes on, or says so of all of it."""
        return _without_assurance(str(self))


class NotSentError(SemaphoreError):
    """The request never reached Semaphore."""

    def __init__(self, *args: object, permanent: bool = False) -> None:
        super().__init__(*args)
        self.permanent = permanent
        """An immediate retry would fail the same way: an untrusted authority, a proxy that refuses."""


class ReadOnlyError(NotSentError):
    """The organization is open read-only, so the request was not sent."""


class ConflictError(NotSentError):
    """The record has changed since it was read; `theirs` has the current values, by field, and `changed` says so
    without how to go on."""

    def __init__(self, changed: str, theirs: dict[str, str]) -> None:
        super().__init__(f"{changed} Try again to overwrite their change.")
        self.changed = changed
        self.theirs = theirs

    @property
    def reason(self) -> str:
        """What has changed."""
        return _without_assurance(self.changed)


class NoAnswerError(SemaphoreError):
    """A read got no usable answer."""


class IncompleteListError(NoAnswerError):
    """A list was read to its end but may be incomplete; `items` is what arrived."""

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
        """Permissions that, says Semaphore, one must hold to grant them; it may not name all (`API.md#granting`)."""
        if self.message == _OWNER_REFUSAL:
            return (CHANGE_OWNER,)
        _, _, names = self.message.partition("permissions you do not hold: ")
        return tuple(name for name in names.replace(",", " ").split() if not name.endswith("…"))


class UnauthorizedError(RefusedError):
    """The API token is unknown, replaced, deactivated or blocked (`API.md#authentication`)."""


class PermissionDeniedError(RefusedError):
    """The holder of the API token may not do this."""

    def __init__(self, sentence: str, *, message: str = "", missing: str = "") -> None:
        super().__init__(sentence, status=403, message=message)
        self.missing = missing
        """The permission the endpoint requires, if that is what was missing; else ""."""


class NotFoundError(RefusedError):
    """The record does not exist, or no longer does."""


class UndisclosedError(RefusedError):
    """The record does not exist, or the holder of the API token may not see it: Semaphore answers both alike
    (`API.md#organization-secrets`). It proves neither."""


class NotOfferedError(RefusedError):
    """The organization does not have the feature that this takes (`API.md#features`)."""


class TooManyRequestsError(RefusedError):
    """Semaphore, or something in front of it, asks for fewer requests."""
