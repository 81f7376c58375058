"""The keys of the People screen and the words for them, in one place: bindings, key line, help and palette."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding, BindingType
from textual.content import Content

from semtui.objections import MANAGE_PEOPLE, MANAGE_SERVICE_ACCOUNTS
from semtui.presentation import Line, Piece
from semtui.styling import styled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


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
        return {"slash": "/", "question_mark": "?", "at": "@", "equals_sign": "="}.get(self.key, self.key)


COMMON_ACTIONS = (
    Action("enter", "details", "open", "Show everything about the row", needs="row"),
    Action("slash", "search", "find", "Search name, description and id"),
    Action("s", "sort", "", "Sort by another column"),
    Action("escape", "clear", "", "Drop the search and the role filter"),
    Action("1", "tab('all')", "", "Show everybody and everything"),
    Action("2", "tab('person')", "", "Show people only"),
    Action("3", "tab('account')", "", "Show service accounts only"),
    Action("4", "tab('group')", "", "Show groups only"),
    Action("5", "tab('roles')", "", "Show the roles: what each permits and who holds it"),
    Action("6", "tab('projects')", "", "Show the projects and the people on them"),
    Action("r", "reload", "", "Reload all lists from Semaphore"),
    Action("E", "export", "", "Export what is shown to a CSV or JSON file"),
    Action("at", "contexts", "", "Open another organization of ~/.sem.yaml"),
    Action("question_mark", "help", "help", "Show every key"),
    Action("q", "quit", "", "Quit semtui"),
)
"""What every page can do."""

PEOPLE_ACTIONS = (
    Action("c", "create", "create", "Create a service account", MANAGE_SERVICE_ACCOUNTS),
    Action(
        "e",
        "edit",
        "edit",
        "Edit the account or the group, or change the role of the person",
        MANAGE_PEOPLE,
        "row",
    ),
    Action("T", "regenerate", "token", "Regenerate the account's API token", MANAGE_SERVICE_ACCOUNTS, "account"),
    Action("d", "switch", "deactivate", "Deactivate or reactivate the account", MANAGE_SERVICE_ACCOUNTS, "account"),
    Action("X", "delete", "delete", "Delete the service account or the group; remove the person", MANAGE_PEOPLE, "row"),
    Action("C", "create_group", "", "Create a group; c does it too where groups are listed", MANAGE_PEOPLE),
    Action("R", "remove_role", "", "Take the role away from the group, which stays", MANAGE_PEOPLE, "row"),
    Action("i", "invite", "", "Invite a person", MANAGE_PEOPLE),
    Action("o", "open_rescued", "", "Open a token that was saved when an earlier semtui ended"),
    Action("f", "filter_role", "", "Show only holders of one role"),
    *COMMON_ACTIONS,
    Action("space", "mark", "mark", "Mark the row, or unmark it; d, e and X then mean all marked rows", needs="row"),
    Action("A", "mark_all", "", "Mark every row that is shown"),
    Action("U", "unmark", "", "Unmark all rows"),
)


def bindings(actions: Sequence[Action]) -> list[BindingType]:
    """Keys for a page. With priority they are handled in the order they were typed, however fast: after "/" the next
    one is text."""
    return [Binding(action.key, action.method, action.words, show=False, priority=True) for action in actions]


MOVING = (
    ("↑ ↓  j k", "one row up or down"),
    ("pgup pgdn", "one page up or down"),
    ("g G  home end", "first or last row"),
    ("ctrl+p", "every action, found by typing its words"),
    ("ctrl+l", "draw the screen anew, should something else have written on it"),
    ("ctrl+q", "quit from anywhere"),
)


def key_line(
    actions: Sequence[Action], short: Callable[[Action], str], blocked: Callable[[Action], str], width: int
) -> Content:
    """The keys for this row, as many as fit into `width` cells, help among them always.

    What cannot be done stays in its place, struck out of the way by its color.
    """
    entries: list[list[Piece]] = [
        [(action.shown_key, "muted" if blocked(action) else "strong"), (f" {short(action)}  ", "muted")]
        for action in sorted(actions, key=lambda action: action.method == "help")
        if action.short
    ]
    while len(entries) > 1 and _width(entries) > width:
        del entries[-2]
    return styled(itertools.chain([(" ", "plain")], *entries))


def _width(entries: list[list[Piece]]) -> int:
    # The last two spaces may fall off the edge.
    return 1 + sum(len(words) for entry in entries for words, _ in entry) - 2


def help_page(actions: Sequence[Action]) -> list[Line]:
    """Every key with what it does."""
    lines = [_key(keys, words) for keys, words in MOVING]
    lines += [Line(), *(_key(action.shown_key, action.words) for action in actions), Line()]
    lines += [
        _key("~source", "behind a role: it was not assigned by hand and cannot be changed here"),
        _key("+2 groups", "behind a role: more may come through these groups"),
        _key("! no role", "an account whose token is accepted but may do nothing"),
        Line(),
        Line([("A key shown dim cannot be used on this row or with this token; pressing it says why.", "muted")]),
    ]
    return lines


def _key(keys: str, words: str) -> Line:
    return Line([(f"{keys:<15}", "strong"), (words, "plain")], 15)
