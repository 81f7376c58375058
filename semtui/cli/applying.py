"""Carries out a plan: all of it is checked, then each change is made, and how far that came is kept in a file."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from semtui.cli.actions.reports import parts_told
from semtui.cli.actions.step import STATUSES, Part, Result
from semtui.cli.headless import print_text, say
from semtui.cli.planning import as_json, check_confirmed, prepared
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import PrivateFileError, append_private, read_private
from semtui.system.regular_files import open_regular

if TYPE_CHECKING:
    from semtui.cli.actions.context import ActionContext
    from semtui.cli.actions.options import ActionOptions
    from semtui.cli.actions.step import Outcome, Step
    from semtui.cli.change_files import Plan, PlannedChange

State = Literal["begun", "done", "refused", "unknown", "partly"]
_STATES: tuple[State, ...] = ("begun", "done", "refused", "unknown", "partly")
_DELETES = ("account delete", "group delete", "role delete", "member remove")
_LARGEST = 1 << 22


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keeps others from applying the same plan meanwhile. Raises ConfigurationError."""
    try:
        descriptor = open_regular(path.expanduser())
    except OSError:
        raise ConfigurationError("PLAN: The file cannot be read.") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ConfigurationError("Another semtui is applying this plan. Nothing was sent.") from None
    except OSError:
        # A disk without locks.
        pass
    try:
        yield
    finally:
        os.close(descriptor)


class Progress:
    """How far a plan came, line by line in a private file beside it."""

    def __init__(self, path: Path, plan: Plan) -> None:
        """Raises ConfigurationError for a file that cannot be read."""
        self._path = path.expanduser().with_name(f"{path.name}.progress")
        self._plan = plan
        self.states: dict[int, tuple[State, float]] = {}
        """By the number of a change, what is known of it, and since when in epoch seconds."""
        if os.path.lexists(self._path):
            self._read()

    def _read(self) -> None:
        try:
            lines = read_private(self._path, _LARGEST, errors="replace").splitlines()
        except PrivateFileError as error:
            raise ConfigurationError(str(error)) from None
        for line in lines:
            # The last line may have been cut off.
            with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
                found = json.loads(line)
                if found["plan"] == self._plan.sha256 and found["state"] in _STATES:
                    self.states[int(found["change"])] = (cast(State, found["state"]), float(found["at"]))

    def note(self, number: int, state: State, now: float, words: list[str]) -> None:
        """Add what is known of a change. Raises ConfigurationError."""
        line = {"plan": self._plan.sha256, "change": number, "state": state, "at": int(now), "words": words}
        try:
            append_private(self._path, json.dumps(line))
        except PrivateFileError as error:
            raise ConfigurationError(f"How far this came cannot be noted. {error} Nothing more was sent.") from None
        self.states[number] = (state, now)


