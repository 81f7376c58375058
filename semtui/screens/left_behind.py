"""What a semtui that ended without warning left behind: requests whose end nobody saw, and tokens in private files."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.errors import SemaphoreError
from semtui.list_words import rescued_words
from semtui.operations import check_unfinished
from semtui.presentation import unfinished_words
from semtui.private_files import PrivateFileError
from semtui.screens import later
from semtui.text import clean

if TYPE_CHECKING:
    from semtui.models import NewToken
    from semtui.screens.people import PeopleScreen


async def look_back(page: PeopleScreen) -> None:
    """Say above the rows what was left behind, and what came of it."""
    session = page.session
    for path in await asyncio.to_thread(session.journal.rescued, session.context.host):
        page.warn(rescued_words(path))
    for record, intent in await asyncio.to_thread(session.journal.unfinished, session.context.host):
        what = unfinished_words(intent)
        checking = f"{what} Checking what came of it…"
        page.warn(checking)
        try:
            verdict = await session.read(partial(check_unfinished, intent=intent))
        except SemaphoreError as error:
            page.warn(f"{what} What came of it is not known. {error}", instead_of=checking)
            continue
        page.warn(f"{what} {verdict.sentence}", instead_of=checking)
        if verdict.outcome != "unknown":
            session.journal.end(record)


def open_rescued(page: PeopleScreen) -> None:
    """Show a token an earlier semtui saved; its file goes when the token is stored elsewhere."""
    session = page.session
    paths = session.journal.rescued(session.context.host)
    if not paths:
        page.say("No earlier semtui left a token behind.")
        return
    found = _first_readable(page, paths)
    if found is None:
        return
    path, token = found
    shown = clean(str(path))
    display = later.TokenDisplay(session, token, opening=f"It was saved to {shown}.")

    def left(fate: str | None) -> None:
        if not display.stored:
            page.say(f"{fate or ''} It is still in {shown}.", "warn")
            return
        session.stored_elsewhere(path)
        page.warn_no_more(of=shown)
        page.say(f"{fate or ''} {shown} is removed.", "good")

    page.app.push_screen(display, left)


def _first_readable(page: PeopleScreen, paths: list[Path]) -> tuple[Path, NewToken] | None:
    for path in paths:
        try:
            return path, page.session.journal.rescued_token(path)
        except PrivateFileError as error:
            page.say(str(error), "bad")
    return None
