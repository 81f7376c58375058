"""The answers about access in their published JSON form; `contract.envelope` wraps each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.audit.access.questions import paths, roles_known
from semtui.audit.contract import by_id, path_record, subject_record, unknown_record
from semtui.text.clean import raw

if TYPE_CHECKING:
    from collections.abc import Iterable

    from semtui.audit.access.answers import Can, Comparison, Steps, SubjectRef, UnknownSubject, WhoCan, Why
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.snapshots.records import Record


def subject_ref_record(subject: SubjectRef) -> Record:
    """A subject named in an answer."""
    return subject_record(subject.id, subject.name, subject.kind, subject.state)


def unknown_records(unknown: Iterable[UnknownSubject]) -> list[Record]:
    """The subjects for whom an answer is not known."""
    return [unknown_record(subject_ref_record(each.subject), each.reasons) for each in unknown]


def who_can_record(answer: WhoCan, graph: AccessGraph) -> Record:
    """Who holds a permission, and through which paths."""

    def held(subjects: Iterable[SubjectRef]) -> list[Record]:
        found = []
        for each in subjects:
            ways = paths(graph, each.id, answer.permission, answer.project_id)
            found.append(subject_ref_record(each) | {"paths": list(map(path_record, ways))})
        return by_id(found)

    return {
        "people": held(answer.people),
        "accounts": held(answer.accounts),
        "groups": by_id(map(subject_ref_record, answer.groups)),
        "empty_groups": by_id(map(subject_ref_record, answer.empty_groups)),
    }


def can_record(answer: Can) -> Record:
    """What a subject or role can do."""
    return {
        "organization": list(answer.organization),
        "every_project": list(answer.every_project),
        "projects": {raw(each): list(found) for each, found in answer.projects.items()},
        "organization_unknown": list(answer.organization_unknown),
        "every_project_unknown": list(answer.every_project_unknown),
        "projects_unknown": {raw(each): list(found) for each, found in answer.projects_unknown.items()},
    }


def why_record(answer: Why) -> Record:
    """Whether a subject holds a permission, through which paths, and if not, which roles would give it."""
    nearest = [
        {
            "role_id": raw(each.role_id),
            "role_name": raw(each.role_name),
            "permissions": each.permissions,
            "mapped_to": None if each.mapped_to is None else raw(each.mapped_to),
        }
        for each in answer.nearest
    ]
    return {
        "verdict": answer.verdict,
        "usable": answer.usable,
        "paths": list(map(path_record, answer.paths)),
        "nearest": nearest,
    }


def steps_record(answer: Steps) -> list[Record]:
    """Who can reach a target, and by which steps."""
    return by_id(
        subject_ref_record(each.subject)
        | {
            "steps": [
                {
                    "edge": step.edge,
                    "target": None if step.target is None else subject_ref_record(step.target),
                    "certain": step.certain,
                }
                for step in each.steps
            ]
        }
        for each in answer.found
    )


def comparison_record(answer: Comparison, graph: AccessGraph) -> Record:
    """How roles differ in what they permit."""
    names = roles_known(graph)
    ids = list(map(raw, answer.role_ids))
    return {
        "roles": by_id(subject_record(each, names.get(each, ""), "role", "not in the API") for each in answer.role_ids),
        "differences": [
            {"gives": dict(zip(ids, pattern, strict=True)), "permissions": list(permissions)}
            for pattern, permissions in answer.differences.items()
        ],
        "mapping_unknown": sorted(map(raw, answer.mapping_unknown)),
        "content_unknown": sorted(map(raw, answer.content_unknown)),
    }