class Applying:
    """Carries out one plan."""

    def __init__(self, path: Path, plan: Plan, options: ActionOptions, context: ActionContext) -> None:
        self._plan = plan
        self._options = options
        self._context = context
        self._progress = Progress(path, plan)
        self._told: list[dict[str, Any]] = []
        """What became of each change."""

    async def run(self) -> int:
        """Check everything, then carry out what is left; returns the exit status. Raises ConfigurationError."""
        await self._context.load()
        await self._context.store.load_projects(lambda: None)
        steps = [(planned, await self._step(planned)) for planned in self._plan.changes]
        if self._options.dry_run:
            return 0 if self._tell_what_is_left(steps) else 1
        for planned, step in steps:
            number = planned.change.number
            if step is None:
                outcome = self._left(planned)
            else:
                outcome = await self._carried_out(planned, step)
            if outcome != "done" and step is not None:
                left = len(self._plan.changes) - number
                self._tell(f"Stopped there; {left} more {'is' if left == 1 else 'are'} left." if left else "")
                break
        return self._end()

    # Before anything is sent

    async def _step(self, planned: PlannedChange) -> Step | None:
        """What is still to be done of a change; None if that is nothing, or cannot be told. Raises
        ConfigurationError if it is no longer what was planned."""
        state, since = self._progress.states.get(planned.change.number, ("", 0.0))
        if state in ("done", "partly"):
            return None
        unsure = state in ("begun", "unknown")
        if unsure:
            await self._wait_until_over(since)
        try:
            step = await prepared(self._context, planned.change)
        except ConfigurationError as error:
            if unsure:
                self._find_out(planned, str(error))
                return None
            raise
        if unsure and step.idle:
            self._note(planned, Result((Part("done", step.title),)))
            return None
        check_confirmed(planned.change, step)
        if (step.title, as_json(step.seen)) == (planned.words, planned.seen):
            return step
        if unsure:
            self._find_out(planned, f"{planned.change.place}: It is no longer what was planned.")
            return None
        changed = sorted(
            key for key, value in as_json(step.seen).items() if not planned.seen or planned.seen.get(key) != value
        )
        what = f" ({', '.join(changed)})" if changed else ""
        raise ConfigurationError(
            f"{planned.change.place}: It is no longer what was planned{what}: “{planned.words}” It would be "
            f"“{step.title}” Make the plan anew. Nothing was sent."
        )

    async def _wait_until_over(self, since: float) -> None:
        """Wait until Semaphore can no longer be working on a request that was sent then."""
        limits = await self._context.session.read(_limits)
        wait = since + limits - self._context.session.clock()
        if 0 < wait <= limits:
            self._context.report("An earlier request may still be on its way; waiting until it is over…")
            await asyncio.sleep(wait)

    def _find_out(self, planned: PlannedChange, why: str) -> None:
        """Note what became of a change of an earlier run that cannot be made again."""
        if planned.change.do in _DELETES and self._is_gone(planned.subject_id):
            self._note(planned, Result((Part("done", f"{planned.words} It is gone."),)))
            return
        words = f"{planned.words} How that ended is not known. {why}"
        self._progress.note(planned.change.number, "unknown", self._context.session.clock(), [words])

    def _is_gone(self, subject_id: str) -> bool:
        people = self._context.people
        listings = (people.users, people.accounts, people.groups, people.roles)
        whole = all(listing.is_known and listing.error is None for listing in listings)
        return whole and subject_id not in people.by_id and all(each.id != subject_id for each in people.roles.items)

    # Each change

    async def _carried_out(self, planned: PlannedChange, step: Step) -> Outcome:
        number = planned.change.number
        if not step.idle:
            self._progress.note(number, "begun", self._context.session.clock(), [step.title])
        result = await step.carry_out()
        self._note(planned, result)
        return result.outcome

    def _note(self, planned: PlannedChange, result: Result) -> None:
        """Keep and tell how a change ended."""
        parts = parts_told(result.parts)
        words = [part["words"] for part in parts]
        number = planned.change.number
        self._progress.note(number, result.outcome, self._context.session.clock(), words)
        self._told.append({"change": number, "words": planned.words, "outcome": result.outcome, "parts": parts})
        for part in parts:
            line = f"{number}. {part['words']}"
            if part["outcome"] != "done" or self._options.form != "text" or not print_text(f"{line}\n"):
                say(line)

    def _left(self, planned: PlannedChange) -> State:
        """Tell of a change that an earlier run has made, or of which nothing more can be found out."""
        number = planned.change.number
        state, _ = self._progress.states[number]
        words = {
            "done": "was done before",
            "partly": "was done in part before; the rest is left to you",
        }.get(state, "may have been done before; look before you do it by itself")
        if all(each["change"] != number for each in self._told):
            self._tell(f"{number}. {planned.words.rstrip('.')}: {words}.")
            self._told.append({"change": number, "words": planned.words, "outcome": state, "parts": []})
        return state

    def _tell(self, words: str) -> None:
        if words:
            say(words)

    # The end

    def _tell_what_is_left(self, steps: list[tuple[PlannedChange, Step | None]]) -> bool:
        left = [f"{planned.change.number}. {step.title}\n" for planned, step in steps if step is not None]
        return print_text("".join([*left, "Nothing was sent.\n"]) if left else "Nothing is left to be done.\n")

    def _end(self) -> int:
        states = [self._progress.states.get(each.change.number, ("", 0.0))[0] for each in self._plan.changes]
        outcome = _sum_of(states)
        if self._options.form == "json":
            told = {"command": "apply", "host": self._plan.host, "outcome": outcome, "changes": self._told}
            print_text(json.dumps(told, ensure_ascii=True, indent=2) + "\n")
        return STATUSES[outcome]


def _sum_of(states: list[str]) -> Outcome:
    """All changes taken together; those that were not begun count as not done."""
    if all(state == "done" for state in states):
        return "done"
    if "done" in states or "partly" in states:
        return "partly"
    return "unknown" if "unknown" in states or "begun" in states else "refused"


async def _limits(client: Any) -> float:
    """The seconds after which Semaphore is certainly done with a request."""
    limits: float = client.limits.poll_for
    return limits
