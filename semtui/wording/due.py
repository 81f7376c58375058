"""What is under way with accounts and what is due, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.settings.keymap import key
from semtui.text.clean import raw
from semtui.wording.answer import moment_words
from semtui.wording.answered import Answered
from semtui.wording.dates import age_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.history.under_way import Undertaking
    from semtui.wording.answered import Form

NOTHING_RUNS = "Nothing runs meanwhile: you delete it."
NOTHING_DUE = "Nothing is due."


def due_words(undertaking: Undertaking, now: float, *, keys: bool = False) -> str:
    """That an undertaking is due, or when it will be; with `keys`, which key of the screen goes on."""
    name, since = undertaking.account_name, age_words(now - undertaking.begun_at) or "just now"
    if undertaking.kind == "rotation":
        twin = undertaking.twin_name or f"{name}-next"
        due = f", and {name} can be deleted if nothing fails" if undertaking.is_due(now) else ""
        return f"{name} is being replaced by {twin}, begun {since}{due}{_on_its_row('rotate', 'goes on', keys)}."
    if undertaking.is_due(now):
        return f"{name} was deactivated {since} and is to be deleted{_on_its_row('delete', 'deletes it', keys)}."
    when = moment_words(undertaking.due_at) if undertaking.due_at is not None else "never"
    return f"{name} was deactivated {since}, to be deleted from {when}."


def _on_its_row(name: str, does: str, keys: bool) -> str:
    return f": {key(name)} on its row {does}" if keys else ""


def due_answered(undertakings: Sequence[Undertaking], now: float) -> Answered:
    """What is under way in several organizations, as text and JSON."""

    def write(form: Form) -> str:
        if form == "json":
            from semtui.audit.snapshots.canonical import canonical

            return canonical({"due": [_record(each, now) for each in undertakings]}) + "\n"
        lines = [f"{each.host}: {due_words(each, now)}" for each in undertakings]
        return "\n".join([*(lines or [NOTHING_DUE]), ""])

    return Answered(write)


def _record(undertaking: Undertaking, now: float) -> dict[str, object]:
    from semtui.audit.snapshots.records import rfc3339

    return {
        "kind": undertaking.kind,
        "host": undertaking.host,
        "account": {"id": raw(undertaking.account_id), "name": raw(undertaking.account_name)},
        "twin": {"id": raw(undertaking.twin_id), "name": raw(undertaking.twin_name)} if undertaking.twin_id else None,
        "begun_at": rfc3339(undertaking.begun_at),
        "due_at": None if undertaking.due_at is None else rfc3339(undertaking.due_at),
        "due": undertaking.is_due(now),
        "words": due_words(undertaking, now),
    }
