"""Find out whether a secret took the token that a killed semtui was putting into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.api.errors import NotSentError
from semtui.changes.reconcile import Reconciliation, poll_until_known
from semtui.changes.secret_destination import project_and_policy
from semtui.tokens.secret_place import MARK, secret_place
from semtui.wording.dates import clock_time

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.secret_models import Secret
    from semtui.tokens.journal import Intent
    from semtui.tokens.secret_place import SecretPlace

LOST = "The token is lost: regenerate it."
_LEEWAY = 5.0
"""Seconds by which Semaphore's times may be off: they are whole seconds, from more than one of its machines."""


async def check_secret(client: SemaphoreClient, intent: Intent) -> Reconciliation:
    """Whether the secret is there, changed since the token was asked for; what is in it, Semaphore does not show."""
    place = secret_place(intent.secret.removeprefix(MARK))
    start = place.sentence_start
    unknown = f"Unknown whether {place.words} took it: look there. If it did not, regenerate the token."
    try:
        project_id, asked = await project_and_policy(client, place)
    except NotSentError as error:
        return Reconciliation("unknown", f"{unknown} {error.reason}")
    is_gone = False

    async def look() -> Reconciliation | None:
        nonlocal is_gone
        found = await client.find_secret(place.name, project_id)
        is_gone = found is None
        if found is None or not _took(found, place, intent):
            return None
        if asked is not None and (found.policy is None or not found.policy.equals(asked)):
            words = (
                f"{start} is there without the restriction that was asked for, so that every project can use it: "
                "delete it, and regenerate the token."
            )
            return Reconciliation("done", words, found.id)
        at = clock_time(found.updated_at or found.created_at)
        return Reconciliation(
            "done", f"{start} took it at {at}, if nobody else has changed it; Semaphore does not show what is in it."
        )

    result = await poll_until_known(client, look, f"{start} did not take it. {LOST}", unknown)
    if result.outcome == "not done" and is_gone and place.way != "new":
        words = f"{start} is not there any more, and jobs that name it cannot start. {LOST}"
        return Reconciliation("not done", words)
    return result


def _took(found: Secret, place: SecretPlace, intent: Intent) -> bool:
    changed_at = found.updated_at or found.created_at
    since = intent.begun_at if intent.sent_at is None else intent.sent_at
    recent = changed_at is None or changed_at >= since - _LEEWAY
    return recent and place.entry in [each.name for each in (*found.env_vars, *found.files)]
