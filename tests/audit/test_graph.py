"""What the graph tells besides who holds what: causes, levels, roles in effect, ways of more than one step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from semtui.api.errors import NoAnswerError
from semtui.audit.access.answers import Cause, Level
from semtui.audit.access.graph import AccessGraph
from semtui.audit.access.questions import (
    NobodyError,
    UnknownPermissionError,
    can,
    can_role,
    compare,
    paths,
    roles_giving,
    who_can,
    why,
)
from semtui.audit.access.steps import steps
from semtui.organization.people import People
from tests.support.organizations import Organization, parse, permission

NOW = 1_700_000_000.0
SECRETS = "organization.secrets.manage"
PEOPLE = "organization.people.manage"


def graph_of(text: str) -> tuple[Organization, AccessGraph]:
    organization = parse(text)
    return organization, AccessGraph(organization.people(NOW), organization.projects(NOW))


# Who can


def test_causes_are_counted_and_for_how_many_each_is_the_only_one() -> None:
    _, graph = graph_of(
        "ee | P ana:Owner ben:Admin~scim,Member dan:Member eva:Member | A bot:Member; off:Member<ana off"
        " | G all:Member{dan,bot} ops:Member{dan}"
    )
    answer = who_can(graph, SECRETS)

    def told(cause: Cause) -> tuple[object, ...]:
        numbers = (cause.people, cause.accounts, cause.deactivated, cause.only_this)
        return (cause.role_name, cause.source, cause.groups, *numbers)

    assert [told(cause) for cause in answer.causes] == [
        ("Member", "manually", 0, 3, 2, 1, 2),
        ("Member", None, 2, 1, 1, 0, 0),
        ("Admin", "scim", 0, 1, 0, 0, 0),
        ("Owner", "manually", 0, 1, 0, 0, 1),
    ]
    assert [each.name for each in answer.held_by(answer.causes[1])] == ["dan", "bot"]
    assert (len(answer.people), len(answer.accounts), answer.deactivated) == (4, 2, 1)


def test_a_group_that_permits_it_is_told_and_apart_if_nobody_is_in_it() -> None:
    _, graph = graph_of("ee | P ana:Owner dan:Member | G ops:Admin{dan} night:Admin{} all:Member{dan}")
    answer = who_can(graph, PEOPLE)
    assert [each.name for each in answer.groups] == ["night", "ops"]
    assert [each.name for each in answer.empty_groups] == ["night"]


def test_a_group_whose_roles_were_not_read_is_unknown_itself() -> None:
    _, graph = graph_of("ee | P ana:Owner | G ops:Admin{} | X group_members=failed")
    answer = who_can(graph, PEOPLE)
    assert [(each.subject.name, each.reasons) for each in answer.unknown_groups] == [("ops", ("group-roles-missing",))]
    assert not answer.complete
    assert not answer.unknown


def test_an_answer_from_a_list_that_could_not_be_read_again_says_so() -> None:
    organization = parse("ee | P ana:Owner ben:Admin")
    people = organization.people(NOW).failed("users", NoAnswerError("Nothing came."))
    answer = who_can(AccessGraph(people), PEOPLE)
    assert [each.name for each in answer.people] == ["ana", "ben"]
    assert (answer.stale, answer.at_least, answer.complete) == (("users",), (), False)


def test_without_accounts_and_their_roles_an_answer_is_a_lower_bound() -> None:
    _, graph = graph_of("ee | P ana:Owner | A tf:Admin | X accounts=failed account_members=failed")
    assert who_can(graph, PEOPLE).at_least == ("accounts", "account_members")


def test_an_account_known_by_its_role_alone_has_no_known_state() -> None:
    organization, graph = graph_of("ee | P ana:Owner | A tf:Admin | X accounts=refused")
    assert [(each.name, each.state) for each in who_can(graph, PEOPLE).accounts] == [("tf", "unknown")]
    assert why(graph, organization.id("tf"), PEOPLE).usable == "unknown"


def test_whoever_is_listed_as_a_person_on_community_may_be_an_account_while_those_are_unread() -> None:
    _, graph = graph_of("ce | P ana:Owner | A tf:Admin | X accounts=refused")
    assert [(each.name, each.kind, each.kind_known) for each in who_can(graph, PEOPLE).people] == [
        ("ana", "person", False),
        ("tf", "person", False),
    ]


def test_an_account_of_community_may_have_its_role_among_those_of_people() -> None:
    _, graph = graph_of("ce | P ana:Owner | A tf:Admin | X users=partial1")
    answer = who_can(graph, PEOPLE)
    assert [(each.subject.name, each.reasons) for each in answer.unknown] == [("tf", ("roles-missing",))]


def test_a_role_the_whole_list_lacks_permits_nobody_knows_what_even_if_it_is_called_admin() -> None:
    organization = parse("ee | P ana:Owner ben:Admin")
    people = organization.people(NOW)
    kept = tuple(role for role in people.roles.items if role.name != "Admin")
    answer = who_can(AccessGraph(people.arrived("roles", kept, NOW)), PEOPLE)
    assert [each.name for each in answer.people] == ["ana"]
    assert [(each.subject.name, each.reasons) for each in answer.unknown] == [("ben", ("role-unlisted",))]


def test_roles_that_are_listed_without_permissions_are_taken_from_the_catalog() -> None:
    people = parse("ee | P ana:Owner dan:Member").people(NOW)
    bare = tuple(replace(role, permissions=()) for role in people.roles.items)
    answer = who_can(AccessGraph(people.arrived("roles", bare, NOW)), PEOPLE)
    assert [each.name for each in answer.people] == ["ana"]
    assert answer.complete


def test_an_account_that_was_deleted_here_is_no_holder_and_no_stranger() -> None:
    organization = parse("ee | P ana:Owner | A tf:Admin | G ops:Admin{tf}")
    people = organization.people(NOW).without({organization.id("tf")})
    answer = who_can(AccessGraph(people), PEOPLE)
    assert not answer.accounts
    assert answer.complete


def test_two_of_one_name_are_two() -> None:
    people = parse("ee | P ana:Owner ben:Admin").people(NOW)
    same = tuple(replace(member, name="Ana") for member in people.users.items)
    assert len({each.id for each in who_can(AccessGraph(people.arrived("users", same, NOW)), PEOPLE).people}) == 2


def test_what_is_asked_about_must_exist() -> None:
    organization, graph = graph_of("ee | P ana:Owner")
    with pytest.raises(UnknownPermissionError):
        who_can(graph, "organization.nothing")
    with pytest.raises(NobodyError):
        why(graph, "nobody", PEOPLE)
    assert paths(graph, organization.id("ana"), PEOPLE)


# Projects


@pytest.mark.parametrize(
    ("people", "verdict", "reasons"),
    [
        ("rey:Cap", "yes", ()),
        ("rey:Cap,Lead~scim", "unknown", ("mapping",)),
    ],
)
def test_what_a_custom_role_brings_along_is_learnt_from_whoever_holds_nothing_else(
    people: str, verdict: str, reasons: tuple[str, ...]
) -> None:
    organization, graph = graph_of(
        f"ee | P ana:Owner {people} | A bot:Cap | R Cap={{o.view}}=>Admin Lead={{o.people.view}}=>Contributor"
        " | Q api@ana{} | Z api"
    )
    answer = why(graph, organization.id("bot"), "project.delete")
    assert (answer.verdict, answer.reasons) == (verdict, reasons)


def test_none_of_several_candidates_giving_it_is_a_no() -> None:
    organization, graph = graph_of(
        "ee | P ana:Owner rey:Cap,Lead~scim | A bot:Cap"
        " | R Cap={o.view}=>Reader Lead={o.people.view}=>Reader | Q api@ana{} | Z api"
    )
    assert why(graph, organization.id("bot"), "project.delete").verdict == "no"
    assert why(graph, organization.id("bot"), "project.view").verdict == "unknown"


def test_the_people_of_a_project_settle_what_a_person_holds_there() -> None:
    organization, graph = graph_of(
        "ee | P ana:Owner rey:Cap kim:Keep eva:Member | R Cap={o.view}=>Admin Keep={o.view}"
        " | G all:Member{ana} | Q api@ana{eva:Reader~github} | Z api"
    )
    project = organization.project_id("api")
    found = {name: why(graph, organization.id(name), "project.view", project) for name in ("rey", "kim", "eva")}
    assert {name: answer.verdict for name, answer in found.items()} == {"rey": "yes", "kim": "no", "eva": "yes"}
    assert [(path.role_name, path.source, path.project_id) for path in found["eva"].paths] == [
        ("Reader", "github", project)
    ]
    assert can(graph, organization.id("eva")).projects.keys() == {project}


def test_a_project_that_was_not_read_is_unknown_for_whoever_has_nothing_everywhere() -> None:
    organization, graph = graph_of("ee | P ana:Owner dan:Member | Q api@ana{}")
    answer = who_can(graph, "project.view", organization.project_id("api"))
    assert [(each.subject.name, each.reasons) for each in answer.unknown] == [("dan", ("project-people-missing",))]


def test_a_cause_on_the_project_is_told_as_such() -> None:
    organization, graph = graph_of("ee | P ana:Owner eva:Member | Q api@ana{eva:Reader~github} | Z api")
    answer = who_can(graph, "project.view", organization.project_id("api"))
    assert [(each.role_name, each.source, each.on_project, each.mapped_to, each.people) for each in answer.causes] == [
        ("Owner", "manually", False, "Admin", 1),
        ("Reader", "github", True, None, 1),
    ]


# Roles


def test_owner_has_by_its_project_role_what_only_admin_lists() -> None:
    organization, graph = graph_of("ee | P ana:Owner")
    answer = compare(graph, [organization.role_id("Owner"), organization.role_id("Admin")])
    assert ("no", "yes") not in answer.differences
    assert "project.delete" in answer.differences["yes", "yes"]
    assert "organization.change_owner" in answer.differences["yes", "no"]


def test_a_custom_role_is_compared_with_what_is_unknown_of_it() -> None:
    organization, graph = graph_of("ee | P ana:Owner | R Cap={o.view}")
    cap = organization.role_id("Cap")
    answer = compare(graph, [organization.role_id("Member"), cap])
    assert answer.mapping_unknown == (cap,)
    assert "project.view" in answer.differences["no", "unknown"]
    assert can_role(graph, cap).reasons == ("mapping",)


def test_a_no_names_the_roles_that_would_give_it_the_least_first() -> None:
    organization, graph = graph_of("ee | P ana:Owner dan:Member | R Lead={o.view,o.people.manage}")
    answer = why(graph, organization.id("dan"), PEOPLE)
    assert [each.role_name for each in answer.nearest] == ["Lead", "Admin", "Owner"]
    assert [path.role_name for path in answer.bindings] == ["Member"]
    assert [each.mapped_to for each in roles_giving(graph, "project.job.stop")] == ["Admin", "Admin"]


def test_roles_in_effect_count_those_of_groups() -> None:
    organization, graph = graph_of("ee | P ana:Owner dan:Member | G ops:Admin{dan}")
    found = graph.effective_roles(organization.id("dan"))
    assert (found.names, found.complete) == (("Admin", "Member"), True)
    _, blind = graph_of("ee | P ana:Owner dan:Member | G ops:Admin{dan} | X groups=failed")
    assert not blind.effective_roles(organization.id("dan")).complete


def test_levels_are_told_by_permissions_not_by_names() -> None:
    organization, graph = graph_of(
        "ee | P ana:Owner dan:Member fay:Odd | G ops:Admin{dan} | R Odd={o.view} | X roles=refused"
    )
    assert graph.level(organization.id("ana")) == Level("Owner", "Owner")
    assert graph.level(organization.id("dan")) == Level("Admin", "Admin")
    assert graph.level(organization.id("fay")) == Level("none", "Owner")


def test_on_community_owner_and_admin_are_one_level() -> None:
    organization, graph = graph_of("ce | P ana:Owner ben:Admin dan:Member")
    assert [graph.level(organization.id(name)).certain for name in ("ana", "ben", "dan")] == [
        "Owner/Admin",
        "Owner/Admin",
        "none",
    ]


def test_the_roles_held_tell_the_edition_where_roles_were_not_read() -> None:
    assert graph_of("ce | P ana:Owner | X roles=failed")[1].edition == "ce"
    assert graph_of("ee | P ana:Owner | X roles=failed")[1].edition == "ee"
    assert AccessGraph(People()).edition == "unknown"


# Steps


def ways(graph: AccessGraph, target: str, depth: int = 1) -> list[tuple[str, list[str], bool]]:
    return [
        (
            each.subject.name,
            [f"{step.edge} {step.target.name}" if step.target else step.edge for step in each.steps],
            each.certain,
        )
        for each in steps(graph, target, depth).found
    ]


def test_one_step_may_open_the_next() -> None:
    _, graph = graph_of(
        "ee | P ana:Owner kim:Keep dan:Member | A hr:Lead"
        " | R Keep={o.view,o.service_accounts.manage} Lead={o.view,o.people.manage} | G night:Owner{}"
    )
    assert ways(graph, "Owner") == [("hr", ["join night"], True)]
    assert ways(graph, "Owner", 2) == [("kim", ["token hr", "join night"], True), ("hr", ["join night"], True)]


def test_an_account_does_not_take_its_own_token() -> None:
    _, graph = graph_of("ee | P ana:Owner | A boss:Owner; tf:Admin; up:Admin | R Keep={o.view}")
    assert ways(graph, "organization.delete") == [("tf", ["token boss"], True), ("up", ["token boss"], True)]
    _, alone = graph_of("ee | P ana:Owner ben:Admin | A tf:Admin | X roles=refused")
    assert ways(alone, "Admin") == []


def test_a_step_that_takes_what_is_unknown_is_not_certain() -> None:
    _, graph = graph_of(
        "ee | P ana:Owner kim:Keep | A bot:Admin | R Keep={o.view,o.service_accounts.manage} | X account_members=failed"
    )
    answer = steps(graph, "Owner")
    assert [(each.subject.name, each.certain) for each in answer.found] == [("kim", False)]
    assert not answer.complete


def test_on_community_nobody_is_a_step_from_what_every_manager_has() -> None:
    _, graph = graph_of("ce | P ana:Owner ben:Admin dan:Member | A boss:Owner; bot:Member")
    assert ways(graph, "Owner", 3) == []
    with pytest.raises(UnknownPermissionError):
        steps(graph, permission("o.nothing"))
