"""An action for several accounts: every one is prepared before the first is begun, then one is done after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from semtui.cli.actions.reports import warnings_of
from semtui.cli.actions.step import Confirmation, Part, Result, Step, not_begun
from semtui.history.history import as_one
from semtui.history.record import new_id
from semtui.system.errors import ConfigurationError
from semtui.text.counting import count
from semtui.tokens.delivery import destination
from semtui.tokens.destination_pattern import NAME, filled, shared
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.cli.actions.context import ActionContext
    from semtui.cli.actions.step import Wanted
    from semtui.organization.subject import Subject

Prepare = Callable[["ActionContext", "Wanted"], Awaitable[Step]]
"""Finds what is named and checks what can be checked. Raises ConfigurationError."""
_ALONE = ("name", "revoke")
"""Arguments that are for one account."""


async def prepare_each(prepare: Prepare, context: ActionContext, wanted: Wanted) -> Step:
    """The steps of all accounts that are named, as one; of one alone, its own. Raises ConfigurationError."""
    accounts = {each.id: each for each in (context.account(given) for given in wanted.texts("account"))}
    wishes = {key: _for_account(wanted, account) for key, account in accounts.items()}
    if len(accounts) == 1:
        return await prepare(context, next(iter(wishes.values())))
    for key in _ALONE:
        if wanted.flag(key):
            raise ConfigurationError(f"--{key} is for one account at a time. Nothing was sent.")
    if wanted.given("token_to"):
        _check_places(accounts, wishes)
    steps = [(account, await _prepared(prepare, context, account, wishes[key])) for key, account in accounts.items()]
    return Step(
        "\n".join(step.title for _, step in steps),
        partial(_carried_out, steps),
        subject=("account", "", ", ".join(map(name_of, accounts.values()))),
        warnings=warnings_of(*(step.warnings for _, step in steps)),
        operations=[each for _, step in steps for each in step.operations],
        confirmation=_confirmation(steps),
        seen={account.id: step.seen for account, step in steps},
        idle=all(step.idle for _, step in steps),
    )


def _for_account(wanted: Wanted, account: Subject) -> Wanted:
    """What is wanted, of one account."""
    more = {"account": account.id}
    if pattern := wanted.given("token_to"):
        more["token_to"] = filled(pattern, account.name, account.id)
    return wanted.but(more)


def _check_places(accounts: dict[str, Subject], wishes: dict[str, Wanted]) -> None:
    """Raises ConfigurationError if two tokens would go to the same place."""
    places = {key: destination(wanted.text("token_to"), stdout=True) for key, wanted in wishes.items()}
    known = {key: to for key, to in places.items() if to is not None}
    for key, other in shared(known).items():
        raise ConfigurationError(
            f"--token-to: The tokens of {name_of(accounts[key])} and {name_of(accounts[other])} would go to the same "
            f"place; use {NAME} or {{id}} in it. Nothing was sent."
        )


async def _prepared(prepare: Prepare, context: ActionContext, account: Subject, wanted: Wanted) -> Step:
    try:
        return await prepare(context, wanted)
    except ConfigurationError as error:
        raise ConfigurationError(f"{name_of(account)}: {error}") from None


def _confirmation(steps: Sequence[tuple[Subject, Step]]) -> Confirmation | None:
    """What has to be repeated for all of them. Raises ConfigurationError for what has to be confirmed by itself."""
    wanted = [(account, step.confirmation) for account, step in steps if step.confirmation]
    for account, each in wanted:
        if each.alone:
            raise ConfigurationError(f"{name_of(account)}: This {each.does}: do it by itself. Nothing was sent.")
    if not wanted:
        return None
    number = str(len(wanted))
    return Confirmation(f"{wanted[0][1].does}, {count(len(wanted), 'time')}", (number,), "the number of accounts")


async def _carried_out(steps: Sequence[tuple[Subject, Step]]) -> Result:
    """Do one after the other, and nothing more after the first that is not wholly done."""
    parts: list[Part] = []
    with as_one(new_id()):
        for number, (account, step) in enumerate(steps, start=1):
            result = await step.carry_out()
            name = name_of(account)
            parts += [
                each if name in each.sentence else Part(each.outcome, f"{name}: {each.sentence}")
                for each in result.parts
            ]
            left = [name_of(each) for each, _ in steps[number:]]
            if result.outcome != "done" and left:
                parts.append(not_begun(left))
                break
    return Result(tuple(parts))
