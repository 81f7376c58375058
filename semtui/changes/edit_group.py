"""Create a group, or edit its name, description and members."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from semtui.api.errors import SemaphoreError
from semtui.audit.what_if.operations import Operation
from semtui.changes import assign_role, conflicts, group_queue
from semtui.changes.reconcile import NOT_SAVED, SAVED_UNKNOWN, Reconciliation, poll_until_known, reconciled
from semtui.changes.result import ChangeResult, QueuedChange, later_refusal_words
from semtui.history.record import Change, Value, edited_values, role_values
from semtui.organization.loading import find_group, whole_list
from semtui.text.clean import clean

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.models import Role
    from semtui.organization.people import People
    from semtui.organization.subject import Subject
    from semtui.session.session import Session


LONGEST = 255
"""The most characters of a name or a description; Semaphore answers longer ones with a 500 (`API.md#group-texts`)."""


@dataclass(frozen=True)
class GroupDraft:
    """The group the user asked for. Name and description are trimmed."""

    name: str
    description: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    role: Role | None = None


@dataclass(frozen=True)
class _Asked:
    """The difference between the draft and what is saved."""

    name: str | None
    description: str | None
    add: tuple[str, ...]
    remove: tuple[str, ...]
    role: Role | None

    @property
    def group(self) -> bool:
        """True if the group itself changes, not only its role."""
        return self.name is not None or self.description is not None or bool(self.add or self.remove)


def may_join(subject: Subject) -> bool:
    """Whether a subject can be a member of a group: only those with a role in the organization can
    (`API.md#group-members`)."""
    return subject.kind != "group" and subject.roles != () and subject.state != "being removed"


class GroupEdit(conflicts.SavedDetails):
    """Creates a group or, with `subject`, edits that group; keeps what is saved of it and how far the edit got."""

    def __init__(
        self, session: Session, people: People, report: Callable[[str], None], subject: Subject | None = None
    ) -> None:
        """`report` is called on the session's thread with the progress of the queue while a lost answer is checked."""
        super().__init__(session, subject.name if subject else "", subject.description if subject else "")
        self._people = people
        self._report = report
        self._created = subject is None
        self.group_id = subject.id if subject else ""
        manual = subject.manual_role if subject else None
        # A new group is given the role Member by Semaphore itself.
        member = next((role.id for role in people.roles.items if role.name == "Member" and role.readonly), "")
        self.role_id = manual.role_id if manual else "" if subject else member
        self.achieved: ChangeResult | None = None
        """What was already done when the rest failed."""
        self._saved_so_far = ""
        self._at_role = False

    def validation_error(self, name: str, description: str) -> str:
        """Why Semaphore would refuse the name or description, as far as that can be known (`API.md#group-texts`);
        empty if nothing is wrong."""
        if max(len(name), len(description)) > LONGEST:
            return f"Semaphore takes at most {LONGEST} characters."
        for group in self._people.groups.items:
            if group.id != self.group_id and group.name == name:
                return f"There is a group called {name} already."
        return ""

    def changes(self, wanted: GroupDraft) -> bool:
        """True when something differs from what is saved."""
        asked = self._asked(wanted)
        return asked.group or asked.role is not None

    def operations(self, wanted: GroupDraft) -> list[Operation]:
        """The changes to who is in the group, and to its role."""
        asked, group_id = self._asked(wanted), self.group_id
        role = [Operation("role", group_id, asked.role.id)] if asked.role is not None else []
        joining = [Operation("join", each, group_id) for each in asked.add]
        return [*joining, *(Operation("leave", each, group_id) for each in asked.remove), *role]

    def _asked(self, wanted: GroupDraft) -> _Asked:
        return _Asked(
            wanted.name if wanted.name != self.name.strip() else None,
            wanted.description if wanted.description != self.description.strip() else None,
            wanted.add,
            wanted.remove,
            wanted.role if wanted.role is not None and wanted.role.id != self.role_id else None,
        )

    async def send(self, wanted: GroupDraft) -> ChangeResult:
        """Send the group, then its role. Steps that succeeded are remembered, so a retry sends only the rest."""
        asked = self._asked(wanted)
        self._at_role = False
        if asked.group:
            await self._send_group(asked, wanted)
        if asked.role is not None:
            self._at_role = True
            role, group_id = asked.role, self.group_id
            name = next((each.name for each in self._people.roles.items if each.id == self.role_id), "")
            before, after = role_values(self.role_id, name), role_values(role.id, role.name)
            change = Change("role", "group", group_id, self.name, before, after)
            await self._session.write(lambda client: client.assign_role(group_id, role.id), change)
        words = f"{'Created' if self._created else 'Saved'} the group {wanted.name}."
        return ChangeResult(words, self.group_id, queued=self._queued(asked))

    async def _send_group(self, asked: _Asked, wanted: GroupDraft) -> None:
        name, description = wanted.name, wanted.description
        if not self.group_id:
            after: dict[str, Value] = {"description": description, "members": asked.add}
            group = await self._session.write(
                lambda client: client.create_group(name, description, asked.add),
                Change("create", "group", "", name, after=after),
            )
            self.group_id = group.id
        else:
            await self.check_details(
                lambda client, before, ours: conflicts.group_unchanged(client, self.group_id, before, ours),
                (asked.name, asked.description),
            )
            await self._session.write(
                lambda client: client.update_group(
                    self.group_id, name=asked.name, description=asked.description, add=asked.add, remove=asked.remove
                ),
                self._recorded(asked),
            )
        self.name, self.description = name, description
        self._saved_so_far = f"The group {name} is saved. "
        words = f"The group {name} is saved; its role is not changed."
        self.achieved = ChangeResult(words, self.group_id, tone="warn", queued=self._queued(asked))

    def _recorded(self, asked: _Asked) -> Change:
        before, after = edited_values(self.name, self.description, asked.name, asked.description)
        lists = {"added": asked.add, "removed": asked.remove}
        changed = {which: ids for which, ids in lists.items() if ids}
        return Change("edit", "group", self.group_id, self.name, before, {**after, **changed})

    def _queued(self, asked: _Asked) -> QueuedChange | None:
        if not asked.add and not asked.remove:
            return None
        return QueuedChange(self.group_id, self.name, asked.add, asked.remove)

    def refusal_words(self, error: SemaphoreError) -> str:
        """The message for a refusal, including what was done before it."""
        if not self._saved_so_far:
            return str(error)
        return f"{self._saved_so_far}The role is not changed. {later_refusal_words(error)}"

    async def check(self, wanted: GroupDraft) -> Reconciliation:
        """The outcome of the step whose answer was lost."""
        asked = self._asked(wanted)
        return await (self._check_role(asked) if self._at_role else self._check_group(asked, wanted))

    async def _check_group(self, asked: _Asked, wanted: GroupDraft) -> Reconciliation:
        name, description, group_id = wanted.name, wanted.description, self.group_id
        reconcile, key = partial(reconciled, self._session), group_id or name
        known = {group.id for group in self._people.groups.items}
        if not group_id:
            return await reconcile(key, lambda client: check_group_creation(client, name, known, description))
        if asked.name is None and asked.description is None:
            return await reconcile(
                key,
                lambda client: group_queue.follow_members(client, group_id, asked.add, asked.remove, self._report),
            )
        return await reconcile(key, lambda client: check_group_details(client, group_id, name, description))

    async def _check_role(self, asked: _Asked) -> Reconciliation:
        role, group_id, name, before = asked.role, self.group_id, self.name, self.role_id
        assert role is not None, "only a role that was asked for is looked up"
        result = await reconciled(
            self._session, group_id, lambda client: assign_role.check_role(client, group_id, name, role, before)
        )
        return Reconciliation(result.outcome, self._saved_so_far + result.sentence)


