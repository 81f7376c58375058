"""What to know before a role is assigned, and what may not be granted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from semtui.api.models import (
    Group,
    Member,
    Permission,
    Role,
    RoleBinding,
)
from semtui.api.permissions import CHANGE_OWNER
from semtui.organization.people import People
from semtui.wording.granting import change_warnings, withheld_roles

VIEW, MANAGE, SECRETS, DELETE = (f"organization.{name}" for name in ("view", "people.manage", "secrets.view", "delete"))
OWNER = Role(id="owner", name="Owner", readonly=True, permissions=(VIEW, MANAGE, SECRETS, DELETE))
ADMIN = Role(id="admin", name="Admin", readonly=True, permissions=(VIEW, MANAGE, SECRETS, "project.delete"))
MEMBER = Role(id="member", name="Member", readonly=True, permissions=(VIEW,))
OPS = Role(
    id="ops",
    name="Ops",
    permissions=(VIEW, SECRETS),
    rbac_permissions=(Permission(name=SECRETS, description="See secrets."),),
)


def binding(role: Role, source: str = "manually") -> RoleBinding:
    return RoleBinding(role_id=role.id, role_name=role.name, source=source)


def person(name: str, *bindings: RoleBinding) -> Member:
    return Member(id=name, name=name, subject_type="user", roles=bindings)


ANN = person("ann", binding(OWNER))
BEN = person("ben", binding(MEMBER))
CAT = person("cat", binding(MEMBER), binding(ADMIN, "scim"))
DAN = person("dan", binding(OPS))
EVE = person("eve", binding(ADMIN))
CREW = Member(id="crew", name="crew", subject_type="group", roles=(binding(OPS),))
ACME = (
    People()
    .arrived("users", (ANN, BEN, CAT, DAN, EVE), 1)
    .arrived("account_members", (), 1)
    .arrived("group_members", (CREW,), 1)
    .arrived("accounts", (), 1)
    .arrived("groups", (Group(id="crew", name="crew", member_ids=("dan", "eve")),), 1)
    .arrived("roles", (OWNER, ADMIN, MEMBER, OPS), 1)
)


@pytest.mark.parametrize(
    ("who", "own_id", "expected"),
    [
        ("ben", "", []),
        ("ben", "ben", ["This is you"]),
        ("ann", "", ["This is the last Owner shown here"]),
        ("cat", "", ["Admin stays regardless of this choice: it is from SCIM provisioning."]),
        ("dan", "", ["Ops stays through the group crew."]),
    ],
)
def test_what_to_know_before_a_change(who: str, own_id: str, expected: list[str]) -> None:
    said = change_warnings(ACME.by_id[who], ACME, own_id)
    assert len(said) == len(expected)
    assert all(line.startswith(start) for line, start in zip(said, expected, strict=True))


def test_on_community_an_owner_is_protected_by_nothing_and_the_words_say_so() -> None:
    community = Role(id="ca5b2b01-79f7-4838-8b7b-2ebb5b7e7b5b", name="Owner", permissions=(VIEW,))
    held = replace(ANN, roles=(binding(community),))
    both = ACME.arrived("roles", (community,), 1).arrived("users", (held, replace(held, id="bob")), 1)
    (said,) = change_warnings(both.by_id["ann"], both, "")
    assert "lets every Admin change that" in said
    assert "change_owner" not in said
    assert withheld_roles([community], both, {VIEW}) == {}


def test_roles_beyond_what_is_held_are_named_with_what_they_take() -> None:
    assert withheld_roles([OWNER, ADMIN, MEMBER, OPS], ACME, set()) == {}
    assert withheld_roles([OWNER, ADMIN, MEMBER, OPS], ACME, {SECRETS}) == {
        "admin": "cannot be granted: takes view secrets (1)",
        "ops": "cannot be granted: takes view secrets (1)",
    }
    assert list(withheld_roles([OWNER, ADMIN], ACME, {CHANGE_OWNER})) == ["owner"]
