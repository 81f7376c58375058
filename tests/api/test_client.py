"""The client against the demo server: lists and other reads."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any

import pytest

from semtui.api.client import SemaphoreClient
from semtui.api.errors import (
    NoAnswerError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RefusedError,
    SemaphoreError,
    TooManyRequestsError,
    UnauthorizedError,
    UnexpectedAnswerError,
)
from semtui.api.permissions import MANAGE_SERVICE_ACCOUNTS, VIEW_PEOPLE, VIEW_SERVICE_ACCOUNTS
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.conftest import QUICK
from tests.support.client_calls import NOBODY, WRITES, Call, answering, failing

pytestmark = pytest.mark.anyio

# Lists


@pytest.mark.parametrize("edition", ["ee", "ce"])
@pytest.mark.parametrize("size", [1, 3, 2000])
async def test_every_list_is_followed_to_its_end_on_both_editions(edition: str, size: int) -> None:
    with DemoServer(edition="ce" if edition == "ce" else "ee", group_delay=0) as server:
        organization = server.organization
        async with aclosing(SemaphoreClient(server.address, server.tokens["owner"], limits=QUICK)) as client:
            client.members_per_page = size
            client.accounts_per_page = min(size, 100)
            accounts = await client.list_service_accounts()
            users = await client.list_members("user")
            members = await client.list_members("service_account")
            names = [account.name for account in accounts]
            assert names == organization.service_account_names()
            listed = [member.id for member in (*users, *members)]
            assert len(set(listed)) == len(listed)
            assert {*listed} == {
                one for one in organization.state.org_bindings if organization.access.type_of(one) != "group"
            }
            if edition == "ee":
                groups = await client.list_groups()
                assert {group.id for group in groups} == {*organization.state.groups}
                assert {one.id for one in await client.list_members("group")} == {*organization.state.groups}


async def test_a_page_that_overlaps_the_one_before_is_merged_by_id(server: DemoServer, client: SemaphoreClient) -> None:
    pages = [
        {"groups": [{"id": "a", "name": "old"}, {"id": "b"}]},
        {"groups": [{"id": "a", "name": "new"}, {"id": "c"}]},
        {"groups": []},
    ]
    for number, page in enumerate(pages):
        query = f"*page_no={number}&*"
        server.inject(Fault(path="/groups", query=query, kind="wrong_json", body=json.dumps(page)))
    found = await client.list_groups()
    assert {group.id: group.name for group in found} == {"a": "new", "b": "", "c": ""}


async def test_roles_come_as_a_list_or_inside_an_object(server: DemoServer, client: SemaphoreClient) -> None:
    bare = await client.list_roles()
    wrapped = [{"id": role.id, "name": role.name, "scope": "org", "permissions": role.permissions} for role in bare]
    answering(server, "/roles", {"roles": wrapped})
    again = await client.list_roles()
    assert {"Owner", "Admin", "Member", "Support"} <= {role.name for role in bare}
    assert {role.scope for role in (*bare, *again)} == {"org"}
    assert [(role.id, role.permissions) for role in again] == [(role.id, role.permissions) for role in bare]


async def test_a_server_that_repeats_a_page_ends_in_an_error(server: DemoServer, client: SemaphoreClient) -> None:
    client.members_per_page = 1
    for path, key in (("/members", "members"), ("/groups", "groups")):
        answering(server, path, *[{key: [{"id": "a"}], "total_pages": 9}] * 9)
    page = {"service_accounts": [{"id": "a"}]}
    answering(server, "/service_accounts", *[{**page, "next_page_token": "1"}] * 9)
    calls: list[Call] = [
        lambda client: client.list_members("user"),
        lambda client: client.list_groups(),
        lambda client: client.list_service_accounts(),
    ]
    for call in calls:
        with pytest.raises(UnexpectedAnswerError, match="over and over"):
            await call(client)
    server.clear_faults()
    answering(server, "/service_accounts", *[{**page, "next_page_token": str(n)} for n in range(1, 20)])
    with pytest.raises(UnexpectedAnswerError, match="over and over"):
        await client.list_service_accounts()
    server.clear_faults()


async def test_a_list_without_an_end_is_given_up(
    server: DemoServer, client: SemaphoreClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("semtui.api.pagination._MOST_ROWS", 10)
    client.members_per_page = client.accounts_per_page = 3
    calls: list[Call] = [
        lambda client: client.list_members("user"),
        lambda client: client.list_service_accounts(),
    ]
    for call in calls:
        with pytest.raises(UnexpectedAnswerError, match="sends more than 10 rows of "):
            await call(client)


@pytest.mark.parametrize(
    ("entries", "words"), [('{"id":"1"}', "at most 100,000 entries"), ('{"id":{}}', "in more pieces than can be read")]
)
async def test_a_page_that_would_take_all_memory_is_not_read(
    server: DemoServer, client: SemaphoreClient, entries: str, words: str
) -> None:
    server.inject(Fault("GET", "/groups", status=200, body=f'{{"groups":[{",".join([entries] * 250_000)}]}}'))
    with pytest.raises(UnexpectedAnswerError, match=words):
        await client.list_groups()


# Answers to reads


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (Fault(kind="refuse"), PermissionDeniedError, f"lacks the permission {VIEW_PEOPLE}"),
        (Fault(status=403, body='"User unauthorized"'), PermissionDeniedError, "refused: User unauthorized."),
        (Fault(kind="html", status=403), PermissionDeniedError, "refused: an HTML page."),
        (Fault(status=400, body='"Odd \\u001b[2J\\n size"'), RefusedError, r"refused: Odd ␛\[2J size."),
        (Fault(status=400, body='{"message":"Outdated!"}'), RefusedError, "refused: Outdated!"),
        (Fault(status=400, body="Malformed request: x"), RefusedError, "refused: Malformed request: x."),
        (Fault(status=401, body="Unauthorized"), UnauthorizedError, "does not accept this API token"),
        (Fault(status=404, body='"Group x not found"'), NotFoundError, "says: Group x not found."),
        (Fault(status=404, body="oops"), UnexpectedAnswerError, r"\(404: oops\)"),
        (Fault(status=404, body='{"message":"no route"}'), UnexpectedAnswerError, r"\(404: no route\)"),
        (Fault(status=500, body='"Internal error"'), NoAnswerError, "status 500: Internal error"),
        (Fault(kind="html", status=200), UnexpectedAnswerError, "an HTML page where"),
        (Fault(status=200, body=" "), UnexpectedAnswerError, "answered with nothing"),
        (Fault(status=200, body='{"groups":NaN}'), UnexpectedAnswerError, "not JSON"),
        (Fault(status=200, body="[" * 200_000), UnexpectedAnswerError, "nested too deeply|not JSON"),
        (Fault(status=200, body="7"), UnexpectedAnswerError, "should be an object or a list"),
        (Fault(kind="wrong_json"), UnexpectedAnswerError, "in groups, groups: should be a list"),
    ],
)
async def test_an_answer_that_stays_is_sorted_and_not_asked_for_again(
    server: DemoServer, client: SemaphoreClient, fault: Fault, kind: type[SemaphoreError], words: str
) -> None:
    server.inject(fault)
    with pytest.raises(kind, match=words) as raised:
        await client.list_groups()
    assert type(raised.value) is kind
    assert len(server.requests) == 1


async def test_only_semaphores_own_403_names_the_missing_permission(
    server: DemoServer, client: SemaphoreClient
) -> None:
    for fault, missing in (
        (Fault(kind="refuse"), VIEW_PEOPLE),
        (Fault(status=403, body='"No"'), ""),
        (Fault(kind="html", status=403), ""),
    ):
        server.inject(fault)
        error = await failing(client)
        assert isinstance(error, PermissionDeniedError)
        assert error.missing == missing


async def test_a_plain_member_is_told_which_permission_is_missing(server: DemoServer) -> None:
    async with aclosing(SemaphoreClient(server.address, server.tokens["member"], limits=QUICK)) as client:
        with pytest.raises(PermissionDeniedError, match=VIEW_SERVICE_ACCOUNTS) as seen:
            await client.list_service_accounts()
        with pytest.raises(PermissionDeniedError, match=MANAGE_SERVICE_ACCOUNTS):
            await client.create_service_account("ci-bot", "")
    assert seen.value.message == "Permission denied"


async def test_an_empty_403_is_an_outage_and_not_a_refusal(server: DemoServer, client: SemaphoreClient) -> None:
    server.inject(Fault(status=403, times=None))
    error = await failing(client)
    assert type(error) is NoAnswerError
    assert "sign-in service is down" in str(error)
    assert len(server.requests) == QUICK.read_tries


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_read_is_tried_again_after_passing_trouble(
    server: DemoServer, client: SemaphoreClient, status: int
) -> None:
    server.inject(Fault(status=status, headers={"Retry-After": "0"}, times=2))
    assert len(await client.list_permissions()) == 38
    assert len(server.requests) == 3


async def test_a_read_is_tried_again_after_cut_connections(server: DemoServer, client: SemaphoreClient) -> None:
    server.inject(Fault(kind="drop_before"))
    server.inject(Fault(kind="truncate"))
    assert len(await client.list_permissions()) == 38
    assert len(server.requests) == 3
    for kind in (Fault(kind="drop_before", times=None), Fault(kind="truncate", cut=9, times=None)):
        server.clear_faults()
        server.requests.clear()
        server.inject(kind)
        assert isinstance(await failing(client), NoAnswerError)
        assert len(server.requests) == QUICK.read_tries


async def test_a_server_that_asks_for_a_long_pause_is_not_asked_again(
    server: DemoServer, client: SemaphoreClient
) -> None:
    server.inject(Fault(status=429, headers={"Retry-After": "120"}, times=None))
    with pytest.raises(TooManyRequestsError, match="asks to wait 120 seconds"):
        await client.list_groups()
    assert len(server.requests) == 1


@pytest.mark.parametrize("value", ["soon", "Mon, 20 Nov 1995 19:12:08 +99999999999999999999", "-1", "٣"])
async def test_nonsense_about_waiting_is_ignored(server: DemoServer, client: SemaphoreClient, value: str) -> None:
    server.inject(Fault(status=503, headers={"Retry-After": value}))
    assert len(await client.list_groups()) == 5


async def test_reads_that_were_called_off_leave_the_way_free(server: DemoServer, client: SemaphoreClient) -> None:
    """Whatever they were doing at that moment, and however many of them there were."""
    for turn in range(150):
        reads = [asyncio.create_task(read()) for read in (client.list_groups, client.list_roles) * 3]
        for _ in range(turn):
            await asyncio.sleep(0)
        for read in reads:
            read.cancel()
        await asyncio.gather(*reads, return_exceptions=True)
    assert len(await client.list_groups()) == 5


async def test_wrong_types_are_named_by_their_field(server: DemoServer, client: SemaphoreClient) -> None:
    for account, words in (
        ({"id": "a", "created_at": "yesterday"}, r"service_accounts\[0\], created_at: input should be a valid int"),
        ({"id": "a", "name": {"api_token": "hush-hush-hush"}}, r"service_accounts\[0\], name: "),
        ({"id": ""}, r"service_accounts\[0\], id: "),
        ({"id": None}, r"service_accounts\[0\], id: "),
        ("a", r"service_accounts\[0\], the answer: "),
    ):
        answering(server, "/service_accounts", {"service_accounts": [account], "next_page_token": ""})
        with pytest.raises(UnexpectedAnswerError, match=words) as raised:
            await client.list_service_accounts()
        assert "hush" not in str(raised.value)


async def test_null_unknown_fields_and_words_of_tomorrow_are_accepted(
    server: DemoServer, client: SemaphoreClient
) -> None:
    role = {"role_id": "r", "role_name": None, "source": "telepathy", "since": 1}
    member: dict[str, object] = {"id": "a", "name": None, "subject_type": "robot", "roles": [role], "mood": {}}
    answering(server, "/members", {"members": [member, {"id": "b", "roles": None}], "total_pages": None, "x": 1})
    first, second = await client.list_members("user")
    assert (first.name, first.subject_type, first.roles[0].source) == ("", "robot", "telepathy")
    assert second.roles == ()


async def test_control_characters_are_shown_and_not_passed_on(server: DemoServer, client: SemaphoreClient) -> None:
    answering(server, "/groups", {"groups": [{"id": "a\x1b[2J", "name": "b\x07\u202e", "member_ids": ["c\x9b"]}]})
    (group,) = await client.list_groups()
    assert (group.id, group.name, group.member_ids) == ("a␛[2J", "b␇‹202E›", ("c‹009B›",))


async def test_a_proxy_that_stands_between_is_named_with_the_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:secret@127.0.0.1:{port}")
    async with aclosing(SemaphoreClient("https://acme.example.com", "token-of-nobody-01", limits=QUICK)) as client:
        with pytest.raises(NotSentError) as raised:
            await client.list_groups()
    words = f"acme.example.com cannot be reached: the proxy 127.0.0.1:{port} refused the connection."
    assert str(raised.value) == words


async def test_redirects_are_not_followed(server: DemoServer, client: SemaphoreClient) -> None:
    with DemoServer() as elsewhere:
        server.inject(Fault(status=302, headers={"Location": f"{elsewhere.address}/api/v1alpha/groups"}, times=None))
        with pytest.raises(UnexpectedAnswerError, match=f"redirected us to {elsewhere.address}"):
            await client.list_groups()
        with pytest.raises(OutcomeUnknownError, match="does not follow redirects"):
            await client.create_service_account("ci-bot", "")
        assert elsewhere.requests == []


async def test_a_closed_port_means_that_nothing_was_sent() -> None:
    with DemoServer() as server:
        token = server.tokens["owner"]
    async with aclosing(SemaphoreClient(server.address, token, limits=QUICK)) as client:
        for call in (lambda client: client.list_groups(), *WRITES.values()):
            with pytest.raises(NotSentError, match="refused the connection"):
                await call(client)


async def test_ids_are_quoted_into_paths(server: DemoServer, client: SemaphoreClient) -> None:
    calls: list[Callable[[str], Awaitable[Any]]] = [
        client.describe_service_account,
        client.delete_service_account,
        client.deactivate_service_account,
        client.reactivate_service_account,
        lambda one: client.update_service_account(one, name="x"),
        lambda one: client.regenerate_token(one, "x"),
        lambda one: client.assign_role(one, NOBODY),
    ]
    for call in calls:
        with pytest.raises(RefusedError, match="Invalid uuid"):
            await call("../a/b?c#d é%")
    assert {request.path.split("/")[4] for request in server.requests} == {"..%2Fa%2Fb%3Fc%23d%20%C3%A9%25"}


@pytest.mark.parametrize("identifier", ["", ".", ".."])
async def test_an_id_that_would_lead_elsewhere_is_not_asked_for(
    server: DemoServer, client: SemaphoreClient, identifier: str
) -> None:
    with pytest.raises(NotSentError, match="nothing was sent"):
        await client.delete_service_account(identifier)
    assert server.requests == []
