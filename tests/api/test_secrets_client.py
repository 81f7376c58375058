"""Secrets by the client: what is sent and kept, and what is said when Semaphore refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path

import pytest
from pydantic import SecretStr

from semtui.api.client import SemaphoreClient
from semtui.api.errors import (
    IncompleteListError,
    NotFoundError,
    NotOfferedError,
    NotSentError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RefusedError,
    SemaphoreError,
    UndisclosedError,
    UnexpectedAnswerError,
)
from semtui.api.secret_models import Secret, SecretContent, SecretEntry, SecretPolicy, digest_of
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.system.debug_log import DebugLog
from tests.conftest import QUICK
from tests.support.client_calls import NOBODY, answering

pytestmark = pytest.mark.anyio
VALUE = "Ship-9fK2xQ7_LwABCD"
CONTENT = SecretContent(env_vars=(("TOKEN", SecretStr(VALUE)),))
FILE = SecretContent(files=(("/home/semaphore/token", SecretStr(VALUE)),))


def project(server: DemoServer, name: str = "web-storefront") -> str:
    found = server.organization.project_named(name)
    assert found is not None
    return found.id


def client_of(server: DemoServer, who: str, log: DebugLog | None = None) -> SemaphoreClient:
    return SemaphoreClient(server.address, server.tokens[who], host="acme.example.com", limits=QUICK, log=log)


@pytest.fixture
async def support(server: DemoServer) -> AsyncIterator[SemaphoreClient]:
    """A client of somebody who may only look."""
    async with aclosing(client_of(server, "support")) as client:
        yield client


async def error_of(call: Awaitable[object]) -> SemaphoreError:
    with pytest.raises(SemaphoreError) as raised:
        await call
    return raised.value


# What is sent and kept


async def test_a_secret_is_created_and_its_values_are_not_kept(server: DemoServer, client: SemaphoreClient) -> None:
    made = await client.create_secret("fresh", CONTENT)
    assert await client.describe_secret("fresh") == made == await client.find_secret(made.id)
    assert made.env_vars == (SecretEntry("TOKEN"),)
    assert (made.used_at, made.values_sent, made.policy) == (None, False, None)
    stored = server.organization.secret_store.named("fresh")
    assert stored is not None
    assert stored.env_vars == {"TOKEN": VALUE}
    assert CONTENT.is_in(made) is None


@pytest.mark.parametrize("content", [CONTENT, FILE], ids=["variable", "file"])
async def test_where_values_are_sent_only_their_digests_are_kept(
    server: DemoServer, client: SemaphoreClient, content: SecretContent
) -> None:
    server.organization.features.add("secrets_exposed_content")
    made = await client.create_secret("open", content)
    assert made.values_sent
    assert VALUE not in f"{asdict(made)} {made!r}"
    assert content.is_in(made) is True
    (listed,) = [secret for secret in await client.list_secrets() if secret.name == "open"]
    assert listed == made
    assert SecretContent(env_vars=(("TOKEN", SecretStr("another")),)).is_in(made) is False
    assert SecretContent().is_in(made) is False


async def test_a_file_is_sent_in_base64(server: DemoServer, client: SemaphoreClient) -> None:
    await client.create_secret("filed", FILE, project_id=project(server))
    stored = server.organization.secret_store.named("filed", "web-storefront")
    assert stored is not None
    assert stored.files == {"/home/semaphore/token": "U2hpcC05ZksyeFE3X0x3QUJDRA=="}


async def test_a_project_has_secrets_of_its_own(server: DemoServer, client: SemaphoreClient) -> None:
    (found,) = await client.list_secrets(project(server))
    assert (found.name, found.project_id) == ("storefront-deploy", project(server))
    await client.delete_secret(found.id, project(server))
    assert await client.find_secret(found.id, project(server)) is None
    assert len(await client.list_secrets()) == 3


async def test_a_long_list_is_read_page_by_page(server: DemoServer, client: SemaphoreClient) -> None:
    whole = await client.list_secrets()
    client.secrets_per_page = 2
    server.requests.clear()
    assert await client.list_secrets() == whole
    assert len(server.requests) == 2


async def test_names_and_paths_from_strangers_are_cleaned(server: DemoServer, client: SemaphoreClient) -> None:
    metadata = {"id": "s", "name": "a\x1b[2J"}
    data = {"env_vars": [{"name": "B\x07", "value": ""}], "files": [{"path": "/\x1b]c", "content": ""}]}
    answering(server, "/api/v1beta/secrets", {"secrets": [{"metadata": metadata, "data": data}], "next_page_token": ""})
    (found,) = await client.list_secrets()
    assert (found.name, found.env_vars[0].name, found.files[0].name) == ("a␛[2J", "B␇", "/␛]c")


@pytest.mark.parametrize(
    "record",
    [7, {}, {"metadata": 7}, {"metadata": {"id": 7}}, {"metadata": {"id": "s"}, "data": {"env_vars": [7]}}],
)
async def test_a_record_of_another_shape_is_said_to_be_one(
    server: DemoServer, client: SemaphoreClient, record: object
) -> None:
    answering(server, "/api/v1beta/secrets", {"secrets": [record], "next_page_token": ""})
    assert isinstance(await error_of(client.list_secrets()), UnexpectedAnswerError)


# Policies


async def test_a_policy_that_was_dropped_shows_in_the_answer(server: DemoServer, client: SemaphoreClient) -> None:
    wanted = SecretPolicy("ALLOWED", (project(server), project(server, "infra-live")), debug=False)
    assert (await client.create_secret("first", CONTENT, policy=wanted)).policy is None
    server.organization.features.add("secrets_access_policy")
    async with aclosing(client_of(server, "member")) as member:
        dropped = (await member.create_secret("second", CONTENT, policy=wanted)).policy
    assert dropped == SecretPolicy()
    assert not wanted.equals(dropped)
    kept = (await client.create_secret("third", CONTENT, policy=wanted)).policy
    assert kept is not None
    assert wanted.equals(kept)
    assert not SecretPolicy(debug=False).equals(SecretPolicy(attach=False))


# Refusals


async def test_a_secret_that_may_not_be_seen_is_not_called_absent(
    server: DemoServer, client: SemaphoreClient, support: SemaphoreClient
) -> None:
    for asked in (support.describe_secret("deployer-token"), client.describe_secret("no\x1bne")):
        error = await error_of(asked)
        assert isinstance(error, UndisclosedError)
        assert "lacks the permission organization.secrets.manage: it answers both alike." in str(error)
        assert str(error).endswith("A role given in the last five minutes may not count there yet.")
    secret = server.organization.secret_store.named("deployer-token")
    assert secret is not None
    assert isinstance(await error_of(support.delete_secret(secret.id)), UndisclosedError)
    assert await client.find_secret("none") is None
    denied = await error_of(support.find_secret("deployer-token"))
    assert isinstance(denied, PermissionDeniedError)
    assert denied.missing == "organization.secrets.manage"


async def test_in_a_project_an_absent_secret_is_told_from_a_forbidden_one(
    server: DemoServer, client: SemaphoreClient, support: SemaphoreClient
) -> None:
    assert isinstance(await error_of(client.describe_secret("none", project(server))), NotFoundError)
    assert await client.find_secret("none", project(server)) is None
    for project_id in (NOBODY, project(server)):
        error = await error_of(support.describe_secret("storefront-deploy", project_id))
        assert isinstance(error, PermissionDeniedError)
        assert error.missing == "project.secrets.manage"
        assert "on this project, or there is no such project." in str(error)


@pytest.mark.parametrize(
    "call",
    [
        lambda client, where: client.list_secrets(where),
        lambda client, where: client.check_secrets_right(where),
        lambda client, where: client.create_secret("x", CONTENT, project_id=where),
    ],
    ids=["list", "check", "create"],
)
async def test_a_missing_permission_is_named(
    server: DemoServer, support: SemaphoreClient, call: Callable[[SemaphoreClient, str], Awaitable[object]]
) -> None:
    for where, permission in (("", "organization.secrets.manage"), (project(server), "project.secrets.manage")):
        error = await error_of(call(support, where))
        assert isinstance(error, PermissionDeniedError)
        assert error.missing == permission


async def test_a_name_in_use_is_refused_in_semaphores_words(server: DemoServer, client: SemaphoreClient) -> None:
    error = await error_of(client.create_secret("deployer-token", CONTENT))
    assert isinstance(error, RefusedError)
    assert str(error) == "Semaphore refused: name has already been taken."
    assert isinstance(await error_of(client.create_secret("", CONTENT)), OutcomeUnknownError)


async def test_what_is_not_offered_is_said_to_be_so(server: DemoServer, client: SemaphoreClient) -> None:
    secret = await client.describe_secret("deployer-token")
    server.requests.clear()
    for call in (
        client.replace_secret(secret, CONTENT),
        client.list_secrets_v2(),
        client.describe_secret_v2("deployer-token"),
        client.replace_secret_v2(secret, CONTENT),
    ):
        assert isinstance(await error_of(call), NotOfferedError)
    assert len(server.requests) == 4
    server.organization.features.clear()
    assert isinstance(await error_of(client.list_secrets(project(server))), NotOfferedError)


@pytest.mark.parametrize("name", ["a/b", ".", "..", ""])
async def test_a_name_no_path_can_hold_is_not_asked_for(server: DemoServer, client: SemaphoreClient, name: str) -> None:
    assert isinstance(await error_of(client.describe_secret(name)), NotSentError)
    assert server.requests == []


async def test_a_path_the_gateway_does_not_know_proves_nothing(server: DemoServer, client: SemaphoreClient) -> None:
    for _ in range(2):
        server.inject(Fault(status=404, body='{"code":5,"message":"Not Found","details":[]}'))
    assert isinstance(await error_of(client.describe_secret("x", project(server))), UnexpectedAnswerError)
    assert isinstance(await error_of(client.delete_secret(NOBODY, project(server))), OutcomeUnknownError)


@pytest.mark.parametrize("status", [400, 403, 404, 422, 500, 302])
async def test_a_value_that_is_echoed_is_not_said_again(
    server: DemoServer, client: SemaphoreClient, status: int
) -> None:
    server.inject(Fault("POST", status=status, body=f'{{"code":3,"message":"value {VALUE} is too nice","details":[]}}'))
    error = await error_of(client.create_secret("echoed", CONTENT))
    assert VALUE not in f"{error} {error!r} {getattr(error, 'message', '')}"


async def test_names_of_secrets_are_not_logged(server: DemoServer, tmp_path: Path) -> None:
    log = DebugLog({"XDG_STATE_HOME": str(tmp_path)}, tmp_path)
    async with aclosing(client_of(server, "owner", log)) as client:
        await client.create_secret("payroll", CONTENT)
        await client.find_secret("payroll")
        await client.list_secrets(project(server))
    log.close()
    text = log.path.read_text()
    assert "#1 POST v1beta/secrets\n" in text
    assert "#2 GET v1beta/secrets/…\n" in text
    assert f"#3 GET v1/projects/{project(server)[:8]}…/secrets?page_size=100\n" in text
    assert "payroll" not in text
    assert VALUE not in text


# v2


async def test_v2_tells_whether_a_secret_holds_a_token(server: DemoServer, client: SemaphoreClient) -> None:
    server.organization.features.add("public_api_v1")
    account = server.organization.service_account_named("ci-deployer")
    assert account is not None
    token = server.organization.token_of(account.id)
    assert token is not None
    held = [
        secret.name
        for where in ("", project(server))
        for secret in await client.list_secrets_v2(where)
        if digest_of(token) in [entry.digest for entry in secret.env_vars]
    ]
    assert held == ["deployer-token", "storefront-deploy"]
    named = SecretContent(env_vars=(("DEPLOY_TOKEN", SecretStr(token)),))
    assert named.is_in(await client.describe_secret_v2("storefront-deploy", project(server))) is True


async def test_v2_replaces_and_keeps_the_rest(
    server: DemoServer, client: SemaphoreClient, support: SemaphoreClient
) -> None:
    server.organization.features |= {"public_api_v1", "secrets_access_policy"}
    policy = SecretPolicy("NONE", debug=False)
    made = await client.create_secret("kept", CONTENT, policy=policy)
    before = await client.describe_secret_v2(made.id)
    assert before.policy is not None
    assert policy.equals(before.policy)
    after = await client.replace_secret_v2(before, FILE)
    assert FILE.is_in(after) is True
    assert (after.id, after.name, after.policy) == (made.id, "kept", before.policy)
    assert isinstance(await error_of(support.describe_secret_v2("kept")), UndisclosedError)


async def test_v2_leaves_restricted_secrets_out_of_its_list(server: DemoServer, client: SemaphoreClient) -> None:
    server.organization.features.add("public_api_v1")
    assert [secret.name for secret in await client.list_secrets_v2()] == ["deployer-token", "aws-production"]
    client.secrets_per_page = 1
    # Its page is empty, which an honest list has only at the end.
    error = await error_of(client.list_secrets_v2())
    assert isinstance(error, IncompleteListError)
    assert [secret.name for secret in error.items] == ["aws-production", "deployer-token"]


async def test_a_replacement_needs_a_secret_that_v2_shows(server: DemoServer, client: SemaphoreClient) -> None:
    server.organization.features.add("public_api_v1")
    gone = Secret(NOBODY, "gone", org_id=server.organization.id)
    assert isinstance(await error_of(client.replace_secret_v2(gone, CONTENT)), UndisclosedError)
