"""Requests to the API of one organization: JSON out, or a `SemaphoreError`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from semtui.api.errors import NoAnswerError, NotSentError, OutcomeUnknownError, UnexpectedAnswerError
from semtui.api.pagination import Page, ReadOptions, complete_list, numbered_pages
from semtui.api.permissions import MANAGE_SERVICE_ACCOUNTS
from semtui.api.readers import ModelReader, prepare_lists
from semtui.api.responses import (
    Needed,
    as_needed,
    failure_words,
    field_error,
    not_the_api,
    raise_for_write,
    refusal,
)
from semtui.api.token_response import TokenCapture
from semtui.api.transport import Answer, Limits, Transport
from semtui.text.clean import clean

if TYPE_CHECKING:
    from semtui.api.models import Group, Member, NewToken
    from semtui.system.debug_log import DebugLog

_OTHERS_CONNECT_TOO = 0.02
"""Seconds from the first request's connection until those begun together with it have asked for theirs."""

PagedT = TypeVar("PagedT", "Member", "Group")


class BaseClient:
    """One organization, accessed with one API token.

    `host` is its name in errors. `hold_token` is called with every API token as soon as its bytes have arrived, before
    anything else can fail, and again, with the same secret, when more is known about it.
    """

    # As large as Semaphore allows: above 100 it silently falls back to 20 (`API.md#paging-accounts`).
    accounts_per_page = 100
    members_per_page = 2000

    def __init__(
        self,
        base_url: str,
        api_token: str,
        *,
        host: str = "",
        hold_token: Callable[[NewToken], None] = lambda token: None,
        read_only: bool = False,
        ca_file: Path | None = None,
        limits: Limits = Limits(),  # noqa: B008 - frozen, so one for all is safe
        log: DebugLog | None = None,
    ) -> None:
        self._transport = Transport(
            base_url, api_token, host=host, read_only=read_only, ca_file=ca_file, limits=limits, log=log
        )
        self._hold_token = hold_token
        self.own_id = ""
        """The id of this API token's owner, known once they have created an account (API.md#what-a-token-may)."""
        self.host = self._transport.host
        self.limits = limits

    async def prepare_once_connecting(self) -> None:
        """`prepare_to_read` when the first requests are on their way, however slow this computer is."""
        await self._transport.connecting()
        asyncio.get_running_loop().call_later(_OTHERS_CONNECT_TOO, self.prepare_to_read)

    def prepare_to_read(self) -> None:
        """Load the code that reads the lists. It takes about as long as a request, so do it while one is under way."""
        prepare_lists()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    @property
    def server_time(self) -> float | None:
        """Semaphore's clock now, accurate to about a second, in epoch seconds; None before the first answer."""
        return self._transport.server_time

    async def _read(
        self, path: str, needed: str | Needed, params: dict[str, str | int] | None = None
    ) -> dict[str, object] | list[object]:
        """The JSON answer to a read; `needed` is at least the permission the endpoint requires. Raises RefusedError,
        NoAnswerError and UnexpectedAnswerError."""
        return self._json(path, await self._answer(path, needed, params))

    async def _answer(self, path: str, needed: str | Needed, params: dict[str, str | int] | None) -> Answer:
        """The answer to a read, if it is a 200; for the errors see `_read`."""
        answer = await self._transport.read(path, params)
        if answer.status == 429:
            raise refusal(self.host, answer, as_needed(needed))
        if answer.lost or answer.is_transient or answer.status >= 500:
            raise NoAnswerError(failure_words(self.host, answer))
        if answer.status != 200:
            raise refusal(self.host, answer, as_needed(needed))
        return answer

    def _json(self, path: str, answer: Answer) -> dict[str, object] | list[object]:
        try:
            data = answer.json()
        except ValueError as error:
            raise UnexpectedAnswerError(not_the_api(self.host, answer, str(error))) from None
        if not isinstance(data, dict | list):
            raise field_error(path, "the answer", "should be an object or a list")
        return data

    async def _write(
        self, method: str, path: str, needed: str | Needed, body: dict[str, object] | None = None
    ) -> object:
        """Send a write once and return its JSON. Raises RefusedError, and OutcomeUnknownError if the answer proves
        neither success nor refusal."""
        answer = await self._transport.write(method, path, body)
        raise_for_write(self.host, answer, as_needed(needed))
        try:
            return answer.json()
        except ValueError as error:
            raise OutcomeUnknownError(not_the_api(self.host, answer, str(error))) from None

    async def _command(
        self, method: str, path: str, needed: str | Needed, done: str, body: dict[str, object] | None = None
    ) -> None:
        """Send a write that is answered with nothing but `{"status": done}`."""
        data = await self._write(method, path, needed, body)
        if not isinstance(data, dict) or data.get("status") != done:
            raise OutcomeUnknownError(f"{self.host} answered, but did not say “{done}”.")

    async def _make_token(
        self, path: str, body: dict[str, object] | None, account_id: str, account_name: str
    ) -> NewToken:
        """Send a request that creates a token, once. A damaged answer still yields the token in it."""
        capture = TokenCapture(self._hold_token, account_id, clean(account_name))
        try:
            answer = await self._transport.write("POST", path, body, capture)
            new = capture.conclude(answer.body, good=answer.status == 200 and not answer.lost)
            if new is None:
                raise_for_write(self.host, answer, as_needed(MANAGE_SERVICE_ACCOUNTS))
                raise OutcomeUnknownError(f"{self.host} answered, but its answer carried no API token.")
            if not account_id:
                self.own_id = capture.creator_id or self.own_id
            return new
        except BaseException:
            capture.rescue()
            raise

    async def _read_pages(
        self,
        path: str,
        reader: ModelReader[PagedT],
        key: str,
        needed: str | Needed,
        params: dict[str, str | int],
        reading: ReadOptions,
    ) -> tuple[PagedT, ...]:
        """A list with numbered pages, which have their rows under `key`."""
        size = reading.size or self.members_per_page

        async def ask(number: int) -> Page[PagedT]:
            data = await self._read(path, needed, {**params, "page_no": number, "page_size": size})
            total = data.get("total_pages") if isinstance(data, dict) else 0
            return Page(reader.read_list(data, key), total=total if type(total) is int else 0)

        with complete_list(self.host, key):
            return await numbered_pages(ask, reading)


def path_part(identifier: str) -> str:
    """An id, quoted as one segment of a path. Raises NotSentError for `.` and `..`, which would lead elsewhere."""
    if not identifier.strip("."):
        raise NotSentError("Semaphore gave an id that is none; nothing was sent.")
    return quote(identifier, safe="")
