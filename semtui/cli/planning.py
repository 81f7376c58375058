"""Finds what the changes of a file would be: each one checked alone, and that none gets into another's way."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from semtui.system.errors import ConfigurationError

if TYPE_CHECKING:
    from semtui.cli.actions.context import ActionContext
    from semtui.cli.actions.step import Step
    from semtui.cli.change_files import Change


async def prepared(context: ActionContext, change: Change) -> Step:
    """The step a change is. Raises ConfigurationError, which names the change."""
    try:
        return await change.action.prepare(context, change.wanted)
    except ConfigurationError as error:
        raise ConfigurationError(f"{change.place}: {error}") from None


def check_confirmed(change: Change, step: Step) -> None:
    """Raise ConfigurationError if a change is dangerous and the file does not confirm it."""
    wanted = step.confirmation
    if wanted is not None and change.confirm not in wanted.accepted:
        code = json.dumps(wanted.accepted[0], ensure_ascii=False)
        raise ConfigurationError(f'{change.place}: This {wanted.does}: add "confirm": {code}, {wanted.what}.')


def check_apart(steps: Iterable[tuple[Change, Step]]) -> None:
    """Raise ConfigurationError if a change is about something that another one changes: what was seen for it would no
    longer be so."""
    about: dict[str, Change] = {}
    changed: dict[str, Change] = {}
    for change, step in steps:
        key = step.subject[1] or f"{step.subject[0]} {step.subject[2]}"
        if key in about:
            raise ConfigurationError(
                f"{change.place}: It is about the same as {about[key].place}; put the two into files of their own."
            )
        # What has nothing to send now may have something once another change is made.
        about[key] = change
        if not step.idle:
            changed[key] = change
    for change, step in steps:
        for other_id in {*_texts(step.seen)} - {step.subject[1]}:
            if other_id in changed and changed[other_id] is not change:
                raise ConfigurationError(
                    f"{change.place}: It relies on what {changed[other_id].place} changes; put the two into files of "
                    "their own."
                )


def _texts(value: Any) -> Iterator[str]:
    """Every text within a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def as_json(value: Any) -> Any:
    """A value as it is read back from a file."""
    return json.loads(json.dumps(value))
