"""Prepares the steps of replacing an account by a twin that no other command does."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from semtui.api.permissions import MANAGE_SERVICE_ACCOUNTS
from semtui.changes import rotation as changes
from semtui.changes.access_steps import role_of
from semtui.changes.create_account import creation_refusal, name_obstacle
from semtui.changes.secret_exposure import exposure, stronger_roles
from semtui.cli.actions.accounts import without_token
from semtui.cli.actions.groups import watched
from semtui.cli.actions.reports import warnings_of
from semtui.cli.actions.rows import about, seen_of, unchanged
from semtui.cli.actions.step import Part, Result, Step, part_of
from semtui.cli.actions.tokens import deliver, exposure_confirmation, give_access, token_destination
from semtui.organization.rotations import Rotation, rotation_of
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import PrivateFileError
from semtui.wording import rotation as words
from semtui.wording.styled_text import listed
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.changes.lacking import Missing
    from semtui.changes.rotation import Renaming, TwinCreation
    from semtui.cli.actions.context import ActionContext
    from semtui.cli.actions.step import Wanted
    from semtui.history.record import Entry
    from semtui.organization.subject import Subject
    from semtui.tokens.delivery import Destination


def _rotation(context: ActionContext, wanted: Wanted) -> Rotation:
    return rotation_of(context.people, context.account(wanted.text("account")))


def _lacking(context: ActionContext, rotation: Rotation) -> Missing:
    return changes.missing(rotation, context.people, _entries(context))


def _entries(context: ActionContext) -> list[Entry]:
    try:
        return context.session.history.entries()
    except PrivateFileError as error:
        context.report(str(error))
        return []


async def prepare_twin(context: ActionContext, wanted: Wanted) -> Step:
    """A new account that takes over. Raises ConfigurationError."""
    rotation = _rotation(context, wanted)
    old = rotation.old
    if rotation.stage != "begin" or old is None:
        raise ConfigurationError(f"{words.stage_words(rotation)} Nothing was sent.")
    context.require("create", MANAGE_SERVICE_ACCOUNTS)
    host = context.session.context.host
    name = wanted.text("name") or changes.twin_name(old, context.people, host, _entries(context))
    if obstacle := name_obstacle(name, context.people, host):
        raise ConfigurationError(f"The name: {obstacle}")
    to = await token_destination(context, wanted)
    exposed = exposure(to, stronger_roles(context.people, old))
    return Step(
        f"Create {name}, the twin of {name_of(old)}; its token goes to {to.words}.",
        partial(_begun, context, old, changes.TwinCreation(context.store, old, name), name, to),
        subject=("account", "", name),
        warnings=warnings_of([exposed.words, words.NO_PROJECTS]),
        confirmation=exposure_confirmation(exposed),
        seen=seen_of(old),
    )


async def _begun(context: ActionContext, old: Subject, creation: TwinCreation, name: str, to: Destination) -> Result:
    sent = await context.carry_out(f"Creating {name}…", partial(creation.send, to), creation.check, creation_refusal)
    token = sent.result.token if sent.result else None
    if token is None:
        return without_token(sent)
    delivered = await deliver(context, token, to)
    given = await give_access(context, token, role_of(old, context.people))
    return Result((part_of(sent), *delivered, *given), token.account_id)


async def prepare_completion(context: ActionContext, wanted: Wanted) -> Step:
    """What the twin lacks. Raises ConfigurationError."""
    rotation = _rotation(context, wanted)
    twin, lacking = rotation.twin, _lacking(context, rotation)
    if twin is None:
        raise ConfigurationError(f"{words.stage_words(rotation)} Nothing was sent.")
    doubts = [words.doubtful_words(rotation.old_name, lacking.doubts)] if lacking.doubts else []
    if not lacking.words:
        nothing = f"{name_of(twin)} lacks nothing that is known."
        return unchanged(about(twin), " ".join((nothing, *doubts)), seen_of(twin))
    context.require_writable()
    return Step(
        f"Give {name_of(twin)} {listed(lacking.words)}.",
        partial(_completed, context, twin, lacking),
        subject=about(twin),
        warnings=[words.NO_PROJECTS, *doubts],
        seen={**seen_of(twin), "lacks": list(lacking.words)},
    )


async def _completed(context: ActionContext, twin: Subject, lacking: Missing) -> Result:
    context.report(f"Giving {name_of(twin)} what it lacks…")
    given = await changes.give(context.session, twin, lacking)
    parts = [Part(outcome, f"{name_of(twin)}: {told}") for outcome, told in given]
    if (queued := changes.queued(twin, lacking, given)) is not None:
        parts.append(await watched(context, queued))
    return Result(tuple(parts), twin.id)


async def prepare_renaming(context: ActionContext, wanted: Wanted) -> Step:
    """The old name for the twin. Raises ConfigurationError."""
    rotation = _rotation(context, wanted)
    twin = rotation.twin
    if twin is None or rotation.stage != "rename":
        raise ConfigurationError(f"{words.stage_words(rotation)} Nothing was sent.")
    context.require("edit", MANAGE_SERVICE_ACCOUNTS, twin)
    return Step(
        f"Give {name_of(twin)} the name {rotation.old_name}.",
        partial(_renamed, context, changes.Renaming(context.session, rotation), twin),
        subject=about(twin),
        seen=seen_of(twin),
    )


async def _renamed(context: ActionContext, renaming: Renaming, twin: Subject) -> Result:
    ended = await context.carry_out(f"Renaming {name_of(twin)}…", renaming.send, renaming.check)
    return Result((part_of(ended),), twin.id)


async def prepare_status(context: ActionContext, wanted: Wanted) -> Step:
    """How far it is; there is nothing to send. Raises ConfigurationError."""
    rotation = _rotation(context, wanted)
    lacking = _lacking(context, rotation)
    told = words.stage_words(rotation, lacking.words, lacking.doubts)
    subject = rotation.twin or rotation.old
    assert subject is not None, "the account that was named is one of the two"
    return unchanged(about(subject), told, {"stage": rotation.stage})
