"""Which key does what: semtui's own keys, or those the user's settings set in their place.

Like a locale there is one for the whole program, for all text that names a key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

Keys = tuple[str, ...]
"""The keys of one action as people write them, the plainest first."""

MOVING: dict[str, Keys] = {
    "up": ("up", "k"),
    "down": ("down", "j"),
    "page_up": ("pgup", "ctrl+b"),
    "page_down": ("pgdn", "ctrl+f"),
    "half_page_up": ("ctrl+u",),
    "half_page_down": ("ctrl+d",),
    "top": ("g", "home"),
    "bottom": ("G", "end"),
}
_EVERYWHERE: dict[str, Keys] = {
    "menu": ("x",),
    "details": ("enter",),
    "search": ("/",),
    "last_filter": (".",),
    "clear": ("backspace", "escape"),
    "sort": ("s",),
    "sort_left": ("<",),
    "sort_right": (">",),
    "sort_reverse": ("=",),
    "tab_all": ("1",),
    "tab_person": ("2",),
    "tab_account": ("3",),
    "tab_group": ("4",),
    "tab_roles": ("5",),
    "tab_projects": ("6",),
    "tab_before": ("-",),
    "copy": ("y",),
    "messages": ("!",),
    "journal": ("J",),
    "undo": ("u",),
    "reload": ("r",),
    "export": ("E",),
    "who_can": ("w",),
    "what_if": ("b",),
    "findings": ("7",),
    "steps": ("8",),
    "snapshot": ("S",),
    "changed_since": ("D",),
    "contexts": ("@",),
    "theme": ("t",),
    "draw_anew": ("L", "ctrl+l"),
    "help": ("?",),
    "quit": ("q",),
}
_PAGES: dict[str, dict[str, Keys]] = {
    "the People page": {
        "create": ("c",),
        "edit": ("e",),
        "regenerate": ("T",),
        "switch": ("d",),
        "delete": ("X",),
        "create_group": ("C",),
        "remove_role": ("R",),
        "invite": ("i",),
        "offboard": ("O",),
        "rotate": ("H",),
        "open_rescued": ("o",),
        "filter_role": ("f",),
        "named_filters": ("'",),
        "what_can": ("a",),
        "mark": ("space",),
        "mark_range": ("v",),
        "mark_all": ("A",),
        "unmark": ("U",),
    },
    "the Roles page": {
        "create": ("c",),
        "edit": ("e",),
        "delete": ("X",),
        "holders": ("h",),
        "what_can": ("a",),
        "mark": ("space",),
        "compare": ("d",),
    },
    "the Projects page": {"people": ("p",)},
}
PAGES: dict[str, tuple[str, ...]] = {page: (*MOVING, *_EVERYWHERE, *own) for page, own in _PAGES.items()}
"""The names of all actions that have a key on a page."""
DEFAULTS: dict[str, Keys] = dict(chain.from_iterable(keys.items() for keys in (MOVING, _EVERYWHERE, *_PAGES.values())))

_own: dict[str, Keys] = {}
_TEXTUAL = {
    "pgup": "pageup",
    "pgdn": "pagedown",
    ",": "comma",
    "<": "less_than_sign",
    ">": "greater_than_sign",
    "=": "equals_sign",
    "-": "minus",
    "!": "exclamation_mark",
}


def use(own: Mapping[str, Keys]) -> None:
    """Use these keys in place of semtui's own from now on; actions that are not named keep theirs."""
    _own.clear()
    _own.update(own)


def keys_of(name: str) -> Keys:
    """The keys of an action."""
    return _own.get(name) or DEFAULTS[name]


def key(name: str) -> str:
    """The first key of an action, spelled as on the screen."""
    return shown(keys_of(name)[0])


def shown(written: str) -> str:
    """A key, spelled as on the screen."""
    return {"up": "↑", "down": "↓", "left": "←", "right": "→"}.get(written, written)


def for_textual(keys: Iterable[str]) -> str:
    """Keys as a Textual binding lists them."""
    return ",".join(_TEXTUAL.get(each, each) for each in keys)


def own_keymap() -> dict[str, str]:
    """The keys that differ from semtui's own, as Textual's keymap."""
    return {name: for_textual(keys) for name, keys in _own.items()}
