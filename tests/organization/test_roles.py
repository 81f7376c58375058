"""What can be known of roles: which there are, who holds them and why, how they differ."""

from __future__ import annotations

from dataclasses import replace

from semtui.api.errors import NoAnswerError, PermissionDeniedError
from semtui.api.models import (
    Group,
    Member,
    Role,
    RoleBinding,
)
from semtui.audit.access.graph import AccessGraph
from semtui.audit.access.questions import who_can
from semtui.organization.listing import Listing
from semtui.organization.people import People
from semtui.organization.projects import Projects
from semtui.organization.role_catalog import all_permissions, built_in_role, explanation
from semtui.organization.roles import (
    holders_of,
    known_roles,
)
from semtui.wording import roles as role_words
from semtui.wording.access import who_can_lines
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
    assert "through the group crew" in words(role_words.holder_lines(owner, AccessGraph(ACME)))
    assert "from SCIM provisioning" in words(role_words.holder_lines(ops, AccessGraph(ACME)))


def test_where_semaphore_refuses_the_roles_the_catalogue_stands_in_and_says_so() -> None:
    refused = PermissionDeniedError("no", missing="organization.custom_roles.view")
    blind = People(users=ACME.users, group_members=ACME.group_members, groups=ACME.groups).failed("roles", refused)
    owner, ops = known_roles(blind, Projects())
    assert (owner.known_by, owner.from_catalog, len(owner.role.permissions)) == ("held", True, 38)
    assert (ops.known_by, ops.from_catalog, ops.role.permissions) == ("held", False, ())
    assert role_words.CATALOG_NOTE in words(role_words.details(owner))
    assert "not known" in words(role_words.details(ops))
    assert role_words.origin(ops) == "unknown"
    graph = AccessGraph(blind)
    said = words(who_can_lines(who_can(graph, "organization.secrets.manage"), graph))
    assert "built-in catalog" in said
    assert "The list of roles could not be read: this API token lacks organization.custom_roles.view." in said
    assert [role_words.cells(owner)[column][0][0].strip() for column in ("people", "accounts", "groups")] == [
        "1",
        "?",
        "1",
    ]
    assert role_words.held_by(ops) == "1 person; of accounts it is not known"


def test_on_community_a_project_teaches_no_roles() -> None:
    community = Role(id="ca5b2b01-79f7-4838-8b7b-2ebb5b7e7b5b", name="Owner")
    assert known_roles(ACME.arrived("roles", (community,), 1), PROJECTS)[-1].known_by != "project"


def test_who_can_tells_causes_ways_and_whom_no_list_shows() -> None:
    graph = AccessGraph(ACME)
    said = words(who_can_lines(who_can(graph, "a.manage"), graph))
    assert "At least 2 people, 0 accounts; 1 unknown." in said
    assert "Owner → Admin" not in said
    assert "Owner, assigned directly: 1 person, 0 accounts; 1 only through this" in said
    assert "Owner, through 1 group: 1 person, 0 accounts; 1 only through this" in said
    assert "pam                          person   Owner through the group crew" in said
    assert "Unknown for 1: id gone (an id that is in a group but in no list" in said
    assert "Ops" not in said


def test_two_of_one_name_are_told_apart_by_their_ids() -> None:
    twins = (member("ann", "user", binding(OWNER)), replace(member("pam", "user", binding(OWNER)), name="ann"))
    graph = AccessGraph(ACME.arrived("users", twins, 1).arrived("groups", (), 1).arrived("group_members", (), 1))
    said = words(who_can_lines(who_can(graph, "a.manage"), graph))
    assert "ann                          ann " in said
    assert "ann                          pam " in said


def test_where_nobody_is_seen_it_is_not_said_that_nobody_can() -> None:
    graph = AccessGraph(ACME.arrived("users", (), 1).arrived("group_members", (), 1))
    assert "Nobody holds it. Complete." in words(who_can_lines(who_can(graph, "b.view"), graph))
    unread = People(roles=ACME.roles).failed("users", NoAnswerError("Nothing came."))
    graph = AccessGraph(unread)
    said = words(who_can_lines(who_can(graph, "b.view"), graph))
    assert "Nobody is known to hold it." in said
    assert "The list of people could not be read: Nothing came." in said


def test_a_comparison_is_told_with_the_differences_first() -> None:
    third = Role(id="x", name="Third", scope="org", permissions=("b.view", "c.view"))
    people = ACME.arrived("roles", (OWNER, OPS, third), 1)
    said = words(role_words.comparison(known_roles(people, Projects()), AccessGraph(people)))
    titles = ["Only in Owner: 1", "Only in Third: 1", "In Owner and Ops: 1", "In Ops and Third: 1"]
    assert [said.index(title) for title in titles] == sorted(said.index(title) for title in titles)
    assert "In Owner, unknown for Ops and Third: 31" in said
    assert "The API does not show the project roles that come with Ops and Third" in said


def test_roles_of_projects_are_compared_by_what_they_list() -> None:
    known = known_roles(ACME, PROJECTS)
    said = words(role_words.comparison([known[0], known[2]], AccessGraph(ACME, PROJECTS)))
    assert "In both: 31" in said
    assert "Only in Owner: 2" in said


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
