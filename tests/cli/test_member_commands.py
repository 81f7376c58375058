"""`semtui member`, `group`, `role` and `project`: what is said, and what is true in the organization afterwards."""

from __future__ import annotations

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.conftest import rename_person, writes
from tests.support.commands import Run, account_id

OLENA, KENJI, SAM = "Olena Kovalenko", "Kenji Watanabe", "Sam Patel"


def person(server: DemoServer, name: str) -> str:
    found = server.organization.person_named(name)
    assert found is not None
    return found


def sure(name: str) -> tuple[str, str, str]:
    return "--yes", "--confirm", name


# Members


@pytest.mark.parametrize("name", [OLENA, "Platform engineering", "renovate"])
def test_a_member_is_given_another_role(change: Run, server: DemoServer, name: str) -> None:
    organization = server.organization
    group = organization.group_named(name)
    ours = group.id if group else organization.person_named(name) or account_id(server, name)
    (before,) = organization.role_names_of(ours)
    role = "Member" if before == "Admin" else "Admin"
    ended = change("member", "role", name, role)
    assert (ended.status, ended.out) == (0, f"The role of {name} is now {role}.\n")
    assert organization.role_names_of(ours) == [role]
    assert change("member", "role", ours, role).out == f"{name} holds {role} already. Nothing was sent.\n"


def test_changing_an_owner_takes_a_confirmation(change: Run, server: DemoServer) -> None:
    owner = "Henrik Sørensen"
    refused = change("member", "role", owner, "Admin")
    assert (refused.status, refused.out) == (2, "")
    assert f"This changes an Owner: give --yes and --confirm '{owner}', its name." in refused.err
    assert change("member", "role", owner, "Admin", *sure(owner)).status == 0
    assert server.organization.role_names_of(person(server, owner)) == ["Admin"]


def test_ending_the_right_to_manage_people_takes_a_confirmation(change: Run, server: DemoServer) -> None:
    admin = "Priya Raghunathan"
    refused = change("member", "role", admin, "Member", who="admin")
    assert refused.status == 2
    assert "This ends their right to manage people, and they may be you: give --yes" in refused.err
    assert writes(server) == []
    assert change("member", "role", admin, "Member", *sure(admin), who="admin").status == 0


def test_an_ambiguous_name_is_answered_with_both_ids(change: Run, server: DemoServer) -> None:
    ids = {person(server, OLENA), person(server, SAM)}
    rename_person(server, SAM, OLENA)
    ended = change("member", "role", OLENA, "Admin")
    assert ended.status == 2
    assert "NAME: 2 have that name; give one of the ids: " in ended.err
    assert all(each in ended.err for each in ids)
    assert writes(server) == []


def test_a_person_is_removed_and_a_group_loses_its_role(change: Run, server: DemoServer) -> None:
    organization = server.organization
    assert change("member", "remove", OLENA).status == 2
    ended = change("member", "remove", OLENA, *sure(OLENA))
    assert (ended.status, ended.out) == (0, f"Removed {OLENA}.\n")
    assert organization.role_names_of(person(server, OLENA)) == []
    group = organization.group_named("Platform engineering")
    assert group is not None
    ended = change("member", "remove", group.name, *sure(group.name))
    assert (ended.status, ended.out) == (0, f"The group {group.name} has no role any more.\n")
    assert organization.role_names_of(group.id) == []
    owner = "Amara Okafor"
    refused = change("member", "remove", owner, *sure(owner))
    assert refused.status == 2
    assert "is an Owner, and Semaphore does not remove Owners" in refused.err


def test_an_invitation_says_what_became_of_it(change: Run, server: DemoServer) -> None:
    ended = change("member", "invite", "octocat", "--role", "Admin")
    assert ended.status in (0, 5)
    assert "Invited octocat" in ended.out
    # The first is a question about permissions.
    server.inject(Fault("POST", "/members", "drop_after", times=2))
    lost = change("member", "invite", "hubot")
    assert (lost.status, lost.out) == (4, "")
    assert "hubot may or may not have been invited. Inviting again is safe" in lost.err
    assert (
        "--uid: Bitbucket needs the person's uid as well." in change("member", "invite", "x", "--at", "bitbucket").err
    )


# Groups


def test_a_group_is_created_edited_and_deleted(change: Run, server: DemoServer) -> None:
    organization = server.organization
    new = ("group", "create", "night watch", "--description", "At night.")
    ended = change(*new, "--role", "Admin", "--member", KENJI, "--member", "renovate")
    assert ended.status == 0, ended.err
    group = organization.group_named("night watch")
    assert group is not None
    assert set(group.member_ids) == {person(server, KENJI), account_id(server, "renovate")}
    assert organization.role_names_of(group.id) == ["Admin"]
    assert "night watch: All membership changes are done." in ended.out
    both = change("group", "edit", "night watch", "--add", SAM, "--remove", SAM)
    assert (both.status, "cannot be both added and removed" in both.err) == (2, True)
    edit = ("group", "edit", "night watch", "--name", "day watch", "--add", SAM, "--remove", "renovate")
    assert change(*edit).status == 0
    group = organization.group_named("day watch")
    assert group is not None
    assert set(group.member_ids) == {person(server, KENJI), person(server, SAM)}
    again = change("group", "edit", "day watch", "--add", SAM)
    assert again.out == "The group day watch is so already. Nothing was sent.\n"
    assert change("group", "delete", "day watch").status == 2
    assert change("group", "delete", "day watch", *sure("day watch")).status == 0
    assert organization.group_named("day watch") is None


