"""Filters of roles and of projects."""

from __future__ import annotations

import pytest

from semtui.organization.filters.language import FilterError
from semtui.organization.filters.row_filter import RowFilter, RowTerm

ROWS = {"Night admin": ("secrets.view", "people.manage"), "Admin": ("people.manage",), "Guest": ()}
FILTER = RowFilter(str.casefold, RowTerm("can", lambda row: ROWS[row]), RowTerm("name", lambda row: (row,)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "Night admin, Admin, Guest"),
        ("ADMIN night", "Night admin"),
        ("-night", "Admin, Guest"),
        ("can:people.manage", "Night admin, Admin"),
        ("can:secrets", "Night admin"),
        ("-can:people", "Guest"),
        ("name:admin", "Admin"),
        ('name:"night admin"', "Night admin"),
        ("name:n can:people", "Night admin, Admin"),
    ],
)
def test_rows_that_match_every_word_and_term_are_found(text: str, found: str) -> None:
    assert ", ".join(FILTER.found(ROWS, text)) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("foo:b", "There is no such term here; put it in quotes to find it as text. There are can:, name:."),
        ("nam:b", "Did you mean name:?"),
        ("can:", "can needs a value. There are people.manage, secrets.view."),
        ("can>5", "can takes a colon"),
        ("name:zebra", "name: nothing here has that value. There are Admin, Guest, Night admin."),
    ],
)
def test_what_is_not_understood_is_said_with_what_is(text: str, words: str) -> None:
    with pytest.raises(FilterError) as caught:
        FILTER.found(ROWS, text)
    assert words in str(caught.value)
    assert FILTER.problem(ROWS, text) == str(caught.value)
