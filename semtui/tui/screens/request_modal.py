"""What every dialog that sends a request shares: busy, refused, unknown outcome, and how to leave."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Button

from semtui.api.errors import ConflictError, OutcomeUnknownError, SemaphoreError
from semtui.changes.reconcile import OUTCOME_UNKNOWN, Reconciliation
from semtui.changes.result import ChangeResult
from semtui.session.session import Session
from semtui.tui.screens import drafts
from semtui.tui.screens.dialog import AnnouncingScreen
from semtui.tui.screens.form_dialog import FormDialog
from semtui.tui.screens.outcome_check import OutcomeCheck
from semtui.tui.screens.text_page import TextPage
from semtui.tui.widgets.reserved import Reserved
from semtui.tui.widgets.role_list import RoleList
from semtui.tui.widgets.status_line import StatusLine
from semtui.tui.widgets.steady import Steady
from semtui.tui.widgets.type_ahead import ReadingTime
from semtui.wording.dates import clock_time
from semtui.wording.permissions import permissions_page
from semtui.wording.styled_text import Line, Tone

if TYPE_CHECKING:
    from semtui.api.models import Role

_TOO_SOON = "that key was pressed before this could be read. Press it again."
_LETTERS = "letters were typed on a button. Check what is here, then press it again."


class RequestModal(FormDialog[ChangeResult | None]):
    """A dialog that sends one request. Meanwhile nothing can be changed and Escape does nothing. A refusal is shown in
    the dialog and loses nothing. A lost answer is checked until the outcome is known, or until Escape."""

    BINDINGS = [
        # In a field q is a letter; there tab leads to the button that leaves.
        Binding("escape,q", "leave", "Close", show=False),
        # With priority, what is typed right after tab meets the next field, however fast.
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    KEEPS_DRAFT: ClassVar[bool] = True
    """What is typed is kept when the dialog is left without sending it."""
    UNDONE: ClassVar[str] = "Nothing was sent"
    """What is said of a dialog that was left, or of a press that did nothing."""

    body = query_one("#body", Steady)
    status = query_one("#status", StatusLine)
    buttons = query_one("#buttons", Horizontal)

    def __init__(self, session: Session, subject_id: str = "") -> None:
        super().__init__()
        self.session = session
        self._subject_id = subject_id
        self.busy = False
        self._draft_key = (type(self).__name__, subject_id)
        self._reconciliation: Reconciliation | None = None
        self.outcome_check = OutcomeCheck()
        self._reading = ReadingTime()
        self._question = ""
        """What the next press of the button that was pressed last does; empty where it has not been asked."""
        self._letters_lost = False
        """Letters were typed on a button: the user was looking elsewhere, or pasted something."""
        self.pressed = ""
        """Id of the button that was pressed last."""
        self.said = ""
        """What the status line says."""
        self.shown = drafts.Draft()
        """What stood here when the dialog opened, a draft that was put back included."""
        self.achieved: ChangeResult | None = None
        """What was already done when the rest failed; said when the dialog is left."""

    @abstractmethod
    def heading(self) -> str:
        """The title of the frame."""

    @abstractmethod
    def compose_body(self) -> ComposeResult:
        """Lay out the content between title and status line."""

    @abstractmethod
    def compose_buttons(self) -> ComposeResult:
        """Lay out the buttons; the harmless one is `#cancel`."""

    def compose(self) -> ComposeResult:
        """Lay out the frame: heading, body, status line and buttons."""
        with Steady(id="frame") as frame:
            frame.border_title = Content(self.heading())
            with Steady(id="body"):
                yield from self.compose_body()
            yield StatusLine()
            with Horizontal(id="buttons"):
                yield from self.compose_buttons()

    def on_mount(self) -> None:
        """Restore a draft kept for this dialog, and say how to leave."""
        for button in self.query(Button):
            # Textual's would take no second press for a moment; what is pressed twice is held off by what it does.
            button.active_effect_duration = 0
        self._opened = self.shown = drafts.draft_of(self.body)
        kept = drafts.drafts(self.session).pop(self._draft_key, None)
        if kept is not None:
            self.restore(kept)
            self.shown = drafts.draft_of(self.body)
            self.say(drafts.BACK)

        def scrollbar_changed() -> None:
            # The first layouts of a dialog may be too high for a moment.
            self.call_after_refresh(self._make_room)

        self.watch(self.frame, "show_vertical_scrollbar", scrollbar_changed)
        self._reading.begin(self)

    def _make_room(self) -> None:
        if self.frame.show_vertical_scrollbar:
            # Words and buttons come before the room kept for what may be said later.
            self.add_class("-tight")
            self.body.let_go()
            for each in self.query(Reserved):
                each.let_go()
            if self.said:
                self.call_after_refresh(self.status.scroll_visible, animate=False)
        self.tell_keys()

    def restore(self, draft: drafts.Draft) -> None:
        """Restore what was typed here before."""
        drafts.restore(self.body, draft)

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Show a sentence in the status line; an empty one hides it."""
        self.said = words
        self.status.say(words, tone)
        self.set_class(bool(words), "-telling")
        self.call_after_refresh(self._make_room)
        self.status.scroll_visible(animate=False)

    @property
    def accepts_confirmation(self) -> bool:
        """False at first, while keys typed ahead may still arrive."""
        return self._reading.over

    def check_deliberate(self) -> bool:
        """Whether a key may confirm; if not, says that it came too early or after stray letters."""
        if self._letters_lost:
            self._letters_lost = False
            self.say(f"{self.UNDONE}: {_LETTERS}", "warn")
            return False
        if self.accepts_confirmation:
            return True
        if self._question:
            # It stays to be read.
            self.ask_again(self._question)
        else:
            self.say(f"{self.UNDONE}: {_TOO_SOON}", "warn")
        return False

    def ask_again(self, words: str) -> None:
        """Say what the next press of the same button does, and go to the one that leaves: a key that is pressed twice
        or held down must not be that press."""
        self._question = words
        self.say(words, "warn")
        self._reading.begin(self)
        self.set_focus(self.query_one("#cancel"))

    @property
    def asked(self) -> bool:
        """Whether the press that is being handled answers `ask_again`."""
        return bool(self._question)

    async def carry_out(
        self,
        starting: str,
        send: Callable[[], Awaitable[ChangeResult]],
        check: Callable[[], Coroutine[Any, Any, Reconciliation]],
    ) -> None:
        """Send, and dismiss when done; otherwise say how it ended and stay open."""
        if self.busy:
            return
        focused = self.focused
        self._set_busy(True)
        self.say(f"{starting} Since {clock_time(self.session.clock())}.")
        done: ChangeResult | None = None
        try:
            done = await send()
        except OutcomeUnknownError as error:
            since = clock_time(self.session.clock())
            words = f"{OUTCOME_UNKNOWN} Checking since {since}… q stops checking."
            self.say(f"{error} {words}", "warn")
            self._reconciliation = await self.outcome_check.run(check)
            self.say(self._reconciliation.sentence, "warn")
        except SemaphoreError as error:
            self.session.permissions.note_refusal(error)
            leaving = " Cancelling leaves theirs." if isinstance(error, ConflictError) else ""
            self.say(self.refusal_words(error) + leaving, "bad")
        if done is not None:
            self.dismiss(done)
            return
        self._set_busy(False)
        if self._reconciliation is None or self._reconciliation.outcome == "not done":
            self._reconciliation = None
            self.set_focus(focused)
        else:
            self._only_close()

    @property
    def is_unknown(self) -> bool:
        """True once it was looked up whether it was done, and that cannot be told."""
        return self._reconciliation is not None and self._reconciliation.outcome == "unknown"

    def refusal_words(self, error: SemaphoreError) -> str:
        """The message for a refusal."""
        return str(error)

    def _set_busy(self, busy: bool) -> None:
        self.busy = busy
        self.body.disabled = busy
        self.buttons.disabled = busy

    def _only_close(self) -> None:
        """Leave only a button that closes: the outcome is known and there is nothing more to send."""
        self.body.disabled = True
        close = self.query_one("#cancel", Button)
        close.label = Content("Close")
        self.set_focus(close)
        for button in self.query(Button):
            button.display = button is close

    def action_leave(self) -> None:
        """Close, unless a request is under way; only the check of its outcome can be stopped."""
        if self.outcome_check.running and self.is_active:
            self.outcome_check.stop()
        elif not self.busy and self.is_active:
            answer = self._remaining_message(self._reconciliation) if self._reconciliation else self.achieved
            if answer is None and self.KEEPS_DRAFT:
                self._keep_draft()
            self.dismiss(answer)

    def _keep_draft(self) -> None:
        """Keep words and ticks for the next time, and say so where it is read."""
        draft = drafts.draft_of(self.body)
        if draft.holds_work(self._opened):
            drafts.drafts(self.session)[self._draft_key] = draft
            below = self.app.screen_stack[-2]
            if isinstance(below, AnnouncingScreen):
                below.say(f"{self.UNDONE}. {drafts.KEPT}")

    def _remaining_message(self, result: Reconciliation) -> ChangeResult:
        """The first sentence of an outcome, once all of it has been read in the dialog."""
        first = result.sentence.partition(". ")[0].rstrip(".")
        return ChangeResult(f"{first}.", result.subject_id or self._subject_id, tone="warn")

    def on_key(self, event: events.Key) -> None:
        """Look after a letter typed on a button: it was meant for a field."""
        letter = event.character if event.is_printable else None
        if letter not in (None, " ", "?") and isinstance(self.focused, Button):
            self.letter_on_button(event, letter)

    def letter_on_button(self, event: events.Key, letter: str) -> None:
        """A letter was typed on a button, which takes none: what is pressed next sends nothing."""
        self._letters_lost = True

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Leave, or confirm if the press was deliberate and no request is running."""
        event.stop()
        if event.button.id == "cancel":
            # The second of two quick presses must not dismiss what has just been asked.
            if not self._question or self.check_deliberate():
                self.action_leave()
        elif not self.busy and self._may_confirm(event.button.id or ""):
            self.confirm()

    def _may_confirm(self, button: str) -> bool:
        """Whether this press may confirm. Another button than before forgets what was asked about that one."""
        if button != self.pressed:
            self._question = ""
        self.pressed = button
        return self.check_deliberate()

    def confirm(self) -> None:
        """React to a press of any button but `#cancel`."""

    @on(RoleList.PermissionsAsked)
    def _read_permissions(self, event: RoleList.PermissionsAsked) -> None:
        title, lines = self.role_page(event.role)
        if lines:
            self.app.push_screen(TextPage(title, lines))

    def role_page(self, role: Role) -> tuple[str, Sequence[Line]]:
        """The page about a role in this dialog, with its title; no lines if there is none."""
        return f"What {role.name} permits", permissions_page(role)
