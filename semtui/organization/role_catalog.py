"""Semaphore's built-in roles as it ships them, for when Semaphore does not tell; an installation may differ."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from semtui.api.models import Permission, Role


@cache
def _catalog() -> dict[str, Any]:
    catalog: dict[str, Any] = json.loads(Path(__file__).with_name("role_catalog.json").read_text(encoding="utf-8"))
    return catalog


@cache
def built_in_role(name: str, scope: str, *, community: bool) -> Role | None:
    """The built-in role of that name and scope (`org`, `project`), without an id of its own; None for no such role."""
    from semtui.api.models import Permission, Role

    edition = "ce" if community else "ee"
    for entry in _catalog()["roles"]:
        if (entry["name"], entry["scope"]) == (name, scope) and edition in entry["editions"]:
            explained = [Permission(name=each, description=explanation(each)) for each in entry["permissions"]]
            return Role(
                id="built-in",
                name=name,
                scope=scope,
                description=entry["description"],
                permissions=tuple(entry["permissions"]),
                rbac_permissions=tuple(explained),
                readonly=True,
            )
    return None


def explanation(permission: str) -> str:
    """Semaphore's explanation of a permission; empty for one it does not ship."""
    words: str = _catalog()["permissions"].get(permission, "")
    return words


def all_permissions(scope: str) -> tuple[Permission, ...]:
    """Every permission of a scope (`org`, `project`) that Semaphore ships."""
    from semtui.api.models import Permission

    prefix = "organization." if scope == "org" else "project."
    names = sorted(name for name in _catalog()["permissions"] if name.startswith(prefix))
    return tuple(Permission(name=name, description=explanation(name)) for name in names)
