"""A command killed at every step of the way of a token into a secret: the next one finds where it is, or that it is
lost; nothing is sent twice."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.conftest import writes
from tests.support.commands import Run, account_id
from tests.support.terminal import SEMTUI, clean_environment

NAME = "terraform"
SECRETS, SHOP_SECRETS = "/api/v1beta/secrets", "/api/v1/projects/*/secrets"
AN_ID = "/????????-*"
IN_THE_SHOP = "secret:web-storefront/deploy=DEPLOY_TOKEN"
LOST = "The secret deploy of web-storefront did not take it. The token is lost: regenerate it."
THERE = "The secret deploy of web-storefront took it at "
RECREATED = "secret:deployer-token;recreate"
OLD_AS_IT_WAS = "The secret deployer-token of the organization did not take it. The token is lost: regenerate it."
OLD_IS_GONE = "The secret deployer-token of the organization is not there any more, and jobs that name it cannot start."
NOT_HERE = "The new token never reached this computer."


@dataclass(frozen=True)
class Step:
    """A request at whose answer the command is killed."""

    name: str
    method: str
    path: str
    says: str = ""
    """What the next command says of it; empty where nothing was begun."""
    calls_before: int = 0
    """How many such requests are answered first."""
    typed: str = IN_THE_SHOP
    done: bool | None = None
    """Whether Semaphore carries it out; None for its usual way."""


STEPS = (
    Step("before the check", "GET", SHOP_SECRETS),
    Step("after the check", "GET", "/service_accounts/*", calls_before=0),
    Step("the request for a token", "POST", "*/regenerate_token", NOT_HERE),
    Step("before the secret is sent", "GET", f"{SHOP_SECRETS}/deploy", LOST, calls_before=2),
    Step("the secret under way", "POST", SHOP_SECRETS, THERE),
    Step("the secret never arrived", "POST", SHOP_SECRETS, LOST, done=False),
    Step("before it is verified", "GET", f"{SHOP_SECRETS}{AN_ID}", THERE),
    Step("before the token is forgotten", "GET", "/api/v2/projects/*/secrets/*", THERE),
    Step(
        "the secret is being deleted again",
        "DELETE",
        f"{SECRETS}/*",
        "The secret deploy of the organization did not take it. The token is lost: regenerate it.",
        typed="secret:deploy;only=web-storefront",
    ),
    Step(
        "the secret was not deleted again",
        "DELETE",
        f"{SECRETS}/*",
        "is there without the restriction that was asked for, so that every project can use it: delete it",
        typed="secret:deploy;only=web-storefront",
        done=False,
    ),
    Step("the old secret never deleted", "DELETE", f"{SECRETS}/*", OLD_AS_IT_WAS, typed=RECREATED, done=False),
    Step("between deleting and creating anew", "DELETE", f"{SECRETS}/*", OLD_IS_GONE, typed=RECREATED),
)


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(group_delay=0) as running:
        yield running


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name.replace(" ", "-"))
def test_the_next_command_says_where_the_token_is(change: Run, server: DemoServer, tmp_path: Path, step: Step) -> None:
    before = server.organization.token_of(account_id(server, NAME))
    killed(server, tmp_path, step)
    if step.done is False:
        # What was under way when the program was killed gets lost.
        assert server.organization.secret_store.named("deploy", "web-storefront") is None
    server.clear_faults()
    now = server.organization.token_of(account_id(server, NAME))
    assert (now != before) == bool(step.says)
    next_one = ("account", "create", "night-bot", "--role", "Member", "--token-to", str(tmp_path / "night.token"))
    ended = change(*next_one)
    assert ended.status == 0, ended.err
    assert step.says in ended.err
    assert ("It is not known how this ended" in ended.err) == bool(step.says), ended.err
    if step.says.startswith(THERE):
        stored = server.organization.secret_store.named("deploy", "web-storefront")
        assert stored is not None
        assert stored.env_vars == {"DEPLOY_TOKEN": now}
    sent = [path for _, path, _ in writes(server) if path.endswith(("/regenerate_token", "/secrets"))]
    assert len(sent) == len(set(sent))
    assert now is not None
    assert now not in ended.err
    # Said once: what is known needs no second look.
    assert "It is not known how this ended" not in change(*next_one).err


def killed(server: DemoServer, home: Path, step: Step) -> None:
    """Run the command up to the step, and kill it."""
    if step.calls_before:
        server.inject(Fault(step.method, step.path, "delay", times=step.calls_before))
    server.inject(Fault(step.method, step.path, "hold", keep_work=step.done))
    access = {"SEMAPHORE_HOST": server.address, "SEMAPHORE_API_TOKEN": server.tokens["owner"]}
    secret = step.typed.removeprefix("secret:").partition(";")[0]
    # Every Member could read the token of an Admin there.
    sure = ("--yes", "--confirm", NAME if "/" in secret else secret)
    command = [SEMTUI, "account", "regenerate", NAME, *sure, "--token-to", step.typed]
    running = subprocess.Popen(
        command,
        env=clean_environment(home, **access),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert server.wait_until_held()
    running.kill()
    running.wait()
