"""Finds names that look alike on a screen."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from semtui.text.clean import unmasked
from semtui.text.folding import fold


class _Named(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=_Named)

# Letters of other scripts, and digits, mapped to the Latin letter they look like, after casefolding.
_DRAWN_ALIKE = str.maketrans(
    "аеорсухіјѕԁһӏьвкмнтгпαβεηικνορτυχγωσ01i|",
    "aeopcyxljsdhlbbkmhtrnabenlkvoptuxywoolll",
)
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))


def confusable_skeleton(name: str) -> str:
    """A name reduced to how it looks; look-alikes have the same skeleton."""
    bare = fold(unmasked(name)).translate(_DRAWN_ALIKE)
    for pair, letter in _PAIRS:
        bare = bare.replace(pair, letter)
    return " ".join(bare.split())


def by_skeleton(rows: Iterable[N]) -> dict[str, list[N]]:
    """Rows grouped by `confusable_skeleton` of their names."""
    found: dict[str, list[N]] = {}
    for row in rows:
        found.setdefault(confusable_skeleton(row.name), []).append(row)
    return found


def alike(row: N, rows: Mapping[str, list[N]]) -> list[N]:
    """The other rows whose names look like `row`'s; `rows` comes from `by_skeleton`."""
    return [other for other in rows.get(confusable_skeleton(row.name), ()) if other.id != row.id]


def scripts(name: str) -> tuple[str, ...]:
    """Which of the easily confused alphabets a name uses: Latin, Cyrillic, Greek."""
    words = {unicodedata.name(char, "").partition(" ")[0] for char in name if char.isalpha()}
    return tuple(word.title() for word in ("LATIN", "CYRILLIC", "GREEK") if word in words)


def lookalike_warning(name: str, others: Iterable[tuple[str, str]]) -> str:
    """A warning about look-alikes of `name`, or ""; `others` are the names and ids of all other rows."""
    own = confusable_skeleton(name)
    alike = [f"“{other}” (id {other_id})" for other, other_id in others if confusable_skeleton(other) == own]
    words = []
    if alike:
        more = f" and {len(alike) - 2} more" if len(alike) > 2 else ""
        verb = "looks" if len(alike) == 1 else "look"
        words.append(f"Look twice: {' and '.join(alike[:2])}{more} {verb} the same.")
    if len(mixed := scripts(name)) > 1:
        words.append(f"This name mixes {' and '.join(mixed)} letters.")
    return " ".join(words)
