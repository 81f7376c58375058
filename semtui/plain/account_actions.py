"""Regenerate a token, deactivate, reactivate, delete: each says first what it breaks, and takes a typed word."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from semtui.changes import (
    delete_account,
    regenerate_token,
    switch_account,
)
from semtui.changes import (
    delete_group as group_deletion,
)
from semtui.plain.groups import finish
from semtui.plain.speech import to_speech
from semtui.plain.tokens import TokenHolder, ask_destination, checked_destination
from semtui.wording import confirmations as confirmation_words
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.changes.result import ChangeResult
    from semtui.organization.people import Subject
    from semtui.plain.context import PlainContext
    from semtui.tokens.delivery import Destination


def say_identity(desk: PlainContext, subject: Subject) -> None:
    """Say enough to tell a row from a look-alike."""
    if caution := desk.people.caution(subject):
        desk.shell.say(caution)
    desk.shell.say(f"{name_of(subject)}, {to_speech(confirmation_words.identity(subject)).replace(' · ', ', ')}.")


def regenerate(desk: PlainContext, subject: Subject) -> None:
    """Regenerate the token; for a leaked one, remove the role first."""
    desk.shell.say(confirmation_words.REGENERATION)
    say_identity(desk, subject)
    if subject.state == "deactivated":
        desk.shell.say(confirmation_words.DEACTIVATED_ALREADY)
    leak = confirmation_words.revoke_now_words(subject).replace("“Revoke now”", "Typing revoke")
    if leak:
        desk.shell.say(leak)
    to = ask_destination(desk)
    regeneration = regenerate_token.Regeneration(desk.session, subject, desk.shell.say)
    words = ("regenerate", "revoke") if leak else ("regenerate",)
    prompt = f"Type {' or '.join(words)} to replace the token of {name_of(subject)}; Enter keeps the current one"
    done = None
    while done is None and (word := desk.shell.confirmed(prompt, *words)):
        done = _regenerated(desk, subject, regeneration, to, revoking=word == "revoke")
    if done is None:
        desk.shell.say("The current token is kept.")
        desk.finish(regeneration.achieved)
        return
    if done.token is not None:
        desk.shell.say(TokenHolder(desk, done.token, opening=done.sentence, to=done.destination).run())
    desk.load()


def _regenerated(
    desk: PlainContext,
    subject: Subject,
    regeneration: regenerate_token.Regeneration,
    to: Destination | None,
    *,
    revoking: bool,
) -> ChangeResult | None:
    async def send() -> ChangeResult:
        await checked_destination(to)
        return await regeneration.send(to, revoking=revoking)

    doing = "Taking the role away, then regenerating" if revoking else "Regenerating"
    return desk.carry_out(
        f"{doing} the token of {name_of(subject)}…", send, regeneration.check, regeneration.refusal_words
    )


def switch(desk: PlainContext, subject: Subject) -> None:
    """Deactivate an active account, reactivate a deactivated one."""
    back = subject.state == "deactivated"
    word, doing = ("reactivate", "Reactivating") if back else ("deactivate", "Deactivating")
    desk.shell.say(confirmation_words.REACTIVATION if back else confirmation_words.DEACTIVATION)
    say_identity(desk, subject)
    if not desk.shell.confirmed(f"Type {word} to do it; Enter cancels", word):
        desk.shell.say("Nothing was changed.")
        return
    desk.finish(
        desk.carry_out(
            f"{doing} {name_of(subject)}…",
            partial(switch_account.switch, desk.session, subject),
            partial(switch_account.check_switched, desk.session, subject),
        )
    )


def delete(desk: PlainContext, subject: Subject) -> None:
    """Delete a service account for good, once its name is typed."""
    desk.shell.say(confirmation_words.DELETION)
    say_identity(desk, subject)
    if subject.state != "deactivated":
        desk.shell.say("To be able to go back, deactivate it instead.")
    deletion = delete_account.AccountDeletion(desk.session, subject, desk.roster.deleted_ids.add)
    done = None
    while done is None and _name_typed(desk, subject):
        done = desk.carry_out(f"Deleting {name_of(subject)}…", deletion.send, deletion.check)
    desk.finish(done)


def delete_group(desk: PlainContext, subject: Subject) -> None:
    """Queue the deletion of a group once its name is typed, and report whether it happened."""
    desk.shell.say(confirmation_words.group_deletion_words(subject))
    say_identity(desk, subject)
    if not _name_typed(desk, subject):
        return
    finish(
        desk,
        desk.carry_out(
            f"Deleting the group {name_of(subject)}…",
            partial(group_deletion.delete_group, desk.session, subject),
            partial(group_deletion.check_group_deleted, desk.session, subject),
        ),
    )


def _name_typed(desk: PlainContext, subject: Subject) -> bool:
    alike = [row.id for row in desk.people.alike(subject)]
    if confirmed_by_name(desk, name_of(subject), subject.id, alike):
        return True
    desk.shell.say("Nothing was deleted.")
    return False


def confirmed_by_name(desk: PlainContext, name: str, row_id: str, alike: Sequence[str], verb: str = "delete") -> bool:
    """Whether the name was typed, or the start of the id where the name does not tell it apart."""
    code = confirmation_words.code_to_type(name, row_id, alike)
    what = f"its name, {code}," if code == name else f"{code}, the start of its id,"
    return bool(desk.shell.confirmed(f"Type {what} to {verb} it; Enter keeps it", code))
