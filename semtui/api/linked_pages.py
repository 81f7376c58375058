"""Reads lists whose pages name the next one, as the list of service accounts does (`API.md#paging-accounts`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from semtui.api.errors import RefusedError
from semtui.api.pagination import (
    CONCURRENT_PAGES,
    WHOLE,
    Item,
    ListBuilder,
    Page,
    ReadOptions,
    gather_or_cancel,
)
from semtui.text.counting import count

T = TypeVar("T", bound=Item)


async def linked_pages(
    ask: Callable[[str], Awaitable[Page[T]]], size: int, reading: ReadOptions = WHOLE, *, counted: bool = True
) -> tuple[T, ...]:
    """The first page, named "", the one it names as `following`, and so on. Raises EndlessError and PartialError.

    If `counted`, a name is the number of rows before the page (`API.md#paging-accounts`), so the next names can be
    guessed. A guess counts only if the page before names the same. After the last page, more rows are looked for by
    their number. Otherwise names mean nothing (`API.md#organization-secrets`).
    """
    chain = _LinkedPages(ask, size, ListBuilder(reading), counted=counted)
    last: Page[T] | None = await chain.follow("")
    while last is not None:
        last = await chain.behind(last)
    return chain.builder.finish(chain.doubt)


class _LinkedPages(Generic[T]):
    """Pages of which each names the next."""

    def __init__(
        self, ask: Callable[[str], Awaitable[Page[T]]], size: int, builder: ListBuilder[T], *, counted: bool
    ) -> None:
        self.builder = builder
        self._ask = ask
        self._step = size
        self._counted = counted
        """Whether all names so far are numbers of rows."""
        self._reached = 0
        """The number of rows up to the last one that arrived or was counted."""
        self._words = ""

    async def follow(self, name: str) -> Page[T]:
        """Read the pages from `name` on, as each names the next; returns the last."""
        names = [name]
        while True:
            pages = await gather_or_cancel(self._ask(each) for each in names)
            for each, page, guess in zip(names, pages, [*names[1:], None], strict=True):
                self._add(each, page)
                if not page.following:
                    return page
                self.builder.expect_more()
                if page.following != guess:
                    names = self._guesses(each, page.following)
                    break

    def _add(self, name: str, page: Page[T]) -> None:
        self.builder.add(page)
        before, after = _count(name or "0"), _count(page.following or "0")
        if before is None or after is None:
            self._counted = False
        else:
            self._reached = max(self._reached, after, before + len(page.items) if page.items else 0)

    def _guesses(self, name: str, following: str) -> list[str]:
        before, after = _count(name or "0"), _count(following)
        if not self._counted or before is None or after is None:
            return [following]
        # A server may send fewer rows than requested.
        self._step = after - before if after > before else self._step
        return [following, *(str(after + ahead * self._step) for ahead in range(1, CONCURRENT_PAGES))]

    async def behind(self, page: Page[T]) -> Page[T] | None:
        """The last of the pages found after `page`, which names none; None if nothing new was found."""
        builder = self.builder
        if not page.items and builder.number:
            self._words = "names a page that it then sends empty"
        if not self._counted:
            self._note_missing_link(page)
            return None
        counts = {builder.number, self._reached}
        if page.more is None or not page.items:
            # Skip a page that may have come empty.
            counts.add(self._reached + builder.fullest)
        for start in sorted(counts):
            known = builder.number
            try:
                found = await self._ask(str(start))
            except RefusedError:
                self._note_missing_link(page)
                return None
            self._add(str(start), found)
            if builder.number > known:
                builder.expect_more()
                return await self.follow(found.following) if found.following else found
        if not builder.number:
            # Even for an empty list Semaphore says that nothing follows.
            self._note_missing_link(page)
        return None

    def _note_missing_link(self, page: Page[T]) -> None:
        if page.more is None:
            self._words = "does not say whether more rows follow"

    @property
    def doubt(self) -> str:
        """Why the list may be incomplete; "" if nothing suggests it."""
        number = self.builder.number
        if self._counted and self._reached > number:
            return f"counts {count(self._reached, 'row')} and sends {number:,}"
        return self._words


def _count(name: str) -> int | None:
    """The number of rows a name stands for; None if it is not a number."""
    # Python refuses to parse thousands of digits, and no list is that long.
    return int(name) if name.isascii() and name.isdigit() and len(name) < 19 else None
