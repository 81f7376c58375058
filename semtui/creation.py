"""Was it this request that made the account of that name, or somebody else's?

Semaphore tells who made an account and when, by its own clock, but not who asks (API.md#what-a-token-may). A name can
be taken only once (API.md#account-names), so where a colleague's account has it, this request made none, and whoever
regenerates or deletes that account destroys a colleague's work.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Container, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from semtui.errors import SemaphoreError
from semtui.lists import whole_list
from semtui.moments import utc
from semtui.people import slug
from semtui.text import clean
from semtui.verdicts import Verdict, clock_time, settle

if TYPE_CHECKING:
    from semtui.client import SemaphoreClient
    from semtui.models import ServiceAccount

_LEEWAY = 5.0
"""Seconds by which times of Semaphore may be off: they are whole ones, of more than one of its computers."""


class Sent(NamedTuple):
    """A request to create an account, as it was sent."""

    name: str
    description: str | None = None
    """None where it is not known any more."""
    at: float | None = None
    """When, by Semaphore's clock in epoch seconds; None where that is not known."""
    known_ids: Container[str] = ()
    """Accounts that were there before."""
    leeway: float = _LEEWAY
    """Seconds by which `at` may be off."""


Maker = Literal["before", "other", "this", "unknown"]
"""Who made an account: somebody before the request was sent; somebody else for certain; the holder of this API token;
this request or another, which cannot be told."""


async def check_creation(client: SemaphoreClient, sent: Sent) -> Verdict:
    """What became of the request."""
    # Names arrive cleaned, so only two cleaned ones can be compared.
    wanted = slug(clean(sent.name.strip()))

    others: list[Verdict] = []

    async def look() -> Verdict | None:
        accounts: Sequence[ServiceAccount] = await whole_list(client, "accounts")
        others.clear()
        for account in accounts:
            if slug(account.name) == wanted:
                maker = _maker(account, sent, client.own_id, client.limits.settle)
                who = "you" if maker == "this" else await _name_of_maker(client, account, accounts)
                verdict = _told(sent, account, maker, who)
                # Whoever was first keeps the name taken, but an account that is only called so by now does not.
                if maker in ("this", "unknown") or (maker == "other" and _never_renamed(account)):
                    return verdict
                others.append(verdict)
        return None

    verdict = await settle(
        client,
        look,
        f"{sent.name} was not created. Your input is still here; try again.",
        f"Unknown whether {sent.name} exists. Do not create it under another name; reload first.",
    )
    return others[0] if others and verdict.outcome == "not done" else verdict


def _never_renamed(account: ServiceAccount) -> bool:
    """It is called what it was made as."""
    return account.created_at is not None and account.created_at == account.updated_at


def _maker(account: ServiceAccount, sent: Sent, own_id: str, longest: float) -> Maker:
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


def _when(account: ServiceAccount, sent: Sent) -> str:
    """With the date, unless it was about when the request was sent."""
    day = utc(account.created_at)
    near = sent.at is not None and account.created_at is not None and abs(account.created_at - sent.at) < 43_200
    return f"{'' if near or day is None else time.strftime('on %Y-%m-%d ', day)}at {clock_time(account.created_at)}"


def _told(sent: Sent, account: ServiceAccount, maker: Maker, who: str) -> Verdict:
    name, at = sent.name, _when(account, sent)
    made = f"{at} by {who}"
    if maker == "this":
        return Verdict(
            "done",
            f"{name} was created {at} by you, but its token never reached this computer and cannot be recovered. "
            "It has no role yet. Regenerate the token, or delete the account.",
            account.id,
        )
    if maker == "unknown":
        return Verdict(
            "unknown",
            f"Unknown whether this request created {name}: there is an account of that name, made {made}. If nobody "
            "else made it, its token never reached this computer and is lost. If somebody did, they may be using it: "
            "ask before you change anything about it.",
            account.id,
        )
    when = "before this request was sent" if maker == "before" else "and not by this request"
    return Verdict(
        "not done",
        f"{name} was not created: there is another account of that name, made {made}, {when}. Leave it alone, and "
        "choose another name.",
    )


async def _name_of_maker(client: SemaphoreClient, account: ServiceAccount, accounts: Sequence[ServiceAccount]) -> str:
    """A person, or another account; who has left is not told any more."""
    if not account.creator_id:
        return "somebody who has left since"
    names = {each.id: each.name for each in accounts}
    if account.creator_id not in names:
        with contextlib.suppress(SemaphoreError):
            names |= {member.id: member.name for member in await client.list_members("user")}
    return names.get(account.creator_id) or "somebody whose name cannot be read"
