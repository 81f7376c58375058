"""Where a token is kept that nobody has stored, in homes of every kind, and what is said before it is made."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from semtui.api.client import SemaphoreClient
from semtui.api.errors import NotSentError
from semtui.api.models import NewToken
from semtui.changes.create_account import create_account
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tokens import storage_locations as places
from tests.conftest import QUICK, OpenScreen, screen_text, settle, writes
from tests.support.line_mode import talk

pytestmark = pytest.mark.anyio


async def make(session: Session) -> NewToken:
    return await session.make_token(lambda client, intend: create_account(client, "crew", "", intend))


def to_a_link(state: Path) -> None:
    (state.parent / "elsewhere").mkdir()
    state.symlink_to(state.parent / "elsewhere")


def on_a_disk_that_takes_nothing(state: Path) -> None:
    state.parent.rmdir()
    state.parent.symlink_to("/proc/self")


SPOILED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a file in its place": (lambda state: state.write_text(""), "is not a directory"),
    "a link in its place": (to_a_link, "is a symbolic link"),
    "somewhere nothing can be made": (on_a_disk_that_takes_nothing, "cannot be written"),
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a directory for its state, a runtime directory, and shared memory."""
    for name in ("home", "state", "run", "shm"):
        (tmp_path / name).mkdir(0o700)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setattr(places, "SHARED_MEMORY", tmp_path / "shm")
    return tmp_path


@pytest.fixture
def opened(context: Context, home: Path) -> Iterator[Callable[[], Session]]:
    """Opens a session that has the whole home."""
    sessions: list[Session] = []

    def another() -> Session:
        sessions.append(Session(context, SessionOptions(limits=QUICK)).__enter__())
        return sessions[-1]

    yield another
    for session in sessions:
        session.close()


def without(*unusable: Path) -> None:
    """Nothing can be made in these any more; even root finds a file there and no directory."""
    for directory in unusable:
        directory.rmdir()
        directory.write_text("")


def usual(directory: Path, what: Callable[[Path], object] = lambda state: state.write_text("")) -> None:
    what(directory / "state/semtui")


@pytest.mark.parametrize(("spoil", "words"), SPOILED.values(), ids=SPOILED)
async def test_where_the_usual_place_is_of_no_use_that_is_said_before_anything_is_sent(
    opened: Callable[[], Session], server: DemoServer, home: Path, spoil: Callable[[Path], object], words: str
) -> None:
    spoil(home / "state/semtui")
    session = opened()
    with pytest.raises(NotSentError, match=r"Nothing was sent\. .+ Confirm again to continue\.") as caught:
        await make(session)
    assert words in str(caught.value)
    assert f"is saved in {home / 'home'} instead." in str(caught.value)
    assert writes(server) == []
    assert os.listdir(home / "home") == []
    await make(session)
    (record,) = os.listdir(home / "home")
    assert record.startswith("unfinished-")
    # Said once is enough.
    await session.make_token(lambda client, intend: create_account(client, "another", "", intend))


@pytest.mark.parametrize(
    ("gone", "place", "words"),
    [
        ((), "home", ""),
        (("home",), "run/semtui", " That directory is emptied when you log out."),
        (
            ("home", "run"),
            f"shm/semtui-{os.geteuid()}",
            " That is in memory only, and gone when the computer restarts.",
        ),
    ],
)
async def test_a_token_is_kept_where_it_was_said_to_be_and_offered_at_the_next_start(
    opened: Callable[[], Session],
    open_screen: OpenScreen,
    home: Path,
    gone: tuple[str, ...],
    place: str,
    words: str,
) -> None:
    usual(home)
    without(*(home / name for name in gone))
    session = opened()
    with pytest.raises(NotSentError) as caught:
        await make(session)
    assert f"is saved in {home / place} instead.{words}" in str(caught.value)
    token = await make(session)
    session.close()
    saved = home / place / "rescued-crew-at-acme.example.com-1.token"
    assert session.rescued == [saved]
    assert saved.stat().st_mode & 0o777 == 0o600
    assert os.listdir(saved.parent) == [saved.name]
    after = opened()
    async with open_screen(size=(200, 40), on=after) as pilot:
        assert f"A token that was not stored was saved to {saved}.{words} o opens it." in screen_text(pilot.app)
        await pilot.press("o")
        await settle(pilot)
        await pilot.press("v")
        await pilot.pause()
        assert token.secret.get_secret_value() in screen_text(pilot.app)
        await pilot.press("w", "ctrl+u", *str(home / "kept.token"), "enter")
        await settle(pilot)
        # At that moment, and not when the dialog is left.
        assert not saved.exists()


async def test_no_token_is_made_that_could_be_kept_nowhere(
    opened: Callable[[], Session], server: DemoServer, home: Path
) -> None:
    usual(home)
    without(home / "home", home / "run", home / "shm")
    session = opened()
    for _ in range(2):
        with pytest.raises(NotSentError, match="there is no place on this computer") as caught:
            await make(session)
        assert f"{home / 'state/semtui'} is not a directory; remove it." in str(caught.value)
        assert str(caught.value).endswith("Or set XDG_STATE_HOME to a directory that can be written.")
    assert writes(server) == []


async def test_line_mode_says_it_too(opened: Callable[[], Session], server: DemoServer, home: Path) -> None:
    usual(home)
    heard = await asyncio.to_thread(talk, opened(), "7", "crew", "", "3", "", "6", "q")
    assert f"If you go on, a token that nobody has stored is saved in {home / 'home'} instead." in heard
    assert writes(server) == []


@pytest.mark.parametrize("planted", ["run/semtui", f"shm/semtui-{os.geteuid()}"])
@pytest.mark.parametrize("how", ["link", "open to others"])
async def test_what_somebody_else_put_there_is_neither_read_nor_told(
    opened: Callable[[], Session], home: Path, planted: str, how: str
) -> None:
    theirs = home / "theirs"
    theirs.mkdir(0o777)
    (theirs / "rescued-crew-at-acme.example.com-1.token").write_text("Not-a-token-of-ours\n")
    if how == "link":
        (home / planted).symlink_to(theirs)
    else:
        theirs.chmod(0o777)
        theirs.rename(home / planted)
    assert opened().vault.rescued_before() == []


async def test_a_runtime_directory_that_is_not_ours_alone_is_not_used(
    opened: Callable[[], Session], home: Path
) -> None:
    usual(home)
    without(home / "home")
    (home / "run").chmod(0o755)
    with pytest.raises(NotSentError) as caught:
        await make(opened())
    assert f"is saved in {home}/shm/semtui-" in str(caught.value)
    assert os.listdir(home / "run") == []


@pytest.mark.parametrize("length", [60, 61, 253])
async def test_no_host_is_too_long_for_a_file(
    server: DemoServer, context: Context, tmp_path: Path, length: int
) -> None:
    host = ("semtui." * 40)[: length - 1] + "x"

    async def create(client: SemaphoreClient) -> NewToken:
        return await client.create_service_account("y" * 200, "")

    with Session(replace(context, host=host), SessionOptions(limits=QUICK, rescue_directory=tmp_path)) as session:
        await session.write(create)
    (saved,) = session.rescued
    # Encrypted file systems take no more.
    assert len(saved.name) <= 143
    other = host[:-1] + "y"
    for each, expected in ((host, [saved]), (other, [])):
        with Session(replace(context, host=each), SessionOptions(limits=QUICK, rescue_directory=tmp_path)) as after:
            assert after.vault.rescued_before() == expected
