"""Brings a token to its destination, and checks before it is asked for that this could be done."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from semtui.api.errors import NotSentError

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.models import NewToken
    from semtui.session.session import Session
    from semtui.tokens.delivery import Destination

# What delivers is not needed at start-up, when an earlier run's requests are looked up.


async def require_deliverable(session: Session, to: Destination | None) -> None:
    """Check right before a token is asked for that it could be delivered there; None is no destination.

    Raises NotSentError.
    """
    from semtui.tokens.delivery import DeliveryError, check_destination

    if to is None:
        return
    if to.secret is not None:
        from semtui.changes.secret_destination import require_storable

        await require_storable(session, to.secret)
        return
    try:
        await check_destination(to, os.environ)
    except DeliveryError as error:
        raise NotSentError(f"{error} Nothing was sent.") from None


async def deliver_token(session: Session, token: NewToken, to: Destination) -> str:
    """Deliver a token and release it as soon as it has arrived. Returns the result in words that follow “It was”.

    Raises DeliveryError; the session then still holds the token.
    """

    async def carry(client: SemaphoreClient) -> str:
        if to.secret is not None:
            from semtui.changes.secret_destination import put_into_secret

            return await put_into_secret(session, client, to.secret, token)
        from semtui.tokens.delivery import deliver

        return await deliver(to, token.secret.get_secret_value(), os.environ)

    session.vault.delivering(token, to.words, to.typed if to.secret else "")
    return await session.deliver_token(token, carry)
