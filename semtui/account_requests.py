"""What can be asked for about a service account: sent once, and followed up when the answer is lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Container, Coroutine
from typing import TYPE_CHECKING, Any

from semtui import operations
from semtui.creation import Sent, check_creation
from semtui.errors import (
    NoAnswerError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RefusedError,
    SemaphoreError,
    UnexpectedAnswerError,
)
from semtui.outcomes import Done
from semtui.presentation import name_of
from semtui.verdicts import Verdict, clock_time

if TYPE_CHECKING:
    from semtui.client import SemaphoreClient
    from semtui.delivery import Destination
    from semtui.models import NewToken, Role, ServiceAccount
    from semtui.people import Subject
    from semtui.session import Call, Intend, Session

_NO_REASON_GIVEN = "Failed to create service account"
"""What Semaphore says to every name it does not take, former names of other accounts included
(`API.md#account-names`)."""


async def look_after_token(session: Session, call: Call[Verdict]) -> Verdict:
    """What came of a request that makes a token, when its answer was lost."""
    verdict = await session.read(call)
    if verdict.outcome != "unknown":
        session.vault.settled()
    return verdict


class Creation:
    """Makes an account; its role is still to be assigned when the token is safe."""

    def __init__(self, session: Session, name: str, description: str, known_ids: Container[str]) -> None:
        """`known_ids` are the accounts there were when it was decided upon."""
        self._session = session
        self._sent = Sent(name, description, known_ids=known_ids)

    async def send(self, role: Role | None, to: Destination | None) -> Done:
        """Send it."""
        token = await self._session.make_token(self._request, name=self._sent.name)
        return Done(f"Created {token.account_name}.", token.account_id, token, role, destination=to)

    async def _request(self, client: SemaphoreClient, intend: Intend) -> NewToken:
        self._sent = self._sent._replace(at=client.server_time)
        return await operations.create_account(client, self._sent.name, self._sent.description or "", intend)

    async def check(self) -> Verdict:
        """Whether it was made, and by this request."""
        return await look_after_token(self._session, lambda client: check_creation(client, self._sent))


def creation_refusal(error: SemaphoreError) -> str:
    """What to say of a refusal, with what it mostly means where Semaphore gives no reason."""
    if isinstance(error, RefusedError) and error.message == _NO_REASON_GIVEN:
        return f"{error} It gives no reason; most often an account has, or once had, that name. Try another."
    return str(error)


async def switch(session: Session, subject: Subject) -> Done:
    """Deactivate an active account, reactivate a deactivated one."""
    name, account_id = name_of(subject), subject.id
    if subject.state == "deactivated":
        await session.write(lambda client: client.reactivate_service_account(account_id))
        return Done(f"Reactivated {name}.", account_id)
    await session.write(lambda client: client.deactivate_service_account(account_id))
    return Done(f"Deactivated {name}. A token in use may be accepted for up to 5 minutes more.", account_id)


async def check_switched(session: Session, subject: Subject) -> Verdict:
    """Whether it is now what it was not."""
    name, deactivate = name_of(subject), subject.state != "deactivated"
    return await session.read(lambda client: operations.check_activation(client, subject.id, name, deactivate))


class Deletion:
    """Deletes an account for good, if it still is what was decided upon. `gone` hears its id once it is known that it
    does not exist any more."""

    def __init__(self, session: Session, subject: Subject, gone: Callable[[str], None]) -> None:
        self._session = session
        self._subject = subject
        self._gone = gone
        self._known = subject.account
        """As whoever is asked knows it."""

    async def send(self) -> Done:
        """Look, then delete."""
        subject = self._subject
        try:
            await self._see_that_it_is_the_same()
            await self._session.write(lambda client: client.delete_service_account(subject.id))
        except NotFoundError:
            self._gone(subject.id)
            return Done(f"{name_of(subject)} had been deleted already, by somebody else.")
        self._gone(subject.id)
        return Done(f"Deleted {name_of(subject)}.")

    async def _see_that_it_is_the_same(self) -> None:
        """Stop once when the account is no longer what was decided upon. Raises NotFoundError and NotSentError."""
        try:
            now = await self._session.read(lambda client: client.describe_service_account(self._subject.id))
        except PermissionDeniedError:
            return
        except (NoAnswerError, UnexpectedAnswerError) as error:
            raise NotSentError(f"{error} Nothing was sent.") from error
        before, self._known = self._known, now
        if before is None or (now.name, now.deactivated) == (before.name, before.deactivated):
            return
        raise NotSentError(
            f"Nothing was sent: somebody else has changed this account meanwhile. It was {_state(before)} and is "
            f"{_state(now)} now. The same again deletes it all the same."
        )

    async def check(self) -> Verdict:
        """Whether it is gone."""
        subject = self._subject
        verdict = await self._session.read(
            lambda client: operations.check_deletion(client, subject.id, name_of(subject))
        )
        if verdict.outcome == "done":
            self._gone(subject.id)
        return verdict


def _state(account: ServiceAccount) -> str:
    return f"“{account.name}”, {'deactivated' if account.deactivated else 'active'},"


Looking = Callable[[], Coroutine[Any, Any, Verdict]]


async def _look(looking: Looking) -> Verdict:
    return await looking()


class Regeneration:
    """Replaces the token of an account. For a token that leaked it first takes the account's role away, which acts at
    once, while the old token may be let in for minutes more (`API.md#token-cache`)."""

    def __init__(
        self,
        session: Session,
        subject: Subject,
        tell: Callable[[str], None],
        look: Callable[[Looking], Awaitable[Verdict]] = _look,
    ) -> None:
        """`tell` hears what is going on in between, and `look` carries out a look-up that may take minutes."""
        self._session = session
        self._subject = subject
        self._tell = tell
        self._look = look
        self._known_change = subject.account.updated_at if subject.account else None
        """The account's `updated_at`, as far as whoever is asked knows of it."""
        self._name = name_of(subject)
        self._before: ServiceAccount | None = None
        self._role_taken = ""
        """In a sentence, once the role is taken away."""
        self.achieved: Done | None = None
        """What was done already although the whole was not."""

    async def send(self, to: Destination | None, *, revoking: bool) -> Done:
        """Take the role away if that is asked for, then have the token replaced."""
        if revoking and not self._role_taken:
            await self._take_role_away()
        token = await self._session.make_token(self._request, replacing=self._subject.id, name=self._name)
        sentence = f"{self._role_taken} Regenerated the token of {self._name}.".strip()
        if self._role_taken:
            sentence += " Wait 5 minutes before you give the role back: the old token may still be let in."
        return Done(sentence, self._subject.id, token, destination=to)

    async def _request(self, client: SemaphoreClient, intend: Intend) -> NewToken:
        def note(before: ServiceAccount) -> None:
            self._see_that_nobody_was_faster(before)
            self._before = before
            intend(before)

        return await operations.regenerate_token(client, self._subject.id, self._name, note)

    def _see_that_nobody_was_faster(self, now: ServiceAccount) -> None:
        """Stop once when the account has changed since its row was read: the token of that moment may be somebody's
        brand-new one. Raises NotSentError."""
        known, self._known_change = self._known_change, now.updated_at
        if known is not None and (now.updated_at or 0) > known:
            raise NotSentError(
                f"Nothing was sent: {self._name} was changed at {clock_time(now.updated_at)}, after this list "
                "was loaded; perhaps somebody has just replaced its token. The same again regenerates it all the same."
            )

    async def _take_role_away(self) -> None:
        """Raises SemaphoreError, in words that say that the token is as it was."""
        subject, name, manual = self._subject, self._name, self._subject.manual_role
        try:
            await self._session.write(lambda client: client.remove_member(subject.id))
        except OutcomeUnknownError as error:
            since = clock_time(self._session.clock())
            self._tell(f"{error} It is not known whether the role is gone. Checking since {since}…")
            verdict = await self._look(
                lambda: self._session.read(lambda client: operations.check_removal(client, subject.id, name))
            )
            if verdict.outcome != "done":
                raise NotSentError(f"The token is not regenerated: {verdict.sentence}") from None
        self._role_taken = f"The role {manual.role_name if manual else ''} of {name} is taken away."
        self.achieved = Done(f"{self._role_taken} The token is not regenerated.", subject.id, tone="warn")

    async def check(self) -> Verdict:
        """Whether the token was replaced."""
        before = self._before
        assert before is not None, "nothing is sent before the account was read"
        verdict = await look_after_token(self._session, lambda client: operations.check_regeneration(client, before))
        return verdict._replace(sentence=f"{self._role_taken} {verdict.sentence}".strip())

    def refusal_words(self, error: SemaphoreError) -> str:
        """What to say of a refusal, with what went through before it."""
        return f"{self._role_taken} {error}".strip()
