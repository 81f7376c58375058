"""What a change would do: said before it is sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from semtui.changes import what_changes
from semtui.plain.speech import spoken_lines

if TYPE_CHECKING:
    from semtui.audit.what_if.answers import NoteCode, WhatIf
    from semtui.audit.what_if.operations import Operation
    from semtui.plain.context import PlainContext

EVERYTHING = "Read everything that changes"
_ALL = "all"


class Effect:
    """Who gains and loses what by some operations, by the lists as they are."""

    def __init__(self, context: PlainContext, operations: Sequence[Operation], told: Collection[NoteCode] = ()) -> None:
        """`told` are notes that have been said already. No operations change nothing and are not spoken of."""
        from semtui.audit.what_if.operations import SenselessError

        self._console = context.console
        self._operations = operations
        self._told = told
        self._answer: WhatIf | None = None
        self._error = ""
        try:
            self._answer = what_changes.asked(context.store, operations)()
        except SenselessError as error:
            self._error = str(error)

    def say(self) -> None:
        """Say it in a few sentences."""
        from semtui.wording import effects

        if not self._operations:
            return
        answer = self._answer
        lines = effects.effect_lines(answer, self._told) if answer else effects.unknown_lines(self._error)
        self._console.read_out(spoken_lines(lines))

    def confirmed(self, prompt: str, leaving: str, word: str) -> bool:
        """Whether `word` was typed; what changes can be read before. `leaving` is what Enter does."""
        readable = bool(self._operations) and word != _ALL
        words = (word, _ALL) if readable else (word,)
        more = f"; {_ALL} reads everything that changes" * readable
        while (typed := self._console.confirmed(f"{prompt}{more}; {leaving}", *words)) and typed != word:
            self.read()
        return bool(typed)

    def typed(self, word: str, note: str = "") -> bool:
        """Whether `word` was typed to do it, and if not, says so; `note` tells what the word is."""
        if self.confirmed(f"Type {word}{note} to do it", "Enter cancels", word):
            return True
        self._console.say("Nothing was changed.")
        return False

    def read(self) -> None:
        """Read all of it."""
        from semtui.wording import effects

        lines = effects.page_lines(self._answer) if self._answer else effects.unknown_lines(self._error)
        self._console.read_out(spoken_lines(lines))
