"""What pages show and allow, asked without a screen."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from semtui.api.models import Group, Member, NewToken, Role, RoleBinding, ServiceAccount
from semtui.organization.listing import LIST_NAMES
from semtui.organization.people import People
from semtui.organization.store import OrganizationStore
from semtui.session.session import Session
from semtui.tui.content.marked_rows import MarkedRows
from semtui.tui.content.page import PageContent
from semtui.tui.content.people import PeopleContent
from semtui.tui.content.projects import ProjectsContent
from semtui.tui.content.roles import RolesContent
from semtui.tui.screens.actions import PEOPLE_ACTIONS, Action
from semtui.wording.styled_text import Piece
from tests.conftest import SessionOf

pytestmark = pytest.mark.anyio

NOW = 1_795_442_580.0
COMMUNITY_MEMBER = "ca5b2b01-79f7-4838-8b7b-2ebb5b7e7b5b"
"""The fixed id by which Community is known (`API.md#editions`)."""
ACTIONS = {action.method: action for action in PEOPLE_ACTIONS}


def binding(name: str) -> RoleBinding:
    return RoleBinding(role_id=f"role {name}", role_name=name, source="manually")


ANN = Member(id="u-ann", name="Ann", roles=(binding("Owner"),))
BEN = Member(id="u-ben", name="Ben", roles=(binding("Member"),))
CI = ServiceAccount(id="a-ci", name="ci", description="Ships", created_at=int(NOW) - 90, updated_at=int(NOW))
OLD = ServiceAccount(id="a-old", name="old", deactivated=True, created_at=int(NOW) - 99, updated_at=int(NOW))
CREW = Group(id="g-crew", name="crew", member_ids=("u-ann",))
ACCOUNT_MEMBERS = tuple(Member(id=each.id, name=each.name, roles=(binding("Member"),)) for each in (CI, OLD))


def people() -> People:
    lists: dict[str, tuple[object, ...]] = {
        "users": (ANN, BEN),
        "accounts": (CI, OLD),
        "account_members": ACCOUNT_MEMBERS,
        "groups": (CREW,),
    }
    found = People()
    for name in LIST_NAMES:
        found = found.arrived(name, lists.get(name, ()), NOW)
    return found


@pytest.fixture
def content(session: Session) -> PeopleContent:
    store = OrganizationStore(session)
    store.people = people()
    return PeopleContent(store, ("Careful.",))


def text(pieces: list[Piece]) -> str:
    return "".join(words for words, _ in pieces)


def named(content: PeopleContent) -> list[str]:
    return [row.name for row in content.rows()]


# Marks


def test_a_mark_is_set_and_taken_away() -> None:
    marks = MarkedRows()
    assert (len(marks), "a" in marks) == (0, False)
    marks.toggle("a")
    marks.toggle("b")
    marks.toggle("a")
    assert (set(marks), "a" in marks, "b" in marks) == ({"b"}, False, True)


def test_marking_rows_again_keeps_them_marked() -> None:
    marks = MarkedRows()
    marks.toggle("a")
    marks.add(["a", "b", "c"])
    marks.note_changed(["b", "never marked"])
    assert set(marks) == {"a", "c"}
    assert marks.changed == {"b", "never marked"}
    marks.toggle("c")
    assert not marks.changed
    marks.clear()
    assert not marks


def test_marked_rows_come_in_the_order_of_the_list_shown_or_not(content: PeopleContent) -> None:
    content.marks.add([BEN.id, "of a row that is gone", ANN.id])
    content.narrow(search="ci")
    assert [row.name for row in content.marked] == ["Ann", "Ben"]


# Rows


@pytest.mark.parametrize(
    ("tab", "names"),
    [
        ("all", {"Ann", "Ben", "ci", "old", "crew"}),
        ("person", {"Ann", "Ben"}),
        ("account", {"ci", "old"}),
        ("group", {"crew"}),
    ],
)
def test_a_tab_narrows_the_people(content: PeopleContent, tab: str, names: set[str]) -> None:
    content.open_tab(tab)
    assert (content.tab, set(named(content))) == (tab, names)


def test_search_role_and_tab_narrow_together(content: PeopleContent) -> None:
    content.narrow(search="e role:member")
    assert named(content) == ["Ben"]
    content.open_tab("account")
    assert named(content) == []
    assert content.placeholder() != []


def test_sort_orders_follow_each_other_and_begin_again(content: PeopleContent) -> None:
    orders = []
    for _ in content.SORTS:
        content.sort_step(1)
        orders.append(content.view.sort)
    assert orders == [*content.SORTS[1:], content.SORTS[0]]
    content.sort_step(-1)
    assert content.view.sort == content.SORTS[-1]


def test_the_column_sorted_by_is_turned_round_when_it_is_chosen_again(content: PeopleContent) -> None:
    content.sort_by("created")
    newest, falling = named(content), content.sort_arrow
    content.sort_by("created")
    assert (falling, content.sort_arrow, content.sort_words) == ("▼", "▲", "created, reversed")
    assert named(content) != newest
    content.sort_by("name")
    assert content.sort_words == "name"


def test_each_tab_keeps_its_order(content: PeopleContent) -> None:
    content.open_tab("account")
    assert content.view.sort == "name"
    content.sort_by("age")
    content.open_tab("person")
    content.open_tab("account")
    assert content.view.sort == "age"


def test_the_position_names_marks_role_order_and_row(content: PeopleContent) -> None:
    content.narrow(sort="name")
    assert text(content.position(2, 1_200)) == "by name · 2/1,200"
    content.marks.toggle(CI.id)
    content.narrow(search="role:member")
    assert text(content.position(1, 3)) == "1 marked · by name · 1/3"


@pytest.mark.parametrize(("search", "offers"), [("", ["The 2 rows shown"]), ("ci", ["The 1 row shown", "All 2 rows"])])
def test_an_export_offers_what_is_shown_and_what_a_search_hides(
    content: PeopleContent, search: str, offers: list[str]
) -> None:
    content.open_tab("account")
    content.narrow(search=search)
    assert [(each.words, each.what) for each in content.export_offers()] == [
        (words, "service-accounts") for words in offers
    ]


def test_an_empty_tab_has_nothing_to_export(content: PeopleContent) -> None:
    content.store.people = content.store.people.arrived("groups", (), NOW)
    content.open_tab("group")
    assert list(content.export_offers()) == []


# Warnings


def test_a_warning_stands_above_the_rows_until_it_is_replaced_or_dropped(content: PeopleContent) -> None:
    content.warn("Checking…")
    content.warn("Checked.", instead_of="Checking…")
    assert [text(line) for line in content.notices()] == ["Careful.", "Checked."]
    content.drop_warnings(of="Check")
    assert content.warnings == ("Careful.",)


def test_a_reload_keeps_the_warning_of_a_token_that_waits_in_a_file(content: PeopleContent) -> None:
    vault = content.session.vault
    token = NewToken("a-ci", "ci", SecretStr("waits"))
    vault.hold(token)
    kept = vault.save_privately(token)
    content.renew_warnings()
    assert len(content.warnings) == 1
    assert str(kept) in content.warnings[0]


# What a row allows


def obstacle(content: PeopleContent, method: str, row_id: str) -> str:
    return content.obstacle(ACTIONS[method], content.people.by_id.get(row_id))


def test_an_action_needs_a_row(content: PeopleContent) -> None:
    assert obstacle(content, "edit", "of no row") == "No row is selected."
    assert obstacle(content, "create", "of no row") == ""


def test_an_action_for_accounts_says_what_the_row_is(content: PeopleContent) -> None:
    assert obstacle(content, "regenerate", CI.id) == ""
    assert obstacle(content, "regenerate", CREW.id) == "crew is a group; this works on service accounts only."


def test_marked_rows_take_the_place_of_the_row_under_the_cursor(content: PeopleContent) -> None:
    content.marks.toggle(CREW.id)
    row = content.people.by_id[CREW.id]
    assert obstacle(content, "switch", CREW.id) == ""
    assert obstacle(content, "regenerate", CREW.id) == ""
    assert content.menu_title(row) == "Actions for 1 marked row"
    content.marks.clear()
    assert content.menu_title(row) == "Actions for crew"
    assert content.menu_title(None) == "Actions"


def test_a_permission_once_denied_stands_in_the_way(content: PeopleContent) -> None:
    permission = ACTIONS["create"].permission
    content.session.permissions.denied.add(permission)
    assert obstacle(content, "create", CI.id) == f"This API token lacks the permission {permission}."
    # A service account takes another permission than a person.
    assert permission in obstacle(content, "edit", CI.id)
    assert obstacle(content, "edit", BEN.id) == ""


def test_read_only_stands_in_the_way_of_changes_only(session_of: SessionOf) -> None:
    store = OrganizationStore(session_of(read_only=True))
    store.people = people()
    content = PeopleContent(store)
    row_of = {"person": BEN.id}
    barred = {each.method for each in PEOPLE_ACTIONS if obstacle(content, each.method, row_of.get(each.needs, CI.id))}
    assert barred == {action.method for action in PEOPLE_ACTIONS if action.permission}


@pytest.mark.parametrize(
    ("method", "row_id", "words"),
    [
        ("switch", OLD.id, "reactivate"),
        ("switch", CI.id, ""),
        ("delete", BEN.id, "remove"),
        ("delete", CREW.id, ""),
        ("edit", BEN.id, ""),
    ],
)
def test_the_key_line_says_what_a_key_does_to_this_row(
    content: PeopleContent, method: str, row_id: str, words: str
) -> None:
    assert content.key_words(method, content.people.by_id[row_id]) == words


# Loading


async def test_every_page_loads_what_it_shows_from_one_store(session: Session) -> None:
    store = OrganizationStore(session)
    drawn = []
    everyone, roles, projects = PeopleContent(store), RolesContent(store), ProjectsContent(store)
    assert (await everyone.load(lambda: drawn.append(len(everyone.rows()))))[1] == "plain"
    assert drawn[0] == 0
    assert drawn[-1] == len(everyone.rows()) > 0
    others: tuple[PageContent[Any], ...] = (roles, projects)
    for page in others:
        assert (await page.load(lambda: None))[1] == "plain"
        assert len(page.rows()) > 1
        row = page.rows()[0]
        assert page.title(row) in text(page.summary(row))
        assert set(page.cells(row)) >= {"name", "description"}
        page.narrow(search="nothing is called this")
        assert list(page.rows()) == []
        assert "matches" in text(page.placeholder()[0])


async def test_roles_sort_by_how_much_they_permit(session: Session) -> None:
    content = RolesContent(OrganizationStore(session))
    await content.load(lambda: None)
    content.narrow(sort="permissions")
    permitted = [len(each.role.permissions) for each in content.rows()]
    assert permitted == sorted(permitted, reverse=True)


def test_community_creates_no_role_whatever_the_permissions(content: PeopleContent) -> None:
    create = Action("create", "create", "Create a custom role", "organization.custom_roles.manage")
    roles = RolesContent(content.store)
    roles.session.permissions.denied.add(create.permission)
    assert create.permission in roles.obstacle(create, None)
    member = Role(id=COMMUNITY_MEMBER, name="Member", scope="org", readonly=True)
    content.store.people = content.store.people.arrived("roles", (member,), NOW)
    assert roles.obstacle(create, None) == "Semaphore Community has no custom roles."
