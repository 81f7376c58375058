"""The whole life of an account by commands: born with a project, rotated by a twin, its creator offboarded, a role
change undone; once well, once with every answer lost, once with every request lost before it arrives."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Literal

import pytest

from semtui.demo.server import DemoServer
from tests.conftest import status_with
from tests.support.clock import Clock
from tests.support.commands import Ended, Run, account_id
from tests.support.fault_proxy import Strike, Wire

Answers = Literal["well", "lost", "dropped"]
NAME, TWIN, CREATOR, PROJECT = "deployer", "deployer-next", "Priya Raghunathan", "web-storefront"
SURE = ("--yes", "--confirm")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[DemoServer]:
    with DemoServer(group_delay=0, clock=clock) as running:
        yield running


class Life:
    """Runs one command after the other, and asks the organization after each what is true."""

    def __init__(self, change: Run, server: DemoServer, wire: Wire, clock: Clock, home: Path, answers: Answers) -> None:
        self._change = change
        self._wire = wire
        self._clock = clock
        self._home = home
        self._answers = answers
        self.server = server
        tokens = server.organization.tokens
        self._issued: list[str] = []
        generate = tokens.generate

        def issue() -> str:
            self._issued.append(generate())
            return self._issued[-1]

        tokens.generate = issue

    def step(self, *arguments: str, who: str = "owner", lost: int = 0, dropped: int = 1) -> Ended:
        """A command that changes something. Where answers are lost it ends with status `lost`; where nothing arrives
        with `dropped`, and all is as it was, so that the same command goes well after that."""
        if self._answers == "dropped":
            before = self._truth()
            ended = self._struck("never", *arguments, who=who)
            assert ended.status == dropped, ended.out + ended.err
            assert self._truth() == before
        if self._answers == "lost":
            ended = self._struck("done", *arguments, who=who)
            assert ended.status == lost, ended.out + ended.err
            return ended
        return self.run(*arguments, who=who)

    def run(self, *arguments: str, who: str = "owner", status: int = 0) -> Ended:
        """A command whose answers arrive: so do its tokens, and each is where it was to go."""
        known = len(self._issued)
        ended = self._sent(*arguments, who=who)
        assert ended.status == status, ended.out + ended.err
        for token in self._issued[known:]:
            assert token in self._stored(), ended.out + ended.err
        return ended

    def _struck(self, truth: Literal["done", "never"], *arguments: str, who: str) -> Ended:
        strike = Strike(lambda line: None, truth=truth, times=None)
        self._wire.strike(strike)
        try:
            return self._sent(*arguments, who=who)
        finally:
            strike.times = 0

    def _sent(self, *arguments: str, who: str) -> Ended:
        self._clock.now += 60
        before = len(self._wire.requests)
        ended = self._change(*arguments, on=self.server, address=f"http://127.0.0.1:{self._wire.port}", who=who)
        sent = [each for each in self._wire.requests[before:] if each[0] != "GET" and each[1].count("/") > 3]
        assert len(sent) == len(set(sent)), "sent twice"
        assert not any(token in ended.out + ended.err for token in self._issued)
        self._no_account_twice_and_no_twin_unseen()
        return ended

    def _stored(self) -> str:
        """All that secrets and the files of this computer hold."""
        secrets = self.server.organization.state.secrets.values()
        files = [path.read_text() for path in self._home.rglob("*.token")]
        return "\n".join([*(str(each.env_vars) for each in secrets), *files])

    def _truth(self) -> object:
        state = self.server.organization.state
        tokens = {each: self.server.organization.token_of(each) for each in state.service_accounts}
        bindings = (state.org_bindings, state.project_bindings)
        return deepcopy((state.service_accounts, tokens, bindings, state.groups, state.secrets))

    def _no_account_twice_and_no_twin_unseen(self) -> None:
        accounts = self.server.organization.state.service_accounts.values()
        ours = [each for each in accounts if each.name.startswith(NAME)]
        assert len({each.name for each in ours}) == len(ours)
        for twin in [each for each in ours if each.description.startswith("Replaces ")]:
            status = self._change("rotate", "status", twin.id, on=self.server, address=self.server.address)
            assert twin.name in status.out

    # What is true

    def secret(self, name: str) -> str:
        """What the variable in a secret of the project holds."""
        found = self.server.organization.secret_store.named(name, PROJECT)
        assert found is not None
        return found.env_vars["DEPLOY_TOKEN"]

    def deploys(self, name: str, secret: str) -> None:
        """Assert that the token in a secret is the account's, and that it may run workflows in this project alone."""
        organization, ours = self.server.organization, account_id(self.server, name)
        assert self.secret(secret) == organization.token_of(ours)
        assert status_with(self.secret(secret), self.server) == 200
        project = organization.project_named(PROJECT)
        assert project is not None
        assert organization.holds(ours, "project.job.rerun", project.id)
        assert [each for each in organization.state.projects if organization.holds(ours, "project.view", each)] == [
            project.id
        ]


