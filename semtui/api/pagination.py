"""Reads paged lists: several pages at a time, merged by id, to the end of the list.
`linked_pages.py` reads lists whose pages name the next one.

The end is judged by what arrived and whether the answers agree, never by what was requested: a server may send fewer
rows per page than requested (`API.md#paging-accounts`), and an answer may be short or say nothing. The first page is
requested alone, because most organizations have no other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from semtui.api.errors import IncompleteListError, UnexpectedAnswerError
from semtui.text.counting import count

CONCURRENT_PAGES = 4
"""Pages requested at the same time (`SECURITY.md#r15-reads-are-polite`)."""
_MOST_PAGES = 10_000
_MOST_ROWS = 200_000
_SAME_PAGE = "the same page over and over"
_MOST_WITHOUT_NEW_ROWS = 2
"""Pages in a row without a new row that end a list. One is not enough, because Community sends its first page twice
(`API.md#paging-members`)."""


class Item(Protocol):
    """Anything with an id can be listed."""

    @property
    def id(self) -> str:
        """Unique in its list."""


T = TypeVar("T", bound=Item)
OnItems = Callable[[Sequence[Any]], None]
"""Called with a page's new items once it is known that more pages will be requested."""


class EndlessError(Exception):
    """A list does not end; the text says what is sent instead of an end."""


class PartialError(Exception):
    """A list has ended, but the answers contradict each other about its length, or do not say it.

    The text says so, worded to follow the name of a host."""

    def __init__(self, words: str, items: Sequence[Any]) -> None:
        super().__init__(words)
        self.items = tuple(items)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list."""

    items: Sequence[T]
    total: int = 0
    """How many pages there are; 0 if the answer does not say."""
    following: str = ""
    """The name of the next page; "" if there is none, or if pages are numbered."""
    more: bool | None = None
    """Whether the answer says that another page follows; None if it does not say."""


@dataclass(frozen=True, slots=True)
class ListShape:
    """How a list was read: pages, rows, duplicates."""

    pages: int
    """How many of the pages had new rows."""
    per_page: int
    """Rows of the fullest page."""


def _ignore_items(items: Sequence[Any]) -> None:
    pass


def _ignore_shape(shape: ListShape) -> None:
    pass


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read a list, and what to call while reading."""

    on_items: OnItems = _ignore_items
    known: Mapping[str, Any] = field(default_factory=dict)
    """Items read before, by id. Those still equal are reused, so that reloading a long list takes no more memory."""
    size: int = 0
    """Rows to request per page; 0 for as many as Semaphore allows."""
    on_shape: Callable[[ListShape], None] = _ignore_shape
    """Called at the end with how the list was read, whole or not."""


WHOLE = ReadOptions()
"""Reads just the whole list."""


class ListBuilder(Generic[T]):
    """Merges the pages of a list by id as they arrive."""

    def __init__(self, reading: ReadOptions) -> None:
        self._found: dict[str, T] = {}
        self._reading = reading
        self._unreported: list[T] = []
        self._pages_with_new_rows = 0
        self.pages_without_new_rows = 0
        """How many pages in a row, up to the latest, had no new rows."""
        self.lengths: list[int] = []
        """Rows of each page."""

    def add(self, page: Page[T]) -> None:
        """Merge a page."""
        known = self._reading.known
        items = [before if (before := known.get(item.id)) == item else item for item in page.items]
        new = [item for item in items if item.id not in self._found]
        self._found |= {item.id: item for item in items}
        self._unreported += new
        self._pages_with_new_rows += bool(new)
        self.pages_without_new_rows = 0 if new else self.pages_without_new_rows + 1
        self.lengths.append(len(page.items))

    def expect_more(self) -> None:
        """Report the new rows, since more pages will be requested. Raises EndlessError if the same rows keep coming, or
        before an endless list fills this computer's memory."""
        if self.pages_without_new_rows >= _MOST_WITHOUT_NEW_ROWS and self.lengths[-1]:
            raise EndlessError(_SAME_PAGE)
        if len(self.lengths) >= _MOST_PAGES:
            raise EndlessError(f"more than {_MOST_PAGES:,} pages")
        if len(self._found) > _MOST_ROWS:
            raise EndlessError(f"more than {_MOST_ROWS:,} rows")
        reported, self._unreported = self._unreported, []
        if reported:
            self._reading.on_items(reported)

    @property
    def number(self) -> int:
        """How many distinct rows there are."""
        return len(self._found)

    @property
    def fullest(self) -> int:
        """Rows of the fullest page: the best guess at this server's page size."""
        return max(self.lengths, default=0)

    def finish(self, doubt: str = "") -> tuple[T, ...]:
        """All rows, once the list has ended. Raises PartialError if `doubt` says why some may be missing."""
        self._reading.on_shape(ListShape(self._pages_with_new_rows, self.fullest))
        items = tuple(self._found.values())
        if doubt:
            raise PartialError(doubt, items)
        return items


