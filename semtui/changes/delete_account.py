"""Delete a service account for good."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from semtui.api.errors import NoAnswerError, NotFoundError, NotSentError, PermissionDeniedError, UnexpectedAnswerError
from semtui.changes.assign_role import held_values
from semtui.changes.reconcile import Reconciliation, poll_until_deleted, reconciled
from semtui.changes.result import ChangeResult
from semtui.history.record import Change
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.models import ServiceAccount
    from semtui.organization.subject import Subject
    from semtui.session.session import Session


def _state(account: ServiceAccount) -> str:
    return f"“{account.name}”, {'deactivated' if account.deactivated else 'active'},"


class AccountDeletion:
    """Deletes an account for good, if it is still as the user saw it. `gone` is called with its id once it no longer
    exists."""

    def __init__(self, session: Session, subject: Subject, gone: Callable[[str], None]) -> None:
        self._session = session
        self._subject = subject
        self._gone = gone
        self._known = subject.account
        """The account as the user was shown it."""

    async def send(self) -> ChangeResult:
        """Check that nothing changed, then delete."""
        subject = self._subject
        try:
            await self._check_unchanged()
            await self._session.write(
                lambda client: client.delete_service_account(subject.id), deletion_change(subject)
            )
        except NotFoundError:
            self._forget()
            return ChangeResult(f"{name_of(subject)} had been deleted already, by somebody else.")
        self._forget()
        return ChangeResult(f"Deleted {name_of(subject)}.")

    async def _check_unchanged(self) -> None:
        """Stop once if the account is no longer what the user saw. Raises NotFoundError and NotSentError."""
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
            f"Nothing was sent: somebody else has changed this account in the meantime. It was {_state(before)} and is "
            f"{_state(now)} now. Try again to delete it anyway."
        )

    async def check(self) -> Reconciliation:
        """Whether the account is gone."""
        subject = self._subject
        result = await reconciled(
            self._session, subject.id, lambda client: check_deletion(client, subject.id, name_of(subject))
        )
        if result.outcome == "done":
            self._forget()
        return result

    def _forget(self) -> None:
        """There is nothing left to be reminded of."""
        self._gone(self._subject.id)
        self._session.under_way.end(self._subject.id)


def deletion_change(subject: Subject) -> Change:
    """The deletion for the journal, with all that is known of the account."""
    before = {"description": subject.description, "groups": subject.groups, **(held_values(subject) or {})}
    return Change("delete", "account", subject.id, subject.name, before)


async def check_deletion(client: SemaphoreClient, account_id: str, name: str) -> Reconciliation:
    """Whether the account is gone."""
    return await poll_until_deleted(client, lambda: client.describe_service_account(account_id), name)
