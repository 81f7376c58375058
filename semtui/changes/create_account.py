"""Create a service account.

Semaphore tells who created an account and when, by its own clock, but not whose token is used
(`API.md#what-a-token-may`). Names are unique (`API.md#account-names`), so if a colleague's account has the name, a
request whose answer was lost created none, and regenerating or deleting that account would destroy a colleague's work.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from semtui.api.errors import RefusedError, SemaphoreError
from semtui.changes.reconcile import Reconciliation, poll_until_known, reconcile_token_request
from semtui.changes.result import ChangeResult
from semtui.changes.token_delivery import require_deliverable
from semtui.history.record import Change
from semtui.organization.loading import whole_list
from semtui.organization.people import slug
from semtui.system.timestamps import utc
from semtui.text.clean import clean
from semtui.text.counting import count
from semtui.wording.dates import clock_time

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.models import NewToken, Role, ServiceAccount
    from semtui.changes.lacking import Missing
    from semtui.organization.people import People
    from semtui.organization.store import OrganizationStore
    from semtui.organization.subject import Subject
    from semtui.session.session import Intend
    from semtui.tokens.delivery import Destination


ROLE_NEEDED = "A role is needed; without one the account cannot do anything."
LONGEST_NAME = 255
LONGEST_DESCRIPTION = 500
_LONGEST_ADDRESS = 255


def name_obstacle(typed: str, people: People, host: str, edited: Subject | None = None, saved: str = "") -> str:
    """What Semaphore would refuse about a name, as far as it can be known before sending (`API.md#account-names`).

    `edited` is the account that is to be called so, and `saved` what it is called now; without, one is created.
    """
    if typed == saved.strip():
        return ""
    if len(typed) > LONGEST_NAME:
        return f"{len(typed)} characters; Semaphore takes at most {LONGEST_NAME}."
    address = len(slug(typed)) + len("@service-accounts.") + len(host.partition(":")[0])
    if address > _LONGEST_ADDRESS and not edited:
        return f"Too long by {count(address - _LONGEST_ADDRESS, 'byte')} for the address Semaphore makes of it."
    own = edited.id if edited else ""
    for other in people.accounts.items:
        if other.id != own and slug(other.name) == slug(typed):
            if other.name == typed:
                return f"There is an account called “{other.name}” already."
            rule = "case is ignored, and all but a-z and 0-9 counts as -"
            return f"Semaphore treats this as the same name as “{other.name}”: {rule}."
    return ""


_NO_REASON_GIVEN = "Failed to create service account"
"""Semaphore's answer to every name it does not accept, former names of other accounts included
(`API.md#account-names`)."""


class AccountCreation:
    """Creates an account; its role is assigned once the token is safe."""

    def __init__(self, store: OrganizationStore, name: str, description: str, known_ids: Container[str]) -> None:
        """`known_ids` are the accounts that existed when the form was sent."""
        self._store = store
        self._session = store.session
        self._sent = CreationRequest(name, description, known_ids=known_ids)

    async def send(self, role: Role | None, to: Destination | None, also: Missing | None = None) -> ChangeResult:
        """Check that the token could be delivered, then create the account; role and `also` are given once the token is
        safe. Raises NotSentError."""
        await require_deliverable(self._session, to)
        after = {"description": self._sent.description or ""}
        change = Change("create", "account", "", self._sent.name, after=after)
        token = await self._session.make_token(self._request, name=self._sent.name, change=change)
        self._store.created_ids.add(token.account_id)
        return ChangeResult(f"Created {token.account_name}.", token.account_id, token, role, also, destination=to)

    async def _request(self, client: SemaphoreClient, intend: Intend) -> NewToken:
        self._sent = replace(self._sent, at=client.server_time)
        return await create_account(client, self._sent.name, self._sent.description or "", intend)

    async def check(self) -> Reconciliation:
        """Whether the account was created, and by this request."""
        sent = self._sent
        return await reconcile_token_request(self._session, sent.name, lambda client: check_creation(client, sent))


async def create_account(
    client: SemaphoreClient, name: str, description: str, intend: Callable[[str], None]
) -> NewToken:
    """Create a service account; `intend` is called right before the request is sent."""
    intend(name)
    return await client.create_service_account(name, description)


def creation_refusal(error: SemaphoreError) -> str:
    """The message for a refusal, with the usual cause where Semaphore gives no reason."""
    if isinstance(error, RefusedError) and error.message == _NO_REASON_GIVEN:
        return f"{error} It gives no reason; most often an account has, or once had, that name. Try another."
    return str(error)


_LEEWAY = 5.0
"""Seconds by which Semaphore's times may be off: they are whole seconds, from more than one of its machines."""


