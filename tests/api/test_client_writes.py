"""The client against the demo server: writes and tokens."""

from __future__ import annotations

import json
from contextlib import aclosing

import pytest

from semtui.api.client import SemaphoreClient
from semtui.api.errors import (
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    ReadOnlyError,
    RefusedError,
    TooManyRequestsError,
    UnauthorizedError,
)
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.settings.contexts import Context
from tests.conftest import QUICK, Held
from tests.support.client_calls import NOBODY, WRITES, Call, account_id, answering, every_write, failing, sent

pytestmark = pytest.mark.anyio

# Writes


async def test_every_write_does_what_it_says(server: DemoServer, client: SemaphoreClient) -> None:
    organization = server.organization
    new = await client.create_service_account("ci-bot", "Builds")
    assert organization.token_holder(new.secret.get_secret_value()) == new.account_id == account_id(server, "ci-bot")
    changed = await client.update_service_account(new.account_id, description="Ships")
    assert (changed.name, changed.description) == ("ci-bot", "Ships")
    assert json.loads(server.requests[-1].body) == {"description": "Ships"}
    await client.deactivate_service_account(new.account_id)
    assert (await client.describe_service_account(new.account_id)).deactivated
    await client.reactivate_service_account(new.account_id)
    assert not (await client.describe_service_account(new.account_id)).deactivated
    role = organization.role_named("Support")
    assert role is not None
    await client.assign_role(new.account_id, role.id)
    assert organization.role_names_of(new.account_id) == ["Support"]
    renewed = await client.regenerate_token(new.account_id, "ci-bot")
    assert organization.token_of(new.account_id) == renewed.secret.get_secret_value() != new.secret.get_secret_value()
    assert not new.salvaged
    assert not renewed.salvaged
    await client.delete_service_account(new.account_id)
    assert organization.service_account(new.account_id) is None


async def test_a_record_that_is_gone_is_told_in_semaphores_words(server: DemoServer, client: SemaphoreClient) -> None:
    for call in (WRITES["update"], WRITES["delete"], WRITES["regenerate"], WRITES["deactivate"]):
        with pytest.raises(NotFoundError, match=f"Service account {NOBODY} not found."):
            await call(client)


@every_write
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(status=400, body='"Name must be provided"'), RefusedError),
        (Fault(status=401, body="Unauthorized"), UnauthorizedError),
        (Fault(kind="refuse"), PermissionDeniedError),
        (Fault(status=403, body='"User unauthorized"'), PermissionDeniedError),
        (Fault(status=404, body='"Service account x not found"'), NotFoundError),
        (Fault(status=413, body="Something went wrong"), RefusedError),
        (Fault(status=429, headers={"Retry-After": "0"}), TooManyRequestsError),
    ],
    ids=lambda value: f"{value.status or value.kind}" if isinstance(value, Fault) else "",
)
async def test_a_refused_write_was_not_done_and_is_sent_once(
    server: DemoServer, client: SemaphoreClient, write: Call, fault: Fault, kind: type[RefusedError]
) -> None:
    server.inject(fault)
    with pytest.raises(RefusedError) as raised:
        await write(client)
    assert type(raised.value) is kind
    assert len(server.requests) == 1


@every_write
@pytest.mark.parametrize(
    "fault",
    [
        *(Fault(status=status, body="upstream trouble") for status in (201, 302, 409, 500, 502, 503, 504)),
        Fault(status=503, headers={"Retry-After": "Mon, 20 Nov 1995 19:12:08 +99999999999999999999"}),
        Fault(status=403),
        Fault(status=404, body="Not found"),
        Fault(status=404, body='{"message":"no route"}'),
        Fault(kind="html", status=200),
        Fault(kind="wrong_json"),
        Fault(status=200),
        Fault(kind="drop_before"),
        Fault(kind="drop_after"),
        Fault(kind="truncate", keep_work=False, status=400, body='"Name must be provided"', cut=5),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}",
)
async def test_a_write_without_a_clear_answer_has_an_unknown_outcome_and_is_sent_once(
    server: DemoServer, client: SemaphoreClient, write: Call, fault: Fault
) -> None:
    server.inject(fault)
    with pytest.raises(OutcomeUnknownError):
        await write(client)
    assert len(server.requests) == 1


