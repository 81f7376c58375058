"""What tests of answers on the screen share: keys pressed one by one, and a screen that shows a snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from textual.keys import _character_to_key
from textual.pilot import Pilot

from semtui.audit.snapshots.reading import read_snapshot
from semtui.audit.snapshots.snapshot import snapshot_text
from semtui.organization.snapshot_store import SnapshotStore
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tui.app import SemtuiApp
from tests.audit.test_diff import source
from tests.conftest import screen_text, settle, to_button
from tests.support.organizations import Organization

WORDS = "snapshot of 2026-11-26 09:00 UTC"


async def ask(pilot: Pilot[None], *keys: str) -> str:
    """Press keys, or `to send` for the tabs to the button that sends; returns the words on the screen then."""
    await settle(pilot)
    for key in keys:
        if key == "to send":
            await to_button(pilot)
        else:
            await pilot.press(_character_to_key(key) if len(key) == 1 else key)
    await settle(pilot)
    return screen_text(pilot.app)


def write_snapshot(organization: Organization, path: Path) -> Path:
    """Write a snapshot of an organization; returns `path`."""
    made = source(organization)
    path.write_text(snapshot_text(made.people, made.projects, made.head), encoding="utf-8")
    return path


@contextmanager
def app_on(snapshot: Path, state: Path) -> Iterator[SemtuiApp]:
    """The screen on a snapshot; `state` is its private directory. There is nobody at its address."""
    kept = read_snapshot(snapshot.read_text(encoding="utf-8"))
    context = Context(kept.head.host, kept.head.host, "http://127.0.0.1:9", "")
    with Session(context, SessionOptions(snapshot=WORDS, rescue_directory=state)) as session:
        yield SemtuiApp(session, store=SnapshotStore(session, kept.people, kept.projects, kept.head.finished_at))
