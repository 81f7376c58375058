"""Writes a snapshot of everything that has been read to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from semtui.system.private_files import write_private_pieces
from semtui.tui.answers.questions import Questions
from semtui.tui.screens.file_form import FileForm

if TYPE_CHECKING:
    from semtui.organization.store import OrganizationStore
    from semtui.wording.answered import Form


class SnapshotForm(FileForm):
    """Writes everything as the command `snapshot` would."""

    FORMS: ClassVar[tuple[Form, ...]] = ("json",)

    def __init__(self, store: OrganizationStore, stem: str) -> None:
        """`stem` is the suggested file name without its ending."""
        super().__init__("Snapshot of everything that has been read", stem)
        self._questions = Questions(store)

    def save(self, path: Path, form: Form) -> str:
        """Write the snapshot."""
        from semtui.audit.access.fates import coverage, needed
        from semtui.audit.snapshots.snapshot import content_sha256, snapshot_pieces
        from semtui.wording.coverage import lacking_words

        source = self._questions.source
        people, projects = source.people, source.projects
        written = write_private_pieces(path, snapshot_pieces(people, projects, source.head))
        lacking = lacking_words(needed(coverage(people, projects), source.head.edition))
        return " ".join(
            (f"Written to {written}; the content's SHA-256 is {content_sha256(people, projects)}.", *lacking)
        )
