"""What all dialogs have in common: their look, read when the first one is opened."""

from __future__ import annotations

from typing import TypeVar

from textual.screen import ModalScreen

from semtui.screens.sized import Sized

T = TypeVar("T")


class Dialog(Sized[T], ModalScreen[T]):
    """Stands over a page until it is left; answers with what came of it."""

    CSS_PATH = "dialogs.tcss"
