"""`semtui impact` and `semtui trace`: what depends on somebody, and what they did last."""

from __future__ import annotations

import csv
import io

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.support.commands import Run


def hanging(run: Run, *arguments: str, status: int = 0) -> list[dict[str, str]]:
    ended = run("impact", *arguments, "--format", "csv")
    assert ended.status == status, ended.err
    return list(csv.DictReader(io.StringIO(ended.out)))


def test_what_hangs_on_somebody_is_what_the_organization_has(run: Run, server: DemoServer) -> None:
    state = server.organization.state
    for name in ("ci-deployer", "abandoned-importer", "Noor Haddad", "Kenji Watanabe"):
        account = server.organization.service_account_named(name)
        subject_id = account.id if account else server.organization.person_named(name)
        rows = hanging(run, name)
        found = {what: {row["id"] for row in rows if row["what"] == what} for what in {row["what"] for row in rows}}
        expected = {
            "task": {each.id for each in state.activity.tasks if each.requester_id == subject_id},
            "notification": {each.id for each in state.activity.notifications if each.creator_id == subject_id},
            "deployment target": {
                each.id for each in state.activity.targets if ("USER", subject_id) in {rule[:2] for rule in each.rules}
            },
            "account created": {one.id for one in state.service_accounts.values() if one.creator_id == subject_id},
            "project owned": {each.id for each in state.projects.values() if each.owner_id == subject_id},
        }
        assert {what: ids for what, ids in expected.items() if ids} == {
            what: ids for what, ids in found.items() if what in expected
        }


def test_the_last_owner_is_named_as_such(run: Run) -> None:
    text = run("impact", "Amara Okafor").out
    assert "Service accounts created, whose tokens may be known:" in text
    assert "Semaphore's API does not show:" in text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/tasks", "Scheduled tasks run in this name (read in 3 of 4)"),
        ("/deployment_targets", "name this account (read in 3 of 4)"),
        ("/notifications", "Notifications created (not read)"),
    ],
)
def test_a_list_that_could_not_be_read_is_told_and_is_no_empty_one(
    run: Run, server: DemoServer, path: str, words: str
) -> None:
    for path_there in (path, f"/api/v1alpha{path}"):
        server.inject(Fault("GET", path_there, "refuse", times=1))
    ended = run("impact", "ci-deployer")
    server.clear_faults()
    assert words in " ".join(ended.out.split())
    assert ended.status == 1


def test_traces_are_told_and_prove_nothing(run: Run) -> None:
    ended = run("trace", "ci-deployer")
    assert ended.status == 0
    assert "  web-storefront  last Nov 22, 2026, 3 workflows in all" in ended.out
    assert "  web-storefront: production  Nov 22, 2026" in ended.out
    assert "No trace is no proof of disuse" in ended.out
    nothing = run("trace", "renovate").out
    assert "Workflows started: none" in nothing
    assert "No trace is no proof of disuse" in nothing
    assert run("trace", "renovate", "--format", "json").lists["answer"]["proves_disuse"] is False


@pytest.mark.parametrize("command", ["impact", "trace"])
@pytest.mark.parametrize("name", ["canary-token-0123456789", "Support desk"])
def test_who_is_not_there_is_refused_and_not_quoted(run: Run, command: str, name: str) -> None:
    ended = run(command, name)
    assert (ended.status, ended.out) == (2, "")
    assert "canary" not in ended.err


def test_secrets_that_semtui_put_the_token_into_are_traces_too(change: Run, run: Run, server: DemoServer) -> None:
    created = change("account", "create", "night-bot", "--role", "Member", "--token-to", "secret:night")
    assert created.status == 0, created.err
    assert "Secrets with its token, last loaded by a job: 1 night never" in " ".join(
        run("trace", "night-bot").out.split()
    )
    (stored,) = [each for each in server.organization.state.secrets.values() if each.name == "night"]
    stored.used_at = 1_763_000_000
    assert "night Nov 13, 2025" in " ".join(run("trace", "night-bot").out.split())
    assert "Secrets" not in run("trace", "renovate").out
