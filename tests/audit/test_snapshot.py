"""Snapshots: nothing is lost, the same organization is the same text, and a damaged one is refused in a sentence."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semtui.api.errors import IncompleteListError, NoAnswerError, PermissionDeniedError, UnexpectedAnswerError
from semtui.api.models import Group, Member, Project, Role, RoleBinding, ServiceAccount
from semtui.audit.access.edition import edition_of
from semtui.audit.access.fates import fate_of
from semtui.audit.snapshots.canonical import canonical
from semtui.audit.snapshots.fields import SnapshotError
from semtui.audit.snapshots.reading import read_snapshot
from semtui.audit.snapshots.snapshot import Head, content_sha256, snapshot_pieces, snapshot_text
from semtui.organization.listing import LIST_NAMES, Listing
from semtui.organization.people import People
from semtui.organization.projects import Projects
from semtui.text.clean import cleaned, raw

HEAD = Head("acme.semaphoreci.com", 1_795_683_601, 1_795_683_604, "ee", "roles carry an organization id", "semtui 0")
NOW = 1_795_683_602.75


def read(*items: Any) -> Listing[Any]:
    return Listing(items, loading=False, loaded_at=NOW)


PEOPLE = People(
    users=read(Member("u2", "Ben"), Member("u1", "Ana", "user", (RoleBinding("r1", "Owner", "manually"),))),
    account_members=read(),
    group_members=read(),
    accounts=read(ServiceAccount("a1", "bot", "runs", "o1", "u1", 1_700_000_000, 1_700_000_000, deactivated=True)),
    groups=read(Group("g1", "Night", "", ("u2", "u1"))),
    roles=read(Role("r1", "Owner", "o1", "org", "all", ("organization.view", "organization.delete"), readonly=True)),
)
PROJECTS = Projects(read(Project("p1", "api", "", "o1", "u1")), {"p1": read(Member("u1", "Ana"))})


# As Semaphore sends them: anything JSON can hold.
texts = st.text(max_size=8).map(lambda text: json.loads(json.dumps(text))) | st.sampled_from(
    [
        "",
        "\ud800",
        "a\udfffb",
        "\x7f\x9b31m",
        "\u202egnp.exe",
        "\x00\n\r",
        "=1+1",
        "é",
        "é",
        "\U0001f600",
        "\ufeff",
        "]}",
    ]
)
# Of an id, what could act on a terminal is left out as of everything; one without a rest is no id.
ids = st.uuids().map(str) | texts.filter(cleaned)
seconds = st.none() | st.integers(-(2**70), 2**70) | st.integers(1_500_000_000, 1_800_000_000)
bindings = st.builds(RoleBinding, role_id=texts, role_name=texts, source=texts)
members = st.builds(Member, id=ids, name=texts, subject_type=texts, roles=st.lists(bindings, max_size=3).map(tuple))
accounts = st.builds(
    ServiceAccount,
    id=ids,
    name=texts,
    description=texts,
    org_id=st.sampled_from(["", "o1", "o2"]),
    creator_id=texts,
    created_at=seconds,
    updated_at=seconds,
    deactivated=st.booleans(),
)
groups = st.builds(Group, id=ids, name=texts, description=texts, member_ids=st.lists(texts, max_size=3).map(tuple))
roles = st.builds(
    Role,
    id=ids,
    name=texts,
    org_id=st.sampled_from(["", "o1"]),
    scope=texts,
    description=texts,
    permissions=st.lists(texts, max_size=3).map(tuple),
    readonly=st.booleans(),
)
projects = st.builds(Project, id=ids, name=texts, description=texts, org_id=texts, owner_id=texts)
# Errors are sentences free of control characters.
reasons = st.sampled_from(["It changed.", "Sie hält nichts davon.", "acme: too slow (3 s)."])


@st.composite
def listings(draw: st.DrawFn, items: st.SearchStrategy[Any]) -> Listing[Any]:
    """A list of any fate."""
    rows = tuple(draw(st.lists(items, max_size=4, unique_by=lambda item: item.id)))
    now, reason = float(draw(st.integers(1, 2_000_000_000))), draw(reasons)
    found: Listing[Any] = draw(
        st.sampled_from(
            [
                Listing(rows, loading=False, loaded_at=now),
                Listing(rows, loading=False, loaded_at=now, error=NoAnswerError(reason)),
                Listing(rows, loading=False, error=IncompleteListError(reason, rows)),
                Listing(rows),
                Listing(loading=False),
                Listing(loading=False, error=NoAnswerError(reason)),
                Listing(loading=False, error=PermissionDeniedError(reason, missing="organization.people.view")),
            ]
        )
    )
    return found


@st.composite
def organizations(draw: st.DrawFn) -> tuple[People, Projects]:
    """Any lists that Semaphore may send, each with any fate."""
    rows = dict(zip(LIST_NAMES, (members, members, members, accounts, groups, roles), strict=True))
    lists: dict[str, Any] = {name: draw(listings(items)) for name, items in rows.items()}
    people = People(**lists)
    listing = draw(listings(projects))
    asked = [project.id for project in listing.items if draw(st.booleans())]
    on_projects = {each: draw(listings(members)) for each in asked}
    described = draw(st.lists(roles, max_size=2))
    return people, Projects(listing, on_projects, {role.id: role for role in described})


def rows_as_sent(items: Any) -> Any:
    """Rows by id, with every text as Semaphore sent it."""

    def sent(value: Any) -> Any:
        if isinstance(value, str):
            return raw(value)
        if isinstance(value, tuple):
            return sorted(map(repr, map(sent, value)))
        if hasattr(value, "__dataclass_fields__"):
            return {name: sent(getattr(value, name)) for name in value.__dataclass_fields__ if name[:4] != "rbac"}
        return value

    return sorted(map(repr, map(sent, items)))


def same(one: Listing[Any], other: Listing[Any]) -> bool:
    """Two lists tell the same; times within a second."""
    mine, theirs = fate_of(one), fate_of(other)
    whole = None if mine.at is None else int(mine.at)
    return rows_as_sent(one.items) == rows_as_sent(other.items) and replace(mine, at=whole) == theirs


@given(organizations())
def test_what_is_written_is_read_back_with_nothing_lost(organization: tuple[People, Projects]) -> None:
    people, projects = organization
    back = read_snapshot(snapshot_text(people, projects, HEAD))
    assert all(same(people.listing(name), back.people.listing(name)) for name in LIST_NAMES)
    assert same(projects.listing, back.projects.listing)
    assert projects.members.keys() == back.projects.members.keys()
    assert all(same(listing, back.projects.members[each]) for each, listing in projects.members.items())
    assert rows_as_sent(projects.roles.values()) == rows_as_sent(back.projects.roles.values())
    assert back.head == HEAD
    # And once more: what is read is written as it was.
    assert snapshot_text(back.people, back.projects, HEAD) == snapshot_text(people, projects, HEAD)


@given(organizations(), st.randoms())
def test_the_order_of_the_lists_and_the_time_change_nothing(organization: tuple[People, Projects], random: Any) -> None:
    people, projects = organization

    def again(listing: Listing[Any]) -> Listing[Any]:
        items = list(listing.items)
        random.shuffle(items)
        later = None if listing.loaded_at is None else listing.loaded_at + 86_400
        return replace(listing, items=tuple(items), loaded_at=later)

    lists: dict[str, Any] = {name: again(people.listing(name)) for name in LIST_NAMES}
    shuffled = People(**lists)
    members = {each: again(listing) for each, listing in projects.members.items()}
    after = Projects(again(projects.listing), members, projects.roles)
    assert content_sha256(people, projects) == content_sha256(shuffled, after)


def test_the_hash_can_be_worked_out_without_semtui() -> None:
    written = json.loads(snapshot_text(PEOPLE, PROJECTS, HEAD))
    content = json.dumps(written["content"], ensure_ascii=False, indent=1, sort_keys=True)
    assert sha256(content.encode()).hexdigest() == written["content_sha256"] == content_sha256(PEOPLE, PROJECTS)


def test_the_file_is_what_a_terminal_can_show_and_utf_8_can_hold() -> None:
    people = replace(PEOPLE, users=read(Member("u1", "\x1b[31m\x7f\x9b\u202e\ud83d é 名")))
    text = snapshot_text(people, PROJECTS, HEAD)
    assert text.encode().decode() == text
    assert all(character.isprintable() or character == "\n" for character in text)
    assert r"\u001b[31m\u007f\u009b\u202e\ud83d é 名" in text
    assert raw(read_snapshot(text).people.users.items[0].name) == "\x1b[31m\x7f\x9b\u202e\ud83d é 名"


def test_a_list_that_is_not_ok_is_null_and_the_rows_of_it_stand_apart() -> None:
    refused: Listing[Any] = Listing(loading=False, error=PermissionDeniedError("No.", missing="organization.view"))
    part = (Member("u1", "Ana"),)
    people = replace(
        PEOPLE, accounts=refused, users=Listing(part, loading=False, error=IncompleteListError("Moving.", part))
    )
    written = json.loads(snapshot_text(people, Projects(), HEAD))
    assert written["content"]["accounts"] is None
    assert written["content"]["users"] is None
    assert written["content"]["projects"] is None
    assert written["content"]["groups"] != []
    assert [row["name"] for row in written["content"]["seen"]["users"]] == ["Ana"]
    assert written["head"]["coverage"]["accounts"] == {
        "at": None,
        "fate": "refused",
        "items": 0,
        "missing": "organization.view",
        "reason": "No.",
    }


def test_nothing_of_an_answer_is_kept_in_the_reason() -> None:
    trouble = UnexpectedAnswerError("acme answered with a server error (status 500: dear token-0123 (yes)).")
    people = replace(PEOPLE, groups=Listing(loading=False, error=trouble))
    text = snapshot_text(people, PROJECTS, HEAD)
    assert "token-0123" not in text
    assert "acme answered with a server error (status 500)." in text


def test_only_what_the_form_names_is_written() -> None:
    written = json.loads(snapshot_text(PEOPLE, PROJECTS, HEAD))
    assert set(written) == {"content", "content_sha256", "head", "head_sha256", "semtui_snapshot"}
    assert set(written["content"]["accounts"][0]) == {
        *("created_at", "created_at_utc", "creator_id", "deactivated", "description", "id", "name", "org_id"),
        *("updated_at", "updated_at_utc"),
    }
    assert written["content"]["accounts"][0]["created_at_utc"] == "2023-11-14T22:13:20Z"
    assert written["content"]["projects"][0]["people"][0]["id"] == "u1"
    assert written["content"]["groups"][0]["member_ids"] == ["u1", "u2"]
    assert written["head"]["limits"][0] == "L1"


@pytest.mark.parametrize(
    ("roles", "edition"),
    [
        ((), "ee"),
        ((Role("r1", "Owner", "o1"),), "ee"),
        ((Role("r1", "Owner", ""),), "ce"),
        ((Role("ca5b2b01-79f7-4838-8b7b-2ebb5b7e7b5b", "Owner", "o1"),), "ce"),
    ],
)
def test_the_edition_is_told_by_the_roles(roles: tuple[Role, ...], edition: str) -> None:
    assert edition_of(replace(PEOPLE, roles=read(*roles)))[0] == edition


def test_what_lists_still_showed_of_the_deleted_is_kept_as_long_as_they_do() -> None:
    people = replace(PEOPLE, gone=frozenset({"u1", "x"}), deleted=frozenset({"a1"}), former=frozenset({("u2", "Ben")}))
    back = read_snapshot(snapshot_text(people, PROJECTS, HEAD)).people
    assert (back.gone, back.deleted) == (frozenset({"u1"}), frozenset({"a1"}))
    assert back.former == frozenset({("u2", "Ben")})
    assert content_sha256(people, PROJECTS) == content_sha256(PEOPLE, PROJECTS)


# What is refused


def changed(change: Callable[[Any], Any]) -> str:
    """A snapshot with one thing changed in it."""
    written = json.loads(snapshot_text(PEOPLE, PROJECTS, HEAD))
    change(written)
    return json.dumps(written)


def refusal(text: str) -> str:
    with pytest.raises(SnapshotError) as raised:
        read_snapshot(text)
    said = str(raised.value)
    assert said.endswith(".")
    assert said.isprintable()
    return said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "This is no snapshot, or only a part of one: it stops being JSON at line 1, column 1."),
        ('{"semtui_snapshot": 1,', "it stops being JSON"),
        ("[1]", "This is no snapshot"),
        ('{"a": 1}', "This is no snapshot"),
        ("[" * 200_000, "nested too deeply"),
        ('{"semtui_snapshot": 1.5}', "holds a number no snapshot has"),
        ('{"semtui_snapshot": NaN}', "holds a number no snapshot has"),
        ('{"semtui_snapshot": ' + "9" * 5000 + "}", "holds a number no snapshot has"),
        ('{"semtui_snapshot": 2}', "of another version; this semtui reads version 1"),
        ('{"semtui_snapshot": true}', "semtui_snapshot should be a whole number"),
        ('{"semtui_snapshot": 1, "semtui_snapshot": 1}', "says something twice"),
        ('{"semtui_snapshot": 1}', "snapshot.content is missing"),
    ],
)
def test_what_is_no_snapshot_is_told_in_a_sentence(text: str, said: str) -> None:
    assert said in refusal(text)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda all_: all_["content"]["users"][0].update(name="Eve"), "does not have the hash"),
        (lambda all_: all_["content"]["users"].pop(), "does not hold as much of users as it says"),
        (lambda all_: all_.update(content_sha256="0" * 64), "does not have the hash"),
        (lambda all_: all_.update(content_sha256="x"), "content_sha256 should be a SHA-256"),
        (lambda all_: all_["content"]["organization"].update(id="o2"), "does not have the hash"),
        (lambda all_: all_["content"]["users"][0].update(name=7), "content.users[0].name should be a text"),
        (lambda all_: all_["content"]["users"][0].update(token="x"), "holds a field this semtui does not know"),
        (lambda all_: all_["content"]["users"][0].pop("id"), "content.users[0].id is missing"),
        (lambda all_: all_["content"]["users"][0].update(id=""), "should be a text that is not empty"),
        (lambda all_: all_["content"]["users"][0].update(roles=None), "users[0].roles should be a list"),
        (lambda all_: all_["content"]["accounts"][0].update(deactivated=0), "should be true or false"),
        (lambda all_: all_["content"]["accounts"][0].update(created_at="1"), "should be a whole number"),
        (lambda all_: all_["content"]["accounts"][0].update(created_at_utc=None), "created_at differs"),
        (lambda all_: all_["content"].update(users=None), "what it holds of users is not what it says of it"),
        (lambda all_: all_["content"]["seen"].update(users=[]), "what it holds of users is not what it says of it"),
        (lambda all_: all_["head"]["coverage"]["users"].update(fate="fine"), "should be one of ok, refused"),
        (lambda all_: all_["head"]["coverage"]["users"].update(at=None), "does not hold as much of users"),
        (lambda all_: all_["head"].update(started_at="2026-11-26 09:00"), "should be a time as 2026-11-26T09:00:01Z"),
        (lambda all_: all_["head"].update(started_at="2027-11-26T09:00:00Z"), "ends before it begins"),
        (lambda all_: all_["head"]["coverage"]["projects"].update(people_read=3), "people_read should be the number"),
        (lambda all_: all_["head"]["coverage"]["projects"].update(people={}), "does not say when the people"),
        (lambda all_: all_.update({"\x1b[2J\ud800": 1}), "snapshot holds a field this semtui does not know"),
        (lambda all_: all_["head"].update(by="Somebody Else"), "its head does not have the hash"),
        (lambda all_: all_["head"].update(finished_at="2026-12-26T09:00:03Z"), "its head does not have the hash"),
        (lambda all_: all_["head"]["limits"].pop(), "its head does not have the hash"),
        (lambda all_: all_["head"]["coverage"]["users"].update(reason="So it is."), "its head does not have the hash"),
        (lambda all_: all_["head"].update(previous_sha256="0" * 64), "its head does not have the hash"),
        (lambda all_: all_.update(head_sha256="0" * 64), "its head does not have the hash"),
        (lambda all_: all_.pop("head_sha256"), "snapshot.head_sha256 is missing"),
    ],
)
def test_what_was_changed_or_is_of_an_odd_kind_is_refused(change: Callable[[Any], Any], said: str) -> None:
    assert said in refusal(changed(change))


def test_a_head_belongs_to_one_content() -> None:
    of_one = json.loads(snapshot_text(PEOPLE, PROJECTS, HEAD))
    users = tuple(replace(member, name=f"{member.name}x") for member in PEOPLE.users.items)
    of_other = json.loads(snapshot_text(replace(PEOPLE, users=read(*users)), PROJECTS, HEAD))
    assert of_one["head"] == of_other["head"]
    mixed = of_other | {"head": of_one["head"], "head_sha256": of_one["head_sha256"]}
    assert "its head does not have the hash" in refusal(json.dumps(mixed))


def test_two_snapshots_of_what_has_not_changed_differ_in_their_heads_alone() -> None:
    one, other = (
        json.loads(snapshot_text(PEOPLE, PROJECTS, replace(HEAD, finished_at=HEAD.finished_at + later)))
        for later in (0, 60)
    )
    assert (one["content"], one["content_sha256"]) == (other["content"], other["content_sha256"])
    assert one["head_sha256"] != other["head_sha256"]


def test_a_snapshot_may_be_laid_out_anew() -> None:
    assert read_snapshot(changed(lambda _: None)).people.users.items == (
        Member("u1", "Ana", "user", (RoleBinding("r1", "Owner", "manually"),)),
        Member("u2", "Ben"),
    )


def test_hostile_names_are_cleaned_when_they_are_read() -> None:
    hostile = "\x1b]52;c;AAAA\x07"
    people = replace(PEOPLE, users=read(Member("u1", hostile)))
    back = read_snapshot(snapshot_text(people, PROJECTS, replace(HEAD, host=hostile, by=hostile)))
    assert back.people.users.items[0].name.isprintable()
    assert back.head.host.isprintable()
    assert back.head.by is not None
    assert back.head.by.isprintable()


def test_what_is_no_value_of_json_has_no_canonical_form() -> None:
    with pytest.raises(TypeError):
        canonical({"at": 1.5})


def test_a_large_organization_is_written_as_it_goes() -> None:
    """100,000 people take less than 60 MB above the lists."""
    binding = (RoleBinding("54d0e034-a77f-466b-8e49-819e94e8a2e1", "Member", "manually"),)
    users = tuple(
        Member(f"{place:08}-0000-4000-8000-000000000000", f"Person {place}", "user", binding)
        for place in range(100_000)
    )
    people = replace(PEOPLE, users=read(*users))
    tracemalloc.start()
    try:
        size = sum(len(piece) for piece in snapshot_pieces(people, PROJECTS, HEAD))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size > 20_000_000
    assert most < 60_000_000
