"""Choose one of many, found by typing a part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input, Static

from semtui.text.folding import (
    fold,
    haystack,
    holds,
    search_words,
)
from semtui.tui.screens.candidate import Candidate
from semtui.tui.screens.dialog import Dialog
from semtui.tui.styling import styled
from semtui.tui.widgets.columns import Column
from semtui.tui.widgets.field import Field
from semtui.tui.widgets.row_table import RowTable
from semtui.tui.widgets.type_ahead import caught_up
from semtui.wording.styled_text import Piece


class _Found(RowTable, can_focus=False):
    """What a search has found: drawn only as far as it is in view, however much it is."""

    HEADINGS = False
    ONE_CLICK = True


class Chooser(Dialog[str | None]):
    """Answers with a candidate's id, or None."""

    # The search line is focused once everything typed ahead has arrived here, so that nothing overtakes it.
    AUTO_FOCUS = ""
    # With priority, they are carried out before the next key is looked at, however fast they are typed.
    BINDINGS = [
        Binding("escape", "dismiss", "Close", show=False),
        Binding("down", "move('move', 1)", show=False, priority=True),
        Binding("up", "move('move', -1)", show=False, priority=True),
        # Letters are text here.
        Binding("pagedown", "move('page', 1)", show=False, priority=True),
        Binding("pageup", "move('page', -1)", show=False, priority=True),
        Binding("ctrl+end", "move('go', -1)", show=False, priority=True),
        Binding("ctrl+home", "move('go', 0)", show=False, priority=True),
        Binding("enter", "choose", "Take it", show=False, priority=True),
        Binding("backspace", "take_back", "Delete a letter, or close", show=False, priority=True),
    ]

    finder = query_one("#finder", Input)
    choices = query_one("#choices", _Found)
    reason = query_one("#reason", Static)

    def __init__(self, title: str, candidates: Sequence[Candidate], hint: str = "") -> None:
        super().__init__()
        self._heading = title
        self._has_obstacles = any(each.obstacle for each in candidates)
        self._haystacks = [(each, f"{haystack(each.name, each.words)}\n{each.haystack}") for each in candidates]
        self._hint = hint
        self._found_for: str | None = None
        """What was typed when the choices were last looked up."""

    def compose(self) -> ComposeResult:
        """Lay out the search field, the candidates it finds, and why one cannot be chosen."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(self._heading)
            frame.border_subtitle = "type to find, ↑ ↓, enter takes it, backspace leaves"
            yield Field(placeholder=self._hint, id="finder", compact=True, select_on_focus=False)
            yield _Found((Column("candidate", "", 1, share=1),), _cells, moved=self._explain, id="choices")
            yield Static(id="reason", markup=False)

    def on_mount(self) -> None:
        """List all candidates, then focus the search field once keys typed meanwhile have been handled."""
        self.reason.display = self._has_obstacles
        self._find()
        self._catch_up()

    # What is typed

    def _catch_up(self) -> None:
        if self.message_queue_size:
            self.call_later(self._catch_up)
        else:
            self.set_focus(self.finder)

    def on_key(self, event: events.Key) -> None:
        """Put a letter typed outside the search field into it."""
        if event.is_printable and event.character is not None:
            event.stop()
            self.finder.insert_text_at_cursor(event.character)

    async def _arrived(self) -> None:
        """Wait until everything typed has reached the search field and filtered the choices."""
        await caught_up(self)
        await caught_up(self.finder)
        self._find()

    @on(Input.Changed)
    def _find(self) -> None:
        typed = self.finder.value
        if typed == self._found_for:
            return
        self._found_for = typed
        words = search_words(typed)
        found = [each for each in self._haystacks if holds(each[1], words)]
        # What begins like that comes first.
        beginning = fold(typed)
        found.sort(key=lambda each: not each[1].startswith(beginning))
        self.choices.show(_headed([candidate for candidate, _ in found]), [[("Nothing here matches.", "muted")]])
        self.choices.action_go(0)

    def _explain(self) -> None:
        candidate: Candidate | None = self.choices.selected
        self.reason.update(styled([(candidate.obstacle if candidate else "", "warn")]))

    # What is done

    async def action_move(self, how: str, number: int) -> None:
        """Move the cursor in the list once all typed keys have been handled."""
        await self._arrived()
        getattr(self.choices, f"action_{how}")(number)

    async def action_take_back(self) -> None:
        """Delete the last letter of the search, or close without a choice when it is empty."""
        await self._arrived()
        if self.finder.value:
            self.finder.action_delete_left()
        else:
            self.dismiss(None)

    async def action_choose(self) -> None:
        """Choose the highlighted candidate once all typed keys have been handled."""
        await self._arrived()
        self._take()

    @on(RowTable.Chosen)
    def _take(self) -> None:
        candidate: Candidate | None = self.choices.selected
        if candidate is not None and not candidate.obstacle and self.is_active:
            self.dismiss(candidate.id)


def _headed(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates, of which only the first under a heading carries it."""
    before = [Candidate("", ""), *candidates]
    # Without headings there is nothing to keep room for.
    return [
        replace(each, group=" ") if each.group and each.group == above.group else each
        for above, each in zip(before, candidates, strict=False)
    ]


def _cells(candidate: Candidate) -> dict[str, list[Piece]]:
    group: list[Piece] = [(f"{candidate.group:<14}", "muted")] if candidate.group else []
    key: list[Piece] = [(f"{candidate.key:<11}", "muted" if candidate.obstacle else "strong")] if candidate.key else []
    name: Piece = (f"{candidate.name}  ", "muted" if candidate.obstacle else "plain")
    return {"candidate": [*group, *key, name, (candidate.words, "muted")]}
