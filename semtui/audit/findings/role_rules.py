"""Rules about roles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from semtui.api.permissions import MANAGE_AGENTS, MANAGE_SECRETS, SENSITIVE
from semtui.audit.access.edition import BUILT_IN
from semtui.audit.findings.evidence import Rule
from semtui.audit.findings.findings import About, Facts, Finding

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.audit.findings.evidence import Evidence

_HOLDERS = ("users", "account_members", "group_members")
"""The lists that show who holds a role directly."""


def _custom(evidence: Evidence) -> Iterator[Role]:
    """The custom roles of the organization."""
    return (role for role in evidence.people.roles.items if role.scope != "project" and role.name not in BUILT_IN)


def _about(role: Role) -> About:
    return About(role.id, role.name, "role")


def _bound(evidence: Evidence) -> Counter[str]:
    """How many people, accounts and groups hold each role directly, by role id."""
    found: Counter[str] = Counter()
    for profile, places in zip(evidence.index.profiles, evidence.index.places, strict=True):
        for role_id in {role_id for role_id, _, _ in profile.direct}:
            found[role_id] += len(places)
    return found


def _sensitive(evidence: Evidence) -> Iterator[Finding]:
    bound = _bound(evidence)
    for role in _custom(evidence):
        permissions = tuple(name for name in SENSITIVE if name in role.permissions)
        if permissions and bound[role.id]:
            facts = Facts(permissions=permissions, number=bound[role.id])
            yield Finding("sensitive-role", "medium", _about(role), facts)


def _unused(evidence: Evidence) -> Iterator[Finding]:
    bound = _bound(evidence)
    yield from (Finding("unused-role", "low", _about(role)) for role in _custom(evidence) if not bound[role.id])


def _twins(evidence: Evidence) -> Iterator[Finding]:
    same: dict[frozenset[str], list[Role]] = {}
    for role in evidence.people.roles.items:
        if role.scope != "project":
            same.setdefault(frozenset(role.permissions), []).append(role)
    for roles in same.values():
        # Built-in roles first, because they cannot be the superfluous one; sorted, so that each run names the same.
        first, *others = sorted(roles, key=lambda role: (role.name not in BUILT_IN, role.id))
        for role in others:
            if role.name not in BUILT_IN:
                facts = Facts(other=_about(first), number=len(role.permissions))
                yield Finding("twin-roles", "low", _about(role), facts)


def _everyone(permissions: tuple[str, ...], evidence: Evidence) -> Iterator[Finding]:
    for role in evidence.people.roles.items:
        given = tuple(name for name in permissions if name in role.permissions)
        if role.name == "Member" and role.scope != "project" and given:
            yield Finding("everyone-manages-secrets", "info", _about(role), Facts(permissions=given))


RULES = (
    Rule("sensitive-role", ("medium",), ("roles", *_HOLDERS), _sensitive, "ee"),
    Rule("everyone-manages-secrets", ("info",), ("roles",), partial(_everyone, (MANAGE_SECRETS, MANAGE_AGENTS))),
    Rule("unused-role", ("low",), ("roles", *_HOLDERS), _unused, "ee"),
    Rule("twin-roles", ("low",), ("roles",), _twins, "ee"),
)
