"""What else to know before changes are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from semtui.api.permissions import CHANGE_OWNER, MANAGE_PEOPLE
from semtui.audit.access import paths
from semtui.audit.access.fates import WHOLE, fate_of
from semtui.audit.access.mappings import INHERITED
from semtui.audit.what_if.answers import Note, NoteCode

if TYPE_CHECKING:
    from semtui.audit.access.answers import SubjectRef
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.what_if.effects import Effects
    from semtui.audit.what_if.lists_after import ListsAfter
    from semtui.audit.what_if.operations import Caller, Operation

_CANNOT_ACT = ("deactivated", "being removed")
_NEEDED: tuple[tuple[NoteCode, str], ...] = (
    ("nobody-manages-people", MANAGE_PEOPLE),
    ("nobody-changes-owners", CHANGE_OWNER),
)


class Notes:
    """The notes about operations; `idle` are those that change nothing."""

    def __init__(
        self,
        effects: Effects,
        lists: ListsAfter,
        caller: Caller,
        done: Sequence[Operation],
        idle: Sequence[Operation],
    ) -> None:
        self._effects, self._lists, self._caller = effects, lists, caller
        self._before, self._after = lists.graph, effects.after
        self._done, self._idle = done, idle
        self._projects = lists.graph.projects

    def all(self) -> Iterator[Note]:
        """All notes, in the order they are shown."""
        yield from (Note("nothing", self._subject(each.id), operation=each) for each in self._idle)
        yield from self._endings()
        yield from self._nobody_left()
        if self._concerns_caller():
            yield Note("caller", self._subject(self._caller.id))
        for subject_id in self._losing():
            yield from self._of_person(subject_id)
        for operation in (*self._idle, *self._done):
            if operation.kind in ("role", "remove"):
                yield from self._staying(operation)
        yield from self._creations_orphaned()
        if self._lists.leaving_groups or any(each.kind in ("join", "leave", "delete-group") for each in self._done):
            yield Note("queue")
        yield from self._mappings()
        groups = [each for each in self._done if each.kind in ("join", "leave", "delete-group")]
        for each in dict.fromkeys(operation.other_id or operation.id for operation in groups):
            yield Note("group-projects", self._before.subject(each), complete=False)

    def _subject(self, subject_id: str) -> SubjectRef | None:
        known = next((graph for graph in (self._after, self._before) if graph.knows(subject_id)), None)
        return known.subject(subject_id) if known else None

    # Who leaves

    def _endings(self) -> Iterator[Note]:
        """Who leaves, is deleted, is left without a role, or cannot act; and which roles on projects go with them."""
        for operation in self._done:
            subject = self._subject(operation.id)
            if subject is None:
                continue
            if operation.kind in ("delete", "delete-group"):
                yield Note("gone", subject)
            elif operation.kind == "remove" and not self._lists.bindings(operation.id):
                yield Note("leaves" if subject.kind in ("person", "unlisted") else "without-a-role", subject)
                yield self._on_projects(subject)
            elif operation.kind == "deactivate" and self._after.knows(operation.id):
                yield Note("cannot-act", subject, number=self._after.of(operation.id).gives.bit_count())

    def _on_projects(self, subject: SubjectRef) -> Note:
        """Roles on single projects; the API has none of accounts and groups (`API.md#project-members`)."""
        listing = self._projects.listing
        names = {project.id: project.name for project in listing.items}
        read = {each: found for each, found in self._projects.members.items() if fate_of(found).fate in WHOLE}
        on = [
            names.get(each, each)
            for each, members in read.items()
            if any(
                member.id == subject.id and any(binding.source != INHERITED for binding in member.roles)
                for member in members.items
            )
        ]
        whole = subject.kind == "person" and fate_of(listing).fate in WHOLE and read.keys() >= names.keys()
        return Note("on-projects", subject, names=tuple(sorted(on)), number=len(read), complete=whole)

    # Who is left

    def _nobody_left(self) -> Iterator[Note]:
        for code, permission in _NEEDED:
            if _acting(self._before, permission)[0] and not (left := _acting(self._after, permission))[0]:
                yield Note(code, complete=not (left[1] or self._after.at_least))

    def _concerns_caller(self) -> bool:
        caller = self._caller.id
        if any(operation.id == caller for operation in self._done):
            return True
        net = self._effects.nets.get(caller)
        return net is not None and bool(net.lost or net.gained or net.maybe)

    # What somebody leaves behind

    def _losing(self) -> list[str]:
        """Who loses permissions through another role, or none."""
        ids = dict.fromkeys(each.id for each in self._done if each.kind in ("role", "remove"))
        return [each for each in ids if each in self._effects.nets and self._effects.nets[each].lost]

    def _of_person(self, subject_id: str) -> Iterator[Note]:
        """The accounts a person created, whose tokens they may know, and the projects they own."""
        subject = self._subject(subject_id)
        if subject is None or subject.kind != "person":
            return
        for account in self._after.people.accounts.items:
            if account.creator_id == subject_id and self._after.knows(account.id):
                yield Note("created-account", self._after.subject(account.id), self._after.level(account.id))
        if not self._after.whole("accounts"):
            yield Note("created-account", complete=False)
        listing = self._projects.listing
        owned = sorted(project.name for project in listing.items if project.owner_id == subject_id)
        known = fate_of(listing).fate in WHOLE
        if owned or not known:
            yield Note("owns-projects", subject, names=tuple(owned), complete=known)

    def _staying(self, operation: Operation) -> Iterator[Note]:
        """Bindings that remain, from other sources or through groups."""
        if not self._after.knows(operation.id) or operation.id not in self._effects.nets:
            return
        found = paths.bindings(self._after, operation.id)
        ways = tuple(path for path in found if path.group_id is not None or path.source != "manually")
        if ways:
            yield Note("stays", self._after.subject(operation.id), paths=ways)

    def _creations_orphaned(self) -> Iterator[Note]:
        """Accounts whose creator is deleted, so that they can no longer be edited (`API.md#service-accounts`)."""
        deleted = {each.id for each in self._done if each.kind == "delete"}
        for account in self._before.people.accounts.items:
            if account.creator_id in deleted and self._after.knows(account.id):
                yield Note("no-creator", self._after.subject(account.id))

    def _mappings(self) -> Iterator[Note]:
        """Edited roles, which lose the project role they map to; not those known to have none."""
        for operation in self._done:
            if operation.kind == "edit-role":
                name = next((each.name for each in self._before.people.roles.items if each.id == operation.id), "")
                grant = self._before.grants.of(operation.id, name)
                if grant.mapped_to is not None or not grant.mapping_known:
                    mapped = (grant.mapped_to,) if grant.mapped_to is not None else ()
                    yield Note("mapping-dropped", names=(grant.role_name, *mapped), complete=grant.mapping_known)


def _acting(graph: AccessGraph, permission: str) -> tuple[int, int]:
    """How many people and accounts hold a permission and can use it, and how many may."""
    bit = graph.permissions.bit(permission)
    holding = perhaps = 0
    for number, profile in enumerate(graph.index.profiles):
        if profile.kind in ("person", "account") and profile.state not in _CANNOT_ACT:
            held = graph.holdings(number)
            holding += len(graph.index.places[number]) * bool(held.gives & bit)
            perhaps += len(graph.index.places[number]) * bool(held.unknown & bit)
    return holding, perhaps
