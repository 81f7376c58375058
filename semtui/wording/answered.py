"""Questions about access, asked of a source and answered in every format: commands, screen and line mode share them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from semtui.audit.access.answers import Can
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.contract import Source
    from semtui.audit.snapshots.records import Record
    from semtui.wording.access_answer import AnswerText

Form = Literal["text", "json", "csv", "md"]
FORMS: tuple[Form, ...] = ("text", "json", "csv", "md")
FORM_WORDS: dict[Form, str] = {
    "text": "Text, lines of 80 characters",
    "json": "JSON, with everything by id",
    "csv": "CSV, a table for a spreadsheet",
    "md": "Markdown, a page with a table",
}
"""What each format is called where one is chosen."""


def ending_of(form: Form) -> str:
    """How the name of a file in this format ends."""
    return "txt" if form == "text" else form


@dataclass(frozen=True)
class Answered:
    """An answer: whether it is complete, and how to write it."""

    write: Callable[[Form], str]
    complete: bool = True
    unknown: int = 0
    """For how many subjects or permissions the answer is not known."""
    text: Callable[[], AnswerText] | None = None
    """The answer in words and as a table, for line mode to read out."""
    private: bool = False
    """Whether a file of it is for its owner's eyes alone."""


def written(
    text: Callable[[], AnswerText],
    words: str,
    source: Source,
    record: Callable[[], Any],
    complete: bool,
    unknown: Sequence[Record] = (),
) -> Callable[[Form], str]:
    """A function that writes an answer in the format it is given; `words` is the question."""

    def write(form: Form) -> str:
        if form == "json":
            from semtui.audit.contract import envelope
            from semtui.audit.snapshots.canonical import canonical

            return canonical(envelope(words, source, record(), complete=complete, unknown=unknown)) + "\n"
        if form == "csv":
            return text().as_csv()
        return text().as_markdown(source) if form == "md" else text().as_text(source)

    return write


def _on(project_id: str | None) -> str:
    return f" --on {project_id}" if project_id else ""


def who_can(source: Source, graph: AccessGraph, permission: str, project_id: str | None = None) -> Answered:
    """Who holds a permission. Raises UnknownPermissionError."""
    from semtui.audit.access import questions
    from semtui.audit.answer_record import unknown_records, who_can_record
    from semtui.wording.access_answer import who_can_text

    answer = questions.who_can(graph, permission, project_id)
    open_for = unknown_records([*answer.unknown, *answer.unknown_groups])

    def text() -> AnswerText:
        return who_can_text(answer, graph)

    write = written(
        text,
        f"who-can {permission}{_on(project_id)}",
        source,
        lambda: who_can_record(answer, graph),
        answer.complete,
        open_for,
    )
    return Answered(write, answer.complete, len(open_for), text=text)


def can(source: Source, graph: AccessGraph, subject_id: str, project_id: str | None = None) -> Answered:
    """Everything a person, account or group can do. Raises NobodyError."""
    from semtui.audit.access import questions
    from semtui.wording.access import subject_name

    name = f"{subject_name(graph.subject(subject_id))} [{subject_id}]"
    return _can(source, graph, questions.can(graph, subject_id, project_id), f"{subject_id}{_on(project_id)}", name)


def can_role(source: Source, graph: AccessGraph, role_id: str) -> Answered:
    """Everything a role of the organization gives. Raises KeyError if there is no such role."""
    from semtui.audit.access import questions

    role_name = questions.roles_known(graph)[role_id]
    answer = questions.can_role(graph, role_id, role_name)
    return _can(source, graph, answer, role_id, f"the role {role_name} [{role_id}]")


def _can(source: Source, graph: AccessGraph, answer: Can, words: str, name: str) -> Answered:
    from semtui.audit.answer_record import can_record, subject_ref_record
    from semtui.audit.contract import unknown_record
    from semtui.wording.access_answer import can_text

    complete = answer.complete and not graph.stale
    unknown = [unknown_record(subject_ref_record(answer.subject), answer.reasons)] if answer.subject else []

    def text() -> AnswerText:
        return can_text(answer, graph, name)

    write = written(
        text,
        f"can {words}",
        source,
        lambda: can_record(answer),
        complete,
        [] if answer.complete else unknown,
    )
    open_there = sum(map(len, answer.projects_unknown.values()))
    number = len(answer.organization_unknown) + len(answer.every_project_unknown) + open_there
    return Answered(write, complete, number, text=text)


def why(
    source: Source, graph: AccessGraph, subject_id: str, permission: str, project_id: str | None = None
) -> tuple[Answered, str]:
    """Whether somebody holds a permission, and why; also the verdict. Raises UnknownPermissionError, NobodyError."""
    from semtui.audit.access import questions
    from semtui.audit.answer_record import subject_ref_record, why_record
    from semtui.audit.contract import unknown_record
    from semtui.wording.why_answer import why_text

    answer = questions.why(graph, subject_id, permission, project_id)
    open_for = answer.verdict == "unknown"
    complete = not open_for and not graph.stale
    unknown = [unknown_record(subject_ref_record(answer.subject), answer.reasons)] if open_for else []
    words = f"why {subject_id} {permission}{_on(project_id)}"

    def text() -> AnswerText:
        return why_text(answer, graph)

    write = written(text, words, source, lambda: why_record(answer), complete, unknown)
    return Answered(write, complete, len(unknown), text=text), answer.verdict


def steps(
    source: Source, graph: AccessGraph, target: str, depth: int, among: Collection[str] | None = None
) -> Answered:
    """Who can come to act as Owner or Admin, or with a permission, in so many steps; `among` are the ids of those who
    are asked about, None for all."""
    from semtui.audit.access.steps import steps as find
    from semtui.audit.answer_record import steps_record
    from semtui.wording.access_answer import steps_text

    answer = find(graph, target, depth)
    if among is not None:
        answer = replace(answer, found=tuple(each for each in answer.found if each.subject.id in among))
    words = f"steps {target} --depth {depth}"

    def text() -> AnswerText:
        return steps_text(answer, graph, narrowed=among is not None)

    write = written(text, words, source, lambda: steps_record(answer), answer.complete)
    return Answered(write, answer.complete, text=text)


def compare(source: Source, graph: AccessGraph, role_ids: Sequence[str]) -> Answered:
    """How roles of the organization differ in effect."""
    from semtui.audit.access import questions
    from semtui.audit.answer_record import comparison_record
    from semtui.wording.access_answer import comparison_text

    answer = questions.compare(graph, role_ids)
    open_roles = {*answer.mapping_unknown, *answer.content_unknown}
    complete = not open_roles and not graph.stale

    def text() -> AnswerText:
        return comparison_text(answer, graph)

    write = written(
        text,
        f"compare {' '.join(role_ids)}",
        source,
        lambda: comparison_record(answer, graph),
        complete,
    )
    return Answered(write, complete, len(open_roles), text=text)