def into(secret: str) -> tuple[str, str]:
    return "--token-to", f"secret:{PROJECT}/{secret}=DEPLOY_TOKEN"


@pytest.mark.parametrize("answers", ["well", "lost", "dropped"])
def test_the_whole_life_of_an_account(
    change: Run, server: DemoServer, clock: Clock, tmp_path: Path, answers: Answers
) -> None:
    with Wire(server.address) as wire:
        life = Life(change, server, wire, clock, tmp_path, answers)
        born(life, answers)
        old = account_id(server, NAME)
        rotated(life, answers)
        assert account_id(server, NAME) != old
        offboarded(life, answers, tmp_path)
        undone(life)
        assert "not recorded" not in life.run("journal").out


def born(life: Life, answers: Answers) -> None:
    create = ("account", "create", NAME, "--role", "Member", "--project", f"{PROJECT}=Contributor", *into(NAME))
    ended = life.step(*create, who="admin", lost=4)
    if answers == "lost":
        assert "its token never reached this computer and is lost" in ended.err
        # As the sentence says: nobody else made it, so it is theirs to complete.
        assert life.run(*create, who="admin", status=2).out == ""
        life.run("account", "regenerate", NAME, *SURE, NAME, *into(NAME), who="admin")
        life.step("account", "edit", NAME, "--role", "Member", who="admin")
        grant = ("project", "grant", PROJECT, NAME, "Contributor")
        life.step(*grant, who="admin", lost=4)
        life.run(*grant, who="admin")
    life.deploys(NAME, NAME)


def rotated(life: Life, answers: Answers) -> None:
    begin = ("rotate", "begin", NAME, *into(TWIN))
    life.step(*begin, who="admin", lost=4)
    life.run(*begin, who="admin", status=2)
    if answers == "lost":
        life.run("account", "regenerate", TWIN, *SURE, TWIN, *into(TWIN), who="admin")
    complete = ("rotate", "complete", NAME)
    # The role can be looked up, the place on the project cannot.
    life.step(*complete, who="admin", lost=5, dropped=4)
    if answers == "lost":
        assert f"{TWIN} lacks Contributor on {PROJECT}" in life.run("rotate", "status", NAME).out
        life.run(*complete, who="admin")
    life.deploys(NAME, NAME)
    life.deploys(TWIN, TWIN)
    life.step("account", "deactivate", NAME, *SURE, NAME, who="admin")
    assert f"{NAME} is being replaced by {TWIN}" in life.run("due", "--all").out
    life.step("account", "delete", NAME, *SURE, NAME, who="admin")
    assert life.run("due", "--all").out == "Nothing is due.\n"
    renamed = life.step("rotate", "rename", TWIN, who="admin")
    assert "The rotation is finished." in renamed.out
    life.deploys(NAME, TWIN)


def offboarded(life: Life, answers: Answers, folder: Path) -> None:
    chosen = ("--regenerate", NAME, "--tokens-into", str(folder), "--remove", *SURE, CREATOR)
    life.step("member", "offboard", CREATOR, *chosen, lost=5)
    file, server = folder / f"{NAME}.token", life.server
    if answers == "lost":
        assert not file.exists()
        life.run("account", "regenerate", NAME, *SURE, NAME, "--token-to", str(file))
    assert file.read_text().strip() == server.organization.token_of(account_id(server, NAME))
    person = server.organization.person_named(CREATOR)
    assert person is None or not server.organization.role_names_of(person)


def undone(life: Life) -> None:
    server = life.server
    person = server.organization.person_named("Noor Haddad")
    assert person is not None
    life.step("member", "role", "Noor Haddad", "Admin")
    assert server.organization.role_names_of(person) == ["Admin"]
    life.step("undo", "last")
    assert server.organization.role_names_of(person) == ["Member"]
