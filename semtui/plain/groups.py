"""Create and edit a group: name, description, role and members, and what Semaphore's queue makes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from semtui.changes import group_queue
from semtui.changes.edit_group import GroupDraft, GroupEdit, may_join
from semtui.plain.browser import Browser
from semtui.plain.effect import EVERYTHING, Effect
from semtui.plain.role_choice import choose_role
from semtui.text.counting import count
from semtui.wording.edits import spoken_change
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.audit.what_if.operations import Operation
    from semtui.changes.result import ChangeResult, QueuedChange
    from semtui.organization.subject import Subject
    from semtui.plain.context import PlainContext


class _GroupForm:
    def __init__(self, context: PlainContext, subject: Subject | None = None) -> None:
        self._context = context
        self._console = context.console
        self._subject = subject
        self._edit = GroupEdit(context.session, context.people, context.console.say, subject)
        self._name, self._description = self._edit.name, self._edit.description
        self._role: Role | None = None
        self._present = (subject.member_ids or ()) if subject else ()
        self._members = dict.fromkeys(self._present)

    def run(self) -> None:
        subject, console = self._subject, self._console
        console.say(f"Edit the group {name_of(subject)}." if subject else "Create a group.")
        if subject is None:
            self._ask_name()
            if self._name:
                self._ask_description()
            if not self._description:
                console.say("Nothing was created.")
                return
        asking: tuple[Callable[[], None], ...] = (
            self._ask_name,
            self._ask_description,
            self._ask_role,
            self._add,
            self._remove,
        )
        while chosen := console.menu("", self._entries(), zero="leaves it", stay=True, sending=6):
            if chosen <= len(asking):
                asking[chosen - 1]()
                if chosen > 2:
                    self._effect.say()
            elif chosen > len(asking) + 1:
                self._effect.read()
            elif (done := self._send()) is not None:
                finish(self._context, done)
                return
        finish(self._context, self._edit.achieved)
        if self._edit.achieved is None:
            console.say("Nothing was changed." if subject else "Nothing was created.")

    def _entries(self) -> list[str]:
        present = next(
            (role.name for role in self._context.people.roles.items if role.id == self._edit.role_id), "none"
        )
        changes = [f"{len(self._added)} to add"] * bool(self._added)
        changes += [f"{len(self._removed)} to remove"] * bool(self._removed)
        members = count(len(self._members), "member")
        return [
            f"Name: {self._said(self._edit.name, self._name)}",
            f"Description: {self._said(self._edit.description, self._description)}",
            f"Role: {spoken_change(present, self._role.name if self._role else present)}",
            f"Add a member. {', '.join([members, *changes])}",
            "Remove a member",
            "Save" if self._subject else "Create it",
            *([EVERYTHING] if self._operations else []),
        ]

    @property
    def _operations(self) -> list[Operation]:
        """The changes to an existing group."""
        return self._edit.operations(self._wanted) if self._subject else []

    @property
    def _effect(self) -> Effect:
        return Effect(self._context, self._operations, group_queue.TOLD)

    @property
    def _wanted(self) -> GroupDraft:
        return GroupDraft(self._name.strip(), self._description.strip(), self._added, self._removed, self._role)

    def _said(self, old: str, new: str) -> str:
        return new if self._subject is None else spoken_change(old, new)

    @property
    def _added(self) -> tuple[str, ...]:
        return tuple(each for each in self._members if each not in self._present)

    @property
    def _removed(self) -> tuple[str, ...]:
        return tuple(each for each in self._present if each not in self._members)

    def _ask_name(self) -> None:
        self._name = self._asked("Name", self._name, lambda typed: (typed, self._description))

    def _ask_description(self) -> None:
        self._description = self._asked("Description, which is needed", self._description, lambda typed: ("", typed))

    def _asked(self, label: str, present: str, pair: Callable[[str], tuple[str, str]]) -> str:
        while typed := self._console.text(f"{label}; Enter {'keeps it' if present else 'goes back'}"):
            error = self._edit.validation_error(*pair(typed))
            if not error:
                return typed
            self._console.complain(error)
        return present

    def _ask_role(self) -> None:
        self._role = choose_role(self._context, self._edit.role_id) or self._role

    def _add(self) -> None:
        row = self._find(lambda subject: may_join(subject) and subject.id not in self._members)
        if row is not None:
            self._members[row.id] = None
            self._console.say(f"{name_of(row)} will be a member.")

    def _remove(self) -> None:
        row = self._find(lambda subject: subject.id in self._members)
        if row is not None:
            del self._members[row.id]
            self._console.say(f"{name_of(row)} will not be a member.")

    def _find(self, fit: Callable[[Subject], bool]) -> Subject | None:
        def rows(words: str) -> Sequence[Subject]:
            return [row for row in self._context.rows(words) if fit(row)]

        return Browser(self._console, "row", rows, self._context.row_words).choose()

    def _send(self) -> ChangeResult | None:
        wanted = self._wanted
        if not self._edit.changes(wanted):
            self._console.complain("Nothing is changed yet.")
            return None
        doing = "Saving" if self._subject else "Creating"
        return self._context.carry_out(
            f"{doing} {self._name}…",
            partial(self._edit.send, wanted),
            partial(self._edit.check, wanted),
            self._edit.refusal_words,
        )


def create_group(context: PlainContext) -> None:
    """Ask for everything, and create it."""
    _GroupForm(context).run()


def edit_group(context: PlainContext, subject: Subject) -> None:
    """Change name, description, role and members."""
    if subject.member_ids is None:
        context.console.complain("The list of groups is missing, so groups cannot be changed safely.")
        return
    _GroupForm(context, subject).run()


def finish(context: PlainContext, done: ChangeResult | None) -> None:
    """Say what was done, wait for Semaphore's queue if it has changes to make, and reload."""
    if done is None:
        return
    if done.sentence:
        context.console.say(done.sentence)
    if done.queued is not None:
        _watch(context, done.queued)
    context.load()


def _watch(context: PlainContext, queued: QueuedChange) -> None:
    context.console.say("Waiting for Semaphore's queue, for up to a minute…")
    reconciled = context.wait(group_queue.watch(context.session, queued, context.console.say))
    context.console.say(f"{queued.group_name}: {reconciled.sentence}")