async def test_a_read_only_client_lets_nothing_but_reads_leave(server: DemoServer, context: Context) -> None:
    client = SemaphoreClient(context.base_url, context.api_token, read_only=True, limits=QUICK)
    async with aclosing(client):
        for write in WRITES.values():
            with pytest.raises(ReadOnlyError, match="Nothing was sent"):
                await write(client)
        await client.list_roles()
    assert [request.method for request in server.requests] == ["GET"]


# Tokens


@pytest.mark.parametrize("action", ["create", "regenerate"])
async def test_a_token_is_read_whole_or_not_at_all_wherever_its_answer_is_cut(
    server: DemoServer, context: Context, action: str
) -> None:
    held = Held()
    subject, outcomes, salvaged = account_id(server), set[bool](), set[bool]()
    client = SemaphoreClient(context.base_url, context.api_token, hold_token=held.hold, limits=QUICK)
    async with aclosing(client):
        cut = 0
        # The fixed names make every answer as long as the first; past its end nothing is cut any more.
        while True:
            held.clear()
            name = f"bot-{cut:03}"
            server.inject(Fault(method="POST", kind="truncate", cut=cut))
            new, error = None, None
            try:
                if action == "create":
                    new = await client.create_service_account(name, "")
                else:
                    new = await client.regenerate_token(subject, "terraform")
            except OutcomeUnknownError as caught:
                error = caught
            owner = account_id(server, name) if action == "create" else subject
            token = server.organization.token_of(owner)
            assert token is not None
            assert token not in f"{error!r} {error} {new!r} {new} {held}"
            assert held == ([new] if new else [])
            outcomes.add(new is not None)
            if new is not None:
                assert new.secret.get_secret_value() == token
                salvaged.add(new.salvaged)
                if not new.salvaged:
                    assert new.account_id == owner
                    break
            cut += 1
    assert outcomes == salvaged == {False, True}
    assert cut > (200 if action == "create" else 30)
    assert sent(server, "POST") == cut + 1


@pytest.mark.parametrize(
    ("body", "salvaged"),
    [
        ({"api_token": "sa_token_0123456789"}, True),
        ({"service_account": None, "api_token": " sa_token_0123456789\n"}, True),
        ({"service_account": {"id": 7}, "api_token": "sa_token_0123456789"}, True),
        ({"service_account": {"id": "a\x1b"}, "api_token": "sa_token_0123456789"}, False),
    ],
)
async def test_a_token_is_read_whatever_stands_beside_it(
    server: DemoServer, context: Context, body: object, salvaged: bool
) -> None:
    held = Held()
    answering(server, "/service_accounts", body)
    client = SemaphoreClient(context.base_url, context.api_token, hold_token=held.hold, limits=QUICK)
    async with aclosing(client):
        new = await client.create_service_account("ci\x1bbot", "")
    assert new.secret.get_secret_value() == "sa_token_0123456789"
    assert (new.account_name, new.account_id, new.salvaged) == ("ci␛bot", "" if salvaged else "a␛", salvaged)
    assert held == [new]


@pytest.mark.parametrize(
    "token", ["", "short", "with spaces inside", "\x1b]52;c;aGVsbG8=\x07", None, 7, ["sa_token_01"]]
)
async def test_what_cannot_be_a_token_is_not_taken_for_one(
    server: DemoServer, client: SemaphoreClient, token: object
) -> None:
    answering(server, "/service_accounts", {"service_account": {"id": "a"}, "api_token": token})
    with pytest.raises(OutcomeUnknownError, match="carried no API token"):
        await client.create_service_account("ci-bot", "")


async def test_the_clients_own_token_goes_only_into_the_authorization_header(
    server: DemoServer, client: SemaphoreClient, context: Context
) -> None:
    await client.list_roles()
    (request,) = server.requests
    assert request.headers["authorization"] == f"Token {context.api_token}"
    assert context.api_token not in request.path
    server.inject(Fault(status=401, body="Unauthorized"))
    assert context.api_token not in repr(await failing(client))
