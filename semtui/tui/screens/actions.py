"""What pages can do, as key bindings, key line, help and menu. Which key does what is in `settings/keymap.py`."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding, BindingType
from textual.content import Content

from semtui.api.permissions import MANAGE_PEOPLE, MANAGE_SERVICE_ACCOUNTS
from semtui.settings import keymap as keys
from semtui.tui.styling import styled
from semtui.wording.styled_text import Line, Piece

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from semtui.tui.screens.candidate import Candidate


@dataclass(frozen=True)
class Action:
    """Something a page can do, by a key or from the menu."""

    method: str
    """Textual's name of it: the page's method `action_<method>`, perhaps with arguments."""
    short: str
    """Its word in the key line; empty keeps it out of there."""
    words: str
    """What it does, for the help, the menu and the palette."""
    permission: str = ""
    """The permission it needs; empty for actions that change nothing."""
    needs: str = ""
    """What must be under the cursor: `row` for any row, `account` for a service account, or empty."""

    @property
    def name(self) -> str:
        """The name of its key in `settings/keymap.py` and in the user's config.toml."""
        return re.sub(r"\W+", "_", self.method).strip("_")

    @property
    def shown_key(self) -> str:
        """Its key as people write it."""
        return keys.key(self.name)


COMMON_ACTIONS = (
    Action("menu", "menu", "Choose what to do by its words"),
    Action("details", "open", "Show everything about the row", needs="row"),
    Action("search", "find", "Search name, description and id"),
    Action("sort", "", "Sort by another column"),
    Action("clear", "", "Clear the search and the role filter; stop loading"),
    Action("tab('all')", "", "Show everybody and everything"),
    Action("tab('person')", "", "Show people only"),
    Action("tab('account')", "", "Show service accounts only"),
    Action("tab('group')", "", "Show groups only"),
    Action("tab('roles')", "", "Show the roles: what each permits and who holds it"),
    Action("tab('projects')", "", "Show the projects and the people on them"),
    Action("reload", "", "Reload all lists from Semaphore"),
    Action("export", "", "Export what is shown to a CSV or JSON file"),
    Action("who_can", "", "Choose a permission and see who holds it, and why"),
    Action("findings", "", "Show the findings: what may be wrong, why, and what mends it"),
    Action("snapshot", "", "Write a snapshot of everything that has been read to a file"),
    Action("changed_since", "", "Compare with a snapshot: what has changed, and who gained or lost access"),
    Action("contexts", "", "Open another organization of ~/.sem.yaml"),
    Action("theme", "", "Switch between the dark and the light theme"),
    Action("draw_anew", "", "Redraw the screen"),
    Action("help", "help", "Show every key"),
    Action("quit", "", "Quit semtui"),
)
"""What every page can do."""

PEOPLE_ACTIONS = (
    Action("create", "create", "Create a service account", MANAGE_SERVICE_ACCOUNTS),
    Action("edit", "edit", "Edit the account or group; change the role of the person", MANAGE_PEOPLE, "row"),
    Action("regenerate", "token", "Regenerate the account's API token", MANAGE_SERVICE_ACCOUNTS, "account"),
    Action("switch", "deactivate", "Deactivate or reactivate the account", MANAGE_SERVICE_ACCOUNTS, "account"),
    Action("delete", "delete", "Delete the service account or the group; remove the person", MANAGE_PEOPLE, "row"),
    Action("create_group", "", "Create a group", MANAGE_PEOPLE),
    Action("remove_role", "", "Remove the group's role; the group is kept", MANAGE_PEOPLE, "row"),
    Action("invite", "", "Invite a person", MANAGE_PEOPLE),
    Action("open_rescued", "", "Open a token saved by an earlier run"),
    Action("filter_role", "", "Show only holders of one role"),
    Action("what_can", "", "Show everything the person, account or group can do, and why", needs="row"),
    *COMMON_ACTIONS,
    Action(
        "mark",
        "mark",
        "Mark or unmark the row; changes apply to all marked rows",
        needs="row",
    ),
    Action("mark_all", "", "Mark every row that is shown"),
    Action("unmark", "", "Unmark all rows"),
)


