"""`semtui export --filter`: the rows that match, what is not known, and filters that are not understood."""

from __future__ import annotations

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.support.commands import Run


def names(out: str) -> set[str]:
    return {line.split(",")[0] for line in out.splitlines()[1:]}


def test_only_rows_that_match_are_written(export: Run) -> None:
    ended = export("--what", "service-accounts", "--filter", "state:off")
    assert ended.status == 0
    assert names(ended.out) == {"nightly-backup", "old-jenkins-bridge"}
    assert len(export("--what", "groups", "--filter", "state:off").rows) == 0


def test_the_json_holds_the_same_rows(export: Run) -> None:
    ended = export("--what", "people", "--filter", "ROLE:owner -henrik", "--format", "json")
    assert ended.status == 0
    assert [person["name"] for person in ended.lists["people"]] == ["Amara Okafor"]


def test_who_can_do_something_is_asked_of_projects_too(export: Run, server: DemoServer) -> None:
    ended = export("--what", "people", "--filter", "can:organization.people.manage", "--format", "json")
    found = {person["id"] for person in ended.lists["people"]}
    can = server.organization.access.holds
    state = server.organization.state
    people = {each for each in state.org_bindings if each not in state.service_accounts and each not in state.groups}
    assert found == {each for each in people if can(each, "organization.people.manage", "")}


def test_rows_for_which_it_is_not_known_are_left_out_counted_and_make_the_export_incomplete(export: Run) -> None:
    ended = export("--what", "people", "--filter", "age>30d")
    assert (ended.status, ended.rows) == (1, [])
    assert "For 16 rows it is not known whether they match." in ended.err


def test_what_a_list_that_failed_would_tell_is_unknown(export: Run, server: DemoServer) -> None:
    server.inject(Fault(path="/service_accounts", kind="refuse", times=None))
    ended = export("--what", "people", "--filter", "kind:person by:amara")
    assert ended.status in (1, 2)
    assert names(ended.out) == set()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--filter", "rloe:admin"), "--filter: There is no such term"),
        (("--filter", "age>180"), "--filter: age: this is no age"),
        (("--filter", "state:asleep"), "--filter: state: no such value."),
        (("--filter", "role:nobody"), "--filter: role: no role has that name."),
        (("--filter", "can:fly"), "--filter: can: no permission has that name."),
        (("--what", "roles", "--filter", "state:off"), "There are can:, scope:, kind:."),
        (("--what", "projects", "--filter", "owner:zed"), "--filter: owner: nothing here has that value."),
    ],
)
def test_a_filter_that_is_not_understood_writes_nothing(export: Run, arguments: tuple[str, ...], words: str) -> None:
    ended = export(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert words in ended.err


def test_what_was_typed_is_not_repeated(export: Run) -> None:
    ended = export("--filter", "sEcReT:sEcReT0123")
    assert ended.status == 2
    assert "sEcReT" not in ended.err
