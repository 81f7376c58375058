"""What an action of a command takes, what it would do, and how it ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from semtui.system.errors import ConfigurationError
from semtui.text.pasted import flaw
from semtui.wording.styled_text import listed

if TYPE_CHECKING:
    from semtui.audit.what_if.answers import NoteCode
    from semtui.audit.what_if.operations import Operation
    from semtui.changes.carry_out import CarriedOut

ActionForm = Literal["text", "json"]
"""How an action is told, and files about it are written."""
PartOutcome = Literal["done", "not done", "unknown"]
_PARTS: Mapping[str, PartOutcome] = {"done": "done", "partly": "done", "unknown": "unknown"}
Outcome = Literal["done", "refused", "unknown", "partly"]
STATUSES: Mapping[Outcome, int] = {"done": 0, "refused": 1, "unknown": 4, "partly": 5}
"""The exit statuses. 2 is for what could not be started."""


@dataclass(frozen=True)
class Argument:
    """An argument of an action; also a key of a file of changes, with `_` for `-`."""

    name: str
    metavar: str
    words: str
    required: bool = False
    positional: bool = False
    """Whether it has no `--name` before it."""
    many: bool = False
    """Whether it may be given several times."""
    flag: bool = False
    """Whether it takes no value."""

    @property
    def key(self) -> str:
        """Its name in a file."""
        return self.name.replace("-", "_")

    @property
    def place(self) -> str:
        """How a sentence names it."""
        return self.metavar if self.positional else f"--{self.name}"


class Wanted:
    """The values given for an action's arguments."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        """`values` by the arguments' keys; what is missing or None was not given."""
        self._values = values

    def given(self, key: str) -> str | None:
        """A text; None if it was not given. Raises ConfigurationError for one that must not be sent."""
        value = self._values.get(key)
        return None if value is None else _sendable(key, value)

    def text(self, key: str) -> str:
        """The same, empty if it was not given."""
        return self.given(key) or ""

    def texts(self, key: str) -> tuple[str, ...]:
        """All values of an argument that may be given several times. Raises ConfigurationError."""
        found = self._values.get(key) or ()
        return tuple(dict.fromkeys(_sendable(key, each) for each in ((found,) if isinstance(found, str) else found)))

    def but(self, values: Mapping[str, Any]) -> Wanted:
        """The same with other `values` in place of some."""
        return Wanted({**self._values, **values})

    def flag(self, key: str) -> bool:
        """Whether a flag was given."""
        return bool(self._values.get(key))


def _sendable(key: str, typed: str) -> str:
    if wrong := flaw(typed):
        raise ConfigurationError(f"{key.replace('_', '-')}: That {wrong}. Nothing was sent.")
    return typed.strip()


@dataclass(frozen=True)
class Part:
    """How one part of an action ended."""

    outcome: PartOutcome
    sentence: str


@dataclass(frozen=True)
class Result:
    """How an action ended."""

    parts: tuple[Part, ...]
    id: str = ""
    """The id of what was created or changed."""

    @property
    def outcome(self) -> Outcome:
        """All parts taken together."""
        outcomes = {part.outcome for part in self.parts}
        if outcomes == {"done"}:
            return "done"
        if "done" in outcomes:
            return "partly"
        return "unknown" if "unknown" in outcomes else "refused"


def part_outcome(outcome: str) -> PartOutcome:
    """What the outcome of a row or an item is as that of a part; what is left of one done in part is another part."""
    return _PARTS.get(outcome, "not done")


def not_begun(names: Sequence[str]) -> Part:
    """What was not begun because of what went wrong before, as a part."""
    return Part("not done", f"Not begun, because of that: {listed(names)}.")


def part_of(ended: CarriedOut) -> Part:
    """What was sent once, as a part."""
    return Part(ended.outcome, ended.sentence)


@dataclass(frozen=True)
class Confirmation:
    """What has to be repeated before something dangerous is done."""

    does: str
    """What is done, in words that follow “This”."""
    accepted: tuple[str, ...]
    """The first is asked for."""
    what: str = "its name"
    alone: bool = False
    """Whether a number must not stand for it together with others."""


@dataclass(frozen=True)
class Step:
    """An action that was found possible: everything that is known before it is sent."""

    title: str
    """What is done, in a sentence."""
    carry_out: Callable[[], Awaitable[Result]]
    subject: tuple[str, str, str] = ("", "", "")
    """Kind, id and name of what it is done to; the id is empty for something new."""
    warnings: Sequence[str] = ()
    operations: Sequence[Operation] = ()
    """What it is for the question of what would change."""
    told: Collection[NoteCode] = ()
    """Notes about that, which the warnings have given already."""
    confirmation: Confirmation | None = None
    """What has to be repeated; None for what is not dangerous."""
    seen: Mapping[str, Any] = field(default_factory=dict)
    """The facts it relies on, as JSON; if one has changed, it is another action."""
    idle: bool = False
    """Whether there is nothing to send, because everything is as it was to become."""


def keys_of(arguments: Iterable[Argument]) -> dict[str, Argument]:
    """Arguments by their keys."""
    return {argument.key: argument for argument in arguments}
