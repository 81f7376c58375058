"""Verifies from lists read later whether the decisions of a review have been carried out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from semtui.audit.reviews.access import Access, Difference, difference
from semtui.audit.reviews.check import moment
from semtui.audit.reviews.review import access_of

if TYPE_CHECKING:
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.reviews.check import FilledRow
    from semtui.audit.reviews.reading import Expected, Manifest

Outcome = Literal["done", "not done", "partly", "unknown"]
OUTCOMES: tuple[Outcome, ...] = ("done", "partly", "not done", "unknown")
Because = Literal[
    "gone",
    "differs",
    "as it was",
    "still there",
    "still privileged",
    "touched",
    "not read",
    "read too early",
]
"""`touched`: only the account's `updated_at` has changed. `not read`: a list that is needed is incomplete or out of
date. `read too early`: the lists were read before the decision was carried out."""


@dataclass(frozen=True)
class Verified:
    """The outcome of one decision."""

    row_id: str
    outcome: Outcome
    because: Because
    difference: Difference | None = None
    left: Access | None = None
    """The access now."""


def verify(manifest: Manifest, rows: Mapping[str, FilledRow], graph: AccessGraph, read_at: float) -> Iterator[Verified]:
    """The outcome of each change and removal, from lists read at `read_at` (epoch seconds)."""
    for row_id, expected in manifest.rows.items():
        row = rows.get(row_id)
        if row is not None and row.decision in ("change", "remove"):
            yield _verified(row, expected, graph, read_at)


def _verified(row: FilledRow, expected: Expected, graph: AccessGraph, read_at: float) -> Verified:
    done_at = moment(row.cell("carried_out_at_utc")) if row.cell("carried_out_at_utc") else None
    if isinstance(done_at, tuple) and done_at[0] > read_at:
        return Verified(expected.row_id, "unknown", "read too early")
    if graph.stale:
        return Verified(expected.row_id, "unknown", "not read")
    if not graph.knows(expected.subject_id):
        whole = _all_read(graph, expected.access.kind)
        return Verified(expected.row_id, "done" if whole else "unknown", "gone" if whole else "not read")
    after = access_of(graph, expected.subject_id)
    found = difference(expected.access, after)
    if row.decision == "remove":
        return _removed(expected, found, after)
    return _changed(expected, found, after, _updated_at(graph, expected.subject_id))


def _all_read(graph: AccessGraph, kind: str) -> bool:
    """True if all lists were read that could have a subject of this kind."""
    groups = not graph.has_groups or graph.whole("groups")
    if kind == "group":
        return groups and graph.whole("group_members")
    everybody = graph.whole("users") and graph.whole("accounts") and graph.whole("account_members")
    return everybody and groups


def _updated_at(graph: AccessGraph, subject_id: str) -> int | None:
    row = graph.people.by_id.get(subject_id)
    return row.account.updated_at if row is not None and row.account is not None else None


def _removed(expected: Expected, found: Difference, after: Access) -> Verified:
    if after.kind == "unlisted" and expected.access.kind != "unlisted":
        sure: Outcome = "partly" if after.groups or after.held else "unknown"
        return Verified(expected.row_id, sure, "still there", found, after)
    if found.nothing and found.whole:
        return Verified(expected.row_id, "not done", "as it was", left=after)
    # A listed subject is not removed, even if other lists are incomplete.
    return Verified(expected.row_id, "not done" if found.nothing else "partly", "still there", found, after)


def _changed(expected: Expected, found: Difference, after: Access, updated_at: int | None) -> Verified:
    if found.nothing and not found.whole:
        return Verified(expected.row_id, "unknown", "not read", found, after)
    if found.nothing:
        moved = None not in (updated_at, expected.updated_at) and updated_at != expected.updated_at
        if moved and found.renamed_from is None:
            return Verified(expected.row_id, "unknown", "touched", found, after)
        return Verified(expected.row_id, "not done", "as it was", left=after)
    before = expected.access.level
    if before.certain != "none" and after.level.certain == before.certain:
        return Verified(expected.row_id, "partly", "still privileged", found, after)
    if not found.whole:
        return Verified(expected.row_id, "unknown", "not read", found, after)
    return Verified(expected.row_id, "done", "differs", found, after)
