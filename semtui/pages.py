"""Lists that come in pages: which pages to ask for, several at a time, merged by id, until the list has ended.

The first page is asked for alone; most organizations have no other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

AT_ONCE = 4
"""Pages asked for at the same time (`security.md` §6)."""
_MOST_PAGES = 10_000
_MOST_ROWS = 200_000
_OVER_AND_OVER = "the same page over and over"


class Item(Protocol):
    """Anything with an id can be listed."""

    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=Item)
News = Callable[[Sequence[Any]], None]
"""Told of the items of a page, but for those told of before, once it is known that more pages follow."""


class EndlessError(Exception):
    """A list does not come to an end; its text says what is sent instead."""


class Page(NamedTuple, Generic[T]):
    """One page of a list."""

    items: Sequence[T]
    total: int = 0
    """How many pages there are; 0 where that is not told."""
    following: str = ""
    """What the next page is to be asked for with; empty where there is none, or where pages are numbered."""


def _no_news(items: Sequence[Any]) -> None:
    pass


class Reading(NamedTuple):
    """What somebody who reads a list has and wants besides the whole of it."""

    news: News = _no_news
    known: Mapping[str, Any] = MappingProxyType({})
    """Items read before, by id. One that is still the same is kept in place of its double, so that a long list read
    again takes no second memory."""


WHOLE = Reading()
"""Just the whole list."""


class _Gathering(Generic[T]):
    """What has been read of a list."""

    def __init__(self, reading: Reading) -> None:
        self._found: dict[str, T] = {}
        self._reading = reading
        self._untold: list[T] = []
        self._pages_without_news = 0

    def add(self, page: Page[T]) -> None:
        """Merge a page."""
        known = self._reading.known
        items = [before if (before := known.get(item.id)) == item else item for item in page.items]
        new = [item for item in items if item.id not in self._found]
        self._found |= {item.id: item for item in items}
        self._untold += new
        self._pages_without_news = 0 if new else self._pages_without_news + 1

    def go_on(self) -> None:
        """More pages follow. Raises EndlessError when nothing new comes any more, and before a list without an end
        takes all of this computer's memory.

        One page without news is no end, for Community sends the first one twice (`api.md` §2.1).
        """
        if self._pages_without_news >= 2:
            raise EndlessError(_OVER_AND_OVER)
        if len(self._found) > _MOST_ROWS:
            raise EndlessError(f"more than {_MOST_ROWS:,} rows")
        told, self._untold = self._untold, []
        if told:
            self._reading.news(told)

    @property
    def items(self) -> tuple[T, ...]:
        return tuple(self._found.values())


async def numbered(ask: Callable[[int], Awaitable[Page[T]]], size: int, reading: Reading = WHOLE) -> tuple[T, ...]:
    """Pages 0, 1, 2, ... of `size` items until a short one. Raises EndlessError.

    Community counts from 1 and answers page 0 as page 1 (`api.md` §2.1), so there is one number more than pages.
    """
    gathering: _Gathering[T] = _Gathering(reading)
    number, wave = 0, 1
    while number < _MOST_PAGES:
        pages = await _together(ask(number + ahead) for ahead in range(wave))
        for page in pages:
            gathering.add(page)
        if any(len(page.items) < size for page in pages):
            return gathering.items
        gathering.go_on()
        number += wave
        wave = max(1, min(AT_ONCE, pages[-1].total - number))
    raise EndlessError(_OVER_AND_OVER)


async def linked(ask: Callable[[str], Awaitable[Page[T]]], size: int, reading: Reading = WHOLE) -> tuple[T, ...]:
    """The page of "", the one it names as `following`, and so on until one names none. Raises EndlessError.

    Names are counts of the rows before (`api.md` §2.12), so further ones can be guessed. A guess is believed only when
    the page before it names the very same.
    """
    gathering: _Gathering[T] = _Gathering(reading)
    names = [""]
    for _ in range(_MOST_PAGES):
        pages = await _together(ask(name) for name in names)
        for page, guess in zip(pages, [*names[1:], None], strict=True):
            gathering.add(page)
            if not page.following:
                return gathering.items
            gathering.go_on()
            if page.following != guess:
                names = _guesses(page.following, size)
                break
    raise EndlessError(_OVER_AND_OVER)


def _guesses(name: str, size: int) -> list[str]:
    # Python refuses to read numbers of thousands of digits, and no list is that long.
    if not (name.isascii() and name.isdigit() and len(name) < 19):
        return [name]
    return [name, *(str(int(name) + ahead * size) for ahead in range(1, AT_ONCE))]


async def _together(asked: Iterable[Awaitable[Page[T]]]) -> list[Page[T]]:
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
