"""The keys of the People screen and the words for them, in one place: bindings, key line, help and palette."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding, BindingType
from textual.content import Content

from semtui.presentation import Piece, styled

if TYPE_CHECKING:
    from collections.abc import Callable

    from semtui.people import Subject

MANAGE_PEOPLE = "organization.people.manage"
MANAGE_SERVICE_ACCOUNTS = "organization.service_accounts.manage"


@dataclass(frozen=True)
class Action:
    """One thing the People screen can do."""

    key: str
    """As Textual names it."""
    method: str
    short: str
    """For the key line; empty keeps it out of there."""
    words: str
    permission: str = ""
    """What Semaphore asks for; empty for what changes nothing."""
    needs: str = ""
    """`row`, `account`: what must be under the cursor."""

    @property
    def shown_key(self) -> str:
        """As a person calls the key."""
        return {"slash": "/", "question_mark": "?"}.get(self.key, self.key)


ACTIONS = (
    Action("c", "create", "create", "Create a service account", MANAGE_SERVICE_ACCOUNTS),
    Action(
        "e", "edit", "edit", "Edit the service account, or change the role of the person or group", MANAGE_PEOPLE, "row"
    ),
    Action("T", "regenerate", "token", "Regenerate the account's API token", MANAGE_SERVICE_ACCOUNTS, "account"),
    Action("d", "switch", "deactivate", "Deactivate or reactivate the account", MANAGE_SERVICE_ACCOUNTS, "account"),
    Action("X", "delete", "delete", "Delete the service account", MANAGE_SERVICE_ACCOUNTS, "account"),
    Action("enter", "details", "open", "Show everything about the row", needs="row"),
    Action("slash", "search", "find", "Search name, description and id"),
    Action("f", "filter_role", "", "Show only holders of one role"),
    Action("s", "sort", "", "Sort by kind, name, role, state or creation date"),
    Action("escape", "clear", "", "Drop the search and the role filter"),
    Action("1", "show_kind(None)", "", "Show everybody and everything"),
    Action("2", "show_kind('person')", "", "Show people only"),
    Action("3", "show_kind('account')", "", "Show service accounts only"),
    Action("4", "show_kind('group')", "", "Show groups only"),
    Action("r", "reload", "", "Reload all lists from Semaphore"),
    Action("question_mark", "help", "help", "Show every key"),
    Action("q", "quit", "", "Quit semtui"),
)

# With priority, keys are handled in the order they were typed, however fast: after "/" the next one is text.
BINDINGS: list[BindingType] = [
    Binding(action.key, action.method, action.words, show=False, priority=True) for action in ACTIONS
]
MOVING = (
    ("↑ ↓  j k", "one row up or down"),
    ("pgup pgdn", "one page up or down"),
    ("g G  home end", "first or last row"),
    ("ctrl+p", "every action, found by typing its words"),
    ("ctrl+q", "quit from anywhere"),
)


def obstacle(action: Action, subject: Subject | None, *, read_only: bool, denied: set[str]) -> str:
    """Why `action` cannot be done now, in a sentence; empty when nothing is known to be in the way."""
    if action.permission and read_only:
        return "semtui was started with --read-only: nothing can be changed."
    needed = action.permission
    if action.method == "edit" and subject is not None and subject.kind == "account":
        needed = MANAGE_SERVICE_ACCOUNTS
    if needed in denied:
        return f"This API token lacks the permission {needed}."
    if action.needs and subject is None:
        return "There is no row to do that to."
    if action.needs == "account" and subject is not None and subject.kind != "account":
        return f"Only service accounts can be meant; {subject.name} is a {subject.kind}."
    unread = subject is not None and subject.kind == "account" and subject.account is None
    if unread and (action.needs == "account" or action.method == "edit"):
        return "The list of service accounts is missing, so nothing safe can be done to one."
    return ""


def key_line(subject: Subject | None, blocked: Callable[[Action], str]) -> Content:
    """The keys for this row; what cannot be done stays in its place, struck out of the way by its color."""
    pieces: list[Piece] = [(" ", "plain")]
    for action in ACTIONS:
        if action.short:
            short = action.short
            if action.method == "switch" and subject is not None and subject.state == "deactivated":
                short = "reactivate"
            dim = bool(blocked(action))
            pieces.append((action.shown_key, "muted" if dim else "strong"))
            pieces.append((f" {short}  ", "muted"))
    return styled(pieces)


def help_page() -> Content:
    """Every key with what it does."""
    lines: list[list[Piece]] = [[(f"{keys:<15}", "strong"), (words, "plain")] for keys, words in MOVING]
    lines.append([])
    lines += [[(f"{action.shown_key:<15}", "strong"), (action.words, "plain")] for action in ACTIONS]
    lines += [
        [],
        [("~source", "strong"), (" behind a role: it was not assigned by hand and cannot be changed here", "plain")],
        [("+2 groups", "strong"), (" behind a role: more may come through these groups", "plain")],
        [("! no role", "strong"), (" an account whose token is accepted but may do nothing", "plain")],
        [],
        [("A key shown dim cannot be used on this row or with this token; pressing it says why.", "muted")],
    ]
    return Content("\n").join(styled(line) for line in lines)
