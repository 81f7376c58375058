"""Pages whose rows are found by a filter of their own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

from semtui.organization.filters.language import FilterError
from semtui.organization.filters.row_filter import RowMatches
from semtui.tui.content.marked_rows import RowT
from semtui.tui.content.page import PageContent

if TYPE_CHECKING:
    from semtui.organization.filters.completion import Vocabulary
    from semtui.organization.filters.row_filter import RowFilter
    from semtui.organization.people import People
    from semtui.organization.projects import Projects


class FilteredContent(PageContent[RowT]):
    """Finds its rows among `everything`; what was found last is kept until the lists or the search change."""

    _found = RowMatches([], 0)
    _found_for: tuple[People, Projects, str] | None = None
    """What `_found` was worked out from."""

    @property
    @abstractmethod
    def everything(self) -> Sequence[RowT]:
        """Every row, whatever the search."""

    @property
    @abstractmethod
    def row_filter(self) -> RowFilter:
        """Finds rows by a text."""

    @property
    def found(self) -> RowMatches:
        """The rows that the search line finds, in no order."""
        people, projects, search = self.store.people, self.store.projects, self.view.search
        before = self._found_for
        if before is None or before[0] is not people or before[1] is not projects or before[2] != search:
            self._found_for = (people, projects, search)
            try:
                self._found, self.lapsed = self.row_filter.matches(self.everything, search), ""
            except FilterError as error:
                self._found, self.lapsed = RowMatches([], 0), str(error)
        return self._found

    @property
    def unknown(self) -> int:
        """For how many rows it is not known whether the search finds them."""
        return self.found.unknown

    def problem(self, text: str) -> str:
        """Why a text cannot be understood; empty if it can."""
        try:
            self.row_filter.matches(self.everything, text)
        except FilterError as error:
            return str(error)
        return ""

    @property
    def vocabulary(self) -> Vocabulary:
        """What the search line understands besides words."""
        return self.row_filter.vocabulary(self.everything)
