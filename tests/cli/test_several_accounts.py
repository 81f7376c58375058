"""One command for several accounts: all is checked first, each has a place for its token, and none is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.conftest import status_with, writes
from tests.support.commands import Run, account_id

THREE = ("ci-deployer", "docs-preview", "staging-deployer")
NEW = "/service_accounts/*/regenerate_token"
SURE = ("--yes", "--confirm", "3")


def made(server: DemoServer) -> list[str]:
    """The accounts that were asked for a new token, in order."""
    return [path.split("/")[2] for _, path, _ in writes(server) if path.endswith("/regenerate_token")]


def test_each_token_goes_to_its_place_once_their_number_is_given(
    change: Run, server: DemoServer, tmp_path: Path
) -> None:
    order = ("account", "regenerate", *THREE, "--token-to", f"{tmp_path}/{{name}}.new")
    refused = change(*order, "--yes", "--confirm", "ci-deployer")
    assert refused.status == 2
    assert "replaces a token for good, 3 times: give --yes and --confirm 3" in refused.err
    planned = change(*order, "--dry-run")
    assert all(f"goes to the file {tmp_path}/{name}.new" in planned.out for name in THREE)
    assert writes(server) == []
    ended = change(*order, *SURE)
    assert ended.status == 0, ended.err
    tokens = [(tmp_path / f"{name}.new").read_text().strip() for name in THREE]
    assert [status_with(token, server) for token in tokens] == [200] * 3
    assert made(server) == [account_id(server, name) for name in THREE]
    assert not any(token in ended.out + ended.err for token in tokens)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (("--token-to", "{}/one"), "would go to the same place; use {name}"),
        (("--token-to", "-"), "would go to the same place; use {name}"),
        (("--token-to", "{}/{{name}}.there"), "docs-preview: --token-to: "),
        (("--token-to", "{}/{{name}}", "--revoke"), "--revoke is for one account at a time"),
    ],
)
def test_if_one_is_not_possible_none_is_begun(
    change: Run, server: DemoServer, tmp_path: Path, more: tuple[str, ...], why: str
) -> None:
    (tmp_path / "docs-preview.there").touch()
    refused = change("account", "regenerate", *THREE, *(each.format(tmp_path) for each in more), *SURE)
    assert refused.status == 2
    assert why in refused.err
    assert made(server) == []


def test_a_token_every_member_could_use_is_done_by_itself(change: Run, server: DemoServer) -> None:
    order = ("account", "regenerate", "ci-deployer", "terraform", "--token-to", "secret:{name}")
    refused = change(*order, "--yes", "--confirm", "2")
    assert refused.status == 2
    assert "terraform: This lets every Member act with its roles: do it by itself." in refused.err
    assert made(server) == []


@pytest.mark.parametrize(
    ("where", "method", "path", "fault"),
    [
        ("{}/{{name}}", "POST", NEW, {"kind": "drop_after"}),
        ("secret:{{name}}", "POST", "/api/v1beta/secrets", {"status": 400, "body": '{"message":"Not today"}'}),
    ],
)
def test_after_a_token_that_was_lost_or_not_delivered_no_other_is_made(
    change: Run, server: DemoServer, tmp_path: Path, where: str, method: str, path: str, fault: dict[str, Any]
) -> None:
    server.inject(Fault(method, path, "delay"))
    server.inject(Fault(method, path, **fault))
    ended = change("account", "regenerate", *THREE, "--token-to", where.format(tmp_path), *SURE)
    assert ended.status == 5
    assert "Not begun, because of that: staging-deployer." in ended.err
    assert made(server) == [account_id(server, name) for name in THREE[:2]]
    kept = [each for each in tmp_path.rglob("*.token") if "docs-preview" in each.name]
    if fault.get("kind") == "drop_after":
        assert kept == []
        assert "docs-preview was changed at" in ended.out
    else:
        assert str(kept[0]) in ended.err
        assert status_with(kept[0].read_text().strip(), server) == 200


def test_several_are_replaced_by_twins_step_by_step(change: Run, server: DemoServer, tmp_path: Path) -> None:
    begun = change("rotate", "begin", *THREE, "--token-to", f"{tmp_path}/{{name}}-next")
    assert begun.status == 0, begun.err
    old_ids = [account_id(server, name) for name in THREE]
    assert change("account", "deactivate", *THREE, *SURE).status == 0
    assert "staging-deployer is replaced by" in change("rotate", "status", *THREE).out
    assert change("account", "delete", *THREE, *SURE).status == 0
    twins = [f"{name}-next" for name in THREE]
    assert change("rotate", "rename", *twins).status == 0
    assert not {*old_ids} & {account_id(server, name) for name in THREE}
    assert [status_with((tmp_path / each).read_text().strip(), server) for each in twins] == [200] * 3


def test_what_one_command_did_is_undone_as_one(change: Run, server: DemoServer) -> None:
    assert change("account", "deactivate", *THREE, *SURE).status == 0
    server.organization.reactivate_service_account(account_id(server, "docs-preview"))
    refused = change("undo", "last")
    assert refused.status == 2
    assert "This undoes 2 changes: give --yes and --confirm 2, their number." in refused.err
    told = change("undo", "last", "--dry-run").out
    assert "staging-deployer: state deactivated → active." in told
    assert "docs-preview: docs-preview is active already. Left alone." in told
    undone = change("undo", "last", "--yes", "--confirm", "2")
    assert undone.status == 0, undone.err
    accounts = [server.organization.service_account_named(name) for name in THREE]
    assert [each is not None and each.deactivated for each in accounts] == [False] * 3
