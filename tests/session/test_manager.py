"""Several organizations: marked ones, the list of contexts, and leaving one for another without a trace."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.session.manager import SessionManager
from semtui.settings.organization_marks import OrganizationMark, load_marks, settings_path
from semtui.system.errors import ConfigurationError
from semtui.tui.app import SemtuiApp
from semtui.tui.screens.context_picker import ContextPicker
from tests.conftest import find, last_line, people_screen, screen_text, settle, until_held, writes

pytestmark = pytest.mark.anyio


@pytest.fixture
def other() -> Iterator[DemoServer]:
    """A second organization: Community, so that its rows differ."""
    with DemoServer(edition="ce", clock=lambda: float(REFERENCE_TIME)) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, server: DemoServer, other: DemoServer) -> Path:
    entries = {"first": server, "second": other}
    lines = ["active-context: first", "contexts:"]
    for name, each in entries.items():
        lines += [f"  {name}:", f"    host: {each.address}", f"    auth: {{token: {each.tokens['owner']}}}"]
    path = tmp_path / ".sem.yaml"
    path.write_text("\n".join(lines))
    path.chmod(0o600)
    return tmp_path


def mark(home: Path, text: str) -> Path:
    path = settings_path({}, home)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


Opened = Callable[..., AbstractAsyncContextManager[Pilot[None]]]


@pytest.fixture
def opened(home: Path) -> Opened:
    @asynccontextmanager
    async def start(
        name: str = "first", *, read_only: bool = False, read_write: bool = False
    ) -> AsyncIterator[Pilot[None]]:
        with SessionManager(environ={}, home=home, read_only=read_only, read_write=read_write) as organizations:
            session = organizations.open(organizations.choose(name).context)
            app = SemtuiApp(session, organizations=organizations)
            async with app.run_test(size=(100, 24)) as pilot:
                await settle(pilot)
                yield pilot

    return start


async def test_another_organization_is_opened_with_nothing_left_of_the_first(
    opened: Opened, server: DemoServer, other: DemoServer
) -> None:
    async with opened() as pilot:
        await find(pilot, "deploy")
        await pilot.press("space", "at")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ContextPicker)
        assert "(•) 127.0.0.1" in screen_text(pilot.app)
        await pilot.press("down", "enter")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "context second" in text
        assert "Groups 0" in text
        page = people_screen(pilot.app)
        assert (page.content.view.search, page.search.value, set(page.content.marks)) == ("", "", set())
        assert pilot.app.screen_stack == [page]
        asked = len(server.requests)
        await pilot.press("r")
        await settle(pilot)
        assert len(server.requests) == asked
        assert other.requests[-1].holder_id is not None


async def test_a_read_under_way_is_called_off_when_the_organization_is_left(opened: Opened, server: DemoServer) -> None:
    async with opened() as pilot:
        server.inject(Fault("GET", "/groups", "hold"))
        await pilot.press("r")
        await until_held(pilot, server)
        await pilot.press("at", "down", "enter")
        await settle(pilot)
        assert "context second" in screen_text(pilot.app)
        server.release()
        await settle(pilot)
        assert "Groups 0" in screen_text(pilot.app)


async def test_the_same_organization_is_not_opened_again(opened: Opened, server: DemoServer) -> None:
    async with opened() as pilot:
        asked = len(server.requests)
        await pilot.press("at", "enter")
        await settle(pilot)
        assert "context first" in screen_text(pilot.app)
        assert len(server.requests) == asked


async def test_a_file_that_broke_meanwhile_is_told(opened: Opened, home: Path) -> None:
    async with opened() as pilot:
        (home / ".sem.yaml").write_text("contexts: [")
        await pilot.press("at")
        await pilot.pause()
        assert ".sem.yaml" in last_line(pilot.app)
        (home / ".sem.yaml").unlink()
        await pilot.press("at")
        await pilot.pause()
        assert "There is no context" in last_line(pilot.app)


async def test_a_marked_organization_is_labelled_and_read_only_until_told_otherwise(
    opened: Opened, home: Path, server: DemoServer
) -> None:
    mark(home, '[context.first]\nlabel = "PRODUCTION"\ncolor = "red"\n')
    async with opened() as pilot:
        assert "PRODUCTION READ-ONLY" in screen_text(pilot.app)
        await pilot.press("c")
        await pilot.pause()
        assert "marked as read-only in semtui's settings; --read-write lifts that." in last_line(pilot.app)
        assert writes(server) == []
        await pilot.press("at")
        await pilot.pause()
        assert "PRODUCTION read-only" in screen_text(pilot.app)
        await pilot.press("down", "enter")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "READ-ONLY" not in text
        assert "PRODUCTION" not in text
    async with opened(read_write=True) as pilot:
        text = screen_text(pilot.app)
        assert "PRODUCTION" in text
        assert "READ-ONLY" not in text
    async with opened("second", read_only=True) as pilot:
        assert "READ-ONLY" in screen_text(pilot.app)


# The settings


def test_marks_are_read_in_lower_case(tmp_path: Path) -> None:
    path = mark(
        tmp_path,
        '[context.Acme_com]\nlabel = " LIVE "\ncolor = "red"\n[context."beta.example.com"]\nread-only = false\n',
    )
    assert load_marks(path) == {
        "acme_com": OrganizationMark("LIVE", "red", True),
        "beta.example.com": OrganizationMark("", "yellow", False),
    }
    assert load_marks(tmp_path / "none.toml") == {}


def test_the_settings_are_where_the_user_keeps_settings(tmp_path: Path) -> None:
    assert settings_path({}, tmp_path) == tmp_path / ".config/semtui/config.toml"
    assert settings_path({"XDG_CONFIG_HOME": "/etc/x"}, tmp_path) == Path("/etc/x/semtui/config.toml")
    assert settings_path({"XDG_CONFIG_HOME": "x"}, tmp_path) == tmp_path / ".config/semtui/config.toml"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[context", "is not TOML"),
        ("context = 7", "should hold tables"),
        ("[context]\nacme = 7", "should be a table"),
        ("[context.acme]\ncolour = 'red'", "“colour” is not known"),
        ("[context.acme]\ncolor = 'pink'", "one of red, yellow, green, blue"),
        ("[context.acme]\nlabel = 7", "label should be a text"),
        ("[context.acme]\nread-only = 'yes'", "read-only true or false"),
    ],
)
def test_settings_that_say_something_else_are_refused_in_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as raised:
        load_marks(mark(tmp_path, text))
    assert "config.toml" in str(raised.value)


def test_a_label_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    marked = load_marks(mark(tmp_path, '[context.a]\nlabel = "\\u001b[2Jx"\n'))
    assert marked["a"].label == "␛[2Jx"


def test_what_befalls_one_at_the_end_does_not_keep_the_others_from_ending(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    organizations = SessionManager(environ={}, home=home)
    sessions = [organizations.open(organizations.choose(name).context) for name in ("first", "second")]

    def broken() -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(sessions[0], "close", broken)
        with pytest.raises(RuntimeError):
            organizations.close()
    assert sessions[1].ending
    sessions[0].close()
