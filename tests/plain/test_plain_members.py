"""The jobs of line mode on people, groups, projects and roles: what is typed, said and true afterwards."""

from __future__ import annotations

import json

import httpx

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.session.session import Session
from tests.conftest import OrganizationOf, writes
from tests.support.line_mode import talk
from tests.support.plain_jobs import (
    CREATE_GROUP,
    INVITE,
    account_id,
    posts,
)

# People and groups


def test_the_role_of_a_person_changes_after_what_it_gives_and_takes_is_said(
    session: Session, server: DemoServer
) -> None:
    ours = server.organization.person_named("Olena Kovalenko")
    assert ours is not None
    before = server.organization.role_names_of(ours)
    said = talk(session, "2", "Olena Kovalenko", "1", "1", "2", "1", "q")
    assert "gains" in said or "loses" in said
    assert f"The role of Olena Kovalenko is now {server.organization.role_names_of(ours)[0]}." in said
    assert server.organization.role_names_of(ours) != before


def test_a_person_is_removed_by_the_word_and_not_by_enter(session: Session, server: DemoServer) -> None:
    ours = server.organization.person_named("Olena Kovalenko")
    assert ours is not None
    said = talk(session, "2", "Olena Kovalenko", "1", "2", "", "2", "remove", "q")
    assert "Nothing was changed." in said
    assert "Olena Kovalenko leaves the organization and all of its projects." in said
    assert server.organization.role_names_of(ours) == []


def test_what_changes_is_said_as_on_the_screen_and_read_in_full(organization: OrganizationOf) -> None:
    served = organization("ee | P ana:Owner dan:Admin eve:Admin | A bot:Admin | G ops:Admin{dan}")
    same = "Nothing changes for dan: the same comes from Admin through the group ops."
    said = talk(served.session, "2", "dan", "1", "1", "3", "2", "0", "0", "2", "all", "", "q")
    assert same in said
    assert f"dan [{served.written.id('dan')}], person" in said
    assert "dan loses everything: Admin on every project, and 34 permissions of the organization." in said
    assert "Nothing was changed." in said
    said = talk(served.session, "3", "bot", "1", "1", "3", "3", "5", "0", "q")
    assert "bot loses Admin on every project, and 20 permissions of the organization" in said
    assert f"bot [{served.written.id('bot')}], account" in said
    assert writes(served.server) == []


def test_an_owner_is_not_removed_and_that_is_said_before_asking(session: Session, server: DemoServer) -> None:
    said = talk(session, "2", "Amara Okafor", "1", "2", "q")
    assert "2. Remove from the organization: not possible. Amara Okafor is an Owner" in said
    assert writes(server) == []


def test_a_person_is_invited(session: Session, server: DemoServer) -> None:
    said = talk(session, INVITE, "1", "octocat", "0", "4", "q")
    assert "Invited octocat" in said
    ((_, _, body),) = writes(server)
    assert json.loads(body)["handle"] == "octocat"


def test_a_group_is_deleted_by_its_name_and_the_queue_is_waited_for(session: Session, server: DemoServer) -> None:
    names = [group.name for group in server.organization.state.groups.values()]
    said = talk(session, "4", names[0], "1", "4", names[0], "q")
    assert f"The group {names[0]} is deleted." in said
    assert server.organization.group_named(names[0]) is None


def test_a_group_is_created_with_its_role_and_members(session: Session, server: DemoServer) -> None:
    said = talk(
        session, CREATE_GROUP, "Nightshift", "Watches at night", "3", "5", "4", "Olena", "1", "4", "ci-deployer", "1",
        "6", "q",
    )  # fmt: skip
    assert "Created the group Nightshift." in said
    assert "Nightshift: All membership changes are done." in said
    group = server.organization.group_named("Nightshift")
    assert group is not None
    assert group.description == "Watches at night"
    assert set(group.member_ids) == {
        server.organization.person_named("Olena Kovalenko"),
        account_id(server, "ci-deployer"),
    }
    assert server.organization.role_names_of(group.id) == ["Support"]


def test_a_group_is_renamed_and_loses_a_member(session: Session, server: DemoServer) -> None:
    before = next(iter(server.organization.state.groups.values()))
    group_id, name, members = before.id, before.name, list(before.member_ids)
    said = talk(session, "4", name, "1", "1", "1", "Renamed", "5", "1", "6", "q")
    assert "Saved the group Renamed." in said
    after = server.organization.group_named("Renamed")
    assert after is not None
    assert after.id == group_id
    assert len(after.member_ids) == len(members) - 1


