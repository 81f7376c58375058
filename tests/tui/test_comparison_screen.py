"""What has changed since a snapshot, on the screen: as the command tells it, for an organization and for a file."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from semtui.audit.contract import Source
from semtui.audit.snapshots.reading import read_snapshot
from semtui.audit.snapshots.snapshot import snapshot_text
from semtui.cli.opened_snapshot import OpenedSnapshot
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tui.answers.comparison_screen import ComparisonScreen
from semtui.tui.answers.snapshot_picker import SnapshotPicker
from semtui.tui.app import SemtuiApp
from semtui.wording.answered import FORMS, Form, ending_of
from tests.audit.test_diff import sides
from tests.conftest import OpenScreen, writes
from tests.support.terminal import SEMTUI, clean_environment
from tests.tui.asking import ask

pytestmark = pytest.mark.anyio

CHANGED = """ee | P ana:Owner dan:Member sam:Admin | A bot:Member<ana -90d | G ops:Member{dan} | R Cap={o.view}
    later: ee | P ana:Owner dan:Member eve:Member | A bot:Member<ana -90d -1d off; new:- | G ops:Admin{dan} |
    R Cap={o.view,o.people.manage}"""


async def compare(pilot: Pilot[None], path: Path | str) -> str:
    await ask(pilot, "D", "ctrl+u")
    pilot.app.screen.query_one("#path").value = str(path)  # type: ignore[attr-defined]
    return await ask(pilot, "to send", "enter")


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def text_of(source: Source) -> str:
    return snapshot_text(source.people, source.projects, source.head)


@contextmanager
def showing(source: Source, directory: Path) -> Iterator[SemtuiApp]:
    """The app with a snapshot open, as `semtui --from FILE` opens it."""
    kept = read_snapshot(text_of(source))
    context = Context(kept.head.host, kept.head.host, "http://127.0.0.1:9", "")
    with Session(context, SessionOptions(snapshot="snapshot of then", rescue_directory=directory)) as session:
        yield SemtuiApp(session, store=OpenedSnapshot(kept).store(session))


def diffed(old: Path, new: Path, form: Form) -> str:
    """What the command writes."""
    command = [SEMTUI, "diff", str(old), str(new), "--format", form]
    ran = subprocess.run(command, env=clean_environment(old.parent), capture_output=True, timeout=60, check=False)
    return ran.stdout.decode()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("newer_is_open", [True, False])
async def test_of_two_files_it_writes_what_the_command_writes(tmp_path: Path, form: Form, newer_is_open: bool) -> None:
    paths = [tmp_path / "old.json", tmp_path / "new.json"]
    before, after = sides(CHANGED)
    for path, side in zip(paths, (before, after), strict=True):
        write(path, text_of(side))
    shown, other = (after, paths[0]) if newer_is_open else (before, paths[1])
    written = tmp_path / f"written.{ending_of(form)}"
    with showing(shown, tmp_path) as app:
        async with app.run_test(size=(80, 24)) as pilot:
            text = await compare(pilot, other)
            assert "Changed since 2026-11-26 09:00 UTC" in text
            await ask(pilot, "E", *["down"] * FORMS.index(form), "ctrl+u")
            pilot.app.screen.query_one("#path").value = str(written)  # type: ignore[attr-defined]
            assert "Written to " in await ask(pilot, "to send", "enter")
    assert read(written) == diffed(paths[0], paths[1], form)
    assert "eve" in read(written)


def read(path: Path) -> str:
    return path.read_bytes().decode()


async def test_changes_who_gained_access_and_findings_are_rows_to_open(tmp_path: Path) -> None:
    before, after = sides(CHANGED)
    write(tmp_path / "old.json", text_of(before))
    with showing(after, tmp_path) as app:
        async with app.run_test(size=(160, 50)) as pilot:
            text = await compare(pilot, tmp_path / "old.json")
            for row in (
                "person eve joined: Member (direct).",
                "person sam left: Admin (direct).",
                "account bot was deactivated.",
                "group ops holds other roles: −Member (direct), +Admin (direct).",
                "role Cap permits something else, held by 0: +organization.people.manage.",
                "gained dan is now Admin: in the group ops, Admin (direct). Because ops holds other roles",
                "lost sam is no longer Admin: before, Admin (direct).",
                "new finding",
                "resolved",
            ):
                assert row in text
            text = await ask(pilot, "/", *"dan", "enter", "enter")
            assert "Access gained: dan" in text
            assert f"Id {after.people.users.items[1].id}" in text
            assert "What dan can do" in await ask(pilot, "v")
            text = await ask(pilot, "backspace", "backspace", "backspace", "/", *"cap", "enter", "v")
            assert "What Cap permits" in text


@pytest.mark.parametrize("page", ["1", "5", "6"])
async def test_an_organization_is_compared_from_every_page(
    open_screen: OpenScreen, server: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with open_screen(size=(80, 24)) as pilot:
        # The snapshot that is offered is the one that S has just written.
        assert "Written to " in await ask(pilot, "6", "1", "S", "to send", "enter")
        assert server.organization.create_role("Auditor", ["organization.view"], "Reads.")
        await ask(pilot, "r", page, "D")
        assert isinstance(pilot.app.screen, SnapshotPicker)
        text = await ask(pilot, "to send", "enter")
        assert isinstance(pilot.app.screen, ComparisonScreen)
        assert "1 change: roles 1" in text
        assert "role Auditor was created, with 1 permission" in text
        assert "Not compared" not in text
    assert not writes(server)


async def test_the_answer_follows_the_lists(open_screen: OpenScreen, server: DemoServer, tmp_path: Path) -> None:
    async with open_screen(size=(80, 24)) as pilot:
        await ask(pilot, "6", "1", "S", "ctrl+u")
        pilot.app.screen.query_one("#path").value = str(tmp_path / "old.json")  # type: ignore[attr-defined]
        await ask(pilot, "to send", "enter")
        assert "Nothing differs in what could be compared." in await compare(pilot, tmp_path / "old.json")
        server.organization.create_role("Auditor", ["organization.view"], "Reads.")
        page = pilot.app.screen_stack[-2]
        page.reload()  # type: ignore[attr-defined]
        assert "role Auditor was created" in await ask(pilot)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "Snapshot: The file cannot be read: No such file or directory."),
        ("{}", "Snapshot: This is no snapshot"),
        ("other", "These are two organizations: acme.semaphoreci.com and acme.example.com."),
    ],
)
async def test_a_file_that_cannot_be_compared_is_told_in_the_form(
    open_screen: OpenScreen, tmp_path: Path, content: str | None, words: str
) -> None:
    path = tmp_path / "old.json"
    if content is not None:
        write(path, text_of(sides(CHANGED)[0]) if content == "other" else content)
    async with open_screen(size=(80, 24)) as pilot:
        text = await compare(pilot, path)
        assert words in text
        assert isinstance(pilot.app.screen, SnapshotPicker)
        await ask(pilot, "escape")
        assert not isinstance(pilot.app.screen, SnapshotPicker)
