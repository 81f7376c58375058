"""Do one thing to many rows: the plan, a count to type, then a line of result for each."""

from __future__ import annotations

from dataclasses import replace

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Button, Input, Label, Static

from semtui.api.errors import SemaphoreError
from semtui.changes import bulk
from semtui.changes import bulk_wording as bulk_words
from semtui.changes.bulk import Plan, PlannedRow
from semtui.session.session import Session
from semtui.tui.screens.dialog import Dialog
from semtui.tui.widgets.columns import Column
from semtui.tui.widgets.field import Field
from semtui.tui.widgets.row_table import RowTable
from semtui.tui.widgets.status_line import StatusLine
from semtui.tui.widgets.type_ahead import ReadingTime
from semtui.wording.styled_text import Tone


class BulkScreen(Dialog[Plan | None]):
    """Returns the finished plan, or None if nothing was begun."""

    BINDINGS = [
        Binding("escape,q", "leave", "Close, or stop after the row under way", show=False),
        Binding("r", "resume", "Go on with what was not done", show=False),
        Binding("down", "turn('move', 1)", show=False, priority=True),
        Binding("up", "turn('move', -1)", show=False, priority=True),
        Binding("pagedown", "turn('page', 1)", show=False, priority=True),
        Binding("pageup", "turn('page', -1)", show=False, priority=True),
    ]
    COLUMNS = (
        Column("outcome", "", 1),
        Column("name", "NAME", 22, share=1),
        Column("kind", "KIND", 7, rank=2),
        Column("words", "WHAT HAPPENS", 30, share=3, rank=1),
    )

    rows = query_one("#plan", RowTable)
    status = query_one("#status", StatusLine)
    typed = query_one("#typed", Input)

    def __init__(self, session: Session, plan: Plan) -> None:
        super().__init__()
        self.session = session
        self.plan = plan
        self._was_begun = False
        self._at_work = False
        self._stopping = False
        self._reading = ReadingTime()

    def compose(self) -> ComposeResult:
        """Lay out the warning, the plan as a table, the field that asks for the number, and the button."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(bulk_words.heading(self.plan))
            frame.border_subtitle = "↑ ↓ scroll   enter alone leaves"
            yield Static(bulk_words.warning(self.plan), classes="warning", markup=False)
            table = RowTable(self.COLUMNS, bulk_words.cells, moved=self._spell_out, id="plan")
            table.can_focus = False
            yield table
            yield Static(id="sentence", markup=False)
            yield StatusLine()
            with Horizontal(id="asking", classes="field"):
                yield Label("How many", id="typing-label")
                yield Field(id="typed", compact=True)
            with Horizontal(id="buttons"):
                yield Button("Leave everything as it is", id="cancel", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Ask for the number of changes, or say why there is nothing to change."""
        self._draw()
        self._reading.begin(self)
        if self.plan.open:
            self.say(bulk_words.question(self.plan))
            self.typed.focus()
        else:
            self.say("None of the marked rows can be changed like this; the reasons are beside them.", "warn")
            self._end_asking()

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Show a sentence below the rows."""
        self.status.say(words, tone)

    def _draw(self, select: str | None = None) -> None:
        self.rows.show(self.plan.steps, [], select)

    def _spell_out(self) -> None:
        """Show the selected row's outcome in full: it may not fit its column."""
        step: PlannedRow | None = self.rows.selected
        self.query_one("#sentence", Static).update(Content(bulk_words.in_full(step) if step else ""))

    def _end_asking(self) -> None:
        self.query_one("#asking").display = False
        self._offer("Close", "closes")
        self.query_one("#cancel", Button).focus()

    def _offer(self, label: str, enter: str) -> None:
        """Let the button say what it does now, and the line of hints what enter does."""
        self.query_one("#cancel", Button).label = Content(label)
        self.query_one("#frame").border_subtitle = Content(f"↑ ↓ scroll   enter {enter}")

    def action_turn(self, how: str, number: int) -> None:
        """Scroll the plan by rows ("move") or by pages."""
        (self.rows.action_move if how == "move" else self.rows.action_page)(number)

    # Going ahead

    @property
    def accepts_confirmation(self) -> bool:
        """False at first, while keys typed ahead may still arrive."""
        return self._reading.over

    @on(Input.Changed)
    def _ask_again(self) -> None:
        """Drop the complaint about the last answer once another is typed."""
        if self.plan.open and not self._was_begun:
            self.say(bulk_words.question(self.plan))

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        if not event.value.strip():
            self.action_leave()
        elif event.value.strip() != str(len(self.plan.open)):
            self.say(f"That is not {len(self.plan.open)}. Nothing was done.", "bad")
        elif not self.accepts_confirmation:
            # On the page behind, digits are keys too. It is typed again: the field would take a second Enter for a yes.
            self._say_too_soon()
        else:
            self._go()

    def _say_too_soon(self) -> None:
        with self.prevent(Input.Changed):
            self.typed.value = ""
        self.say(
            f"Nothing was done: that was typed before the rows could be read. {bulk_words.question(self.plan)}", "warn"
        )

    def action_resume(self) -> None:
        """Go on with the rows that are still open after a run has stopped."""
        if self._was_begun and not self._at_work and self.plan.open:
            self._go()

    def _go(self) -> None:
        self._was_begun = self._at_work = True
        self._stopping = False
        self._end_asking()
        self._offer("Stop after this row", "stops after this row")
        self._run()

    @work(group="bulk", exclusive=True, description="")
    async def _run(self) -> None:
        """Change row by row. A request that was sent finishes even if this screen is closed (`session.py`)."""
        self.say(bulk.RECHECKING)
        try:
            self.plan = await bulk.recheck_plan(self.session, self.plan)
        except SemaphoreError as refusal:
            self._finish(f" {bulk_words.unread(self.plan, refusal)}")
            return
        stopped_by = ""
        for step in self.plan.open:
            if self._stopping:
                break
            self._show(replace(step, outcome="under way"), step)
            ended, error = await bulk.run_plan(self.session, self.plan, step)
            self._show(ended, None)
            if error is not None:
                stopped_by = f" {bulk_words.stopped(step, error)}"
                break
        self.plan = await bulk.confirm_removals(self.session, self.plan)
        self._finish(stopped_by)

    def _show(self, step: PlannedRow, under_way: PlannedRow | None) -> None:
        self.plan = self.plan.with_step(step)
        self._draw(step.id)
        self.say(bulk_words.progress(self.plan, under_way, stopping=self._stopping))

    def _finish(self, stopped_by: str) -> None:
        self._at_work = False
        self._draw()
        words, tone = bulk_words.summary(self.plan)
        again = f" r continues with the {len(self.plan.open)} that were not done." if self.plan.open else ""
        self.say(f"{words}{stopped_by}{again}", tone)
        self._offer("Close", "closes")

    # Leaving

    def action_leave(self) -> None:
        """Close; while rows are being changed, stop after the current one instead."""
        if self._at_work:
            self._stopping = True
            self.say(bulk_words.progress(self.plan, None, stopping=True))
        elif self.is_active:
            self.dismiss(self.plan if self._was_begun else None)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_leave()
