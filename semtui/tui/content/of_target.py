"""The content of the page that a thing is a row of, whichever page is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from semtui.organization.store import OrganizationStore
    from semtui.tui.content.page import PageContent
    from semtui.wording.styled_text import Target


def copies_of(store: OrganizationStore, target: Target) -> list[tuple[str, str]]:
    """What of a thing can be copied, as on the page it is a row of; empty if it is no longer listed."""
    content = _content(store, target)
    row = content.row_of(target)
    return [] if row is None else content.copies(row)


def _content(store: OrganizationStore, target: Target) -> PageContent[Any]:
    if target[0] == "role":
        from semtui.tui.content.roles import RolesContent

        return RolesContent(store)
    if target[0] == "project":
        from semtui.tui.content.projects import ProjectsContent

        return ProjectsContent(store)
    from semtui.tui.content.people import PeopleContent

    return PeopleContent(store)
