"""Deactivate a service account, or activate it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.changes.reconcile import Reconciliation, poll_until_known, reconciled
from semtui.changes.result import ChangeResult
from semtui.history.record import Change
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.organization.subject import Subject
    from semtui.session.session import Session


async def switch(session: Session, subject: Subject) -> ChangeResult:
    """Deactivate an active account, reactivate a deactivated one."""
    name, account_id = name_of(subject), subject.id
    change = activation_change(subject)
    if subject.state == "deactivated":
        await session.write(lambda client: client.reactivate_service_account(account_id), change)
        return ChangeResult(f"Reactivated {name}.", account_id)
    await session.write(lambda client: client.deactivate_service_account(account_id), change)
    return ChangeResult(f"Deactivated {name}. A token in use may be accepted for up to 5 minutes more.", account_id)


def activation_change(subject: Subject) -> Change:
    """The change for the journal: an active account is deactivated, a deactivated one reactivated."""
    states = {"deactivated": {"state": "deactivated"}, "active": {"state": "active"}}
    if subject.state == "deactivated":
        return Change("reactivate", "account", subject.id, subject.name, states["deactivated"], states["active"])
    return Change("deactivate", "account", subject.id, subject.name, states["active"], states["deactivated"])


async def check_activation(client: SemaphoreClient, account_id: str, name: str, deactivated: bool) -> Reconciliation:
    """Whether the account is now deactivated, or active, as requested."""
    wanted, otherwise = ("deactivated", "active") if deactivated else ("active", "deactivated")

    async def look() -> Reconciliation | None:
        now = await client.describe_service_account(account_id)
        return Reconciliation("done", f"{name} is {wanted}.") if now.deactivated == deactivated else None

    return await poll_until_known(
        client,
        look,
        f"{name} is still {otherwise}: the request did not arrive. Try again.",
        f"Unknown whether {name} is {wanted}. Check before trying again.",
    )


async def check_switched(session: Session, subject: Subject) -> Reconciliation:
    """Whether the state has changed."""
    name, deactivate = name_of(subject), subject.state != "deactivated"
    return await reconciled(session, subject.id, lambda client: check_activation(client, subject.id, name, deactivate))
