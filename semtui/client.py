"""Semaphore's API, one method per endpoint: models out, `SemaphoreError` when it does not work out."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from pydantic import BaseModel, SecretStr, ValidationError

from semtui.errors import (
    NoAnswerError,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RefusedError,
    SemaphoreError,
    TooManyRequestsError,
    UnauthorizedError,
    UnexpectedAnswerError,
)
from semtui.models import Group, Member, NewToken, Role, ServiceAccount
from semtui.text import clean
from semtui.transport import Answer, Limits, Transport

ModelT = TypeVar("ModelT", bound=BaseModel)
ItemT = TypeVar("ItemT", Member, ServiceAccount, Group, Role)

VIEW_PEOPLE = "organization.people.view"
MANAGE_PEOPLE = "organization.people.manage"
VIEW_SERVICE_ACCOUNTS = "organization.service_accounts.view"
MANAGE_SERVICE_ACCOUNTS = "organization.service_accounts.manage"
CHANGE_OWNER = "organization.change_owner"
VIEW_ROLES = "organization.custom_roles.view"

_TOKEN = r"[A-Za-z0-9_\-=.]{8,200}"
_TOKEN_IN_BODY = re.compile(rb'"api_token"\s*:\s*"(' + _TOKEN.encode() + rb')"')
_MOST_PAGES = 10_000
_LONGEST_MESSAGE = 300


class SemaphoreClient:
    """One organization, seen with one API token.

    `host` is what errors call it. `hold_token` is called with every API token the moment it has been read, before
    anything else can fail.
    """

    # As large as Semaphore allows: above 100 it silently falls back to 20 (`api.md` §2.12).
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
    ) -> None:
        self._transport = Transport(base_url, api_token, host=host, read_only=read_only, ca_file=ca_file, limits=limits)
        self._hold_token = hold_token
        self.host = self._transport.host
        self.limits = limits

    async def aclose(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    # Lists

    async def list_members(self, member_type: str) -> tuple[Member, ...]:
        """Everyone of one type (`user`, `service_account`, `group`) with a role, by `GET /members` (§2.1)."""
        return await self._numbered_pages("members", Member, "members", VIEW_PEOPLE, {"member_type": member_type})

    async def list_groups(self) -> tuple[Group, ...]:
        """All groups, by `GET /groups` (§2.11)."""
        return await self._numbered_pages("groups", Group, "groups", VIEW_PEOPLE, {})

    async def list_service_accounts(self) -> tuple[ServiceAccount, ...]:
        """All service accounts, deactivated and role-less ones included (`GET /service_accounts`, §2.12)."""
        found: dict[str, ServiceAccount] = {}
        token, pages_without_news = "", 0
        while pages_without_news < 2:
            known = len(found)
            params: dict[str, str | int] = {"page_size": self.accounts_per_page}
            if token:
                params["page_token"] = token
            data = await self._read("service_accounts", VIEW_SERVICE_ACCOUNTS, params)
            found |= {item.id: item for item in _items(data, "service_accounts", ServiceAccount)}
            pages_without_news = pages_without_news + 1 if len(found) == known else 0
            next_token = data.get("next_page_token") if isinstance(data, dict) else ""
            if not next_token:
                return tuple(found.values())
            if not isinstance(next_token, str):
                raise _wrong("service_accounts", "next_page_token", "should be a text")
            token = next_token
        raise UnexpectedAnswerError(
            f"{self.host} sends the same page of service accounts over and over, so the list is not complete."
        )

    async def list_roles(self) -> tuple[Role, ...]:
        """The organization's roles (`GET /roles`, §2.5); project roles are never listed."""
        data = await self._read("roles", VIEW_ROLES)
        return tuple(_items({"roles": data} if isinstance(data, list) else data, "roles", Role))

    async def _numbered_pages(
        self, path: str, model: type[ItemT], key: str, permission: str, params: dict[str, str | int]
    ) -> tuple[ItemT, ...]:
        """Pages 0, 1, 2, ... until a short one, merged by id.

        Community counts from 1 and answers page 0 as page 1, so one page without news is no end (§2.1).
        """
        found: dict[str, ItemT] = {}
        pages_without_news = 0
        for number in range(_MOST_PAGES):
            known = len(found)
            page_params = {**params, "page_no": number, "page_size": self.members_per_page}
            items = _items(await self._read(path, permission, page_params), key, model)
            found |= {item.id: item for item in items}
            if len(items) < self.members_per_page:
                return tuple(found.values())
            pages_without_news = pages_without_news + 1 if len(found) == known else 0
            if pages_without_news == 2:
                break
        raise UnexpectedAnswerError(
            f"{self.host} sends the same page of {key} over and over, so the list is not complete."
        )

    # Service accounts

    async def describe_service_account(self, account_id: str) -> ServiceAccount:
        """One service account. Raises NotFoundError when it is gone (§2.12)."""
        path = f"service_accounts/{quote(account_id, safe='')}"
        return _model(await self._read(path, VIEW_SERVICE_ACCOUNTS), ServiceAccount, path)

    async def create_service_account(self, name: str, description: str) -> NewToken:
        """Create an account, without a role as yet, and return its API token (§2.12, §3.1)."""
        body: dict[str, object] = {"name": name, "description": description}
        answer = await self._transport.write("POST", "service_accounts", body)
        return self._new_token(answer, "", name)

    async def regenerate_token(self, account_id: str, account_name: str) -> NewToken:
        """Replace an account's API token and return the new one (§2.12)."""
        path = f"service_accounts/{quote(account_id, safe='')}/regenerate_token"
        return self._new_token(await self._transport.write("POST", path), account_id, account_name)

    async def update_service_account(
        self, account_id: str, *, name: str | None = None, description: str | None = None
    ) -> ServiceAccount:
        """Change name, description or both; what is None stays as it is and is not sent (§2.12)."""
        path = f"service_accounts/{quote(account_id, safe='')}"
        fields: dict[str, object] = {"name": name, "description": description}
        sent = {key: value for key, value in fields.items() if value is not None}
        data = await self._write("PATCH", path, MANAGE_SERVICE_ACCOUNTS, sent)
        try:
            return _model(data, ServiceAccount, path)
        except UnexpectedAnswerError as error:
            raise OutcomeUnknownError(str(error)) from None

    async def delete_service_account(self, account_id: str) -> None:
        """Delete an account for good; its token stops working within five minutes (§1.2, §2.12)."""
        path = f"service_accounts/{quote(account_id, safe='')}"
        await self._command("DELETE", path, MANAGE_SERVICE_ACCOUNTS, "deleted")

    async def deactivate_service_account(self, account_id: str) -> None:
        """Bar the account's token until it is reactivated; roles stay (§2.12)."""
        path = f"service_accounts/{quote(account_id, safe='')}/deactivate"
        await self._command("POST", path, MANAGE_SERVICE_ACCOUNTS, "deactivated")

    async def reactivate_service_account(self, account_id: str) -> None:
        """Let the account's token work again (§2.12)."""
        path = f"service_accounts/{quote(account_id, safe='')}/reactivate"
        await self._command("POST", path, MANAGE_SERVICE_ACCOUNTS, "reactivated")

    # Roles of members

    async def assign_role(self, subject_id: str, role_id: str) -> None:
        """Give a person, account or group this role in place of its manually assigned one (§2.3)."""
        path = f"members/{quote(subject_id, safe='')}/role"
        try:
            await self._command("PUT", path, MANAGE_PEOPLE, "assigned", {"role_id": role_id})
        except PermissionDeniedError as error:
            if error.not_held != (CHANGE_OWNER,):
                raise
            words = f"Semaphore refused: giving or taking the role Owner takes the permission {CHANGE_OWNER}."
            raise PermissionDeniedError(words, message=error.message) from None

    # One request

    async def _read(
        self, path: str, permission: str, params: dict[str, str | int] | None = None
    ) -> dict[str, object] | list[object]:
        answer = await self._transport.read(path, params)
        if answer.status == 429:
            raise _refusal(self.host, answer, permission)
        if answer.lost or answer.passing or answer.status >= 500:
            raise NoAnswerError(_trouble(self.host, answer))
        if answer.status != 200:
            raise _refusal(self.host, answer, permission)
        try:
            data = answer.json()
        except ValueError as error:
            raise UnexpectedAnswerError(_not_the_api(self.host, answer, str(error))) from None
        if not isinstance(data, dict | list):
            raise _wrong(path, "the answer", "should be an object or a list")
        return data

    async def _write(self, method: str, path: str, permission: str, body: dict[str, object] | None = None) -> object:
        """Send a write once and return its JSON. Raises OutcomeUnknownError when the answer proves nothing."""
        answer = await self._transport.write(method, path, body)
        _raise_unless_done(self.host, answer, permission)
        try:
            return answer.json()
        except ValueError as error:
            raise OutcomeUnknownError(_not_the_api(self.host, answer, str(error))) from None

    async def _command(
        self, method: str, path: str, permission: str, done: str, body: dict[str, object] | None = None
    ) -> None:
        """Send a write whose answer is only `{"status": done}`."""
        data = await self._write(method, path, permission, body)
        if not isinstance(data, dict) or data.get("status") != done:
            raise OutcomeUnknownError(f"{self.host} answered, but did not say “{done}”.")

    def _new_token(self, answer: Answer, account_id: str, account_name: str) -> NewToken:
        """The token in an answer, held at once. A damaged answer still yields it when it is there in full."""
        token, trouble = "", None
        try:
            _raise_unless_done(self.host, answer, MANAGE_SERVICE_ACCOUNTS)
        except OutcomeUnknownError as error:
            trouble = error
        try:
            data = answer.json()
        except ValueError:
            data = None
        if isinstance(data, dict) and isinstance(data.get("api_token"), str):
            token = data["api_token"].strip()
            account = data.get("service_account")
            if isinstance(account, dict) and isinstance(account.get("id"), str):
                account_id = clean(account["id"])
        elif answer.status == 200 and (found := _TOKEN_IN_BODY.search(answer.body)):
            token = found.group(1).decode()
        if not re.fullmatch(_TOKEN, token) or answer.status != 200:
            lost = "its answer carried no API token"
            raise trouble or OutcomeUnknownError(f"{self.host} answered, but {lost}.")
        new = NewToken(
            account_id=account_id,
            account_name=clean(account_name),
            secret=SecretStr(token),
            salvaged=data is None or not account_id or trouble is not None,
        )
        self._hold_token(new)
        return new


