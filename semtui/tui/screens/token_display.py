"""Shows an API token once, to be copied, saved to a file or read, and never closed by accident."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.timer import Timer
from textual.widgets import Input, Label, Static

from semtui.api.errors import SemaphoreError
from semtui.changes.secret_exposure import exposure
from semtui.changes.token_delivery import deliver_token
from semtui.changes.token_questions import is_accepted, wait_until_settled
from semtui.session.session import Session
from semtui.system.private_files import PrivateFileError
from semtui.text.clean import clean
from semtui.tokens.clipboard import copy_text
from semtui.tokens.delivery import DeliveryError, DeliveryUnknownError, Destination, destination, suggested_path
from semtui.tui.screens.dialog import Dialog
from semtui.tui.screens.new_access import NewAccess
from semtui.tui.screens.secret_exposure import once_accepted
from semtui.tui.widgets.field import Field
from semtui.tui.widgets.status_line import StatusLine
from semtui.tui.widgets.steady import Steady
from semtui.wording.confirmations import acceptance_words
from semtui.wording.secrets import UNKNOWN_ROLES
from semtui.wording.styled_text import Tone
from semtui.wording.tokens import (
    ACCEPTANCE_UNKNOWN,
    ASKING,
    DESTINATION_NEEDED,
    NO_COPY,
    SALVAGED,
    delivering_words,
    offer_words,
    token_words,
    usage_example,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from semtui.api.models import NewToken, Role
    from semtui.changes.lacking import Missing


class TokenDisplay(Dialog[str]):
    """Holds the token in view until the user agrees to leave it; answers with what became of it, in words.

    For a new account it also assigns the role: the token comes first, because it cannot be had again.
    """

    # A selection would leave the secret in the application's own clipboard for as long as it runs.
    ALLOW_SELECT = False
    # The one field is hidden at first; focused, it would swallow the keys.
    AUTO_FOCUS = ""
    SECONDS_IN_VIEW = 60.0
    """How long it stays readable over somebody's shoulder, or in a screen left open."""
    # With priority they are handled in the order they were typed: after "w" the next one is text.
    BINDINGS = [
        Binding("v", "show", "Show or hide the token", show=False, priority=True),
        Binding("c", "copy", "Copy the token", show=False, priority=True),
        Binding("w", "ask_path", "Write the token to a file", show=False, priority=True),
        Binding("p", "ask_command", "Hand the token to a command", show=False, priority=True),
        Binding("t", "test", "Ask Semaphore whether it accepts the token", show=False, priority=True),
        Binding("y", "copy_example", "Copy the example", show=False, priority=True),
        Binding("s", "say_stored", "The token is stored elsewhere, when asked", show=False, priority=True),
        Binding("q", "leave_anyway", "Leave the token in a private file, when asked", show=False, priority=True),
        Binding("r", "assign_role", "Try again what failed", show=False, priority=True),
        Binding("enter", "leave", "Done", show=False, priority=True),
        Binding("escape", "escape", "Close", show=False, priority=True),
    ]

    secret = query_one("#secret", Static)
    status = query_one("#status", StatusLine)
    where = query_one("#where", Field)
    where_field = query_one("#where-field", Horizontal)

    def __init__(
        self,
        session: Session,
        token: NewToken,
        role: Role | None = None,
        opening: str = "",
        to: Destination | None = None,
        stronger: Sequence[str] = (UNKNOWN_ROLES,),
        also: Missing | None = None,
    ) -> None:
        """`stronger` are the roles of the token's account that permit more than Member does."""
        super().__init__()
        self.session = session
        self.token = token
        self.access = NewAccess(session, token, role, also)
        self._opening = opening
        self._stronger = stronger
        self._to = to
        """Where to deliver the token as soon as it is here."""
        self._under_way: Destination | None = None
        """The delivery under way."""
        self._offered = ""
        """What stood beside “Token to” when it was last told what Enter does."""
        self._shown = False
        self._masking: Timer | None = None
        self._stored = ""
        """What became of the token, as far as that is known; empty while nothing is."""
        self._sent = False
        """It went to the terminal's clipboard, which gives no answer."""
        self._handed = ""
        """A command that was given it, and may not have kept it."""
        self.kept: Path | None = None
        """The private file it was left in."""
        self._asking_to_leave = False

    def compose(self) -> ComposeResult:
        """Lay out the masked token, what can be done with it, and an example of its use."""
        with Steady(id="frame") as frame:
            frame.border_title = Content(f"The API token of {self.token.account_name}")
            yield Static(Content(f"Shown once. {NO_COPY}"), id="once")
            yield Static(id="secret")
            yield Static("v show   c copy   w to a file   p to a command or secret   t test", id="ways")
            with Horizontal(id="where-field", classes="field"):
                yield Label("Token to")
                yield Field(id="where", compact=True)
            yield self.access
            yield StatusLine()
            yield Static(Content(usage_example(self.session.context.base_url)), id="example")
            yield Static("y copy the example   enter done: I have stored it", id="hint")

    def on_mount(self) -> None:
        """Deliver the token to the destination chosen before."""
        self._show_field(False)
        self._draw()
        if self.token.salvaged:
            self.say(SALVAGED, "warn")
        else:
            self.say(self._opening)
        if self._to is not None:
            self._deliver(self._to)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While something is typed, only Escape is a command: other letters would copy the token or show it."""
        return action == "escape" or self.focused is not self.where

    @property
    def stored(self) -> bool:
        """True once the token was copied or saved, as far as can be known."""
        return bool(self._stored)

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Show a sentence in the status line."""
        self.status.say(words, tone)

    def _draw(self) -> None:
        self.secret.update(Content(token_words(self.token, shown=self._shown)))

    # Ways to take it

    def action_show(self) -> None:
        """Show the token for `SECONDS_IN_VIEW` seconds, or mask it again."""
        self._shown = not self._shown
        self._draw()
        if self._masking is not None:
            self._masking.stop()
        if self._shown:
            self._masking = self.set_timer(self.SECONDS_IN_VIEW, self.mask)
            self.say(f"Hidden again in {self.SECONDS_IN_VIEW:g} s, or press v.")

    def mask(self) -> None:
        """Hide the token again."""
        if self._shown:
            self.action_show()
            self.say("Hidden again; v shows it.")

    @work(group="copy", exclusive=True, description="")
    async def action_copy(self) -> None:
        """Copy the token; it counts as stored only if a program confirmed the copy."""
        self.say("Copying…")
        if await self._copy(self.token.secret.get_secret_value()):
            self._stored = self._stored or "copied"
        else:
            self._sent = True

    @work(group="copy", exclusive=True, description="")
    async def action_copy_example(self) -> None:
        """Copy the usage example, which does not contain the token."""
        await self._copy(usage_example(self.session.context.base_url), "Only the example, without the token. ")

    async def _copy(self, text: str, what: str = "") -> bool:
        """Copy and say what is known of it; True when a program confirmed to hold the text."""
        report = await copy_text(text, environ=os.environ, send_osc52=self._send_to_terminal)
        self.say(what + report.words, "good" if report.known else "warn")
        return report.known

    def _send_to_terminal(self, text: str) -> None:
        self.app.copy_to_clipboard(text)
        # Textual keeps what it copies and would paste it into any field for the rest of the run.
        self.app._clipboard = ""

    @work(group="test", exclusive=True, description="")
    async def action_test(self) -> None:
        """Ask Semaphore whether it accepts the token, after any request that may still replace it has ended."""
        self.say(ASKING)
        await wait_until_settled(self.session, self.token, self.say)
        try:
            accepted = await is_accepted(self.session, self.token)
        except SemaphoreError as error:
            self.say(f"{ACCEPTANCE_UNKNOWN} {error}", "warn")
            return
        self.say(acceptance_words(accepted, self.session.clock()), "good" if accepted else "bad")
        await self.access.ask_reach()

    def action_ask_path(self) -> None:
        """Ask for the file to write the token to."""
        self._ask_where(suggested_path(self.token.account_name))

    def action_ask_command(self) -> None:
        """Ask for the command to hand the token to."""
        self._ask_where("| ")

    def _ask_where(self, start: str) -> None:
        # A path that is suggested is replaced by typing; a bar, or a command that failed, is gone on with.
        self.where.prefill(start, replaced=not start.startswith("|"))
        self._show_field(True)
        # Here and now: `focus` would be late for what is typed ahead.
        self.set_focus(self.where)
        self._offered = start
        self.say(offer_words(destination(start)))

    @on(Input.Changed, "#where")
    def _offer(self, event: Input.Changed) -> None:
        # Not of what was put there: an error may have been said of it since.
        if event.value != self._offered:
            self._offered = event.value
            self.say(offer_words(destination(event.value)))

    @on(Input.Submitted, "#where")
    def _where_chosen(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip() in ("", "|"):
            self.action_escape()
            return
        to = destination(event.value)
        if to is None:
            self.say(DESTINATION_NEEDED, "bad")
        elif self._under_way is not None:
            self.say(f"{self._under_way.words} has not taken the token yet; wait until it has.", "warn")
        else:
            once_accepted(self.app, self.session, exposure(to, self._stronger), partial(self._deliver, to))

    @work(group="deliver", exclusive=True, description="")
    async def _deliver(self, to: Destination) -> None:
        """Deliver the token and report the result; after a failure the destination can be corrected and tried again."""
        self._under_way = to
        self.say(delivering_words(to))
        try:
            delivered = await deliver_token(self.session, self.token, to)
        except DeliveryUnknownError as error:
            self._handed = to.taker
            self._hide_destination()
            self.say(f"{error} If it is stored, press Enter, then s.", "warn")
            return
        except DeliveryError as error:
            if not self.where_field.display:
                self._ask_where(to.typed)
            self.say(str(error), "bad")
            return
        finally:
            self._under_way = None
        self._stored = delivered
        self._hide_destination()
        self.say(f"{self._opening} It was {delivered}.".strip() if to is self._to else f"It was {delivered}.", "good")

    def _show_field(self, shown: bool) -> None:
        """Show the field for the destination in the place of the keys, which are letters while it is there."""
        self.where_field.display = shown
        self.query_one("#ways").display = not shown
        self.query_one("#hint").visible = not shown

    def _hide_destination(self) -> None:
        self._show_field(False)
        self.set_focus(None)

    def action_assign_role(self) -> None:
        """Give the new account what it still lacks."""
        self.access.give()

    # Leaving

    def action_escape(self) -> None:
        """Close the destination field, else withdraw the question about leaving, else leave."""
        if self.where_field.display:
            self._hide_destination()
            self.say("")
        elif self._asking_to_leave:
            self._asking_to_leave = False
            self.say("")
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Close if the token is known to be stored; otherwise ask once."""
        if self._stored:
            self._close()
            return
        self._asking_to_leave = True
        if self._sent:
            # tmux for one drops it by default, without a word.
            why = "It is not known whether the token reached your clipboard: paste it somewhere first."
        elif self._handed:
            why = f"It is not known whether {self._handed} has stored the token: check there first."
        else:
            why = "You have neither copied nor saved this token, and nobody can show it again."
        ways = "w saves" if self._sent else "c copies, w saves"
        self.say(f"{why} {ways}; s: it is stored elsewhere; q leaves it in a private file.", "bad")

    def action_say_stored(self) -> None:
        """Take the user's word that the token is stored, and close."""
        if self._asking_to_leave:
            self._stored = self._stored or "stored, as you said"
            self._close()

    def action_leave_anyway(self) -> None:
        """Leave it where the next start, and the key o, find it; without such a place it stays in view."""
        if not self._asking_to_leave:
            return
        try:
            self.kept = self.session.vault.save_privately(self.token)
        except PrivateFileError as error:
            self.say(f"It cannot be left in a private file. {error} c copies, w saves it elsewhere.", "bad")
            return
        self._close()

    def _close(self) -> None:
        if not self.is_active:
            return
        if self._stored:
            self.session.vault.release(self.token)
        self._shown = False
        self._draw()
        left = f"left in {clean(str(self.kept))}; o opens it" if self.kept else "neither copied nor saved"
        self.dismiss(f"Its token was {self._stored or left}.{self.access.lacking}")
