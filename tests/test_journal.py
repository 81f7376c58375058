"""What was begun is on disk before it is sent, says so at the next start, and holds no secret."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from semtui.demo import DemoServer, Fault
from semtui.errors import OutcomeUnknownError, RefusedError
from semtui.journal import Intent, Journal
from semtui.operations import create_account, regenerate_token
from semtui.screens.token_display import TokenDisplay
from semtui.session import Session
from tests.conftest import OpenScreen, find, last_line, screen_text, settle, settled_in, status_with, until_held

pytestmark = pytest.mark.anyio

HOST = "acme.example.com"


def journal_in(directory: Path) -> Journal:
    return Journal(lambda: directory, lambda: directory)


def records(directory: Path) -> list[Path]:
    return sorted(directory.glob("unfinished-*"))


def by_a_program_that_is_gone(record: Path) -> Path:
    """The record as if another process had written it, and was killed."""
    _, _, rest = record.name.split("-", 2)
    return record.rename(record.with_name(f"unfinished-{2**31}-{rest}"))


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
        assert "An earlier semtui ended while creating crew" in text
        assert "crew is there. If nobody made it since, its token was lost" in text
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
        assert "An earlier semtui ended while making a new token for terraform" in text
        assert words in text


async def test_what_cannot_be_looked_up_is_remembered_for_another_start(
    open_screen: OpenScreen, server: DemoServer, tmp_path: Path
) -> None:
    record = journal_in(tmp_path).begin(Intent(HOST, "", "crew", 1_780_000_000))
    assert record is not None
    record = by_a_program_that_is_gone(record)
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
    journal = journal_in(tmp_path)
    record = journal.begin(Intent(HOST, "", "crew", 1))
    assert record is not None
    damage(by_a_program_that_is_gone(record))
    assert journal.unfinished(HOST) == []


async def test_records_of_others_are_left_alone(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    mine = journal.begin(Intent(HOST, "", "crew", 1))
    elsewhere = journal.begin(Intent("globex.example.com", "", "crew", 1))
    assert mine is not None
    assert elsewhere is not None
    by_a_program_that_is_gone(elsewhere)
    assert journal.unfinished(HOST) == []


@pytest.mark.parametrize("number", [os.getppid(), os.getpid()], ids=["running", "its own"])
async def test_a_record_is_found_though_another_program_has_its_number_by_now(tmp_path: Path, number: int) -> None:
    """As after a restart of the computer."""
    journal = journal_in(tmp_path)
    intent = Intent(HOST, "", "crew", 1)
    old = tmp_path / f"unfinished-{number}-00000000.json"
    old.write_text(json.dumps(intent._asdict()))
    mine = journal.begin(intent)
    assert mine is not None
    assert journal_in(tmp_path).unfinished(HOST) == [(old, intent)]
    journal.end(mine)
    assert records(tmp_path) == [old]


async def test_without_a_place_to_write_the_token_still_arrives(session: Session, tmp_path: Path) -> None:
    session.journal = journal_in(tmp_path / "missing")
    token = await session.make_token(lambda client, intend: create_account(client, "crew", "", intend))
    assert len(token.secret) == 20


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
        assert last_line(pilot.app) == "No earlier semtui left a token behind."


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
        assert "holds no whole token; look at it and remove it." in last_line(pilot.app)