# Reading answers


def _raise_unless_done(host: str, answer: Answer, permission: str) -> None:
    """Sort an answer to a write into done (returns), refused or unknown (raises); `security.md` §3.1."""
    if answer.status == 429:
        raise _refusal(host, answer, permission)
    # A 404 that is plain text comes from a gateway or an old server and says nothing about the record.
    entity_gone = answer.status == 404 and isinstance(_json_or_none(answer), str)
    refused = answer.status in (400, 401, 413, 422) or entity_gone or answer.status == 403
    if refused and not answer.passing and not answer.lost:
        raise _refusal(host, answer, permission)
    if answer.status != 200 or answer.lost:
        raise OutcomeUnknownError(_trouble(host, answer))


def _refusal(host: str, answer: Answer, permission: str) -> SemaphoreError:
    message = error_message(answer)
    if answer.status == 401:
        return UnauthorizedError(
            f"{host} does not accept this API token. It may have been replaced, deactivated or deleted.",
            status=401,
            message=message,
        )
    if answer.status == 403 and _json_or_none(answer) is None and not _looks_like_html(answer):
        return PermissionDeniedError(
            f"This API token lacks the permission {permission}.", message=message, missing=permission
        )
    if answer.status == 403:
        return PermissionDeniedError(f"Semaphore refused: {_sentence(message)}", message=message)
    if answer.status == 404 and isinstance(_json_or_none(answer), str):
        return NotFoundError(f"Semaphore says: {_sentence(message)}", status=404, message=message)
    if answer.status == 429:
        wait = f" It asks to wait {answer.retry_after:.0f} seconds." if answer.retry_after else ""
        return TooManyRequestsError(
            f"{host} is being asked too often.{wait} Nothing was done.", status=429, message=message
        )
    if answer.status in (400, 413, 422):
        return RefusedError(f"Semaphore refused: {_sentence(message)}", status=answer.status, message=message)
    return UnexpectedAnswerError(_trouble(host, answer))


