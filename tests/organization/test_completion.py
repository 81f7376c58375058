"""What tab writes into the search line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semtui.organization.filters.completion import Vocabulary, complete
from semtui.organization.filters.language import quote, split
from semtui.organization.filters.terms import TERMS

VALUES = {
    "role": ("Owner", "Admin", "Member", "Night admin", "Night owl", "Release manager", "none"),
    "group": ("Platform engineering", "none"),
    "by": ("Amara Okafor", "Émile", "gone"),
    "state": ("active", "off"),
    "can": ("organization.people.manage", "organization.people.view"),
}


def written(name: str) -> list[str]:
    return [each if each in TERMS[name].reserved else quote(each) for each in VALUES.get(name, ())]


VOCABULARY = Vocabulary(tuple(f"{each.name}{each.signs[0]}" for each in TERMS.values()), written)


@pytest.mark.parametrize(
    ("line", "after", "offers"),
    [
        ("ro|", "role:|", 1),
        ("-ro|", "-role:|", 1),
        ("prod cr|", "prod created>|", 1),
        ("|", "|", 9),
        ("prod |", "prod |", 9),
        ("role:|", "role:|", 7),
        ("role:ow|", "role:Owner |", 1),
        ("role:OW| prod", "role:Owner| prod", 1),
        ("role:nig|", 'role:"Night |', 2),
        ('role:"night a|', 'role:"Night admin" |', 1),
        ("role:rel|", 'role:"Release manager" |', 1),
        ("-role:adm|", "-role:Admin |", 1),
        ("role:owl|", 'role:"Night owl" |', 1),
        ("group:eng|", 'group:"Platform engineering" |', 1),
        ("by:em|", "by:Émile |", 1),
        ("by:gon|", "by:gone |", 1),
        ("can:people|", "can:people|", 2),
        ("can:org|", "can:organization.people.|", 2),
        ("state:a| by:x", "state:active| by:x", 1),
        ("role:nobody|", "role:nobody|", 0),
        ("zebra|", "zebra|", 0),
        ('"ro|', '"ro|', 0),
        ('role:"Night admin"|', 'role:"Night admin"|', 9),
        ("age>|", "age>|", 0),
    ],
)
def test_tab_completes_as_far_as_it_is_clear(line: str, after: str, offers: int) -> None:
    cursor = line.index("|")
    found = complete(line.replace("|", ""), cursor, VOCABULARY)
    assert f"{found.text[: found.cursor]}|{found.text[found.cursor :]}" == after
    assert len(found.offers) == offers


@given(st.text(alphabet='rolestage:"<>- éN', max_size=20), st.integers(0, 20))
def test_nothing_behind_the_cursor_or_in_other_parts_is_changed(text: str, place: int) -> None:
    cursor = min(place, len(text))
    found = complete(text, cursor, VOCABULARY)
    assert found.text[found.cursor :] == text[cursor:]
    before = split(text[:cursor])
    assert split(found.text[: found.cursor])[: len(before) - 1] == before[:-1]
