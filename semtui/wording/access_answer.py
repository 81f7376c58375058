"""Answers about access for a file or a pipe: as text, a table, or a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.audit.access.questions import paths, roles_known
from semtui.export.csv_table import Verbatim, table
from semtui.text.counting import count
from semtui.wording.access import REASON_WORDS, kind_words, subject_name, who_can_lines
from semtui.wording.answer import Section, markdown_answer, text_answer
from semtui.wording.styled_text import listed

if TYPE_CHECKING:
    from semtui.audit.access.answers import Can, Comparison, Path, Reason, Step, Steps, SubjectRef, WhoCan
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.contract import Source
    from semtui.export.csv_table import Value

Row = Mapping[str, "Value"]
SUBJECT_COLUMNS = ("kind", "name", "id", "state")
WAY_COLUMNS = ("role", "role_id", "source", "group", "group_id", "project_role", "project_id")


@dataclass(frozen=True)
class AnswerText:
    """An answer in words and as a table."""

    title: str
    lines: Sequence[str]
    """The text; it names everybody the table does."""
    head: Sequence[str]
    """The lines above the table."""
    columns: tuple[str, ...]
    rows: Sequence[Row]

    def as_text(self, source: Source) -> str:
        """Lines of at most 80 cells."""
        return text_answer(self.title, self.lines, source)

    def as_csv(self) -> str:
        """The table as CSV that is inert in a spreadsheet."""
        return table(self.columns, self.rows).text

    def as_markdown(self, source: Source) -> str:
        """A page with the table."""
        rows = tuple(tuple(_shown(row.get(column)) for column in self.columns) for row in self.rows)
        names = tuple(column.replace("_", " ") for column in self.columns)
        return markdown_answer(self.title, [Section("Answer", names, rows)] if rows else [], self.head, source)


def _shown(value: Value) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, str | int) else "; ".join(value)


def subject_cells(subject: SubjectRef) -> dict[str, Value]:
    """The cells of `SUBJECT_COLUMNS` for a subject."""
    return {"kind": kind_words(subject), "name": subject.name, "id": subject.id, "state": subject.state}


def way_cells(path: Path) -> dict[str, Value]:
    """The cells of `WAY_COLUMNS` for one way to hold a permission."""
    return {
        "role": path.role_name,
        "role_id": path.role_id,
        "source": path.source,
        "group": path.group_name,
        "group_id": path.group_id,
        "project_role": path.mapped_to,
        "project_id": path.project_id,
    }


def reason_words(reasons: Iterable[Reason]) -> str:
    """Why something is not known, worded to fit inside a sentence."""
    return listed([REASON_WORDS[each] for each in reasons])


def project_words(graph: AccessGraph, project_id: str) -> str:
    """A project by its name and id."""
    names = {project.id: project.name for project in graph.projects.listing.items}
    return f"{names.get(project_id) or '(no name)'} [{project_id}]"


# Who can


def who_can_text(answer: WhoCan, graph: AccessGraph) -> AnswerText:
    """Who holds a permission; one row for each way each of them holds it."""
    where = f" on {project_words(graph, answer.project_id)}" if answer.project_id else ""
    lines = [" " * (2 if line.hang else 0) + line.text for line in who_can_lines(answer, graph, cut=False, whole=True)]
    rows: list[Row] = []
    for subject in (*answer.people, *answer.accounts, *answer.groups):
        for path in paths(graph, subject.id, answer.permission, answer.project_id):
            rows.append(subject_cells(subject) | {"holds": Verbatim("yes")} | way_cells(path))
    for each in (*answer.unknown, *answer.unknown_groups):
        rows.append(subject_cells(each.subject) | {"holds": Verbatim("unknown"), "reasons": list(each.reasons)})
    columns = (*SUBJECT_COLUMNS, "holds", *WAY_COLUMNS, "reasons")
    return AnswerText(f"Who can {answer.permission}{where}", lines, [each.strip() for each in lines[:2]], columns, rows)


# What somebody can


def can_text(answer: Can, graph: AccessGraph, name: str) -> AnswerText:
    """What a subject or role called `name` can do; one row for each permission."""
    rows = _permission_rows(answer, graph)
    head = [permission_sum(answer)]
    subject = answer.subject
    if subject is not None and subject.kind != "group":
        roles = graph.effective_roles(subject.id)
        held = listed(roles.names) or "none"
        head.append(f"Roles: {held}{'' if roles.complete else ', and perhaps others'}.")
        read = f"People of {answer.projects_read:,} of {count(answer.projects_listed, 'project')} were read."
        head.append(f"{read} Roles on single projects beyond those are not included.")
    if subject is not None and subject.state in ("deactivated", "being removed"):
        head.append(f"The account is {subject.state}, and can use none of this now.")
    if answer.reasons:
        head.append(f"Unknown, because {reason_words(answer.reasons)}.")
    return AnswerText(
        f"What {name} can do",
        [*head, *_permission_lines(rows)],
        head,
        ("permission", "scope", "project_id", "holds"),
        rows,
    )


def permission_sum(answer: Can) -> str:
    """How many permissions of the organization, and of every project, somebody holds or a role gives."""
    more = [len(answer.organization_unknown), len(answer.every_project_unknown)]
    unknown = [f", {each} unknown" if each else "" for each in more]
    return (
        f"{len(answer.organization)} of {answer.of_organization} permissions of the organization{unknown[0]}; "
        f"{len(answer.every_project)} of {answer.of_projects} on every project{unknown[1]}."
    )


def _permission_rows(answer: Can, graph: AccessGraph) -> list[Row]:
    names = graph.permissions
    groups: list[tuple[str, str | None, Sequence[str], Sequence[str], Sequence[str]]] = [
        ("organization", None, names.of(names.organization), answer.organization, answer.organization_unknown),
        ("every project", None, names.of(names.projects), answer.every_project, answer.every_project_unknown),
    ]
    for each in sorted(answer.projects.keys() | answer.projects_unknown.keys()):
        there, perhaps = answer.projects.get(each, ()), answer.projects_unknown.get(each, ())
        groups.append(("project", each, (*there, *perhaps), there, perhaps))
    return [
        {
            "permission": each,
            "scope": scope,
            "project_id": project_id,
            "holds": Verbatim("yes" if each in held else "unknown" if each in unknown else "no"),
        }
        for scope, project_id, everything, held, unknown in groups
        for each in everything
    ]


def _permission_lines(rows: Sequence[Row]) -> list[str]:
    found: dict[tuple[str, str], list[str]] = {}
    words = {"yes": "Holds", "unknown": "Unknown", "no": "Does not hold"}
    for row in rows:
        place = {"organization": "in the organization", "every project": "on every project"}.get(
            str(row["scope"]), f"on the project {row['project_id']}"
        )
        found.setdefault((words[str(row["holds"])], place), []).append(str(row["permission"]))
    lines: list[str] = []
    for (verb, place), names in found.items():
        lines += ["", f"{verb} {place}:", *(f"  {each}" for each in names)]
    return lines


# Steps


def steps_text(answer: Steps, graph: AccessGraph, *, narrowed: bool = False) -> AnswerText:
    """Who can reach a target by calls that Semaphore lets them make; one row for each step. `narrowed` is whether not
    everybody was asked about."""
    within = "one step" if answer.depth == 1 else f"{answer.depth} steps"
    head = []
    if not answer.found:
        seen = "Nobody" if answer.complete else "Nobody known"
        who = "who matches" if narrowed else "who does not hold it already"
        head.append(f"{seen} {who} can reach it within {within}.")
    if answer.at_least:
        head.append("There may be more: not every list is complete.")
    head.append("Not looked at: secrets that hold tokens, jobs that can read them, and settings of identity providers.")
    lines: list[str] = []
    rows: list[Row] = []
    for each in answer.found:
        unsure = "" if each.certain else " (not certain)"
        lines.append(f"{subject_name(each.subject)}, {kind_words(each.subject)} [{each.subject.id}]{unsure}")
        for number, step in enumerate(each.steps, 1):
            lines.append(f"  {step_words(step)}")
            target = {"target": step.target.name, "target_id": step.target.id} if step.target else {}
            cells: dict[str, Value] = {"step": number, "call": step.edge, "certain": step.certain}
            rows.append(subject_cells(each.subject) | cells | target)
    columns = (*SUBJECT_COLUMNS, "step", "call", "target", "target_id", "certain")
    return AnswerText(
        f"Who is within {within} of {answer.target}", [*lines, *([""] if lines else []), *head], head, columns, rows
    )


def step_words(step: Step) -> str:
    """One call, in words, and what removes it."""
    return f"{call_words(step)}. To end it: {cut_words(step)}"


def call_words(step: Step) -> str:
    """One call, in words."""
    if step.target is None:
        return "can take the role Owner: may manage people and change owners"
    name = f"{subject_name(step.target)} [{step.target.id}]"
    if step.edge == "token":
        return f"can regenerate the token of {name}, and act as it: may manage service accounts"
    return f"can join the group {name}, and hold its roles: may manage people"


def short_call_words(step: Step) -> str:
    """One call, in as few words as a column has room for."""
    if step.target is None:
        return "takes it"
    name = subject_name(step.target)
    return f"token of {name}" if step.edge == "token" else f"joins {name}"


def cut_words(step: Step) -> str:
    """What makes one call impossible."""
    if step.target is None:
        return "remove either permission"
    if step.edge == "token":
        return "remove service_accounts.manage, or give that account a lesser role"
    return "remove people.manage, or give the group a lesser role"


# Comparing


def comparison_text(answer: Comparison, graph: AccessGraph) -> AnswerText:
    """How roles differ; one row for each permission and role."""
    known = roles_known(graph)
    names = {each: known.get(each) or f"(no name) {each[:8]}" for each in answer.role_ids}
    head = []
    for ids, what in ((answer.content_unknown, "they permit"), (answer.mapping_unknown, "they give on projects")):
        if ids:
            head.append(f"It is not known what {what}: {listed([f'{names[each]} [{each}]' for each in ids])}.")
    lines = [*(f"{name} [{each}]" for each, name in names.items()), *head]
    rows: list[Row] = []
    for pattern, permissions in answer.differences.items():
        lines += ["", f"{_pattern_words(pattern, list(names.values()))}:", *(f"  {each}" for each in permissions)]
        for each in permissions:
            for role_id, truth in zip(answer.role_ids, pattern, strict=True):
                rows.append({"permission": each, "role": names[role_id], "role_id": role_id, "gives": Verbatim(truth)})
    if not any(set(pattern) != {"yes"} for pattern in answer.differences):
        lines.insert(len(names), "They permit the same.")
    return AnswerText(
        f"How {listed(list(names.values()))} differ", lines, head, ("permission", "role", "role_id", "gives"), rows
    )


def _pattern_words(pattern: Sequence[str], names: Sequence[str]) -> str:
    gives = [name for name, truth in zip(names, pattern, strict=True) if truth == "yes"]
    unknown = [name for name, truth in zip(names, pattern, strict=True) if truth == "unknown"]
    if len(gives) == len(names):
        return "All give"
    words = f"Only {listed(gives)}" if gives else "None for certain"
    return f"{words}, and perhaps {listed(unknown)}" if unknown else words
