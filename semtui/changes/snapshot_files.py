"""Snapshots that the lists are compared with: which files are offered, how one is read, what is loaded to compare."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.system.regular_files import newest_files, read_regular

if TYPE_CHECKING:
    from semtui.audit.contract import Source
    from semtui.organization.store import OrganizationStore

_MOST_OFFERED = 5
_WHICH = "Snapshot"


def offered_snapshots(host: str) -> list[tuple[Path, float]]:
    """The newest files that are called as a snapshot of this host is, in the home directory and where semtui was
    started, with the epoch seconds of their last change."""
    places = dict.fromkeys(filter(None, (_directory(Path.home), _directory(Path.cwd))))
    return newest_files(places, f"{host}-", ".json", _MOST_OFFERED)


def _directory(find: Callable[[], Path]) -> Path | None:
    try:
        return find()
    except (OSError, RuntimeError):
        return None


def open_snapshot(path: Path) -> Source:
    """A snapshot to compare with. Raises ConfigurationError."""
    from semtui.audit.snapshots.reading import parse_snapshot
    from semtui.audit.sources import snapshot_source

    return snapshot_source(parse_snapshot(read_regular(path, _WHICH), _WHICH))


async def load_same_projects(store: OrganizationStore, snapshot: Source) -> None:
    """Load the projects, and the people of those that the snapshot has them of: others cannot be compared."""
    if store.session.snapshot:
        # Of a file that is shown there is nothing more to load.
        return
    if not store.projects.listing.is_known:
        await store.load_projects(lambda: None)
    known = {project.id for project in store.projects.listing.items}
    for project_id in snapshot.projects.members:
        if project_id in known and not store.projects.members_of(project_id).is_known:
            await store.load_project_members(project_id, lambda: None)


def in_order(shown: Source, snapshot: Source) -> tuple[Source, Source]:
    """The older one first; what is not a file is the newer one."""
    newer = not shown.live and shown.head.finished_at < snapshot.head.started_at
    return (shown, snapshot) if newer else (snapshot, shown)
