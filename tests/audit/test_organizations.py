"""The notation small organizations are written in, and the lists that come of it."""

from __future__ import annotations

import pytest

from semtui.audit.access.fates import fate_of
from semtui.organization.listing import LIST_NAMES
from tests.audit.examples import Example, example, examples
from tests.support.organizations import Account, Held, Organization, Person, parse

NOW = 1_795_442_400.0
DAY = 86_400


def test_there_are_thirty_examples_and_each_has_an_answer() -> None:
    assert [each.name for each in examples()] == [f"E{number:02}" for number in range(1, 31)]
    assert all(each.question and each.answer for each in examples())


@pytest.mark.parametrize("each", examples(), ids=lambda each: each.name)
def test_every_list_of_an_example_has_the_fate_that_is_written(each: Example) -> None:
    people = each.organization.people(NOW)
    written = {name: trouble.fate for name, trouble in each.organization.troubles.items()}
    if each.organization.edition == "ce":
        written["groups"] = "failed"
    assert {name: fate_of(people.listing(name)).fate for name in LIST_NAMES} == {
        name: written.get(name, "ok") for name in LIST_NAMES
    }


def test_an_account_is_as_old_as_it_says() -> None:
    accounts = example("E26").organization.accounts
    assert accounts[:2] == (
        Account("a", "Member", created=400, updated=400),
        Account("b", "Member", created=900, updated=200),
    )
    assert accounts[3].off
    rows = {each.name: each for each in example("E26").organization.people(NOW).accounts.items}
    assert (rows["b"].created_at, rows["b"].updated_at) == (NOW - 900 * DAY, NOW - 200 * DAY)
    assert rows["e"].creator_id == ""
    assert rows["f"].creator_id == example("E26").organization.id("left")


def test_another_day_is_an_organization_of_its_own() -> None:
    later = example("E30").organization.later
    assert later is not None
    assert [each.name for each in later.persons] == ["ana", "dan", "eve"]
    assert later.id("bot") == example("E30").organization.id("bot")


def test_a_role_has_a_source() -> None:
    ben = example("E17").organization.persons[1]
    assert ben == Person("ben", (Held("Admin", "scim"), Held("Member", "manually")))
    (row,) = [each for each in example("E17").organization.people(NOW).users.items if each.name == "ben"]
    assert [(each.role_name, each.source) for each in row.roles] == [("Admin", "scim"), ("Member", "manually")]


def test_an_unlisted_member_is_in_its_group_and_in_no_other_list() -> None:
    organization = example("E07").organization
    people = organization.people(NOW)
    zed = organization.id("zed")
    assert zed in people.groups.items[0].member_ids
    assert zed not in {row.id for name in LIST_NAMES for row in people.listing(name).items}


def test_a_partial_list_holds_the_first_by_name() -> None:
    users = example("E12").organization.people(NOW).users
    assert [each.name for each in users.items] == ["ana", "ben"]
    assert fate_of(users).items == 2


def test_a_refusal_names_what_is_lacking() -> None:
    people = example("E11").organization.people(NOW)
    assert fate_of(people.accounts).missing_permission == "organization.service_accounts.view"
    assert fate_of(people.roles).missing_permission == "organization.custom_roles.view"


def test_a_stale_list_is_whole_and_of_earlier() -> None:
    users = parse("ee | P ana:Owner | X users=stale").people(NOW).users
    assert fate_of(users).fate == "stale"
    assert (len(users.items), users.loaded_at) == (1, NOW - 3_600)


def test_an_account_of_community_has_its_role_among_people() -> None:
    organization = example("E15").organization
    people = organization.people(NOW)
    assert organization.id("bot") in {row.id for row in people.users.items}
    assert people.account_members.items == ()
    assert people.community


def test_a_project_shows_what_a_role_of_the_organization_maps_to() -> None:
    organization = example("E10").organization
    (rows,) = organization.projects(NOW).members.values()
    shown = {row.name: [(each.role_name, each.source) for each in row.roles] for row in rows.items}
    assert shown == {
        "ana": [("Admin", "inherited_from_org_role")],
        "rey": [("Admin", "inherited_from_org_role")],
    }
    (row, _) = rows.items
    assert row.roles[0].role_id == organization.role_id("Admin", "project")


def test_a_project_of_community_shows_roles_of_the_organization() -> None:
    organization = example("E16").organization
    (rows,) = organization.projects(NOW).members.values()
    assert {row.name: row.roles[0].role_name for row in rows.items} == {
        "ana": "Owner",
        "ben": "Admin",
        "dan": "Member",
    }


def test_a_project_whose_people_were_not_read_has_none() -> None:
    projects = parse("ee | P ana:Owner | Q api@ana{} web@ana{} | Z web").projects(NOW)
    assert [each.name for each in projects.listing.items] == ["api", "web"]
    assert list(projects.members) == [example("E16").organization.project_id("web")]


def test_groups_and_accounts_on_a_project_are_not_shown() -> None:
    organization = parse(
        "ee | P ana:Owner dan:Member | A bot:Member | G ops:Member{dan} | Q api@ana{ops:Admin,bot:Reader} | Z api"
    )
    (rows,) = organization.projects(NOW).members.values()
    assert [row.name for row in rows.items] == ["ana"]


@pytest.mark.parametrize(
    "text",
    [
        "eu | P ana:Owner",
        "ee | P ana",
        "ee | P ana:King",
        "ee | P ana:Owner ana:Member",
        "ee | P ana:Owner,Member",
        "ee | P ana:Owner | P ben:Owner",
        "ee | P ana:Owner | A bot:Member~scim",
        "ee | P ana:Owner | G ops:Admin{dan}",
        "ee | P ana:Owner | G ops:Admin{!ana}",
        "ee | P ana:Owner | R Cap={o.fly}",
        "ee | P ana:Owner | R Cap={o.view}=>Member",
        "ee | P ana:Owner | Z api",
        "ee | P ana:Owner | Q api@ana{ana:Owner}",
        "ee | P ana:Owner dan:- | Q api@ana{dan:Reader}",
        "ee | P ana:Owner | X people=failed",
        "ee | P ana:Owner | X users=partial",
        "ee | P ana:Owner | X users=late",
        "ce | P ana:Owner | G ops:Admin{}",
        "ce | P ana:Owner | R Cap={o.view}",
    ],
)
def test_what_makes_no_sense_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse(text)


def test_an_organization_can_be_nearly_empty() -> None:
    assert parse("ee | P ana:Owner") == Organization("ee", (Person("ana", (Held("Owner"),)),))
