"""What a change would do in the few lines of a dialog: the most important first, and nothing unknown left out."""

from __future__ import annotations

import pytest

from semtui.audit.what_if.answers import NoteCode
from semtui.wording.effects import effect_lines, page_lines
from tests.audit.test_what_if import asked


def said(text: str, *operations: str, told: tuple[NoteCode, ...] = (), **caller: str) -> list[str]:
    _, answer = asked(text, *operations, **caller)
    return [line.text for line in effect_lines(answer, told, "p shows it")]


@pytest.mark.parametrize(
    ("text", "done", "expected"),
    [
        (
            "ee | P ana:Owner dan:Admin | G ops:Admin{dan}",
            "role dan Member",
            ["Nothing changes for dan: the same comes from Admin through the group ops."],
        ),
        (
            "ee | P ana:Owner dan:Admin",
            "role dan Member",
            [
                "dan loses Admin on every project, and 20 permissions of the organization: manage audit logs, "
                "manage general settings, manage groups, manage ip allow list, …"
            ],
        ),
        (
            "ee | P ana:Owner dan:Member ben:Member | G ops:Member{dan,ben}",
            "role ops Admin",
            [
                "ben and dan gain Admin on every project, and 20 permissions of the organization: manage audit logs, "
                "manage general settings, manage groups, manage ip allow list, …"
            ],
        ),
        ("ee | P ana:Owner dan:Member", "role dan Member", ["This changes nothing that anybody can do."]),
        (
            "ee | P ana:Owner dan:Admin",
            "remove ana",
            ["Semaphore would refuse to do this: an Owner cannot be removed before getting another role."],
        ),
    ],
)
def test_who_gains_and_loses_what(text: str, done: str, expected: list[str]) -> None:
    assert said(f"{text} | R Cap={{o.view}}", done) == expected


def test_what_is_not_known_is_said_with_its_reason_and_never_left_out() -> None:
    text = "ee | P ana:Admin dan:Admin | G ops:Admin{dan} | X groups=failed accounts=failed roles=stale"
    assert said(text, "role ana Member", "remove dan", caller="ana") == [
        "Nobody is seen who could still manage people; not everything was read.",
        "This concerns you.",
        "What changes for ana is not known: who is in the groups was not read, and a group may give it.",
        "By an older list of roles, which could not be reloaded.",
        "2 more to know: p shows it.",
    ]


def test_the_project_role_of_a_custom_role_is_unknown_until_a_project_shows_it() -> None:
    text = "ee | P ana:Owner dan:Cap | R Cap={o.view}=>Reader | Q api@ana{}"
    assert said(f"{text} | Z api", "role dan Member")[0].startswith("dan loses ")
    unknown = said(text, "role dan Member")
    assert unknown[-1].startswith("What else changes for dan is not known: the API does not show which project role")


def test_the_most_important_comes_first_and_the_number_of_the_rest_is_said() -> None:
    text = (
        "ee | P ana:Owner dan:Admin eve:Admin | A bot:Admin<dan; old:Owner<dan | G ops:Admin{dan} | Q api@dan{} | Z api"
    )
    assert said(text, "remove dan", caller="dan") == [
        "This concerns you.",
        "dan leaves the organization and all of its projects.",
        "dan loses everything: Admin on every project, and 34 permissions of the organization.",
        "3 more to know: p shows it.",
    ]
    assert said(text, "remove dan", caller="dan", told=("caller", "leaves"))[1:] == [
        "dan created bot and old and may know their tokens.",
        "dan owns the project api.",
        "Semaphore changes who is in a group through a queue: it may take up to a minute.",
    ]


def test_of_several_changes_each_refusal_says_which_one_it_is() -> None:
    text = "ee | P ana:Owner dan:Member | A bot:- | G ops:Admin{dan}"
    lines = said(text, "join bot ops", "leave dan ops")
    assert lines[0] == (
        "Semaphore would refuse to add bot to the group ops: only who holds a role directly can be in a group."
    )
    assert lines[1].startswith("dan loses Admin on every project")


def test_many_are_counted_and_the_page_names_them_with_their_ids() -> None:
    people = " ".join(f"p{number}:Member" for number in range(5))
    organization, answer = asked(f"ee | P ana:Owner {people} | G ops:Admin{{p0,p1,p2,p3,p4}}", "role ops Member")
    assert effect_lines(answer)[0].text.startswith("5 people lose Admin on every project, and 20 permissions")
    page = [line.text for line in page_lines(answer)]
    assert all(any(organization.id(f"p{number}") in line for line in page) for number in range(5))
