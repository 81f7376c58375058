"""What `semtui review` was asked for, and where it reads and writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from semtui.cli.question import first_projects, live_source
from semtui.system.regular_files import read_regular

if TYPE_CHECKING:
    from semtui.audit.contract import Source
    from semtui.cli.connection import Connection

Mode = Literal["write", "check", "verify"]
ReviewForm = Literal["csv", "md", "vanta"]
FORMS: tuple[ReviewForm, ...] = ("csv", "md", "vanta")
_ENDINGS = (".csv", ".md")


@dataclass(frozen=True)
class ReviewOrder:
    """What to review and where to write it, or which filled review to check or verify."""

    mode: Mode
    command: tuple[str, ...]
    """The command line for the manifest, without the options that choose an organization."""
    file: Path | None = None
    """The snapshot to read; None reads the organization."""
    filled: Path | None = None
    """The filled table."""
    manifest: Path | None = None
    """Its manifest; None for the one beside it."""
    form: ReviewForm = "csv"
    output: Path | None = None
    previous: Path | None = None
    people_file: Path | None = None
    waivers: Path | None = None
    only_privileged: bool = False
    assume_active: bool = False
    by: str | None = None
    projects: int | None = None
    allow_unknown: bool = False

    @property
    def offline(self) -> bool:
        """True if no organization is asked."""
        return self.mode == "check" or self.file is not None


def manifest_path(table: Path) -> Path:
    """`q4.manifest.json` beside `q4.csv`."""
    name = table.stem if table.suffix.lower() in _ENDINGS else table.name
    return table.with_name(f"{name}.manifest.json")


def source_of(order: ReviewOrder, connection: Connection | None) -> tuple[Source, str | None]:
    """The organization or snapshot, and the SHA-256 of the snapshot file. Raises ConfigurationError."""
    if order.file is not None:
        return snapshot_of(order.file, "--from")
    assert connection is not None
    return live_source(connection, first_projects(order.projects), order.by), None


def snapshot_of(path: Path, which: str) -> tuple[Source, str]:
    """A snapshot, and the SHA-256 of its file; `which` names it in an error. Raises ConfigurationError."""
    from hashlib import sha256

    from semtui.audit.snapshots.reading import parse_snapshot
    from semtui.audit.sources import snapshot_source

    content = read_regular(path, which)
    return snapshot_source(parse_snapshot(content, which)), sha256(content).hexdigest()