async def check_group_creation(
    client: SemaphoreClient, name: str, known_ids: Collection[str], description: str | None = None
) -> Reconciliation:
    """Whether a group called exactly `name` exists that was not among `known_ids` before.

    Semaphore does not say who created a group: one with another description may be a colleague's, and one that is as
    requested is only said to exist. A `description` of None is not compared.
    """

    async def look() -> Reconciliation | None:
        for group in await whole_list(client, "groups"):
            if group.name == name and group.id not in known_ids:
                if description is not None and group.description.strip() != clean(description.strip()):
                    return Reconciliation(
                        "unknown",
                        f"Unknown whether this request created the group {name}: there is a new group of that name, "
                        "but with another description. It may be somebody else's: ask before you change it.",
                    )
                words = f"There is now a group {name} as you asked for it; its members are added later."
                return Reconciliation("done", words, group.id)
        return None

    return await poll_until_known(
        client,
        look,
        f"The group {name} was not created. Try again.",
        f"Unknown whether the group {name} exists. Check before trying again.",
    )


async def check_group_details(
    client: SemaphoreClient, group_id: str, name: str | None, description: str | None
) -> Reconciliation:
    """Whether the group now has this name and description; None is not compared."""

    async def look() -> Reconciliation | None:
        group = await find_group(client, group_id)
        if group is None:
            return Reconciliation("done", "The group no longer exists: somebody deleted it.")
        saved = name in (None, group.name) and description in (None, group.description)
        return Reconciliation("done", f"The group {group.name} is saved.") if saved else None

    return await poll_until_known(
        client,
        look,
        NOT_SAVED,
        SAVED_UNKNOWN,
    )
