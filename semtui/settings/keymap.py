"""Which key does what: semtui's own keys, and those the user's settings put in their place.

As with a locale, there is one for the whole program, known to whatever words name a key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

Keys = tuple[str, ...]
"""As people write them, a plain one first."""

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
    "clear": ("backspace", "escape"),
    "sort": ("s",),
    "tab_all": ("1",),
    "tab_person": ("2",),
    "tab_account": ("3",),
    "tab_group": ("4",),
    "tab_roles": ("5",),
    "tab_projects": ("6",),
    "reload": ("r",),
    "export": ("E",),
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
        "open_rescued": ("o",),
        "filter_role": ("f",),
        "mark": ("space",),
        "mark_all": ("A",),
        "unmark": ("U",),
    },
    "the Roles page": {
        "create": ("c",),
        "edit": ("e",),
        "delete": ("X",),
        "holders": ("h",),
        "who_can": ("w",),
        "mark": ("space",),
        "compare": ("=",),
    },
    "the Projects page": {"people": ("p",)},
}
PAGES: dict[str, tuple[str, ...]] = {page: (*MOVING, *_EVERYWHERE, *own) for page, own in _PAGES.items()}
"""The names of everything that has a key on a page."""
DEFAULTS: dict[str, Keys] = dict(chain.from_iterable(keys.items() for keys in (MOVING, _EVERYWHERE, *_PAGES.values())))

_own: dict[str, Keys] = {}
_TEXTUAL = {"pgup": "pageup", "pgdn": "pagedown", ",": "comma"}


def use(own: Mapping[str, Keys]) -> None:
    """From now on these keys are in the place of semtui's own; whatever is not named keeps its keys."""
    _own.clear()
    _own.update(own)


def keys_of(name: str) -> Keys:
    """The keys of an action."""
    return _own.get(name) or DEFAULTS[name]


def key(name: str) -> str:
    """The key of an action, as words on the screen call it."""
    return shown(keys_of(name)[0])


def shown(written: str) -> str:
    """As words on the screen call a key."""
    return {"up": "↑", "down": "↓", "left": "←", "right": "→"}.get(written, written)


def for_textual(keys: Iterable[str]) -> str:
    """As a Textual binding lists keys."""
    return ",".join(_TEXTUAL.get(each, each) for each in keys)


def own_keymap() -> dict[str, str]:
    """What differs from semtui's own keys, as Textual's keymap."""
    return {name: for_textual(keys) for name, keys in _own.items()}
