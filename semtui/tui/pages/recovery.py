"""What a run that ended without warning left behind: requests with unknown outcome, and tokens in private files."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.api.errors import SemaphoreError
from semtui.changes.deactivate_first import reminder
from semtui.changes.recovery import check_unfinished
from semtui.system.private_files import PrivateFileError
from semtui.text.clean import clean
from semtui.wording.due import due_words
from semtui.wording.lists import rescued_words
from semtui.wording.tokens import file_removal_words, unfinished_words, unverifiable_words

if TYPE_CHECKING:
    from semtui.api.models import NewToken
    from semtui.tui.pages.page import Page


async def report_unfinished(page: Page) -> None:
    """Report above the rows what was left behind, and its outcome."""
    session, vault = page.session, page.session.vault
    for path in await asyncio.to_thread(vault.rescued_before):
        page.warn(rescued_words(path, vault.warning_of(path)))
    for other in await asyncio.to_thread(vault.journal.unverifiable, session.context.host):
        page.warn(unverifiable_words(other))
    for record, intent in await asyncio.to_thread(vault.journal.unfinished, session.context.host):
        what = unfinished_words(intent)
        checking = f"{what} Checking the outcome…"
        page.warn(checking)
        try:
            reconciled = await session.read(partial(check_unfinished, intent=intent))
        except SemaphoreError as error:
            page.warn(f"{what} The outcome is not known. {error}", instead_of=checking)
            continue
        page.warn(f"{what} {reconciled.sentence}", instead_of=checking)
        if reconciled.outcome != "unknown":
            vault.journal.end(record)


async def report_due(page: Page) -> None:
    """Report above the rows what is to be finished now."""
    session = page.session
    try:
        under_way = await asyncio.to_thread(session.under_way.all)
        # Read before a key asks for it.
        await asyncio.to_thread(session.history.known)
    except PrivateFileError as error:
        page.warn(str(error))
        return
    for each in under_way:
        try:
            words = await reminder(session, each, keys=True)
        except SemaphoreError:
            words = due_words(each, session.clock(), keys=True) if each.is_due(session.clock()) else ""
        if words:
            page.warn(words)


def open_rescued(page: Page) -> None:
    """Show a token saved by an earlier run; its file is removed once the token is stored elsewhere."""
    from semtui.tui.screens.token_display import TokenDisplay

    paths = page.session.vault.rescued_before()
    if not paths:
        page.say("There is no token saved by an earlier run.")
        return
    found = _first_readable(page, paths)
    if found is None:
        return
    path, token = found
    shown = clean(str(path))
    display = TokenDisplay(page.session, token, opening=f"It was saved to {shown}.")

    def left(stored: str | None) -> None:
        """Take a sentence that says where the token was stored."""
        if not display.stored:
            page.say(f"{stored or ''} It is still in {shown}.", "warn")
            return
        page.drop_warnings(of=shown)
        removed = not os.path.lexists(path)
        words = file_removal_words(path, removed=removed)
        page.say(f"{stored or ''} {words}", "good" if removed else "warn")

    page.app.push_screen(display, left)


def _first_readable(page: Page, paths: list[Path]) -> tuple[Path, NewToken] | None:
    for path in paths:
        try:
            return path, page.session.vault.open_rescued(path)
        except PrivateFileError as error:
            page.say(str(error), "bad")
    return None
