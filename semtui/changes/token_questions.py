"""What a new token can do, asked with the token itself, which is kept no longer for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from semtui.api.errors import IncompleteListError, SemaphoreError, UnauthorizedError
from semtui.wording.tokens import NOT_ACCEPTED, pending_request_words, reach_words, unknown_reach_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from semtui.api.models import NewToken
    from semtui.session.session import Session
    from semtui.wording.styled_text import Tone


async def wait_until_settled(session: Session, token: NewToken, report: Callable[[str], None]) -> None:
    """Wait until no earlier request can replace the token any more: Semaphore remembers a yes for minutes
    (`API.md#token-cache`). `report` is told why, if there is something to wait for."""
    if wait := session.vault.seconds_until_over(token.account_id):
        report(pending_request_words(wait))
        await asyncio.sleep(wait)


async def is_accepted(session: Session, token: NewToken) -> bool:
    """Whether Semaphore accepts the token. Raises SemaphoreError when there is no answer."""
    return await session.ask_with(token, lambda client: client.is_token_accepted())


async def reach_of(session: Session, token: NewToken) -> tuple[str, Tone, frozenset[str]]:
    """Which projects the token reaches, in words that follow its account or “Token”, their tone, and the ids known."""
    try:
        projects = await session.ask_with(token, lambda client: client.list_projects())
    except UnauthorizedError:
        return NOT_ACCEPTED, "warn", frozenset()
    except IncompleteListError as error:
        names = [project.name for project in error.items]
        return unknown_reach_words(error, names), "warn", frozenset(project.id for project in error.items)
    except SemaphoreError as error:
        return unknown_reach_words(error), "warn", frozenset()
    words = reach_words([project.name for project in projects])
    return words, "plain" if projects else "warn", frozenset(project.id for project in projects)
