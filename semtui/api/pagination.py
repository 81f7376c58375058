"""Reads paged lists: several pages at a time, merged by id, until the list has ended.
`linked_pages.py` reads those whose pages name each other.

The end is judged by what arrived and whether the answers agree with each other, never by what was asked for: a
server may send fewer rows per page than requested (`API.md#paging-accounts`), and an answer may be short or
silent. The first page is asked for alone; most organizations have no other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from semtui.api.errors import IncompleteListError, UnexpectedAnswerError
from semtui.text.counting import count

AT_ONCE = 4
"""Pages asked for at the same time (`SECURITY.md#r15-reads-are-polite`)."""
_MOST_PAGES = 10_000
_MOST_ROWS = 200_000
_OVER_AND_OVER = "the same page over and over"
_QUIET = 2
"""Pages in a row that bring nothing new, after which nothing more is expected. One is no end, for Community sends its
first page twice (`API.md#paging-members`)."""


class Item(Protocol):
    """Anything with an id can be listed."""

    @property
    def id(self) -> str:
        """What tells it apart in its list."""


T = TypeVar("T", bound=Item)
OnItems = Callable[[Sequence[Any]], None]
"""Told of the items of a page, but for those told of before, once it is known that more pages are asked for."""


class EndlessError(Exception):
    """A list does not end; the text says what is sent instead."""


class PartialError(Exception):
    """A list has ended, and the answers contradict each other about how much it holds, or do not tell.

    The text says so, to follow the name of a host."""

    def __init__(self, words: str, items: Sequence[Any]) -> None:
        super().__init__(words)
        self.items = tuple(items)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list."""

    items: Sequence[T]
    total: int = 0
    """How many pages there are; 0 where that is not told."""
    following: str = ""
    """What the next page is to be asked for with; empty where there is none, or where pages are numbered."""
    more: bool | None = None
    """Whether another page follows, in a word of its own; None where that is not told."""


@dataclass(frozen=True, slots=True)
class ListShape:
    """How a list was read: pages, rows, duplicates."""

    pages: int
    """How many of its pages brought something new."""
    per_page: int
    """Rows of the fullest."""


def _ignore_items(items: Sequence[Any]) -> None:
    pass


def _ignore_shape(shape: ListShape) -> None:
    pass


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Options and callbacks for reading a list."""

    on_items: OnItems = _ignore_items
    known: Mapping[str, Any] = field(default_factory=dict)
    """Items read before, by id. One that is still the same is kept in place of its double, so that a long list read
    again takes no second memory."""
    size: int = 0
    """Rows to ask for at a time; 0 for as many as Semaphore allows."""
    on_shape: Callable[[ListShape], None] = _ignore_shape
    """Told at the end how the list came, whole or not."""


WHOLE = ReadOptions()
"""Reads just the whole list."""


class ListBuilder(Generic[T]):
    """What has been read of a list."""

    def __init__(self, reading: ReadOptions) -> None:
        self._found: dict[str, T] = {}
        self._reading = reading
        self._untold: list[T] = []
        self._pages_with_news = 0
        self.quiet = 0
        """Pages in a row, the last ones, that brought nothing new."""
        self.lengths: list[int] = []
        """Rows of each page."""

    def add(self, page: Page[T]) -> None:
        """Merge a page."""
        known = self._reading.known
        items = [before if (before := known.get(item.id)) == item else item for item in page.items]
        new = [item for item in items if item.id not in self._found]
        self._found |= {item.id: item for item in items}
        self._untold += new
        self._pages_with_news += bool(new)
        self.quiet = 0 if new else self.quiet + 1
        self.lengths.append(len(page.items))

    def go_on(self) -> None:
        """More pages are asked for. Raises EndlessError where the same rows come again and again, and before a list
        without an end takes all of this computer's memory."""
        if self.quiet >= _QUIET and self.lengths[-1]:
            raise EndlessError(_OVER_AND_OVER)
        if len(self.lengths) >= _MOST_PAGES:
            raise EndlessError(f"more than {_MOST_PAGES:,} pages")
        if len(self._found) > _MOST_ROWS:
            raise EndlessError(f"more than {_MOST_ROWS:,} rows")
        told, self._untold = self._untold, []
        if told:
            self._reading.on_items(told)

    @property
    def number(self) -> int:
        """How many rows there are, each counted once."""
        return len(self._found)

    @property
    def fullest(self) -> int:
        """Rows of the fullest page: what a page holds on this server, as far as that shows."""
        return max(self.lengths, default=0)

    def ended(self, doubt: str = "") -> tuple[T, ...]:
        """Everything, the list having ended. Raises PartialError where `doubt` says why that may be less than it
        holds."""
        self._reading.on_shape(ListShape(self._pages_with_news, self.fullest))
        items = tuple(self._found.values())
        if doubt:
            raise PartialError(doubt, items)
        return items


