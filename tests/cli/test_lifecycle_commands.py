"""Undo, replacing an account by a twin, and offboarding as commands: what is true in the organization afterwards."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.conftest import status_with, writes
from tests.support.commands import Run, account_id

OLD, TWIN = "terraform", "terraform-next"
SURE = ("--yes", "--confirm")


def roles(server: DemoServer, name: str) -> list[str]:
    return server.organization.role_names_of(account_id(server, name))


def test_the_last_change_is_undone_and_then_the_one_before(change: Run, server: DemoServer) -> None:
    assert change("undo", "last").status == 2
    assert change("member", "role", OLD, "Member", *SURE, OLD).status == 0
    assert change("account", "deactivate", OLD, *SURE, OLD).status == 0
    told = change("undo", "last", "--dry-run")
    assert "Sent now: state deactivated → active." in told.out
    assert len(writes(server)) == 2
    assert change("undo", "last").out == "terraform is active again.\n"
    assert roles(server, OLD) == ["Member"]
    assert change("undo", "last").out == "The role of terraform is Admin again.\n"
    assert roles(server, OLD) == ["Admin"]
    assert change("undo", "last").status == 2


def test_what_has_been_changed_since_is_undone_only_anyway(change: Run, server: DemoServer) -> None:
    assert change("member", "role", OLD, "Member", *SURE, OLD).status == 0
    server.organization.assign_role(account_id(server, OLD), "Support")
    refused = change("undo", "last")
    assert refused.status == 1
    assert "Somebody else has changed this in the meantime" in refused.err
    assert "--anyway undoes it regardless." in refused.err
    assert roles(server, OLD) == ["Support"]
    assert change("undo", "last", "--anyway").status == 0
    assert roles(server, OLD) == ["Admin"]


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
def test_a_lost_answer_to_an_undo_is_looked_up(change: Run, server: DemoServer, kind: Any) -> None:
    assert change("member", "role", OLD, "Member", *SURE, OLD).status == 0
    server.inject(Fault("PUT", "*", kind, times=1))
    arrived = kind == "drop_after"
    assert change("undo", "last").status == (0 if arrived else 1)
    assert roles(server, OLD) == (["Admin"] if arrived else ["Member"])


def test_an_account_is_replaced_by_a_twin(change: Run, server: DemoServer, tmp_path: Path) -> None:
    token, old_id = tmp_path / "twin.token", account_id(server, OLD)
    assert "There is no twin of terraform yet." in change("rotate", "status", OLD).out
    assert change("rotate", "complete", OLD).status == 2
    begun = change("rotate", "begin", OLD, "--token-to", str(token))
    assert begun.status == 0, begun.out
    new = token.read_text().strip()
    assert new not in begun.out + begun.err
    assert roles(server, TWIN) == ["Admin"]
    assert "lacks the group Platform engineering" in change("rotate", "status", TWIN).out
    assert change("rotate", "begin", OLD, "--token-to", str(tmp_path / "more")).status == 2
    assert change("rotate", "complete", OLD).status == 0
    group = server.organization.group_named("Platform engineering")
    assert group is not None
    assert account_id(server, TWIN) in group.member_ids
    assert change("rotate", "rename", TWIN).status == 2
    assert change("account", "deactivate", OLD, *SURE, OLD).status == 0
    assert status_with(new, server) == 200
    assert change("account", "delete", OLD, *SURE, OLD).status == 0
    assert change("rotate", "rename", TWIN).out == "Saved terraform. The rotation is finished.\n"
    assert account_id(server, OLD) != old_id
    assert status_with(new, server) == 200
    assert change("due", "--all").out == "Nothing is due.\n"


def test_an_account_is_replaced_a_second_time(change: Run, server: DemoServer, tmp_path: Path) -> None:
    """A renamed account keeps the name it was created with taken for new ones."""
    for number, twin in enumerate((TWIN, f"{TWIN}-2", TWIN)):
        token = tmp_path / f"{number}.token"
        begun = change("rotate", "begin", OLD, "--token-to", str(token))
        assert begun.status == 0, begun.err
        twin_id = account_id(server, twin)
        assert change("account", "delete", OLD, *SURE, OLD).status == 0
        assert change("rotate", "rename", twin).status == 0
        assert account_id(server, OLD) == twin_id
        assert status_with(token.read_text().strip(), server) == 200


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
def test_a_lost_answer_makes_no_second_twin(change: Run, server: DemoServer, tmp_path: Path, kind: Any) -> None:
    # The first request only finds out what the API token may do.
    server.inject(Fault("POST", "/service_accounts", kind, times=2))
    ended = change("rotate", "begin", OLD, "--token-to", str(tmp_path / "twin.token"))
    arrived = kind == "drop_after"
    assert ended.status in ((4, 5) if arrived else (1,))
    again = change("rotate", "begin", OLD, "--token-to", str(tmp_path / "twin.token"))
    assert again.status == (2 if arrived else 0)
    assert server.organization.service_account_names().count(TWIN) == 1


def test_what_the_old_account_may_have_is_said(change: Run, server: DemoServer, tmp_path: Path) -> None:
    server.inject(Fault("PUT", "/projects/*", "drop_after"))
    assert change("project", "grant", "payments-api", OLD, "Reader").status == 4
    assert change("rotate", "begin", OLD, "--token-to", str(tmp_path / "twin.token")).status == 0
    doubt = "It is not known whether terraform was given Reader on payments-api: if so, the twin needs it too."
    assert doubt in change("rotate", "status", OLD).out
    assert doubt in change("rotate", "complete", OLD).err
    assert doubt in change("rotate", "complete", OLD).out
    assert change("project", "grant", "payments-api", OLD, "Reader").status == 0
    assert "terraform-next lacks Reader on payments-api" in change("rotate", "status", OLD).out


def test_each_thing_a_twin_lacks_is_told_by_itself(change: Run, server: DemoServer, tmp_path: Path) -> None:
    assert change("rotate", "begin", OLD, "--token-to", str(tmp_path / "twin.token")).status == 0
    server.organization.remove_member(account_id(server, TWIN))
    server.inject(Fault("PATCH", "/groups/*", status=400, body='"Name must be provided"'))
    ended = change("rotate", "complete", OLD)
    assert ended.status == 5
    assert ended.out == "terraform-next: the role Admin: given.\n"
    assert "terraform-next: the group Platform engineering: " in ended.err
    server.inject(Fault("PATCH", "/groups/*", "refuse"))
    assert change("rotate", "complete", OLD).status == 1


def test_a_person_is_offboarded_as_one(change: Run, server: DemoServer, tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.txt"
    chosen = ("--deactivate", OLD, "--regenerate", "renovate", "--tokens-into", str(tmp_path))
    order = ("member", "offboard", "Amara Okafor", *chosen, "--output", str(receipt))
    assert change(*order).status == 2
    assert writes(server) == []
    assert not receipt.exists()
    ended = change(*order, *SURE, "Amara Okafor")
    assert ended.status == 0, ended.out
    account = server.organization.service_account_named(OLD)
    assert account is not None
    assert account.deactivated
    token = (tmp_path / "renovate.token").read_text().strip()
    assert status_with(token, server) == 200
    assert token not in ended.out + ended.err
    assert f"semtui: The receipt was written to {receipt}.\n" in ended.err
    assert stat.S_IMODE(receipt.stat().st_mode) == 0o600
    told = receipt.read_text()
    assert told.startswith("Offboarding of Amara Okafor [")
    assert f"account {OLD} [{account.id}]\n  deactivate. done." in told
    assert "person Amara Okafor [" in told
    assert token not in told
    again = change("member", "offboard", "Amara Okafor", "--regenerate", "renovate", "--output", str(receipt))
    assert (again.status, receipt.read_text()) == (2, told)
    assert f"semtui: --output: {receipt} exists already" in again.err
    refused = change("member", "offboard", "Amara Okafor", "--remove", *SURE, "Amara Okafor")
    assert refused.status == 2
    assert "is an Owner" in refused.err
    assert change("member", "offboard", "Amara Okafor", "--deactivate", "nobody", *SURE, "Amara Okafor").status == 2


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (("--deactivate", "renovate", "--regenerate", "renovate"), "Give either --deactivate or --regenerate."),
        (("--regenerate", "renovate", "--tokens-into", "/no/such"), "--tokens-into: There is no directory /no/such;"),
    ],
)
def test_what_cannot_be_offboarded_whole_is_not_begun(
    change: Run, server: DemoServer, chosen: tuple[str, ...], said: str
) -> None:
    ended = change("member", "offboard", "Amara Okafor", *chosen, *SURE, "Amara Okafor")
    assert (ended.status, said in ended.err) == (2, True), ended.err
    assert writes(server) == []


def test_a_new_owner_is_noted_in_the_receipt_and_nothing_is_sent(
    change: Run, server: DemoServer, tmp_path: Path
) -> None:
    receipt = tmp_path / "receipt.txt"
    order = ("member", "offboard", "Amara Okafor", "--new-owner", "web-storefront=Noor Haddad")
    assert "give --output too" in change(*order).err
    for wrong in ("web-storefront", "nothing=Noor Haddad", "web-storefront=nobody", "web-storefront=Amara Okafor"):
        assert change(*order[:4], wrong, "--output", str(receipt)).status == 2
    ended = change(*order, "--output", str(receipt))
    noor = server.organization.person_named("Noor Haddad")
    assert (ended.status, ended.out) == (
        0,
        f"web-storefront, new owner: Noor Haddad [{noor}], noted in the receipt.\n",
    )
    told = receipt.read_text()
    assert f"new owner: Noor Haddad [{noor}]" in " ".join(told.split())
    assert "Semaphore's API cannot change it: do it on the web" in " ".join(told.split())
    assert writes(server) == []


def test_a_receipt_tells_what_was_refused_too(change: Run, server: DemoServer, tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.json"
    order = ("member", "offboard", "Amara Okafor", "--output", str(receipt))
    assert change(*order).status == 2
    server.inject(Fault("POST", "/service_accounts/*/deactivate", status=400, body='"No"', keep_work=False))
    ended = change(*order, "--deactivate", OLD, *SURE, "Amara Okafor", "--format", "json")
    assert ended.status == 1
    assert json.loads(ended.out)["outcome"] == "refused"
    told = json.loads(receipt.read_text())
    assert {each["result"] for each in told["items"] if each["name"] == OLD} == {"refused"}
    assert server.organization.service_account_named(OLD).deactivated is False  # type: ignore[union-attr]
