"""The search line of a page."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from semtui.tui.content.ordered import OrderedContent

if TYPE_CHECKING:
    from semtui.organization.filters.completion import Completion


class SearchedContent(OrderedContent):
    """What the search line of a page finds."""

    SEARCH_HINT: ClassVar[str]
    COMPLETES: ClassVar[bool] = False
    """Whether the search line takes terms, which tab completes."""

    def __init__(self) -> None:
        super().__init__()
        self.latest_search = ""
        """The last search, also after it was dropped."""

    def narrow(self, **changes: Any) -> None:
        """Change fields of the view, and remember the search."""
        super().narrow(**changes)
        self.latest_search = self.view.search.strip() or self.latest_search

    def find(self, text: str) -> str:
        """Narrow the rows by the text of the search line; if it cannot be understood, leave them and say why."""
        self.narrow(search=text)
        return ""

    @abstractmethod
    def rows(self) -> Sequence[Any]:
        """The rows that are found."""

    def typed(self, text: str) -> str:
        """Narrow the rows by a text that is being typed; leave them and say why where it is not understood, or where
        nothing matches and its last word begins a term."""
        before = self.view
        problem = self.find(text)
        if problem or not self.COMPLETES or self.rows():
            return problem
        from semtui.organization.filters.completion import begun
        from semtui.wording.filters import begun_words

        if not (terms := begun(text)):
            return ""
        self.view = before
        return begun_words(terms)

    def completed(self, text: str, cursor: int) -> Completion:
        """The search line with the word at the cursor completed, where `COMPLETES` is true."""
        raise NotImplementedError

    def found_words(self) -> str:
        """What else to know of the rows found, as a sentence; empty for nothing."""
        return ""
