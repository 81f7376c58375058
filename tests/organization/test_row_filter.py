"""Filters of roles and of projects."""

from __future__ import annotations

import pytest

from semtui.organization.filters.language import FilterError
from semtui.organization.filters.row_filter import RowFilter, RowTerm, project_filter, role_filter
from semtui.organization.roles import known_roles
from tests.support.organization_lists import people_of, projects_of
from tests.support.organizations import parse

ROWS = {"Night admin": ("secrets.view", "people.manage"), "Admin": ("people.manage",), "Guest": (), "Odd": None}
FILTER = RowFilter(
    str.casefold,
    RowTerm("can", lambda row: ROWS[row]),
    RowTerm("name", lambda row: (row,)),
    RowTerm("kind", lambda _: ("custom",), ("custom", "built-in")),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "Night admin, Admin, Guest, Odd"),
        ("ADMIN night", "Night admin"),
        ("-night", "Admin, Guest, Odd"),
        ("can:people.manage", "Night admin, Admin ?1"),
        ("can:people.manage guest", ""),
        ("can:secrets", "Night admin ?1"),
        ("-can:people", "Guest ?1"),
        ("kind:built-in", ""),
        ("name:admin", "Admin"),
        ('name:"night admin"', "Night admin"),
        ("name:admin can:people", "Admin"),
    ],
)
def test_rows_that_match_every_word_and_term_are_found(text: str, found: str) -> None:
    rows, unknown = FILTER.matches(ROWS, text)
    assert ", ".join(rows) + f" ?{unknown}" * bool(unknown) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("foo:b", "There is no such term here; put it in quotes to find it as text. There are can:, name:, kind:."),
        ("nam:b", "Did you mean name:?"),
        ("can:", "can needs a value. There are people.manage, secrets.view."),
        ("can>5", "can takes a colon"),
        ("name:zebra", "name: nothing here has that value. There are Admin, Guest, Night admin, Odd."),
    ],
)
def test_what_is_not_understood_is_said_with_what_is(text: str, words: str) -> None:
    with pytest.raises(FilterError) as caught:
        FILTER.matches(ROWS, text)
    assert words in str(caught.value)


ACME = "ee | P ana:Owner dan:Night | A bot:Admin | R Night={o.view} | Q api@ana{} old@zed{}"


@pytest.mark.parametrize(
    ("trouble", "text", "found"),
    [
        ("users=failed", "can:organization.view kind:custom", "Night"),
        ("roles=failed", "can:organization.view", " ?3"),
        ("roles=failed", "kind:built-in", "Owner Admin ?1"),
        ("roles=failed", "scope:project", ""),
        ("roles=failed", "owner:ana", "api"),
        ("roles=failed", "-owner:ana", "old"),
        ("users=failed", "owner:ana", " ?2"),
        ("users=failed", "-owner:ana", " ?2"),
    ],
)
def test_what_the_lists_cannot_tell_is_unknown(trouble: str, text: str, found: str) -> None:
    acme = parse(f"{ACME} | X {trouble}")
    people, projects = people_of(acme, 0), projects_of(acme, 0)
    if "owner" in text:
        rows, unknown = project_filter(people, projects).matches(projects.by_name, text)
    else:
        rows, unknown = role_filter().matches(known_roles(people, projects), text)
        rows = [each.role for each in rows]
    assert " ".join(each.name for each in rows) + f" ?{unknown}" * bool(unknown) == found
