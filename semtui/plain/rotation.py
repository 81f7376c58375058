"""Replacing an account by a twin in line mode: the next steps as a menu, each with its own question."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from semtui.changes import rotation as changes
from semtui.changes.create_account import creation_refusal, name_obstacle
from semtui.changes.secret_exposure import exposure, stronger_roles
from semtui.organization.rotations import rotation_of
from semtui.plain import account_actions
from semtui.plain.groups import finish
from semtui.plain.tokens import TokenHolder, ask_destination, exposure_accepted
from semtui.system.private_files import PrivateFileError
from semtui.wording import rotation as words
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.changes.lacking import Missing
    from semtui.history.record import Entry
    from semtui.organization.rotations import Rotation
    from semtui.organization.subject import Subject
    from semtui.plain.context import PlainContext


def rotate(context: PlainContext, subject: Subject) -> None:
    """Offer what can be done next, and do it."""
    console, session = context.console, context.session
    rotation = rotation_of(context.people, subject)
    try:
        entries = session.history.entries()
    except PrivateFileError as error:
        console.complain(str(error))
        entries = []
    lacking = changes.missing(rotation, context.people, entries)
    console.say(words.stage_words(rotation, lacking.words, lacking.doubts))
    offers = words.offers(rotation, lacking.words)
    if not (chosen := console.menu(words.title(rotation), [told for _, told in offers])):
        return
    code, old, twin = offers[chosen - 1][0], rotation.old, rotation.twin
    if code == "create" and old is not None:
        _create(context, old, entries)
    elif code == "rename":
        _rename(context, rotation)
    elif code == "complete" and twin is not None:
        _complete(context, twin, lacking)
    elif code == "traces" and old is not None:
        from semtui.plain.impact import say_traces

        say_traces(context, old)
    elif old is not None and twin is not None:
        _existing(context, code, old, twin)


def _existing(context: PlainContext, code: str, old: Subject, twin: Subject) -> None:
    """The steps that have a question of their own elsewhere."""
    before = old.state
    if code in ("deactivate", "reactivate"):
        account_actions.switch(context, old)
        now = context.people.by_id.get(old.id)
        if now is not None and now.state != before:
            changes.note_switched(context.session, rotation_of(context.people, old), deactivated=code == "deactivate")
    elif code == "token":
        account_actions.regenerate(context, twin)
    elif code == "delete":
        account_actions.delete(context, old)
    else:
        account_actions.delete(context, twin)
        if twin.id not in context.people.by_id:
            context.session.under_way.end(old.id)


def _create(context: PlainContext, old: Subject, entries: Sequence[Entry]) -> None:
    console = context.console
    console.say(words.WHY)
    console.say(words.NO_PROJECTS)
    host = context.session.context.host
    suggested = changes.twin_name(old, context.people, host, entries)
    name = console.text(f"What the twin is called; Enter takes {suggested}") or suggested
    if obstacle := name_obstacle(name, context.people, host):
        console.complain(obstacle)
        return
    to, stronger = ask_destination(context), stronger_roles(context.people, old)
    if not exposure_accepted(context, exposure(to, stronger)):
        console.say("Nothing was sent.")
        return
    if not console.confirmed(f"Type create to create {name}; Enter cancels", "create"):
        console.say("Nothing was sent.")
        return
    creation = changes.TwinCreation(context.store, old, name)
    done = context.carry_out(f"Creating {name}…", partial(creation.send, to), creation.check, creation_refusal)
    if done is not None and done.token is not None:
        holder = TokenHolder(context, done.token, done.role, done.sentence, done.destination, stronger)
        console.say(holder.run())
    if done is not None:
        context.load()


def _complete(context: PlainContext, twin: Subject, lacking: Missing) -> None:
    if context.console.confirmed(f"Type give to give it to {name_of(twin)}; Enter cancels", "give"):
        context.console.say(f"Giving {name_of(twin)} what it lacks…")
        finish(context, context.wait(changes.complete(context.session, twin, lacking)))
    else:
        context.console.say("Nothing was sent.")


def _rename(context: PlainContext, rotation: Rotation) -> None:
    renaming = changes.Renaming(context.session, rotation)
    if not context.console.confirmed("Type rename to do it; Enter cancels", "rename"):
        context.console.say("Nothing was sent.")
        return
    context.finish(context.carry_out("Renaming…", renaming.send, renaming.check))
