"""Projects in words: rows, details, and what can be changed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from semtui.text.counting import count
from semtui.wording.role_bindings import role_pieces, role_tone
from semtui.wording.styled_text import Line, Piece, fact, padded
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.models import Member, Project
    from semtui.organization.listing import Listing
    from semtui.organization.people import People
    from semtui.organization.projects import Projects
    from semtui.wording.styled_text import Target

UNKNOWN_OTHERS = "Groups and service accounts may have access too: Semaphore shows people only, so it is unknown."
EDITION_UNKNOWN = (
    "Whether this is Community or Enterprise is not known, because the roles could not be listed; the two take this "
    "request differently, so changes are not offered."
)


def owner_words(project: Project, people: People) -> str:
    """The owner of a project: a name, or that no list has the owner."""
    owner = people.by_id.get(project.owner_id)
    return name_of(owner) if owner else "not listed" if project.owner_id else "–"


def people_words(listing: Listing[Member]) -> str:
    """How many people a project has: `12`, `…` while loading, `?` if not known."""
    if listing.is_known:
        return str(len(listing.items))
    return "…" if listing.loading else "?"


def cells(project: Project, projects: Projects, people: People) -> dict[str, list[Piece]]:
    """What each column shows for a project."""
    listing = projects.members_of(project.id)
    by_role = Counter(binding.role_name for member in listing.items for binding in member.roles)
    roles: list[Piece] = []
    for name, number in sorted(by_role.items()):
        roles += [(", ", "muted")] if roles else []
        roles += [(f"{number} ", "plain"), (name, role_tone(name))]
    return {
        "name": [(project.name, "plain")],
        "people": [(f"{people_words(listing):>4}", "plain")],
        "roles": roles or [(_why_unknown(listing), "muted")],
        "owner": [(owner_words(project, people), "muted")],
        "description": [(project.description, "muted")],
    }


def _why_unknown(listing: Listing[Member]) -> str:
    if listing.error is not None:
        return "not shown to this API token"
    return "being read…" if listing.loading else "nobody" if listing.is_known else "not read yet"


def details(project: Project, projects: Projects, people: People, *, cut: bool = True) -> list[Line]:
    """Everything known about a project; `cut` shortens names to a column."""
    listing = projects.members_of(project.id)
    lines = [
        Line([(project.name, "strong")]),
        Line(),
        fact("id", (project.id, "plain")),
        fact("description", (project.description or "none", "plain")),
        fact("owner", (owner_words(project, people), "plain"), leads=_leads(project.owner_id, people)),
        Line(),
        Line([("People", "strong")]),
    ]
    if listing.error is not None:
        lines.append(Line([(str(listing.error), "warn")]))
    for member in listing.items:
        name = padded(member.name, 24) if cut else f"{member.name}  "
        lines.append(Line([(name, "plain"), *role_pieces(member.roles)], 25, _leads(member.id, people)))
    if listing.is_known and not listing.items:
        lines.append(Line([("nobody", "muted")]))
    return [*lines, Line(), Line([(UNKNOWN_OTHERS, "warn")])]


def _leads(subject_id: str, people: People) -> Target | None:
    return ("subject", subject_id) if subject_id in people.by_id else None


def load_words(projects: Projects) -> str:
    """The result of loading the projects, as a sentence."""
    number = len(projects.listing.items)
    unread = sum(not projects.members_of(project.id).is_known for project in projects.listing.items)
    rest = f"; the people of {unread} could not be read or were not yet" if unread else ""
    return f"Loaded {count(number, 'project')}{rest}."
