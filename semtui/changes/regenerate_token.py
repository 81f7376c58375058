"""Replace the token of a service account; for a leaked one, remove its role first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from semtui.api.errors import NoAnswerError, NotSentError, OutcomeUnknownError, SemaphoreError
from semtui.changes import remove_member
from semtui.changes.reconcile import Reconciliation, poll_until_known, reconcile_token_request, reconciled
from semtui.changes.result import ChangeResult, later_refusal_words
from semtui.changes.token_delivery import require_deliverable
from semtui.history.record import Change
from semtui.wording.dates import clock_time
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.models import NewToken, ServiceAccount
    from semtui.organization.subject import Subject
    from semtui.session.session import Intend, Session
    from semtui.tokens.delivery import Destination


Lookup = Callable[[], Coroutine[Any, Any, Reconciliation]]


async def _look(looking: Lookup) -> Reconciliation:
    return await looking()


class Regeneration:
    """Replaces the token of an account. For a leaked token it first removes the account's role, which takes effect at
    once, while the old token may be accepted for minutes more (`API.md#token-cache`)."""

    def __init__(
        self,
        session: Session,
        subject: Subject,
        report: Callable[[str], None],
        look: Callable[[Lookup], Awaitable[Reconciliation]] = _look,
    ) -> None:
        """`report` is called with progress messages; `look` runs a check that may take minutes."""
        self._session = session
        self._subject = subject
        self._report = report
        self._look = look
        self._known_change = subject.account.updated_at if subject.account else None
        """The account's `updated_at` as the user was shown it."""
        self._name = name_of(subject)
        self._before: ServiceAccount | None = None
        self._role_taken = ""
        """A sentence, set once the role is removed."""
        self.achieved: ChangeResult | None = None
        """What was already done when the rest failed."""

    async def send(self, to: Destination | None, *, revoking: bool) -> ChangeResult:
        """Check that the token could be delivered, remove the role if asked to, then replace the token.

        Raises NotSentError before anything is sent.
        """
        await require_deliverable(self._session, to)
        if revoking and not self._role_taken:
            await self._remove_role()
        change = Change("regenerate", "account", self._subject.id, self._subject.name)
        token = await self._session.make_token(
            self._request, replacing=self._subject.id, name=self._name, change=change
        )
        sentence = f"{self._role_taken} Regenerated the token of {self._name}.".strip()
        if self._role_taken:
            sentence += " Wait 5 minutes before you give the role back: the old token may still be let in."
        return ChangeResult(sentence, self._subject.id, token, destination=to)

    async def _request(self, client: SemaphoreClient, intend: Intend) -> NewToken:
        def note(before: ServiceAccount) -> None:
            self._check_unchanged(before)
            self._before = before
            intend(before)

        return await regenerate_token(client, self._subject.id, self._name, note)

    def _check_unchanged(self, now: ServiceAccount) -> None:
        """Stop once if the account has changed since its row was read: somebody may have just created a new token.
        Raises NotSentError."""
        known, self._known_change = self._known_change, now.updated_at
        if known is not None and (now.updated_at or 0) > known:
            raise NotSentError(
                f"Nothing was sent: {self._name} was changed at {clock_time(now.updated_at)}, after this list "
                "was loaded; somebody may have just replaced its token. Try again to regenerate it anyway."
            )

    async def _remove_role(self) -> None:
        """Raises SemaphoreError, saying that the token was not replaced."""
        subject, name, manual = self._subject, self._name, self._subject.manual_role
        try:
            change = remove_member.removal_change(subject)
            await self._session.write(lambda client: client.remove_member(subject.id), change)
        except OutcomeUnknownError as error:
            since = clock_time(self._session.clock())
            self._report(f"{error} It is not known whether the role is gone. Checking since {since}…")
            result = await self._look(
                lambda: reconciled(
                    self._session, subject.id, lambda client: remove_member.check_removal(client, subject.id, name)
                )
            )
            if result.outcome != "done":
                raise NotSentError(f"The token is not regenerated: {result.sentence}") from None
        self._role_taken = f"The role {manual.role_name if manual else ''} of {name} is removed."
        self.achieved = ChangeResult(f"{self._role_taken} The token is not regenerated.", subject.id, tone="warn")

    async def check(self) -> Reconciliation:
        """Whether the token was replaced."""
        before = self._before
        assert before is not None, "nothing is sent before the account was read"
        result = await reconcile_token_request(
            self._session, before.id, lambda client: check_regeneration(client, before)
        )
        return replace(result, sentence=f"{self._role_taken} {result.sentence}".strip())

    def refusal_words(self, error: SemaphoreError) -> str:
        """The message for a refusal, including what was done before it."""
        return f"{self._role_taken} {later_refusal_words(error)}" if self._role_taken else str(error)


async def regenerate_token(
    client: SemaphoreClient, account_id: str, name: str, baseline: Callable[[ServiceAccount], None]
) -> NewToken:
    """Replace the token of an account; the state before (`baseline`) is recorded first, to tell later whether it
    happened.

    `updated_at` counts whole seconds, so a change within the current second would not show; wait until it is over.
    """
    try:
        before = await client.describe_service_account(account_id)
    except NoAnswerError as error:
        raise NotSentError(f"{error} Nothing was regenerated.") from error
    baseline(before)
    # By Semaphore's own clock, which is told in whole seconds: this computer's may be off by hours.
    now = client.server_time
    if before.updated_at is not None and now is not None and now - before.updated_at < 2:
        await asyncio.sleep(2)
    return await client.regenerate_token(account_id, name)


async def check_regeneration(client: SemaphoreClient, before: ServiceAccount) -> Reconciliation:
    """Whether the token was replaced since `before` was read."""

    async def look() -> Reconciliation | None:
        now = await client.describe_service_account(before.id)
        if (now.updated_at or 0) <= (before.updated_at or 0):
            return None
        return Reconciliation(
            "done",
            f"{before.name} was changed at {clock_time(now.updated_at)}, by this or by someone else. Treat the old "
            "token as dead: whoever uses it is locked out within 5 minutes. The new token never reached "
            "this computer. If nobody else has just changed the account, regenerate once more to get one; if somebody "
            "has, their token may be in use.",
        )

    return await poll_until_known(
        client,
        look,
        f"The token of {before.name} was not replaced; the old one still works.",
        f"Unknown whether the token of {before.name} was replaced. Look at its “updated” time before trying again.",
    )
