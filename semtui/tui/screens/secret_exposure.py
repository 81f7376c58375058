"""Asks for a secret's name before a token goes where it gives somebody more than they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, ComposeResult
from textual.widgets import Static

from semtui.changes.result import ChangeResult
from semtui.tui.screens.typed_confirmation import TypedConfirmation

if TYPE_CHECKING:
    from collections.abc import Callable

    from semtui.changes.secret_exposure import Exposure
    from semtui.session.session import Session


class SecretExposure(TypedConfirmation):
    """Says who will be able to act with the token; answers None unless the name was typed."""

    VERB: ClassVar[str] = "use"
    UNDONE: ClassVar[str] = "Nothing was sent"
    LEAVE: ClassVar[str] = "Choose another place"

    def __init__(self, session: Session, exposed: Exposure) -> None:
        super().__init__(session, "", exposed.name)
        self._exposed = exposed

    @property
    def code(self) -> str:
        """The name: Semaphore takes none that is hard to type."""
        return self.called

    def heading(self) -> str:
        """Ask whether the token may go to this secret."""
        return f"Put the token into the secret {self.called}?"

    def compose_warning(self) -> ComposeResult:
        """Lay out who will be able to read the token."""
        yield Static(self._exposed.words, classes="warning", markup=False)

    def send_typed(self) -> None:
        """Go on; nothing is sent here."""
        self.dismiss(ChangeResult(""))


def once_accepted(app: App[Any], session: Session, exposed: Exposure, go_on: Callable[[], object]) -> None:
    """Call `go_on` once the user accepts whom a token makes stronger: at once where it makes nobody."""
    if not exposed.name:
        go_on()
        return

    def answered(accepted: ChangeResult | None) -> None:
        if accepted is not None:
            go_on()

    app.push_screen(SecretExposure(session, exposed), answered)
