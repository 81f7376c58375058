"""What every page shares: the header, tabs, search box, rows and keys."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Input, Static
from textual.widgets.input import Selection
from textual.worker import Worker

from semtui.changes.availability import session_obstacle
from semtui.organization.query import View
from semtui.organization.store import OrganizationStore
from semtui.settings.keymap import key
from semtui.tui import styling
from semtui.tui.screens.actions import (
    Action,
    help_page,
    key_line,
    menu,
)
from semtui.tui.screens.sized import Sized
from semtui.tui.screens.type_ahead import caught_up
from semtui.tui.styling import styled
from semtui.tui.widgets.paragraphs import Paragraphs
from semtui.tui.widgets.row_table import Column, RowTable
from semtui.tui.widgets.search_box import SearchBox
from semtui.wording import dates
from semtui.wording import lists as list_words
from semtui.wording.dates import clock_time
from semtui.wording.styled_text import Line, Piece, Tone

Lines = list[list[Piece]]

_FRAME_IS_OUT = 0.02
"""Seconds in which a terminal takes the first frame."""

if TYPE_CHECKING:
    from semtui.export.offer import Offer


class Page(Sized[None]):
    """Rows of one kind of thing. `open_tab` shows another page, or the same one narrowed."""

    AUTO_FOCUS = "#rows"
    ACTIONS: ClassVar[tuple[Action, ...]]
    COLUMNS: ClassVar[tuple[Column, ...]]
    SORTS: ClassVar[tuple[str, ...]]
    SEARCH_HINT: ClassVar[str]
    CONTENTS: ClassVar[str]
    """What is loaded for this page, in a few words."""

    class ContextsAsked(Message):
        """Someone wants to open another organization."""

    rows = query_one("#rows", RowTable)
    search = query_one("#search", SearchBox)
    message = query_one("#message", Static)

    def __init__(
        self, roster: OrganizationStore, open_tab: Callable[[str], None], warnings: tuple[str, ...] = ()
    ) -> None:
        super().__init__()
        self.roster = roster
        self.session = roster.session
        self.view = View(sort=self.SORTS[0])
        self.marks: dict[str, None] = {}
        """Ids of the marked rows, in the order they were marked."""
        self._standing = ""
        """Id of the row the cursor belongs on while lists arrive."""
        self._load_worker: Worker[None] | None = None
        self._open_tab = open_tab
        self._warnings = warnings

    # What each page answers

    @property
    @abstractmethod
    def tab(self) -> str:
        """Which of the tabs is open."""

    @abstractmethod
    def selection(self) -> Sequence[Any]:
        """The rows to show, in order."""

    @abstractmethod
    def cells(self, row: Any) -> dict[str, list[Piece]]:
        """What each column shows of a row."""

    @abstractmethod
    def nothing(self) -> Lines:
        """What to show where no row is."""

    @abstractmethod
    def notices(self) -> Lines:
        """What is missing or old, a line each."""

    @abstractmethod
    def sentence(self, row: Any) -> list[Piece]:
        """A row in one line."""

    @abstractmethod
    def details(self, row: Any) -> list[Line]:
        """Everything about a row."""

    @abstractmethod
    def heading(self, row: Any) -> str:
        """What a row is called."""

    @abstractmethod
    async def load(self) -> tuple[str, Tone]:
        """Ask Semaphore for everything shown here; what came of it, in a sentence."""

    def permission_for(self, action: Action) -> str:
        """What Semaphore asks for before it does `action` to the row under the cursor."""
        return action.permission

    def objection(self, action: Action) -> str:
        """Why the row under the cursor is not one to do `action` to; empty when it is."""
        return ""

    def export_offers(self) -> Sequence[Offer]:
        """What of this page can be taken away as a file."""
        return ()

    def short_key(self, action: Action) -> str:
        """What the key line calls an action for the row under the cursor."""
        return action.short

    # The frame

    def compose(self) -> ComposeResult:
        with Horizontal(id="top"):
            yield Static(id="place")
            yield Static(id="loaded")
        yield Static(id="tabs")
        with Horizontal(id="narrowing"):
            yield Static("/", id="slash")
            yield SearchBox(self.SEARCH_HINT, self._draw_row, id="search")
            yield Static(id="how")
        yield Static(id="notices")
        with Horizontal(id="middle"):
            yield RowTable(self.COLUMNS, self.cells, moved=self._draw_row, marks=self.marks, id="rows")
            with VerticalScroll(id="pane", can_focus=False):
                yield Paragraphs(id="details")
        yield Static(id="sentence")
        yield Static(id="keys")
        yield Static(id="message")

    def on_mount(self) -> None:
        session = self.session
        self.query_one("#place", Static).update(
            styling.place(session.context, session.environment, session.read_only, session.proxy)
        )
        if self.roster.people.users.known:
            self.draw()
        # What asks Semaphore is loaded then, which takes the interpreter for itself: the first frame must be out.
        if self.app.is_headless:
            self.call_after_refresh(self.call_after_refresh, self._first)
        else:
            self.set_timer(_FRAME_IS_OUT, self._first)

    def _first(self) -> None:
        self.open_first()
        self._draw_keys_once_known()

    def open_first(self) -> None:
        """What to do when this page is opened for the first time."""
        self.reload()

    @on(events.ScreenResume)
    def _shown_again(self) -> None:
        if self.is_mounted:
            self.draw()

    @on(events.Resize)
    def _resized(self) -> None:
        self._draw_tabs()
        self._draw_row()
        # Whether there is room for a pane is known only then.
        self.call_after_refresh(self._draw_details)

    @work(group="permissions", exclusive=True, description="")
    async def _draw_keys_once_known(self) -> None:
        await self.session.known_what_it_may()
        self._draw_row()

    # Loading

    def reload(self, select_id: str = "", sentence: str = "", tone: Tone = "good") -> Worker[None]:
        """Load everything anew. At the end say `sentence`, or what came of it, and stand on the row `select_id`."""
        worker: Worker[None] = self._reload(select_id, sentence, tone)
        self._load_worker = worker
        return worker

    @work(group="load", exclusive=True, description="")
    async def _reload(self, select_id: str, sentence: str, tone: Tone) -> None:
        self._standing = select_id
        if not sentence:
            doing = "Reloading" if self.roster.people.users.known else "Loading"
            since = clock_time(self.session.clock())
            self.say(f"{doing} {self.CONTENTS} since {since}; {key('clear')} stops it.")
        words, came_of_it = await self.load()
        self._standing = ""
        if not sentence:
            self.say(words, came_of_it)
        elif came_of_it == "warn":
            self.say(f"{sentence} {words}", "warn")
        else:
            self.say(sentence, tone)

    # Drawing

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Show a sentence in the last line, where it stays until the next."""
        self.message.update(styled([(words, tone)]))

    def draw(self, select_id: str = "") -> None:
        """Show everything as it is known now, with the cursor on the row `select_id` if one is given."""
        self.rows.show(self.selection(), self.nothing(), select_id or self._standing or None)
        self._draw_tabs()
        skew = list_words.skew_words(self.session.server_time, self.session.clock())
        warnings: Lines = [[(words, "warn")] for words in (*self._warnings, *skew)]
        lines = warnings + self.notices()
        area = self.query_one("#notices", Static)
        area.update(Content("\n").join(styled(line) for line in lines))
        area.display = bool(lines)
        self.query_one("#loaded", Static).update(styled([list_words.age(self.roster.people)]))

    def _draw_tabs(self) -> None:
        line = styling.tab_line(list_words.tabs(self.roster.people, self.roster.projects), self.tab, self.size.width)
        self.query_one("#tabs", Static).update(line, layout=False)

    def _draw_how(self) -> None:
        """What narrows and orders the rows, and where the cursor stands among them."""
        position, total = self.rows.place
        line = styled([*self.narrowing(), (f"by {self.view.sort} · {position:,}/{total:,}", "muted")])
        how = self.query_one("#how", Static)
        how.update(line, layout=line.cell_length != how.content_size.width)

    def narrowing(self) -> list[Piece]:
        """What else but the search narrows the rows, for the line above them."""
        return []

    def _draw_row(self) -> None:
        row = self.rows.selected
        sentence = self.sentence(row) if row else []
        self.query_one("#sentence", Static).update(styled([(" ", "plain"), *sentence]), layout=False)
        searching = self.focused is self.search
        line = key_line(self.ACTIONS, self.short_key, self.obstacle, self.size.width, searching=searching)
        self.query_one("#keys", Static).update(line, layout=False)
        self._draw_details()
        self._draw_how()

    def _draw_details(self) -> None:
        """Tell everything about the row in the pane, where there is room for one."""
        if self.query_one("#pane").display:
            row = self.rows.selected
            self.query_one("#details", Paragraphs).update(self.details(row) if row else ())

    # Narrowing and sorting

    def look(self, view: View) -> None:
        """Show the rows `view` selects."""
        self.view = view
        self.draw()

    def action_tab(self, tab: str) -> None:
        self._open_tab(tab)

    def show_tab(self, tab: str) -> None:
        """This page is being opened as `tab`."""

    def action_sort(self) -> None:
        following = self.SORTS[(self.SORTS.index(self.view.sort) + 1) % len(self.SORTS)]
        self.look(self.view._replace(sort=following))
        self.say(f"Sorted by {following}.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While something is typed into the search box, only its own keys are commands."""
        return action in ("keep_search", "drop_search") or self.focused is not self.search

    def action_search(self) -> None:
        # What is typed replaces the old search, and appends to it after an arrow key.
        self.search.selection = Selection(0, len(self.search.value))
        self.set_focus(self.search)

    @on(Input.Changed, "#search")
    def _search_changed(self, event: Input.Changed) -> None:
        self.look(self.view._replace(search=event.value))

    async def _leave_search(self) -> None:
        """Back to the rows, once what was typed has arrived: the next key must meet the rows it was meant for."""
        await caught_up(self.search)
        self.look(self.view._replace(search=self.search.value))
        if self.view.narrowed:
            self.rows.hold()
        self.set_focus(self.rows)

    async def action_keep_search(self) -> None:
        """What was searched for is found."""
        await self._leave_search()

    async def action_drop_search(self) -> None:
        """Leave the search box, and drop what narrows the rows."""
        await self._leave_search()
        self.action_clear()

    def action_clear(self) -> None:
        """Drop what narrows the rows; then call off what is being loaded."""
        if self.view.narrowed:
            self.view = self.view._replace(role="")
            self.search.value = ""
            self.look(self.view._replace(search=""))
            self.say("Filters cleared.")
        elif self._load_worker is not None and self._load_worker.is_running:
            self._load_worker.cancel()
            self.roster.call_off()
            self.draw()
            self.say(f"Loading stopped; {key('reload')} loads again.", "warn")

    def turn_mark(self, row_id: str) -> None:
        """Mark a row, or unmark it."""
        if row_id in self.marks:
            del self.marks[row_id]
        else:
            self.marks[row_id] = None

    # Reading

    def action_reload(self) -> None:
        self._warnings = ()
        # Permissions may have been granted meanwhile; a refusal met again is remembered again.
        self.session.denied.clear()
        self.session.ask_what_it_may()
        self._draw_keys_once_known()
        self.reload()

    @on(RowTable.Chosen)
    def action_details(self) -> None:
        """Everything about the row."""
        from semtui.tui.screens.text_page import TextPage

        if (row := self.rows.selected) is not None:
            self.app.push_screen(TextPage(self.heading(row), self.details(row)))

    def action_export(self) -> None:
        """Offer to write what is shown to a file."""
        from semtui.tui.screens.export_form import ExportForm

        offers = self.export_offers()
        if not offers:
            self.say("There is nothing on this page to export.", "warn")
            return
        day = dates.day_words(self.session.clock())

        def written(sentence: str | None) -> None:
            self.say(sentence or "Nothing was exported.", "good" if sentence else "plain")

        self.app.push_screen(ExportForm(self.roster, offers, f"~/semtui-{offers[0].what}-{day}"), written)

    def action_menu(self) -> None:
        """Every action, to be found by its words."""

        from semtui.tui.screens.chooser import Chooser

        async def chosen(method: str | None) -> None:
            if method is not None:
                await self.run_action(method)

        self.app.push_screen(Chooser(self.meant(), menu(self.ACTIONS, self.obstacle), "what to do"), chosen)

    def meant(self) -> str:
        """What the actions are about, for the title of their menu."""
        row = self.rows.selected
        return f"Actions for {self.heading(row)}" if row else "Actions"

    async def action_theme(self) -> None:
        await self.app.run_action("switch_theme")

    async def action_draw_anew(self) -> None:
        await self.app.run_action("draw_anew")

    def action_help(self) -> None:
        from semtui.tui.screens.text_page import TextPage

        self.app.push_screen(TextPage("Keys", help_page(self.ACTIONS)))

    def action_contexts(self) -> None:
        self.post_message(self.ContextsAsked())

    async def action_quit(self) -> None:
        await self.app.action_quit()

    # Changing

    def obstacle(self, action: Action) -> str:
        """Why `action` cannot be done now, in a sentence; empty when nothing is known to be in the way."""
        session = self.session
        return session_obstacle(
            action, self.permission_for(action), self.rows.selected, barrier=session.barrier, denied=session.denied
        ) or self.objection(action)

    def blocked(self, method: str) -> bool:
        """Say why an action is not available, if it is not."""
        action = next(action for action in self.ACTIONS if action.method == method)
        words = self.obstacle(action)
        if words:
            self.say(words, "warn")
        return bool(words)
