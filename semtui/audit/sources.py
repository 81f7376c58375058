"""What answers are based on: the lists a front end shows, or a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui import __version__
from semtui.audit.access.edition import edition_of
from semtui.audit.contract import Source
from semtui.audit.snapshots.snapshot import Head
from semtui.organization.listing import LIST_NAMES

if TYPE_CHECKING:
    from semtui.audit.snapshots.reading import Snapshot
    from semtui.organization.store import OrganizationStore


def source_of(store: OrganizationStore) -> Source:
    """The lists of an organization as they are, or of a snapshot that is shown."""
    people, projects, taken_at = store.people, store.projects, store.taken_at
    edition, told_by = edition_of(people)
    times = [people.listing(name).loaded_at for name in LIST_NAMES]
    times += [projects.listing.loaded_at, *(each.loaded_at for each in projects.members.values())]
    known = [int(each) for each in times if each is not None] or [int(store.session.clock())]
    started, finished = (min(known), max(known)) if taken_at is None else (taken_at, taken_at)
    head = Head(store.session.context.host, started, finished, edition, told_by, f"semtui {__version__}")
    return Source(people, projects, head, taken_at is None, store.content_sha256)


def snapshot_source(snapshot: Snapshot) -> Source:
    """A snapshot as the source of answers."""
    return Source(snapshot.people, snapshot.projects, snapshot.head, False, snapshot.content_sha256)
