"""Models to words: what is said about people, roles, dates, troubles and tokens."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import SecretStr

from semtui.api.errors import NoAnswerError, PermissionDeniedError
from semtui.api.models import (
    Group,
    Member,
    NewToken,
    Permission,
    Role,
    RoleBinding,
    ServiceAccount,
)
from semtui.organization.listing import LIST_NAMES
from semtui.organization.people import People
from semtui.organization.query import View
from semtui.organization.subject import KINDS, Kind, Subject
from semtui.text.counting import count
from semtui.tui import styling
from semtui.tui.theme import DARK, LIGHT
from semtui.wording import (
    dates,
    people_rows,
    role_bindings,
    styled_text,
    subject_details,
    tokens,
)
from semtui.wording import lists as list_words
from semtui.wording import permissions as permission_words
from semtui.wording import (
    subjects as presentation,
)
from semtui.wording.styled_text import Piece

NOW = 1_795_442_580  # 2026-11-23 14:03:00 UTC
REFUSED = PermissionDeniedError("This API token lacks the permission x.", missing="x")
SLOW = NoAnswerError("acme is slow.")


def words(pieces: list[Piece]) -> str:
    return "".join(text for text, _ in pieces)


def lines(found: list[list[Piece]]) -> list[str]:
    return [words(pieces) for pieces in found]


def binding(name: str, source: str = "manually") -> RoleBinding:
    return RoleBinding(role_id=f"role {name}", role_name=name, source=source)


def loaded(**lists: tuple[object, ...]) -> People:
    """Every list loaded at NOW; those not named are empty."""
    people = People()
    for name in LIST_NAMES:
        people = people.arrived(name, lists.get(name, ()), NOW)
    return people


ANN = Member(id="u-ann", name="Ann", roles=(binding("Owner"),))
CI = ServiceAccount(
    id="a-ci", name="ci", description="Ships", org_id="acme-id", creator_id="u-ann", created_at=NOW - 90, updated_at=NOW
)
CREW = Group(id="g-crew", name="crew", member_ids=("u-ann", "u-gone"))
ADMIN = Role(id="role Admin", name="Admin", org_id="acme-id", description="Almost all.", permissions=("x.view", "y"))
ACME = loaded(
    users=(ANN,),
    account_members=(Member(id="a-ci", name="ci", roles=(binding("Admin"), binding("", "telepathy"))),),
    accounts=(CI,),
    groups=(CREW,),
    roles=(ADMIN,),
)


def plain(lines: list[styled_text.Line]) -> str:
    """The words of a longer text, before it is wrapped."""
    return "\n".join("".join(words for words, _ in line.pieces) for line in lines)


# Numbers and dates


@pytest.mark.parametrize(("number", "said"), [(0, "0 groups"), (1, "1 group"), (1200, "1,200 groups")])
def test_counts_are_said_in_the_singular_or_plural(number: int, said: str) -> None:
    assert count(number, "group") == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1_752_627_855, "Jul 16, 2025"), (1_767_225_599, "Dec 31, 2025"), (1_767_225_600, "Jan 01, 2026")],
)
def test_a_date_is_said_as_on_the_web_page_whatever_the_time_zone(
    seconds: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        monkeypatch.setenv("TZ", zone)
        assert dates.date_words(seconds) == said


@pytest.mark.parametrize("seconds", [None, 0, -1, 10**18, 10**30])
def test_a_time_that_is_none_is_not_made_up(seconds: int | None) -> None:
    assert dates.date_words(seconds) == ""
    assert dates.clock_words(seconds) == "–"
    assert dates.instant_words(seconds, NOW) == "–"


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (0, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (3599, "59 minutes ago"),
        (3600, "1 hour ago"),
        (86_399, "23 hours ago"),
        (86_400, "1 day ago"),
        (30 * 86_400, "30 days ago"),
        (31 * 86_400, "1 month ago"),
        (365 * 86_400, "11 months ago"),
        (366 * 86_400, "1 year ago"),
        (20 * 366 * 86_400, "20 years ago"),
    ],
)
def test_an_instant_is_told_with_the_time_since(passed: int, said: str) -> None:
    moment, _, since = dates.instant_words(NOW - passed, NOW).partition(", ")
    assert moment.endswith(" UTC")
    assert since == said


def test_an_instant_to_come_is_given_bare() -> None:
    assert dates.instant_words(NOW + 60, NOW) == "2026-11-23 14:04:00 UTC"
    assert dates.clock_words(NOW) == "14:03 UTC"


# Rows


@pytest.mark.parametrize(
    ("roles", "pieces"),
    [
        (None, [("?", "muted")]),
        ((), []),
        ((binding("Owner"),), [("Owner", "owner")]),
        (
            (binding("Admin", "scim"), binding("Member")),
            [("Admin", "admin"), (" (SCIM)", "muted"), (", ", "muted"), ("Member", "member")],
        ),
        ((binding("", "inherited_from_org_role"),), [("(unnamed role)", "other"), (" (from org role)", "muted")]),
        ((binding("owner", "unspecified"),), [("owner", "other"), (" (source not named)", "muted")]),
    ],
)
def test_roles_are_colored_and_carry_their_source(roles: tuple[RoleBinding, ...] | None, pieces: list[Piece]) -> None:
    assert role_bindings.role_pieces(roles) == pieces


def test_a_row_says_what_it_is() -> None:
    ann, ci, crew = ACME.by_id["u-ann"], ACME.by_id["a-ci"], ACME.by_id["g-crew"]
    said = {name: words(pieces) for name, pieces in people_rows.cells(ci, ACME, NOW).items()}
    assert said["name"] == "ci"
    assert said["role"] == "Admin +1"
    assert said["state"] == "● active"
    assert said["created"] == "Nov 23, 2026"
    assert said["description"] == "Ships"
    assert words(people_rows.cells(ann, ACME, NOW)["role"]) == "Owner +1"
    assert words(people_rows.cells(ann, ACME, NOW)["state"]) == ""
    assert words(people_rows.cells(crew, ACME, NOW)["kind"]) == "group 2"
    assert words(people_rows.cells(crew, ACME, NOW)["role"]) == "–"


@pytest.mark.parametrize(
    ("state", "said"),
    [("active", "● active"), ("deactivated", "○ deactivated"), ("no role", "! no role"), ("unknown", "? unknown")],
)
def test_a_state_is_a_mark_and_a_word(state: str, said: str) -> None:
    accounts = {
        "active": Subject("a", "account", "a", state="active"),
        "deactivated": Subject("a", "account", "a", state="deactivated"),
        "no role": Subject("a", "account", "a", state="no role"),
        "unknown": Subject("a", "account", "a", state="unknown"),
    }
    assert presentation.state_piece(accounts[state])[0] == said
    faded = people_rows.cells(accounts[state], ACME, NOW)["name"][0][1]
    assert faded == ("muted" if state == "deactivated" else "plain")


def test_somebody_without_a_name_is_told_by_id() -> None:
    assert presentation.name_of(Subject("0123456789", "person", "  ")) == "(no name) 01234567"


def test_details_tell_everything_known_of_an_account() -> None:
    said = plain(subject_details.details(ACME.by_id["a-ci"], ACME, NOW))
    for fact in ("service account", "a-ci", "● active", "Ships", "14:01:30 UTC, 1 minute ago", "UTC, just now"):
        assert fact in said
    assert "created by   Ann" in said
    assert "organization acme-id" in said
    assert "Admin  assigned directly\n  Almost all.\n  2 permissions" in said
    assert "(unnamed role)  from the unknown source “telepathy”" in said


def test_details_tell_of_when_they_are() -> None:
    """Somebody may have changed the row since, or replaced its token."""
    of_then = "2026-11-23 14:03 UTC"
    for row in ACME.subjects:
        if row.state != "unknown":
            assert of_then in plain(subject_details.details(row, ACME, NOW + 86_400)), row.name
    account = ServiceAccount(id="n", name="n", created_at=NOW - 90, updated_at=NOW - 90)
    people = loaded(accounts=(account,))
    said = plain(subject_details.details(people.by_id["n"], people, NOW + 86_400))
    assert f"it was never renewed, as read at {of_then}" in said


def test_details_of_a_group_name_its_members_and_of_a_person_the_groups() -> None:
    group = plain(subject_details.details(ACME.by_id["g-crew"], ACME, NOW))
    assert "description  none" in group
    assert group.endswith("Members\nAnn\nsomeone not listed, id u-gone")
    person = plain(subject_details.details(ACME.by_id["u-ann"], ACME, NOW))
    assert "groups       crew" in person
    assert "More may come through the groups" in person


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        (Subject("a", "account", "a", None), "not known: the list that would tell is missing"),
        (Subject("a", "account", "a", ()), "none: its token is accepted, but may do nothing"),
        (Subject("a", "group", "a", ()), "Roles\nnone"),
    ],
)
def test_details_tell_no_roles_from_unknown_ones(subject: Subject, said: str) -> None:
    assert said in plain(subject_details.details(subject, People(), NOW))


def test_the_creator_is_a_name_an_id_or_gone() -> None:
    account = ACME.by_id["a-ci"]
    assert presentation.creator_words(account, ACME) == "Ann"
    assert presentation.creator_words(account, People()) == "someone not listed, id u-ann"
    gone = Subject("a", "account", "a", account=ServiceAccount(id="a"))
    assert presentation.creator_words(gone, ACME).startswith("creator has left")
    assert words(presentation.sentence(gone, ACME)) == "a · its creator has left"
    assert words(presentation.sentence(account, ACME)) == (
        "ci · Admin, (unnamed role) (unknown source “telepathy”) · Ships · created by Ann"
    )
    assert words(presentation.sentence(ACME.by_id["u-ann"], ACME)) == "Ann · in crew"
    assert words(presentation.sentence(ACME.by_id["g-crew"], ACME)) == "crew · 2 members"


def test_markup_in_names_is_taken_literally() -> None:
    name = "[bold]x[/bold] [@click=app.quit]y[/] [/nope] [b"
    subject = Subject("a", "account", name, description=name)
    assert name in plain(subject_details.details(subject, People(), NOW))
    assert words(presentation.sentence(subject, People())) == f"{name} · {name}"


def test_every_tone_has_a_look_in_both_themes() -> None:
    for theme in (DARK, LIGHT):
        variables = {f"${name}" for name in theme.variables} | {"$success", "$warning", "$error"}
        assert {look for look in styling.TONES.values() if look.startswith("$")} <= variables


# Roles


@pytest.mark.parametrize(
    ("permissions", "said"),
    [
        ((), "do what Semaphore did not list"),
        (("organization.view",), "view (1)"),
        (
            ("organization.people.view", "organization.secrets.manage", "project.job.stop"),
            "manage secrets, stop project job, view people (3)",
        ),
        (("c.x", "b.x", "a_a.x"), "x a a, x b, … (3)"),
    ],
)
def test_permissions_are_summed_up_with_what_changes_things_first(permissions: tuple[str, ...], said: str) -> None:
    role = Role(id="r", name="Ops", description="Does.", permissions=permissions)
    most = 2 if permissions and permissions[0] == "c.x" else 5
    assert permission_words.permission_summary(role, most) == said
    assert words(permission_words.meaning(role)).startswith("Does. Ops can ")


def test_the_page_of_permissions_lists_and_explains_them_all() -> None:
    role = replace(ADMIN, rbac_permissions=(Permission(name="y", description="Why not."),))
    said = plain(permission_words.permissions_page(role)).splitlines()
    assert said[0] == "Almost all."
    assert [line.split() for line in said if line][1:] == [["other"], ["y", "Why", "not."], ["x"], ["view"]]
    assert "not known" in plain(permission_words.permissions_page(Role(id="r", name="r")))


# The state of the lists


def test_a_notice_stands_for_every_trouble_once() -> None:
    people = ACME.failed("groups", REFUSED).failed("roles", REFUSED).failed("accounts", SLOW)
    found = lines(list_words.notices(people))
    assert len(found) == 2
    (refused,) = [line for line in found if str(REFUSED) in line]
    (slow,) = [line for line in found if str(SLOW) in line]
    assert refused.startswith("Groups, Roles: ")
    assert slow == "Service accounts: acme is slow. What is shown is from 14:03 UTC."
    assert list_words.notices(ACME) == []


def test_a_list_that_never_came_is_not_said_to_be_old() -> None:
    people = People().arrived("users", (ANN,), NOW).failed("accounts", SLOW)
    assert lines(list_words.notices(people)) == ["Service accounts: acme is slow."]


@pytest.mark.parametrize("kind", [None, *KINDS])
def test_an_empty_table_says_why(kind: Kind | None) -> None:
    def first(people: People, view: View) -> str:
        return lines(list_words.placeholder(people, view))[0]

    def all_lists(trouble: PermissionDeniedError | NoAnswerError) -> list[str]:
        people = People()
        for name in LIST_NAMES:
            people = people.failed(name, trouble)
        return lines(list_words.placeholder(people, View(kind)))

    view = View(kind)
    assert first(People(), view).startswith("Loading ")
    empty = first(loaded(), view)
    assert (empty.startswith("There are no "), empty.endswith(" yet.")) == (True, True)
    assert first(loaded().loading_started(), view) == empty
    assert first(ACME, View(kind, search="nobody")).endswith(" match.")
    assert first(ACME, View(kind, search="role:Owner")).endswith(" match.")
    assert first(loaded(), View(kind, search="nobody")) == empty
    refused, reason, *_ = all_lists(REFUSED)
    assert "may not see" in refused
    assert reason == str(REFUSED)
    failed, reason, way_out = all_lists(SLOW)
    assert "could not be loaded" in failed
    assert reason == str(SLOW)
    assert way_out.startswith("r ")


# Tokens


def test_the_usage_example_names_the_address_and_no_token() -> None:
    said = tokens.usage_example("https://acme.semaphoreci.com")
    assert said.startswith('curl -H "Authorization: Token $API_TOKEN"')
    assert '"https://acme.semaphoreci.com/api/v1alpha/projects"' in said


def test_a_token_is_dots_until_it_is_shown() -> None:
    token = NewToken(account_id="a", account_name="ci", secret=SecretStr("-Wq3xK8vN2mT5rB7yL0p"))
    assert tokens.token_words(token, shown=False) == "•" * 20
    assert tokens.token_words(token, shown=True) == "-Wq3xK8vN2mT5rB7yL0p"


def test_a_clock_that_is_off_is_told_and_a_small_difference_is_not() -> None:
    assert list_words.skew_words(None, NOW) == ()
    assert list_words.skew_words(NOW - 119, NOW) == ()
    assert "3 minutes ahead of Semaphore's" in list_words.skew_words(NOW - 180, NOW)[0]
    assert "24 hours behind Semaphore's" in list_words.skew_words(NOW + 86400, NOW)[0]
