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
from semtui.text.folding import haystack
from semtui.tui.styling import clickable, styled
from semtui.wording.styled_text import Piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from semtui.tui.screens.candidate import Candidate


@dataclass(frozen=True)
class Action:
    """Something a page can do, by a key or from the menu."""

    method: str
    """Textual's name of it: the page's method `action_<method>`, perhaps with arguments."""
    short: str
    """Its word in the key line; empty keeps it out of there, unless there is a longer one and room for it."""
    words: str
    """What it does, for the help and the menu."""
    permission: str = ""
    """The permission it needs; empty for actions that change nothing."""
    needs: str = ""
    """What must be under the cursor: `row` for any row, `account` for a service account, `person` for a person, or
    empty."""
    long: str = ""
    """Its words in a key line that has room for all of them."""

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
    Action("search", "find", "Search by words, and on People by terms such as role:admin"),
    Action("sort", "", "Sort by another column, chosen by its name"),
    Action("sort_left", "", "Sort by the column to the left"),
    Action("sort_right", "", "Sort by the column to the right"),
    Action("sort_reverse", "", "Reverse the order"),
    Action("last_filter", "", "Repeat the last search"),
    Action("clear", "", "Clear the search line; stop loading"),
    Action("tab('all')", "", "Show everybody and everything"),
    Action("tab('person')", "", "Show people only"),
    Action("tab('account')", "", "Show service accounts only"),
    Action("tab('group')", "", "Show groups only"),
    Action("tab('roles')", "", "Show the roles: what each permits and who holds it"),
    Action("tab('projects')", "", "Show the projects and the people on them"),
    Action("tab_before", "", "Go back to the tab before"),
    Action("copy", "", "Copy the row's name, id, JSON, or a command that reads it", needs="row"),
    Action("messages", "", "Show the messages of this run, the newest first"),
    Action("journal", "", "Show what was changed through semtui, and how it ended"),
    Action("undo", "", "Undo the last change that can be undone; asks first"),
    Action("reload", "", "Reload all lists from Semaphore"),
    Action("export", "", "Export what is shown to a CSV or JSON file"),
    Action("who_can", "", "Choose a permission and see who holds it, and why"),
    Action("findings", "", "Show the findings: what may be wrong, why, and how to fix it"),
    Action("steps", "", "Show who can come to act as Owner or Admin in a step or a few, and what ends it"),
    Action("snapshot", "", "Write a snapshot of everything that has been read to a file"),
    Action("changed_since", "", "Compare with a snapshot: what has changed, and who gained or lost access"),
    Action("contexts", "", "Open another organization of ~/.sem.yaml"),
    Action("theme", "", "Switch between the dark and the light theme"),
    Action("draw_anew", "", "Redraw the screen"),
    Action("help", "help", "Show every key"),
    Action("quit", "", "Quit semtui", long="quit"),
)
"""What every page can do."""

ELSEWHERE = tuple(
    each
    for each in COMMON_ACTIONS
    if each.name.startswith("tab_") or each.name in ("findings", "steps", "messages", "journal")
)
"""What leaves a page that is read for another."""

WHAT_IF = Action("what_if", "what if", "Choose a change of the row, and see what it would do", needs="row")
"""Also on every page, but the last to get room in the key line."""

PEOPLE_ACTIONS = (
    Action("create", "create", "Create a service account", MANAGE_SERVICE_ACCOUNTS, long="new account"),
    Action("edit", "edit", "Edit the account or group; change the role of the person", MANAGE_PEOPLE, "row"),
    Action(
        "regenerate",
        "token",
        "Regenerate the account's API token",
        MANAGE_SERVICE_ACCOUNTS,
        "account",
        long="new token",
    ),
    Action("switch", "deactivate", "Deactivate or reactivate the account", MANAGE_SERVICE_ACCOUNTS, "account"),
    Action("delete", "delete", "Delete the service account or the group; remove the person", MANAGE_PEOPLE, "row"),
    Action("create_group", "", "Create a group", MANAGE_PEOPLE),
    Action("remove_role", "", "Remove the group's role; the group is kept", MANAGE_PEOPLE, "row"),
    Action("invite", "", "Invite a person", MANAGE_PEOPLE),
    Action(
        "rotate",
        "",
        "Rotate the account: a twin takes over, without an outage",
        MANAGE_SERVICE_ACCOUNTS,
        "account",
    ),
    Action("offboard", "", "Offboard the person: plan what becomes of all they leave", needs="person"),
    Action("open_rescued", "", "Open a token saved by an earlier run"),
    Action("filter_role", "", "Write a role into the search line: show only its holders"),
    Action("named_filters", "", "Choose one of your filters: [filters] in config.toml"),
    Action("what_can", "", "Show everything the person, account or group can do, and why", needs="row"),
    *COMMON_ACTIONS,
    Action(
        "mark",
        "mark",
        "Mark or unmark the row; changes apply to all marked rows",
        needs="row",
    ),
    Action("mark_range", "", "Begin a range of rows to mark, and end it", needs="row"),
    Action("mark_all", "", "Mark every row that is shown"),
    Action("unmark", "", "Unmark all rows"),
    WHAT_IF,
)


