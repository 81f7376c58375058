"""Who gains and loses what through changes, net of everything else they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from semtui.audit.access import paths
from semtui.audit.access.answers import UnknownSubject
from semtui.audit.what_if.answers import Difference, Kept

if TYPE_CHECKING:
    from semtui.audit.access.answers import Path, Reason, SubjectRef
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.access.profiles import Held
    from semtui.audit.what_if.lists_after import ListsAfter

Source = tuple[str, ...]
"""Where an unknown comes from: the same source before and after has the same answer, whatever it is."""


@dataclass(frozen=True)
class Side:
    """What a subject holds before, or after."""

    gives: int
    perhaps: dict[Source, int]
    """What else it may hold, by source."""

    @property
    def unknown(self) -> int:
        """Everything in `perhaps`."""
        return _united(self.perhaps.values())


_NOTHING = Side(0, {})


@dataclass(frozen=True)
class Net:
    """What changes for a subject, as bit sets."""

    gained: int
    lost: int
    maybe: int
    """What may be gained or lost."""
    taken: int
    """What the removed bindings gave."""
    nothing_left: bool


class Effects:
    """Compares the two graphs, for all subjects that are affected."""

    def __init__(self, before: AccessGraph, after: AccessGraph, lists: ListsAfter) -> None:
        self.before, self.after, self._lists = before, after, lists
        self._same_names = before.permissions.names == after.permissions.names
        self._known: dict[tuple[object, ...], Net] = {}
        self._keeping: dict[tuple[object, ...], tuple[Path, ...]] = {}
        self.nets = {each: self._net(each) for each in self._concerned()}
        """By id, for all subjects that may be affected."""

    # What changes

    def differences(self) -> tuple[Difference, ...]:
        """Subjects with equal changes together; losses first, the greatest change first."""
        found: dict[tuple[int, int, bool], list[SubjectRef]] = {}
        for each, net in self.nets.items():
            if net.gained or net.lost:
                found.setdefault((net.gained, net.lost, net.nothing_left), []).append(self.subject(each))
        order = sorted(found, key=lambda key: (-key[1].bit_count(), -key[0].bit_count()))
        return tuple(self._difference(key, found[key]) for key in order)

    def _difference(self, key: tuple[int, int, bool], subjects: Iterable[SubjectRef]) -> Difference:
        names = self.before.permissions
        gained, lost, nothing_left = key
        every = names.projects
        whole: Literal["", "gained", "lost"] = (
            "" if not every else "lost" if lost & every == every else "gained" if gained & every == every else ""
        )
        return Difference(tuple(subjects), names.of(gained), names.of(lost), whole, nothing_left)

    def kept(self) -> tuple[Kept, ...]:
        """Who loses a binding but nothing else, by the bindings that remain."""
        found: dict[tuple[Path, ...], list[SubjectRef]] = {}
        for each, net in self.nets.items():
            if net.taken and not (net.gained or net.lost or net.maybe) and self.after.knows(each):
                found.setdefault(self._keeping_paths(each, net.taken), []).append(self.subject(each))
        return tuple(Kept(tuple(subjects), ways) for ways, subjects in found.items() if ways)

    def unknown(self) -> tuple[UnknownSubject, ...]:
        """Who may gain or lose something, and why that is not known."""
        return tuple(
            UnknownSubject(self.subject(each), self._reasons(each, net.maybe))
            for each, net in self.nets.items()
            if net.maybe
        )

    def subject(self, subject_id: str) -> SubjectRef:
        """The subject of an id, afterwards or before."""
        return (self.after if self.after.knows(subject_id) else self.before).subject(subject_id)

    # Whom it concerns

    def _concerned(self) -> list[str]:
        """Ids of affected people, accounts and ids that are only in groups, in the order of the People page."""
        ids = {*self._lists.touched, *self._holding_edited(), *self._lists.unsure.keys() - {""}}
        if "" in self._lists.unsure:
            ids.update(self.before.index.profile_of)
        places = self.before.index.place_of
        kinds = {each: self._kind(each) for each in ids}
        return sorted((each for each in ids if kinds[each] not in ("group", "")), key=lambda each: places[each])

    def _kind(self, subject_id: str) -> str:
        number = self.before.index.profile_of.get(subject_id)
        return "" if number is None else self.before.index.profiles[number].kind

    def _holding_edited(self) -> Iterator[str]:
        for graph in (self.before, self.after):
            for profile, places in zip(graph.index.profiles, graph.index.places, strict=True):
                if any(role_id in self._lists.edited for role_id, _, _ in profile.direct | profile.by_groups):
                    yield from (graph.index.subject(place).id for place in places)

    # For one of them

    def _net(self, subject_id: str) -> Net:
        """What changes for a subject; the same for all with equal profiles before and after."""
        key = (*self._key(self.before, subject_id), *self._key(self.after, subject_id), self._unsure(subject_id))
        if key not in self._known:
            self._known[key] = self._worked_out(subject_id)
        return self._known[key]

    def _key(self, graph: AccessGraph, subject_id: str) -> tuple[object, ...]:
        return graph.index.profile_of.get(subject_id), tuple(graph.index.groups_of.get(subject_id, ()))

    def _worked_out(self, subject_id: str) -> Net:
        before, after = self._side(self.before, subject_id), self._side(self.after, subject_id)
        common = before.perhaps.keys() & after.perhaps.keys()
        both = _united(side.perhaps[each] for side in (before, after) for each in common)
        only_before = _united(mask for each, mask in before.perhaps.items() if each not in common)
        only_after = _united(mask for each, mask in after.perhaps.items() if each not in common)
        unsure = self._unsure(subject_id)
        came, went = after.gives & ~before.gives, before.gives & ~after.gives
        neither = ~(before.gives | after.gives)
        maybe = (
            (went & (only_after | both))
            | (came & (only_before | both))
            | (neither & (only_before | only_after))
            | (unsure & ~(before.gives & after.gives))
        )
        nothing_left = not (after.gives or after.unknown) and bool(before.gives)
        return Net(came & ~maybe, went & ~maybe, maybe, self._taken(subject_id), nothing_left)

    def _side(self, graph: AccessGraph, subject_id: str) -> Side:
        if not graph.knows(subject_id):
            return _NOTHING
        profile, index = graph.profile(subject_id), graph.index
        gives, perhaps = 0, dict[Source, int]()
        for held in profile.direct | profile.by_groups:
            grant = graph.grant(held)
            edited = (str(graph is self.after),) if held[0] in self._lists.edited else ()
            mask = grant.unlisted | grant.mapping | (grant.gives if profile.kind == "unlisted" else 0)
            if mask:
                perhaps["role", held[0], *edited] = self._mask(graph, mask)
            gives |= 0 if profile.kind == "unlisted" else self._mask(graph, grant.gives)
        everything = self.before.permissions.everything
        if profile.roles_missing:
            others = (str(graph is self.after),) if subject_id in self._lists.bound else ()
            perhaps["roles", *others] = everything
        if profile.group_roles_missing:
            perhaps["groups of", *index.groups_of.get(subject_id, ())] = everything
        for reason, mask in graph.of(subject_id).perhaps:
            if reason == "groups-missing":
                others = (str(graph is self.after),) if subject_id in self._lists.left else ()
                perhaps["groups", *others] = self._mask(graph, mask)
        return Side(gives, perhaps)

    def _unsure(self, subject_id: str) -> int:
        """What is given by groups that a subject may be in, or may have been in."""
        groups = self._lists.unsure.get("", set()) | self._lists.unsure.get(subject_id, set())
        found = 0
        for graph in (self.before, self.after):
            for each in filter(graph.knows, groups):
                held = graph.of(each)
                found |= self._mask(graph, held.gives | held.unknown)
        return found

    def _mask(self, graph: AccessGraph, mask: int) -> int:
        """The bits of a graph translated to those of the first: permissions are matched by name."""
        if self._same_names or graph is self.before:
            return mask
        return self.before.permissions.mask(graph.permissions.of(mask))

    # What is taken, and what stays

    def _taken(self, subject_id: str) -> int:
        before, after = self._bindings(self.before, subject_id), self._bindings(self.after, subject_id)
        found = 0
        for held, _ in before - after:
            found |= self.before.grant(held).gives
        for held, _ in before & after:
            if held[0] in self._lists.edited:
                kept = self._mask(self.after, self.after.grant(held).gives)
                found |= self.before.grant(held).gives & ~kept
        return found

    def _bindings(self, graph: AccessGraph, subject_id: str) -> set[tuple[Held, str]]:
        """The roles a subject holds, each with the group it comes through."""
        if not graph.knows(subject_id):
            return set()
        found = {(held, "") for held in graph.profile(subject_id).direct}
        groups = graph.index.groups_of.get(subject_id, ())
        return found | {(held, each) for each in groups for held in graph.profile(each).direct}

    def _keeping_paths(self, subject_id: str, taken: int) -> tuple[Path, ...]:
        key = (*self._key(self.after, subject_id), taken)
        if key not in self._keeping:
            self._keeping[key] = tuple(self._giving(subject_id, taken))
        return self._keeping[key]

    def _giving(self, subject_id: str, taken: int) -> list[Path]:
        """One binding that gives everything that was taken, or else all that give part of it."""
        found = []
        for path in paths.bindings(self.after, subject_id):
            gives = self._mask(self.after, self.after.grants.of(path.role_id, path.role_name).gives)
            if not taken & ~gives:
                return [path]
            if taken & gives:
                found.append(path)
        return found

    def _reasons(self, subject_id: str, maybe: int) -> tuple[Reason, ...]:
        found: dict[Reason, None] = {}
        for graph in (self.before, self.after):
            if graph.knows(subject_id):
                perhaps = graph.of(subject_id).perhaps
                found.update(dict.fromkeys(reason for reason, mask in perhaps if self._mask(graph, mask) & maybe))
        if not found or self._unsure(subject_id) & maybe:
            found["groups-missing"] = None
        return tuple(found)


def _united(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found
