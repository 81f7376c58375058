"""One action of a command that changes something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from semtui.cli.actions.several import Prepare
    from semtui.cli.actions.step import Argument


@dataclass(frozen=True)
class Action:
    """What one word behind a command does."""

    words: str
    """What it does, for the help: a clause without a capital."""
    preparation: str
    """The function that prepares it, as `accounts.prepare_edit`. Named only, because what it needs takes longer to load
    than the arguments to read."""
    arguments: Sequence[Argument] = ()
    dangerous: bool = False
    sends: bool = True
    """Whether it can change something; False for what only tells."""
    epilog: str = ""

    @property
    def prepare(self) -> Prepare:
        """Finds what is named and checks what can be checked. Raises ConfigurationError."""
        module, _, name = self.preparation.partition(".")
        found = cast("Prepare", getattr(import_module(f"semtui.cli.actions.{module}"), name))
        if not any(each.many and each.positional for each in self.arguments):
            return found
        from semtui.cli.actions.several import prepare_each

        return partial(prepare_each, found)


Actions = Mapping[str, Action]
