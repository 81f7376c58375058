"""Roles of people and groups, removing people, inviting them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from semtui.audit.what_if.operations import Operation
from semtui.changes import assign_role, remove_member
from semtui.changes import invite as invitation
from semtui.changes.invite import PROVIDERS
from semtui.plain.account_actions import say_identity
from semtui.plain.effect import EVERYTHING, Effect
from semtui.plain.role_choice import choose_role
from semtui.wording import confirmations as confirmation_words
from semtui.wording.granting import change_warnings
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.changes.result import ChangeResult
    from semtui.organization.subject import Subject
    from semtui.plain.context import PlainContext


def change_role(context: PlainContext, subject: Subject) -> None:
    """Assign another role in place of the directly assigned one, having said what that grants and revokes."""
    context.console.say(f"Change the role of {name_of(subject)}.")
    for words in change_warnings(subject, context.people, context.store.own_id):
        context.console.say(words)
    request = assign_role.RoleChange(context.session, subject)
    present = subject.manual_role.role_id if subject.manual_role else ""
    while (role := choose_role(context, present)) is not None:
        if role.id == present:
            context.console.complain(f"{name_of(subject)} holds {role.name} already.")
        elif _changed(context, subject, role, request):
            return
    context.console.say("The role was not changed.")


def _changed(context: PlainContext, subject: Subject, role: Role, request: assign_role.RoleChange) -> bool:
    """Whether the change was made, or may have been, so that there is nothing more to ask."""
    effect = Effect(context, [Operation("role", subject.id, role.id)], told=("caller", "stays"))
    effect.say()
    entries = (f"Give {name_of(subject)} the role {role.name}", EVERYTHING)
    while chosen := context.console.menu("", entries, zero="another role", sending=1):
        if chosen == 2:
            effect.read()
            continue
        done = context.carry_out(
            f"Giving {name_of(subject)} the role {role.name}…",
            partial(request.send, role),
            partial(request.check, role),
        )
        if done is not None:
            context.finish(done)
            return True
    return False


def remove(context: PlainContext, subject: Subject) -> None:
    """Remove the directly assigned role: a person leaves, a group stays without it."""
    group = subject.kind == "group"
    context.console.say(
        f"Remove the role of {name_of(subject)}." if group else f"Remove {name_of(subject)} from the organization."
    )
    say_identity(context, subject)
    for words in remove_member.removal_warnings(subject, context.store.own_id):
        context.console.say(words)
    context.console.say(remove_member.removal_words(subject))
    effect = Effect(context, [Operation("remove", subject.id)], remove_member.TOLD)
    effect.say()
    # Where the name does not tell them apart, something that does is asked for.
    alike = [row.id for row in context.people.alike(subject)]
    word = confirmation_words.code_to_type(name_of(subject), subject.id, alike) if alike else "remove"
    if not effect.typed(word, ", the start of the id," if alike else ""):
        return
    context.finish(
        context.carry_out(
            f"Removing {name_of(subject)}…",
            partial(remove_member.remove, context.session, subject),
            partial(remove_member.check_removed, context.session, subject),
        )
    )


class _Invitation:
    def __init__(self, context: PlainContext) -> None:
        self._context = context
        self._provider = PROVIDERS[0]
        self._handle = self._uid = ""
        self._role: Role | None = None

    def run(self) -> None:
        console = self._context.console
        asking = (self._ask_provider, self._ask_handle, self._ask_role)
        for ask in asking:
            ask()
            if ask == self._ask_handle and not self._handle:
                console.say("Nobody was invited.")
                return
        while chosen := console.menu("", self._entries(), zero="invites nobody", stay=True, sending=4):
            if chosen <= len(asking):
                asking[chosen - 1]()
            elif (done := self._send()) is not None:
                self._context.finish(done)
                return
        console.say("Nobody was invited.")

    def _entries(self) -> list[str]:
        uid = f", uid {self._uid}" if self._uid else ""
        role = self._role.name if self._role else "none, so Semaphore makes them a Member"
        return [f"Login at: {self._provider[1]}", f"Login: {self._handle}{uid}", f"Role: {role}", "Invite"]

    def _ask_provider(self) -> None:
        chosen = self._context.console.menu(
            "Where do they log in?", [words for _, words in PROVIDERS], zero=self._provider[1]
        )
        self._provider = PROVIDERS[chosen - 1] if chosen else self._provider
        self._uid = self._uid if self._provider[0] == "bitbucket" else ""

    def _ask_handle(self) -> None:
        console = self._context.console
        kept = f"Login, now {self._handle}; Enter keeps it" if self._handle else "Login; Enter goes back"
        self._handle = console.text(kept) or self._handle
        if self._handle and self._provider[0] == "bitbucket":
            self._uid = console.text("Their Bitbucket uid, which is needed too") or self._uid

    def _ask_role(self) -> None:
        self._role = choose_role(self._context, none="none: Semaphore makes them a Member")

    def _send(self) -> ChangeResult | None:
        if self._provider[0] == "bitbucket" and not self._uid:
            self._context.console.complain(invitation.UID_NEEDED)
            return None
        session, handle = self._context.session, self._handle
        return self._context.carry_out(
            f"Inviting {handle}…",
            partial(invitation.invite, session, self._provider[0], handle, self._uid, self._role),
            partial(invitation.check_invited, handle),
        )


def invite(context: PlainContext) -> None:
    """Invite a person by their login at a Git provider."""
    context.console.say("Invite a person.")
    _Invitation(context).run()