_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "The row",
        (
            "edit",
            "regenerate",
            "switch",
            "rotate",
            "delete",
            "remove_role",
            "offboard",
            "people",
            "holders",
            "details",
            "copy",
        ),
    ),
    ("New", ("create", "create_group", "invite")),
    ("Several rows", ("mark", "mark_range", "mark_all", "unmark", "compare")),
    ("Access", ("what_can", "what_if", "who_can", "findings", "steps", "review", "snapshot", "changed_since")),
    ("What was done", ("undo", "journal", "messages", "open_rescued")),
    (
        "The list",
        (
            "search",
            "filter_role",
            "named_filters",
            "last_filter",
            "clear",
            "sort",
            "sort_left",
            "sort_right",
            "sort_reverse",
            "reload",
            "export",
        ),
    ),
)
_TABS, _PROGRAM = "Tabs", "semtui"


def grouped(actions: Iterable[Action]) -> list[tuple[str, list[Action]]]:
    """The actions under headings; what no heading names is about the tabs or the program."""
    found: list[tuple[str, list[Action]]] = []
    left = list(actions)
    for title, names in _GROUPS:
        here = sorted((each for each in left if each.name in names), key=lambda each: names.index(each.name))
        left = [each for each in left if each not in here]
        found.append((title, here))
    tabs = [each for each in left if each.name.startswith("tab_")]
    return [
        each for each in (*found, (_TABS, tabs), (_PROGRAM, [each for each in left if each not in tabs])) if each[1]
    ]


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
    (("enter", "strong"), (" keep  ", "muted")),
    (("esc", "strong"), (" clear", "muted")),
)


def key_line(
    actions: Sequence[Action],
    short: Callable[[Action], str],
    obstacle: Callable[[Action], str],
    width: int,
    *,
    terms: str | None = None,
) -> Content:
    """The keys for the row under the cursor, as many as fit into `width` cells, always with menu and help.

    `short` gives the word for an action, `obstacle` why it is not available: such a key keeps its place, dimmed. While
    somebody searches, `terms` names some that there are, and the line shows the keys of the search box instead.
    """
    if terms is not None:
        completing: tuple[Piece, Piece] = (("  tab", "strong"), (f" complete {terms}", "muted"))
        return styled([(" ", "plain"), *itertools.chain(*_SEARCH_KEYS, completing)])
    always = [action for name in _ALWAYS for action in actions if action.name == name]
    others = [action for action in actions if action not in always]

    def entries(words: Callable[[Action], str]) -> list[tuple[Action, str]]:
        return [(action, words(action)) for action in (*others, *always) if words(action)]

    shown = entries(lambda action: action.long or short(action))
    if _width(shown) > width:
        shown = entries(short)
    while len(shown) > len(always) and _width(shown) > width:
        del shown[-len(always) - 1]
    keys_shown = (clickable(key_entry(each, words, obstacle(each)), each.method) for each, words in shown)
    line = Content("").join([Content(" "), *keys_shown])
    # What is wider than the line would end in “…”, if only by its spaces.
    return line.rstrip() if line.cell_length > width else line


def key_entry(action: Action, words: str, obstacle: str) -> Content:
    """A key and its words in a line of keys; dim where there is an obstacle."""
    return styled([(action.shown_key, "muted" if obstacle else "strong"), (f" {words}  ", "muted")])


def _width(entries: Sequence[tuple[Action, str]]) -> int:
    # The last two spaces may fall off the edge.
    return 1 + sum(len(f"{action.shown_key} {words}  ") for action, words in entries) - 2


def menu(
    actions: Sequence[Action], obstacle: Callable[[Action], str], words: Callable[[str], str] = lambda _: ""
) -> list[Candidate]:
    """Every action as a choice, in the groups of the help: those for the row under the cursor first. `words` gives what
    a method is called for that row, or nothing."""
    from semtui.tui.screens.candidate import Candidate

    return [
        Candidate(
            action.method,
            words(action.method) or action.words,
            key=action.shown_key,
            obstacle=obstacle(action),
            haystack=haystack(action.words),
            group=group,
        )
        for group, here in grouped(actions)
        for action in here
        if action.method != "menu"
    ]
