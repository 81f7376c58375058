"""A page whose rows open as details, where the row's keys work as on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on, work

from semtui.settings import keymap
from semtui.tui.pages.ordered import OrderedPage
from semtui.tui.screens.unbound_keys import does_nothing, unbound
from semtui.tui.widgets.row_table import RowTable
from semtui.wording.dates import clock_time
from semtui.wording.styled_text import Line, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.tui.answers.details_screen import DetailsScreen
    from semtui.tui.content.page import PageContent
    from semtui.tui.screens.actions import Action
    from semtui.wording.styled_text import Target


class DetailedPage(OrderedPage):
    """A page that opens the details of its rows."""

    WIDEST: ClassVar[str]
    """The tab of the page that has every row."""

    def __init__(self, content: PageContent[Any]) -> None:
        super().__init__(content)
        self._details: DetailsScreen | None = None
        """The details above this page."""

    def say(self, words: str, tone: Tone = "plain", *, lasts: bool = False) -> None:
        """Show a sentence in the last line, and in that of the details above this page."""
        super().say(words, tone, lasts=lasts)
        if self._details is not None and self._details.is_mounted:
            self._details.say(words, tone)

    def on_key(self, event: events.Key) -> None:
        """Say that a key does nothing."""
        if key := unbound(self, event):
            self.say(does_nothing(key, f"{keymap.key('help')} shows every key."), "muted")

    def show_tab(self, tab: str) -> None:
        """Show the rows of `tab`, which belongs to this page."""
        self.content.open_tab(tab)
        self.draw()

    @on(RowTable.Chosen)
    def action_details(self) -> None:
        """Open the row under the cursor."""
        from semtui.tui.answers.details_screen import details_of

        if (row := self.rows.selected) is None:
            return
        self._details = details_of(self.ACTIONS)(self.store, self, self.content.target(row))

        def closed(_: None) -> None:
            self._details = None

        self.app.push_screen(self._details, closed)

    def action_copy(self) -> None:
        """Offer what of the row can be copied."""
        from semtui.tui.screens.copying import copy_chooser

        if (row := self.rows.selected) is None:
            return
        texts = dict(self.content.copies(row))

        def chosen(what: str | None) -> None:
            if what is not None:
                self._copy(what, texts[what])

        self.app.push_screen(copy_chooser(self.content.title(row), texts), chosen)

    @work(group="copy", exclusive=True, description="")
    async def _copy(self, what: str, text: str) -> None:
        from semtui.tui.screens.copying import copied

        self.say(*await copied(self.app, what, text))

    def action_messages(self) -> None:
        """Show the sentences of this run, the newest first."""
        from semtui.tui.screens.text_page import TextPage

        lines = [Line([(f"{clock_time(at)}  ", "muted"), (words, "plain")], 14) for at, words in self.store.messages]
        self.app.push_screen(TextPage("Messages of this run, the newest first", lines[::-1]))

    def row_actions(self, target: Target) -> Sequence[tuple[Action, str, str]]:
        """What can be done to a thing: each action, its word, and why it is not available, or nothing."""
        from semtui.tui.answers.details_screen import NOT_IN_DETAILS

        row = self.content.row_of(target)
        if row is None:
            return ()
        with self.content.marks.set_aside():
            return [
                (
                    action,
                    self.content.key_words(action.method, row) or action.short,
                    self.content.obstacle(action, row),
                )
                for action in self.ACTIONS
                if action.needs and action.short and action.name not in NOT_IN_DETAILS
            ]

    async def act_on(self, target: Target, method: str) -> None:
        """Do it, as if the cursor were on the thing and nothing were marked."""
        row = self.content.row_of(target)
        if row is None:
            self.say("Its keys work on the page it belongs to.", "warn")
            return
        if row.id not in self.rows.ids:
            self.search.clear()
            self.content.narrow(search="")
            self.show_tab(self.WIDEST)
        self.draw(row.id)
        with self.content.marks.set_aside():
            await self.run_action(method)

    def neighbor(self, rows: int) -> Target | None:
        """Move the cursor by rows, and tell what is under it then; None where there is nothing."""
        self.rows.action_move(rows)
        row = self.rows.selected
        return self.content.target(row) if row is not None else None