def bindings(actions: Sequence[Action]) -> list[BindingType]:
    """The key bindings of a page.

    They have priority, so that keys are handled in the order they were typed, however fast: after "/" the next one is
    text.
    """
    return [
        Binding(
            keys.for_textual(keys.DEFAULTS[action.name]),
            action.method,
            action.words,
            show=False,
            priority=True,
            id=action.name,
        )
        for action in actions
    ]


MOVING = (
    ("up", "down", "one row up or down"),
    ("page_up", "page_down", "one page up or down"),
    ("half_page_up", "half_page_down", "half a page up or down"),
    ("top", "bottom", "first or last row"),
)

_ALWAYS = ("menu", "help")
_SEARCH_KEYS: tuple[tuple[Piece, Piece], ...] = (
    (("enter", "strong"), (" goes to the rows found  ", "muted")),
    (("escape", "strong"), (" drops the search  ", "muted")),
    (("backspace", "strong"), (" deletes a letter", "muted")),
)


def key_line(
    actions: Sequence[Action],
    short: Callable[[Action], str],
    obstacle: Callable[[Action], str],
    width: int,
    *,
    searching: bool = False,
) -> Content:
    """The keys for the row under the cursor, as many as fit into `width` cells, always with menu and help.

    `short` gives the word for an action, `obstacle` why it is not available: such a key keeps its place, dimmed. While
    `searching`, the line shows the keys of the search box instead.
    """
    if searching:
        return styled([(" ", "plain"), *itertools.chain(*_SEARCH_KEYS)])
    entries: list[list[Piece]] = [
        [(action.shown_key, "muted" if obstacle(action) else "strong"), (f" {short(action)}  ", "muted")]
        for action in sorted(actions, key=lambda action: _ALWAYS.index(action.name) if action.name in _ALWAYS else -1)
        if action.short
    ]
    while len(entries) > len(_ALWAYS) and _width(entries) > width:
        del entries[-len(_ALWAYS) - 1]
    return styled(itertools.chain([(" ", "plain")], *entries))


def _width(entries: list[list[Piece]]) -> int:
    # The last two spaces may fall off the edge.
    return 1 + sum(len(words) for entry in entries for words, _ in entry) - 2


def help_page(actions: Sequence[Action]) -> list[Line]:
    """Every key and what it does, then the signs used in the lists."""
    lines = [_entry(_keys_shown(back, on), words) for back, on, words in MOVING]
    lines += [
        _entry("ctrl+p", "every action, found by typing its words"),
        _entry("ctrl+q", "quit from anywhere"),
    ]
    lines += [_entry("ctrl+z", "suspend; fg in the shell resumes")]
    lines += [Line(), *(_entry(_keys_shown(action.name), action.words) for action in actions), Line()]
    lines += [
        _entry("(SCIM)", "behind a role: where it comes from; it was not assigned directly and cannot be changed here"),
        _entry("+2 groups", "behind a role: more may come through these groups"),
        _entry("! no role", "an account whose token is accepted but may do nothing"),
        Line(),
        Line([("A key shown dim cannot be used on this row or with this token; pressing it says why.", "muted")]),
        Line([("Other keys can be set in semtui's config.toml, under [keys]; the README tells how.", "muted")]),
    ]
    return lines


def _keys_shown(*names: str) -> str:
    """The keys of one action, or of a pair; those with ctrl are left out where there are others."""
    written = [each for each in itertools.chain(*itertools.zip_longest(*map(keys.keys_of, names))) if each]
    return " ".join(keys.shown(each) for each in [each for each in written if "+" not in each] or written)


def _entry(keys_shown: str, words: str) -> Line:
    return Line([(f"{keys_shown:<14} ", "strong"), (words, "plain")], 15)


def menu(actions: Sequence[Action], obstacle: Callable[[Action], str]) -> list[Candidate]:
    """Every action as a choice, those for the row under the cursor first."""
    from semtui.tui.screens.candidate import Candidate

    return [
        Candidate(action.method, action.words, key=action.shown_key, obstacle=obstacle(action))
        for action in sorted(actions, key=lambda action: not action.needs)
        if action.method != "menu"
    ]
