"""Edit the name, description or role of a service account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.api.errors import SemaphoreError
from semtui.changes import assign_role, conflicts
from semtui.changes.reconcile import NOT_SAVED, SAVED_UNKNOWN, Reconciliation, poll_until_known, reconciled
from semtui.changes.result import ChangeResult, later_refusal_words
from semtui.history.record import Change, edited_values
from semtui.text.clean import clean

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.models import Role
    from semtui.organization.subject import Subject
    from semtui.session.session import Session


FROZEN = "The creator of this account has left; Semaphore refuses to edit its name or description."


@dataclass(frozen=True)
class AccountChange:
    """What an edit asks for; None means unchanged."""

    name: str | None = None
    description: str | None = None
    role: Role | None = None

    @property
    def details(self) -> bool:
        """True if the account itself changes, not only its role."""
        return self.name is not None or self.description is not None


class AccountEdit(conflicts.SavedDetails):
    """What is saved of an account, as far as is known, and how far an edit of it got."""

    def __init__(self, session: Session, subject: Subject) -> None:
        # What is on the server; moves on when half of a change went through.
        super().__init__(session, subject.name, subject.description)
        self._subject = subject
        self._role_change = assign_role.RoleChange(session, subject)
        self.achieved: ChangeResult | None = None
        """What was already done when the rest failed."""
        self._asked = AccountChange()
        self._saved_so_far = ""

    @property
    def role_id(self) -> str:
        """Of the role that is assigned, as far as is known; empty for none."""
        return self._role_change.role_id

    def change(self, name: str, description: str, role: Role | None) -> AccountChange | None:
        """What differs from what is saved; None when nothing does."""
        change = AccountChange(
            name=name if name != self.name.strip() else None,
            description=description if description != self.description.strip() else None,
            role=role if role is not None and role.id != self.role_id else None,
        )
        return None if change == AccountChange() else change

    async def send(self, change: AccountChange) -> ChangeResult:
        """Send name and description, then the role. Steps that succeeded are remembered, so a retry sends only the
        rest."""
        subject, saved = self._subject, ""
        self._asked = AccountChange()
        if change.details:
            self._asked = AccountChange(change.name, change.description)
            await self.check_details(
                lambda client, before, ours: conflicts.account_unchanged(client, subject.id, before, ours),
                (change.name, change.description),
            )
            account = await self._session.write(
                lambda client: client.update_service_account(
                    subject.id, name=change.name, description=change.description
                ),
                self._recorded(change),
            )
            self.name, self.description = account.name, account.description
            saved = "Name and description are saved. "
            self.achieved = ChangeResult(
                "Name and description are saved; the role is not changed.", subject.id, tone="warn"
            )
        if change.role is not None:
            self._asked = AccountChange(role=change.role)
            self._saved_so_far = saved
            await self._role_change.send(change.role)
        return ChangeResult(f"Saved {self.name}.", subject.id)

    def _recorded(self, change: AccountChange) -> Change:
        before, after = edited_values(self.name, self.description, change.name, change.description)
        return Change("edit", "account", self._subject.id, self._subject.name, before, after)

    def refusal_words(self, error: SemaphoreError) -> str:
        """The message for a refusal, including what was done before it."""
        if self._asked.role is None:
            return str(error)
        words = later_refusal_words(error) if self._saved_so_far else str(error)
        return f"{self._saved_so_far}The role is not changed. {words}"

    async def check(self, change: AccountChange) -> Reconciliation:
        """The outcome of the step whose answer was lost."""
        subject_id, role = self._subject.id, self._asked.role
        if role is not None:
            name, before = self.name, self.role_id
            result = await reconciled(
                self._session, subject_id, lambda client: assign_role.check_role(client, subject_id, name, role, before)
            )
            return Reconciliation(result.outcome, self._saved_so_far + result.sentence)
        result = await reconciled(
            self._session, subject_id, lambda client: check_details(client, subject_id, self._asked)
        )
        if result.outcome == "done" and change.role is not None:
            return Reconciliation("done", f"{result.sentence} The role is not changed yet: open the form again.")
        return result


async def check_details(client: SemaphoreClient, account_id: str, change: AccountChange) -> Reconciliation:
    """Whether name and description are now as `change` asked."""

    async def look() -> Reconciliation | None:
        now = await client.describe_service_account(account_id)
        # What Semaphore keeps is trimmed, and what it tells is cleaned (`API.md#account-names`, models.py).
        wanted_name = now.name if change.name is None else clean(change.name.strip())
        wanted_description = now.description if change.description is None else clean(change.description.strip())
        if (now.name, now.description) == (wanted_name, wanted_description):
            return Reconciliation("done", f"{now.name} is saved.")
        return None

    return await poll_until_known(
        client,
        look,
        NOT_SAVED,
        SAVED_UNKNOWN,
    )
