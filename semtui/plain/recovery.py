"""What an earlier run left behind: requests with unknown outcome, and tokens that were not stored."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.changes.recovery import check_unfinished
from semtui.plain.tokens import TokenHolder
from semtui.system.private_files import PrivateFileError
from semtui.text.clean import clean
from semtui.wording import subjects as presentation
from semtui.wording import tokens

if TYPE_CHECKING:
    from semtui.plain.context import PlainContext


def rescued(desk: PlainContext) -> list[Path]:
    """Files with tokens of this organization."""
    return desk.session.vault.rescued_before()


def look_back(desk: PlainContext) -> None:
    """Report what was left unfinished, and its outcome."""
    vault = desk.session.vault
    journal = vault.journal
    for path in rescued(desk):
        saved = f"A token that was not stored was saved to {clean(str(path))}.{vault.warning_of(path)}"
        desk.shell.say(f"{saved} The main menu offers to open it.")
    for elsewhere in journal.unverifiable(desk.session.context.host):
        desk.shell.say(presentation.elsewhere_words(elsewhere))
    for record, intent in journal.unfinished(desk.session.context.host):
        what = tokens.unfinished_words(intent)
        check = desk.session.read(partial(check_unfinished, intent=intent))
        verdict = desk.wait_for(f"{what} Checking the outcome…", check)
        desk.shell.say(verdict.sentence if verdict else "The outcome is not known.")
        if verdict is not None and verdict.outcome != "unknown":
            journal.end(record)


def open_rescued(desk: PlainContext) -> None:
    """Open the first such token; its file is removed once it is stored elsewhere."""
    path = rescued(desk)[0]
    shown = clean(str(path))
    try:
        token = desk.session.vault.open_rescued(path)
    except PrivateFileError as error:
        desk.shell.complain(str(error))
        return
    desk.shell.say(TokenHolder(desk, token, opening=f"It was saved to {shown}.").run())
    desk.shell.say(
        f"{shown} cannot be removed: delete it yourself." if os.path.lexists(path) else f"{shown} is removed."
    )
