"""What was begun is on disk before it is sent, says so at the next start, and holds no secret."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from semtui.api.errors import OutcomeUnknownError, RefusedError
from semtui.changes.create_account import create_account
from semtui.changes.regenerate_token import regenerate_token
from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.session.session import Session
from semtui.system.processes import Process, process_state, this_process
from semtui.tokens.journal import Intent, Journal
from semtui.tokens.storage_locations import single_place
from semtui.tui.screens.token_display import TokenDisplay
from tests.conftest import OpenScreen, find, last_line, screen_text, settle, settled_in, status_with, until_held
from tests.support.line_mode import talk

pytestmark = pytest.mark.anyio

HOST = "acme.example.com"


def journal_in(directory: Path) -> Journal:
    return Journal(lambda: single_place(directory))


def record_in(directory: Path, intent: Intent, **other: object) -> Path:
    """A record of a program that is gone, or as `other` tells of it."""
    journal = journal_in(directory)
    record, _ = journal.begin(intent, 60)
    journal.close()
    first, *notes = record.read_text().splitlines()
    data = json.loads(first)
    data["process"] |= other
    record.write_text("\n".join([json.dumps(data), *notes, ""]))
    return record


def records(directory: Path) -> list[Path]:
    return sorted(directory.glob("unfinished-*"))


def by_a_program_that_is_gone(record: Path) -> Path:
    """The record as if another process had written it, and was killed: nobody locks it any more."""
    text = record.read_text()
    record.unlink()
    _, _, rest = record.name.split("-", 2)
    gone = record.with_name(f"unfinished-{2**31}-{rest}")
    gone.write_text(text)
    return gone


async def test_before_a_token_is_asked_for_a_record_without_secrets_is_on_disk(
    open_screen: OpenScreen, server: DemoServer, tmp_path: Path
) -> None:
    server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "hold"))
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        await pilot.press("T")
        await settled_in(pilot)
        await pilot.press("right", "enter")
        await until_held(pilot, server)
        (record,) = records(tmp_path)
        assert stat.S_IMODE(record.stat().st_mode) == 0o600
        text = record.read_text()
        assert json.loads(text)["account_name"] == "terraform"
        server.release()
        await settle(pilot)
        display = pilot.app.screen
        assert isinstance(display, TokenDisplay)
        secret = display.token.secret.get_secret_value()
        assert secret not in text
        # The token could still be lost, so the record stays until it is stored.
        assert records(tmp_path) == [record]
        await pilot.press("enter", "q")
        await settle(pilot)
        assert records(tmp_path) == []


@pytest.mark.parametrize(
    ("fault", "error", "left"),
    [
        (Fault("POST", "/service_accounts", status=400, body='"Name must be provided"'), RefusedError, 0),
        (Fault("POST", "/service_accounts", "drop_after"), OutcomeUnknownError, 1),
    ],
)
async def test_a_refused_request_is_settled_and_a_lost_one_is_not(
    session: Session, server: DemoServer, tmp_path: Path, fault: Fault, error: type[Exception], left: int
) -> None:
    server.inject(fault)
    with pytest.raises(error):
        await session.make_token(lambda client, intend: create_account(client, "crew", "", intend))
    assert len(records(tmp_path)) == left


async def test_the_next_start_says_what_came_of_a_creation(
    open_screen: OpenScreen, session: Session, server: DemoServer, tmp_path: Path
) -> None:
    server.inject(Fault("POST", "/service_accounts", "drop_after"))
    with pytest.raises(OutcomeUnknownError):
        await session.make_token(lambda client, intend: create_account(client, "crew", "", intend))
    by_a_program_that_is_gone(records(tmp_path)[0])
    async with open_screen(size=(120, 30)) as pilot:
        text = screen_text(pilot.app)
        assert "It is not known how this ended: creating crew" in text
        assert "there is an account of that name, made" in text
        assert "If nobody else made it, its token never reached this computer and is lost." in text
        assert records(tmp_path) == []


@pytest.mark.parametrize(("kind", "words"), [("drop_after", "Treat the old token as dead"), ("drop_before", "was not")])
async def test_the_next_start_says_what_came_of_a_regeneration(
    open_screen: OpenScreen, session: Session, server: DemoServer, tmp_path: Path, kind: str, words: str
) -> None:
    account = server.organization.service_account_named("terraform")
    assert account is not None
    server.inject(Fault("POST", "/service_accounts/*/regenerate_token", kind))  # type: ignore[arg-type]
    with pytest.raises(OutcomeUnknownError):
        await session.make_token(lambda client, intend: regenerate_token(client, account.id, "terraform", intend))
    by_a_program_that_is_gone(records(tmp_path)[0])
    async with open_screen(size=(120, 30)) as pilot:
        text = screen_text(pilot.app)
        assert "It is not known how this ended: regenerating the token of terraform" in text
        assert words in text


async def test_what_cannot_be_looked_up_is_remembered_for_another_start(
    open_screen: OpenScreen, server: DemoServer, tmp_path: Path
) -> None:
    record = record_in(tmp_path, Intent(HOST, "", "crew", 1_780_000_000))
    server.inject(Fault("GET", "/service_accounts", status=403, body="Permission denied", times=None))
    async with open_screen(size=(120, 30)) as pilot:
        assert "Unknown whether crew exists." in screen_text(pilot.app)
    assert records(tmp_path) == [record]


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_text(""),
        lambda path: path.write_text("[" * 3_900),
        lambda path: path.write_text('{"host": 1}'),
        lambda path: path.write_bytes(b"\xff\xfe"),
        lambda path: path.write_text("x" * 100_000),
        lambda path: (path.unlink(), path.symlink_to("/etc/hostname")),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: path.rename(path.with_name("unfinished-abc-1.json")),
    ],
)
async def test_a_damaged_record_stops_nothing(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    damage(record_in(tmp_path, Intent(HOST, "", "crew", 1)))
    assert journal_in(tmp_path).records(HOST) == []


async def test_records_of_others_are_left_alone(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    journal.begin(Intent(HOST, "", "crew", 1), 60)
    record_in(tmp_path, Intent("globex.example.com", "", "crew", 1))
    assert journal.unfinished(HOST) == []


@pytest.mark.parametrize("number", [os.getppid(), os.getpid()], ids=["running", "its own"])
async def test_a_record_is_found_though_another_program_has_its_number_by_now(tmp_path: Path, number: int) -> None:
    """As after a restart of the computer."""
    journal = journal_in(tmp_path)
    intent = Intent(HOST, "", "crew", 1)
    old = tmp_path / f"unfinished-{number}-00000000.json"
    old.write_text(json.dumps(asdict(intent)))
    mine, _ = journal.begin(intent, 60)
    assert journal_in(tmp_path).unfinished(HOST) == [(old, intent)]
    journal.end(mine)
    assert records(tmp_path) == [old]


HERE = this_process()
ELSEWHERE: dict[str, dict[str, object]] = {
    "another machine on the same disk": {"host": "build-7", "boot": "b0070000", "machine": "another"},
    "another machine of the same name": {"boot": "b0070000", "machine": "another"},
    "another name and no machine id": {"host": "build-7", "boot": "b0070000", "machine": ""},
    "no boot id to compare": {"host": "build-7", "boot": "", "machine": HERE.machine},
}


@pytest.mark.parametrize("other", ELSEWHERE.values(), ids=ELSEWHERE)
async def test_what_another_machine_may_still_wait_for_is_left_alone(
    open_screen: OpenScreen, session: Session, server: DemoServer, tmp_path: Path, other: dict[str, object]
) -> None:
    account = server.organization.service_account_named("terraform")
    assert account is not None
    server.organization.regenerate_token(account.id)
    intent = Intent(HOST, account.id, "terraform", REFERENCE_TIME, account.updated_at - 100)
    record = record_in(tmp_path, intent, **other)
    async with open_screen(size=(200, 30)) as pilot:
        text = screen_text(pilot.app)
        assert f"Another semtui on {other.get('host', HERE.host)} may still be waiting for it" in text
        assert "regenerating the token of terraform" in text
        assert f"remove {record}." in text
        assert "Regenerate once more" not in text
    heard = await asyncio.to_thread(talk, session, "q")
    assert "may still be waiting for it: regenerating the token of terraform" in heard
    assert "Regenerate once more" not in heard
    assert records(tmp_path) == [record]


def test_a_lock_tells_of_programs_in_other_containers(tmp_path: Path) -> None:
    """Their numbers mean nothing here: one that is not to be found may well run."""
    holding = (
        "import sys\n"
        "from pathlib import Path\n"
        "from semtui.tokens.journal import Intent, Journal\n"
        "from semtui.tokens.storage_locations import single_place\n"
        f"Journal(lambda: single_place(Path({str(tmp_path)!r}))).begin(Intent({HOST!r}, '', 'crew', 1), 60)\n"
        "print('written', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == b"written\n"
        # As seen from outside of its container.
        (record,) = records(tmp_path)
        record.write_text(record.read_text().replace(f'"number": {other.pid}', f'"number": {2**31}'))
        journal = journal_in(tmp_path)
        assert [each.process_state for each in journal.records(HOST)] == ["running"]
        assert journal.unfinished(HOST) == []
        assert journal.unverifiable(HOST) == []
        other.stdin.close()
    assert [path for path, _ in journal.unfinished(HOST)] == records(tmp_path)


@pytest.mark.parametrize(
    ("process", "expected"),
    [
        (HERE, "running"),
        (replace(HERE, started="1"), "gone"),
        (replace(HERE, number=2**31), "gone"),
        (replace(HERE, number=2**80), "gone"),
        (replace(HERE, namespace="pid:[1]"), "unknown"),
        (replace(HERE, boot="another"), "gone" if HERE.machine else "unknown"),
        (replace(HERE, boot="another", host="build-7"), "unknown"),
    ],
)
def test_where_a_disk_knows_no_locks_the_number_decides_as_far_as_it_can(process: Process, expected: str) -> None:
    assert process_state(process, None) == expected


async def test_a_record_cut_off_in_its_last_line_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    record = record_in(tmp_path, Intent(HOST, "a", "crew", 1))
    with record.open("a") as file:
        file.write('{"state": "arri')
    (found,) = journal_in(tmp_path).records(HOST)
    assert found.state == "asked"


@pytest.mark.parametrize("moment", ["1e999", "-1e999", "NaN", '"soon"', "null"])
async def test_a_moment_that_is_none_does_not_count(tmp_path: Path, moment: str) -> None:
    record = record_in(tmp_path, Intent(HOST, "a", "crew", 1))
    with record.open("a") as file:
        file.write(f'{{"state": "unclear", "deadline": {{"wall": {moment}, "uptime": 1, "within": 1}}}}\n')
    assert [each.left(0) <= 60 for each in journal_in(tmp_path).records(HOST)] == [True]
    record.write_text(record.read_text().replace('"begun_at": 1', f'"begun_at": {moment}'))
    assert journal_in(tmp_path).records(HOST) == []


async def test_a_clock_that_was_set_does_not_hold_a_request_back_for_ever(tmp_path: Path) -> None:
    for process in (HERE, replace(HERE, boot="another")):
        record = record_in(tmp_path, Intent(HOST, "a", "crew", 1_000_000), **asdict(process))
        (found,) = journal_in(tmp_path).records(HOST)
        assert found.left(0) <= 60
        record.unlink()


async def test_a_rescued_token_is_offered_and_its_file_goes_once_it_is_stored(
    open_screen: OpenScreen, session_of: Callable[..., Session], server: DemoServer, tmp_path: Path
) -> None:
    earlier = session_of("owner")
    await earlier.make_token(lambda client, intend: create_account(client, "crew", "", intend))
    earlier.close()
    (rescued,) = earlier.rescued
    assert records(tmp_path) == []
    secret = rescued.read_text().strip()
    assert status_with(secret, server) == 200
    async with open_screen(size=(160, 50)) as pilot:
        assert f"saved to {rescued}. o opens it." in screen_text(pilot.app)
        await pilot.press("o", "enter", "q")
        await settle(pilot)
        assert "It is still in" in last_line(pilot.app)
        await pilot.press("o", "v")
        await pilot.pause()
        assert secret in screen_text(pilot.app)
        await pilot.press("w", "ctrl+u", *str(tmp_path / "kept.token"), "enter")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert (tmp_path / "kept.token").read_text().strip() == secret
        assert not rescued.exists()
        assert "is removed." in last_line(pilot.app)
        assert "o opens it" not in screen_text(pilot.app)
        await pilot.press("o")
        await pilot.pause()
        assert last_line(pilot.app) == "There is no token saved by an earlier run."


async def test_a_rescued_token_is_offered_to_its_own_organization_only(
    session_of: Callable[..., Session], tmp_path: Path
) -> None:
    earlier = session_of("owner")
    await earlier.make_token(lambda client, intend: create_account(client, "[crew]*", "", intend))
    earlier.close()
    journal = journal_in(tmp_path)
    assert journal.rescued(HOST) == earlier.rescued
    assert journal.rescued("globex.example.com") == []
    assert journal.rescued("example.com") == []


@pytest.mark.parametrize("damaged", ["", "\n", "Half-of-a-t"])
async def test_half_a_token_is_not_taken_for_a_whole_one(open_screen: OpenScreen, tmp_path: Path, damaged: str) -> None:
    """The program was killed while it wrote the file; what another run left is offered all the same."""
    for number, text in ((1, damaged), (2, "Whole-token-of-tests\n")):
        (tmp_path / f"rescued-crew-at-{HOST}-{number}.token").write_text(text)
    async with open_screen() as pilot:
        await pilot.press("o")
        await settle(pilot)
        display = pilot.app.screen
        assert isinstance(display, TokenDisplay)
        assert display.token.secret.get_secret_value() == "Whole-token-of-tests"
    (tmp_path / f"rescued-crew-at-{HOST}-2.token").unlink()
    async with open_screen() as pilot:
        await pilot.press("o")
        await settle(pilot)
        assert "does not hold a complete token; check it and remove it." in last_line(pilot.app)
