"""Whatever takes more than one request: steps that belong together, and finding out what a lost answer left behind.

Every write ends as refused, done or unknown. When it is unknown, one of the `check_...` functions here reads back
what is true, following the table in `SECURITY.md#r4-a-lost-answer-is-followed-up`, for as long as Semaphore may still
be at work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.creation import Sent, check_creation
from semtui.errors import NoAnswerError, NotFoundError, NotSentError
from semtui.lists import MEMBER_LISTS, whole_list
from semtui.sources import source_words
from semtui.text import clean
from semtui.verdicts import Verdict, clock_time, settle

if TYPE_CHECKING:
    from semtui.client import SemaphoreClient
    from semtui.journal import Intent
    from semtui.models import NewToken, Role, RoleBinding, ServiceAccount
    from semtui.people import Kind


@dataclass(frozen=True)
class Change:
    """What an edit asks for; None means unchanged."""

    name: str | None = None
    description: str | None = None
    role: Role | None = None

    @property
    def details(self) -> bool:
        """True when the account itself changes, not only its role."""
        return self.name is not None or self.description is not None


async def create_account(
    client: SemaphoreClient, name: str, description: str, intend: Callable[[str], None]
) -> NewToken:
    """Create a service account, having told `intend` so right before."""
    intend(name)
    return await client.create_service_account(name, description)


async def check_unfinished(client: SemaphoreClient, intent: Intent) -> Verdict:
    """What became of a request that makes a token, when the program that sent it is gone."""
    from semtui.models import ServiceAccount

    if intent.account_id:
        before = ServiceAccount(id=intent.account_id, name=intent.account_name, updated_at=intent.updated_at)
        return await check_regeneration(client, before)
    # This computer's clock, where Semaphore's was not known, may be off by a day and more.
    at, leeway = (intent.begun_at, 2 * 86_400.0) if intent.sent_at is None else (intent.sent_at, 5.0)
    verdict = await check_creation(client, Sent(intent.account_name, at=at, leeway=leeway))
    if verdict.outcome == "not done":
        return verdict._replace(sentence=verdict.sentence.replace(" Your input is still here; try again.", ""))
    # Nothing more will be known of it another time.
    return verdict._replace(outcome="done") if verdict.subject_id else verdict


async def regenerate_token(
    client: SemaphoreClient, account_id: str, name: str, baseline: Callable[[ServiceAccount], None]
) -> NewToken:
    """Replace the token of an account, having noted how the account was (`baseline`) to tell later if it happened.

    `updated_at` counts whole seconds, so a change within the present second would not show; then wait that out.
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


async def check_regeneration(client: SemaphoreClient, before: ServiceAccount) -> Verdict:
    """Whether the token was replaced since `before` was read."""

    async def look() -> Verdict | None:
        now = await client.describe_service_account(before.id)
        if (now.updated_at or 0) <= (before.updated_at or 0):
            return None
        return Verdict(
            "done",
            f"{before.name} was changed at {clock_time(now.updated_at)}, by this or by someone else. Treat the old "
            "token as dead: whoever uses it is locked out, at the latest in 5 minutes. The new token never reached "
            "this computer. If nobody else has just changed the account, regenerate once more to get one; if somebody "
            "has, their token may be in use.",
        )

    return await settle(
        client,
        look,
        f"The token of {before.name} was not replaced; the old one still works.",
        f"Unknown whether the token of {before.name} was replaced. Look at its “updated” time before trying again.",
    )


async def check_details(client: SemaphoreClient, account_id: str, change: Change) -> Verdict:
    """Whether name and description are now as `change` asked."""

    async def look() -> Verdict | None:
        now = await client.describe_service_account(account_id)
        # What Semaphore keeps is trimmed, and what it tells is cleaned (`API.md#account-names`, models.py).
        wanted_name = now.name if change.name is None else clean(change.name.strip())
        wanted_description = now.description if change.description is None else clean(change.description.strip())
        if (now.name, now.description) == (wanted_name, wanted_description):
            return Verdict("done", f"{now.name} is saved.")
        return None

    return await settle(
        client,
        look,
        "Nothing was saved: the change did not arrive. Try again.",
        "Unknown whether the change was saved. Reload before trying again.",
    )


