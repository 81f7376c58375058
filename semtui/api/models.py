"""The API's records, read tolerantly: unknown fields are ignored, nulls become empty, unknown words are kept.

Every text is cleaned as it enters, so nothing downstream can pass a control character to the terminal. A cleaned
text is for display; semtui never sends one back unless the user typed it. Exports, which must be lossless, get the
original by `text.clean.raw`.
"""

from __future__ import annotations

import dataclasses
import sys
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, PlainValidator, SecretStr
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticKnownError

from semtui.text.clean import cleaned


def _text(value: object) -> str:
    """A text, cleaned; "" for null."""
    if isinstance(value, str):
        return cleaned(value)
    if value is None:
        return ""
    raise PydanticKnownError("string_type")


def _id(value: object) -> str:
    """A text, cleaned, that is not empty."""
    text = _text(value)
    if not text:
        raise PydanticKnownError("string_too_short", {"min_length": 1})
    return text


def _scope_word(value: object) -> object:
    """`GET /roles` writes the scope as a number, `GET /roles/:id` and the docs as a word (`API.md#listing-roles`)."""
    return {0: "unspecified", 1: "org", 2: "project"}.get(value, "unknown") if isinstance(value, int) else value


def _empty_if_null(value: object) -> object:
    return () if value is None else value


def _word(value: object) -> str:
    """A text with few distinct values, cleaned and interned."""
    text = _text(value)
    return sys.intern(text) if type(text) is str else text


def _shared(roles: tuple[RoleBinding, ...]) -> tuple[RoleBinding, ...]:
    """One shared object for everybody with the same roles from the same sources."""
    # Not for cleaned texts: two that are drawn alike may have been sent differently.
    plain = all(type(text) is str for role in roles for text in (role.role_id, role.role_name, role.source))
    return _kept_once(roles) if plain else roles


@lru_cache(maxsize=4096)
def _kept_once(roles: tuple[RoleBinding, ...]) -> tuple[RoleBinding, ...]:
    return roles


# Plain validators, because pydantic's own for strings would turn a `Cleaned` into an ordinary str.
Text = Annotated[str, PlainValidator(_text)]
Word = Annotated[str, PlainValidator(_word)]
Id = Annotated[str, PlainValidator(_id)]
Scope = Annotated[str, PlainValidator(_text), BeforeValidator(_scope_word)]
EpochSeconds = Annotated[int | None, Field(strict=True)]
"""Whole seconds since 1970, UTC; None if Semaphore sends none (`API.md#units`)."""


# Slots and shared objects, because an organization may have 100,000 members. Errors must not contain the input: it may
# hold a token. Validators are built while the first answer is awaited.
CONFIG = ConfigDict(extra="ignore", hide_input_in_errors=True, defer_build=True)


@dataclass(frozen=True, slots=True, config=CONFIG)
class RoleBinding:
    """A role held by a subject, and where it came from."""

    role_id: Text
    role_name: Text = ""
    source: Word = "unknown"
    """`manually`, `scim`, `github`, ...: as Semaphore spells it, or a word not known yet (`API.md#sources`)."""

    @property
    def is_manual(self) -> bool:
        """True if it was assigned directly, and so can be changed (`API.md#sources`)."""
        return self.source == "manually"


@dataclass(frozen=True, slots=True, config=CONFIG)
class Member:
    """A person, service account or group that holds a role in the organization (`API.md#members`)."""

    id: Id
    name: Text = ""
    subject_type: Word = "unknown"
    roles: Annotated[tuple[RoleBinding, ...], AfterValidator(_shared), BeforeValidator(_empty_if_null)] = ()


@dataclass(frozen=True, slots=True, config=CONFIG)
class ServiceAccount:
    """A service account; it carries no role (`API.md#service-accounts`)."""

    id: Id
    name: Text = ""
    description: Text = ""
    org_id: Word = ""
    creator_id: Word = ""
    """Empty when the creator has left; Semaphore then refuses every edit."""
    created_at: EpochSeconds = None
    updated_at: EpochSeconds = None
    """Changes on rename, deactivation and regeneration, not on an edit of the description alone or a role change."""
    deactivated: bool = False


@dataclass(frozen=True, slots=True, config=CONFIG)
class Group:
    """A group of people and service accounts; its role is known from the members list (`API.md#groups`)."""

    id: Id
    name: Text = ""
    description: Text = ""
    member_ids: Annotated[tuple[Text, ...], BeforeValidator(_empty_if_null)] = ()


@dataclass(frozen=True, slots=True, config=CONFIG)
class Permission:
    """One thing a role allows."""

    name: Text
    description: Text = ""


@dataclass(frozen=True, slots=True, config=CONFIG)
class Role:
    """A set of permissions (`API.md#listing-roles`)."""

    id: Id
    name: Text = ""
    org_id: Text = ""
    scope: Scope = "unknown"
    description: Text = ""
    permissions: Annotated[tuple[Text, ...], BeforeValidator(_empty_if_null)] = ()
    rbac_permissions: Annotated[tuple[Permission, ...], BeforeValidator(_empty_if_null)] = ()
    """The same permissions with their descriptions, where Semaphore sends them."""
    readonly: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class NewToken:
    """An API token that has just reached us. Semaphore will never show it again."""

    account_id: str
    """Empty when the answer was too damaged to say."""
    account_name: str
    secret: SecretStr
    salvaged: bool = False
    """The answer was damaged, and only the token could be read from it."""


def secret(text: str) -> SecretStr:
    """A text that no repr shows."""
    return SecretStr(text)


@dataclass(frozen=True, slots=True, config=CONFIG)
class Project:
    """A project visible to this API token (`API.md#projects`)."""

    id: Id
    name: Text = ""
    description: Text = ""
    org_id: Text = ""
    owner_id: Text = ""


@dataclass(frozen=True, slots=True, config=CONFIG)
class Invitation:
    """The result of an invitation (`API.md#inviting`)."""

    status: Text = "unknown"
    """`assigned`, `pending`, `denied`, `defaulted_to_member`, or a word not known yet."""
    role_id: Text = ""
    user_id: Text = ""
    """Empty when nobody with a Semaphore account was found."""
    handle: Text = ""
