"""`semtui review --check` and `--verify`, for a review that reviewers have filled in."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from semtui.audit.reviews.check import FilledRow, check
from semtui.audit.reviews.reading import ManifestError, read_manifest
from semtui.cli.headless import deliver, say, write_pair
from semtui.cli.question import INCOMPLETE, THRESHOLD
from semtui.cli.review_order import manifest_path, source_of
from semtui.export.cell_checksums import changed
from semtui.export.csv_reading import TableError, read_table
from semtui.export.csv_table import BYTE_ORDER_MARK
from semtui.system.errors import ConfigurationError
from semtui.system.regular_files import read_regular
from semtui.text.counting import count
from semtui.wording.review import DECIDED, WRITTEN
from semtui.wording.review_filled import (
    checked_text,
    outcome_words,
    problem_lines,
    verified_table,
    verified_words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from semtui.audit.contract import Source
    from semtui.audit.reviews.check import Checked
    from semtui.audit.reviews.reading import Manifest
    from semtui.audit.reviews.verify import Verified
    from semtui.audit.snapshots.records import Record
    from semtui.cli.connection import Connection
    from semtui.cli.review_order import ReviewOrder

_MOST_LINES = 20


class _Filled:
    """A filled review and its manifest. Raises ConfigurationError if either cannot be read."""

    def __init__(self, path: Path, beside: Path | None, option: str) -> None:
        self.manifest = _manifest(path, beside, option)
        self.content = read_regular(path, option)
        try:
            found = read_table(self.content, {*WRITTEN, *DECIDED, *self.manifest.columns})
        except TableError as error:
            raise ConfigurationError(f"{option}: {error}") from None
        for note in found.notes:
            say(note)
        if missing := [column for column in self.manifest.columns if column not in found.columns]:
            raise ConfigurationError(f"{option}: The file has no column {', '.join(missing)}.")
        self.columns = found.columns
        self.rows = tuple(FilledRow(row.line, row.cells, row.too_many) for row in found.rows)

    def checked(self) -> Checked:
        fixed = [column for column in self.manifest.columns if column not in DECIDED]

        def differing(cells: Mapping[str, str], checksums: str) -> Sequence[str]:
            return changed(cells, fixed, checksums)

        return check(self.manifest, self.rows, time.time(), differing)


def _manifest(path: Path, given: Path | None, option: str) -> Manifest:
    beside = given or manifest_path(path)
    if given is None and not _exists(beside):
        raise ConfigurationError(
            f"{option}: There is no manifest beside it, NAME.manifest.json; give it with --manifest."
        )
    try:
        manifest = read_manifest(read_regular(beside, f"{option} (manifest)").decode())
    except UnicodeDecodeError:
        raise ConfigurationError(f"{option}: The manifest is not UTF-8.") from None
    except ManifestError as error:
        raise ConfigurationError(f"{option}: {error}") from None
    if manifest.form != "csv":
        raise ConfigurationError(f"{option}: Only a review in the format csv can be checked.")
    return manifest


def _exists(path: Path) -> bool:
    try:
        return path.expanduser().exists()
    except (OSError, RuntimeError, ValueError):
        return False


def check_review(order: ReviewOrder) -> int:
    """Check a filled review; returns the exit status."""
    assert order.filled is not None
    filled = _Filled(order.filled, order.manifest, "--check")
    found = filled.checked()
    if not deliver(checked_text(filled.manifest, found), order.output):
        return INCOMPLETE
    return THRESHOLD if found.open else 0


def verify_review(order: ReviewOrder, connection: Connection | None) -> int:
    """Read again and write which decisions were carried out; returns the exit status."""
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.reviews.verify import verify

    assert order.filled is not None
    filled = _Filled(order.filled, order.manifest, "--verify")
    found = filled.checked()
    if found.altered:
        lines = list(problem_lines(found.altered))
        for line in lines[:_MOST_LINES]:
            say(f"{line}.")
        if len(lines) > _MOST_LINES:
            say(f"There are {len(lines) - _MOST_LINES:,} more.")
        say("The table is not the one that was written, so nothing is verified.")
        return THRESHOLD
    source, file_hash = source_of(order, connection)
    _check_same(filled.manifest, source)
    graph = AccessGraph(source.people, source.projects)
    outcomes = list(verify(filled.manifest, found.matched, graph, source.head.finished_at))
    undecided = sum(row.decision is None for row in found.matched.values())
    if undecided:
        say(f"Not decided: {undecided:,} of {count(found.rows, 'row')}.")
    if not _written(order, filled, source, file_hash, outcomes):
        return INCOMPLETE
    say(outcome_words(outcomes))
    if any(each.outcome in ("not done", "partly") for each in outcomes):
        return THRESHOLD
    unknown = any(each.outcome == "unknown" for each in outcomes)
    return INCOMPLETE if unknown and not order.allow_unknown else 0


def _check_same(manifest: Manifest, source: Source) -> None:
    """Raises ConfigurationError for another organization or edition, and for lists older than the review."""
    from semtui.api.hosts import same_host
    from semtui.audit.snapshots.snapshot import organization_id

    its_id = organization_id(source.people, source.projects)
    differ = manifest.organization_id and its_id and manifest.organization_id != its_id
    if differ or not same_host(manifest.host, source.head.host):
        raise ConfigurationError("--verify: The review is of another organization.")
    if len({manifest.edition, source.head.edition} - {"unknown"}) > 1:
        raise ConfigurationError(
            "--verify: The review is of another edition of Semaphore, where roles mean something else."
        )
    if source.head.finished_at < manifest.taken_at:
        raise ConfigurationError("--verify: The snapshot is older than the review.")


def _written(
    order: ReviewOrder, filled: _Filled, source: Source, file_hash: str | None, outcomes: Sequence[Verified]
) -> bool:
    from hashlib import sha256

    from semtui.audit.snapshots.canonical import canonical

    assert order.output is not None
    words = {each.row_id: verified_words(each) for each in outcomes}
    text = BYTE_ORDER_MARK + verified_table(filled.columns, filled.rows, words)
    record = filled.manifest.record | {
        "table": filled.manifest.record["table"]
        | {"name": order.output.name, "sha256": sha256(text.encode()).hexdigest()},
        "verification": _verification(order, filled, source, file_hash, outcomes),
    }
    return write_pair((order.output, text), (manifest_path(order.output), canonical(record) + "\n"))


def _verification(
    order: ReviewOrder, filled: _Filled, source: Source, file_hash: str | None, outcomes: Sequence[Verified]
) -> Record:
    from hashlib import sha256

    from semtui.audit.reviews.manifest import reading_record
    from semtui.audit.reviews.verify import OUTCOMES

    return reading_record(source) | {
        "command": list(order.command),
        "snapshot_sha256": file_hash,
        "filled_sha256": sha256(filled.content).hexdigest(),
        "outcomes": {each: sum(one.outcome == each for one in outcomes) for each in OUTCOMES},
    }
