"""Who has gained or lost a privileged level or a sensitive permission, whatever the cause.

Only subjects for whom it is certain on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.api.permissions import SENSITIVE
from semtui.audit.access.answers import Level, LevelName, Path, Reason, SubjectRef, UnknownSubject
from semtui.audit.access.questions import paths

if TYPE_CHECKING:
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.comparison.changed import Change

_RANKS: tuple[LevelName, ...] = ("none", "Admin", "Owner")
_NOBODY = Level("none", "none")
_NONE: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class NetEffect:
    """A level or sensitive permission that a subject gained or lost."""

    subject: SubjectRef
    level: str
    """`Owner`, `Admin`, `Owner/Admin` on Community, or the name of a permission."""
    gained: bool
    paths: tuple[Path, ...]
    """How it is held, or was held before."""
    causes: tuple[Change, ...]
    """The changes that explain it."""


@dataclass(frozen=True)
class Net:
    """The net effect of all changes."""

    effects: tuple[NetEffect, ...]
    unknown: tuple[UnknownSubject, ...]
    """Subjects for whom something of it is not known on at least one side."""
    others: int
    """How many people and accounts gained or lost permissions, but none that is listed here."""
    privileged: frozenset[str]
    """Ids of the subjects and roles that, on either side, have or may have a privileged level or sensitive
    permission."""


def net_effect(before: AccessGraph, after: AccessGraph, changes: Sequence[Change]) -> Net:
    """Who gained and who lost what."""
    return _NetEffect(before, after, changes).net()


class _NetEffect:
    def __init__(self, before: AccessGraph, after: AccessGraph, changes: Sequence[Change]) -> None:
        self._before, self._after = before, after
        self._explaining: dict[str, list[Change]] = {}
        for change in changes:
            self._explaining.setdefault(change.id, []).append(change)
        self._known: dict[tuple[int | None, int | None], tuple[tuple[tuple[str, bool], ...], bool, bool]] = {}

    def net(self) -> Net:
        effects: list[NetEffect] = []
        unknown: list[UnknownSubject] = []
        others = 0
        for subject_id in self._everybody():
            gained, unsure, differs = self._compared(subject_id)
            if unsure:
                unknown.append(UnknownSubject(self._subject(subject_id), self._reasons(subject_id)))
            effects += [self._effect(subject_id, level, came) for level, came in gained]
            others += differs and not gained
        effects.sort(key=_place)
        return Net(tuple(effects), tuple(unknown), others, frozenset(self._privileged()))

    def _everybody(self) -> Iterator[str]:
        ids = dict.fromkeys((*self._after.index.profile_of, *self._before.index.profile_of))
        return (each for each in ids if self._subject(each).kind != "group")

    def _subject(self, subject_id: str) -> SubjectRef:
        graph = self._after if self._after.knows(subject_id) else self._before
        return graph.subject(subject_id)

    def _compared(self, subject_id: str) -> tuple[tuple[tuple[str, bool], ...], bool, bool]:
        """What was gained (True) and lost (False), whether any of it is not known, and whether anything differs. The
        same for all subjects with the same profile before and the same profile after."""
        numbers = tuple(graph.index.profile_of.get(subject_id) for graph in (self._before, self._after))
        key = (numbers[0], numbers[1])
        if key not in self._known:
            self._known[key] = self._compare(subject_id)
        return self._known[key]

    def _compare(self, subject_id: str) -> tuple[tuple[tuple[str, bool], ...], bool, bool]:
        graphs = (self._before, self._after)
        (old_gives, old_perhaps), (new_gives, new_perhaps) = (_held(graph, subject_id) for graph in graphs)
        old, new = (_level(graph, subject_id) for graph in graphs)
        differs = self._names(self._before, old_gives) != self._names(self._after, new_gives)
        levels_sure = all(each.certain == each.possible for each in (old, new))
        found: list[tuple[str, bool]] = []
        if levels_sure and old.certain != new.certain:
            gained = _rank(new.certain) > _rank(old.certain)
            return (((new.certain if gained else old.certain), gained),), False, True
        unsure = not levels_sure
        for permission in SENSITIVE:
            had, may_have_had = _has(self._before, permission, old_gives, old_perhaps)
            has, may_have = _has(self._after, permission, new_gives, new_perhaps)
            if may_have_had or may_have:
                unsure = True
            elif had != has:
                found.append((permission, has))
        return tuple(found), unsure, differs

    def _names(self, graph: AccessGraph, mask: int) -> tuple[str, ...]:
        return graph.permissions.of(mask)

    def _effect(self, subject_id: str, level: str, gained: bool) -> NetEffect:
        graph = self._after if gained else self._before
        found = paths(graph, subject_id, self._telling(subject_id, level, gained))
        return NetEffect(self._subject(subject_id), level, gained, found, self._causes(subject_id, found, gained))

    def _telling(self, subject_id: str, level: str, gained: bool) -> str:
        """A permission that makes the difference for a level, so that its paths show how the level is reached."""
        if level in SENSITIVE:
            return level
        graph, other = (self._after, self._before) if gained else (self._before, self._after)
        elsewhere = set(self._names(other, _held(other, subject_id)[0]))
        target = self._names(graph, graph.target(level.partition("/")[0]))
        return next((name for name in target if name not in elsewhere), target[0])

    def _causes(self, subject_id: str, found: Iterable[Path], gained: bool) -> tuple[Change, ...]:
        ids = dict.fromkeys(
            [subject_id, *(each for path in found for each in (path.group_id, path.role_id) if each is not None)]
        )
        roles = {path.role_id for path in found}
        return tuple(
            change
            for each in ids
            for change in self._explaining.get(each, ())
            if _explains(change, subject_id, roles, gained)
        )

    def _reasons(self, subject_id: str) -> tuple[Reason, ...]:
        found: dict[Reason, None] = {}
        for graph in (self._before, self._after):
            if graph.knows(subject_id):
                wanted = graph.permissions.mask(SENSITIVE) | graph.target("Owner") | graph.target("Admin")
                found.update(dict.fromkeys(reason for reason, mask in graph.of(subject_id).perhaps if mask & wanted))
            elif graph.at_least:
                found["roles-missing"] = None
        return tuple(found)

    def _privileged(self) -> Iterator[str]:
        for graph in (self._before, self._after):
            wanted = graph.permissions.mask(SENSITIVE)
            index = graph.index
            for number, places in enumerate(index.places):
                held = graph.holdings(number)
                if (held.gives | held.unknown) & wanted:
                    yield from (index.subject(place).id for place in places)
            for role in graph.people.roles.items:
                grant = graph.grants.of(role.id, role.name)
                if (grant.gives | grant.unlisted) & wanted:
                    yield role.id


def _held(graph: AccessGraph, subject_id: str) -> tuple[int, int]:
    """What a subject holds, and what else it may hold; nothing if complete lists do not have it."""
    if graph.knows(subject_id):
        held = graph.of(subject_id)
        return held.gives, held.unknown
    return (0, graph.permissions.everything) if graph.at_least else _NONE


def _level(graph: AccessGraph, subject_id: str) -> Level:
    if graph.knows(subject_id):
        return graph.level(subject_id)
    return Level("none", "Owner") if graph.at_least else _NOBODY


def _rank(level: LevelName) -> int:
    return _RANKS.index("Owner" if level == "Owner/Admin" else level)


def _has(graph: AccessGraph, permission: str, gives: int, perhaps: int) -> tuple[bool, bool]:
    bit = graph.permissions.bit(permission)
    return bool(gives & bit), bool(perhaps & bit)


def _explains(change: Change, subject_id: str, roles: set[str], gained: bool) -> bool:
    """Whether a change gave or took one of these roles, or changed what it permits."""
    parts = {part.id for part in (change.added if gained else change.removed)}
    if change.id == subject_id:
        return change.kind in ("joined", "left", "created", "deleted", "roles") and bool(parts & roles)
    if change.kind in ("group-members", "group-created", "group-deleted"):
        return subject_id in parts
    if change.kind == "group-role":
        return bool(parts & roles)
    return change.kind in ("role", "role-created", "role-deleted") and bool(parts)


def _place(effect: NetEffect) -> tuple[int, bool, str, str]:
    """Sort key: Owner, Admin, then each permission; gained before lost; by name."""
    order = ("Owner", "Owner/Admin", "Admin", *SENSITIVE)
    return order.index(effect.level), not effect.gained, effect.subject.name.casefold(), effect.subject.id
