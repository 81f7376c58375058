"""The search line of a page."""

from __future__ import annotations

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

    def completed(self, text: str, cursor: int) -> Completion:
        """The search line with the word at the cursor completed, where `COMPLETES` is true."""
        raise NotImplementedError

    def found_words(self) -> str:
        """What else to know of the rows found, as a sentence; empty for nothing."""
        return ""