@contextmanager
def complete_list(host: str, what: str) -> Iterator[None]:
    """Tells of a list that does not end, or whose pages contradict each other. Raises UnexpectedAnswerError and
    IncompleteListError."""
    try:
        yield
    except EndlessError as error:
        raise UnexpectedAnswerError(f"{host} sends {error} of {what}, so the list is not complete.") from None
    except PartialError as error:
        raise IncompleteListError(f"{host} {error}, so the list of {what} may not be complete.", error.items) from None


# Numbered pages


async def numbered_pages(ask: Callable[[int], Awaitable[Page[T]]], reading: ReadOptions = WHOLE) -> tuple[T, ...]:
    """Pages 0, 1, 2, ... to the end. Raises EndlessError and PartialError.

    Community counts from 1 and answers page 0 as page 1 (`API.md#paging-members`), so there may be one number more than
    pages. Of groups it is not told how many pages there are (API.md#paging-groups).
    """
    gathering: ListBuilder[T] = ListBuilder(reading)
    wave = 1
    while True:
        number = len(gathering.lengths)
        pages = await gather_or_cancel(ask(number + ahead) for ahead in range(wave))
        for page in pages:
            gathering.add(page)
        total = pages[-1].total
        if not _more_expected(gathering, total):
            return gathering.ended(_doubt_of_numbered(gathering, total))
        gathering.go_on()
        number += wave
        wave = max(1, min(AT_ONCE, total + 1 - number)) if total > 0 else min(number + 1, AT_ONCE)


def _more_expected(gathering: ListBuilder[T], total: int) -> bool:
    """Whether to ask for more: a list ends where the page after its last one comes empty."""
    if gathering.lengths[-1]:
        return True
    if not _is_told(gathering, total):
        return gathering.quiet < _QUIET
    missing = len(gathering.lengths) < total or _rows_missing(gathering, total)
    return missing and gathering.quiet < AT_ONCE


def _is_told(gathering: ListBuilder[T], total: int) -> bool:
    """Whether the number of pages is told, and not belied by more rows than they hold."""
    return total > 0 and total * gathering.fullest >= gathering.number


def _rows_missing(gathering: ListBuilder[T], total: int) -> bool:
    """Whether so few rows came that fewer pages would hold them."""
    return gathering.number <= (total - 1) * gathering.fullest


def _doubt_of_numbered(gathering: ListBuilder[T], total: int) -> str:
    """Why the list may be incomplete; empty if nothing suggests it."""
    if _is_told(gathering, total) and _rows_missing(gathering, total):
        return f"tells of {count(total, 'page')} and sends {count(gathering.number, 'row')}"
    last = max((place for place, length in enumerate(gathering.lengths) if length), default=0)
    if any(length < gathering.fullest for length in gathering.lengths[:last]):
        return "sends a page that is not full before the last one"
    return ""


# Pages that say whether more follow


async def pages_until_last(
    ask: Callable[[int], Awaitable[Page[T]]], most: int, reading: ReadOptions = WHOLE
) -> tuple[T, ...]:
    """Pages 1, 2, 3, ... until one says that no more follow; a short or empty one is no end. Raises EndlessError.

    Where that is not told, only asking for more shows that there are no more.
    """
    gathering: ListBuilder[T] = ListBuilder(reading)
    for number in range(1, most + 1):
        page = await ask(number)
        gathering.add(page)
        if page.more is False or (page.more is None and gathering.quiet >= _QUIET and not page.items):
            return gathering.ended()
        if page.more is None:
            gathering.go_on()
    raise EndlessError(f"more than {most:,} pages")


async def gather_or_cancel(asked: Iterable[Awaitable[Page[T]]]) -> list[Page[T]]:
    """Await all; when one fails, nobody needs the others any more."""
    import asyncio

    tasks = [asyncio.ensure_future(each) for each in asked]
    try:
        # One after the other: `gather` would keep every page until garbage is searched for.
        return [await task for task in tasks]
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
