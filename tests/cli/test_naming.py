"""What the words of a question mean, and what is said where they mean nothing or two things."""

from __future__ import annotations

from dataclasses import replace

import pytest

from semtui.audit.access.graph import AccessGraph
from semtui.cli.naming import permission, project_id, role_id, subject_id
from semtui.system.errors import ConfigurationError
from tests.support.organizations import parse

NOW = 1_795_683_600
TOKEN = "canary-token-0123456789"
ORGANIZATION = parse(
    "ee | P ana:Owner dan:Member | A bot:Member | G ops:Member{dan,!zed} | R Cap={o.view} | Q api@ana{} | Z api"
)


@pytest.fixture
def graph() -> AccessGraph:
    return AccessGraph(ORGANIZATION.people(NOW), ORGANIZATION.projects(NOW))


def refusal(found: object) -> str:
    with pytest.raises(ConfigurationError) as raised:
        found()  # type: ignore[operator]
    assert "canary" not in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize("name", ["ana", "bot", "ops"])
def test_a_name_only_one_has_and_an_id_are_understood(graph: AccessGraph, name: str) -> None:
    assert subject_id(graph, name, ids_only=False) == ORGANIZATION.id(name)
    assert subject_id(graph, ORGANIZATION.id(name), ids_only=True) == ORGANIZATION.id(name)
    assert "Nobody who is listed has that id." in refusal(lambda: subject_id(graph, name, ids_only=True))


def test_an_id_only_a_group_names_is_understood(graph: AccessGraph) -> None:
    assert subject_id(graph, ORGANIZATION.id("zed"), ids_only=False) == ORGANIZATION.id("zed")


def test_two_of_a_name_are_told_with_their_ids() -> None:
    people = ORGANIZATION.people(NOW)
    twins = tuple(replace(row, name="dan") for row in people.accounts.items)
    people = replace(people, accounts=replace(people.accounts, items=twins))
    said = refusal(lambda: subject_id(AccessGraph(people), "dan", ids_only=False))
    assert said.startswith("X: 2 have that name; give one of the ids: ")
    assert f"{ORGANIZATION.id('dan')} (person)" in said
    assert f"{ORGANIZATION.id('bot')} (account)" in said


def test_nobody_is_told_and_whether_a_list_is_missing(graph: AccessGraph) -> None:
    assert "Nobody who is listed has that id or exactly that name." in refusal(
        lambda: subject_id(graph, TOKEN, ids_only=False)
    )
    lacking = parse("ee | P ana:Owner | X users=failed")
    partly = AccessGraph(lacking.people(NOW))
    assert "but not every list could be read." in refusal(lambda: subject_id(partly, TOKEN, ids_only=False))
    unread = AccessGraph(parse("ee | P ana:Owner | X roles=failed").people(NOW))
    assert "but not every list could be read." in refusal(lambda: role_id(unread, TOKEN, ids_only=False))


def test_roles_and_projects_are_understood(graph: AccessGraph) -> None:
    assert role_id(graph, "Cap", ids_only=False) == ORGANIZATION.role_id("Cap")
    assert role_id(graph, ORGANIZATION.role_id("Owner"), ids_only=True) == ORGANIZATION.role_id("Owner")
    assert project_id(graph, "api", ids_only=False) == ORGANIZATION.project_id("api")
    assert "No role that is listed" in refusal(lambda: role_id(graph, TOKEN, ids_only=False))
    assert "No project that is listed has that id." in refusal(lambda: project_id(graph, "api", ids_only=True))


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("organization.people.manage", "organization.people.manage"),
        ("people.manage", "organization.people.manage"),
        ("job.stop", "project.job.stop"),
        ("project.secrets.manage", "project.secrets.manage"),
    ],
)
def test_a_permission_may_lack_its_beginning(graph: AccessGraph, given: str, meant: str) -> None:
    assert permission(graph, given) == meant


def test_a_permission_that_could_be_two_is_asked_about(graph: AccessGraph) -> None:
    said = refusal(lambda: permission(graph, "secrets.manage"))
    assert "give organization.secrets.manage or project.secrets.manage." in said
    assert "Did you mean organization.people.manage?" in refusal(lambda: permission(graph, "peple.manage"))
    assert refusal(lambda: permission(graph, TOKEN)).endswith("There is no such permission.")
