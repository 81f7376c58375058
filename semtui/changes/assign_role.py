"""Give a person, a service account or a group another role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.api.errors import ConflictError
from semtui.changes import conflicts
from semtui.changes.bindings import bindings_of
from semtui.changes.reconcile import Reconciliation, poll_until_known, reconciled
from semtui.changes.result import ChangeResult
from semtui.history.record import Change, Values, role_values
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.models import Role
    from semtui.organization.subject import Subject
    from semtui.session.session import Session


class RoleChange:
    """Replaces the one role that was assigned directly; roles from elsewhere stay (`API.md#assigning`)."""

    def __init__(self, session: Session, subject: Subject) -> None:
        self._session = session
        self._subject = subject
        manual = subject.manual_role
        self.role_id = manual.role_id if manual else ""
        """Of the role that is assigned, as far as is known; empty for none."""
        self._role_name = manual.role_name if manual else ""

    async def send(self, role: Role) -> ChangeResult:
        """Give the role, but stop once if somebody else has assigned another one; that then counts as assigned.

        Raises ConflictError and NotSentError before anything is sent.
        """
        subject, before = self._subject, (self.role_id, self._role_name)
        try:
            await self._session.read(
                lambda client: conflicts.held_role_unchanged(client, subject.id, subject.kind, before, role)
            )
        except ConflictError as conflict:
            self.role_id, self._role_name = conflict.theirs["role"], conflict.theirs["role name"]
            raise
        change = role_change(subject, role_values(self.role_id, self._role_name), role)
        await self._session.write(lambda client: client.assign_role(subject.id, role.id), change)
        self.role_id, self._role_name = role.id, role.name
        return ChangeResult(f"The role of {name_of(subject)} is now {role.name}.", subject.id)

    async def check(self, role: Role) -> Reconciliation:
        """Whether the role is now held."""
        name, before = name_of(self._subject), self.role_id
        return await reconciled(
            self._session, self._subject.id, lambda client: check_role(client, self._subject.id, name, role, before)
        )


def role_change(subject: Subject, before: Values | None, role: Role) -> Change:
    """The assignment of a role, for the journal."""
    return Change("role", subject.kind, subject.id, subject.name, before, role_values(role.id, role.name))


def held_values(subject: Subject) -> Values | None:
    """The role a subject holds by direct assignment, for the journal; None where that is not known."""
    if subject.roles is None:
        return None
    manual = subject.manual_role
    return role_values(manual.role_id, manual.role_name) if manual else role_values()


async def check_role(
    client: SemaphoreClient, subject_id: str, name: str, role: Role, before: str = ""
) -> Reconciliation:
    """Whether `subject_id` now holds `role` by direct assignment, in whichever list it appears. `before` is the id
    of the role assigned until now: any third role was assigned by somebody else meanwhile."""

    async def look() -> Reconciliation | None:
        manual = next((held for held in await bindings_of(client, subject_id) if held.is_manual), None)
        if manual is None or manual.role_id == before != role.id:
            return None
        if manual.role_id == role.id:
            return Reconciliation("done", f"The role of {name} is now {role.name}.")
        if not before:
            return None
        return Reconciliation(
            "done",
            f"{name} now has the role {manual.role_name}: somebody else set it in the meantime. "
            "Nothing was overwritten.",
        )

    return await poll_until_known(
        client,
        look,
        f"{name} does not hold the role {role.name}: the change did not arrive. Try again.",
        f"Unknown whether {name} now holds the role {role.name}. Check before trying again.",
    )
