"""What is under way with accounts and what is due, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.settings.keymap import key
from semtui.wording.answer import moment_words
from semtui.wording.dates import age_words

if TYPE_CHECKING:
    from semtui.history.under_way import Undertaking

NOTHING_RUNS = "Nothing runs meanwhile: you delete it."
NOTHING_DUE = "Nothing is due."


def due_words(undertaking: Undertaking, now: float) -> str:
    """That an undertaking is due, or when it will be."""
    name, since = undertaking.account_name, age_words(now - undertaking.begun_at) or "just now"
    if undertaking.kind == "rotation":
        twin = undertaking.twin_name or f"{name}-next"
        due = f", and {name} can be deleted if nothing fails" if undertaking.is_due(now) else ""
        return f"{name} is being replaced by {twin}, begun {since}{due}: {key('rotate')} on its row goes on."
    if undertaking.is_due(now):
        return f"{name} was deactivated {since} and is to be deleted: {key('delete')} on its row deletes it."
    when = moment_words(undertaking.due_at) if undertaking.due_at is not None else "never"
    return f"{name} was deactivated {since}, to be deleted from {when}."
