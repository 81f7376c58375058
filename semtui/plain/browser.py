"""Lists rows a few at a time; the user searches by words and chooses by number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, TypeVar

from semtui.organization.filters.language import FilterError, unknown_words
from semtui.plain.console import Console
from semtui.text.counting import count
from semtui.text.folding import haystack, holds, search_words

T = TypeVar("T")
ROWS_AT_ONCE = 15


@dataclass(frozen=True)
class Command(Generic[T]):
    """A letter that can be typed besides a number and words."""

    words: str
    """What the command is called in the question, with its letter."""
    help: str
    work: Callable[[Sequence[T]], str | None]
    """What it does with the listed rows; returns what to search for then, None for the same as before."""


class Found(list[T]):
    """Rows that were found, and for how many more it is not known."""

    def __init__(self, rows: Iterable[T], unknown: int = 0) -> None:
        super().__init__(rows)
        self.remark = unknown_words(unknown)


@dataclass
class LastSearch:
    """What was searched for last, also after all rows were listed again."""

    text: str = ""


class Browser(Generic[T]):
    """`rows` returns the rows that match some words, `words` describes a row; `noun` is the word for one row."""

    def __init__(
        self,
        console: Console,
        noun: str,
        rows: Callable[[str], Sequence[T]],
        words: Callable[[T], str],
        *,
        commands: Mapping[str, Command[T]] = MappingProxyType({}),
        search_help: str = "Words find rows that contain all of them;",
        last_search: LastSearch | None = None,
    ) -> None:
        self._console = console
        self._noun = noun
        self._rows = rows
        self._words = words
        self._commands = commands
        self._search_help = search_help
        self._last_search = last_search or LastSearch()
        self._search = ""
        self._remark = ""
        self._searched = False
        """Whether the last answer was words to find."""
        self._shown: list[T] = []
        """The rows by number, as they were when they were listed."""
        self._next = 0

    def choose(self) -> T | None:
        """Let the user choose a row by number; None if nothing is chosen."""
        self._begin()
        return self._choose()

    def each(self, opened: Callable[[T], None]) -> None:
        """Let the user open one row after another, until nothing is chosen."""
        self._begin()
        while (row := self._choose()) is not None:
            opened(row)
            now = self._look(self._search)
            if now is None:
                self._begin("")
            elif self._still_numbered(now):
                self._console.say(f"Back in the list of {self._count}.")
            else:
                self._console.complain("The list has changed; its numbers are new.")
                self._begin()

    def _look(self, search: str) -> list[T] | None:
        """The rows a search finds; None if it is not understood, which is said."""
        try:
            found = self._rows(search)
        except FilterError as error:
            self._console.complain(str(error))
            return None
        self._remark = found.remark if isinstance(found, Found) else ""
        return list(found)

    def _still_numbered(self, now: list[T]) -> bool:
        """Whether every number still stands for the row that was listed with it; refreshes the rows."""
        if now != self._shown and [self._said(row) for row in now] != [self._said(row) for row in self._shown]:
            return False
        self._shown = now
        return True

    def _said(self, row: T) -> tuple[object, str]:
        return getattr(row, "id", row), self._words(row)

    @property
    def _count(self) -> str:
        return count(len(self._shown), self._noun).replace("persons", "people")

    @property
    def _with_words(self) -> str:
        return f" with “{self._search}”" if self._search else ""

    def _begin(self, search: str | None = None) -> None:
        """List the rows anew, of another search if one is given; one that is not understood changes nothing, which is
        said."""
        wanted = self._search if search is None else search
        found = self._look(wanted)
        if found is None and search is None:
            # The lists have changed.
            wanted, found = "", self._look("")
        if found is None:
            self._console.say(f"This is still the list of {self._count}{self._with_words}.")
            return
        self._search, self._shown, self._next = wanted, found, 0
        self._last_search.text = wanted or self._last_search.text
        self._console.say(" ".join(filter(None, (f"{self._count}{self._with_words}.", self._remark))))
        self._say_more()

    def _say_more(self) -> None:
        start, self._next = self._next, min(self._next + ROWS_AT_ONCE, len(self._shown))
        for number, row in enumerate(self._shown[start : self._next], start=start + 1):
            self._console.say(f"{number}. {self._words(row)}", 4)

    def _is_search(self, typed: str) -> bool:
        return typed not in ("", "0", "q", "?", ".", *self._commands) and not _is_number(typed)

    def _choose(self) -> T | None:
        self._searched = False
        while True:
            left = len(self._shown) - self._next
            more = f"Enter for {left} more" if left else "Enter"
            back = "all rows" if self._search else "back"
            again = [". last search"] if self._last_search.text not in ("", self._search) else []
            letters = (command.words for command in self._commands.values())
            offers = ", ".join(["Number or words to find", *letters, *again])
            typed = self._console.ask(f"{offers}, {more}{', 0' if left else ' or 0'} {back}").strip()
            if typed == "" and left:
                self._say_more()
            elif self._searched and self._console.typed_ahead and self._is_search(typed):
                # Nobody has seen what the first found; a paste of several lines is one search and a mistake.
                self._console.drop_behind(f"Only the first line, “{self._search}”, was searched for.")
            elif typed in ("", "0"):
                if not self._search:
                    return None
                self._find("")
            elif _is_number(typed):
                if 0 < int(typed) <= len(self._shown):
                    return self._shown[int(typed) - 1]
                self._console.complain(f"There is no number {typed}.")
            else:
                self._command(typed)

    def _command(self, typed: str) -> None:
        if typed == "q":
            self._console.leave()
        elif typed == "?":
            more = " ".join(command.help for command in self._commands.values())
            self._console.help(
                f"{self._search_help} . repeats the last search; /q finds a single letter, a number or a dot. {more}"
            )
        elif typed == ".":
            self._repeat()
        elif typed in self._commands:
            self._begin(self._commands[typed].work(tuple(self._shown)))
        else:
            self._find(typed.removeprefix("/").strip())

    def _repeat(self) -> None:
        if self._last_search.text:
            self._find(self._last_search.text)
        else:
            self._console.complain("Nothing was searched for yet.")

    def _find(self, words: str) -> None:
        self._begin(words)
        self._searched = bool(words) and self._search == words


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) < 10


def holding(words: str, *texts: str) -> bool:
    """Whether every word of the search occurs in one of these texts."""
    return holds(haystack(*texts), search_words(words))
