"""The page of every key, in one column or two."""

from __future__ import annotations

import itertools
from textwrap import wrap
from typing import TYPE_CHECKING

from rich.cells import cell_len

from semtui.settings import keymap as keys
from semtui.tui.screens.actions import ELSEWHERE, MOVING, Action, grouped
from semtui.wording.styled_text import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEYS = 17
"""Cells for the keys before what they do; longer keys have a line of their own."""
_GAP = 2
_TEXT = (
    "A key shown dim cannot be used on this row or with this token; pressing it says why.",
    "Other keys can be set in semtui's config.toml, under [keys]; the README says how.",
)
_SIGNS = (
    ("+2", "behind a role: that many more roles and groups, named below the rows"),
    ("= 40 d, ≥ 40 d", "the age of a token: exactly, and at least"),
    ("! no role", "an account whose token is accepted but may do nothing"),
    ("✓ •", "a marked row; a row changed together with others last"),
)
_FILTERS = (
    ("role: state:", "in the search line, and kind: source: group: by: can: age>180d created<2025-01"),
    ("-role:admin", "a minus excludes the rows that match"),
    ('"night shift"', "quotes hold words together"),
)
_ANYWHERE = (
    ("ctrl+p", "the menu, from the search line too"),
    ("ctrl+q", "quit from anywhere"),
    ("ctrl+z", "suspend; fg in the shell resumes"),
)
_FORM = (
    ("tab shift+tab", "the next and the previous field, list or button"),
    ("enter", "in a field go on, in a list choose, on a button press it"),
    ("↑ ↓ k j", "in a list: choose the row above or below"),
    ("a letter", "in a list: choose what begins with it"),
    ("space", "in a list: choose, or mark and unmark"),
    ("p", "in a list of roles: everything the role permits"),
    ("pgup pgdn", "the rest of a dialog that is longer than the window"),
    ("esc, q", "leave; a form keeps what was typed for the next time"),
)
"""The keys of a dialog; in a field letters are text."""
_READING = (
    ("↑ ↓ k j", "the row below or above; in a text the next line marked ›, or scroll by one line"),
    ("pgup pgdn", "a page back or on; space pages on, ctrl+u and ctrl+d half a page"),
    ("g G", "the beginning or the end"),
    ("enter", "open what the row or the line marked › leads to"),
    ("v", "ask the reverse question"),
    ("backspace", "clear the search, or go back to the page before"),
    ("q", "leave"),
    ("/", "search: a text jumps to what is found, a table shows only the rows found"),
    ("n N", "the next or previous hit; in details without a search, the next or previous row"),
    ("y", "copy the page; in details, choose what to copy"),
    ("E", "write the page to a file"),
    ("i", "show whole ids, or shorten them again"),
)
"""The keys of answers, details and texts."""
_Section = tuple[str, list[tuple[str, str]]]


def _sections(actions: Sequence[Action]) -> list[_Section]:
    """Headings, and below each the keys and what they do."""
    moving = [(_keys_shown(back, on), words) for back, on, words in MOVING]
    under = [(title, [(_keys_shown(each.name), each.words) for each in here]) for title, here in grouped(actions)]
    title, program = under.pop()
    return [
        ("Moving", moving),
        *under,
        (title, [*program, *_ANYWHERE]),
        ("Signs", list(_SIGNS)),
        ("The search line", list(_FILTERS)),
    ]


def help_page(actions: Sequence[Action]) -> list[Line]:
    """Every key and what it does, then the signs used in the lists."""
    lines: list[Line] = []
    for title, entries in _sections(actions):
        lines.append(Line([(title, "strong")]))
        lines += [line for each in entries for line in _entry(*each)]
        lines.append(Line())
    return [*lines, *(Line([(words, "muted")]) for words in _TEXT)]


def form_help() -> list[Line]:
    """The keys of a dialog with fields, lists and buttons."""
    return [line for each in _FORM for line in _entry(*each)]


def _entry(shown: str, words: str) -> list[Line]:
    alone = [] if cell_len(shown) < _KEYS else [Line([(shown, "strong")])]
    return [*alone, Line([(f"{'' if alone else shown:<{_KEYS}}", "strong"), (words, "plain")], _KEYS)]


def reading_help(actions: Sequence[Action]) -> list[Line]:
    """The keys of a page that is read, then those of what can be done there."""
    own = [(_keys_shown(each.name), each.words) for each in actions]
    lines = [line for each in _READING for line in _entry(*each)]
    lines += _entry(_keys_shown(*(each.name for each in ELSEWHERE)), "close this page and open that tab or page")
    return [
        *lines,
        *([Line(), Line([("The row", "strong")])] if own else []),
        *(line for each in own for line in _entry(*each)),
    ]


def wide_help_page(actions: Sequence[Action], width: int) -> list[Line]:
    """The same in two columns, on `width` cells."""
    column = (width - _GAP) // 2
    blocks = [_block(section, column) for section in _sections(actions)]
    half = sum(map(len, blocks)) / 2
    left: list[Line] = []
    while blocks and len(left) + len(blocks[0]) / 2 <= half:
        left += blocks.pop(0)
    right = [line for block in blocks for line in block]
    beside = itertools.zip_longest(left, right, fillvalue=Line())
    lines = [_beside(one, other, column + _GAP) for one, other in beside]
    return [*lines, *(Line([(words, "muted")]) for words in _TEXT)]


def _block(section: _Section, width: int) -> list[Line]:
    """A heading and its keys, wrapped to `width` cells, and an empty line."""
    title, entries = section
    lines = [Line([(title, "strong")])]
    for shown, words in entries:
        *alone, line = _entry(shown, "")
        first, *rest = wrap(words, width - _KEYS) or [""]
        lines += [*alone, Line([*line.pieces, (first, "plain")])]
        lines += [Line([(" " * _KEYS + each, "plain")]) for each in rest]
    return [*lines, Line()]


def _beside(one: Line, other: Line, width: int) -> Line:
    room = max(0, width - sum(cell_len(text) for text, _ in one.pieces))
    return Line([*one.pieces, (" " * room, "plain"), *other.pieces])


def _keys_shown(*names: str) -> str:
    """The keys of one action, or of a pair; those with ctrl are left out where there are others."""
    written = [each for each in itertools.chain(*itertools.zip_longest(*map(keys.keys_of, names))) if each]
    return " ".join(keys.shown(each) for each in [each for each in written if "+" not in each] or written)
