"""Deactivating first: what was put off is said when it is due, and forgotten once there is nothing left to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from semtui.__main__ import main
from semtui.api.errors import OutcomeUnknownError
from semtui.changes.deactivate_first import WAIT, check, deactivate_first, reminder
from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.history.under_way import Undertaking, UnderWay
from semtui.organization.store import OrganizationStore
from semtui.organization.subject import Subject
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.system.private_files import PrivateFileError
from semtui.tui.pages.page import Page
from tests.conftest import QUICK, OpenScreen, find, last_line, screen_text, settle, settled_in, to_button
from tests.support.line_mode import talk

pytestmark = pytest.mark.anyio

NOW = float(REFERENCE_TIME)
SessionAt = Callable[[float], Session]


@pytest.fixture
def session_at(context: Context, tmp_path: Path) -> Iterator[SessionAt]:
    """Opens semtui at a time, with the same private directory."""
    with ExitStack() as stack:

        def opened(now: float) -> Session:
            options = SessionOptions(limits=QUICK, rescue_directory=tmp_path, state=lambda: tmp_path, clock=lambda: now)
            return stack.enter_context(Session(context, options))

        yield opened


def modes(directory: Path) -> list[int]:
    return [path.stat().st_mode for path in directory.glob("under-way-*.json")]


async def terraform(session: Session) -> Subject:
    store = OrganizationStore(session)
    await store.load_people(lambda: None)
    return next(each for each in store.people.subjects if each.name == "terraform")


async def test_it_is_said_a_day_later_and_not_before(session_at: SessionAt, tmp_path: Path) -> None:
    session = session_at(NOW)
    done = await deactivate_first(session, await terraform(session))
    assert "Nothing runs meanwhile" in done.sentence
    assert [mode & 0o777 for mode in modes(tmp_path)] == [0o600]
    early, late = session_at(NOW + WAIT - 1), session_at(NOW + WAIT)
    (undertaking,) = early.under_way.all()
    assert await reminder(early, undertaking) == ""
    fact = "terraform was deactivated 1 d ago and is to be deleted"
    assert await reminder(late, undertaking) == f"{fact}."
    assert await reminder(late, undertaking, keys=True) == f"{fact}: X on its row deletes it."


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
async def test_a_lost_answer_is_looked_up_before_anything_is_remembered(
    session_at: SessionAt, server: DemoServer, kind: str
) -> None:
    session = session_at(NOW)
    subject = await terraform(session)
    server.inject(Fault("POST", "*/deactivate", kind, times=1))  # type: ignore[arg-type]
    with pytest.raises(OutcomeUnknownError):
        await deactivate_first(session, subject)
    found = await check(session, subject)
    assert found.outcome == ("done" if kind == "drop_after" else "not done")
    assert [each.account_name for each in session.under_way.all()] == ["terraform"] * (kind == "drop_after")


async def test_what_somebody_has_finished_is_forgotten(session_at: SessionAt, server: DemoServer) -> None:
    session, subject = session_at(NOW), None
    subject = await terraform(session)
    await deactivate_first(session, subject)
    server.organization.reactivate_service_account(subject.id)
    late = session_at(NOW + WAIT)
    (undertaking,) = late.under_way.all()
    assert "is active again: the reminder is dropped" in await reminder(late, undertaking)
    assert late.under_way.all() == []


async def test_a_directory_that_cannot_be_written_is_told(context: Context, tmp_path: Path) -> None:
    def nowhere() -> Path:
        raise PrivateFileError("There is no place.")

    options = SessionOptions(limits=QUICK, rescue_directory=tmp_path, state=nowhere)
    with Session(context, options) as session:
        done = await deactivate_first(session, await terraform(session))
    assert done.sentence.endswith("The reminder could not be kept. There is no place.")


@pytest.mark.parametrize("damage", ["", "{}", "[1]", '{"kind": "deletion", "begun_at": "x"}'])
def test_a_damaged_file_hides_no_other(tmp_path: Path, damage: str) -> None:
    (tmp_path / "under-way-0.json").write_text(damage)
    kept = UnderWay("acme.example.com", lambda: tmp_path)
    kept.save(Undertaking("deletion", "acme.example.com", "id", "ci-bot", NOW, NOW + WAIT))
    kept.save(Undertaking("deletion", "acme.example.com", "id", "ci-bot", NOW + 1, NOW + WAIT))
    assert [each.begun_at for each in kept.all()] == [NOW + 1]
    assert UnderWay("other.example.com", lambda: tmp_path).all() == []


async def test_the_dialog_offers_it_and_the_next_start_says_it(
    open_screen: OpenScreen, session_at: SessionAt, server: DemoServer
) -> None:
    async with open_screen(on=session_at(NOW)) as pilot:
        await find(pilot, "terraform")
        await pilot.press("X")
        await settled_in(pilot)
        await to_button(pilot, "first")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, Page)
        assert last_line(pilot.app).startswith("Deactivated terraform.")
        account = server.organization.service_account_named("terraform")
        assert account is not None
        assert account.deactivated
    async with open_screen((100, 30), on=session_at(NOW + WAIT)) as pilot:
        assert "terraform was deactivated 1 d ago and is to be deleted: X on its row" in screen_text(pilot.app)


def test_line_mode_offers_it_and_says_it(session_at: SessionAt) -> None:
    talk(session_at(NOW), "3", "terraform", "1", "9", "deactivate", "0", "0", "0", "q")
    assert "terraform was deactivated 1 d ago and is to be deleted" in talk(session_at(NOW + WAIT), "q")


def test_due_tells_it_without_a_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    directory = tmp_path / ".local/state/semtui"
    assert main(["due"]) == 0
    assert capsys.readouterr().out == "Nothing is due.\n"
    kept = UnderWay("acme.example.com", lambda: directory)
    kept.save(Undertaking("deletion", "acme.example.com", "id", "ci-bot", 1.0, 2.0))
    assert main(["due"]) == 3
    assert capsys.readouterr().out.startswith("acme.example.com: ci-bot was deactivated ")
    assert main(["due", "--format", "json"]) == 3
    (told,) = json.loads(capsys.readouterr().out)["due"]
    assert (told["account"], told["due"], told["due_at"]) == (
        {"id": "id", "name": "ci-bot"},
        True,
        "1970-01-01T00:00:02Z",
    )
    assert told["words"].startswith("ci-bot was deactivated ")
    assert " on its row" not in told["words"]
    assert main(["due", "--host", "other.example.com"]) == 0
