"""API tokens: who holds which, and how long a revoked one keeps working."""

import secrets
from collections.abc import Callable


def new_token() -> str:
    """A new token: 20 URL-safe characters, the first of which may be a dash (API.md#new-tokens)."""
    return secrets.token_urlsafe(15)


class Tokens:
    """One token per person or service account, and the auth service's cache of successful look-ups."""

    def __init__(self, clock: Callable[[], float], may_enter: Callable[[str], bool]) -> None:
        self.revocation_delay = 0.0
        """Seconds a successful look-up is cached; 300 on Semaphore (API.md#token-cache)."""
        self.generate: Callable[[], str] = new_token
        self._clock = clock
        self._may_enter = may_enter
        self._holders: dict[str, str] = {}
        self._current: dict[str, str] = {}
        self._remembered: dict[str, tuple[str, float]] = {}

    def issue(self, subject_id: str, token: str | None = None) -> str:
        """Give the subject a new token; the old one is dropped."""
        self.withdraw(subject_id)
        fresh = token or self.generate()
        self._holders[fresh] = subject_id
        self._current[subject_id] = fresh
        return fresh

    def withdraw(self, subject_id: str) -> None:
        """Drop the subject's token, if there is one."""
        old = self._current.pop(subject_id, None)
        if old is not None:
            del self._holders[old]

    def holder(self, token: str) -> str | None:
        """The id of the subject whose current token this is, or None."""
        return self._holders.get(token)

    def held_by(self, subject_id: str) -> str | None:
        """The subject's current token, or None."""
        return self._current.get(subject_id)

    def authenticate(self, token: str) -> str | None:
        """The id of the caller, or None if the token is unknown or its account deactivated."""
        now = self._clock()
        remembered = self._remembered.get(token)
        if remembered and now < remembered[1]:
            return remembered[0]
        subject_id = self._holders.get(token)
        if subject_id is None or not self._may_enter(subject_id):
            return None
        if self.revocation_delay > 0:
            self._remembered[token] = (subject_id, now + self.revocation_delay)
        return subject_id
