"""What every form shares: its keys, validation, and the list of what an edit changes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from semtui.tui.screens import drafts
from semtui.tui.screens.request_modal import RequestModal
from semtui.tui.widgets.choice_list import ChoiceList
from semtui.tui.widgets.key_hint import tell_chosen
from semtui.tui.widgets.paragraphs import Paragraphs
from semtui.tui.widgets.picker import Picker
from semtui.wording.styled_text import Line, Tone

UNCHANGED = "Nothing is changed."


@dataclass(frozen=True)
class FormError:
    """Why a form cannot be sent, and the field to fix."""

    words: str
    place: Widget | None = None
    tone: Tone = "bad"


class Form(RequestModal):
    """Enter in a field moves on, in a list it chooses. Only the button sends, and it says why when it cannot."""

    _tells_error = False
    """Whether the status line says why the form cannot be sent, until it can."""

    @abstractmethod
    def validation_error(self) -> FormError | None:
        """Why the form cannot be sent, as far as can be checked here."""

    @abstractmethod
    def submit(self) -> object:
        """Send the form."""

    def differences(self) -> Sequence[Line]:
        """What an edit changes, shown in `#changes`."""
        return ()

    def review(self) -> None:
        """Update what is shown beside the fields."""

    def on_mount(self) -> None:
        """Show what the form says about its initial content."""
        self._reviewed()

    @property
    def accepts_confirmation(self) -> bool:
        """True once the form has been open long enough to be read, or something in it was changed."""
        # Whoever has changed something here has seen what they change.
        return super().accepts_confirmation or drafts.draft_of(self.body) != self.shown

    def check_deliberate(self) -> bool:
        """Whether a key may send the form; always true when the form cannot be sent anyway."""
        # What cannot be sent anyway needs no time to be read first.
        return self.validation_error() is not None or super().check_deliberate()

    @on(Input.Changed)
    @on(ChoiceList.Changed)
    @on(Picker.Changed)
    def _reviewed(self) -> None:
        self.review()
        self.tell_keys()
        for changes in self.query("#changes").results(Paragraphs):
            changes.update(self.differences())
        if self._tells_error:
            self._show_error(self.validation_error())

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Show a sentence that stays when fields change."""
        super().say(words, tone)
        self._tells_error = False

    def _show_error(self, error: FormError | None) -> None:
        """Show why the form cannot be sent, until it can."""
        words = error.words if error else ""
        if words != self.said:
            self.say(words, error.tone if error else "plain")
        self._tells_error = error is not None

    @on(Input.Submitted)
    def _go_on(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_next()

    @on(ChoiceList.Confirmed)
    def _say_chosen(self, event: ChoiceList.Confirmed) -> None:
        # In the line of hints, for which a dialog does not grow.
        tell_chosen(self.frame, event.choice.name)

    def confirm(self) -> None:
        """Send if every check that can be made here passes."""
        error = self.validation_error()
        self._show_error(error)
        if error is None:
            self.submit()
        elif error.place is not None:
            self.set_focus(error.place)