@contextmanager
def complete_list(host: str, what: str) -> Iterator[None]:
    """Translate the errors of reading a list: EndlessError into UnexpectedAnswerError, PartialError into
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

    Community counts from 1 and answers page 0 with page 1 (`API.md#paging-members`), so there may be one more number
    than pages. For groups the number of pages is not known (API.md#paging-groups).
    """
    builder: ListBuilder[T] = ListBuilder(reading)
    wave = 1
    while True:
        number = len(builder.lengths)
        pages = await gather_or_cancel(ask(number + ahead) for ahead in range(wave))
        for page in pages:
            builder.add(page)
        total = pages[-1].total
        if not _more_expected(builder, total):
            return builder.finish(_doubt_of_numbered(builder, total))
        builder.expect_more()
        number += wave
        wave = max(1, min(CONCURRENT_PAGES, total + 1 - number)) if total > 0 else min(number + 1, CONCURRENT_PAGES)


def _more_expected(builder: ListBuilder[T], total: int) -> bool:
    """Whether to request more: a list has ended when the page after its last one is empty."""
    if builder.lengths[-1]:
        return True
    if not _is_told(builder, total):
        return builder.pages_without_new_rows < _MOST_WITHOUT_NEW_ROWS
    missing = len(builder.lengths) < total or _rows_missing(builder, total)
    return missing and builder.pages_without_new_rows < CONCURRENT_PAGES


def _is_told(builder: ListBuilder[T], total: int) -> bool:
    """Whether the number of pages is given, and not contradicted by more rows than fit in them."""
    return total > 0 and total * builder.fullest >= builder.number


def _rows_missing(builder: ListBuilder[T], total: int) -> bool:
    """Whether fewer rows came than that many pages must have."""
    return builder.number <= (total - 1) * builder.fullest


def _doubt_of_numbered(builder: ListBuilder[T], total: int) -> str:
    """Why the list may be incomplete; "" if nothing suggests it."""
    if _is_told(builder, total) and _rows_missing(builder, total):
        return f"announces {count(total, 'page')} and sends {count(builder.number, 'row')}"
    last = max((place for place, length in enumerate(builder.lengths) if length), default=0)
    if any(length < builder.fullest for length in builder.lengths[:last]):
        return "sends a page that is not full before the last one"
    return ""


# Pages that say whether more follow


async def pages_until_last(
    ask: Callable[[int], Awaitable[Page[T]]], most: int, reading: ReadOptions = WHOLE
) -> tuple[T, ...]:
    """Pages 1, 2, 3, ... until one says that no more follow; a short or empty one is not the end. Raises EndlessError.

    If the pages do not say, only requesting more shows that there are none.
    """
    builder: ListBuilder[T] = ListBuilder(reading)
    for number in range(1, most + 1):
        page = await ask(number)
        builder.add(page)
        if page.more is False or (
            page.more is None and builder.pages_without_new_rows >= _MOST_WITHOUT_NEW_ROWS and not page.items
        ):
            return builder.finish()
        if page.more is None:
            builder.expect_more()
    raise EndlessError(f"more than {most:,} pages")


async def gather_or_cancel(asked: Iterable[Awaitable[Page[T]]]) -> list[Page[T]]:
    """Await all; if one fails, cancel the others."""
    import asyncio

    tasks = [asyncio.ensure_future(each) for each in asked]
    try:
        # One by one: `asyncio.gather` would keep every page alive until the next garbage collection.
        return [await task for task in tasks]
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
