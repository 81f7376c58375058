"""Service accounts: their records, names and tokens (API.md#service-accounts)."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from semtui.demo.access import Access
from semtui.demo.errors import internal_error, invalid, missing
from semtui.demo.records import (
    Params,
    ServiceAccountRecord,
    State,
    Subject,
    given_text,
    optional_text,
    required_uuid,
)
from semtui.demo.texts import graphemes, trimmed
from semtui.demo.tokens import Tokens

LONGEST_NAME = 255
LONGEST_DESCRIPTION = 500
LONGEST_ADDRESS = 255
LARGEST_OFFSET = 2**63 - 1

CREATE_FAILED = "Failed to create service account"
UPDATE_FAILED = "Failed to update service account"
EMPTY_NAME = "Service account name cannot be empty"


def slug(name: str) -> str:
    """The part of the synthetic e-mail address that must be unique: bytes other than letters and digits become
    dashes."""
    return re.sub(rb"[^a-z0-9-]", b"-", name.lower().encode()).decode()


class ServiceAccounts:
    """The organization's service accounts."""

    def __init__(self, state: State, access: Access, tokens: Tokens) -> None:
        self._state = state
        self._access = access
        self._tokens = tokens
        self._slugs: dict[str, str] = {}
        # A second table keeps the address an account was created with; a rename does not change it.
        self._first_slugs: dict[str, str] = {}

    def page(self, params: Params) -> dict[str, Any]:
        """One page of service accounts, oldest first; the page token is an offset."""
        size = _page_size(params.get("page_size"))
        offset = _offset(params.get("page_token"))
        accounts = sorted(self._state.service_accounts.values(), key=lambda one: (one.created_at, one.id))
        shown = accounts[offset : offset + size]
        end = offset + len(shown)
        return {
            "service_accounts": [self.wire(account) for account in shown],
            "next_page_token": str(end) if shown and end < len(accounts) else "",
        }

    def create(self, caller: str, params: Params) -> dict[str, Any]:
        """Create a service account and return it with its token."""
        if params.get("name", "") == "":
            raise invalid("Name must be provided")
        name = trimmed(optional_text(params, "name") or "")
        description = trimmed(optional_text(params, "description") or "")
        if not name:
            raise invalid(EMPTY_NAME)
        account, token = self.add(name, description, caller)
        return {"service_account": self.wire(account), "api_token": token}

    def add(self, name: str, description: str, creator_id: str) -> tuple[ServiceAccountRecord, str]:
        """Create an account and its token, or refuse the way Semaphore does."""
        own = slug(name)
        taken = own in self._slugs or own in self._first_slugs
        if _too_long(name, description, graphemes) or taken:
            raise invalid(CREATE_FAILED)
        address = f"{own}@service-accounts.{self._state.org_name}.semaphoreci.com"
        if len(address) > LONGEST_ADDRESS or _too_long(name, description, len):
            raise internal_error()
        now = self._state.now
        account = ServiceAccountRecord(str(uuid4()), name, description, creator_id, now, now)
        self.register(account)
        return account, self._tokens.issue(account.id)

    def register(self, account: ServiceAccountRecord, first_name: str | None = None) -> None:
        """Add a finished record; `first_name` is the name it was created under, if it was renamed since."""
        original = first_name or account.name
        self._state.service_accounts[account.id] = account
        self._state.subjects[account.id] = Subject("service_account", original)
        self._slugs[slug(account.name)] = account.id
        self._first_slugs[slug(original)] = account.id

    def describe(self, params: Params) -> dict[str, Any]:
        """Return one service account, without its token."""
        return self.wire(self._found(params))

    def update(self, params: Params) -> dict[str, Any]:
        """Change name and description; a field that is not given keeps its value."""
        account = self._found(params)
        # Unlike a creation, an edit catches what the database refuses.
        if any("\0" in value for value in (params.get("name"), params.get("description")) if isinstance(value, str)):
            raise invalid(UPDATE_FAILED)
        name, description = given_text(params, "name"), given_text(params, "description")
        if name is not None and not trimmed(name):
            raise invalid(EMPTY_NAME)
        return self.wire(self.edit(account.id, name, description))

    def edit(self, account_id: str, name: str | None, description: str | None) -> ServiceAccountRecord:
        """Change what is given; only a new name moves `updated_at`."""
        account = self._state.service_accounts[account_id]
        new_name = account.name if name is None else trimmed(name)
        new_description = account.description if description is None else trimmed(description)
        taken = self._slugs.get(slug(new_name), account_id) != account_id
        if taken or _too_long(new_name, new_description, len) or not account.creator_id:
            raise invalid(UPDATE_FAILED)
        account.description = new_description
        if new_name != account.name:
            del self._slugs[slug(account.name)]
            self._slugs[slug(new_name)] = account_id
            account.name = new_name
            account.updated_at = self._state.now
        return account

    def deactivate(self, params: Params) -> dict[str, Any]:
        """Deactivate a service account."""
        account = self._found(params)
        account.deactivated = True
        account.updated_at = self._state.now
        return {"status": "deactivated"}

    def reactivate(self, params: Params) -> dict[str, Any]:
        """Reactivate a service account; an active one stays as it is."""
        account = self._found(params)
        if account.deactivated:
            account.deactivated = False
            account.updated_at = self._state.now
        return {"status": "reactivated"}

    def regenerate_token(self, params: Params) -> dict[str, Any]:
        """Replace an account's token and return the new one."""
        account = self._found(params)
        account.updated_at = self._state.now
        return {"api_token": self._tokens.issue(account.id)}

    def delete(self, params: Params) -> dict[str, Any]:
        """Delete a service account for good."""
        self.drop(self._found(params).id)
        return {"status": "deleted"}

    def drop(self, account_id: str) -> None:
        """Delete an account at once, and its RBAC records when their queue runs."""
        account = self._state.service_accounts.pop(account_id)
        del self._slugs[slug(account.name)]
        self._tokens.withdraw(account_id)
        for other in self._state.service_accounts.values():
            if other.creator_id == account_id:
                other.creator_id = ""
        self._state.later(lambda: self._clean_up(account_id))

    def _clean_up(self, account_id: str) -> None:
        self._access.forget(account_id)
        # On CE nothing frees the address a deleted account was created with.
        if self._state.edition == "ee":
            self._first_slugs = {own: one for own, one in self._first_slugs.items() if one != account_id}

    def _found(self, params: Params) -> ServiceAccountRecord:
        account_id = required_uuid(params, "id")
        account = self._state.service_accounts.get(account_id)
        if account is None:
            raise missing(f"Service account {account_id} not found")
        return account

    def wire(self, account: ServiceAccountRecord) -> dict[str, Any]:
        """A service account as the API returns it."""
        return {
            "id": account.id,
            "name": account.name,
            "description": account.description,
            "org_id": self._state.org_id,
            "creator_id": account.creator_id,
            "created_at": account.created_at,
            "updated_at": account.updated_at,
            "deactivated": account.deactivated,
        }


def _too_long(name: str, description: str, length: Callable[[str], int]) -> bool:
    return length(name) > LONGEST_NAME or length(description) > LONGEST_DESCRIPTION


def _page_size(value: object) -> int:
    if value is None:
        return 100
    if not isinstance(value, str) or not re.fullmatch(r"[+-]?[0-9]+", value):
        raise invalid(f"Invalid value of 'page_size' param: \"{value}\" - needs to be integer.")
    size = int(value[:20])
    return size if 1 <= size <= 100 else 20


def _offset(value: object) -> int:
    if value is None or value == "":
        return 0
    if not isinstance(value, str) or not re.fullmatch(r"\+?[0-9]+|-0+", value):
        raise invalid(f"Invalid value of 'page_token' param: \"{value}\" - must be a non-negative integer.")
    if len(value) > 19 or int(value) > LARGEST_OFFSET:
        raise internal_error()
    return int(value)
