"""Which changes of a row can be asked about, and what there is to choose from."""

from __future__ import annotations

import pytest

from semtui.audit.access.graph import AccessGraph
from semtui.audit.what_if.offers import Offer, lack, offers, others, permissions_of
from semtui.audit.what_if.question import check
from semtui.wording.what_if_offers import lack_words, offer_words
from tests.support.organizations import Organization, parse

NOW = 1_700_000_000.0
TEXT = (
    "ee | P ana:Owner dan:Member | A bot:Member; old:Admin<ana -700d -400d off"
    " | G ops:Admin{dan,!zed} void:Member{} | R Cap={o.view,o.people.view}"
)


def read(text: str) -> tuple[Organization, AccessGraph]:
    organization = parse(text)
    return organization, AccessGraph(organization.people(NOW), organization.projects(NOW))


def offered(text: str, name: str) -> dict[str, str]:
    """What is offered for somebody, each with why it cannot be asked about."""
    organization, graph = read(text)
    row_id = organization.role_id(name) if name == "Cap" else organization.id(name)
    return {offer_words(graph, each, row_id): lack_words(graph, each, row_id) for each in offers(graph, row_id)}


def chosen_among(text: str, name: str, offer: Offer) -> list[str]:
    organization, graph = read(text)
    return [organization.names.get(each, each) for each in others(graph, offer, organization.id(name))]


def test_what_makes_sense_is_offered() -> None:
    assert list(offered(TEXT, "dan")) == [
        "Change the role…",
        "Remove from the organization",
        "Add to a group…",
        "Remove from a group…",
    ]
    assert list(offered(TEXT, "bot"))[-2:] == ["Deactivate the account", "Delete the account"]
    assert list(offered(TEXT, "ops")) == [
        "Change the role…",
        "Remove the role assigned directly",
        "Add somebody to the group…",
        "Remove somebody from the group…",
        "Delete the group",
    ]
    assert list(offered(TEXT, "Cap")) == ["Edit what the role permits…", "Delete the role"]
    assert not any(offered(TEXT, "Cap").values())
    assert list(offered("ce | P ana:Owner dan:Member", "dan")) == ["Change the role…", "Remove from the organization"]


@pytest.mark.parametrize(
    ("text", "name", "words", "why"),
    [
        (TEXT, "ana", "Remove from a group…", "ana is in no group."),
        (TEXT, "void", "Remove somebody from the group…", "Nobody is in void."),
        (TEXT, "old", "Deactivate the account", "old is deactivated already."),
        ("ee | P ana:Owner", "ana", "Add to a group…", "There is no group."),
        ("ee | P ana:Owner | G all:Member{ana}", "ana", "Add to a group…", "ana is in every group."),
        ("ee | P ana:Owner | G all:Member{ana}", "all", "Add somebody to the group…", "Everybody is in all."),
        (f"{TEXT} | X groups=failed", "ops", "Remove somebody from the group…", "Who is in ops was not read."),
        (f"{TEXT} | X groups=failed", "ana", "Remove from a group…", ""),
        (f"{TEXT} | X roles=refused", "dan", "Change the role…", ""),
    ],
)
def test_what_cannot_be_asked_says_why(text: str, name: str, words: str, why: str) -> None:
    assert offered(text, name)[words] == why


def test_a_role_that_was_not_read_is_not_edited() -> None:
    organization, graph = read(f"{TEXT.replace('dan:Member', 'dan:Cap')} | X roles=refused")
    assert lack(graph, Offer("edit-role", "permissions"), organization.role_id("Cap")) == "role-unread"


@pytest.mark.parametrize(("text", "role"), [(TEXT, "Admin"), ("ce | P ana:Owner", "Owner")])
def test_a_built_in_role_is_neither_edited_nor_deleted(text: str, role: str) -> None:
    organization, graph = read(text)
    role_id = organization.role_id(role)
    said = [lack_words(graph, each, role_id) for each in offers(graph, role_id)]
    assert said == [f"{role} is built in; Semaphore lets nobody edit or delete it."] * 2


def test_only_what_changes_something_is_offered_where_that_is_known() -> None:
    assert chosen_among(TEXT, "dan", Offer("leave", "group")) == ["ops"]
    assert chosen_among(TEXT, "dan", Offer("join", "group")) == ["void"]
    assert chosen_among(TEXT, "ops", Offer("leave", "subject")) == ["dan", "zed"]
    assert chosen_among(TEXT, "ops", Offer("join", "subject")) == ["ana", "bot", "old"]
    # Nobody knows of these who is in them.
    assert chosen_among(f"{TEXT} | X groups=failed", "dan", Offer("join", "group")) == ["ops", "void"]


def test_the_permissions_of_a_role_are_those_of_the_organization() -> None:
    organization, graph = read(TEXT)
    own, every = permissions_of(graph, organization.role_id("Cap"))
    assert own == ("organization.people.view",)
    assert len(every) == 37
    assert "organization.view" not in every


def test_every_choice_is_a_question_that_makes_sense() -> None:
    organization, graph = read(TEXT)
    asked = 0
    for name in ("ana", "dan", "bot", "old", "ops", "void"):
        row_id = organization.id(name)
        for offer in offers(graph, row_id):
            for other_id in others(graph, offer, row_id) or ([""] if not offer.needs else []):
                check(graph, offer.operation(row_id, other_id))
                asked += 1
    assert asked > 30
