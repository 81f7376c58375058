"""The search line of a page."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from semtui.tui.content.ordered import OrderedContent
from semtui.wording import lists as list_words
from semtui.wording.styled_text import Piece

if TYPE_CHECKING:
    from semtui.organization.filters.completion import Completion, Vocabulary


Lines = list[list[Piece]]


class SearchedContent(OrderedContent):
    """What the search line of a page finds."""

    SEARCH_HINT: ClassVar[str]
    TERM_HINT: ClassVar[str]
    """Terms to name while somebody searches."""

    def __init__(self) -> None:
        super().__init__()
        self.latest_search = ""
        """The last search, also after it was dropped."""
        self.lapsed = ""
        """Why the search line is no longer understood, since the lists have changed."""

    @abstractmethod
    def rows(self) -> Sequence[Any]:
        """The rows that are found; none, with `lapsed` set, where the search line is no longer understood."""

    @property
    @abstractmethod
    def unknown(self) -> int:
        """For how many rows it is not known whether the search finds them."""

    @abstractmethod
    def problem(self, text: str) -> str:
        """Why a text cannot be understood; empty if it can."""

    @property
    @abstractmethod
    def vocabulary(self) -> Vocabulary:
        """What the search line understands besides words."""

    def narrow(self, **changes: Any) -> None:
        """Change fields of the view, and remember the search."""
        super().narrow(**changes)
        self.latest_search = self.view.search.strip() or self.latest_search

    def find(self, text: str) -> str:
        """Narrow the rows by words and terms; if they cannot be understood, leave the rows and say why."""
        problem = self.problem(text)
        if not problem:
            self.narrow(search=text)
        return problem

    def typed(self, text: str, cursor: int) -> str:
        """Narrow the rows by a text that is being typed; leave them and say why where it is not understood, or where
        nothing matches and the word at the cursor begins a term."""
        before = self.view
        problem = self.find(text)
        if problem or self.rows():
            return problem
        from semtui.organization.filters.completion import begun
        from semtui.wording.filters import begun_words

        if not (terms := begun(text, cursor, self.vocabulary)):
            return ""
        self.view = before
        return begun_words(terms)

    def completed(self, text: str, cursor: int) -> Completion:
        """The search line with the name or value of a term completed."""
        from semtui.organization.filters.completion import complete

        return complete(text, cursor, self.vocabulary)

    def placeholder(self) -> Lines:
        """What to show when there are no rows: the reason, and what helps."""
        return list_words.lapsed(self.lapsed) if self.lapsed else self.why_empty()

    @abstractmethod
    def why_empty(self) -> Lines:
        """Why there are no rows, though the search line is understood."""

    def found_words(self) -> str:
        """For how many rows it is not known whether the search finds them, as a sentence; empty for none."""
        from semtui.organization.filters.language import unknown_words

        return unknown_words(self.unknown)
