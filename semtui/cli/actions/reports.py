"""How an action is told: as text, or as JSON with the same words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from semtui.cli.headless import print_text, say
from semtui.text.clean import raw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.audit.what_if.operations import Operation
    from semtui.cli.actions.context import ActionContext
    from semtui.cli.actions.step import ActionForm, Part, Result, Step


class Reporter:
    """Tells what an action would do, or how it ended."""

    def __init__(self, command: str, context: ActionContext, form: ActionForm, *, answer_on_stdout: bool) -> None:
        """Without `answer_on_stdout`, standard output is for a token alone."""
        self._command = command
        self._context = context
        self._form = form
        self._answer_on_stdout = answer_on_stdout

    def planned(self, step: Step) -> bool:
        """Tell what would be done, and what that would change; returns whether standard output took it."""
        if self._form == "json":
            return self._write_json(step, {"outcome": "planned", "effects": effects_of(self._context, step.operations)})
        lines = [step.title, *step.warnings, *effects_of(self._context, step.operations), "Nothing was sent."]
        return print_text("".join(f"{line}\n" for line in lines))

    def ended(self, step: Step, result: Result) -> bool:
        """Tell how it ended: what was done on standard output, everything else on standard error, and all of it there
        if standard output takes nothing; returns whether it did."""
        takes = True
        if self._form == "json":
            told: dict[str, Any] = {"outcome": result.outcome, "id": result.id or step.subject[1] or None}
            if self._write_json(step, told | {"parts": parts_told(result.parts)}):
                return True
            takes = False
        for part in result.parts:
            if part.outcome == "done" and self._answer_on_stdout and takes:
                takes = print_text(f"{part.sentence}\n")
                if takes:
                    continue
            say(part.sentence)
        return takes

    def _write_json(self, step: Step, more: dict[str, Any]) -> bool:
        kind, row_id, name = step.subject
        subject = {"kind": kind, "id": raw(row_id) or None, "name": raw(name)}
        head = {"command": self._command, "host": self._context.session.context.host, "subject": subject}
        told = {**head, "words": step.title, "warnings": list(step.warnings), **more}
        return print_text(json.dumps(told, ensure_ascii=True, indent=2) + "\n")


def parts_told(parts: Sequence[Part]) -> list[dict[str, str]]:
    """How each part ended, for JSON."""
    return [{"outcome": part.outcome, "words": part.sentence} for part in parts]


def effects_of(context: ActionContext, operations: Sequence[Operation]) -> list[str]:
    """Who would gain or lose what, line by line."""
    if not operations:
        return []
    from semtui.audit.what_if.operations import SenselessError
    from semtui.changes import what_changes
    from semtui.wording import effects

    try:
        lines = effects.page_lines(what_changes.asked(context.store, operations)())
    except SenselessError as error:
        lines = effects.unknown_lines(str(error))
    return [line.text for line in lines]


def warnings_of(*groups: Sequence[str]) -> tuple[str, ...]:
    """Warnings from several sources, none twice and none empty."""
    return tuple(dict.fromkeys(words for group in groups for words in group if words))
