"""The layout of a page: where we are, the tabs, the search line, rows, details, keys and messages."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static
from textual.worker import Worker

from semtui.tui import styling
from semtui.tui.content.page import PageContent
from semtui.tui.screens.actions import Action, key_line
from semtui.tui.screens.dialog import FollowsLists
from semtui.tui.screens.sized import WindowSizedScreen
from semtui.tui.styling import styled
from semtui.tui.widgets.clickable_line import ClickableLine
from semtui.tui.widgets.columns import Column
from semtui.tui.widgets.lines import show_line
from semtui.tui.widgets.paragraphs import Paragraphs
from semtui.tui.widgets.search_line import SearchLine
from semtui.tui.widgets.sorted_table import SortedTable
from semtui.wording import lists as list_words
from semtui.wording.filters import offers_words, still_showing
from semtui.wording.styled_text import Piece, Tone

_READ = 2
"""Seconds in which a sentence can be read."""


class PageFrame(WindowSizedScreen[None]):
    """Draws the content of a page."""

    AUTO_FOCUS = "#rows"
    ACTIONS: ClassVar[tuple[Action, ...]]
    COLUMNS: ClassVar[tuple[Column, ...]]

    rows = query_one("#rows", SortedTable)
    search = query_one("#search-line", SearchLine)
    message = query_one("#message", Static)

    def __init__(self, content: PageContent[Any]) -> None:
        super().__init__()
        self.content = content
        self.store = content.store
        self.session = content.session
        self._search_problem = ""
        """Why the text in the search line is not understood."""
        self._select_id = ""
        """Id of the row the cursor moves to when it arrives, while lists are loaded."""
        self._lasting: Piece = ("", "plain")
        """What the last line says again once what was typed needs no words any more."""
        self._kept_until: float | None = None
        """When the next action may drop the sentence in the last line, in epoch seconds; None for one that lasts."""

    def compose(self) -> ComposeResult:
        """Header, tabs, search line and notices above the rows; summary, keys and message below."""
        yield Static(id="top")
        yield ClickableLine(id="tabs")
        yield SearchLine(
            self.content.SEARCH_HINT,
            searched=self._search_edited,
            left=self._search_left,
            focus_changed=self._search_focus_changed,
            complete=self._complete,
            id="search-line",
        )
        yield Static(id="notices")
        with Horizontal(id="middle"):
            yield SortedTable(
                self.COLUMNS,
                self.content.cells,
                moved=self.draw_row,
                mark_of=self.content.marks.mark_of,
                id="rows",
            )
            with VerticalScroll(id="pane", can_focus=False):
                yield Paragraphs(id="details")
        yield Static(id="summary")
        yield ClickableLine(id="keys")
        yield Static(id="message")

    def on_mount(self) -> None:
        """Draw what is loaded already, if anything is."""
        self._draw_top()
        if self.store.people.users.is_known:
            self.draw()

    @on(events.ScreenResume)
    def _shown_again(self) -> None:
        if self.is_mounted:
            self.draw()

    @on(events.Resize)
    def _resized(self) -> None:
        self._draw_tabs()
        self.draw_row()
        # Whether there is room for the details is known only after the layout.
        self.call_after_refresh(self._draw_details)

    # Drawing

    def say(self, words: str, tone: Tone = "plain", *, lasts: bool = False) -> None:
        """Show a sentence in the last line, until the next or, unless it `lasts`, until the next action."""
        self._lasting = (words, tone) if lasts else ("", "plain")
        self.hint(words, tone)
        if words:
            now = self.session.clock()
            self.store.messages.append((now, words))
            # How something ended may be said between two keys that were typed ahead.
            self._kept_until = None if lasts else now + (_READ if tone == "good" else 0)

    def hint(self, words: str, tone: Tone = "plain") -> None:
        """The same for what is being typed, which is no message of this run."""
        self._kept_until = None
        self.message.update(styled([(words, tone) if words else self._lasting]))

    def begin_action(self) -> None:
        """Empty the last line, unless what it says lasts or could not be read yet."""
        if self._kept_until is not None and self.session.clock() >= self._kept_until:
            self.hint("")

    def draw(self, select_id: str = "") -> None:
        """Show the current content, with the cursor on the row `select_id` if one is given."""
        self.rows.show_sort(self.content.view.sort, self.content.sort_arrow)
        self.rows.show(self.content.rows(), self.content.placeholder(), select_id or self._select_id or None)
        self._draw_tabs()
        lines = self.content.notices()
        notices = self.query_one("#notices", Static)
        notices.update(Content("\n").join(styled(line) for line in lines))
        notices.display = bool(lines)
        for screen in self.app.screen_stack:
            if isinstance(screen, FollowsLists):
                screen.lists_changed()

    @cached_property
    def _place(self) -> Content:
        session = self.session
        return styling.organization_line(
            session.context, session.mark, session.read_only, session.proxy, session.snapshot
        )

    def _draw_top(self) -> None:
        """Which organization this is, and at the right end how old the lists are."""
        session = self.session
        # A snapshot is said to be of its time in the place of the organization.
        age = styled([] if session.snapshot else [list_words.age(self.store.people, session.clock()), (" ", "plain")])
        room = max(0, self.size.width - age.cell_length)
        # One line of constant width: a page behind a dialog is not laid out anew when its words change.
        show_line(self.query_one("#top", Static), self._place.truncate(room, ellipsis=True, pad=True) + age)

    def draw_loaded(self) -> None:
        """Draw what has been loaded, also where another page is in front by now."""
        self.draw()
        front = self.app.screen_stack[0]
        if front is not self and isinstance(front, PageFrame) and front.is_mounted:
            front.draw()

    def _draw_tabs(self) -> None:
        counts = list_words.tabs(self.store.people, self.store.projects, self.store.findings_words)
        line = styling.tab_line(counts, self.content.tab, self.size.width)
        show_line(self.query_one("#tabs", Static), line)

    def draw_row(self) -> None:
        """Show what belongs to the row under the cursor: summary, keys, details and position."""
        self._draw_top()
        row = self.rows.selected
        summary = self.content.summary(row) if row else []
        show_line(self.query_one("#summary", Static), styled([(" ", "plain"), *summary]))
        line = key_line(
            self.ACTIONS,
            self._key_words,
            self.obstacle,
            self.size.width,
            terms=self.content.TERM_HINT if self.search.has_keys else None,
        )
        show_line(self.query_one("#keys", Static), line)
        self._draw_details()
        self._draw_position()

    def _draw_position(self) -> None:
        row, total = self.rows.place
        if self._search_problem:
            # What stands in the line was not searched for.
            words = still_showing(self.content.view.search, self.size.width // 4)
            self.search.show_position([(words, "warn"), (f" · {row:,}/{total:,}", "muted")])
        else:
            self.search.show_position(self.content.position(row, total))

    def _draw_details(self) -> None:
        if self.query_one("#pane").display:
            row = self.rows.selected
            self.query_one("#details", Paragraphs).update(self.content.details(row) if row else ())

    def _key_words(self, action: Action) -> str:
        return self.content.key_words(action.method, self.rows.selected) or action.short

    # Warnings above the rows

    def warn(self, words: str, instead_of: str = "") -> None:
        """Keep a sentence above the rows until the next reload, in place of the sentence `instead_of`."""
        self.content.warn(words, instead_of)
        self.draw()

    def drop_warnings(self, of: str) -> None:
        """Remove the sentences above the rows that contain the text `of`."""
        self.content.drop_warnings(of)
        self.draw()

    # Searching

    def narrow(self, **changes: Any) -> None:
        """Change fields of the view (`kind`, `search`, `sort`) and show its rows."""
        self.content.narrow(**changes)
        self.draw()

    def search_for(self, text: str) -> bool:
        """Put a text into the search line and show what it finds; False if it is not understood, which is said."""
        if problem := self.content.find(text):
            self.say(problem, "warn")
            return False
        self.search.fill(text)
        self.draw()
        return True

    def _search_edited(self, text: str) -> None:
        """Show what the text finds, or leave the rows as they are and say why it is not understood."""
        if text == self.content.view.search and not self._search_problem:
            return
        before, self._search_problem = self._search_problem, self.content.typed(text, self.search.cursor)
        if self._search_problem:
            self.hint(self._search_problem, "warn")
            self._draw_position()
            return
        self.draw()
        if before:
            self.hint("")

    def _complete(self, text: str, cursor: int) -> tuple[str, int]:
        found = self.content.completed(text, cursor)
        if len(found.offers) != 1:
            self.hint(offers_words(found.offers))
        return found.text, found.cursor

    def _search_focus_changed(self) -> None:
        if not self.search.has_keys and self._search_problem:
            # Somebody clicked elsewhere: what stands in the line is what is shown.
            self._search_problem = ""
            self.search.fill(self.content.view.search)
        self.draw_row()

    def _search_left(self, keep: bool) -> None:
        """Go back to the rows, unless the text to keep is not understood; without `keep`, a page drops the search."""
        self.hint("")
        if keep and self._search_problem:
            # A word that might have begun a term is searched for now.
            self._search_problem = self.content.find(self.search.value)
            self.hint(self._search_problem, "warn")
            if self._search_problem:
                return
            self.draw()
        if self.content.view.narrowed:
            self.rows.pin_cursor()
        if keep and (words := self.content.found_words()):
            self.say(words, "warn")
        self.set_focus(self.rows)

    def reload(self, select_id: str = "", sentence: str = "", tone: Tone = "good") -> Worker[None]:
        """Reload everything shown, and move the cursor to a row; `sentence` is said at the end."""
        raise NotImplementedError

    # What is available

    def obstacle(self, action: Action) -> str:
        """Why `action` is not available for the row under the cursor, as a sentence; empty when it is."""
        return self.content.obstacle(action, self.rows.selected)

    def blocked(self, method: str) -> bool:
        """True when an action is not available; the last line then says why."""
        action = next(action for action in self.ACTIONS if action.method == method)
        words = self.obstacle(action)
        if words:
            self.say(words, "warn")
        return bool(words)
