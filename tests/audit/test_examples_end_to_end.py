"""The examples, read from a server by semtui itself: its lists are those that the answers were worked out on."""

from __future__ import annotations

from typing import Any

import pytest

from semtui.audit.access.fates import fate_of
from semtui.audit.access.graph import AccessGraph
from semtui.organization.listing import LIST_NAMES, Listing
from semtui.organization.people import People
from semtui.organization.projects import Projects
from tests.audit.examples import Example, examples
from tests.audit.in_a_line import answered
from tests.conftest import OrganizationOf
from tests.support.served import NOW

pytestmark = pytest.mark.anyio


def substance(listing: Listing[Any]) -> tuple[Any, ...]:
    """What a list tells: its fate, and its rows whatever their order."""
    fate = fate_of(listing)
    return fate.fate, fate.missing_permission, sorted(listing.items, key=lambda item: item.id)


def told(people: People, projects: Projects) -> dict[str, tuple[Any, ...]]:
    """The same of every list there is."""
    lists: dict[str, tuple[Any, ...]] = {name: substance(people.listing(name)) for name in LIST_NAMES}
    members = {f"people of {each}": substance(listing) for each, listing in projects.members.items()}
    return {**lists, "projects": substance(projects.listing), **members}


@pytest.mark.parametrize("example", examples(), ids=lambda each: each.name)
async def test_an_example_is_served_as_it_is_written(organization: OrganizationOf, example: Example) -> None:
    for written in filter(None, (example.organization, example.organization.later)):
        store = await organization(written).read()
        assert told(store.people, store.projects) == told(written.people(NOW), written.projects(NOW))


ASKED = tuple(each for each in examples() if not each.question.startswith("diff"))


@pytest.mark.parametrize("example", ASKED, ids=lambda each: each.name)
async def test_an_example_is_answered_from_what_was_read(organization: OrganizationOf, example: Example) -> None:
    store = await organization(example.organization).read()
    graph = AccessGraph(store.people, store.projects)
    answer = answered(example.organization, graph, example.question)
    assert answer is not None
    assert told_apart(example, answer) == told_apart(example, example.answer)


def told_apart(example: Example, answer: str) -> list[str]:
    """The parts of an answer; findings have no order among themselves."""
    return sorted(answer.split("; ")) if example.question.startswith("findings") else [answer]


@pytest.mark.parametrize(
    "text",
    [
        "ee | P ana:Owner ben:Member dan:Admin | A bot:Member; tf:Admin; z:- | G ops:Admin{dan} | X accounts=partial2",
        "ee | P ana:Owner ben:Member dan:Admin | A bot:Member; tf:Admin | X account_members=partial1",
        "ee | P ana:Owner | G ops:Admin{ana} rest:-{} all:Member{!zed} | X group_members=partial1",
        "ee | P ana:Owner dan:Member | G ops:Admin{dan} | X groups=refused users=stale group_members=stale",
        "ee | P ana:Owner dan:- | A bot:Member<boss; boss:Admin<bot | Q api@zed{} | X projects=failed roles=stale",
        "ee | P ana:Owner dan:Member | G ops:Member{dan} | Q api@ana{ops:Admin,dan:Reader~github,dan:Admin} | Z api",
        "ce | P ana:Owner dan:Member | A bot:Admin; tf:- | Q api@ana{dan:Member} web@dan{} | Z api | X users=partial2",
    ],
)
async def test_every_fate_can_be_served(organization: OrganizationOf, text: str) -> None:
    served = organization(text)
    store = await served.read()
    assert told(store.people, store.projects) == told(served.written.people(NOW), served.written.projects(NOW))
