"""Files of changes: what is written by hand, and the plan made of it, which is reviewed and applied."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from semtui.cli import account, group, member, project, role
from semtui.cli.actions.step import Wanted, keys_of
from semtui.system.errors import ConfigurationError
from semtui.system.regular_files import read_regular

if TYPE_CHECKING:
    from pathlib import Path

    from semtui.cli.actions.action import Action, Actions
    from semtui.cli.actions.step import Argument, Step

VERSION = 1
_ACTIONS: Mapping[str, Actions] = {
    "account": account.ACTIONS,
    "member": member.ACTIONS,
    "group": group.ACTIONS,
    "role": role.ACTIONS,
    "project": project.ACTIONS,
}
ACTIONS: Mapping[str, Action] = {
    f"{command} {name}": action for command, actions in _ACTIONS.items() for name, action in actions.items()
}
"""Every action, as a file names it."""
_OWN_KEYS = ("do", "confirm")
_MOST = 1_000


@dataclass(frozen=True)
class Change:
    """One change of a file."""

    number: int
    """Counted from 1."""
    do: str
    values: Mapping[str, Any]
    """The action's arguments, by key."""
    confirm: str | None = None
    """The name once more, for what is dangerous."""

    @property
    def action(self) -> Action:
        """What is done."""
        return ACTIONS[self.do]

    @property
    def wanted(self) -> Wanted:
        """The values of the action's arguments."""
        return Wanted(self.values)

    @property
    def place(self) -> str:
        """How a sentence names it."""
        return f"change {self.number}"


@dataclass(frozen=True)
class PlannedChange:
    """A change as it was found possible."""

    change: Change
    words: str
    subject_id: str
    seen: Any
    """The facts it relies on."""


@dataclass(frozen=True)
class Plan:
    """A reviewed file."""

    host: str
    ids_only: bool
    changes: tuple[PlannedChange, ...]
    sha256: str


def read_changes(path: Path) -> tuple[Change, ...]:
    """The changes of a file written by hand. Raises ConfigurationError, which quotes no value."""
    return _changes(_object(path, "FILE").get("changes"))


def _object(path: Path, which: str) -> dict[str, Any]:
    try:
        found = json.loads(read_regular(path, which))
    except (ValueError, RecursionError):
        raise ConfigurationError(f"{which}: This is not JSON.") from None
    if not isinstance(found, dict):
        raise ConfigurationError(f'{which}: This is not an object with a list "changes".')
    return found


def _changes(found: Any) -> tuple[Change, ...]:
    if not isinstance(found, list) or not found:
        raise ConfigurationError('FILE: This is not an object with a list "changes".')
    if len(found) > _MOST:
        raise ConfigurationError(f"FILE: These are {len(found):,} changes; a file takes {_MOST:,}.")
    return tuple(_change(each, number) for number, each in enumerate(found, 1))


def _change(found: Any, number: int) -> Change:
    do = found.get("do") if isinstance(found, dict) else None
    if not isinstance(do, str) or do not in ACTIONS:
        raise ConfigurationError(f'change {number}: "do" is one of {", ".join(ACTIONS)}.')
    arguments = keys_of(each for each in ACTIONS[do].arguments if each.name != "show")
    if not {*found} <= {*arguments, *_OWN_KEYS}:
        raise ConfigurationError(f"change {number}: {do} takes {', '.join([*arguments, 'confirm'])}, and nothing else.")
    for key, argument in arguments.items():
        _check_value(number, key, argument, found.get(key))
    if found.get("token_to") == "-":
        raise ConfigurationError(f"change {number}: A token of a file goes to a file or a command.")
    confirm = found.get("confirm")
    if confirm is not None and not isinstance(confirm, str):
        raise ConfigurationError(f"change {number}: confirm is a text.")
    return Change(number, do, {key: found[key] for key in arguments if key in found}, confirm)


def _check_value(number: int, key: str, argument: Argument, value: Any) -> None:
    """Raises ConfigurationError for a value of the wrong kind."""
    if value is None:
        if argument.required:
            raise ConfigurationError(f"change {number}: {key} is needed: {argument.words}.")
        return
    if argument.many and not argument.positional:
        fits, kind = isinstance(value, list) and all(isinstance(each, str) for each in value), "a list of texts"
    elif argument.flag:
        fits, kind = isinstance(value, bool), "true or false"
    else:
        fits, kind = isinstance(value, str), "a text"
    if not fits:
        raise ConfigurationError(f"change {number}: {key} is {kind}.")


# Plans


def plan_record(
    host: str, made_at: str, ids_only: bool, planned: Iterable[tuple[Change, Step, Sequence[str]]]
) -> dict[str, Any]:
    """A plan as JSON: each change with the step it was found to be, and what that changes, line by line."""
    changes = [
        {
            "do": change.do,
            **change.values,
            "confirm": change.confirm,
            "words": step.title,
            "warnings": list(step.warnings),
            "effects": list(effects),
            "subject_id": step.subject[1],
            "seen": step.seen,
        }
        for change, step, effects in planned
    ]
    plan = {"plan": VERSION, "host": host, "made_at": made_at, "at_id": ids_only, "changes": changes}
    return {**plan, "sha256": _hash_of(plan)}


def _hash_of(plan: Mapping[str, Any]) -> str:
    from semtui.audit.snapshots.canonical import canonical

    return sha256(canonical(plan).encode()).hexdigest()


def read_plan(path: Path) -> Plan:
    """A plan that `semtui plan` wrote. Raises ConfigurationError."""
    found = _object(path, "PLAN")
    if found.get("plan") != VERSION:
        raise ConfigurationError("PLAN: This is no plan; `semtui plan FILE --output PLAN` makes one.")
    given = found.pop("sha256", None)
    try:
        if given != _hash_of(found):
            raise ConfigurationError("PLAN: It was changed after it was made; make it anew with `semtui plan`.")
        planned = tuple(_planned(each, number) for number, each in enumerate(found["changes"], 1))
        return Plan(found["host"], found["at_id"], planned, given)
    except (TypeError, KeyError, AttributeError, RecursionError):
        raise ConfigurationError("PLAN: This plan has not the form that `semtui plan` writes.") from None


def _planned(found: dict[str, Any], number: int) -> PlannedChange:
    own = {key: found.pop(key) for key in ("words", "warnings", "effects", "subject_id", "seen")}
    return PlannedChange(_change(found, number), own["words"], own["subject_id"], own["seen"])
