"""What can be known of roles: which there are, who holds them and why, how they differ."""

from __future__ import annotations

import pytest

from semtui.api.errors import PermissionDeniedError
from semtui.api.models import (
    Group,
    Member,
    Role,
    RoleBinding,
)
from semtui.organization.listing import Listing
from semtui.organization.people import People
from semtui.organization.projects import Projects
from semtui.organization.role_catalog import all_permissions, built_in_role, explanation
from semtui.organization.roles import (
    difference,
    granting,
    holders_of,
    known_roles,
)
from semtui.wording import roles as role_words
from semtui.wording.styled_text import Line

OWNER = Role(id="owner", name="Owner", scope="org", readonly=True, permissions=("a.view", "a.manage"))
OPS = Role(id="ops", name="Ops", scope="org", permissions=("a.view", "b.view"))


def binding(role: Role, source: str = "manually") -> RoleBinding:
    return RoleBinding(role_id=role.id, role_name=role.name, source=source)


def member(name: str, kind: str, *bindings: RoleBinding) -> Member:
    return Member(id=name, name=name, subject_type=kind, roles=bindings)


ACME = (
    People()
    .arrived("users", (member("ann", "user", binding(OWNER)), member("pam", "user", binding(OPS, "scim"))), 1)
    .arrived("account_members", (), 1)
    .arrived("group_members", (member("crew", "group", binding(OWNER)),), 1)
    .arrived("accounts", (), 1)
    .arrived("groups", (Group(id="crew", name="crew", member_ids=("pam", "gone")),), 1)
    .arrived("roles", (OPS, OWNER), 1)
)
PROJECT_ADMIN = RoleBinding(role_id="p-admin", role_name="Admin", source="inherited_from_org_role")
PROJECTS = Projects().with_members("web", Listing((member("ann", "user", PROJECT_ADMIN),), loaded_at=1))


def words(lines: list[Line]) -> str:
    return "\n".join("".join(text for text, _ in line.pieces) for line in lines)


def test_roles_come_in_the_webs_order_with_project_roles_last() -> None:
    known = known_roles(ACME, PROJECTS)
    assert [(each.role.name, each.role.scope, each.known_by) for each in known] == [
        ("Owner", "org", "listed"),
        ("Ops", "org", "listed"),
        ("Admin", "project", "project"),
    ]
    assert known[2].from_catalog
    assert len(known[2].role.permissions) == 31
    assert [role_words.origin(each) for each in known] == ["built-in", "custom", "built-in"]


def test_everyone_who_holds_a_role_is_there_with_the_reason() -> None:
    assert [(each.subject.name, each.source, each.group) for each in holders_of("owner", ACME)] == [
        ("ann", "manually", ""),
        ("crew", "manually", ""),
        ("pam", "manually", "crew"),
    ]
    owner, ops, _ = known_roles(ACME, PROJECTS)
    assert dict(owner.counts) == {"person": 1, "group": 1}
    assert "through the group crew" in words(role_words.holder_lines(owner))
    assert "from SCIM provisioning" in words(role_words.holder_lines(ops))


def test_where_semaphore_refuses_the_roles_the_catalogue_stands_in_and_says_so() -> None:
    refused = PermissionDeniedError("no", missing="organization.custom_roles.view")
    blind = People(users=ACME.users, group_members=ACME.group_members, groups=ACME.groups).failed("roles", refused)
    owner, ops = known_roles(blind, Projects())
    assert (owner.known_by, owner.from_catalog, len(owner.role.permissions)) == ("held", True, 38)
    assert (ops.known_by, ops.from_catalog, ops.role.permissions) == ("held", False, ())
    assert role_words.CATALOG_NOTE in words(role_words.details(owner))
    assert "not known" in words(role_words.details(ops))
    assert role_words.origin(ops) == "unknown"
    said = words(role_words.who_can("organization.secrets.manage", (owner, ops), blind))
    assert "by the built-in catalogue" in said
    assert "What these permit is not known: Ops." in said


def test_on_community_a_project_teaches_no_roles() -> None:
    community = Role(id="ca5b2b01-79f7-4838-8b7b-2ebb5b7e7b5b", name="Owner")
    assert known_roles(ACME.arrived("roles", (community,), 1), PROJECTS)[-1].known_by != "project"


def test_who_can_names_every_way_to_a_permission() -> None:
    known = known_roles(ACME, PROJECTS)
    assert [each.role.name for each in granting("a.view", known)] == ["Owner", "Ops"]
    said = words(role_words.who_can("a.manage", known, ACME))
    assert "Owner" in said
    assert "Ops" not in said
    assert "No role that could be known includes this." in words(role_words.who_can("z", known, ACME))


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([OWNER, OPS], {(True, False): ("a.manage",), (False, True): ("b.view",), (True, True): ("a.view",)}),
        ([OPS, OPS], {(True, True): ("a.view", "b.view")}),
    ],
)
def test_how_roles_differ(roles: list[Role], expected: dict[tuple[bool, ...], tuple[str, ...]]) -> None:
    found = difference(roles)
    assert found == expected
    assert list(found) == list(expected)


def test_a_comparison_is_told_with_the_differences_first() -> None:
    third = Role(id="x", name="Third", permissions=("b.view", "c.view"))
    said = words(role_words.comparison([OWNER, OPS, third]))
    titles = ["Only in Owner: 1", "Only in Third: 1", "In Owner and Ops: 1", "In Ops and Third: 1"]
    assert [said.index(title) for title in titles] == sorted(said.index(title) for title in titles)
    assert "What they permit is not known" in words(role_words.comparison([Role(id="a"), Role(id="b")]))


def test_the_catalogue_knows_what_semaphore_ships() -> None:
    community, enterprise = (built_in_role("Admin", "org", community=flag) for flag in (True, False))
    assert community is not None
    assert enterprise is not None
    assert (len(community.permissions), len(enterprise.permissions)) == (47, 35)
    assert built_in_role("Reader", "project", community=True) is None
    assert built_in_role("Nobody", "org", community=False) is None
    assert explanation("organization.view").startswith("Access to the organization.")
    assert len(all_permissions("org")) >= 38
    assert {permission.name.partition(".")[0] for permission in all_permissions("project")} == {"project"}
