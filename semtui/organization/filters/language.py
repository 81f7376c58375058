"""How the text of a filter is divided: words, terms, quotes and the minus in front. What terms mean is elsewhere.

Any text can be divided. Letters, quotes, dashes and signs are taken whatever their case, width or accents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from semtui.text.counting import count
from semtui.text.folding import fold

_MOST_NAMED = 8
"""The most names that an error lists."""
_SIGNS = {"≥": ">=", "≤": "<=", "=>": ">=", "=<": "<="}
_TERM = re.compile(r"([a-z]+)(>=|<=|=>|=<|[:<>=≥≤])(?!\x01)")
_SPECIAL = "\x01<>=:"
"""What a value cannot begin with outside quotes."""
_MARK = "\x01"
"""Stands for a combining mark, which makes another character of the one before."""


class FilterError(ValueError):
    """A filter that cannot be understood. Its sentence does not repeat what was typed, which may be anything."""

    def __init__(self, problem: str, names: Iterable[str] = (), closest: str = "") -> None:
        """`names` are what exists instead, and `closest` is the most similar of them."""
        self.problem = problem
        self.names = tuple(names)
        self.closest = closest
        super().__init__(problem + self._names_words())

    def _names_words(self) -> str:
        words = f" Did you mean {self.closest}?" if self.closest else ""
        if not self.names:
            return words
        # Naming the last one is shorter than saying that there is one more.
        shown = self.names if len(self.names) == _MOST_NAMED + 1 else self.names[:_MOST_NAMED]
        more, listed = len(self.names) - len(shown), ", ".join(shown)
        return f"{words} There {'is' if len(self.names) == 1 else 'are'} {listed}{f' and {more:,} more' * (more > 0)}."


@dataclass(frozen=True, slots=True)
class Part:
    """A word or a term of a filter, as typed."""

    value: str
    """The word, or what follows the sign of the term, without its quotes."""
    name: str = ""
    """The name of a term, in lower case; empty for a word."""
    sign: str = ""
    """`:`, `=`, `<`, `<=`, `>` or `>=`; empty for a word."""
    negated: bool = False
    quoted: bool = False
    start: int = 0
    """Where the part begins in the text."""
    value_start: int = 0
    """Where its value begins, quotes included."""
    end: int = 0
    """Where the part ends."""


def split(text: str) -> tuple[Part, ...]:
    """The words and terms of a text, in order. Nothing between quotes is a term; a quote left open ends with the
    text."""
    return tuple(_Divided(text).parts())


class _Divided:
    """Goes through a text part by part."""

    def __init__(self, text: str) -> None:
        self._text = text
        plain = [(place, shown) for place, char in enumerate(text) if (shown := _plain(char))]
        self._places = [*(place for place, _ in plain), len(text)]
        """Where each character of `_line` stands in the text: invisible ones are left out."""
        self._line = "".join(shown for _, shown in plain)

    def parts(self) -> Iterator[Part]:
        """Each word and term."""
        at, line = 0, self._line
        while at < len(line):
            if line[at] == " ":
                at += 1
                continue
            start = at
            negated = line[at] == "-" and line[at + 1 : at + 2].strip(" ") != ""
            at += negated
            name = sign = ""
            if found := _TERM.match(line, at):
                name, sign = found[1], _SIGNS.get(found[2], found[2])
                at = found.end()
            value_at = at
            quoted = line[at : at + 1] == '"'
            at, value = self._quoted(at) if quoted else self._bare(at)
            places = (self._places[each] for each in (start, value_at, at))
            yield Part(value, name, sign, negated, quoted, *places)

    def _bare(self, at: int) -> tuple[int, str]:
        """Where a value without quotes ends, and its text."""
        end = self._line.find(" ", at)
        end = len(self._line) if end < 0 else end
        return end, self._text[self._places[at] : self._places[end]]

    def _quoted(self, at: int) -> tuple[int, str]:
        """Where a value in quotes ends, and its text; two quotes in a row stand for one."""
        pieces: list[str] = []
        at += 1
        while True:
            end = self._line.find('"', at)
            if end < 0:
                return len(self._line), "".join([*pieces, self._slice(at, len(self._line))])
            pieces.append(self._slice(at, end))
            if self._line[end + 1 : end + 2] != '"':
                return end + 1, "".join(pieces)
            pieces.append(self._slice(end, end + 1))
            at = end + 2

    def _slice(self, start: int, end: int) -> str:
        # With what is invisible before it.
        return self._text[self._places[start - 1] + 1 : self._places[end]]


def _plain(char: str) -> str:
    """A character as it counts here: one plain character, or nothing for an invisible one."""
    if char.isascii():
        return " " if char.isspace() else char.lower()
    if unicodedata.category(char).startswith("M"):
        return _MARK
    if char in "≥≤":
        return char
    same = unicodedata.normalize("NFKC", char)
    if same in (":", "<", ">", "="):
        return same
    folded = fold(char)
    # A crossed-out sign is not the sign.
    return folded if len(folded) < 2 and folded not in ("<", ">", "=") else "?"


def quote(value: str) -> str:
    """A value as it has to be written, in quotes where it needs them."""
    plain = [_plain(char) for char in value]
    if value and not {" ", '"', ""}.intersection(plain) and plain[0] not in _SPECIAL:
        return value
    doubled = (char * 2 if shown == '"' else char for char, shown in zip(value, plain, strict=True))
    return '"' + "".join(doubled) + '"'


def with_term(text: str, name: str, value: str) -> str:
    """A filter with `name:value` in place of its terms of that name that are not negated; just without them if there
    is no value, which has to be written as `quote` writes it."""
    kept = [text[part.start : part.end] for part in split(text) if part.name != name or part.negated]
    return " ".join([*kept, *([f"{name}:{value}"] if value else [])])


def words_start(text: str) -> int:
    """Where the words behind the last term begin; one place behind the text where a space is missing for them."""
    ends = [part.end for part in split(text) if part.name]
    return ends[-1] + 1 if ends else 0


def closest(given: str, names: Sequence[str]) -> str:
    """The most similar of `names`; empty if none is similar."""
    from difflib import get_close_matches

    folded = {fold(name): name for name in reversed(names)}
    found = get_close_matches(fold(given)[:100], list(folded), n=1)
    return folded[found[0]] if found else ""


def unknown_words(number: int, noun: str = "row") -> str:
    """How many rows may match and may not, as a sentence; empty for none."""
    if not number:
        return ""
    return f"For {count(number, noun)} it is not known whether {'it matches' if number == 1 else 'they match'}."
