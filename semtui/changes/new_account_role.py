"""Assign a new account its role, once its token is safe: the token comes first because it cannot be shown again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from semtui.api.errors import OutcomeUnknownError, SemaphoreError
from semtui.changes import assign_role
from semtui.changes.reconcile import reconciled
from semtui.changes.result import later_refusal_words
from semtui.history.record import Change, role_values

if TYPE_CHECKING:
    from semtui.api.models import NewToken, Role
    from semtui.session.session import Session
    from semtui.wording.styled_text import Tone


class NewAccountRole:
    """Assigns a role to the account of a new token. Can be retried until it is assigned."""

    def __init__(self, session: Session, token: NewToken, role: Role | None) -> None:
        """`role` of None means that there is nothing to assign."""
        self._session = session
        self._token = token
        self.role = role
        self.needs_nothing = role is None
        """True while there is nothing to do: no role was chosen, it is being given, or it is given."""
        self.outcome: Literal["done", "not done", "unknown"] = "done" if role is None else "not done"
        """How the last attempt ended."""

    @property
    def to_try_again(self) -> bool:
        """True after a failure that a retry may fix."""
        return not self.needs_nothing and bool(self._token.account_id)

    async def give(self, report: Callable[[str, Tone], None]) -> None:
        """Assign the role, and check the outcome if the answer is lost; `report` is called with each step, in words
        and their tone."""
        role, account_id, name = self.role, self._token.account_id, self._token.account_name
        if role is None or self.needs_nothing:
            return
        if not account_id:
            report("not assigned: Semaphore's answer did not name the account. Reload, then edit it.", "bad")
            return
        # Two assignments at once would make the words race each other.
        self.needs_nothing = True
        report(f"{role.name}, being assigned…", "muted")
        try:
            change = Change("role", "account", account_id, name, role_values(), role_values(role.id, role.name))
            await self._session.write(lambda client: client.assign_role(account_id, role.id), change)
        except OutcomeUnknownError:
            report(f"{role.name}: the answer was lost. Checking…", "warn")
            found = await reconciled(
                self._session, account_id, lambda client: assign_role.check_role(client, account_id, name, role)
            )
            self.outcome = found.outcome
            self.needs_nothing = found.outcome == "done"
            report(found.sentence, "good" if self.needs_nothing else "warn")
        except SemaphoreError as error:
            self._session.permissions.note_refusal(error)
            self.outcome = "not done"
            self.needs_nothing = False
            report(f"{role.name} is not assigned. {later_refusal_words(error)}", "bad")
        else:
            self.outcome = "done"
            report(f"{role.name}, assigned", "good")