def test_a_group_whose_answer_was_lost_still_gets_its_role(change: Run, server: DemoServer) -> None:
    server.inject(Fault("POST", "/groups", "drop_after"))
    ended = change("group", "create", "watch", "--description", "Always.", "--role", "Admin", "--member", SAM)
    assert ended.status == 0, ended.err
    group = server.organization.group_named("watch")
    assert group is not None
    assert server.organization.role_names_of(group.id) == ["Admin"]
    assert len([each for each in writes(server) if each[0] == "POST"]) == 1


def test_a_group_without_its_role_is_done_in_part(change: Run, server: DemoServer) -> None:
    server.inject(Fault("PUT", "/members/*/role", status=400, body='"No such role"'))
    ended = change("group", "create", "watch", "--description", "Always.", "--role", "Admin")
    assert (ended.status, ended.out) == (5, "Created the group watch.\n")
    assert "The role is not changed." in ended.err


# Roles


def test_a_role_is_created_edited_and_deleted(change: Run, server: DemoServer) -> None:
    organization = server.organization
    ended = change("role", "create", "Auditor", "--description", "Reads.", "--permission", "people.view")
    assert (ended.status, ended.out) == (0, "Created the role Auditor.\n")
    role = organization.role_named("Auditor")
    assert role is not None
    assert set(role.permissions) == {"organization.view", "organization.people.view"}
    edit = ("role", "edit", "Auditor", "--add", "audit_logs.view", "--remove", "people.view")
    assert change(*edit).status == 2
    assert change(*edit, *sure("Auditor")).status == 0
    role = organization.role_named("Auditor")
    assert role is not None
    assert set(role.permissions) == {"organization.view", "organization.audit_logs.view"}
    assert change("role", "edit", "Auditor", "--add", "audit_logs.view").out.endswith("Nothing was sent.\n")
    refused = change("role", "delete", "Admin", *sure("Admin"))
    assert refused.status == 2
    assert "Admin is built in; Semaphore lets nobody edit or delete it." in refused.err
    assert change("role", "delete", "Auditor", *sure("Auditor")).status == 0
    assert organization.role_named("Auditor") is None


def test_a_held_role_is_not_deleted(change: Run, server: DemoServer) -> None:
    server.organization.create_role("Auditor", ["organization.view"])
    server.organization.assign_role(person(server, OLENA), "Auditor")
    ended = change("role", "delete", "Auditor", *sure("Auditor"))
    assert ended.status == 2
    assert "Auditor is held by 1 person; Semaphore deletes no role that is held.\n" in ended.err
    assert writes(server) == []


def test_a_change_of_a_role_says_who_loses_what(change: Run, server: DemoServer) -> None:
    server.organization.create_role("Auditor", ["organization.view", "organization.people.view"])
    server.organization.assign_role(person(server, OLENA), "Auditor")
    ended = change("role", "edit", "Auditor", "--remove", "people.view", "--dry-run")
    assert ended.status == 0
    assert OLENA in ended.out
    assert "organization.people.view" in ended.out
    assert writes(server) == []


# Projects


def test_a_role_on_a_project_is_given_and_taken_away(change: Run, server: DemoServer) -> None:
    project = server.organization.project_named("mobile-app")
    assert project is not None
    noor = person(server, "Noor Haddad")

    def holds() -> bool:
        return server.organization.holds(noor, "project.view", project.id)

    assert not holds()
    ended = change("project", "grant", "mobile-app", "Noor Haddad", "Reader")
    assert (ended.status, ended.out) == (0, "Noor Haddad holds Reader on mobile-app.\n")
    assert holds()
    again = change("project", "grant", "mobile-app", "Noor Haddad", "Reader")
    assert again.out == "Noor Haddad holds Reader on mobile-app already. Nothing was sent.\n"
    assert change("project", "revoke", "mobile-app", "Noor Haddad").status == 2
    assert change("project", "revoke", "mobile-app", "Noor Haddad", *sure("Noor Haddad")).status == 0
    assert not holds()


def test_what_an_account_may_do_on_a_project_is_not_known_after_a_lost_answer(change: Run, server: DemoServer) -> None:
    server.inject(Fault("PUT", "/projects/*/members/*", "drop_after"))
    ended = change("project", "grant", "payments-api", "renovate", "Reader")
    assert (ended.status, ended.out) == (4, "")
    assert "Unknown whether renovate has the role: Semaphore shows no accounts there." in ended.err


def test_community_has_members_of_projects_without_roles(change: Run, community: DemoServer) -> None:
    refused = change("project", "grant", "payments-api", SAM, "Reader", on=community)
    assert refused.status == 2
    assert "Community has no project roles" in refused.err
    assert change("role", "create", "x", on=community).status == 2
    assert change("group", "create", "x", "--description", "y", on=community).status == 2
    assert writes(community) == []
