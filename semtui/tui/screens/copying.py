"""Offers what can be copied, and copies it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from semtui.tui.screens.candidate import Candidate
from semtui.tui.screens.chooser import Chooser

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import App

    from semtui.wording.styled_text import Tone


def copy_chooser(title: str, texts: Mapping[str, str]) -> Chooser:
    """The list of what can be copied of something; it answers with a key of `texts`."""
    candidates = [Candidate(what, what, " ".join(text.split())) for what, text in texts.items()]
    return Chooser(f"Copy of {title}", candidates, "what to copy")


async def copied(app: App[None], what: str, text: str) -> tuple[str, Tone]:
    """Copy a text; returns what to say of it, and how."""
    from semtui.tokens.clipboard import copy_text

    report = await copy_text(text, environ=os.environ, send_osc52=app.copy_to_clipboard)
    return f"{what[:1].upper()}{what[1:]}: {report.words}", "good" if report.known else "plain"
