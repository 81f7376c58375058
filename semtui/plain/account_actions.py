"""Regenerate a token, deactivate, reactivate, delete: each says first what it breaks, and asks for a typed word."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from semtui.audit.what_if.operations import Operation
from semtui.changes import (
    deactivate_first,
    delete_account,
    group_queue,
    regenerate_token,
    switch_account,
)
from semtui.changes import (
    delete_group as group_deletion,
)
from semtui.changes.secret_exposure import exposure, stronger_roles
from semtui.plain.effect import Effect
from semtui.plain.groups import finish
from semtui.plain.speech import to_speech
from semtui.plain.tokens import TokenHolder, ask_destination, exposure_accepted
from semtui.wording import confirmations as confirmation_words
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.changes.result import ChangeResult
    from semtui.organization.subject import Subject
    from semtui.plain.context import PlainContext
    from semtui.tokens.delivery import Destination


def say_identity(context: PlainContext, subject: Subject) -> None:
    """Say enough to tell a row from a look-alike."""
    if caution := context.people.caution(subject):
        context.console.say(caution)
    context.console.say(f"{name_of(subject)}, {to_speech(confirmation_words.identity(subject)).replace(' · ', ', ')}.")


def regenerate(context: PlainContext, subject: Subject) -> None:
    """Regenerate the token; for a leaked one, remove the role first."""
    context.console.say(confirmation_words.REGENERATION)
    say_identity(context, subject)
    if subject.state == "deactivated":
        context.console.say(confirmation_words.DEACTIVATED_ALREADY)
    leak = confirmation_words.revoke_now_words(subject).replace("“Revoke now”", "Typing revoke")
    if leak:
        context.console.say(leak)
    to, stronger = ask_destination(context), stronger_roles(context.people, subject)
    if not exposure_accepted(context, exposure(to, stronger)):
        context.console.say("The current token is kept.")
        return
    regeneration = regenerate_token.Regeneration(context.session, subject, context.console.say)
    words = ("regenerate", "revoke") if leak else ("regenerate",)
    prompt = f"Type {' or '.join(words)} to replace the token of {name_of(subject)}; Enter keeps the current one"
    done = None
    while done is None and (word := context.console.confirmed(prompt, *words)):
        done = _regenerated(context, subject, regeneration, to, revoking=word == "revoke")
    if done is None:
        context.console.say("The current token is kept.")
        context.finish(regeneration.achieved)
        return
    if done.token is not None:
        holder = TokenHolder(context, done.token, opening=done.sentence, to=done.destination, stronger=stronger)
        context.console.say(holder.run())
    context.load()


def _regenerated(
    context: PlainContext,
    subject: Subject,
    regeneration: regenerate_token.Regeneration,
    to: Destination | None,
    *,
    revoking: bool,
) -> ChangeResult | None:
    doing = "Removing the role, then regenerating" if revoking else "Regenerating"
    return context.carry_out(
        f"{doing} the token of {name_of(subject)}…",
        partial(regeneration.send, to, revoking=revoking),
        regeneration.check,
        regeneration.refusal_words,
    )


def switch(context: PlainContext, subject: Subject) -> None:
    """Deactivate an active account, reactivate a deactivated one."""
    back = subject.state == "deactivated"
    word, doing = ("reactivate", "Reactivating") if back else ("deactivate", "Deactivating")
    context.console.say(confirmation_words.REACTIVATION if back else confirmation_words.DEACTIVATION)
    if _typed(context, subject, word, [] if back else [Operation("deactivate", subject.id)]):
        context.finish(
            context.carry_out(
                f"{doing} {name_of(subject)}…",
                partial(switch_account.switch, context.session, subject),
                partial(switch_account.check_switched, context.session, subject),
            )
        )


def _typed(context: PlainContext, subject: Subject, word: str, operations: Sequence[Operation]) -> bool:
    """Say what the account is and what would change; True once the word is typed."""
    say_identity(context, subject)
    effect = Effect(context, operations)
    effect.say()
    return effect.typed(word)


def delete(context: PlainContext, subject: Subject) -> None:
    """Delete a service account for good, once its name is typed."""
    context.console.say(confirmation_words.DELETION)
    say_identity(context, subject)
    if subject.state != "deactivated":
        context.console.say("To be able to go back, deactivate it instead.")
    effect = Effect(context, [Operation("delete", subject.id)])
    effect.say()
    deletion = delete_account.AccountDeletion(context.session, subject, context.store.deleted_ids.add)
    done = None
    while done is None and _name_typed(context, subject, effect):
        done = context.carry_out(f"Deleting {name_of(subject)}…", deletion.send, deletion.check)
    context.finish(done)


def delete_later(context: PlainContext, subject: Subject) -> None:
    """Deactivate a service account now, and be reminded to delete it."""
    if subject.state == "deactivated":
        context.console.complain(f"{name_of(subject)} is deactivated already.")
        return
    context.console.say(f"{confirmation_words.DEACTIVATION} {deactivate_first.put_off_words(subject)}")
    if _typed(context, subject, "deactivate", [Operation("deactivate", subject.id)]):
        context.finish(
            context.carry_out(
                f"Deactivating {name_of(subject)}…",
                partial(deactivate_first.deactivate_first, context.session, subject),
                partial(deactivate_first.check, context.session, subject),
            )
        )


def delete_group(context: PlainContext, subject: Subject) -> None:
    """Queue the deletion of a group once its name is typed, and report whether it happened."""
    context.console.say(confirmation_words.group_deletion_words(subject))
    say_identity(context, subject)
    effect = Effect(context, [Operation("delete-group", subject.id)], group_queue.TOLD)
    effect.say()
    if not _name_typed(context, subject, effect):
        return
    finish(
        context,
        context.carry_out(
            f"Deleting the group {name_of(subject)}…",
            partial(group_deletion.delete_group, context.session, subject),
            partial(group_deletion.check_group_deleted, context.session, subject),
        ),
    )


def _name_typed(context: PlainContext, subject: Subject, effect: Effect) -> bool:
    alike = [row.id for row in context.people.alike(subject)]
    if confirmed_by_name(effect, name_of(subject), subject.id, alike):
        return True
    context.console.say("Nothing was deleted.")
    return False


def confirmed_by_name(effect: Effect, name: str, row_id: str, alike: Sequence[str]) -> bool:
    """Whether the user typed the name, or the start of the id if other names look the same."""
    code = confirmation_words.code_to_type(name, row_id, alike)
    what = f"its name, {code}," if code == name else f"{code}, the start of its id,"
    return effect.confirmed(f"Type {what} to delete it", "Enter keeps it", code)
