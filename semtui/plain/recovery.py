"""What a previous run left behind: requests with unknown outcome, and tokens that were not stored."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.api.errors import SemaphoreError
from semtui.changes.deactivate_first import reminder
from semtui.changes.recovery import check_unfinished
from semtui.plain.tokens import TokenHolder
from semtui.system.private_files import PrivateFileError
from semtui.text.clean import clean
from semtui.wording import tokens
from semtui.wording.due import due_words

if TYPE_CHECKING:
    from semtui.plain.context import PlainContext


def rescued(context: PlainContext) -> list[Path]:
    """Files with tokens of this organization."""
    return context.session.vault.rescued_before()


def report_unfinished(context: PlainContext) -> None:
    """Report what was left unfinished, and its outcome."""
    vault = context.session.vault
    journal = vault.journal
    for path in rescued(context):
        saved = tokens.saved_words(path, vault.warning_of(path))
        context.console.say(f"{saved} The main menu offers to open it.")
    for other in journal.unverifiable(context.session.context.host):
        context.console.say(tokens.unverifiable_words(other))
    for record, intent in journal.unfinished(context.session.context.host):
        what = tokens.unfinished_words(intent)
        check = context.session.read(partial(check_unfinished, intent=intent))
        result = context.wait_for(f"{what} Checking the outcome…", check)
        context.console.say(result.sentence if result else "The outcome is not known.")
        if result is not None and result.outcome != "unknown":
            journal.end(record)


def report_due(context: PlainContext) -> None:
    """Report what is to be finished now."""
    session = context.session
    try:
        under_way = session.under_way.all()
    except PrivateFileError as error:
        context.console.complain(str(error))
        return
    for each in under_way:
        try:
            words = context.wait(reminder(session, each))
        except SemaphoreError:
            words = due_words(each, session.clock()) if each.is_due(session.clock()) else ""
        if words:
            context.console.say(words)


def open_rescued(context: PlainContext) -> None:
    """Open the first such token; its file is removed once it is stored elsewhere."""
    path = rescued(context)[0]
    shown = clean(str(path))
    try:
        token = context.session.vault.open_rescued(path)
    except PrivateFileError as error:
        context.console.complain(str(error))
        return
    context.console.say(TokenHolder(context, token, opening=f"It was saved to {shown}.").run())
    context.console.say(tokens.file_removal_words(path, removed=not os.path.lexists(path)))
