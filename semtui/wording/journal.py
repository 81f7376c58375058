"""The journal of changes in words: what was changed, from what to what, and how it ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from semtui.history.record import beginning
from semtui.text.clean import raw
from semtui.text.counting import count
from semtui.text.folding import haystack
from semtui.wording.answer import moment_words
from semtui.wording.answered import Answered
from semtui.wording.styled_text import Line, fact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from semtui.audit.snapshots.records import Record
    from semtui.export.csv_table import Value
    from semtui.history.record import Change, Entry, Outcome
    from semtui.wording.answered import Form
    from semtui.wording.styled_text import Piece

NOTHING = "Nothing has been changed through semtui here, as far as the journal goes back."
NOT_KEPT = "The journal is not kept: these are the changes of this run."
COLUMNS = ("at", "host", "change", "from_to", "outcome", "words", "kind", "id", "project", "project_id")
_KINDS = {
    "person": "",
    "account": "the account ",
    "group": "the group ",
    "role": "the role ",
    "secret": "the secret ",
}
_OUTCOMES: dict[Outcome, Piece] = {
    "sent": ("sent; how it ended was not recorded", "warn"),
    "done": ("done", "good"),
    "queued": ("queued, not yet seen", "warn"),
    "refused": ("refused", "bad"),
    "not sent": ("not sent", "muted"),
    "not done": ("did not arrive", "muted"),
    "unknown": ("unknown", "warn"),
}
_FIELDS = {
    "name": "Name",
    "description": "Description",
    "state": "State",
    "role": "Role",
    "groups": "Groups",
    "members": "Members",
    "permissions": "Permissions",
    "scope": "Scope",
    "provider": "Logs in at",
    "login": "Login",
    "entry": "Entry",
    "only": "Only for",
    "account": "Token of",
}
_NONE = "none"
_MOST_SKIPPED = 2


def what_words(change: Change) -> str:
    """What was to be changed, as an order: `Deactivate the service account ci-bot`."""
    name, kind = change.name or change.id, _KINDS[change.kind]
    orders = {
        "create": f"Create {kind}{name}",
        "edit": f"Edit {kind}{name}",
        "role": f"Change the role of {kind}{name}",
        "remove": f"Remove {name}" if change.kind == "person" else f"Remove the role of {kind}{name}",
        "deactivate": f"Deactivate {kind}{name}",
        "reactivate": f"Reactivate {kind}{name}",
        "regenerate": f"Regenerate the token of {name}",
        "delete": f"Delete {kind}{name}",
        "invite": f"Invite {name}",
        "project role": f"Give {name} a role on {change.project}",
        "leave project": f"Remove the role of {name} on {change.project}",
    }
    return f"{orders[change.action]}{', to undo a change' if change.undoes else ''}"


def from_to(change: Change, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each field that was to change and from what to what: `Role`, `Member → Admin`."""
    before, after = change.before or {}, change.after
    found = []
    for field in dict.fromkeys((*before, *after)):
        if field in ("role_id", "account_id", "added", "removed"):
            continue
        label, new = _FIELDS.get(field, field), after.get(field)
        if field == "permissions" and field in before and field in after:
            found.append((label, _difference(before[field], after[field])))
        elif field in before and field in after:
            found.append((label, f"{_shown(before[field], names)} → {_shown(new, names)}"))
        elif field in after:
            unknown = "not known → " if change.before is None and change.action not in ("create", "invite") else ""
            found.append((label, f"{unknown}{_shown(new, names)}"))
        else:
            found.append((f"{label} before", _shown(before[field], names)))
    for field, label in (("added", "Added"), ("removed", "Removed")):
        if field in after:
            found.append((label, _shown(after[field], names)))
    return found


def _shown(value: object, names: Mapping[str, str]) -> str:
    if isinstance(value, str):
        return value or _NONE
    ids = [str(each) for each in value] if isinstance(value, tuple) else []
    return ", ".join(names.get(each, each) for each in ids) or _NONE


def _difference(before: object, after: object) -> str:
    was, now = (set(each) if isinstance(each, tuple) else set() for each in (before, after))
    return " ".join([*(f"+{each}" for each in sorted(now - was)), *(f"-{each}" for each in sorted(was - now))])


def summary(change: Change, names: Mapping[str, str]) -> str:
    """From what to what, in one line."""
    return "; ".join(f"{label.lower()} {words}" for label, words in from_to(change, names))


def outcome_piece(entry: Entry) -> Piece:
    """How it ended, in a word or two."""
    words, tone = _OUTCOMES[entry.outcome]
    return f"{words}, as looked up" if entry.looked_up and entry.outcome != "queued" else words, tone


