"""What would change, in sentences: the changes themselves, refusals, gains and losses, and what else to know.

Whoever is named is named with the id, unless `ids` says otherwise.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from semtui.audit.access.causes import OFF
from semtui.audit.access.questions import roles_known
from semtui.text.counting import count
from semtui.wording.access import kind_words, subject_name, way_words
from semtui.wording.styled_text import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from semtui.audit.access.answers import Level, Path, SubjectRef
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.what_if.answers import Difference, Note, Refusal, RefusalCode, WhatIf
    from semtui.audit.what_if.operations import Operation

_REFUSED: dict[RefusalCode, str] = {
    "owner": "an Owner cannot be removed before getting another role",
    "built-in": "the role is built in",
    "not-a-member": "only who holds a role directly can be in a group",
    "not-listed": "it is deleted by then, or in no list",
}
_PERHAPS_REFUSED: dict[RefusalCode, str] = {
    "owner": "the roles were not read, and an Owner cannot be removed",
    "role-held": "not every list of members was read whole, and somebody may hold the role",
    "not-a-member": "no role held directly was seen, without which nobody can be in a group",
    "not-listed": "it is in no list that was read",
}


def named(subject: SubjectRef, *, ids: bool = True) -> str:
    """A subject by name and id."""
    return with_id(subject_name(subject), subject.id, ids=ids)


def with_id(name: str, its_id: str, *, ids: bool = True) -> str:
    """A name, followed by its id."""
    return f"{name} [{its_id}]" if ids else name


def subject_words(subject: SubjectRef) -> str:
    """`Dan [id], person`; also the state of an account that cannot act."""
    off = f", {subject.state}" if subject.state in OFF else ""
    return f"{named(subject)}, {kind_words(subject)}{off}"


# The changes


def operation_words(operation: Operation, graph: AccessGraph, *, ids: bool = True) -> str:
    """`give Ops [id] the role Member [id]`: one change, worded to follow “to”."""
    kind = operation.kind
    if kind in ("delete-role", "edit-role"):
        return f"{kind.partition('-')[0]} the role {_role(operation.id, graph, ids)}{_edits(operation)}"
    who = _who(operation.id, graph, ids)
    if kind == "role":
        return f"give {who} the role {_role(operation.other_id, graph, ids)}"
    if kind == "join":
        return f"add {who} to the group {_who(operation.other_id, graph, ids)}"
    if kind == "leave":
        return f"remove {who} from the group {_who(operation.other_id, graph, ids)}"
    if kind == "remove" and graph.knows(operation.id) and graph.subject(operation.id).kind in ("account", "group"):
        return f"remove the role assigned directly to {who}"
    return f"{kind.partition('-')[0]} {'the group ' if kind == 'delete-group' else ''}{who}"


def _who(subject_id: str, graph: AccessGraph, ids: bool) -> str:
    return named(graph.subject(subject_id), ids=ids) if graph.knows(subject_id) else f"[{subject_id}]"


def _role(role_id: str, graph: AccessGraph, ids: bool) -> str:
    return with_id(roles_known(graph).get(role_id) or "(no name)", role_id, ids=ids)


def _edits(operation: Operation) -> str:
    signed = [*(f"-{each}" for each in operation.removed), *(f"+{each}" for each in operation.added)]
    return f" ({', '.join(signed)})" if signed else ""


def sum_words(answer: WhatIf) -> str:
    """How many gain or lose something, keep everything, or are unknown, and whether that is complete."""
    changed = [subject for subject, _ in answer.everybody()]
    kept = sum(len(each.subjects) for each in answer.kept)
    seen = "" if answer.complete else " known"
    who = f"Access changes for {number_words(changed)}" if changed else f"Nobody{seen} gains or loses anything"
    rest = [
        f"{kept:,} {'keeps' if kept == 1 else 'keep'} everything by other means" if kept else "",
        f"{len(answer.unknown):,} unknown" if answer.unknown else "",
        f"{count(len(answer.refusals), 'refusal')}" if answer.refusals else "",
    ]
    told = f"{'; '.join(filter(None, (who, *rest)))}."
    if answer.at_least:
        told += " Others may be concerned: not every list that matters was read whole."
    if answer.gaps:
        told += " Not everything is known: what is missing is listed below."
    return f"{told} Complete." if answer.complete else told


def number_words(subjects: Iterable[SubjectRef]) -> str:
    """`2 people and 1 account`."""
    numbers = Counter("person" if each.kind == "person" else kind_words(each) for each in subjects)
    words = {"account": "account", "group": "group"}
    parts = []
    for kind, number in numbers.items():
        if kind == "person":
            parts.append(f"{number:,} {'person' if number == 1 else 'people'}")
        else:
            parts.append(count(number, words[kind]) if kind in words else f"{number:,} {kind}")
    return listed(parts)


# Refusals


def refusal_words(refusal: Refusal, graph: AccessGraph, *, ids: bool = True) -> str:
    """That Semaphore would refuse, or may, and why."""
    what = operation_words(refusal.operation, graph, ids=ids)
    reason = why_refused(refusal, listed([named(each, ids=ids) for each in refusal.subjects]))
    if refusal.certain:
        return f"Semaphore would refuse to {what}: {reason}. It is left out here."
    return f"Semaphore may refuse to {what}: {reason}. Here it counts as done."


def why_refused(refusal: Refusal, holders: str) -> str:
    """The reason, worded to follow a colon; `holders` are those of a role."""
    if not refusal.certain:
        return _PERHAPS_REFUSED[refusal.code]
    if refusal.code == "role-held":
        return f"the role is held by {holders}"
    if refusal.code == "lacks":
        return f"the caller lacks {listed(refusal.permissions)}"
    if refusal.code == "no-such-permission":
        return f"a role of the organization cannot permit {listed(refusal.permissions)}"
    return _REFUSED[refusal.code]


# Gains and losses


def loss_words(difference: Difference) -> str:
    """`Loses 20 permissions of the organization, and Admin on every project`; empty if nothing is lost."""
    return _amount("Loses", difference.lost, difference.all_projects == "lost")


def gain_words(difference: Difference) -> str:
    """The same of what is gained."""
    return _amount("Gains", difference.gained, difference.all_projects == "gained")


def told_apart(difference: Difference) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The permissions lost and gained that have to be named: not those that are all of Admin on every project."""
    return (
        _without_projects(difference.lost, difference.all_projects == "lost"),
        _without_projects(difference.gained, difference.all_projects == "gained"),
    )


