"""Organizations other than acme, and what the server lets their members do: asked of it with plain HTTP."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import httpx
import pytest

from semtui.demo.catalog import built_in_role_id, fixed_id, permissions_of
from semtui.demo.generated_people import company
from semtui.demo.organization import Organization
from semtui.demo.seed_data import (
    REFERENCE_TIME,
    AccountSeed,
    GroupSeed,
    PersonSeed,
    Population,
    ProjectSeed,
    RoleSeed,
    manual_roles,
)
from semtui.demo.server import DemoServer

TLS = httpx.create_ssl_context(trust_env=False)
LONG_AGO = "2025-03-04T08:15:22Z"

SMALL = Population(
    callers={"owner": "Ana"},
    people=(
        PersonSeed("Ana", manual_roles("Owner"), token="owner-of-the-small-1"),
        PersonSeed("Rey", {"scim": "Cap", "manually": "Member"}),
        PersonSeed("Dan", manual_roles("Member")),
        PersonSeed("Eva", manual_roles("Member")),
        PersonSeed("Zed", {}),
    ),
    accounts=(
        AccountSeed("bot", "", "Member", LONG_AGO, creator="tool", among_people=True),
        AccountSeed("tool", "", "Admin", LONG_AGO, creator="Zed"),
        AccountSeed("idle", "", None, LONG_AGO, creator=""),
    ),
    groups=(
        GroupSeed("Capped", "Everywhere", "Cap", ("Dan", "idle", "Zed")),
        GroupSeed("Web", "One project", "Member", ("Eva",)),
        GroupSeed("Bare", "No role", None, ("Eva",)),
    ),
    roles=(RoleSeed("Cap", "", ("organization.view",), maps_to="Admin"),),
    projects=(
        ProjectSeed("web", "", "Ana", (("Web", "Reader", "manually"),)),
        ProjectSeed("api", "", "Zed", (("Eva", "Reader", "github"), ("Eva", "Contributor", "manually"))),
    ),
)


class Caller:
    """The API as somebody sees it."""

    def __init__(self, server: DemoServer, client: httpx.Client) -> None:
        self.server = server
        self._client = client

    def get(self, path: str, subject_id: str = "") -> httpx.Response:
        """As the Owner, or as whoever is named by id."""
        organization = self.server.organization
        token = organization.token_of(subject_id) if subject_id else self.server.tokens["owner"]
        if token is None:
            token = organization.tokens.issue(subject_id)
        headers = {"Authorization": f"Token {token}"}
        return self._client.get(f"{self.server.address}/api/v1alpha{path}", headers=headers)

    def members(self, kind: str) -> dict[str, list[tuple[str, str]]]:
        """Names, and the roles of each with their sources."""
        return _roles(self.get(f"/members?member_type={kind}").json())

    def project_members(self, project: str) -> dict[str, list[tuple[str, str]]]:
        """The same of a project."""
        return _roles(self.get(f"/projects/{fixed_id('project', project)}/members").json())


def _roles(answer: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    return {
        member["name"]: [(role["role_name"], role["source"]) for role in member["roles"]]
        for member in answer["members"]
    }


@contextmanager
def _caller(edition: Literal["ee", "ce"], population: Population = SMALL) -> Iterator[Caller]:
    clock = lambda: float(REFERENCE_TIME)  # noqa: E731
    with (
        DemoServer(edition=edition, population=population, clock=clock) as server,
        httpx.Client(verify=TLS, trust_env=False) as client,
    ):
        yield Caller(server, client)


@pytest.fixture
def ee() -> Iterator[Caller]:
    with _caller("ee") as caller:
        yield caller


@pytest.fixture
def ce() -> Iterator[Caller]:
    with _caller("ce") as caller:
        yield caller


def _person(name: str) -> str:
    return fixed_id("person", name)


def _account(name: str) -> str:
    return fixed_id("service account", name)


# What is listed


def test_only_who_has_a_role_is_listed(ee: Caller) -> None:
    assert ee.members("user").keys() == {"Ana", "Rey", "Dan", "Eva"}
    assert ee.members("service_account").keys() == {"bot", "tool"}
    assert ee.members("group").keys() == {"Capped", "Web"}
    groups = {group["name"]: group["member_ids"] for group in ee.get("/groups").json()["groups"]}
    assert groups == {
        "Bare": [_person("Eva")],
        "Capped": [_person("Dan"), _account("idle"), _person("Zed")],
        "Web": [_person("Eva")],
    }


def test_an_account_knows_its_creator_whoever_that_is(ee: Caller) -> None:
    accounts = ee.get("/service_accounts").json()["service_accounts"]
    creators = {account["name"]: account["creator_id"] for account in accounts}
    assert creators == {"bot": _account("tool"), "tool": _person("Zed"), "idle": ""}


def test_community_lists_an_account_among_people_if_its_role_came_through_the_api(ce: Caller) -> None:
    assert ce.members("user").keys() == {"Ana", "Rey", "Dan", "Eva", "bot"}
    assert ce.members("service_account").keys() == {"tool"}
    assert ce.members("group") == {}


def test_a_project_shows_people_what_their_own_roles_map_to(ee: Caller) -> None:
    inherited = ("Admin", "inherited_from_org_role")
    assert ee.project_members("web") == {"Ana": [inherited], "Rey": [inherited]}


def test_a_role_on_a_project_is_listed_once_for_each_source(ee: Caller) -> None:
    assert ee.project_members("api")["Eva"] == [("Contributor", "manually"), ("Reader", "github")]


# What somebody may do


@pytest.mark.parametrize(
    ("subject_id", "project", "permission", "held"),
    [
        (_person("Rey"), "", "project.secrets.manage", True),
        (_person("Dan"), "", "project.secrets.manage", True),
        (_account("idle"), "web", "project.secrets.manage", True),
        # Removed from the organization, and still in a group.
        (_person("Zed"), "", "organization.view", True),
        (_person("Eva"), "", "project.view", False),
        (_person("Eva"), "web", "project.view", True),
        (_person("Eva"), "web", "project.job.rerun", False),
        (_person("Eva"), "api", "project.job.rerun", True),
        (_account("bot"), "web", "project.view", False),
        (_account("tool"), "web", "project.delete", True),
        (_person("Rey"), "", "organization.people.view", False),
        (fixed_id("group", "Web"), "web", "project.view", True),
    ],
)
def test_roles_of_projects_and_groups_and_mapped_ones_count(
    ee: Caller, subject_id: str, project: str, permission: str, held: bool
) -> None:
    project_id = fixed_id("project", project) if project else ""
    assert ee.server.organization.holds(subject_id, permission, project_id) is held


@pytest.mark.parametrize(
    ("name", "project", "held"),
    [("Ana", "", True), ("Dan", "", False), ("Dan", "web", True), ("Dan", "api", False)],
)
def test_a_member_of_community_may_act_where_they_are_assigned(name: str, project: str, held: bool) -> None:
    assigned = Population({"owner": "Ana"}, SMALL.people, projects=(ProjectSeed("web", "", "Ana", (("Dan", "", ""),)),))
    project_id = fixed_id("project", project) if project else ""
    assert Organization(edition="ce", population=assigned).holds(_person(name), "project.view", project_id) is held


@pytest.mark.parametrize("edition", ["ee", "ce"])
def test_an_endpoint_answers_exactly_those_who_hold_what_it_asks_for(edition: Literal["ee", "ce"]) -> None:
    project_id = fixed_id("project", "web")
    asked_for = {
        "/members": "organization.people.view",
        "/service_accounts": "organization.service_accounts.view",
        "/roles": "organization.custom_roles.view",
        f"/projects/{project_id}/members": "project.access.view",
    }
    with _caller(edition) as caller:
        organization = caller.server.organization
        for subject_id in (*map(_person, ("Ana", "Rey", "Dan", "Eva", "Zed")), *map(_account, ("bot", "tool", "idle"))):
            for path, permission in asked_for.items():
                project = project_id if permission.startswith("project.") else ""
                held = organization.holds(subject_id, permission, project)
                assert caller.get(path, subject_id).status_code == (200 if held else 403), (subject_id, path)
            listed = caller.get("/projects", subject_id).json()
            seen = {project["metadata"]["id"] for project in listed}
            assert (project_id in seen) is organization.holds(subject_id, "project.view", project_id)


def test_the_projects_role_is_the_same_wherever_it_comes_from(ee: Caller) -> None:
    shown = ee.get(f"/projects/{fixed_id('project', 'web')}/members").json()["members"]
    assert {role["role_id"] for member in shown for role in member["roles"]} == {built_in_role_id("Admin", "project")}
    admin = ee.server.organization.role_named("Admin", "project")
    assert admin is not None
    held = {one for one in permissions_of("ee") if ee.server.organization.holds(_person("Rey"), one)}
    assert held == {*admin.permissions, "organization.view", *_of_role(ee, "Member")}


def _of_role(caller: Caller, name: str) -> list[str]:
    role = caller.server.organization.role_named(name)
    assert role is not None
    return role.permissions


# An organization for measuring


def test_a_company_has_the_numbers_that_are_measured_with() -> None:
    organization = Organization(population=company())
    state = organization.state
    held = Counter(
        (state.subjects[subject_id].type, state.roles[role_id].name)
        for subject_id, sources in state.org_bindings.items()
        for role_id in sources.values()
    )
    assert held == {
        ("user", "Owner"): 1,
        ("user", "Admin"): 41,
        ("user", "Support"): 2,
        ("user", "Member"): 1_956,
        ("service_account", "Admin"): 50,
        ("service_account", "Member"): 1_850,
        ("group", "Member"): 200,
    }
    accounts = state.service_accounts.values()
    assert sum(account.deactivated for account in accounts) == 60
    assert all(account.id in state.org_bindings for account in accounts if account.deactivated)
    joined = Counter(member_id for group in state.groups.values() for member_id in group.member_ids)
    assert (len(joined), sum(joined.values())) == (1_984, 10_000)


def test_a_company_of_any_size_is_served() -> None:
    for size in (10, 137):
        with _caller("ee", company(size, size, size // 10)) as caller:
            assert len(caller.members("user")) == size


def test_the_command_serves_a_company() -> None:
    command = [sys.executable, "-m", "semtui.demo", "--company", "--size", "60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = None
        while ready is None:
            line = process.stdout.readline()
            assert line
            ready = re.fullmatch(r"SEMAPHORE_HOST=(\S+) SEMAPHORE_API_TOKEN=(\S+) semtui\n", line)
        headers = {"Authorization": f"Token {ready[2]}"}
        groups = httpx.get(f"{ready[1]}/api/v1alpha/groups", headers=headers, trust_env=False).json()["groups"]
        process.send_signal(signal.SIGTERM)
    assert {len(group["member_ids"]) for group in groups} == {50}
    assert len(groups) == 6
