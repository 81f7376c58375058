"""Why somebody holds a permission or does not: how they hold it and how to end that, or which roles would give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.audit.access.causes import OFF
from semtui.audit.access.endings import endings
from semtui.export.csv_table import Verbatim
from semtui.text.counting import count
from semtui.wording.access import REASON_WORDS, subject_name, way_words
from semtui.wording.access_answer import (
    SUBJECT_COLUMNS,
    WAY_COLUMNS,
    AnswerText,
    project_words,
    subject_cells,
    way_cells,
)
from semtui.wording.coverage import list_words
from semtui.wording.styled_text import listed

if TYPE_CHECKING:
    from semtui.audit.access.answers import Path, Reason, Why
    from semtui.audit.access.endings import Ending
    from semtui.audit.access.graph import AccessGraph

_MOST_NEAREST = 5
_LISTS: dict[Reason, tuple[str, ...]] = {
    "roles-missing": ("account_members",),
    "groups-missing": ("groups", "group_members"),
    "group-roles-missing": ("group_members",),
    "role-unlisted": ("roles",),
}
_REMEDIES: dict[Reason, str] = {
    "role-unlisted": "a role that is held is not in the list of roles: read again",
    "mapping": "read the people of one project (the Projects page, or --projects 1), with a token that may",
    "unlisted": "ask again in a minute: a removal may be under way",
    "project-people-missing": "read the people of that project, with a token that may",
    "project-groups": "nothing in the API; look at the project's people on the web page",
    "project-accounts": "nothing in the API; look at the project's people on the web page",
}


def why_text(answer: Why, graph: AccessGraph) -> AnswerText:
    """The whole answer; one row for each way to hold the permission, or a single row if there is none."""
    name = subject_name(answer.subject)
    where = f" on {project_words(graph, answer.project_id)}" if answer.project_id else ""
    head = [_verdict(answer, name, where)]
    if answer.verdict == "yes":
        lines = [*head, *_ways(answer), "", *_ends(answer, graph, name)]
    elif answer.verdict == "no":
        head += _nearest(answer)
        lines = head
    else:
        head += [f"Not known, because {listed([REASON_WORDS[each] for each in answer.reasons])}."]
        remedies = dict.fromkeys(_remedy(each, graph) for each in answer.reasons)
        lines = [*head, "What would make it known:", *(f"  {each}" for each in remedies)]
    cells = subject_cells(answer.subject) | {"verdict": Verbatim(answer.verdict), "reasons": list(answer.reasons)}
    rows = [cells | way_cells(each) for each in answer.paths] or [cells]
    return AnswerText(
        f"Why {name} [{answer.subject.id}]: {answer.permission}{where}",
        lines,
        lines,
        (*SUBJECT_COLUMNS, "verdict", *WAY_COLUMNS, "reasons"),
        rows,
    )


def _verdict(answer: Why, name: str, where: str) -> str:
    what = f"{answer.permission}{where}"
    if answer.verdict == "unknown":
        return f"Whether {name} holds {what} is unknown."
    if answer.verdict == "no":
        return f"{name} does not hold {what}."
    state = answer.subject.state
    off = f" The account is {state}, and cannot use it now." if state in OFF else ""
    return f"{name} holds {what}, in {count(len(answer.paths), 'way')}.{off}"


def _ways(answer: Why) -> list[str]:
    lines = [f"  {_way(each)}" for each in answer.paths]
    return [*lines, "Who gave it, and when, is not in the API."]


def _way(path: Path) -> str:
    group = f"in the group {path.group_name} [{path.group_id}] → " if path.group_id is not None else ""
    own = path.role_name or "(unnamed role)"
    mapped = f" → {path.mapped_to} on every project" if path.mapped_to else ""
    there = " on this project" if path.project_id else ""
    # The source of a group's binding says how the group got the role, not how its member did.
    how = "" if group else f", {way_words(path)}"
    return f"{group}{own}{mapped}{there}{how}"


def _ends(answer: Why, graph: AccessGraph, name: str) -> list[str]:
    found = endings(graph, answer)
    head = "To end it:"
    if len(found) > 1:
        head = f"To end it, do {'both' if len(found) == 2 else f'all {len(found)}'} of these:"
    return [head, *(f"  {_end(each, name, only=len(found) == 1)}" for each in found)]


def _end(ending: Ending, name: str, *, only: bool) -> str:
    path = ending.path
    # The only way takes what was asked about along, which needs no mention.
    others = ending.loses - 1 if only else ending.loses
    lost = count(others, "more permission" if only else "permission")
    loses = f" (loses {lost} that nothing else is known to give)" if others > 0 else ""
    if path.group_id is not None:
        concerned = count(ending.concerns or 0, "member")
        return f"remove {name} from {path.group_name}{loses}, or give that group another role (concerns {concerned})"
    if path.project_id is not None:
        return f"remove {path.role_name} on this project from {name}"
    if path.source != "manually":
        return f"end {path.role_name} where it comes from, {way_words(path)}{loses}"
    return f"remove {path.role_name} from {name}{loses}"


def _nearest(answer: Why) -> list[str]:
    held = list(dict.fromkeys(_way(each) for each in answer.bindings))
    if not answer.nearest:
        roles = "No role that is known would give it."
    else:
        names = [
            f"{each.role_name}{f' (as {each.mapped_to} on every project)' if each.mapped_to else ''}"
            for each in answer.nearest[:_MOST_NEAREST]
        ]
        roles = f"Roles that would: {', '.join(names)}."
    return [roles, f"Holds: {'; '.join(held)}." if held else "Holds no role that is known."]


def _remedy(reason: Reason, graph: AccessGraph) -> str:
    for name in _LISTS.get(reason, ()):
        fate = graph.fates[name]
        if fate.missing_permission:
            return f"read the list of {list_words(name)}, with a token that has {fate.missing_permission}"
        if fate.fate not in ("ok", "stale"):
            return f"read the list of {list_words(name)} again"
    return _REMEDIES.get(reason, "read the lists again")
