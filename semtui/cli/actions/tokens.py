"""A token that arrives while a command runs: where it goes, and where it is kept if it does not get there."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from semtui.api.errors import NotSentError, SemaphoreError
from semtui.changes.new_account_access import NOTHING, NewAccountAccess
from semtui.changes.recovery import check_unfinished
from semtui.changes.token_delivery import deliver_token, require_deliverable
from semtui.changes.token_questions import reach_of
from semtui.cli.actions.step import Confirmation, Part, part_outcome
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import PrivateFileError
from semtui.tokens.delivery import DeliveryError, DeliveryUnknownError, destination
from semtui.wording.tokens import (
    DESTINATION_NEEDED,
    SALVAGED,
    delivering_words,
    saved_words,
    unfinished_words,
    unverifiable_words,
)

if TYPE_CHECKING:
    from semtui.api.models import NewToken, Role
    from semtui.changes.lacking import Missing
    from semtui.changes.secret_exposure import Exposure
    from semtui.cli.actions.context import ActionContext
    from semtui.cli.actions.step import PartOutcome, Wanted
    from semtui.tokens.delivery import Destination
    from semtui.wording.styled_text import Tone

_KEPT = (" The token is still here.", " It is still here.")
"""Said by what keeps the token; a command ends, and says where it was saved instead."""


async def find_out_unfinished(context: ActionContext) -> None:
    """Find out what became of token requests of earlier runs whose answers were lost, and say so."""
    session, journal = context.session, context.session.vault.journal
    for other in journal.unverifiable(session.context.host):
        context.report(unverifiable_words(other))
    for record, intent in journal.unfinished(session.context.host):
        context.report(f"{unfinished_words(intent)} Checking the outcome…")
        try:
            found = await session.read(partial(check_unfinished, intent=intent))
        except SemaphoreError as error:
            context.report(f"The outcome is not known. {error}")
            continue
        context.report(found.sentence)
        if found.outcome != "unknown":
            journal.end(record)


async def token_destination(context: ActionContext, wanted: Wanted) -> Destination:
    """Where the token is to go, tried out. Raises ConfigurationError."""
    to = destination(wanted.text("token_to"), stdout=True)
    if to is None:
        raise ConfigurationError(f"--token-to: {DESTINATION_NEEDED}")
    if to.stdout and sys.stdout is not None and sys.stdout.isatty() and not wanted.flag("show"):
        raise ConfigurationError(
            "--token-to -: Standard output is a terminal, where the token would stay readable. Give --show as well, or "
            "another destination."
        )
    try:
        await require_deliverable(context.session, to)
    except NotSentError as error:
        raise ConfigurationError(f"--token-to: {error}") from None
    return to


async def deliver(context: ActionContext, token: NewToken, to: Destination) -> list[Part]:
    """Deliver a token, or save it to a private file and say which."""
    session = context.session
    salvaged = [Part("unknown", SALVAGED)] if token.salvaged else []
    context.report(delivering_words(to))
    try:
        return [*salvaged, Part("done", f"The token was {await deliver_token(session, token, to)}.")]
    except DeliveryError as error:
        words = str(error)
        for kept in _KEPT:
            words = words.replace(kept, "")
        outcome: PartOutcome = "unknown" if isinstance(error, DeliveryUnknownError) else "not done"
        return [*salvaged, Part(outcome, f"{words} {_saved(context, token)}".strip())]


def _saved(context: ActionContext, token: NewToken) -> str:
    """Save a token that was not delivered; where to, in a sentence."""
    vault = context.session.vault
    try:
        path = vault.save_privately(token)
    except PrivateFileError as error:
        # Tried once more at the end, which tells how that went.
        return f"The token could not be saved yet: {error}"
    if path is None:
        return ""
    context.saved.append(path)
    return saved_words(path, vault.warning_of(path))


def exposure_confirmation(exposed: Exposure) -> Confirmation | None:
    """What has to be repeated before a token goes where it gives somebody more than they have."""
    if not exposed.name:
        return None
    return Confirmation("lets every Member act with its roles", (exposed.name,), "the name of the secret", alone=True)


async def say_reach(context: ActionContext, token: NewToken) -> None:
    """Say what the token reaches, unless it may still be replaced."""
    if not context.session.vault.seconds_until_over(token.account_id):
        words, _, _ = await reach_of(context.session, token)
        _report_reach(context, words)


def _report_reach(context: ActionContext, words: str) -> None:
    context.report(f"Token: {words.removesuffix('.')}.")


async def give_access(
    context: ActionContext, token: NewToken, role: Role | None, also: Missing = NOTHING
) -> list[Part]:
    """Give the account of a new token its role, then groups and projects, and say what the token reaches then."""
    access = NewAccountAccess(context.session, token, role, also)
    said: list[str] = []

    def report_role(words: str, tone: Tone) -> None:
        if said:
            context.report(f"Role: {said[-1]}")
        said.append(words)

    def report_more(told: list[tuple[str, Tone]]) -> None:
        for words, _ in told:
            if words.endswith("…"):
                context.report(words)

    await access.give(report_role, report_more)
    if not context.session.vault.seconds_until_over(token.account_id):
        words, _ = await access.reach()
        _report_reach(context, words)
    parts = [Part(access.role.outcome, f"Role: {said[-1].rstrip('.')}.")] if said else []
    return parts + [Part(part_outcome(outcome), words) for outcome, words in access.ended]
