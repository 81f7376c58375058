"""Semaphore's permissions and built-in roles, as each edition ships them."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal
from uuid import UUID, uuid5

Edition = Literal["ee", "ce"]
Scope = Literal["org", "project"]

NAMESPACE = UUID("6f0f3a52-8a3b-5d0e-9c7d-2f1f6f5b7a10")


def fixed_id(kind: str, name: str) -> str:
    """An id that is the same in every run."""
    return str(uuid5(NAMESPACE, f"{kind}:{name}"))


@dataclass(frozen=True)
class Permission:
    """A permission that roles can contain."""

    id: str
    name: str
    scope: Scope
    description: str


@dataclass
class Role:
    """A role of the organization or of projects, built in (`readonly`) or custom."""

    id: str
    name: str
    scope: Scope
    description: str
    permissions: list[str]
    org_id: str
    readonly: bool = False
    maps_to: str | None = None
    """The id of the project role its holders get on every project (API.md#built-in-roles)."""


@cache
def _catalog() -> dict[str, Any]:
    text = Path(__file__).with_name("rbac-catalog.json").read_text(encoding="utf-8")
    catalog: dict[str, Any] = json.loads(text)
    return catalog


def permissions_of(edition: Edition) -> dict[str, Permission]:
    """The edition's permissions by name; their ids are constants on CE only (API.md#permissions)."""
    found = {}
    for entry in _catalog()["permissions"]:
        if edition in entry["edition"]:
            name = entry["name"]
            permission_id = entry["ce_id"] if edition == "ce" else fixed_id("permission", name)
            found[name] = Permission(permission_id, name, entry["scope"], entry["description"])
    return found


def built_in_roles(edition: Edition, org_id: str) -> list[Role]:
    """The edition's read-only roles; on CE their ids are constants and they belong to no organization."""
    roles = []
    for entry in _catalog()["roles"]:
        if edition in entry["edition"]:
            mapped = entry.get("maps_to")
            roles.append(
                Role(
                    id=entry.get("id") or built_in_role_id(entry["name"], entry["scope"]),
                    name=entry["name"],
                    scope=entry["scope"],
                    description=entry["description"],
                    permissions=list(entry["permissions"]),
                    org_id="" if edition == "ce" else org_id,
                    readonly=True,
                    maps_to=built_in_role_id(mapped, "project") if mapped else None,
                )
            )
    return roles


def built_in_role_id(name: str, scope: Scope) -> str:
    """The id a built-in role has on EE."""
    return fixed_id(f"{scope} role", name)
