"""Rules about people, groups and group members."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from semtui.audit.findings.evidence import SUBJECTS, Rule, level_rank
from semtui.audit.findings.findings import About, Facts, Finding, Severity, Unsure
from semtui.text.confusables import confusable_skeleton

if TYPE_CHECKING:
    from semtui.audit.access.profiles import Held
    from semtui.audit.findings.evidence import Evidence

FEWEST = 6
"""With fewer people than this, it means nothing that most of them are privileged."""


# Groups


def _removed_in_groups(evidence: Evidence) -> Iterator[Finding]:
    for number, places in evidence.of_kind("unlisted"):
        given = evidence.index.profiles[number].by_groups
        if not given:
            continue
        level = evidence.reach(given)
        severity: Severity = "medium" if level.certain == "none" else "high"
        may_be: Severity | None = "high" if severity == "medium" and level.possible != "none" else None
        for place in places:
            subject = evidence.at(place)
            facts = Facts(
                level.certain,
                evidence.role_names(given),
                evidence.groups_giving(subject.id),
                confirmed=subject.id in evidence.unlisted_before,
            )
            yield Finding("removed-in-group", severity, subject, facts, may_be=may_be)


def _group_admins(evidence: Evidence) -> Iterator[Finding | Unsure]:
    for number, places in evidence.of_kind("person"):
        profile, level = evidence.index.profiles[number], evidence.level(number)
        if not profile.by_groups - profile.direct:
            continue
        direct, through = evidence.reach(profile.direct), evidence.reach(profile.by_groups)
        if level_rank(level.certain) > level_rank(direct.possible):
            for place in places:
                yield _group_admin(evidence, number, evidence.at(place))
        elif level_rank(through.possible) > level_rank(direct.certain):
            for place in places:
                yield Unsure("group-admin", evidence.at(place), evidence.reasons(number))


def _group_admin(evidence: Evidence, number: int, subject: About) -> Finding:
    """The finding names the groups that give part of the level which the person does not hold otherwise."""
    graph, profile, level = evidence.graph, evidence.index.profiles[number], evidence.level(number).certain
    lacking = graph.target(level.partition("/")[0]) & ~evidence.gives(profile.direct)[0]
    giving = tuple(
        group
        for group in evidence.groups_giving(subject.id)
        if evidence.gives(graph.profile(group.id).direct)[0] & lacking
    )
    return Finding("group-admin", "medium", subject, Facts(level, groups=giving))


def _empty_groups(evidence: Evidence) -> Iterator[Finding | Unsure]:
    index, gone = evidence.index, evidence.people.gone
    for number, places in evidence.of_kind("group"):
        level = evidence.level(number)
        if level.possible == "none":
            continue
        for place in places:
            row = index.rows[place]
            if row.member_ids or row.id in gone:
                continue
            if level.certain == "none":
                yield Unsure("empty-admin-group", evidence.at(place), evidence.reasons(number))
            else:
                facts = Facts(level.certain, evidence.role_names(index.profiles[number].direct))
                yield Finding("empty-admin-group", "medium", evidence.at(place), facts)


# People


def _manual_beside_sync(evidence: Evidence) -> Iterator[Finding]:
    for number, places in evidence.of_kind("person"):
        direct = evidence.index.profiles[number].direct
        by_hand = frozenset(each for each in direct if each[2] == "manually")
        synced = direct - by_hand
        if not (by_hand and synced):
            continue
        severity, may_be, redundant = _beside(evidence, by_hand, synced)
        sources = tuple(sorted({source for _, _, source in synced}))
        facts = Facts(roles=evidence.role_names(by_hand), sources=sources, redundant=redundant)
        for place in places:
            yield Finding("manual-beside-sync", severity, evidence.at(place), facts, may_be=may_be)


def _beside(
    evidence: Evidence, by_hand: frozenset[Held], synced: frozenset[Held]
) -> tuple[Severity, Severity | None, bool]:
    """The severity, a worse one that cannot be ruled out, and whether the manual role certainly adds nothing."""
    (own, own_possible), (others, others_possible) = evidence.gives(by_hand), evidence.gives(synced)
    roles = {each[0] for each in by_hand} - {each[0] for each in synced}
    of_now = evidence.graph.fates["roles"].fate != "stale"
    if of_now and own & ~others_possible:
        return "medium", None, False
    redundant = not roles or (of_now and not own_possible & ~others)
    return "low", None if redundant else "medium", redundant


def _owners(evidence: Evidence) -> Iterator[Finding | Unsure]:
    certain: list[int] = []
    unsure: list[tuple[int, int]] = []
    for number, places in evidence.of_kind("person"):
        level = evidence.level(number)
        if level_rank(level.certain) == level_rank("Owner"):
            certain += places
        elif level_rank(level.possible) == level_rank("Owner"):
            unsure += [(place, number) for place in places]
    if len(certain) > 1:
        return
    if len(certain) + len(unsure) > 1:
        # Whether there is a finding at all depends on these people.
        yield from (Unsure("owners", evidence.at(place), evidence.reasons(number)) for place, number in unsure)
        return
    other = evidence.at(certain[0]) if certain else None
    severity: Severity = "medium" if certain or unsure else "high"
    may_be: Severity | None = "high" if unsure else None
    yield Finding("owners", severity, None, Facts(number=len(certain), other=other), may_be=may_be)


def _everyone_admin(evidence: Evidence) -> Iterator[Finding | Unsure]:
    people = certain = 0
    unsure: list[tuple[int, int]] = []
    for number, places in evidence.of_kind("person"):
        level = evidence.level(number)
        people += len(places)
        if level.certain != "none":
            certain += len(places)
        elif level.possible != "none":
            unsure += [(place, number) for place in places]
    if people < FEWEST:
        return
    if certain * 2 > people:
        yield Finding("everyone-admin", "high", None, Facts(number=certain, of=people))
    elif (certain + len(unsure)) * 2 > people:
        yield from (Unsure("everyone-admin", evidence.at(place), evidence.reasons(number)) for place, number in unsure)


def _look_alikes(evidence: Evidence) -> Iterator[Finding]:
    rows = (row for row in evidence.index.rows if row.state != "being removed")
    for _, of_kind in groupby(rows, key=lambda row: row.kind):
        alike: dict[str, list[str]] = {}
        for row in of_kind:
            if row.name.strip():
                alike.setdefault(confusable_skeleton(row.name), []).append(row.id)
        for ids in alike.values():
            if len(ids) > 1:
                # Sorted, so that each run names the same one.
                first, *others = sorted(ids)
                facts = Facts(other=evidence.about(first), number=len(ids))
                yield from (Finding("look-alike", "low", evidence.about(each), facts) for each in others)


_PERSONS = ("users", "group_members", "groups", "roles")
"""The lists that show which people there are, and how far each reaches."""

RULES = (
    Rule(
        "removed-in-group",
        ("high", "medium"),
        ("users", "accounts", "account_members", "groups", "group_members"),
        _removed_in_groups,
        "ee",
    ),
    Rule("group-admin", ("medium",), _PERSONS, _group_admins, "ee"),
    Rule("empty-admin-group", ("medium",), ("groups", "group_members", "roles"), _empty_groups, "ee"),
    Rule("manual-beside-sync", ("medium", "low"), ("users",), _manual_beside_sync, "ee"),
    Rule("owners", ("high", "medium"), _PERSONS, _owners, elsewhere=SUBJECTS),
    Rule("everyone-admin", ("high",), _PERSONS, _everyone_admin, elsewhere=SUBJECTS),
    Rule("look-alike", ("low",), (*SUBJECTS, "groups"), _look_alikes),
)