def entry_lines(entry: Entry, names: Mapping[str, str], undone: Sequence[str] = ()) -> list[Line]:
    """Everything about an entry; `undone` are the ids of entries that have been undone since."""
    change = entry.change
    lines = [fact("When", (moment_words(entry.at), "plain"), (", by this computer's clock", "muted"))]
    lines.append(fact("What", (what_words(change), "strong")))
    if change.id:
        lines.append(fact("Id", (change.id, "plain")))
    if change.project_id:
        lines.append(fact("Project", (f"{change.project} [{change.project_id}]", "plain")))
    lines += [fact(label, (words, "plain")) for label, words in from_to(change, names)]
    lines.append(fact("Outcome", outcome_piece(entry)))
    if entry.words:
        lines.append(fact("", (entry.words, "plain")))
    if entry.id in undone:
        lines.append(fact("", ("It was undone later.", "plain")))
    return lines


def undo_lines(
    entry: Entry, change: Change, skipped: Sequence[tuple[Entry, str]], names: Mapping[str, str]
) -> list[Line]:
    """The change that would be undone, what would be sent, and why later ones are left as they are."""
    lines = [fact("Changed", (what_words(entry.change), "strong"), (f", {moment_words(entry.at)}", "muted"))]
    lines += [fact("", (f"{label}: {words}", "plain")) for label, words in from_to(entry.change, names)]
    if entry.outcome != "done":
        lines.append(fact("", (f"Its outcome: {outcome_piece(entry)[0]}.", "warn")))
    lines.append(fact("Sent now", (_order(change), "strong")))
    lines += [fact("", (f"{label}: {words}", "plain")) for label, words in from_to(change, names)]
    for later, why in skipped[:_MOST_SKIPPED]:
        lines.append(fact("Left alone", (f"{what_words(later.change)}. {why}", "muted")))
    if len(skipped) > _MOST_SKIPPED:
        more = count(len(skipped) - _MOST_SKIPPED, "later change")
        lines.append(fact("", (f"and {more}, which the journal shows", "muted")))
    return lines


def _order(change: Change) -> str:
    return what_words(replace(change, undoes=""))


def haystack_of(entry: Entry, names: Mapping[str, str]) -> str:
    """What a search looks through."""
    change = entry.change
    return haystack(what_words(change), summary(change, names), outcome_piece(entry)[0], change.id, entry.host)


def journal_answered(entries: Sequence[Entry], names: Mapping[str, str]) -> Answered:
    """The journal in each format, oldest first."""

    def write(form: Form) -> str:
        if form == "json":
            from semtui.audit.snapshots.canonical import canonical

            return canonical({"journal": [entry_record(each) for each in entries]}) + "\n"
        if form == "csv":
            from semtui.export.csv_table import table

            return table(COLUMNS, [_row(each, names) for each in entries]).text
        if form == "md":
            from semtui.wording.markdown import markdown_table

            rows = [[str(_row(each, names)[column] or "") for column in COLUMNS[:6]] for each in entries]
            return "\n".join(["# Changes through semtui", "", *markdown_table(COLUMNS[:6], rows)]) + "\n"
        return _text(entries, names)

    return Answered(write)


def _text(entries: Sequence[Entry], names: Mapping[str, str]) -> str:
    from semtui.text.wrapping import wrap
    from semtui.wording.answer import WIDTH

    lines: list[str] = []
    for entry in entries:
        lines.append(f"{moment_words(entry.at)}  {entry.host}")
        told = [f"{what_words(entry.change)}: {outcome_piece(entry)[0]}.", entry.words]
        told[1:1] = [f"{label}: {words}" for label, words in from_to(entry.change, names)]
        lines += [f"  {part}" for each in told if each for part in wrap(each, WIDTH - 2, 2)]
    return "\n".join([*(lines or [NOTHING]), ""])


def _row(entry: Entry, names: Mapping[str, str]) -> dict[str, Value]:
    change = entry.change
    return {
        "at": moment_words(entry.at),
        "host": entry.host,
        "change": what_words(change),
        "from_to": summary(change, names),
        "outcome": outcome_piece(entry)[0],
        "words": entry.words,
        "kind": change.kind,
        "id": change.id,
        "project": change.project,
        "project_id": change.project_id,
    }


def entry_record(entry: Entry) -> Record:
    """An entry as JSON; texts are as they were sent."""
    from semtui.audit.snapshots.records import rfc3339

    ended = {"outcome": entry.outcome, "words": raw(entry.words), "looked_up": entry.looked_up}
    return {**beginning(entry), **ended, "at": rfc3339(entry.at)}
