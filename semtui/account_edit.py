"""A service account's name, description and role: what Semaphore takes, and an edit sent step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui import conflicts, operations
from semtui.errors import ConflictError, SemaphoreError
from semtui.operations import Change
from semtui.outcomes import Done
from semtui.people import slug
from semtui.verdicts import Verdict

if TYPE_CHECKING:
    from semtui.models import Role
    from semtui.people import People, Subject
    from semtui.session import Session

LONGEST_NAME = 255
LONGEST_DESCRIPTION = 500
_LONGEST_ADDRESS = 255
FROZEN = "The creator of this account is gone; Semaphore then lets nobody edit its name or description."


def name_trouble(typed: str, people: People, host: str, edited: Subject | None = None, saved: str = "") -> str:
    """What Semaphore would refuse about a name, as far as it can be known before sending (`API.md#account-names`).

    `edited` is the account that is to be called so, and `saved` what it is called now; without, one is created.
    """
    if typed == saved.strip():
        return ""
    if len(typed) > LONGEST_NAME:
        return f"{len(typed)} characters; Semaphore takes at most {LONGEST_NAME}."
    address = len(slug(typed)) + len("@service-accounts.") + len(host.partition(":")[0])
    if address > _LONGEST_ADDRESS and not edited:
        return f"Too long by {address - _LONGEST_ADDRESS} bytes for the address Semaphore makes of it."
    own = edited.id if edited else ""
    for other in people.accounts.items:
        if other.id != own and slug(other.name) == slug(typed):
            return f"The same as “{other.name}” to Semaphore: names must differ in letters, digits or length."
    return ""


class AccountEdit:
    """What is saved of an account as far as is known, and how a change of it went."""

    def __init__(self, session: Session, subject: Subject) -> None:
        self._session = session
        self._subject = subject
        # What is on the server; moves on when half of a change went through.
        self.name = subject.name
        self.description = subject.description
        manual = subject.manual_role
        self.role_id = manual.role_id if manual else ""
        self.achieved: Done | None = None
        """What was done already although the whole was not."""
        self._asked = Change()
        self._saved_so_far = ""

    def change(self, name: str, description: str, role: Role | None) -> Change | None:
        """What differs from what is saved; None when nothing does."""
        change = Change(
            name=name if name != self.name.strip() else None,
            description=description if description != self.description.strip() else None,
            role=role if role is not None and role.id != self.role_id else None,
        )
        return None if change == Change() else change

    async def send(self, change: Change) -> Done:
        """Name and description first, then the role; what went through is remembered, so a retry sends the rest."""
        subject, saved = self._subject, ""
        self._asked = Change()
        if change.details:
            self._asked = Change(change.name, change.description)
            await self._expect_details(change)
            account = await self._session.write(
                lambda client: client.update_service_account(
                    subject.id, name=change.name, description=change.description
                )
            )
            self.name, self.description = account.name, account.description
            saved = "Name and description are saved. "
            self.achieved = Done("Name and description are saved; the role is not changed.", subject.id, tone="warn")
        if change.role is not None:
            self._asked = Change(role=change.role)
            self._saved_so_far = saved
            role = change.role
            await self._expect_role(role)
            await self._session.write(lambda client: client.assign_role(subject.id, role.id))
            self.role_id = role.id
        return Done(f"Saved {self.name}.", subject.id)

    async def _expect_details(self, change: Change) -> None:
        """Stop once when somebody else has changed the same meanwhile; what is theirs then counts as saved."""
        before, ours = (self.name, self.description), (change.name, change.description)
        try:
            await self._session.read(lambda client: conflicts.account_unchanged(client, self._subject.id, before, ours))
        except ConflictError as conflict:
            self.name = conflict.theirs.get("name", self.name)
            self.description = conflict.theirs.get("description", self.description)
            raise

    async def _expect_role(self, role: Role) -> None:
        subject, manual = self._subject, self._subject.manual_role
        before = (self.role_id, manual.role_name if manual else "")
        try:
            await self._session.read(
                lambda client: conflicts.held_role_unchanged(client, subject.id, subject.kind, before, role)
            )
        except ConflictError as conflict:
            self.role_id = conflict.theirs["role"]
            raise

    def refusal_words(self, error: SemaphoreError) -> str:
        """What to say of a refusal, with what went through before it."""
        return str(error) if self._asked.role is None else f"{self._saved_so_far}The role is not changed. {error}"

    async def check(self, change: Change) -> Verdict:
        """What became of the step whose answer was lost."""
        subject_id, role = self._subject.id, self._asked.role
        if role is not None:
            verdict = await self._session.read(
                lambda client: operations.check_role(client, subject_id, self.name, role)
            )
            return Verdict(verdict.outcome, self._saved_so_far + verdict.sentence)
        verdict = await self._session.read(lambda client: operations.check_details(client, subject_id, self._asked))
        if verdict.outcome == "done" and change.role is not None:
            return Verdict("done", f"{verdict.sentence} The role is not changed yet: open the form again.")
        return verdict
