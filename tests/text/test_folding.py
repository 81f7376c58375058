"""One way to compare texts, and every place that searches uses it."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import replace

import pytest

from semtui.demo.server import DemoServer
from semtui.session.session import Session
from semtui.text.clean import cleaned
from semtui.text.confusables import confusable_skeleton
from semtui.text.folding import (
    fold,
    haystack,
    holds,
    search_words,
)
from semtui.tui.screens.chooser import Chooser
from semtui.tui.widgets.picker import Picker
from semtui.wording.page_search import hits
from semtui.wording.styled_text import Line
from tests.conftest import OpenScreen, find, people_screen, screen_text, selected_name, settle, settled_in
from tests.support.line_mode import talk

pytestmark = pytest.mark.anyio

FOUND = [
    ("José", "jose"),
    (unicodedata.normalize("NFD", "José"), "José"),
    ("José", unicodedata.normalize("NFD", "josé")),
    (unicodedata.normalize("NFD", "Nguyễn Thị Minh Khai"), "Nguyễn Thị"),
    ("Nguyễn Thị Minh Khai", "nguyen thi"),
    ("Đặng Văn Lâm", "dang van"),
    (unicodedata.normalize("NFD", "김민수"), "김민"),
    ("김민수", unicodedata.normalize("NFD", "민수")),
    (unicodedata.normalize("NFD", "が"), "が"),
    ("ｶﾞｲﾄﾞ", "ガイド"),
    ("İstanbul", "istanbul"),
    ("ISPARTA", "ısparta"),
    ("Desmond O’Connor", "o'connor"),
    ("Desmond O'Connor", "oʼconnor"),
    ("ʻOkina", "'okina"),
    ("ci\u2011bot", "ci-bot"),
    ("ci–bot", "ci-bot"),
    ("ci-bot", "ci−bot"),
    ("ＡＢＣ１２３", "abc123"),
    ("abc", "ＡＢＣ"),
    ("no\xa0break", "no break"),
    ("क्\u200dष", "क्ष"),
    ("soft\xadhyphen", "softhyphen"),
    ("ad\u200bmin\u2060\ufeff", "admin"),
    ("ad\ufe0fmin\U000e0041", "admin"),
    ("admin", "ad\u200bmin"),
    ("user\u202egnp.exe", "usergnp"),
    ("Straße", "strasse"),
    ("STRASSE", "straße"),
    ("ﬁle ﬂow", "file flow"),
    ("Łódź", "lodz"),
    ("Søren Æbelø", "soren aebelo"),
    ("Þór", "thor"),
    ("½ ™ ²", "1/2 tm 2"),
    ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ("Ёлкин", "елкин"),
    ("קָמָץ", "קמץ"),
    ("مُحَمَّد", "محمد"),
    # As a terminal that knows ASCII only shows them.
    ("Zoë Müller", "Zoe Muller"),
    ("Straße", "Strase"),
    ("Ægir", "Agir"),
    ("王秀英", "??????"),
    ("a…b", "a~b"),
    ("soft\xadhyphen", "soft<00AD>hyphen"),
    # As any terminal shows them.
    ("soft\xadhyphen", "soft‹00AD›hyphen"),
    ("a\x1bb", "a␛b"),
    # Words in any order, all of them.
    ("Anna Maria Rossi", "rossi anna"),
    ("Anna Maria Rossi", "  ROSSI\u3000an "),
]

NOT_FOUND = [
    ("Anna Maria Rossi", "rossi bruno"),
    ("か", "が"),
    ("कि", "का"),
    ("กุ", "กา"),
    ("김민수", "감민수"),
    ("prod-1", "prod-2"),
    ("漢", "字"),
    ("modern", "modem"),
]


@pytest.mark.parametrize(("name", "typed"), FOUND)
def test_it_is_found_however_it_is_written(name: str, typed: str) -> None:
    assert holds(haystack(cleaned(name)), search_words(typed))
    assert hits([Line([(cleaned(name), "plain")], 2)], typed) == [0]


@pytest.mark.parametrize(("name", "typed"), NOT_FOUND)
def test_what_differs_is_not_found(name: str, typed: str) -> None:
    assert not holds(haystack(cleaned(name)), search_words(typed))


def test_every_character_folds_to_what_folds_no_further_and_however_it_is_composed() -> None:
    for code in range(0x110000):
        char = chr(code)
        folded = fold(char)
        assert fold(folded) == folded, hex(code)
        assert fold(unicodedata.normalize("NFC", char)) == folded, hex(code)
        assert fold(unicodedata.normalize("NFD", char)) == folded, hex(code)


def test_any_text_folds_to_what_folds_no_further_and_however_it_is_composed() -> None:
    source = random.Random(20261126)
    ranges = [(0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x1100, 0x11FF), (0x1E00, 0x1FFF), (0x2000, 0x206F)]
    ranges += [(0xAC00, 0xD7A3), (0x3040, 0x30FF), (0x900, 0x97F), (0xFF00, 0xFFEF)]
    for _ in range(3000):
        text = "".join(chr(source.randint(*source.choice(ranges))) for _ in range(source.randint(0, 12)))
        folded = fold(text)
        assert fold(folded) == folded
        assert fold(unicodedata.normalize("NFD", text)) == folded
        assert fold(unicodedata.normalize("NFC", text)) == folded


@pytest.mark.parametrize("text", ["‹110000›", "‹FFFFFF›", "‹D800›", "‹", "‹20›", "‹202e›"])
def test_a_stand_in_that_stands_for_nothing_is_a_text(text: str) -> None:
    assert holds(haystack(text), search_words(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ci-bot", "ci\u2011bot"),
        ("ci-bot", "ci–bot"),
        ("o'neil", "o’neil"),
        ("admin", "ad\u200bmin"),
        ("admin", "ad\xadmin"),
        ("admin", "ａｄｍｉｎ"),
        ("Łukasz", "Lukasz"),
        ("istanbul", "İstanbul"),
        (unicodedata.normalize("NFD", "김민수"), "김민수"),
    ],
)
def test_what_search_takes_for_the_same_looks_the_same(one: str, other: str) -> None:
    assert confusable_skeleton(cleaned(one)) == confusable_skeleton(cleaned(other))


# Every place that searches

NAME = unicodedata.normalize("NFD", "Ａｎｎａ\u2011Zoë Rossi’s\u200dbot")
TYPED = "rossi'sbot anna-zoe"


@pytest.fixture(autouse=True)
def _strange_names(server: DemoServer) -> None:
    """One of everything whose name is hard to type."""
    state = server.organization.state
    priya = server.organization.person_named("Priya Raghunathan")
    assert priya is not None
    state.people[priya] = replace(state.people[priya], name=NAME)
    state.subjects[priya] = replace(state.subjects[priya], name=NAME)
    server.organization.create_role(NAME, ["organization.view"], "A role")
    group = next(each for each in state.groups.values() if each.name == "Release crew")
    group.member_ids.append(priya)
    project = next(iter(state.projects.values()))
    group.name = project.name = NAME
    state.subjects[group.id] = replace(state.subjects[group.id], name=NAME)


@pytest.mark.parametrize(("tab", "kind"), [("2", "person"), ("4", "group")])
async def test_the_people_page_finds_it(open_screen: OpenScreen, tab: str, kind: str) -> None:
    async with open_screen() as pilot:
        await pilot.press(tab)
        await find(pilot, TYPED)
        assert people_screen(pilot.app).rows.place == (1, 1)
        assert people_screen(pilot.app).rows.selected.kind == kind
        assert "Zoe" in unicodedata.normalize("NFD", selected_name(pilot.app))


@pytest.mark.parametrize("tab", ["5", "6"])
async def test_the_pages_of_roles_and_projects_find_it(open_screen: OpenScreen, tab: str) -> None:
    async with open_screen() as pilot:
        await pilot.press(tab)
        await settle(pilot)
        await pilot.press("/", *TYPED, "enter")
        await settle(pilot)
        assert "1/1" in screen_text(pilot.app)


async def test_a_page_of_text_finds_it(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("4")
        await find(pilot, TYPED)
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("/", *TYPED, "enter")
        await pilot.pause()
        text = screen_text(pilot.app)
        assert "Nothing on this page matches." not in text
        assert "Members" in text


async def test_the_members_of_a_group_are_found_by_the_same_words(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("C")
        await settled_in(pilot)
        picker = pilot.app.screen.query_one(Picker)
        picker.finder.value = TYPED
        await pilot.pause()
        assert picker.candidates.place[1] == 1
        picker.finder.value = "wangxiuying"
        await pilot.pause()
        assert picker.candidates.place[1] == 0
        picker.finder.value = "??????"
        await pilot.pause()
        assert picker.candidates.selected.name == "王秀英"


async def test_who_could_join_a_project_is_found_by_the_same_words(open_screen: OpenScreen, server: DemoServer) -> None:
    account = server.organization.service_account_named("renovate")
    assert account is not None
    async with open_screen() as pilot:
        await pilot.press("6")
        await settle(pilot)
        await pilot.press("p", "c")
        await settle(pilot)
        assert isinstance(pilot.app.screen, Chooser)
        for typed in (account.id[:13], "RENOVATE account", "current dependencies"):
            pilot.app.screen.finder.value = typed
            await pilot.pause()
            assert "renovate" in screen_text(pilot.app), typed


@pytest.mark.parametrize(
    ("menu", "listed"),
    [
        (("2",), "1 person with"),
        (("4",), "1 group with"),
        (("5", "1"), "1 role with"),
        (("6",), "1 project with"),
        (("8", "New", "for the search", "4"), "1 row with"),
    ],
)
def test_line_mode_finds_it_everywhere(session: Session, menu: tuple[str, ...], listed: str) -> None:
    assert listed in talk(session, *menu, TYPED)


@pytest.mark.parametrize("typed", ["rossi anna", "ROSSI'SBOT", "zoe ross"])
def test_line_mode_and_the_screen_find_the_same(session: Session, typed: str) -> None:
    assert f"1 person with “{typed}”." in talk(session, "2", typed)
