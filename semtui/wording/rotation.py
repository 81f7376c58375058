"""Replacing an account by a twin, in words: how far it is, and what each step does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.organization.rotations import STAGES, SUFFIX, Stage, rotations
from semtui.settings.keymap import key
from semtui.text.counting import count
from semtui.wording.styled_text import listed
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from semtui.organization.people import People
    from semtui.organization.rotations import Rotation

WHY = (
    "An account has one token, so a new one locks out whoever still uses the old one. A twin has a token of its own: "
    "both work until you deactivate the old account, and every step but its deletion can be taken back."
)
NO_PROJECTS = (
    "Semaphore shows no roles of accounts on projects: those that semtui gave are known, others you give the twin on "
    "the Projects page."
)

_MOST_TOLD = 2
_MOST_NAMED = 4
_WAITING: dict[Stage, str] = {
    "hand over": "to be handed over",
    "watch": "deactivated and being watched",
    "rename": "deleted, whose twins can have their names",
}


def title(rotation: Rotation) -> str:
    """How far it is: `Replace ci-bot by ci-bot-next, step 2 of 4`."""
    twin = name_of(rotation.twin) if rotation.twin else f"{rotation.old_name}{SUFFIX}"
    return f"Replace {rotation.old_name} by {twin}, step {STAGES.index(rotation.stage) + 1} of {len(STAGES)}"


def stage_words(rotation: Rotation, lacking: Sequence[str] = (), doubts: Sequence[str] = ()) -> str:
    """What is to be done now, in sentences; `lacking` is what the twin does not have yet, `doubts` what the old account
    may have."""
    old, twin = rotation.old_name, name_of(rotation.twin) if rotation.twin else ""
    if rotation.stage == "begin":
        return f"There is no twin of {old} yet."
    if rotation.stage == "hand over":
        needs = f" {twin} lacks {listed(lacking)}." if lacking else ""
        needs += f" {doubtful_words(old, doubts)}" if doubts else ""
        return f"{old} is being replaced by {twin}: its users get the new token, then {old} is deactivated.{needs}"
    if rotation.stage == "watch":
        return f"{old} is replaced by {twin} and deactivated: if nothing fails, it can be deleted; else reactivate it."
    return f"{old} is replaced by {twin} and deleted: the twin can have its name."


def doubtful_words(old: str, doubts: Sequence[str]) -> str:
    """That it is not known what else a twin should have."""
    return f"It is not known whether {old} was given {listed(doubts)}: if so, the twin needs it too."


def notices(people: People) -> list[str]:
    """A line for each rotation that is under way; of many, one line that tells which is where."""
    found = rotations(people)
    if len(found) <= _MOST_TOLD:
        return [f"{stage_words(each)} {key('rotate')} on its row goes on." for each in found]
    where = []
    for stage, words in _WAITING.items():
        if names := sorted(each.old_name for each in found if each.stage == stage):
            more = [f"{len(names) - _MOST_NAMED} more"] if len(names) > _MOST_NAMED else []
            where.append(f"{listed([*names[:_MOST_NAMED], *more])} {words}")
    return [
        f"{count(len(found), 'account')} are being replaced by twins: {'; '.join(where)}. Searching for “replaces” "
        f"finds the twins; {key('rotate')} on a row or on marked ones goes on."
    ]


STEPS = {
    "create": "Create the twin: same role and description, a token of its own",
    "complete": "Give the twin what it lacks: {lacking}",
    "token": "Give the twin another token, if the first did not arrive",
    "deactivate": "The users have the new token: deactivate {old}",
    "traces": "Watch: read what {old} did last, as far as Semaphore shows",
    "delete": "Nothing fails: delete {old}",
    "rename": "Give the twin the name {old}",
    "take back": "Take back: delete the twin",
    "reactivate": "Take back: reactivate {old}",
}
"""What can be done, by its code."""
OFFERED = {
    "begin": ("create",),
    "hand over": ("complete", "deactivate", "token", "take back"),
    "watch": ("traces", "delete", "reactivate"),
    "rename": ("rename",),
}
"""What is offered at each stage."""

STEPS_OF_SEVERAL = {
    "create": "Create twins of {accounts}, each with a token of its own",
    "complete": "Give {twins} what they lack",
    "deactivate": "The users have the new tokens: deactivate {accounts}",
    "delete": "Nothing fails: delete {accounts}",
    "rename": "Give {twins} the names of those they have replaced",
    "take back": "Take back: delete {twins}",
    "reactivate": "Take back: reactivate {accounts}",
}
"""The same for several accounts, for those that are at the step."""


def at_step(code: str, rotations: Sequence[Rotation], lacking: Mapping[str, Sequence[str]]) -> list[Rotation]:
    """Those of which a step is offered; `lacking` is what each twin lacks, by the id of the old account."""
    found = [each for each in rotations if code in OFFERED[each.stage]]
    return [each for each in found if code != "complete" or lacking[each.old_id]]


def offers_of_several(rotations: Sequence[Rotation], lacking: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """What can be done now with several: a code, and words."""
    numbers = {code: len(at_step(code, rotations, lacking)) for code in STEPS_OF_SEVERAL}
    return [
        (code, words.format(accounts=count(numbers[code], "account"), twins=count(numbers[code], "twin")))
        for code, words in STEPS_OF_SEVERAL.items()
        if numbers[code]
    ]


def offers(rotation: Rotation, lacking: Sequence[str]) -> list[tuple[str, str]]:
    """What can be done now: a code, and words."""
    codes = [each for each in OFFERED[rotation.stage] if each != "complete" or lacking]
    return [(each, STEPS[each].format(old=rotation.old_name, lacking=listed(lacking))) for each in codes]
