"""Prepares what is done to an existing service account: a new token, its state, its deletion."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from semtui.api.permissions import MANAGE_PEOPLE, MANAGE_SERVICE_ACCOUNTS
from semtui.audit.what_if.operations import Operation
from semtui.changes import switch_account
from semtui.changes.delete_account import AccountDeletion
from semtui.changes.regenerate_token import Regeneration
from semtui.changes.rotation import note_switched
from semtui.changes.secret_exposure import exposure, stronger_roles
from semtui.cli.actions.accounts import without_token
from semtui.cli.actions.reports import warnings_of
from semtui.cli.actions.rows import about, as_it_is, seen_of
from semtui.cli.actions.step import Part, Result, Step, part_of
from semtui.cli.actions.tokens import deliver, exposure_confirmation, say_reach, token_destination
from semtui.organization.rotations import rotation_of
from semtui.system.errors import ConfigurationError
from semtui.wording import confirmations as confirmation_words
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.cli.actions.context import ActionContext
    from semtui.cli.actions.step import Wanted
    from semtui.organization.subject import Subject
    from semtui.tokens.delivery import Destination


async def prepare_regeneration(context: ActionContext, wanted: Wanted) -> Step:
    """A new token in place of the old one. Raises ConfigurationError."""
    subject = context.account(wanted.text("account"))
    context.require("regenerate", MANAGE_SERVICE_ACCOUNTS, subject, "account")
    revoking = wanted.flag("revoke")
    if revoking and subject.manual_role is None:
        raise ConfigurationError(f"--revoke: {name_of(subject)} has no role assigned directly that could be removed.")
    to = await token_destination(context, wanted)
    exposed = exposure(to, stronger_roles(context.people, subject))
    first = (
        f"Take the role {subject.manual_role.role_name} away, then regenerate"
        if revoking and subject.manual_role
        else ""
    )
    return Step(
        f"{first or 'Regenerate'} the token of {name_of(subject)}; the new one goes to {to.words}.",
        partial(_regenerated, context, subject, to, revoking),
        subject=about(subject),
        warnings=warnings_of(
            [
                context.people.caution(subject),
                confirmation_words.REGENERATION,
                confirmation_words.DEACTIVATED_ALREADY if subject.state == "deactivated" else "",
                exposed.words,
            ]
        ),
        operations=[Operation("remove", subject.id)] if revoking else (),
        confirmation=exposure_confirmation(exposed) or context.row_confirmation("replaces a token for good", subject),
        seen=seen_of(subject),
    )


async def _regenerated(context: ActionContext, subject: Subject, to: Destination, revoking: bool) -> Result:
    regeneration = Regeneration(context.session, subject, context.report)
    sent = await context.carry_out(
        f"Regenerating the token of {name_of(subject)}…",
        partial(regeneration.send, to, revoking=revoking),
        regeneration.check,
        regeneration.refusal_words,
    )
    token = sent.result.token if sent.result else None
    if token is not None:
        delivered = await deliver(context, token, to)
        await say_reach(context, token)
        return Result((part_of(sent), *delivered), subject.id)
    ended = without_token(sent)
    done = regeneration.achieved
    # What was done before is told by a part of its own.
    return Result((Part("done", done.sentence), *ended.parts), subject.id) if done else ended


async def prepare_deactivation(context: ActionContext, wanted: Wanted) -> Step:
    """An account that may act no more. Raises ConfigurationError."""
    return _switch(context, context.account(wanted.text("account")), deactivate=True)


async def prepare_reactivation(context: ActionContext, wanted: Wanted) -> Step:
    """An account that may act again. Raises ConfigurationError."""
    return _switch(context, context.account(wanted.text("account")), deactivate=False)


def _switch(context: ActionContext, subject: Subject, *, deactivate: bool) -> Step:
    context.require("switch", MANAGE_SERVICE_ACCOUNTS, subject, "account")
    name = name_of(subject)
    if (subject.state == "deactivated") == deactivate:
        return as_it_is(subject, f"{name} is {'deactivated' if deactivate else 'active'} already.")
    words = confirmation_words.DEACTIVATION if deactivate else confirmation_words.REACTIVATION
    return Step(
        f"{'Deactivate' if deactivate else 'Reactivate'} {name}.",
        partial(_switched, context, subject),
        subject=about(subject),
        warnings=warnings_of([context.people.caution(subject), words]),
        operations=[Operation("deactivate", subject.id)] if deactivate else (),
        confirmation=context.row_confirmation("locks out whatever uses the account", subject) if deactivate else None,
        seen=seen_of(subject),
    )


async def _switched(context: ActionContext, subject: Subject) -> Result:
    doing = "Reactivating" if subject.state == "deactivated" else "Deactivating"
    ended = await context.carry_out(
        f"{doing} {name_of(subject)}…",
        partial(switch_account.switch, context.session, subject),
        partial(switch_account.check_switched, context.session, subject),
    )
    rotation = rotation_of(context.people, subject)
    if ended.outcome == "done" and subject.id == rotation.old_id:
        note_switched(context.session, rotation, deactivated=subject.state != "deactivated")
    return Result((part_of(ended),), subject.id)


async def prepare_deletion(context: ActionContext, wanted: Wanted) -> Step:
    """An account that is gone for good. Raises ConfigurationError."""
    subject = context.account(wanted.text("account"))
    context.require("delete", MANAGE_PEOPLE, subject)
    return Step(
        f"Delete {name_of(subject)} for good.",
        partial(_deleted, context, subject),
        subject=about(subject),
        warnings=warnings_of([context.people.caution(subject), confirmation_words.DELETION]),
        operations=[Operation("delete", subject.id)],
        confirmation=context.row_confirmation("deletes an account for good", subject),
        seen=seen_of(subject),
    )


async def _deleted(context: ActionContext, subject: Subject) -> Result:
    deletion = AccountDeletion(context.session, subject, context.store.deleted_ids.add)
    ended = await context.carry_out(f"Deleting {name_of(subject)}…", deletion.send, deletion.check)
    return Result((part_of(ended),), subject.id)
