"""Choose one of many, found by typing a part of it."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from semtui.text.folding import (
    fold,
    haystack,
    holds,
    search_words,
)
from semtui.tui.screens.candidate import Candidate
from semtui.tui.screens.dialog import Dialog
from semtui.tui.styling import styled
from semtui.tui.widgets.field import Field
from semtui.tui.widgets.type_ahead import caught_up
from semtui.wording.styled_text import Piece


class Chooser(Dialog[str | None]):
    """Answers with a candidate's id, or None."""

    # The search line is focused once everything typed ahead has arrived here, so that nothing overtakes it.
    AUTO_FOCUS = ""
    # With priority, they are carried out before the next key is looked at, however fast they are typed.
    BINDINGS = [
        Binding("escape", "dismiss", "Close", show=False),
        Binding("down", "move('cursor_down')", show=False, priority=True),
        Binding("up", "move('cursor_up')", show=False, priority=True),
        # Letters are text here.
        Binding("pagedown", "move('page_down')", show=False, priority=True),
        Binding("pageup", "move('page_up')", show=False, priority=True),
        Binding("ctrl+end", "move('last')", show=False, priority=True),
        Binding("ctrl+home", "move('first')", show=False, priority=True),
        Binding("enter", "choose", "Take it", show=False, priority=True),
        Binding("backspace", "take_back", "Delete a letter, or close", show=False, priority=True),
    ]

    finder = query_one("#finder", Input)
    choices = query_one("#choices", OptionList)
    reason = query_one("#reason", Static)

    def __init__(self, title: str, candidates: Sequence[Candidate], hint: str = "") -> None:
        super().__init__()
        self._heading = title
        self._candidates = {each.id: each for each in candidates}
        self._haystacks = {each.id: f"{haystack(each.name, each.words)}\n{each.haystack}" for each in candidates}
        self._hint = hint
        self._found_for: str | None = None
        """What was typed when the choices were last looked up."""

    def compose(self) -> ComposeResult:
        """Lay out the search field, the candidates it finds, and why one cannot be chosen."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(self._heading)
            frame.border_subtitle = "type a part, ↑ ↓, enter takes it, backspace leaves"
            yield Field(placeholder=self._hint, id="finder", compact=True, select_on_focus=False)
            yield OptionList(id="choices", markup=False)
            yield Static(id="reason", markup=False)

    def on_mount(self) -> None:
        """List all candidates, then focus the search field once keys typed meanwhile have been handled."""
        self.reason.display = any(each.obstacle for each in self._candidates.values())
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
        self.choices.clear_options()
        found = [each for each in self._candidates.values() if holds(self._haystacks[each.id], words)]
        # What begins like that comes first.
        beginning = fold(typed)
        found.sort(key=lambda each: not self._haystacks[each.id].startswith(beginning))
        self.choices.add_options(Option(styled(_prompt(each)), id=each.id) for each in found)
        self.choices.highlighted = 0 if self.choices.option_count else None
        self._explain()

    @property
    def _candidate(self) -> Candidate | None:
        """The highlighted candidate."""
        place = self.choices.highlighted
        return None if place is None else self._candidates[self.choices.get_option_at_index(place).id or ""]

    @on(OptionList.OptionHighlighted)
    def _explain(self) -> None:
        candidate = self._candidate
        self.reason.update(styled([(candidate.obstacle if candidate else "", "warn")]))

    # What is done

    async def action_move(self, how: str) -> None:
        """Move the cursor in the list once all typed keys have been handled."""
        await self._arrived()
        getattr(self.choices, f"action_{how}")()

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

    @on(OptionList.OptionSelected)
    def _take(self) -> None:
        candidate = self._candidate
        if candidate is not None and not candidate.obstacle and self.is_active:
            self.dismiss(candidate.id)


def _prompt(candidate: Candidate) -> list[Piece]:
    key: list[Piece] = [(f"{candidate.key:<11}", "muted" if candidate.obstacle else "strong")] if candidate.key else []
    return [*key, (f"{candidate.name}  ", "muted" if candidate.obstacle else "plain"), (candidate.words, "muted")]
