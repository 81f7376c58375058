"""A confirmation for something irreversible: the name has to be typed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input, Label

from semtui.audit.what_if.operations import Operation
from semtui.session.session import Session
from semtui.tui.screens.effect import Effect, EffectButton
from semtui.tui.screens.request_modal import RequestModal
from semtui.tui.widgets.field import Field
from semtui.wording.confirmations import code_to_type


class TypedConfirmation(RequestModal):
    """Asks for the name `called` to be typed, then sends. Enter with nothing typed leaves everything as it is."""

    KEEPS_DRAFT = False
    VERB: ClassVar[str] = "delete"
    NAME: ClassVar[str] = "its name"
    """What is to be typed, in words."""
    PURPOSE: ClassVar[str] = ""
    """What it is typed for, where that is not the verb and “it”."""
    UNDONE: ClassVar[str] = "Nothing was deleted"
    LEAVE: ClassVar[str] = "Keep it"
    IN_FIELD: ClassVar[str] = "enter alone leaves   tab next"

    def __init__(self, session: Session, row_id: str, called: str, alike: Collection[str] = ()) -> None:
        """`alike` are the ids of everything else whose name looks the same."""
        super().__init__(session, row_id)
        self.called = called
        self._alike = alike
        self.operations: tuple[Operation, ...] = ()
        """What it does, for the `Effect` in its warning; a button shows all of that."""

    @property
    def code(self) -> str:
        """What to type: the name, or the start of the id where the name is hard to type or to tell apart."""
        return code_to_type(self.called, self._subject_id, self._alike)

    @abstractmethod
    def compose_warning(self) -> ComposeResult:
        """Lay out what will be lost."""

    @abstractmethod
    def send_typed(self) -> object:
        """Send the request; the name was typed correctly."""

    def compose_body(self) -> ComposeResult:
        """Lay out the warning and the field for the name."""
        yield from self.compose_warning()
        what = self.NAME if self.code == self.called else f"“{self.code}”"
        with Horizontal(classes="field"):
            yield Label(Content(f"Type {what} to {self.PURPOSE or f'{self.VERB} it'}"), id="typing-label")
            yield Field(id="typed", compact=True)

    def compose_buttons(self) -> ComposeResult:
        """Lay out the button that leaves and the one that sends, disabled at first."""
        yield Button(self.LEAVE, id="cancel", variant="primary", compact=True)
        yield Button(self.VERB.capitalize(), id="send", variant="error", compact=True, disabled=True)
        if self.operations:
            yield EffectButton()

    def on_mount(self) -> None:
        """Focus the field for the name, and work out what changes."""
        self.query_one("#typed", Input).focus()
        for effect in self.query(Effect):
            effect.ask(self.operations)

    @on(Input.Changed)
    def _compare(self, event: Input.Changed) -> None:
        self.say("")
        self.query_one("#send", Button).disabled = event.value != self.code

    @on(Input.Submitted)
    def confirm(self) -> None:
        """Send if the name matches, leave if nothing was typed, otherwise say that it does not match."""
        typed = self.query_one("#typed", Input).value
        if self.busy or (typed and not self.check_deliberate()):
            return
        if not typed:
            if self.accepts_confirmation:
                self.action_leave()
        elif typed != self.code:
            self.say(f"That is not “{self.code}”. {self.UNDONE}.", "bad")
        else:
            self.send_typed()
