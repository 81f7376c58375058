"""Six lists joined into rows, and the rows searched, filtered and sorted."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest

from semtui.api.client import SemaphoreClient
from semtui.api.errors import NoAnswerError, SemaphoreError
from semtui.api.models import (
    Group,
    Member,
    Role,
    RoleBinding,
    ServiceAccount,
)
from semtui.audit.access.selecting import shown
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.organization.listing import LIST_NAMES, Listing
from semtui.organization.people import People, slug
from semtui.organization.projects import Projects
from semtui.organization.query import View
from semtui.organization.relations import role_order
from semtui.organization.subject import Subject
from tests.conftest import QUICK
from tests.support.organizations import parse

pytestmark = pytest.mark.anyio

NOW = 1_795_442_400.0
TROUBLE = NoAnswerError("acme is slow.")


async def load(client: SemaphoreClient, people: People) -> People:
    """All six lists, each arriving or failing on its own."""
    calls = {
        "users": client.list_members("user"),
        "account_members": client.list_members("service_account"),
        "group_members": client.list_members("group"),
        "accounts": client.list_service_accounts(),
        "groups": client.list_groups(),
        "roles": client.list_roles(),
    }
    people = people.loading_started()
    answers = await asyncio.gather(*calls.values(), return_exceptions=True)
    for name, answer in zip(LIST_NAMES, answers, strict=True):
        if isinstance(answer, SemaphoreError):
            people = people.failed(name, answer)
        else:
            assert isinstance(answer, tuple)
            people = people.arrived(name, answer, NOW)
    return people


@asynccontextmanager
async def client_of(server: DemoServer, who: str = "owner") -> AsyncIterator[SemaphoreClient]:
    async with aclosing(SemaphoreClient(server.address, server.tokens[who], limits=QUICK)) as client:
        yield client


def row(people: People, name: str) -> Subject:
    (found,) = [subject for subject in people.subjects if subject.name == name]
    return found


def counts(people: People) -> dict[str, int]:
    return dict(Counter(subject.kind for subject in people.subjects))


def role_names(subject: Subject) -> list[str]:
    return [binding.role_name for binding in subject.roles or ()]


def member(name: str, *roles: str, source: str = "manually", id: str = "") -> Member:
    bindings = tuple(RoleBinding(role_id=f"role {role}", role_name=role, source=source) for role in roles)
    return Member(id=id or name, name=name, roles=bindings)


# Joining


async def test_everyone_is_one_row_of_their_kind(server: DemoServer, client: SemaphoreClient) -> None:
    people = await load(client, People())
    assert counts(people) == {"person": 16, "account": 16, "group": 5}
    assert len(people.by_id) == 37
    kinds = [subject.kind for subject in people.subjects]
    assert kinds == sorted(kinds, key=("person", "account", "group").index)
    terraform = row(people, "terraform")
    assert (terraform.kind, terraform.state, role_names(terraform)) == ("account", "active", ["Admin"])
    assert terraform.groups == ("Platform engineering",)
    assert terraform.account is not None
    desk = {row(people, "Lucía Fernández").id, row(people, "Sam Patel").id}
    assert set(row(people, "Support desk").member_ids or ()) == desk
    assert row(people, "Sam Patel").groups == ("Support desk",)


@pytest.mark.parametrize(
    ("name", "state", "roles"),
    [
        ("fresh-runner", "no role", []),
        ("old-jenkins-bridge", "deactivated", []),
        ("nightly-backup", "deactivated", ["Member"]),
        ("staging-deployer", "active", ["Member"]),
    ],
)
async def test_an_account_has_a_state_with_and_without_a_role(
    server: DemoServer, client: SemaphoreClient, name: str, state: str, roles: list[str]
) -> None:
    subject = row(await load(client, People()), name)
    assert (subject.kind, subject.state, role_names(subject)) == ("account", state, roles)


async def test_community_lists_accounts_among_people_and_they_are_accounts_all_the_same() -> None:
    with DemoServer(edition="ce", group_delay=0) as server:
        account = server.organization.service_account_named("fresh-runner")
        assert account is not None
        server.organization.assign_role(account.id, "Member")
        async with client_of(server) as client:
            people = await load(client, People())
        assert account.id in {user.id for user in people.users.items}
        subject = people.by_id[account.id]
        assert (subject.kind, subject.state, role_names(subject)) == ("account", "active", ["Member"])
        assert counts(people)["account"] == len(server.organization.service_account_names())
        assert isinstance(people.groups.error, SemaphoreError)


async def test_a_name_that_was_changed_is_the_one_of_the_account(server: DemoServer, client: SemaphoreClient) -> None:
    people = await load(client, People())
    renamed = row(people, "staging-deployer")
    assert {one.name for one in people.account_members.items if one.id == renamed.id} == {"stage-pusher"}


async def test_without_the_list_of_accounts_their_members_are_rows_of_unknown_state(
    server: DemoServer, client: SemaphoreClient
) -> None:
    server.inject(Fault(path="/service_accounts", kind="refuse"))
    people = await load(client, People())
    accounts = [subject for subject in people.subjects if subject.kind == "account"]
    assert len(accounts) == 14
    assert {subject.state for subject in accounts} == {"unknown"}
    assert {subject.account for subject in accounts} == {None}
    assert role_names(row(people, "terraform")) == ["Admin"]
    assert row(people, "terraform").groups == ("Platform engineering",)


async def test_without_the_lists_of_members_roles_are_unknown_and_not_missing(
    server: DemoServer, client: SemaphoreClient
) -> None:
    server.inject(Fault(path="/members", kind="refuse", times=3))
    people = await load(client, People())
    assert {subject.roles for subject in people.subjects} == {None}
    assert row(people, "fresh-runner").state == "active"
    assert row(people, "nightly-backup").state == "deactivated"
    assert counts(people) == {"account": 16, "group": 5}


def test_an_account_has_no_role_only_when_both_lists_say_so() -> None:
    account = ServiceAccount(id="a", name="a")
    people = People().arrived("accounts", (account,), NOW)
    assert people.by_id["a"].roles is None
    people = people.arrived("account_members", (), NOW)
    assert (people.by_id["a"].roles, people.by_id["a"].state) == (None, "active")
    people = people.arrived("users", (), NOW)
    assert (people.by_id["a"].roles, people.by_id["a"].state) == ((), "no role")


def test_a_group_without_a_binding_has_no_role_and_one_without_a_record_is_still_a_row() -> None:
    people = People().arrived("groups", (Group(id="g", name="g"),), NOW)
    assert people.by_id["g"].roles is None
    people = people.arrived("group_members", (member("h", "Member"),), NOW)
    assert people.by_id["g"].roles == ()
    assert (people.by_id["h"].kind, role_names(people.by_id["h"])) == ("group", ["Member"])


def test_bindings_of_two_lists_are_added_up_once() -> None:
    people = People().arrived("accounts", (ServiceAccount(id="a", name="a"),), NOW)
    people = people.arrived("users", (member("a", "Member"),), NOW)
    people = people.arrived("account_members", (member("a", "Member", "Admin"),), NOW)
    assert role_names(people.by_id["a"]) == ["Member", "Admin"]
    assert counts(people) == {"account": 1}


def test_the_role_that_can_be_changed_is_the_one_given_by_hand() -> None:
    bindings = (*member("x", "Admin", source="scim").roles, *member("x", "Member").roles)
    assert Subject("x", "person", "x", bindings).manual_role == bindings[1]
    assert Subject("x", "person", "x", bindings[:1]).manual_role is None
    assert Subject("x", "person", "x", None).manual_role is None


# Loading again


async def test_a_failed_reload_keeps_the_rows_and_says_why(server: DemoServer, client: SemaphoreClient) -> None:
    people = await load(client, People())
    server.inject(Fault(status=500, times=None))
    again = await load(client, people)
    assert again.subjects == people.subjects
    for name in LIST_NAMES:
        listing = again.listing(name)
        assert isinstance(listing.error, NoAnswerError)
        assert (listing.is_known, listing.loading, listing.loaded_at) == (True, False, NOW)
    server.clear_faults()
    server.organization.delete_all_service_accounts()
    healed = await load(client, again)
    assert {healed.listing(name).error for name in LIST_NAMES} == {None}
    assert counts(healed) == {"person": 16, "group": 5}


def test_a_list_goes_from_loading_to_known_or_to_trouble() -> None:
    people = People()
    assert (people.users.loading, people.users.is_known, people.subjects) == (True, False, ())
    failed = people.failed("users", TROUBLE)
    assert failed.users == Listing(loading=False, error=TROUBLE)
    assert failed.loading_started().users == Listing(loading=True, error=TROUBLE)
    arrived = failed.arrived("users", (member("Ann"),), NOW)
    assert arrived.users == Listing((member("Ann"),), loading=False, loaded_at=NOW)
    assert arrived.loading_started().subjects == arrived.subjects


# Roles on offer


def test_roles_are_offered_in_the_webs_order() -> None:
    names = ("support", "Member", "Billing", "Owner", "Admin")
    people = People().arrived("roles", tuple(Role(id=name, name=name) for name in names), NOW)
    people = people.arrived("users", (member("Ann", "Retired"),), NOW)
    offered, note = people.role_offers
    assert [role.name for role in offered] == ["Owner", "Admin", "Member", "Billing", "support"]
    assert note == ""
    assert people.role_names == ("Owner", "Admin", "Member", "Billing", "Retired", "support")
    assert role_order("Owner") < role_order("Admin") < role_order("Member") < role_order("A")


def test_without_the_list_of_roles_those_that_somebody_holds_are_offered() -> None:
    people = People().failed("roles", TROUBLE).arrived("users", (member("Ann", "Member"), member("Bo", "Owner")), NOW)
    offered, note = people.role_offers
    assert [(role.id, role.name) for role in offered] == [("role Owner", "Owner"), ("role Member", "Member")]
    assert "did not list the roles" in note


# Selecting

CROWD = (
    People()
    .arrived("users", (member("Bo", "Member", id="u-2"), member("ann", "Owner", id="u-1"), member("Zoë")), NOW)
    .arrived("account_members", (member("ci", "Support"), member("ghost", "Admin")), NOW)
    .arrived("group_members", (member("crew", "Admin"),), NOW)
    .arrived(
        "accounts",
        (
            ServiceAccount(id="ci", name="ci", description="Ships Main", created_at=200),
            ServiceAccount(id="old", name="Old", created_at=100, deactivated=True),
            ServiceAccount(id="new", name="new", created_at=300),
        ),
        NOW,
    )
    .arrived("groups", (Group(id="crew", name="crew", description="on duty"),), NOW)
)


@pytest.mark.parametrize(
    ("view", "names"),
    [
        (View(), "ann Bo Zoë ci ghost new Old crew"),
        (View(kind="person"), "ann Bo Zoë"),
        (View(kind="account"), "ci ghost new Old"),
        (View(kind="group"), "crew"),
        (View(search="  ANN "), "ann"),
        (View(search="ships main"), "ci"),
        (View(search="duty"), "crew"),
        (View(search="U-2"), "Bo"),
        (View(search="zoË"), "Zoë"),
        (View(search="nobody"), ""),
        (View(search="role:Admin"), "ghost crew"),
        (View(search="role:Admin", kind="group"), "crew"),
        (View(search="role:Admin gh"), "ghost"),
        (View(search="role:admin -kind:group"), "ghost"),
        (View(sort="name"), "ann Bo ci crew ghost new Old Zoë"),
        (View(sort="role"), "ann ghost crew Bo ci Zoë new Old"),
        (View(sort="state"), "new Old ghost ci ann Bo Zoë crew"),
        (View(sort="created"), "new ci Old ann Bo Zoë ghost crew"),
        (View(sort="created", kind="account"), "new ci Old ghost"),
    ],
    ids=str,
)
def test_a_view_chooses_rows_and_their_order(view: View, names: str) -> None:
    assert " ".join(subject.name for subject in shown(CROWD, Projects(), view, NOW).rows) == names


def test_a_view_is_narrowed_by_search_or_role_alone() -> None:
    assert not View(kind="group", search="  ", sort="name").narrowed
    assert View(search="x").narrowed
    assert View(search="role:Admin").narrowed


# Names


def test_names_that_collide_have_one_slug() -> None:
    assert {slug(name) for name in ("CI Bot", "ci-bot", "ci_bot", "ci.bot", "  CI Bot ")} == {"ci-bot"}
    assert slug("Métricas y alertas") == "m--tricas-y-alertas"
    assert slug("王秀") == slug("東京") == "------"
    assert slug("ci-bot2") != slug("ci-bot")


def test_a_group_known_only_by_its_role_has_unknown_members() -> None:
    crew = Member(id="g", name="crew", subject_type="group", roles=(RoleBinding(role_id="r", role_name="Member"),))
    (row,) = People().arrived("group_members", (crew,), 1.0).subjects
    assert row.member_ids is None


def test_whoever_holds_a_role_through_a_group_is_among_its_holders() -> None:
    organization = parse("ee | P ana:Owner dan:Member | A bot:- | G ops:Admin{dan,bot}")
    people = organization.people(1.0)
    assert [row.name for row in shown(people, Projects(), View(search="role:Admin"), NOW).rows] == ["dan", "bot", "ops"]


def test_an_account_whose_group_holds_a_role_is_not_without_one() -> None:
    organization = parse("ee | P ana:Owner | A bot:- ; idle:- ; lost:- | G rob:Admin{bot} none:-{idle}")
    people = organization.people(1.0)
    assert [(row.name, row.state) for row in people.subjects if row.kind == "account"] == [
        ("bot", "active"),
        ("idle", "no role"),
        ("lost", "no role"),
    ]
