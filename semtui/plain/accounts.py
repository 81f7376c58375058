"""Create and edit a service account with the same form. What was typed is kept until the request is sent or given
up."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from semtui.audit.what_if.operations import Operation
from semtui.changes import create_account as account_creation
from semtui.changes.create_account import LONGEST_DESCRIPTION, name_obstacle
from semtui.changes.edit_account import FROZEN, AccountEdit
from semtui.changes.lacking import Missing
from semtui.changes.new_account_access import NOTHING
from semtui.changes.secret_exposure import exposure, stronger_roles
from semtui.plain.effect import EVERYTHING, Effect
from semtui.plain.new_access import choose_account, choose_projects
from semtui.plain.role_choice import choose_role, read_role
from semtui.plain.tokens import TokenHolder, ask_destination, exposure_accepted
from semtui.text.clean import shorten
from semtui.wording.edits import spoken_change
from semtui.wording.new_account import more_words
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from semtui.api.models import Role
    from semtui.changes.result import ChangeResult
    from semtui.organization.subject import Subject
    from semtui.plain.context import PlainContext
    from semtui.tokens.delivery import Destination

_DESCRIPTION_SAID = 60
"""Cells of a description that are said with every change; the details show all of it."""


class _Form:
    """Asks for name, description and role, and keeps the answers."""

    def __init__(self, context: PlainContext, edited: Subject | None = None) -> None:
        self.context = context
        self.console = context.console
        self.edited = edited
        self.name = edited.name if edited else ""
        self.description = edited.description if edited else ""
        self.role: Role | None = None

    def ask_name(self) -> None:
        """Ask until the name is one Semaphore should accept; an empty line keeps the current one."""
        kept = f"Name, now {self.name}; Enter keeps it" if self.name else "Name; Enter goes back"
        while typed := self.console.text(kept):
            host, saved = self.context.session.context.host, self.edited.name if self.edited else ""
            error = name_obstacle(typed, self.context.people, host, self.edited, saved)
            if not error:
                self.name = typed
                return
            self.console.complain(error)

    def ask_description(self) -> None:
        """Ask for the description the same way; a hyphen alone clears it."""
        kept = "Description; Enter keeps it, a hyphen alone empties it"
        while typed := self.console.text(kept if self.description else "Description; Enter for none"):
            if len(typed) <= LONGEST_DESCRIPTION:
                self.description = "" if typed == "-" else typed
                return
            self.console.complain(f"{len(typed)} characters; Semaphore takes at most {LONGEST_DESCRIPTION}.")


class _Creation(_Form):
    def __init__(self, context: PlainContext) -> None:
        super().__init__(context)
        self._to: Destination | None = None
        self._more = NOTHING
        """Groups and projects it is given besides its role."""

    def run(self) -> None:
        self.console.say("Create a service account.")
        self.ask_name()
        if not self.name:
            self.console.say("Nothing was created.")
            return
        self.ask_description()
        self._ask_role()
        self._ask_to()
        self._review()

    def _review(self) -> None:
        changes: tuple[Callable[[], None], ...] = (self.ask_name, self.ask_description, self._ask_role, self._ask_to)
        while chosen := self.console.menu("", self._entries(), zero="creates nothing", stay=True, sending=6):
            if chosen <= len(changes):
                changes[chosen - 1]()
            elif chosen > len(changes) + 2:
                (self._ask_projects, self._ask_account)[chosen - len(changes) - 3]()
            elif self.role is None:
                self.console.complain(account_creation.ROLE_NEEDED)
            elif chosen == len(changes) + 1:
                read_role(self.context, self.role)
            elif (done := self._send()) is not None:
                self._take(done)
                return
        self.console.say("Nothing was created.")

    def _entries(self) -> list[str]:
        role = self.role.name if self.role else "none"
        return [
            f"Name: {self.name}",
            f"Description: {shorten(self.description, _DESCRIPTION_SAID) or 'none'}",
            f"Role: {role}",
            f"Token to: {self._to.words if self._to else 'kept here'}",
            "Read all that the role permits",
            "Create it",
            f"Projects: {more_words(self.role, self._more.words)}",
            "Make it like another account",
        ]

    def _ask_role(self) -> None:
        self.role = choose_role(self.context) or self.role

    def _ask_projects(self) -> None:
        self._more = choose_projects(self.context, self._more)

    def _ask_account(self) -> None:
        if (found := choose_account(self.context)) is not None:
            self.role = found.role or self.role
            self._more = Missing(None, found.groups, found.projects)

    def _ask_to(self) -> None:
        self._to = ask_destination(self.context)

    def _send(self) -> ChangeResult | None:
        people = self.context.people
        if not exposure_accepted(self.context, exposure(self._to, stronger_roles(people, None, self.role))):
            return None
        known_ids = {account.id for account in self.context.people.accounts.items}
        creation = account_creation.AccountCreation(self.context.store, self.name, self.description, known_ids)
        return self.context.carry_out(
            f"Creating {self.name}…",
            partial(creation.send, self.role, self._to, self._more),
            creation.check,
            account_creation.creation_refusal,
        )

    def _take(self, done: ChangeResult) -> None:
        if done.token is not None:
            stronger = stronger_roles(self.context.people, None, done.role)
            holder = TokenHolder(
                self.context, done.token, done.role, done.sentence, done.destination, stronger, done.also
            )
            self.console.say(holder.run())
        self.context.load()


class _Edit(_Form):
    def __init__(self, context: PlainContext, subject: Subject) -> None:
        super().__init__(context, subject)
        self._subject = subject
        self._edit = AccountEdit(context.session, subject)
        self._effect: Effect | None = None
        """Of the role that was chosen."""

    def run(self) -> None:
        frozen = not self._subject.creator_id
        self.console.say(f"Edit {name_of(self._subject)}.{f' {FROZEN}' if frozen else ''}")
        while chosen := self.console.menu("", self._entries(), zero="leaves it", stay=True, sending=4):
            if frozen and chosen < 3:
                self.console.complain(FROZEN)
            elif chosen < 4:
                (self.ask_name, self.ask_description, self._ask_role)[chosen - 1]()
            elif chosen == 5 and self._effect is not None:
                self._effect.read()
            elif (done := self._save()) is not None:
                self.context.finish(done)
                return
        if self._edit.achieved is not None:
            self.context.finish(self._edit.achieved)
        else:
            self.console.say("Nothing was changed.")

    def _entries(self) -> list[str]:
        manual = self._subject.manual_role
        held = manual.role_name if manual else "none assigned directly"
        return [
            f"Name: {spoken_change(self._edit.name, self.name)}",
            f"Description: {spoken_change(self._edit.description, self.description)}",
            f"Role: {spoken_change(held, self.role.name if self.role else held)}",
            "Save",
            *([EVERYTHING] if self._effect is not None else []),
        ]

    def _ask_role(self) -> None:
        role = choose_role(self.context, self._edit.role_id)
        if role is not None:
            self.role, self._effect = role, None
            if role.id != self._edit.role_id:
                self._effect = Effect(self.context, [Operation("role", self._subject.id, role.id)])
                self._effect.say()

    def _save(self) -> ChangeResult | None:
        change = self._edit.change(self.name.strip(), self.description.strip(), self.role)
        if change is None:
            self.console.complain("Nothing is changed yet.")
            return None
        return self.context.carry_out(
            f"Saving {name_of(self._subject)}…",
            partial(self._edit.send, change),
            partial(self._edit.check, change),
            self._edit.refusal_words,
        )


def create_account(context: PlainContext) -> None:
    """Ask for everything, create it, and keep its token until it is stored."""
    _Creation(context).run()


def edit_account(context: PlainContext, subject: Subject) -> None:
    """Change name, description and role."""
    _Edit(context, subject).run()