def _without_projects(names: tuple[str, ...], whole: bool) -> tuple[str, ...]:
    return tuple(each for each in names if not whole or not each.startswith("project."))


def _amount(verb: str, names: tuple[str, ...], whole: bool) -> str:
    if not names:
        return ""
    projects = sum(each.startswith("project.") for each in names)
    own = len(names) - projects
    parts = [f"{count(own, 'permission')} of the organization"] if own else []
    if projects:
        parts.append("Admin on every project" if whole else f"{count(projects, 'permission')} on every project")
    return f"{verb} {', and '.join(parts)}"


# What else to know


def paths_words(paths: Iterable[Path], *, ids: bool = True) -> str:
    """`Admin from SCIM provisioning and Member through the group Ops [id]`."""
    return listed([_path(each, ids) for each in paths])


def _path(path: Path, ids: bool) -> str:
    there = f" [{path.group_id}]" if ids and path.group_id is not None else ""
    return f"{path.role_name or '(unnamed role)'} {way_words(path)}{there}"


def note_words(note: Note, answer: WhatIf, *, ids: bool = True) -> str:
    """One note as a sentence."""
    if note.code == "nothing" and note.operation is not None:
        return f"It would change nothing to {operation_words(note.operation, answer.before, ids=ids)}."
    if note.code in ("nobody-manages-people", "nobody-changes-owners"):
        return _nobody(note)
    if note.code == "queue":
        return "Semaphore changes who is in a group through a queue: it may take up to a minute."
    if note.code == "mapping-dropped":
        return _mapping(note)
    if note.subject is None:
        return "Who created which service accounts is not known: their list was not read whole."
    return _of_subject(note, note.subject, answer, ids)


def _of_subject(note: Note, subject: SubjectRef, answer: WhatIf, ids: bool) -> str:
    name = named(subject, ids=ids)
    if note.code == "on-projects":
        return _on_projects(note, subject, name)
    if note.code == "owns-projects":
        return _owned(note, name)
    if note.code == "created-account":
        return _created(note, subject, answer, ids)
    return {
        "leaves": f"{name} leaves the organization.",
        "gone": f"{name} is deleted.",
        "without-a-role": f"{name} stays, without a role.",
        "cannot-act": f"{name} keeps {count(note.number, 'permission')}, and cannot use them while deactivated.",
        "caller": f"This concerns the caller, {name}.",
        "no-creator": f"{name} can no longer be edited, because its creator is deleted.",
        "stays": f"{name} still has {paths_words(note.paths, ids=ids)}.",
        "group-projects": f"What the group {name} gives on single projects is not in the API, and so not known.",
    }[note.code]


def _nobody(note: Note) -> str:
    what = "manage people" if note.code == "nobody-manages-people" else "change Owners"
    if note.complete:
        return f"Nobody is left who can {what}."
    return f"Nobody is seen who could still {what}; not everything was read."


def _mapping(note: Note) -> str:
    role, *mapped = note.names
    if mapped:
        return f"Any edit of {role} drops the project role {mapped[0]} it gives on every project."
    return f"Any edit of {role} drops the project role it is mapped to; whether it has one is not known."


def _on_projects(note: Note, subject: SubjectRef, name: str) -> str:
    if subject.kind in ("account", "group") and not note.names:
        return f"Roles of {name} on single projects are not in the API, and so not known."
    read = f"the people of {count(note.number, 'project')} were read"
    if note.names:
        rest = "" if note.complete else f", and perhaps on others ({read})"
        return f"{name} also loses roles on {listed(note.names)}{rest}."
    if note.complete:
        return f"{name} has no role on a single project."
    return f"Which roles on single projects {name} also loses is not known: {read}."


def _owned(note: Note, name: str) -> str:
    unread = "the list of projects was not read whole"
    if not note.names:
        return f"Which projects {name} owns is not known: {unread}."
    rest = "" if note.complete else f", and perhaps others: {unread}"
    what = "project" if len(note.names) == 1 else "projects"
    return f"{name} owns the {what} {listed(note.names)}{rest}."


def _created(note: Note, subject: SubjectRef, answer: WhatIf, ids: bool) -> str:
    accounts = answer.before.people.accounts.items
    creator_id = next((each.creator_id for each in accounts if each.id == subject.id), "")
    level = f", which reaches {_level(note.level)}" if note.level is not None and _level(note.level) else ""
    off = f" ({subject.state})" if subject.state in OFF else ""
    creator, account = _who(creator_id, answer.before, ids), named(subject, ids=ids)
    return f"{creator} created {account}{off}{level}, and may know its token."


def _level(level: Level) -> str:
    if level.certain != "none":
        return level.certain if level.certain == level.possible else f"{level.certain}, perhaps {level.possible}"
    return f"perhaps {level.possible}" if level.possible != "none" else ""
