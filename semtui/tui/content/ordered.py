"""The order of a page's rows, by one of its columns."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import Any, ClassVar

from semtui.organization.query import View
from semtui.settings import screen_settings

_SORT_NAMES = {"age": "token age", "web": "the web page's order"}


def sort_name(column: str) -> str:
    """What a column to sort by is called in a sentence."""
    return _SORT_NAMES.get(column, column)


class OrderedContent:
    """What narrows and sorts the rows of a page."""

    SORTS: ClassVar[tuple[str, ...]]
    """The columns the rows can be sorted by; the first is the usual one."""
    FALLING: ClassVar[tuple[str, ...]] = ()
    """Those of them whose largest value comes first."""

    def __init__(self) -> None:
        self.view = View(sort=self.SORTS[0])
        sort, reverse = self.usual_order()
        self.view = replace(self.view, sort=sort, reverse=reverse)

    @property
    @abstractmethod
    def tab(self) -> str:
        """Name of the tab whose rows are shown."""

    def usual_order(self) -> tuple[str, bool]:
        """The column this tab is sorted by at first, and whether the other way round."""
        return screen_settings.own().sort.get(self.tab, (self.sorts[0], False))

    def narrow(self, **changes: Any) -> None:
        """Change fields of the view: `kind`, `search`, `sort` or `reverse`."""
        self.view = replace(self.view, **changes)

    @property
    def sorts(self) -> tuple[str, ...]:
        """The columns that the rows shown can be sorted by; the first is the usual one."""
        return self.SORTS

    def sort_by(self, column: str) -> None:
        """Sort by a column; by the same one again, the other way round."""
        self.narrow(sort=column, reverse=column == self.view.sort and not self.view.reverse)

    def sort_step(self, columns: int) -> None:
        """Sort by the column so many further to the right, or to the left of the present one."""
        sorts = self.sorts
        self.sort_by(sorts[(sorts.index(self.view.sort) + columns) % len(sorts)])

    @property
    def sort_arrow(self) -> str:
        """▲ for rising order, ▼ for falling."""
        return "▼" if (self.view.sort in self.FALLING) != self.view.reverse else "▲"

    @property
    def sort_words(self) -> str:
        """The present order in words: `name`, `token age, reversed`."""
        return f"{sort_name(self.view.sort)}{', reversed' if self.view.reverse else ''}"
