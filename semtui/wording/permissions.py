"""What roles permit, in words."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from semtui.text.clean import shorten
from semtui.wording.role_bindings import role_tone
from semtui.wording.styled_text import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from semtui.api.models import Role
    from semtui.wording.styled_text import Piece, Tone

_LONGEST_DESCRIPTION = 140
"""In cells, so that it fits into the five lines of a form together with the permissions."""


def description(role: Role) -> list[Piece]:
    """Semaphore's own description of a role, shortened."""
    return [(shorten(role.description, _LONGEST_DESCRIPTION), "plain")]


def meaning(role: Role) -> list[Piece]:
    """A role in a few lines: Semaphore's description, and what it permits."""
    words = shorten(role.description, _LONGEST_DESCRIPTION)
    return [(f"{words} ", "plain"), (f"{role.name} can {permission_summary(role)}", "muted")]


def permission_summary(role: Role, most: int = 5) -> str:
    """`manage secrets, view people, … (14)`: what a role permits."""
    return short_permissions(role.permissions, most) if role.permissions else "do what Semaphore did not list"


def short_permissions(names: Sequence[str], most: int = 5) -> str:
    """`manage secrets, view people, … (14)`: permissions to change something come first."""
    return f"{first_permissions(names, most)} ({len(names)})"


def first_permissions(names: Sequence[str], most: int) -> str:
    """`manage secrets, view people, …`: the same without their number."""
    plain = [_plain_permission(name) for name in sorted(names, key=_weight)]
    return f"{', '.join(plain[:most])}{', …' if len(plain) > most else ''}"


def permissions_page(role: Role) -> list[Line]:
    """A role's description and every permission, by resource, with Semaphore's own explanations."""
    explanations = {permission.name: permission.description for permission in role.rbac_permissions}
    lines = [Line([(role.description or "Semaphore gives no description.", "plain")])]
    if not role.permissions:
        words = "What this role permits is not known: Semaphore did not list the roles."
        return [*lines, Line(), Line([(words, "warn")])]
    return lines + permission_lines(role.permissions, explanations, role_tone(role.name))


def permission_lines(names: Iterable[str], explanations: Mapping[str, str], tone: Tone) -> list[Line]:
    """Permissions grouped by resource, each with its explanation."""
    lines: list[Line] = []
    for resource, members in groupby(sorted(names, key=_by_resource), key=resource_of):
        lines += [Line(), Line([(resource or "other", tone)])]
        for name in members:
            verb = name.removeprefix(f"{resource}.")
            lines.append(Line([(f"  {verb:<16} ", "plain"), (explanations.get(name, ""), "muted")], 19))
    return lines


def resource_of(permission: str) -> str:
    """`organization.secrets.manage` → `organization.secrets`: what a permission is about."""
    return permission.rpartition(".")[0]


def _by_resource(permission: str) -> tuple[str, str]:
    return resource_of(permission), permission


def _weight(name: str) -> tuple[bool, str]:
    return (name.endswith((".view", ".view_settings")), name)


def _plain_permission(name: str) -> str:
    """`organization.secrets.manage` → `manage secrets`."""
    parts = name.removeprefix("organization.").replace("_", " ").split(".")
    return f"{parts[-1]} {' '.join(parts[:-1])}".strip()
