"""What became of a write to a secret whose answer was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.changes.reconcile import Reconciliation, poll_until_known

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.secret_models import Secret, SecretContent


async def check_secret_creation(
    client: SemaphoreClient, name: str, content: SecretContent, project_id: str = ""
) -> Reconciliation:
    """Whether the secret is there, whose name was free before; its content is compared as far as Semaphore shows."""

    async def look() -> Reconciliation | None:
        found = await client.find_secret(name, project_id)
        if found is None:
            return None
        if content.is_in(found) is False:
            return Reconciliation("not done", f"There is a secret {name} with another content: not this one.", found.id)
        return Reconciliation("done", f"The secret {name} is there.", found.id)

    return await poll_until_known(
        client,
        look,
        f"There is no secret {name}: the request did not arrive. Try again.",
        f"Unknown whether the secret {name} is there. Check before trying again.",
    )


async def check_secret_replacement(
    client: SemaphoreClient, before: Secret, content: SecretContent, *, v2: bool = False
) -> Reconciliation:
    """Whether the secret holds the content now; where Semaphore tells nothing of that, whether it was changed."""

    async def look() -> Reconciliation | None:
        describe = client.describe_secret_v2 if v2 else client.describe_secret
        found = await describe(before.id, before.project_id)
        held = content.is_in(found)
        if held or (held is None and found.updated_at != before.updated_at):
            return Reconciliation("done", f"The secret {before.name} is replaced.", found.id)
        return None

    return await poll_until_known(
        client,
        look,
        f"The secret {before.name} is as it was: the request did not arrive. Try again.",
        f"Unknown whether the secret {before.name} is replaced. Check before trying again.",
    )


async def check_secret_deletion(
    client: SemaphoreClient, secret_id: str, name: str, project_id: str = ""
) -> Reconciliation:
    """Whether the secret is gone."""

    async def look() -> Reconciliation | None:
        found = await client.find_secret(secret_id, project_id)
        return Reconciliation("done", f"The secret {name} is deleted.") if found is None else None

    return await poll_until_known(
        client,
        look,
        f"The secret {name} is still there: the request did not arrive. Try again.",
        f"Unknown whether the secret {name} is deleted. Check before trying again.",
    )