def error_message(answer: Answer) -> str:
    """Semaphore's own words, whichever of its services wrote them: text, JSON text or object (`api.md` §1.5)."""
    data = _json_or_none(answer)
    if isinstance(data, dict):
        data = data.get("message", "")
    text = data if isinstance(data, str) else answer.body.decode("utf-8", errors="replace")
    if _looks_like_html(answer):
        return "an HTML page"
    return clean(" ".join(text.split()), limit=_LONGEST_MESSAGE)


def _trouble(host: str, answer: Answer) -> str:
    if answer.lost:
        return f"{host}: {answer.lost}."
    if answer.status == 403:
        return f"{host} answered with an empty 403, which means that its sign-in service is down for the moment."
    if 300 <= answer.status < 400:
        target = clean(answer.location, limit=100) or "another address"
        return f"{host} sent us on to {target}, and semtui follows no redirects. Is the host right?"
    if answer.status == 404:
        words = error_message(answer)
        return f"{host} knows no such organization or address, or bars this network (404: {words})."
    if answer.status >= 500:
        return f"{host} has trouble of its own (status {answer.status}: {error_message(answer)})."
    return _not_the_api(host, answer, f"status {answer.status}")


def _not_the_api(host: str, answer: Answer, why: str) -> str:
    what = "an HTML page" if _looks_like_html(answer) else f"something that is {why}"
    if not answer.body.strip():
        what = "nothing"
    return f"{host} answered with {what} where Semaphore's API should. Is the host right?"


def _looks_like_html(answer: Answer) -> bool:
    return answer.body.lstrip()[:15].lower().startswith((b"<!doctype", b"<html"))


def _json_or_none(answer: Answer) -> object:
    try:
        return answer.json()
    except ValueError:
        return None


def _sentence(message: str) -> str:
    return message if message.endswith((".", "!", "?")) else f"{message}."


def _items(data: object, key: str, model: type[ItemT]) -> list[ItemT]:
    entries = data.get(key) if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise _wrong(key, key, "should be a list")
    return [_model(entry, model, f"{key}[{position}]") for position, entry in enumerate(entries)]


def _model(data: object, model: type[ModelT], where: str) -> ModelT:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the answer"
        raise _wrong(where, field, clean(first["msg"][0].lower() + first["msg"][1:])) from None


def _wrong(where: str, field: str, why: str) -> UnexpectedAnswerError:
    return UnexpectedAnswerError(f"Semaphore's answer cannot be read: in {clean(where)}, {clean(field)}: {why}.")
