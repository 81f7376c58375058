"""Lists from servers that send less than they were asked for: every live row is found, or it is said that some may be
missing. A part is never taken for the whole."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semtui.api.client import SemaphoreClient
from semtui.api.errors import SemaphoreError
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.organization.loading import REQUESTS, Ask, read_until_stable
from tests.conftest import QUICK
from tests.support.fault_proxy import Line, Strike, Wire
from tests.support.faults import http

CAP = 2
"""Rows a page, whatever is asked for."""


@dataclass(frozen=True)
class Listed:
    """A list as it stands on the wire."""

    path: str
    key: str
    """Under which its rows stand; empty where the answer is the list."""
    ask: Ask
    live: Callable[[DemoServer], set[str]]


def _project(server: DemoServer) -> str:
    """The one with the most people."""
    members = server.organization.projects.members
    return max(server.organization.state.projects, key=lambda one: len(members({"project_id": one})["members"]))


def _bound(kind: str) -> Callable[[DemoServer], set[str]]:
    def live(server: DemoServer) -> set[str]:
        organization = server.organization
        return {one for one in organization.state.org_bindings if organization.access.type_of(one) == kind}

    return live


def _live_project_members(server: DemoServer) -> set[str]:
    found = server.organization.projects.members({"project_id": _project(server)})
    return {member["id"] for member in found["members"]}


def lists_of(server: DemoServer) -> dict[str, Listed]:
    """Every list of the API that comes in pages."""
    project = _project(server)
    return {
        "users": Listed("/members", "members", REQUESTS["users"], _bound("user")),
        "account members": Listed("/members", "members", REQUESTS["account_members"], _bound("service_account")),
        "groups": Listed("/groups", "groups", REQUESTS["groups"], lambda server: {*server.organization.state.groups}),
        "service accounts": Listed(
            "/service_accounts",
            "service_accounts",
            REQUESTS["accounts"],
            lambda server: {*server.organization.state.service_accounts},
        ),
        "project members": Listed(
            f"/projects/{project}/members",
            "members",
            lambda client, reading: client.list_project_members(project, reading),
            _live_project_members,
        ),
        "projects": Listed(
            "/projects",
            "",
            lambda client, reading: client.list_projects(reading),
            lambda server: {*server.organization.state.projects},
        ),
    }


# What is done to an answer


Doctor = Callable[[dict[str, Any], int], None]
"""Changes the body of the page that begins at a row of this number."""


def _rows(body: dict[str, Any]) -> list[Any]:
    return next(value for key, value in body.items() if key in ("members", "groups", "service_accounts"))


def drop(place: int, *, at: Callable[[int], bool]) -> Doctor:
    """Leave the row at this place out of some pages."""

    def doctor(body: dict[str, Any], start: int) -> None:
        if at(start) and _rows(body):
            del _rows(body)[place]

    return doctor


def empty(*, at: Callable[[int], bool], last: bool = False) -> Doctor:
    """Send some pages without rows, and perhaps as the last one."""

    def doctor(body: dict[str, Any], start: int) -> None:
        if at(start):
            _rows(body).clear()
            if last and "next_page_token" in body:
                body["next_page_token"] = ""

    return doctor


def field(name: str, value: object, *, at: Callable[[int], bool] = lambda start: True) -> Doctor:
    """Another value in a field of some pages; None of a kind leaves it out."""

    def doctor(body: dict[str, Any], start: int) -> None:
        if name in body and at(start):
            if value is LEFT_OUT:
                del body[name]
            else:
                body[name] = value

    return doctor


def together(*doctors: Doctor) -> Doctor:
    """One change after the other."""

    def doctor(body: dict[str, Any], start: int) -> None:
        for each in doctors:
            each(body, start)

    return doctor


LEFT_OUT = object()


def first(start: int) -> bool:
    return start == 0


def second(start: int) -> bool:
    return start == CAP


def every(start: int) -> bool:
    return True


DEFECTS: dict[str, Doctor] = {
    "none": lambda body, start: None,
    "first page a row short": drop(-1, at=first),
    "second page a row short": drop(-1, at=second),
    "second page short of its first row": drop(0, at=second),
    "every page a row short": drop(-1, at=every),
    "every page short of its first row": drop(0, at=every),
    "first page empty": empty(at=first),
    **{
        f"first page empty and next_page_token {'left out' if value is LEFT_OUT else json.dumps(value)}": together(
            empty(at=first), field("next_page_token", value, at=first)
        )
        for value in (LEFT_OUT, None, [], 0)
    },
    "second page empty": empty(at=second),
    "second page empty and the last": empty(at=second, last=True),
    "all but the first page empty": empty(at=lambda start: start > 0),
    **{
        f"total_pages {'left out' if value is LEFT_OUT else json.dumps(value)}": field("total_pages", value)
        for value in (LEFT_OUT, None, 0, 1, -3, "4", 2.5, True, [4], 10**30)
    },
    "total_pages 1 on the first page": field("total_pages", 1, at=first),
    **{
        f"next_page_token {'left out' if value is LEFT_OUT else json.dumps(value)} on {words}": field(
            "next_page_token", value, at=at
        )
        for value in (LEFT_OUT, None, [], ["4"], {}, 0, 4, False, True, "")
        for words, at in (("the first page", first), ("the second page", second), ("every page", every))
    },
    "next_page_token the page itself": field("next_page_token", str(CAP), at=second),
}
HOLDS_NOTHING_BACK = ("none", "total_pages", "next_page_token")
"""Defects with which every row can be had; such lists are read to their end, but for those below."""
LEADS_ASTRAY = ("total_pages 1000", "next_page_token 4 ", "next_page_token the page itself")
"""Nothing tells where the rows are, or how many there are."""
CANNOT_BE_SEEN = {(name, "all but the first page empty") for name in ("groups", "project members")}
"""Without a number of pages, an empty page after the first is what the end looks like."""


def _of(pattern: str, text: str) -> int:
    match = re.search(pattern, text)
    return int(match[1]) if match else 0


def capped(cap: int, doctor: Doctor, listed: Listed) -> Callable[[Line], None]:
    """Have at most `cap` rows sent a page, whatever is asked for, and the answer changed by `doctor`."""

    def play(line: Line) -> None:
        request = line.request.decode()
        size = min(cap, _of(r"page_size=(\d+)", request) or cap)
        line.request = re.sub(r"page_size=\d+", f"page_size={size}", request).encode()
        head, _, sent = line.commit().partition(b"\r\n\r\n")
        path = request.split(" ")[1].partition("?")[0].removeprefix("/api/v1alpha")
        if path != listed.path or not listed.key or not head.startswith(b"HTTP/1.1 200"):
            line.send(head + b"\r\n\r\n" + sent)
            return
        body = json.loads(sent)
        start = _of(r"page_token=(\d+)", request) or _of(r"page_no=(\d+)", request) * size
        doctor(body, start)
        line.send(http(200, json.dumps(body).encode()))

    return play


async def _load(wire: Wire, token: str, ask: Ask) -> set[str]:
    client = SemaphoreClient(f"http://127.0.0.1:{wire.port}", token, limits=QUICK)

    def read(request: Callable[[SemaphoreClient], Coroutine[Any, Any, Any]]) -> Awaitable[Any]:
        return request(client)

    async with aclosing(client):
        return {item.id for item in await read_until_stable(read, ask)}


def loaded(server: DemoServer, listed: Listed, play: Callable[[Line], None]) -> set[str] | None:
    """The ids that were listed; None when it was said that this may not be all of them."""
    with Wire(server.address) as wire:
        wire.strike(Strike(play, ("GET",), "never", None))
        try:
            return asyncio.run(_load(wire, server.tokens["owner"], listed.ask))
        except SemaphoreError:
            return None


@pytest.fixture(scope="module")
def still() -> Iterator[DemoServer]:
    """An organization in which nothing changes."""
    with DemoServer(group_delay=0, clock=lambda: float(REFERENCE_TIME)) as running:
        yield running


PAGED = ("users", "account members", "groups", "service accounts", "project members")


@pytest.mark.parametrize("defect", DEFECTS)
@pytest.mark.parametrize("name", PAGED)
def test_a_list_is_found_whole_or_said_not_to_be(still: DemoServer, name: str, defect: str) -> None:
    listed = lists_of(still)[name]
    live = listed.live(still)
    assert len(live) > 2 * CAP, "the list fills more than two pages"
    found = loaded(still, listed, capped(CAP, DEFECTS[defect], listed))
    if (name, defect) in CANNOT_BE_SEEN:
        assert found is not None
        assert len(found) == CAP, "what came is shown"
        return
    assert found is None or found == live, f"taken for whole without {len(live - found)} rows"
    if defect.startswith(HOLDS_NOTHING_BACK) and not defect.startswith(LEADS_ASTRAY):
        assert found == live, "no row was held back"


@given(
    name=st.sampled_from(PAGED),
    cap=st.integers(1, 6),
    held_back=st.dictionaries(st.integers(0, 15), st.integers(1, 6), max_size=3),
    silent=st.sets(st.integers(0, 15), max_size=3),
    silence=st.sampled_from([LEFT_OUT, None, [], 0, ""]),
    untold=st.booleans(),
)
def test_no_page_that_came_short_passes_unseen(
    still: DemoServer,
    name: str,
    cap: int,
    held_back: dict[int, int],
    silent: set[int],
    silence: object,
    untold: bool,
) -> None:
    """Rows are held back from pages before the last, and pages do not name the next one or how many there are."""
    listed = lists_of(still)[name]
    live = listed.live(still)
    last = (len(live) - 1) // cap
    # Two pages in a row without a row are what the end looks like.
    short = {page: number for page, number in held_back.items() if page < last and page - 1 not in held_back}
    if 0 in silent and silence == "":
        # A first page without a row that says it is the last is what an empty list looks like.
        short[0] = min(short.get(0, 0), cap - 1)

    def doctor(body: dict[str, Any], start: int) -> None:
        page = start // cap
        del _rows(body)[: short.get(page, 0)]
        if untold:
            body.pop("total_pages", None)
        if page in silent:
            field("next_page_token", silence)(body, start)

    found = loaded(still, listed, capped(cap, doctor, listed))
    assert found is None or found == live, f"taken for whole without {len(live - found)} rows"
    if not short:
        assert found == live, "no row was held back"


# Projects say in a header whether more follow


def projects_in_pages(header: Callable[[int, bool], str], *, empty: int = 0) -> Callable[[Line], None]:
    """Have the projects sent in pages of CAP, with this header for a page of that number when more follow or not."""

    def play(line: Line) -> None:
        request = line.request.decode()
        number = _of(r"[?&]page=(\d+)", request)
        line.request = re.sub(r"([?&]page=)\d+", r"\g<1>1", request).encode()
        rows = json.loads(line.commit().partition(b"\r\n\r\n")[2])
        if empty:
            rows = [*rows[: (empty - 1) * CAP], *[None] * CAP, *rows[(empty - 1) * CAP :]]
        page = [row for row in rows[(number - 1) * CAP : number * CAP] if row is not None]
        told = header(number, number * CAP < len(rows))
        line.send(http(200, json.dumps(page).encode(), *([f"x-has-more: {told}"] if told else [])))

    return play


@pytest.mark.parametrize("empty_page", [0, 1, 2])
@pytest.mark.parametrize(
    "header",
    [
        lambda number, more: "true" if more else "false",
        lambda number, more: "",
        lambda number, more: "" if number == 1 else str(more).lower(),
        lambda number, more: "true" if more else "",
        lambda number, more: "perhaps",
        lambda number, more: "True" if more else "False",
    ],
    ids=["told", "left out", "left out on the first page", "left out on the last page", "another word", "other case"],
)
def test_projects_are_read_on_until_it_is_told_or_seen_that_no_more_follow(
    still: DemoServer, header: Callable[[int, bool], str], empty_page: int
) -> None:
    listed = lists_of(still)["projects"]
    live = listed.live(still)
    assert len(live) > CAP
    assert loaded(still, listed, projects_in_pages(header, empty=empty_page)) == live


def test_nothing_is_lost_on_community(still: DemoServer) -> None:
    """Its pages count from 1, and the first is sent twice."""
    with DemoServer(edition="ce", clock=lambda: float(REFERENCE_TIME)) as community:
        for name in ("users", "account members", "service accounts", "project members"):
            listed = lists_of(community)[name]
            for cap in (1, 2, 3, 50):
                play = capped(cap, DEFECTS["none"], listed)
                assert loaded(community, listed, play) == listed.live(community), (name, cap)