async def check_role(client: SemaphoreClient, subject_id: str, name: str, role: Role, before: str = "") -> Verdict:
    """Whether `subject_id` now holds `role` by hand, in whichever list it appears.

    `before` is the id of the role it held by hand until now: a third one was set by somebody else meanwhile.
    """

    async def look() -> Verdict | None:
        manual = next((held for held in await bindings_of(client, subject_id) if held.by_hand), None)
        if manual is None or manual.role_id == before != role.id:
            return None
        if manual.role_id == role.id:
            return Verdict("done", f"The role of {name} is now {role.name}.")
        if not before:
            return None
        return Verdict(
            "done",
            f"{name} now holds {manual.role_name} by hand: somebody else set it meanwhile. Nothing was overwritten.",
        )

    return await settle(
        client,
        look,
        f"{name} does not hold the role {role.name}: the change did not arrive. Try again.",
        f"Unknown whether {name} now holds the role {role.name}. Reload before trying again.",
    )


async def check_removal(client: SemaphoreClient, subject_id: str, name: str) -> Verdict:
    """Whether `subject_id` holds no role by hand any more, and whether it stays a member all the same
    (API.md#removing)."""

    async def look() -> Verdict | None:
        bindings = await bindings_of(client, subject_id)
        if any(held.by_hand for held in bindings):
            return None
        if not bindings:
            return Verdict("done", f"{name} is not a member of the organization any more.")
        staying = ", ".join(f"{held.role_name} ({source_words(held.source)})" for held in bindings)
        return Verdict("done", f"{name} holds no role by hand any more, but stays a member through {staying}.")

    return await settle(
        client,
        look,
        f"{name} is still a member: the request did not arrive. Try again.",
        f"Unknown whether {name} is still a member. Reload before trying again.",
    )


async def bindings_of(client: SemaphoreClient, subject_id: str, kind: Kind = "person") -> tuple[RoleBinding, ...]:
    """The role bindings of a subject, from the first list that shows it: Community mixes the lists up
    (API.md#subject-types).

    The list where a `kind` most likely stands is asked for first.
    """
    likely = {"person": "users", "account": "account_members", "group": "group_members"}[kind]
    for name in sorted(MEMBER_LISTS, key=lambda each: each != likely):
        for member in await whole_list(client, name):
            if member.id == subject_id:
                roles: tuple[RoleBinding, ...] = member.roles
                return roles
    return ()


async def check_activation(client: SemaphoreClient, account_id: str, name: str, deactivated: bool) -> Verdict:
    """Whether the account is now deactivated, or active, as asked."""
    wanted, otherwise = ("deactivated", "active") if deactivated else ("active", "deactivated")

    async def look() -> Verdict | None:
        now = await client.describe_service_account(account_id)
        return Verdict("done", f"{name} is {wanted}.") if now.deactivated == deactivated else None

    return await settle(
        client,
        look,
        f"{name} is still {otherwise}: the request did not arrive. Try again.",
        f"Unknown whether {name} is {wanted}. Reload before trying again.",
    )


async def check_deletion(client: SemaphoreClient, account_id: str, name: str) -> Verdict:
    """Whether the account is gone; only Semaphore's own word for it counts."""

    async def look() -> Verdict | None:
        try:
            await client.describe_service_account(account_id)
        except NotFoundError:
            return Verdict("done", f"{name} is deleted.")
        return None

    return await settle(
        client,
        look,
        f"{name} is still there: the request did not arrive. Try again.",
        f"Unknown whether {name} is deleted. Reload before trying again.",
    )