@dataclass(frozen=True)
class CreationRequest:
    """A request to create an account, as it was sent."""

    name: str
    description: str | None = None
    """The description asked for; None if it is no longer known."""
    at: float | None = None
    """When it was sent, by Semaphore's clock in epoch seconds; None where that is not known."""
    known_ids: Container[str] = ()
    """Ids of the accounts that existed before."""
    leeway: float = _LEEWAY
    """Seconds by which `at` may be off."""


CreatedBy = Literal["before", "other", "this", "unknown"]
"""Who made an account: somebody before the request was sent; somebody else for certain; the holder of this API token;
this request or another, which cannot be told."""


async def check_creation(client: SemaphoreClient, sent: CreationRequest) -> Reconciliation:
    """Find out the outcome of the request."""
    # Names arrive cleaned, so only two cleaned ones can be compared.
    wanted = slug(clean(sent.name.strip()))

    others: list[Reconciliation] = []

    async def look() -> Reconciliation | None:
        accounts: Sequence[ServiceAccount] = await whole_list(client, "accounts")
        others.clear()
        for account in accounts:
            if slug(account.name) == wanted:
                maker = _creator(account, sent, client.own_id, client.limits.poll_for)
                who = "you" if maker == "this" else await _creator_name(client, account, accounts)
                result = _message(sent, account, maker, who)
                # Whoever was first keeps the name taken, but an account that is only called so by now does not.
                if maker in ("this", "unknown") or (maker == "other" and _never_renamed(account)):
                    return result
                others.append(result)
        return None

    result = await poll_until_known(
        client,
        look,
        f"{sent.name} was not created. Try again.",
        f"Unknown whether {sent.name} exists. Check before trying again, under another name too.",
    )
    return others[0] if others and result.outcome == "not done" else result


def _never_renamed(account: ServiceAccount) -> bool:
    """True if the account still has the name it was created with."""
    return account.created_at is not None and account.created_at == account.updated_at


def _creator(account: ServiceAccount, sent: CreationRequest, own_id: str, longest: float) -> CreatedBy:
    made_at, creator = account.created_at, account.creator_id
    if account.id in sent.known_ids:
        return "before"
    if sent.at is not None and made_at is not None:
        if made_at < sent.at - sent.leeway:
            return "before"
        # By then Semaphore is done with what it was sent (API.md#timeouts).
        if made_at > sent.at + longest + sent.leeway:
            return "other"
    if own_id and creator and creator != own_id:
        return "other"
    # A description may have been changed since without a trace.
    if _never_renamed(account) and account.name.strip() != clean(sent.name.strip()):
        return "other"
    same_words = sent.description is None or account.description.strip() == clean(sent.description.strip())
    return "this" if own_id and creator == own_id and same_words else "unknown"


def _when(account: ServiceAccount, sent: CreationRequest) -> str:
    """The time of creation, with the date unless it was close to when the request was sent."""
    day = utc(account.created_at)
    near = sent.at is not None and account.created_at is not None and abs(account.created_at - sent.at) < 43_200
    return f"{'' if near or day is None else time.strftime('on %Y-%m-%d ', day)}at {clock_time(account.created_at)}"


def _message(sent: CreationRequest, account: ServiceAccount, maker: CreatedBy, who: str) -> Reconciliation:
    name, at = sent.name, _when(account, sent)
    made = f"{at} by {who}"
    if maker == "this":
        return Reconciliation(
            "done",
            f"{name} was created {at} by you, but its token never reached this computer and cannot be recovered. "
            "It has no role yet. Regenerate the token, or delete the account.",
            account.id,
        )
    if maker == "unknown":
        return Reconciliation(
            "unknown",
            f"Unknown whether this request created {name}: there is an account of that name, made {made}. If nobody "
            "else made it, its token never reached this computer and is lost. If somebody did, they may be using it: "
            "ask before you change anything about it.",
            account.id,
        )
    when = "before this request was sent" if maker == "before" else "and not by this request"
    return Reconciliation(
        "not done",
        f"{name} was not created: there is another account of that name, made {made}, {when}. Leave it alone, and "
        "choose another name.",
    )


async def _creator_name(client: SemaphoreClient, account: ServiceAccount, accounts: Sequence[ServiceAccount]) -> str:
    """The name of the person or account that created it; Semaphore does not name creators who have left."""
    if not account.creator_id:
        return "somebody who has left since"
    names = {each.id: each.name for each in accounts}
    if account.creator_id not in names:
        with contextlib.suppress(SemaphoreError):
            names |= {member.id: member.name for member in await client.list_members("user")}
    return names.get(account.creator_id) or "somebody whose name cannot be read"
