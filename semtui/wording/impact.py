"""What depends on a person or account, and traces of what they did, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.text.counting import count
from semtui.wording.answered import Answered, written
from semtui.wording.dates import date_words
from semtui.wording.role_bindings import role_pieces
from semtui.wording.styled_text import Line, fact, listed
from semtui.wording.subjects import name_of, state_piece
from semtui.wording.what_if import note_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from semtui.api.models import Project
    from semtui.api.trace_models import Task
    from semtui.audit.contract import Source
    from semtui.audit.impact import Impact
    from semtui.audit.snapshots.records import Record
    from semtui.organization.subject import Subject
    from semtui.organization.ties import Reach
    from semtui.organization.traces import Traces
    from semtui.wording.access_answer import AnswerText
    from semtui.wording.styled_text import Piece

NOT_TOLD = (
    "Semaphore's API does not show: who else knows a token, what a person's own API token is used for, self-hosted "
    "agents, what runs now, and roles of accounts and groups on projects."
)
NO_PROOF = (
    "No trace is no proof of disuse: Semaphore does not show when a token was last used, and reading, calls about "
    "people, secrets or logs, and jobs run again leave no trace."
)
TASKS = {
    "account": "They run in its name. Deleting it makes them fail when they are due; deactivating it does not.",
    "person": "They run in the person's name, and go on after removal, without asking what the person may do.",
}
NOTIFICATIONS = "Each stops, silently, for projects its creator may no longer view."
TARGETS = "They name the subject among those who may deploy; what else would allow it is not counted here."
_FEW = 3


def impact_lines(found: Impact) -> list[Line]:
    """Everything that depends on somebody; each list says whether it was read whole."""
    subject, ties = found.subject, found.ties
    lines = [Line([(note_words(each, found.going), "bad")]) for each in found.last]
    lines += [*([Line()] if lines else []), fact("State", state_piece(subject))] if subject.state else lines
    lines.append(fact("Roles", *_roles(subject)))
    lines += _facts("Groups", [(name_of(each), role_pieces(each.roles)) for each in found.groups])
    if subject.kind != "person":
        lines.append(fact("Projects", ("not known: Semaphore shows no roles of accounts on projects", "warn")))
    else:
        lines += _facts("Projects", [(project.name, role_pieces(roles)) for project, roles in found.projects])
    if subject.kind == "person" and found.projects_unread:
        lines.append(fact("", (f"not read in {count(found.projects_unread, 'project')}", "warn")))
    lines += _section(
        "Service accounts created, whose tokens may be known",
        [Line([(name_of(each), "plain"), *_spaced(state_piece(each))]) for each in found.created],
    )
    lines += _section("Projects owned", [Line([(each.name, "plain")]) for each in found.owned])
    lines += _section(
        f"Scheduled tasks run in this name{_reach(ties.reach['tasks'])}",
        [_task_line(*each) for each in ties.tasks],
        TASKS[subject.kind] if subject.kind != "group" else "",
    )
    lines += _section(
        f"Notifications created{_reach(ties.reach['notifications'])}",
        [Line([(each.name, "plain"), (f"  {', '.join(each.projects)}", "muted")]) for each in ties.notifications],
        NOTIFICATIONS,
    )
    lines += _section(
        f"Deployment targets that name this {subject.kind}{_reach(ties.reach['deployment targets'])}",
        [Line([(f"{project.name}: {target.name}", "plain")]) for project, target in ties.targets],
        TARGETS,
    )
    unread = [why for reach in ties.reach.values() for why in reach.why[:_FEW]]
    lines += [Line(), *(Line([(f"Not read: {why}", "warn")], 2) for why in dict.fromkeys(unread))]
    return [*lines, Line([(NOT_TOLD, "muted")])]


def _roles(subject: Subject) -> Sequence[Piece]:
    if subject.roles is None:
        return [("not known: the list that would tell is missing", "warn")]
    return role_pieces(subject.roles) or [("none assigned directly", "muted")]


def _facts(label: str, rows: Sequence[tuple[str, Sequence[Piece]]]) -> Iterable[Line]:
    if not rows:
        yield fact(label, ("none", "muted"))
    for number, (name, roles) in enumerate(rows):
        yield fact(label if not number else "", (f"{name}  ", "plain"), *roles)


def _spaced(piece: Piece) -> list[Piece]:
    return [(f"  {piece[0]}", piece[1])] if piece[0] else []


def _reach(reach: Reach) -> str:
    return "" if reach.whole else f" (read in {reach.read:,} of {reach.of:,})" if reach.of > 1 else " (not read)"


def _section(title: str, rows: Sequence[Line], note: str = "") -> list[Line]:
    lines = [Line(), Line([(title, "strong"), (f": {len(rows):,}" if rows else ": none", "strong")])]
    if rows and note:
        lines.append(Line([(note, "muted")]))
    return [*lines, *(Line([("  ", "plain"), *each.pieces], 4) for each in rows)]


def _task_line(project: Project, task: Task) -> Line:
    state = ", paused" if task.paused else ", suspended" if task.suspended else ""
    when = f"  {task.at}" if task.at else "  started by hand"
    return Line([(f"{project.name}: {task.name}", "plain"), (f"{when}{state}", "muted")])


def impact_answered(source: Source, found: Impact) -> Answered:
    """The answer as the command gives it."""
    subject = found.subject

    def text() -> AnswerText:
        from semtui.wording.access_answer import AnswerText

        lines = [line.text.rstrip() for line in impact_lines(found)]
        rows = list(_rows(found))
        return AnswerText(
            f"What depends on {name_of(subject)} [{subject.id}]", lines, lines, ("what", "name", "id", "more"), rows
        )

    write = written(text, f"impact {subject.id}", source, lambda: impact_record(found), found.whole)
    return Answered(write, found.whole, text=text)


def _rows(found: Impact) -> Iterable[dict[str, str]]:
    def row(what: str, name: str, thing_id: str, more: str = "") -> dict[str, str]:
        return {"what": what, "name": name, "id": thing_id, "more": more}

    for each in found.groups:
        yield row("group", each.name, each.id)
    for project, roles in found.projects:
        yield row("role on a project", project.name, project.id, listed([held.role_name for held in roles]))
    for account in found.created:
        yield row("account created", account.name, account.id, account.state)
    for project in found.owned:
        yield row("project owned", project.name, project.id)
    for project, task in found.ties.tasks:
        yield row("task", f"{project.name}: {task.name}", task.id, "paused" if task.paused else task.at)
    for note in found.ties.notifications:
        yield row("notification", note.name, note.id, "; ".join(note.projects))
    for project, target in found.ties.targets:
        yield row("deployment target", f"{project.name}: {target.name}", target.id)


def impact_record(found: Impact) -> Record:
    """The answer as JSON."""
    from semtui.audit.contract import subject_record
    from semtui.text.clean import raw

    subject = found.subject
    rows = [{key: raw(value) for key, value in row.items()} for row in _rows(found)]
    reach = {name: {"read": each.read, "of": each.of, "why": list(each.why)} for name, each in found.ties.reach.items()}
    return {
        "subject": subject_record(subject.id, subject.name, subject.kind, subject.state),
        "found": rows,
        "nobody_left": [each.code for each in found.last],
        "read": {**reach, "people of projects": {"read_not": found.projects_unread}},
    }


# Traces


def trace_lines(found: Traces, now: float) -> list[Line]:
    """What somebody has done last, project by project, and what that does not prove."""
    rows = sorted(found.workflows, key=lambda each: -(each[1].newest.created_at or 0) if each[1].newest else 0)
    workflows = []
    for project, trace in rows:
        assert trace.newest is not None, "only those are kept"
        total = f", {count(trace.total, 'workflow')} in all" if trace.total else ""
        words = f"{date_words(trace.newest.created_at) or 'at an unknown time'}{total}"
        workflows.append(Line([(project.name, "plain"), (f"  last {words}", "muted")]))
    deployments = [
        Line(
            [
                (f"{project.name}: {each.target_name or each.target_id}", "plain"),
                (f"  {_day(each.triggered_at)}", "muted"),
            ]
        )
        for project, each in found.deployments
    ]
    secrets = [
        Line([(each.name, "plain"), (f"  {_day(each.used_at) if each.used_at else 'never'}", "muted")])
        for each in found.secrets
    ]
    lines = [
        *_section(f"Workflows started{_reach(found.workflow_reach)}", workflows),
        *_section(f"Deployments{_reach(found.deployment_reach)}", deployments),
    ]
    if found.secret_reach.of:
        lines += _section(f"Secrets with its token, last loaded by a job{_reach(found.secret_reach)}", secrets)
    reaches = (found.workflow_reach, found.deployment_reach, found.secret_reach)
    unread = dict.fromkeys(why for reach in reaches for why in reach.why[:_FEW])
    lines += [Line(), *(Line([(f"Not read: {why}", "warn")], 2) for why in unread)]
    return [*lines[1:], Line([(NO_PROOF, "strong")])]


def _day(seconds: float | None) -> str:
    return date_words(seconds) or "at an unknown time"


def trace_answered(source: Source, subject: Subject, found: Traces, now: float) -> Answered:
    """The answer as the command gives it."""
    whole = all(each.whole for each in (found.workflow_reach, found.deployment_reach, found.secret_reach))

    def text() -> AnswerText:
        from semtui.wording.access_answer import AnswerText

        lines = [(" " * 2 if line.hang == 4 else "") + line.text.strip() for line in trace_lines(found, now)]
        return AnswerText(
            f"Traces of {name_of(subject)} [{subject.id}]",
            lines,
            lines,
            ("what", "where", "last", "number"),
            _trace_rows(found),
        )

    def record() -> Record:
        from semtui.audit.contract import subject_record

        who = subject_record(subject.id, subject.name, subject.kind, subject.state)
        return {"subject": who, "found": _trace_rows(found), "proves_disuse": False}

    return Answered(written(text, f"trace {subject.id}", source, record, whole), whole, text=text)


def _trace_rows(found: Traces) -> list[dict[str, str | int | None]]:
    from semtui.audit.snapshots.records import rfc3339

    rows: list[dict[str, str | int | None]] = []
    for project, trace in found.workflows:
        last = rfc3339(trace.newest.created_at if trace.newest else None)
        rows.append({"what": "workflow", "where": project.name, "last": last, "number": trace.total})
    for project, each in found.deployments:
        where = f"{project.name}: {each.target_name or each.target_id}"
        rows.append({"what": "deployment", "where": where, "last": rfc3339(each.triggered_at), "number": None})
    for secret in found.secrets:
        rows.append({"what": "secret", "where": secret.name, "last": rfc3339(secret.used_at), "number": None})
    return rows
