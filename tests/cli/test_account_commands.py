"""`semtui account`: what is asked for, what is said, and what is true in the organization afterwards."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.conftest import rename_person, status_with, writes
from tests.support.commands import Ended, Run, account_id

SECRET = "Tok3n-for_the-tests9"
SURE = ("--yes", "--confirm", "terraform")
CREATE = ("account", "create", "night-bot", "--role", "Member")


@pytest.fixture(autouse=True)
def _known_token(server: DemoServer) -> None:
    server.organization.tokens.generate = lambda: SECRET


def saved_token(home: Path) -> str:
    """The one token that was saved because it did not arrive."""
    (path,) = home.rglob("*.token")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return path.read_text().strip()


# Create


def test_a_new_account_is_what_was_asked_for_and_its_token_is_where_it_was_sent(
    change: Run, server: DemoServer, tmp_path: Path
) -> None:
    file = tmp_path / "night.token"
    more = ("--description", "runs at night", "--project", "payments-api=Reader", "--token-to", str(file))
    ended = change(*CREATE, *more)
    assert ended.status == 0, ended.err
    ours = account_id(server, "night-bot")
    account = server.organization.service_account(ours)
    assert account is not None
    assert account.description == "runs at night"
    assert server.organization.role_names_of(ours) == ["Member"]
    project = server.organization.project_named("payments-api")
    assert project is not None
    assert server.organization.holds(ours, "project.view", project.id)
    assert file.read_text() == f"{SECRET}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert SECRET not in ended.out + ended.err
    assert ended.out.splitlines() == [
        "Created night-bot.",
        f"The token was saved to {file}, mode 0600.",
        "Role: Member, assigned.",
        "Reader on payments-api: given, as Semaphore said; it shows no accounts of a project.",
    ]


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
def test_a_lost_answer_about_a_project_is_settled_by_what_the_token_reaches(
    change: Run, server: DemoServer, kind: Any
) -> None:
    arrived = kind == "drop_after"
    server.inject(Fault("PUT", "/projects/*", kind))
    ended = change(*CREATE, "--project", "payments-api=Reader", "--token-to", "-")
    assert ended.status == (0 if arrived else 5), ended.err
    assert f"Token: reaches {'1 project: payments-api' if arrived else 'no project yet'}." in ended.err
    given = [each for each in change("journal").out.splitlines() if "Give night-bot a role on payments-api" in each]
    assert given == [f"  Give night-bot a role on payments-api: {'done' if arrived else 'unknown'}, as looked up."]


def test_without_its_role_a_new_account_is_given_no_project(change: Run, server: DemoServer) -> None:
    server.inject(Fault("PUT", "/members/*/role", "refuse"))
    ended = change(*CREATE, "--project", "payments-api=Reader", "--token-to", "-")
    assert ended.status == 5
    assert "Reader on payments-api: not given." in ended.err
    assert not [each for _, each, _ in writes(server) if each.startswith("/projects/")]


def test_nothing_but_the_token_goes_to_standard_output(change: Run, server: DemoServer) -> None:
    ended = change(*CREATE, "--token-to", "-")
    assert (ended.status, ended.out) == (0, f"{SECRET}\n")
    assert SECRET not in ended.err
    assert "semtui: Created night-bot." in ended.err
    assert server.organization.role_names_of(account_id(server, "night-bot")) == ["Member"]


def test_a_result_as_json_has_the_same_words(change: Run, server: DemoServer) -> None:
    told = json.loads(change(*CREATE, "--token-to", "| tee /dev/full; true", "--format", "json").out)
    assert (told["command"], told["outcome"], told["id"]) == (
        "account create",
        "partly",
        account_id(server, "night-bot"),
    )
    assert [part["outcome"] for part in told["parts"]] == ["done", "unknown", "done"]
    assert told["parts"][0]["words"] == "Created night-bot."
    assert "whether it stored the token is not known" in told["parts"][1]["words"]
    assert SECRET not in json.dumps(told)


def test_the_name_of_a_new_account_stands_in_the_place_of_its_token(change: Run, tmp_path: Path) -> None:
    unknown = change(*CREATE, "--token-to", f"{tmp_path}/{{id}}.token")
    assert (unknown.status, "The id of a new account is not known yet" in unknown.err) == (2, True)
    assert change(*CREATE, "--token-to", f"{tmp_path}/{{name}}.token").status == 0
    assert (tmp_path / "night-bot.token").read_text().strip() == SECRET


def test_a_dry_run_tells_everything_and_sends_nothing(change: Run, server: DemoServer, tmp_path: Path) -> None:
    ended = change("account", "deactivate", "terraform", "--dry-run")
    assert (ended.status, ended.out.splitlines()[0]) == (0, "Deactivate terraform.")
    assert "keeps 65 permissions, and cannot use them while deactivated" in ended.out
    told = json.loads(change(*CREATE, "--token-to", str(tmp_path / "t"), "--dry-run", "--format", "json").out)
    assert told["outcome"] == "planned"
    assert told["words"].startswith("Create the service account night-bot with the role Member")
    assert all(request.method == "GET" for request in server.requests)
    assert not (tmp_path / "t").exists()
    kept = change(*CREATE, "--token-to", "secret:web-storefront/night", "--dry-run")
    assert (kept.status, all(request.method == "GET" for request in server.requests)) == (0, True), kept.err


# What exists


def test_an_edit_sends_what_differs_and_nothing_when_nothing_does(change: Run, server: DemoServer) -> None:
    ours = account_id(server, "terraform")
    ended = change("account", "edit", "terraform", "--description", "Plans.", "--role", "Member")
    assert (ended.status, ended.out) == (0, "Saved terraform.\nThe role of terraform is now Member.\n")
    account = server.organization.service_account(ours)
    assert account is not None
    assert (account.name, account.description) == ("terraform", "Plans.")
    assert server.organization.role_names_of(ours) == ["Member"]
    before = len(writes(server))
    again = change("account", "edit", ours, "--description", "Plans.", "--role", "Member")
    assert (again.status, again.out) == (0, "terraform is so already. Nothing was sent.\n")
    assert len(writes(server)) == before


def test_a_token_is_replaced_and_the_old_one_is_dead(change: Run, server: DemoServer, tmp_path: Path) -> None:
    old = server.organization.token_of(account_id(server, "terraform"))
    assert old is not None
    file = tmp_path / "new"
    ended = change("account", "regenerate", "terraform", "--revoke", *SURE, "--token-to", str(file))
    assert ended.status == 0, ended.err
    assert status_with(file.read_text().strip(), server) == 200
    assert status_with(old, server) == 401
    assert server.organization.role_names_of(account_id(server, "terraform")) == []


def test_an_account_is_switched_off_and_on_and_deleted(change: Run, server: DemoServer) -> None:
    ours = account_id(server, "terraform")

    def deactivated() -> bool:
        account = server.organization.service_account(ours)
        return account is not None and account.deactivated

    assert change("account", "deactivate", "terraform", *SURE).status == 0
    assert deactivated()
    assert (
        "terraform is deactivated already. Nothing was sent." in change("account", "deactivate", "terraform", *SURE).out
    )
    assert change("account", "reactivate", "terraform").status == 0
    assert not deactivated()
    assert change("account", "delete", "terraform", *SURE).out == "Deleted terraform.\n"
    assert server.organization.service_account(ours) is None


# Not started


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("delete", "terraform"), "This deletes an account for good: give --yes and --confirm terraform, its name."),
        (("delete", "terraform", "--yes", "--confirm", "terrafrom"), "give --yes and --confirm terraform"),
        (("delete", "terraform", "--confirm", "terraform"), "give --yes and --confirm terraform"),
        (("deactivate", SECRET, "--yes"), "NAME: No service account that is listed has that id or exactly that name."),
        (("deactivate", "terraform", "--at-id"), "NAME: No service account that is listed has that id."),
        (("create", "x", "--role", "Nobody", "--token-to", "t"), "--role: No role that is listed"),
        (("create", "ci deployer", "--role", "Member", "--token-to", "t"), "the same name as “ci-deployer”"),
        (("create", "ci-deployer", "--role", "Member", "--token-to", "t"), "an account called “ci-deployer” already"),
        (("create", "turn\u202eed", "--role", "Member", "--token-to", "t"), "cannot be seen (U+202E)"),
        (("create", "x", "--role", "Member", "--token-to", "| no-such-program"), "There is no command no-such-program"),
        (("create", "x", "--role", "Member", "--token-to", "/no/such/t"), "--token-to:"),
        (("create", "x", "--role", "Member", "--token-to", " "), "or secret:NAME."),
        (("create", "x", "--role", "Member", "--token-to", "-", "--format", "json"), "both need standard output"),
        (("create", "x", "--role", "Member", "--token-to", "t", "--project", "web"), "PROJECT=ROLE"),
        (("edit", "terraform", "--name", " "), "An account needs a name that is not blank."),
        (("reactivate", "terraform", "--read-only"), "semtui was started with --read-only: nothing can be changed."),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_sent(
    change: Run, server: DemoServer, arguments: tuple[str, ...], said: str
) -> None:
    ended = change("account", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
    assert SECRET not in ended.err
    assert writes(server) == []


def test_a_token_that_lacks_the_permission_changes_nothing(change: Run, server: DemoServer) -> None:
    ended = change("account", "reactivate", "terraform", who="support")
    assert ended.status == 2
    assert "This API token lacks the permission organization.service_accounts.manage. Nothing was sent." in ended.err
    assert writes(server) == []


def test_a_name_that_others_have_too_is_confirmed_by_id(change: Run, server: DemoServer) -> None:
    rename_person(server, "Noor Haddad", "terraform")
    ours = account_id(server, "terraform")
    ended = change("account", "deactivate", "terraform", *SURE)
    assert ended.status == 2
    words = f"--confirm {ours[:8]}, the start of its id, because other names look the same. Nothing was sent."
    assert words in ended.err
    assert change("account", "deactivate", "terraform", "--yes", "--confirm", ours[:8]).status == 0


def test_a_marked_organization_is_changed_only_when_that_is_allowed(
    change: Run, server: DemoServer, tmp_path: Path
) -> None:
    settings = tmp_path / ".config" / "semtui" / "config.toml"
    settings.parent.mkdir(parents=True)
    host = server.address.removeprefix("http://")
    settings.write_text(f'[context."{host}"]\nlabel = "PRODUCTION"\n')
    arguments = ("account", "deactivate", "terraform", *SURE)
    ended = change(*arguments)
    assert ended.status == 2
    assert "marked as read-only in semtui's settings; --read-write lifts that. Nothing was sent." in ended.err
    assert change(*arguments, "--dry-run").status == 2
    assert writes(server) == []
    assert change(*arguments, "--read-write").status == 0


# Refused, unknown, in part


def test_what_semaphore_refuses_is_told_and_ends_with_1(change: Run, server: DemoServer, tmp_path: Path) -> None:
    server.inject(Fault("POST", "/service_accounts", status=400, body='"Failed to create service account"', times=None))
    ended = change(*CREATE, "--token-to", str(tmp_path / "t"))
    assert (ended.status, ended.out) == (1, "")
    assert "most often an account has, or once had, that name" in ended.err


def lost(change: Run, server: DemoServer, *arguments: str, method: str, path: str, done: bool) -> Ended:
    """A change whose answer is lost."""
    before = len(writes(server))
    server.inject(Fault(method, path, "drop_after" if done else "drop_before"))
    ended = change(*arguments)
    assert "It is not known whether it was done. Checking" in ended.err
    assert len(writes(server)) == before + 1, "sent again by itself"
    return ended


@pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
def test_a_lost_answer_is_looked_after(change: Run, server: DemoServer, done: bool) -> None:
    arguments = ("account", "deactivate", "terraform", *SURE)
    ended = lost(change, server, *arguments, method="POST", path="/service_accounts/*/deactivate", done=done)
    account = server.organization.service_account(account_id(server, "terraform"))
    assert account is not None
    assert account.deactivated == done
    assert ended.status == (0 if done else 1)
    if done:
        assert ended.out == "terraform is deactivated.\n"
    else:
        assert "terraform is still active: the request did not arrive. Try again." in ended.err


def test_a_token_lost_on_its_way_is_never_called_delivered(change: Run, server: DemoServer, tmp_path: Path) -> None:
    arguments = ("account", "regenerate", "terraform", *SURE, "--token-to", str(tmp_path / "t"))
    ended = lost(change, server, *arguments, method="POST", path="/service_accounts/*/regenerate_token", done=True)
    assert ended.status in (4, 5)
    assert "The new token never reached this computer." in ended.out + ended.err
    assert not (tmp_path / "t").exists()


def test_a_check_that_cannot_be_made_ends_unknown(change: Run, server: DemoServer) -> None:
    server.inject(Fault("POST", "/service_accounts/*/deactivate", "drop_after"))
    server.inject(Fault("GET", "/service_accounts/*", status=403, body="Permission denied", times=None))
    ended = change("account", "deactivate", "terraform", *SURE)
    assert (ended.status, ended.out) == (4, "")
    assert "Unknown whether terraform is deactivated." in ended.err


def test_a_token_that_is_refused_where_it_goes_is_saved(change: Run, server: DemoServer, tmp_path: Path) -> None:
    ended = change(*CREATE, "--token-to", "| cat >/dev/null; exit 3")
    assert ended.status == 5
    assert "ended with status 3" in ended.err
    assert "still here" not in ended.err
    assert saved_token(tmp_path) == SECRET
    assert ended.err.count(str(next(tmp_path.rglob("*.token")))) == 1
    assert ended.out == "Created night-bot.\nRole: Member, assigned.\n"


def test_a_role_that_is_refused_does_not_lose_the_token(change: Run, server: DemoServer, tmp_path: Path) -> None:
    server.inject(Fault("PUT", "/members/*/role", status=400, body='"No such role"'))
    file = tmp_path / "t"
    ended = change(*CREATE, "--token-to", str(file))
    assert ended.status == 5
    assert "Role: Member is not assigned." in ended.err
    assert file.read_text().strip() == SECRET


# Into a secret


def test_a_token_goes_into_a_secret_and_what_that_opens_is_confirmed_by_its_name(
    change: Run, server: DemoServer
) -> None:
    ended = change(*CREATE, "--project", "payments-api=Reader", "--token-to", "secret:payments-api/night")
    assert ended.status == 0, ended.err
    assert "The token was put into the secret night of payments-api as the variable SEMAPHORE_API_TOKEN" in ended.out
    assert "Token: reaches 1 project: payments-api." in ended.err
    owners = ("account", "create", "root-bot", "--role", "Owner", "--token-to", "secret:root")
    ended = change(*owners)
    assert ended.status == 2
    assert "This lets every Member act with its roles: give --yes and --confirm root" in ended.err
    assert change(*owners, "--yes", "--confirm", "root").status == 0
    for name, project in (("night", "payments-api"), ("root", "")):
        found = server.organization.secret_store.named(name, project)
        assert found is not None
        assert found.env_vars == {"SEMAPHORE_API_TOKEN": SECRET}


def test_a_token_that_a_secret_does_not_take_is_saved(change: Run, server: DemoServer, tmp_path: Path) -> None:
    server.inject(Fault("POST", "/api/v1beta/secrets", status=400, body='{"code":3,"message":"quota"}'))
    ended = change(*CREATE, "--token-to", "secret:night")
    assert ended.status == 5
    assert "It is not in the secret night of the organization." in ended.err
    assert saved_token(tmp_path) == SECRET
