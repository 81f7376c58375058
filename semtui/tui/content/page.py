"""What a page shows and allows, whatever it is about."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic

from semtui.changes.availability import session_obstacle
from semtui.text.counting import count
from semtui.tui.content.marked_rows import MarkedRows, RowT
from semtui.tui.content.ordered import sort_name
from semtui.tui.content.searched import Lines, SearchedContent
from semtui.wording import lists as list_words
from semtui.wording.styled_text import Line, Piece, Target, Tone

if TYPE_CHECKING:
    from semtui.changes.availability import RequestedAction
    from semtui.export.offer import Offer
    from semtui.organization.store import OrganizationStore


class PageContent(SearchedContent, ABC, Generic[RowT]):
    """The rows of one page, what is said of them, and what may be done to them.

    Reads the organization's store and changes nothing but its own view and marks.
    """

    LOADED: ClassVar[str]
    """What `load` loads, in a few words."""

    def __init__(self, store: OrganizationStore, warnings: tuple[str, ...] = ()) -> None:
        """`warnings` are sentences kept above the rows until the next reload."""
        self.store = store
        self.session = store.session
        super().__init__()
        self.marks = MarkedRows()
        self.warnings = warnings

    def open_tab(self, tab: str) -> None:
        """Narrow the rows to those of `tab`, on a page that several tabs share."""

    # Rows

    @abstractmethod
    def rows(self) -> Sequence[RowT]:
        """The rows to show, in order."""

    @abstractmethod
    def cells(self, row: RowT) -> dict[str, list[Piece]]:
        """The text of a row, by the key of its column."""

    @abstractmethod
    def list_notices(self) -> Lines:
        """What is missing or out of date, a line for each cause."""

    def notices(self) -> Lines:
        """Every line above the rows: warnings, clocks that disagree, and what is missing or out of date."""
        skew = list_words.skew_words(self.session.server_time, self.session.clock())
        warnings: Lines = [[(words, "warn")] for words in (*self.warnings, *skew)]
        return warnings + self.list_notices()

    @abstractmethod
    def summary(self, row: RowT) -> list[Piece]:
        """A row in one line."""

    @abstractmethod
    def details(self, row: RowT) -> list[Line]:
        """Everything known about a row."""

    @abstractmethod
    def title(self, row: RowT) -> str:
        """The name of a row."""

    @abstractmethod
    def target(self, row: RowT) -> Target:
        """What a line that leads to a row names."""

    @abstractmethod
    def row_of(self, target: Target) -> RowT | None:
        """The row that a line leads to, shown or not; None if it is none of this page."""

    def menu_title(self, row: RowT | None) -> str:
        """What the actions apply to while the cursor is on `row`."""
        return f"Actions for {self.title(row)}" if row is not None else "Actions"

    def menu_words(self, method: str, row: RowT | None) -> str:
        """What the menu calls the action `method` on the marked rows or on `row`; empty for its usual words."""
        from semtui.wording.row_actions import action_words, marked_action_words

        if row is None:
            return ""
        kind, marked = self.kind(row), count(len(self.marks), "marked row")
        inactive = self.key_words("switch", row) == "reactivate"
        of_marked = marked_action_words(method, kind, marked) if self.marks else ""
        return of_marked or action_words(method, kind, self.title(row), inactive=inactive)

    def export_offers(self) -> Sequence[Offer]:
        """The choices of rows that can be exported; empty when there are none."""
        return ()

    @abstractmethod
    def kind(self, row: RowT) -> str:
        """What a row is: person, account, group, role or project."""

    @abstractmethod
    def record(self, row: RowT) -> dict[str, Any]:
        """A row as an export writes it to JSON."""

    def copies(self, row: RowT) -> list[tuple[str, str]]:
        """What of a row can be copied: what each is called, and its text."""
        from semtui.wording.copies import copies

        base_url = self.session.context.base_url
        return copies(self.kind(row), self.target(row), self.title(row), self.one_line(row), self.record(row), base_url)

    def one_line(self, row: RowT) -> list[Piece]:
        """A row in one line that is read without its columns."""
        return self.summary(row)

    # Warnings

    def warn(self, sentence: str, instead_of: str = "") -> None:
        """Add a warning, in place of the warning `instead_of` if that still stands."""
        self.warnings = (*(each for each in self.warnings if each != instead_of), sentence)

    def drop_warnings(self, of: str) -> None:
        """Remove the warnings that contain the text `of`."""
        self.warnings = tuple(words for words in self.warnings if of not in words)

    def renew_warnings(self) -> None:
        """Remove the warnings that a reload makes obsolete."""
        self.warnings = ()

    # Searching, filtering, sorting

    def filters(self) -> list[Piece]:
        """How many rows are marked, or were changed together last; and of how many it is not known whether they
        match."""
        found: list[Piece] = []
        if self.marks:
            found = [(f"{len(self.marks)} marked", "good"), (" · ", "muted")]
        elif self.marks.changed:
            found = [(f"{len(self.marks.changed)} last changed", "good"), (" · ", "muted")]
        return [*found, (f"{self.unknown:,} unknown", "warn"), (" · ", "muted")] if self.unknown else found

    def position(self, row: int, total: int) -> list[Piece]:
        """The filters, the sort order, and the number of the row under the cursor, counted from 1, among `total`."""
        return [*self.filters(), (f"by {sort_name(self.view.sort)} · {row:,}/{total:,}", "muted")]

    # Loading

    @abstractmethod
    async def load(self, changed: Callable[[], None]) -> tuple[str, Tone]:
        """Load everything shown here and return the result as a sentence; call `changed` whenever a list changes.

        Errors of requests are not raised: each list carries its own.
        """

    # What may be done

    def permission_for(self, action: RequestedAction, row: RowT | None) -> str:
        """The permission Semaphore requires for `action` on `row`; empty for none."""
        return action.permission

    def row_obstacle(self, action: RequestedAction, row: RowT | None) -> str:
        """Why `row` does not allow `action`, as a sentence; empty when it does."""
        return ""

    def obstacle(self, action: RequestedAction, row: RowT | None) -> str:
        """Why `action` is not available now, as a sentence; empty when no reason is known."""
        permission = self.permission_for(action, row)
        session = self.session
        return session_obstacle(
            action, permission, row, read_only_reason=session.read_only_reason, denied=session.permissions.denied
        ) or self.row_obstacle(action, row)

    def key_words(self, method: str, row: RowT | None) -> str:
        """What the key line calls the action `method` for `row`; empty for its usual word."""
        return ""
