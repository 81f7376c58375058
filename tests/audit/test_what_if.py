"""What would change, of organizations written in a line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from semtui.audit.access.graph import AccessGraph
from semtui.audit.what_if.answers import WhatIf
from semtui.audit.what_if.operations import Caller, SenselessError
from semtui.audit.what_if.question import what_if
from tests.audit.in_a_line import operation
from tests.support.organizations import Organization, parse

NOW = 1_700_000_000.0


def asked(text: str, *operations: str, caller: str = "", lacks: str = "") -> tuple[Organization, WhatIf]:
    organization = parse(text)
    graph = AccessGraph(organization.people(NOW), organization.projects(NOW))
    by = Caller(organization.id(caller) if caller else "", frozenset(lacks.split()))
    return organization, what_if(graph, [operation(organization, each) for each in operations], by)


def changes(answer: WhatIf) -> dict[str, str]:
    return {
        subject.name or subject.id: f"+{len(difference.gained)} -{len(difference.lost)}"
        for subject, difference in answer.everybody()
    }


def notes(answer: WhatIf) -> list[str]:
    return [
        f"{each.code} {each.subject.name if each.subject else ','.join(each.names)}".strip() for each in answer.notes
    ]


DEMOTED = "ee | P ana:Owner ben:Admin~scim,Member dan:Member | A bot:Admin<ben | G rel:Admin{ben,dan,!zed}"


def test_the_role_of_a_group_is_netted_over_everything_else() -> None:
    _, answer = asked(DEMOTED, "role rel Member")
    assert changes(answer) == {"dan": "+0 -51"}
    assert [(each.subjects[0].name, each.paths[0].source) for each in answer.kept] == [("ben", "scim")]
    # Who is in no list may be gone already.
    assert [each.reasons for each in answer.unknown] == [("unlisted",)]


def test_what_is_taken_and_given_in_one_go_is_netted() -> None:
    _, answer = asked(DEMOTED, "role dan Admin", "leave dan rel")
    assert changes(answer) == {}
    assert [each.subjects[0].name for each in answer.kept] == ["dan"]


def test_an_operation_is_judged_by_what_those_before_it_left() -> None:
    text = "ee | P ana:Owner ben:Owner"
    assert [each.code for each in asked(text, "remove ben")[1].refusals] == ["owner"]
    _, answer = asked(text, "role ben Member", "remove ben")
    assert not answer.refusals
    assert changes(answer) == {"ben": "+0 -69"}
    assert answer.differences[0].loses_all
    assert answer.differences[0].all_projects == "lost"


@pytest.mark.parametrize(
    ("text", "done", "code"),
    [
        ("ee | P ana:Owner", "remove ana", "owner"),
        ("ee | P ana:Owner | R Cap={o.view}", "delete-role Admin", "built-in"),
        ("ce | P ana:Owner", "edit-role Member +o.view", "built-in"),
        ("ee | P ana:Owner rey:Cap | R Cap={o.view}", "delete-role Cap", "role-held"),
        ("ee | P ana:Owner | A bot:- | G rel:Member{}", "join bot rel", "not-a-member"),
        ("ee | P ana:Owner | R Cap={o.view}", "edit-role Cap +p.view", "no-such-permission"),
    ],
)
def test_what_semaphore_refuses_changes_nothing(text: str, done: str, code: str) -> None:
    _, answer = asked(text, done)
    assert [(each.code, each.certain) for each in answer.refusals] == [(code, True)]
    assert [*answer.differences, *answer.kept, *answer.unknown] == []
    assert answer.complete


def test_a_role_that_may_be_held_by_somebody_unseen_is_perhaps_refused() -> None:
    _, answer = asked("ee | P ana:Owner | R Cap={o.view} | X account_members=failed", "delete-role Cap")
    assert [(each.code, each.certain) for each in answer.refusals] == [("role-held", False)]
    assert not answer.complete


@pytest.mark.parametrize(
    ("done", "lacks", "told"),
    [
        ("role dan Owner", "organization.change_owner", ("organization.change_owner",)),
        ("role ana Member", "organization.change_owner", ("organization.change_owner",)),
        ("role dan Admin", "organization.okta.manage project.delete", ("organization.okta.manage", "project.delete")),
        ("role dan Owner", "organization.okta.manage", None),
        ("deactivate bot", "organization.service_accounts.manage", ("organization.service_accounts.manage",)),
        ("edit-role Cap -o.view", "organization.custom_roles.manage", ("organization.custom_roles.manage",)),
    ],
)
def test_what_the_caller_lacks_is_refused(done: str, lacks: str, told: tuple[str, ...] | None) -> None:
    text = "ee | P ana:Owner dan:Member | A bot:Member | R Cap={o.view}"
    _, answer = asked(text, done, lacks=lacks)
    assert [each.permissions for each in answer.refusals] == ([told] if told else [])


def test_what_somebody_who_is_removed_leaves_behind_is_told() -> None:
    text = "ee | P ana:Owner dan:Admin | A bot:Owner<dan | G rel:Admin{dan} | Q api@dan{dan:Reader} web@ana{} | Z api"
    _, answer = asked(text, "remove dan", caller="dan")
    assert notes(answer) == [
        "leaves dan",
        "on-projects dan",
        "caller dan",
        "created-account bot",
        "owns-projects dan",
        "queue",
    ]
    on_projects = answer.notes[1]
    assert (on_projects.names, on_projects.number, on_projects.complete) == (("api",), 1, False)
    created = answer.notes[3]
    assert created.level is not None
    assert created.level.certain == "Owner"


@pytest.mark.parametrize(
    ("text", "done", "gaps"),
    [
        ("ee | P ana:Owner dan:Member | Q api@ana{} | Z api", "remove dan", []),
        ("ee | P ana:Owner dan:Member | Q api@ana{} web@ana{} | Z api", "remove dan", ["on-projects"]),
        ("ee | P ana:Owner dan:Admin | A bot:Member | X accounts=failed", "role dan Member", ["created-account"]),
        ("ee | P ana:Owner dan:Member | G rel:Member{}", "join dan rel", ["group-projects"]),
        ("ee | P ana:Owner | A bot:Member", "remove bot", ["on-projects"]),
        ("ee | P ana:Owner | R Cap={o.view,o.people.view}", "edit-role Cap -o.people.view", ["mapping-dropped"]),
    ],
)
def test_a_note_that_lacks_something_makes_the_answer_incomplete(text: str, done: str, gaps: list[str]) -> None:
    _, answer = asked(text, done)
    assert [each.code for each in answer.gaps] == gaps
    assert answer.complete is not bool(gaps)


def test_bindings_from_elsewhere_stay() -> None:
    _, answer = asked("ee | P ana:Owner ben:Admin~scim,Member", "remove ben")
    assert changes(answer) == {}
    assert [each.subjects[0].name for each in answer.kept] == ["ben"]
    assert notes(answer) == ["stays ben"]
    assert notes(asked("ee | P ana:Owner ben:Admin~scim", "remove ben")[1]) == ["nothing ben", "stays ben"]


def test_nobody_is_left_to_manage_people() -> None:
    _, answer = asked("ee | P ana:Owner dan:Member | A bot:Admin", "role ana Member", "deactivate bot")
    assert [each for each in notes(answer) if each.startswith("nobody")] == [
        "nobody-manages-people",
        "nobody-changes-owners",
    ]
    assert "cannot-act bot" in notes(answer)
    assert changes(answer) == {"ana": "+0 -55"}
    unsure = asked("ee | P ana:Owner | A bot:Admin | X account_members=failed", "role ana Member")[1]
    assert [each.complete for each in unsure.notes if each.code.startswith("nobody")] == [False, False]


def test_an_edited_role_drops_what_it_brought_on_projects() -> None:
    text = (
        "ee | P ana:Owner rey:Cap kim:Cap,Admin~scim | R Cap={o.view,o.people.view}=>Reader Keep={o.view}"
        " | Q api@ana{} | Z api"
    )
    _, answer = asked(text, "edit-role Cap -o.people.view")
    assert changes(answer)["rey"].startswith("+0 -")
    assert any(each.startswith("project.") for each in answer.differences[0].lost)
    assert "kim" not in changes(answer)
    assert notes(answer) == ["mapping-dropped Cap,Reader"]
    _, unread = asked(text.replace(" | Z api", ""), "edit-role Cap -o.people.view")
    assert changes(unread) == {"rey": "+0 -1"}
    assert [(each.subject.name, each.reasons) for each in unread.unknown] == [("rey", ("mapping",))]


def test_what_was_learnt_of_other_roles_stays() -> None:
    text = "ee | P ana:Owner rey:Cap kim:Keep | R Cap={o.view}=>Admin Keep={o.view} | Q api@ana{} | Z api"
    organization, answer = asked(text, "role rey Keep")
    assert answer.after.grants.of(organization.role_id("Cap"), "Cap").mapped_to == "Admin"
    assert answer.complete


def test_groups_that_could_not_be_read_leave_their_members_unknown() -> None:
    text = "ee | P ana:Owner dan:Member eva:Member | G ops:Admin{dan} | X groups=failed"
    _, answer = asked(text, "delete-group ops")
    assert [(each.subject.name, each.reasons) for each in answer.unknown] == [
        ("dan", ("groups-missing",)),
        ("eva", ("groups-missing",)),
    ]
    assert not answer.complete


def test_what_is_unknown_and_stays_as_it_is_is_no_change() -> None:
    text = "ee | P ana:Owner rey:Cap dan:Member | R Cap={o.view} | G ops:Member{rey} | X accounts=failed"
    _, answer = asked(text, "leave rey ops")
    assert not answer.unknown
    assert list(changes(answer)) == ["rey"]


def test_an_account_that_is_deleted_takes_everything_with_it() -> None:
    _, answer = asked("ee | P ana:Owner | A bot:Admin; tf:Member<bot | G rel:Owner{bot}", "delete bot")
    assert changes(answer) == {"bot": "+0 -69"}
    assert notes(answer) == ["gone bot", "no-creator tf"]


@pytest.mark.parametrize("senseless", ["deactivate dan", "join rel rel", "join dan bot", "delete-group dan"])
def test_what_cannot_be_meant_is_no_question(senseless: str) -> None:
    with pytest.raises(SenselessError):
        asked("ee | P ana:Owner dan:Member | A bot:Member | G rel:Member{}", senseless)


def test_the_rows_afterwards_are_those_the_lists_make() -> None:
    _, answer = asked(DEMOTED, "role rel Member", "remove dan", "deactivate bot")
    assert answer.after.people.subjects == replace(answer.after.people).subjects
