"""Asks where the new tokens of several accounts are to go, each to a place of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Button, Input, Label, Static

from semtui.api.errors import SemaphoreError
from semtui.organization.subject import Subject
from semtui.text.counting import count
from semtui.tokens.destination_pattern import HOW_TYPED, SUGGESTED
from semtui.tui.screens.dialog import Dialog
from semtui.tui.widgets.field import Field
from semtui.tui.widgets.status_line import StatusLine
from semtui.wording.styled_text import Tone
from semtui.wording.tokens import pattern_words

if TYPE_CHECKING:
    from semtui.changes.bulk import Plan

_Answer: TypeAlias = "Plan | None"
MakePlan = Callable[[str, Callable[[str], None]], Awaitable["Plan"]]
"""Tries out the destinations that a line gives, and makes the plan; the second is told what it does."""


class TokenDestinations(Dialog[_Answer]):
    """Answers with the plan, or None; no token is asked for from here."""

    BINDINGS = [
        Binding("escape,q", "leave", "Close", show=False),
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
    ]

    where = query_one("#destination", Field)

    def __init__(self, accounts: Sequence[Subject], make: MakePlan, suggested: str = SUGGESTED) -> None:
        super().__init__()
        self._suggested = suggested
        self._accounts = accounts
        self._make = make
        self._trying = False
        """True while the line as it stands is being tried out."""

    def compose(self) -> ComposeResult:
        """Lay out the line, how it is typed, and what it stands for."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(f"Where do the tokens of {count(len(self._accounts), 'account')} go?")
            frame.border_subtitle = Content("enter shows the plan   esc leaves")
            yield Static(HOW_TYPED, classes="note", markup=False)
            with Horizontal(classes="field"):
                yield Label("Tokens to")
                yield Field(self._suggested, id="destination", compact=True)
            yield Static(Content(pattern_words(self._suggested, self._accounts)), id="places", classes="note")
            yield StatusLine()
            with Horizontal(id="buttons"):
                yield Button("Show the plan", id="send", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Focus the line."""
        self.where.focus()

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Show a sentence below the line; none if it is empty."""
        self.query_one(StatusLine).say(words, tone)

    @on(Input.Changed)
    def _show_places(self) -> None:
        self.workers.cancel_group(self, "places")
        self._trying = False
        self.say("")
        self.query_one("#places", Static).update(Content(pattern_words(self.where.value, self._accounts)))

    @on(Input.Submitted)
    @on(Button.Pressed, "#send")
    def _submitted(self) -> None:
        if not self._trying:
            self._trying = True
            self._try_out(self.where.value)

    @work(group="places", exclusive=True, description="")
    async def _try_out(self, typed: str) -> None:
        """Try them all out, and answer with the plan."""
        try:
            plan = await self._make(typed, self.say)
        except SemaphoreError as error:
            self._trying = False
            self.say(str(error), "bad")
            return
        if self.is_active:
            self.dismiss(plan)

    @on(Button.Pressed, "#cancel")
    def action_leave(self) -> None:
        """Close."""
        self.dismiss()
