"""The journal of changes: what was sent, how it ended, and how it is kept."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from semtui.api.errors import OutcomeUnknownError, RefusedError, SemaphoreError
from semtui.changes import assign_role, create_account, group_queue, switch_account
from semtui.changes.edit_group import GroupDraft, GroupEdit
from semtui.changes.reconcile import Reconciliation
from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.history.files import Keeping, files_in
from semtui.history.history import History, as_one
from semtui.history.record import Change, Entry, beginning, entries_of, line_of
from semtui.organization.store import OrganizationStore
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.settings.journal_settings import load_journal_settings
from semtui.system.errors import ConfigurationError
from semtui.wording.journal import outcome_piece
from tests.conftest import QUICK

pytestmark = pytest.mark.anyio

NOW = float(REFERENCE_TIME)
SEMTUI = Path(__file__).parents[2] / "semtui"


@pytest.fixture
def keeping(tmp_path: Path) -> Keeping:
    return Keeping(lambda: tmp_path)


def history(keeping: Keeping | None, now: Callable[[], float] = lambda: NOW, host: str = "acme.example.com") -> History:
    return History(host, keeping, now)


async def nothing() -> None:
    return None


def renamed(name: str = "ci-bot") -> Change:
    return Change("edit", "account", "id-1", name, {"name": name}, {"name": "ci-new"})


async def test_what_was_changed_is_kept_with_how_it_ended(
    context: Context, server: DemoServer, keeping: Keeping
) -> None:
    options = SessionOptions(limits=QUICK, journal=keeping, clock=lambda: NOW)
    with Session(context, options) as session:
        store = OrganizationStore(session)
        await store.load_people(lambda: None)
        people = store.people
        subject = next(each for each in people.subjects if each.name == "terraform")
        member = next(role for role in people.roles.items if role.name == "Member")
        await assign_role.RoleChange(session, subject).send(member)
        creation = create_account.AccountCreation(store, "crew", "Sails.", ())
        token = (await creation.send(None, None)).token
        assert token is not None
        server.inject(Fault("POST", "/service_accounts/*/deactivate", "drop_after"))
        with pytest.raises(OutcomeUnknownError):
            await switch_account.switch(session, subject)
        assert (await switch_account.check_switched(session, subject)).outcome == "done"
        session.vault.release(token)
    role, created, lost = history(keeping).entries()
    assert role.change.before == {"role_id": subject.manual_role.role_id, "role": "Admin"}  # type: ignore[union-attr]
    assert (role.change.after["role"], role.outcome, role.looked_up) == ("Member", "done", False)
    assert (created.change.id, created.change.action, created.outcome) == (token.account_id, "create", "done")
    assert (lost.outcome, lost.looked_up, lost.words) == ("done", True, "terraform is deactivated.")
    (path,) = files_in(keeping.directory())
    assert path.stat().st_mode & 0o777 == 0o600
    assert token.secret.get_secret_value() not in path.read_text()
    assert all(json.loads(line) for line in path.read_text().splitlines())


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(RefusedError("no.", status=422), "refused"), (OutcomeUnknownError("lost."), "unknown")],
)
async def test_what_failed_is_kept_as_failed(keeping: Keeping, error: SemaphoreError, outcome: str) -> None:
    async def failing() -> None:
        raise error

    with pytest.raises(type(error)):
        await history(keeping).carry_out(renamed(), failing)
    (entry,) = history(keeping).entries()
    assert (entry.outcome, entry.words) == (outcome, str(error))


@pytest.mark.parametrize("seen", [True, False])
async def test_what_is_queued_is_not_done_before_it_was_seen(
    context: Context, keeping: Keeping, tmp_path: Path, seen: bool
) -> None:
    """Not even when somebody stops looking."""
    with DemoServer(group_delay=0 if seen else 3600, clock=lambda: NOW) as server:
        options = SessionOptions(limits=QUICK, journal=keeping, clock=lambda: NOW)
        at = replace(context, base_url=server.address, api_token=server.tokens["owner"])
        with Session(at, options) as session:
            store = OrganizationStore(session)
            await store.load_people(lambda: None)
            group = next(each for each in store.people.subjects if each.kind == "group")
            joining = next(each for each in store.people.subjects if each.kind == "person" and not each.groups)
            edit = GroupEdit(session, store.people, lambda words: None, group)
            result = await edit.send(GroupDraft(group.name, group.description, (joining.id,)))
            assert result.queued is not None
            (entry,) = session.history.entries()
            assert outcome_piece(entry)[0] == "queued, not yet seen"
            await group_queue.watch(session, result.queued, lambda words: None)
    (entry,) = entries_of(keeping.lines())
    assert entry.outcome == ("done" if seen else "queued")


async def test_changes_made_as_one_are_known_to_be(keeping: Keeping) -> None:
    writing = history(keeping)
    with as_one("bulk"):
        await writing.carry_out(renamed("first"), nothing)
    await writing.carry_out(renamed("second"), nothing)
    assert [each.change.together for each in history(keeping).entries()] == ["bulk", ""]


async def test_a_change_made_as_one_with_others_is_found_by_what_was_sent(keeping: Keeping) -> None:
    async def lost() -> None:
        raise OutcomeUnknownError("The answer was lost.")

    writing = history(keeping)
    with as_one("bulk"), pytest.raises(OutcomeUnknownError):
        await writing.carry_out(renamed(), lost)
    writing.looked_up(renamed(), Reconciliation("done", "It was renamed."))
    assert [each.outcome for each in history(keeping).entries()] == ["done"]


def test_files_of_earlier_versions_are_read() -> None:
    line = beginning(Entry("1", NOW, "acme.example.com", renamed()))
    del line["together"]
    (entry,) = entries_of([line_of(line)])
    assert entry.change == renamed()


async def test_killed_while_it_was_sent_it_is_known_to_be_sent(keeping: Keeping) -> None:
    keeping.append(json.dumps({"entry": "other"}), NOW)
    writing = history(keeping)

    async def killed() -> None:
        # As the next program finds it.
        assert [each.outcome for each in history(keeping).entries()] == ["sent"]

    await writing.carry_out(renamed(), killed)
    assert [each.outcome for each in history(keeping).entries()] == ["done"]


async def test_each_organization_sees_its_own_and_two_programs_write_one_file(keeping: Keeping) -> None:
    one, two = history(keeping), history(keeping, host="other.example.com")
    await one.carry_out(renamed("first"), partial(two.carry_out, renamed("second"), nothing))
    assert [each.change.name for each in one.entries()] == ["first"]
    assert [each.change.name for each in history(keeping, host="other.example.com").entries()] == ["second"]


@pytest.mark.parametrize("damage", [b'{"entry":', b"\xff\n", b"[]\n", b'{"host": 5}\n', b"\0" * 40])
async def test_a_damaged_line_hides_no_other(keeping: Keeping, damage: bytes) -> None:
    await history(keeping).carry_out(renamed(), nothing)
    (path,) = files_in(keeping.directory())
    with path.open("ab") as file:
        file.write(damage)
    await history(keeping).carry_out(renamed("later"), nothing)
    assert [each.change.name for each in history(keeping).entries()] == ["ci-bot", "later"]


def test_what_was_sent_survives_as_it_was() -> None:
    from semtui.history.record import beginning, line_of
    from semtui.text.clean import cleaned, raw

    name = cleaned("a\x1b]0;x\x07‮b")
    entry = Entry("1", NOW, "acme.example.com", Change("role", "account", "i", name, None, {"ids": (name, "b")}))
    line = line_of(beginning(entry))
    assert line.isascii()
    assert line.isprintable()
    (again,) = entries_of([line])
    assert again.change == entry.change
    assert raw(again.change.name) == raw(name)


async def test_old_months_and_too_many_bytes_are_dropped(tmp_path: Path) -> None:
    months = [tmp_path / f"changes-2024-{month:02}-01.jsonl" for month in range(1, 13)]
    for path in months:
        path.write_text("x" * 400_000 + "\n")
    now = 1_735_689_600.0  # The first of January 2025.
    Keeping(lambda: tmp_path, days=160).drop_old(now)
    assert files_in(tmp_path) == months[6:]
    Keeping(lambda: tmp_path, mebibytes=1).drop_old(now)
    assert files_in(tmp_path) == months[-2:]


async def test_a_full_file_is_followed_by_another(keeping: Keeping) -> None:
    await history(keeping).carry_out(renamed(), nothing)
    (path,) = files_in(keeping.directory())
    with path.open("a") as file:
        file.write("x" * (1 << 20) + "\n")
    await history(keeping).carry_out(renamed("later"), nothing)
    assert len(files_in(keeping.directory())) == 2
    assert [each.change.name for each in history(keeping).entries()] == ["ci-bot", "later"]


@pytest.mark.parametrize("obstacle", ["link", "open", "directory"])
async def test_a_change_is_made_even_if_it_cannot_be_recorded(tmp_path: Path, keeping: Keeping, obstacle: str) -> None:
    await history(keeping).carry_out(renamed(), nothing)
    (path,) = files_in(tmp_path)
    if obstacle == "open":
        path.chmod(0o644)
    else:
        path.unlink()
        path.mkdir() if obstacle == "directory" else path.symlink_to(tmp_path / "elsewhere")
    made = history(keeping)
    await made.carry_out(renamed(), nothing)
    assert made.failure.startswith("The journal of changes is not complete. ")
    assert not (tmp_path / "elsewhere").exists()


async def test_switched_off_only_this_run_is_known() -> None:
    off = history(None)
    await off.carry_out(renamed(), nothing)
    assert [each.outcome for each in off.entries()] == ["done"]
    assert history(None).entries() == []


@pytest.mark.parametrize(
    "text",
    ["journal = 3", "[journal]\nkeep = 1", "[journal]\ndays = 0", "[journal]\nsize = 3", "[journal]\ndays = true"],
)
def test_settings_that_cannot_be_meant_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(ConfigurationError):
        load_journal_settings(path)


def test_settings_of_the_journal(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    assert load_journal_settings(path).keep
    path.write_text("[journal]\nkeep = false\ndays = 30\n")
    settings = load_journal_settings(path)
    assert (settings.keep, settings.days, settings.mebibytes) == (False, 30, None)


def test_no_change_is_sent_without_an_entry() -> None:
    unrecorded = []
    for file in sorted(SEMTUI.glob("changes/*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            sends = ast.unparse(node.func)
            written = sends.endswith("session.write") and len(node.args) < 2
            made = sends.endswith("session.make_token") and "change" not in {each.arg for each in node.keywords}
            unrecorded += [f"{file.name}:{node.lineno}"] if written or made else []
    assert unrecorded == []
    elsewhere = [
        str(file.relative_to(SEMTUI))
        for file in sorted(SEMTUI.rglob("*.py"))
        if file.parent.name != "changes" and ("session.write(" in (text := file.read_text()) or ".make_token(" in text)
    ]
    assert elsewhere == []


async def test_what_another_program_writes_later_is_seen_too(keeping: Keeping) -> None:
    one, two = history(keeping), history(keeping)
    assert one.entries() == []
    await one.carry_out(renamed("first"), nothing)
    assert [each.change.name for each in one.entries()] == ["first"]
    await two.carry_out(renamed("second"), nothing)
    await one.carry_out(renamed("third"), nothing)
    assert sorted(each.change.name for each in one.entries()) == ["first", "second", "third"]
    assert [each.outcome for each in one.entries()] == ["done"] * 3
