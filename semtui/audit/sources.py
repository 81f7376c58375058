"""The lists a front end shows, as the source of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui import __version__
from semtui.audit.access.edition import edition_of
from semtui.audit.contract import Source
from semtui.audit.snapshots.snapshot import Head
from semtui.organization.listing import LIST_NAMES

if TYPE_CHECKING:
    from semtui.organization.people import People
    from semtui.organization.projects import Projects


def source_of(people: People, projects: Projects, host: str, now: float, taken_at: int | None = None) -> Source:
    """The lists of `host` as they are `now` (epoch seconds), or of the snapshot that was taken at `taken_at`."""
    edition, told_by = edition_of(people)
    times = [people.listing(name).loaded_at for name in LIST_NAMES]
    times += [projects.listing.loaded_at, *(each.loaded_at for each in projects.members.values())]
    known = [int(each) for each in times if each is not None] or [int(now)]
    started, finished = (min(known), max(known)) if taken_at is None else (taken_at, taken_at)
    head = Head(host, started, finished, edition, told_by, f"semtui {__version__}")
    return Source(people, projects, head, live=taken_at is None)
