"""`semtui --from FILE`: shows a snapshot on the screen or in line mode, without sending a request."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.cli.question import read_snapshot_file, refuse_connection
from semtui.settings.contexts import Chosen, Context
from semtui.wording.coverage import lacking_words
from semtui.wording.dates import clock_words, day_words

if TYPE_CHECKING:
    from semtui.audit.snapshots.reading import Snapshot
    from semtui.organization.store import OrganizationStore
    from semtui.session.session import Session


@dataclass(frozen=True)
class OpenedSnapshot:
    """A snapshot that was read and passed its checks."""

    snapshot: Snapshot

    @property
    def words(self) -> str:
        """`snapshot of 2026-11-26 09:00 UTC`."""
        at = self.snapshot.head.finished_at
        return f"snapshot of {day_words(at)} {clock_words(at)}"

    @property
    def chosen(self) -> Chosen:
        """The snapshot's organization, without a token, and warnings about what the snapshot lacks."""
        from semtui.audit.access.fates import coverage, needed

        snapshot = self.snapshot
        fates = needed(coverage(snapshot.people, snapshot.projects), snapshot.head.edition)
        host = snapshot.head.host
        return Chosen(Context(host, host, f"https://{host}", ""), tuple(lacking_words(fates)))

    def store(self, session: Session) -> OrganizationStore:
        """A store that holds the snapshot's lists."""
        from semtui.organization.snapshot_store import SnapshotStore

        kept = self.snapshot
        return SnapshotStore(session, kept.people, kept.projects, kept.head.finished_at, kept.content_sha256)


def opened(arguments: argparse.Namespace) -> OpenedSnapshot:
    """Open the snapshot of --from. Raises ConfigurationError."""
    refuse_connection(arguments, "--from shows a file")
    return OpenedSnapshot(read_snapshot_file(arguments.file, "--from"))