def test_all_rows_found_are_changed_once_their_number_is_typed(session: Session, server: DemoServer) -> None:
    names = ("ci-deployer", "staging-deployer")
    said = talk(session, "3", "deployer", "a", "1", "", "a", "1", "2", "q")
    assert "Nothing was done." in said
    assert "Deactivate 2 service accounts." in said
    assert "2 done." in said
    for name in names:
        account = server.organization.service_account_named(name)
        assert account is not None
        assert account.deactivated
    assert len(posts(server)) == 2


def test_of_many_rows_each_has_an_end_of_its_own(session: Session, server: DemoServer) -> None:
    server.inject(Fault("POST", "/service_accounts/*/deactivate", status=400, body='"No"'))
    said = talk(session, "3", "deployer", "a", "1", "2", "q")
    assert "1 done, 1 refused." in said


# Projects and custom roles


def test_somebody_is_given_a_role_on_a_project_and_it_is_taken_away(session: Session, server: DemoServer) -> None:
    ours = server.organization.person_named("Leilani Kealoha")
    project = next(
        each for each in server.organization.state.projects.values() if ours not in roles_on(server, each.name)
    )
    said = talk(session, "6", project.name, "1", "2", "Leilani", "1", "1", "", "2", "Leilani", "1", "1", "give", "q")
    assert "Nothing was changed." in said
    assert f"Leilani Kealoha holds Admin on {project.name}." in said
    assert ours in roles_on(server, project.name)
    said = talk(session, "6", project.name, "1", "3", "Leilani", "1", "remove", "q")
    assert f"Leilani Kealoha no longer has a directly assigned role on {project.name}." in said
    assert ours not in roles_on(server, project.name)


def roles_on(server: DemoServer, project_name: str) -> list[str]:
    """Whom the API shows on a project."""
    project = server.organization.project_named(project_name)
    assert project is not None
    answer = httpx.get(
        f"{server.address}/api/v1alpha/projects/{project.id}/members",
        headers={"Authorization": f"Token {server.tokens['owner']}"},
        trust_env=False,
    )
    return [member["id"] for member in answer.raise_for_status().json()["members"]]


def test_a_custom_role_is_created_edited_and_deleted(session: Session, server: DemoServer) -> None:
    said = talk(
        session, "5", "3", "1", "Auditor", "Reads", "3", "audit_logs.view", "1", "5",
        "1", "Auditor", "1", "4", "3", "people.view", "1", "5", "save", "q",
    )  # fmt: skip
    assert "Created the role Auditor." in said
    assert "Saved the role Auditor." in said
    role = server.organization.role_named("Auditor")
    assert role is not None
    assert set(role.permissions) == {"organization.view", "organization.audit_logs.view", "organization.people.view"}
    kept = talk(session, "5", "1", "Auditor", "1", "5", "", "q")
    assert "Nothing was deleted." in kept
    talk(session, "5", "1", "Auditor", "1", "5", "Auditor", "q")
    assert server.organization.role_named("Auditor") is None


def test_a_role_that_is_held_or_built_in_is_not_deleted_and_that_is_said(session: Session, server: DemoServer) -> None:
    said = talk(session, "5", "1", "Owner", "1", "4", "5", "0", "0", "Support", "1", "5", "q")
    assert said.count("Owner is built in; Semaphore lets nobody edit or delete it.") == 2
    assert "Semaphore deletes no role that is held." in said
    assert writes(server) == []


def test_groups_accounts_and_roles_are_changed_after_what_changes_is_said(organization: OrganizationOf) -> None:
    served = organization(
        "ee | P ana:Owner ben:Admin~scim,Member dan:Member | A bot:Admin<ana | G ops:Admin{ben,dan} "
        "| R Cap={o.view} | X roles=stale"
    )
    lost = "dan loses Admin on every project, and 20 permissions of the organization"
    said = talk(served.session, "4", "ops", "1", "1", "3", "3", "7", "0", "4", "all", "", "q")
    assert said.count(lost) == 2
    assert said.count("Nothing changes for ben: the same comes from Admin from SCIM provisioning.") == 2
    assert served.written.id("dan") in said
    said = talk(served.session, "3", "bot", "1", "3", "", "4", "", "q")
    assert "bot keeps 65 permissions, and cannot use them while deactivated." in said
    assert "bot loses everything: Admin on every project, and 34 permissions of the organization." in said
    assert writes(served.server) == []
