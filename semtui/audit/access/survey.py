"""One pass over all profiles for one permission: who holds it, and for whom it is unknown."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from semtui.audit.access.answers import Rows, UnknownSubject
from semtui.audit.access.causes import OFF, CauseTable, Key, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from semtui.audit.access.answers import Cause, Kind, Reason, SubjectRef
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.access.profiles import Profile
    from semtui.audit.access.project_access import ProjectAccess, Verdict


class Survey:
    """The positions of the subjects that hold a permission, and of those for whom it is unknown."""

    def __init__(self, graph: AccessGraph, bit: int, project: ProjectAccess | None) -> None:
        self._graph = graph
        self._index = graph.index
        self._bit = bit
        self._project = project
        self.causes = CauseTable(graph, bit, project)
        self.deactivated = 0
        self._holding: dict[Kind, list[list[int]]] = {}
        self._unknown: list[tuple[bool, list[int]]] = []
        self._reasons: dict[int, tuple[Reason, ...]] = {}
        self._by_reasons: dict[tuple[bool, tuple[Reason, ...]], list[list[int]]] = {}
        self._counted: Counter[Reason] = Counter()
        self._by_cause: dict[Key, list[list[int]]] = {}
        # Subjects that the project lists are checked one by one, all others by profile.
        self._alone = self._listed(project) if project else {}
        for number, profile in enumerate(self._index.profiles):
            self._look_at(number, profile)

    def _listed(self, project: ProjectAccess) -> dict[int, str]:
        places = self._index.place_of
        return {places[each]: each for each in project.rows if each in places}

    def _look_at(self, number: int, profile: Profile) -> None:
        verdict = (
            self._project.of_profile(number, self._bit)
            if self._project
            else self._graph.holdings(number).verdict(self._bit)
        )
        places = self._index.places[number]
        alone = [place for place in places if place in self._alone] if self._alone else []
        together = [place for place in places if place not in self._alone] if alone else places
        self._note(number, profile, verdict, together)
        for place in alone:
            assert self._project is not None
            subject_id = self._alone[place]
            self._note(number, profile, self._project.of_row(subject_id, verdict, self._bit), [place], subject_id)

    def _note(
        self, number: int, profile: Profile, verdict: Verdict, places: list[int], subject_id: str | None = None
    ) -> None:
        truth, reasons = verdict
        if truth == "no" or not places:
            return
        if truth == "unknown":
            self._unknown.append((profile.kind == "group", places))
            self._reasons.update(dict.fromkeys(places, reasons))
            self._by_reasons.setdefault((profile.kind == "group", reasons), []).append(places)
            if profile.kind != "group":
                self._counted.update(dict.fromkeys(reasons, len(places)))
            return
        self._holding.setdefault(profile.kind, []).append(places)
        if profile.kind == "group":
            return
        if profile.state in OFF:
            self.deactivated += len(places)
        keys = self.causes.of_profile(number) if subject_id is None else self.causes.of_subject(number, subject_id)
        self.causes.count(keys, profile, len(places))
        for key in keys:
            self._by_cause.setdefault(key, []).append(places)

    def holders(self, *kinds: Kind) -> Sequence[SubjectRef]:
        """The subjects of these kinds that hold it."""
        places = (each for kind in kinds for each in self._holding.get(kind, ()))
        return Rows(_in_order(places), self._index.subject)

    def empty_groups(self) -> Rows[SubjectRef]:
        """Groups without members that hold it, as far as the members were read."""
        held = chain.from_iterable(self._holding.get("group", ()))
        return Rows(sorted(each for each in held if self._index.rows[each].member_ids == ()), self._index.subject)

    def unknown(self, *, groups: bool) -> Sequence[UnknownSubject]:
        """The subjects for whom it is not known: groups, or everybody else."""
        return self._unknown_rows(places for is_group, places in self._unknown if is_group == groups)

    def unknown_by(self, *, groups: bool) -> Mapping[tuple[Reason, ...], Rows[UnknownSubject]]:
        """The same by the reasons they share."""
        found = {reasons: places for (is_group, reasons), places in self._by_reasons.items() if is_group == groups}
        return {reasons: self._unknown_rows(places) for reasons, places in found.items()}

    def _unknown_rows(self, places: Iterable[list[int]]) -> Rows[UnknownSubject]:
        return Rows(_in_order(places), lambda place: UnknownSubject(self._index.subject(place), self._reasons[place]))

    def reasons(self) -> Mapping[Reason, int]:
        """How many subjects, not counting groups, have each reason."""
        return dict(self._counted)

    def held_by(self, cause: Cause) -> Rows[SubjectRef]:
        """Who holds it through one cause."""
        return Rows(_in_order(self._by_cause.get(key_of(cause), ())), self._index.subject)


def _in_order(places: Iterable[list[int]]) -> list[int]:
    """All positions, ascending; cheap, because each list already is."""
    return sorted(chain.from_iterable(places))
