"""`semtui review`: writes the table and its manifest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from semtui.audit.access.fates import coverage, needed
from semtui.audit.access.graph import AccessGraph
from semtui.audit.comparison.diff import IncomparableError, check_comparable
from semtui.audit.findings.rules import find
from semtui.audit.findings.waivers import judge
from semtui.audit.reviews.manifest import PEOPLE_ACTIVE, Origin, WrittenTable, manifest_record
from semtui.audit.reviews.review import review
from semtui.audit.snapshots.canonical import canonical
from semtui.cli.headless import say, write_pair
from semtui.cli.question import INCOMPLETE
from semtui.cli.review_files import people_file, waivers_file
from semtui.cli.review_order import manifest_path, snapshot_of, source_of
from semtui.export.csv_table import BYTE_ORDER_MARK
from semtui.system.errors import ConfigurationError
from semtui.text.counting import count
from semtui.wording.coverage import lacking_words
from semtui.wording.review import Extras, review_page, review_table, sum_words, table_with_checksums
from semtui.wording.review_findings import assessments

if TYPE_CHECKING:
    from semtui.audit.contract import Source
    from semtui.audit.findings.findings import Report
    from semtui.audit.reviews.review import Review
    from semtui.cli.connection import Connection
    from semtui.cli.review_files import PeopleFile
    from semtui.cli.review_order import ReviewOrder

Previous = tuple["Source", str]
"""A snapshot, and the SHA-256 of its file."""


def write_review(order: ReviewOrder, connection: Connection | None) -> int:
    """Make a review and write it; returns the exit status. Raises ConfigurationError."""
    # Files first: an error in one should not cost reading the organization.
    previous = None if order.previous is None else snapshot_of(order.previous, "--previous")
    listed = None if order.people_file is None else people_file(order.people_file)
    waivers, waivers_hash = ((), None) if order.waivers is None else waivers_file(order.waivers)
    source, file_hash = source_of(order, connection)
    graph = AccessGraph(source.people, source.projects)
    before = None if previous is None else _comparable(previous[0], source)
    found = review(graph, source.head.finished_at, before, only_privileged=order.only_privileged)
    for sentence in lacking_words(needed(coverage(source.people, source.projects), source.head.edition)):
        say(sentence)
    if not found.rows:
        say("There is nobody to review, so nothing was written.")
        return INCOMPLETE
    told = judge(find(graph, source.head.finished_at), waivers, source.head.host, source.head.finished_at)
    people = None if listed is None else listed.people
    extras = Extras(people, assessments(told), not told.report.not_evaluated)
    origin = _origin(order, source, file_hash, previous, listed, told.report)
    if waivers_hash is not None:
        origin = replace(origin, waivers_sha256=waivers_hash)
    return _delivered(order, found, source, origin, extras)


def _comparable(previous: Source, source: Source) -> AccessGraph:
    try:
        check_comparable(previous, source)
    except IncomparableError as error:
        raise ConfigurationError(f"--previous: {error}") from None
    return AccessGraph(previous.people, previous.projects)


def _origin(
    order: ReviewOrder,
    source: Source,
    file_hash: str | None,
    previous: Previous | None,
    listed: PeopleFile | None,
    report: Report,
) -> Origin:
    return Origin(
        command=order.command,
        by=order.by,
        snapshot_sha256=file_hash,
        previous=previous and previous[0],
        previous_sha256=previous and previous[1],
        only="privileged" if order.only_privileged else None,
        rules=report.rules,
        not_evaluated=tuple(each.rule for each in report.not_evaluated),
        people_file=None if listed is None else listed.record(source.people),
        assumed=(PEOPLE_ACTIVE,) if order.assume_active else (),
    )


def _delivered(order: ReviewOrder, found: Review, source: Source, origin: Origin, extras: Extras) -> int:
    assert order.output is not None
    written = _table(order, found, source, extras)
    manifest = canonical(manifest_record(found, source, origin, written)) + "\n"
    if not write_pair((order.output, written.text), (manifest_path(order.output), manifest)):
        return INCOMPLETE
    for sentence in (*sum_words(found), *_table_words(found, written)):
        say(sentence)
    if found.complete and not (written.cut or written.without_status):
        return 0
    return 0 if order.allow_unknown else INCOMPLETE


def _table(order: ReviewOrder, found: Review, source: Source, extras: Extras) -> WrittenTable:
    assert order.output is not None
    name, rows = order.output.name, review_table(found, source, extras)
    if order.form == "md":
        return WrittenTable(name, "md", review_page(found, source, rows), (), {}, len(rows.rows))
    if order.form == "vanta":
        from semtui.wording.review_vanta import COLUMNS, vanta_table

        vanta, number, without, cut = vanta_table(found, extras.people, assume_active=order.assume_active)
        return WrittenTable(name, "vanta", vanta, COLUMNS, {}, number, cut, without)
    text, checksums, cut = table_with_checksums(rows)
    # Without the mark Excel misreads letters beyond ASCII.
    return WrittenTable(name, "csv", BYTE_ORDER_MARK + text, rows.columns, checksums, len(rows.rows), cut)


def _table_words(found: Review, written: WrittenTable) -> list[str]:
    words = []
    if written.rows < len(found.rows):
        words.append("The file has people and service accounts only.")
    if written.without_status:
        words.append(f"{count(written.without_status, 'row')} without a status, which Vanta requires.")
    if written.cut:
        words.append(f"{count(written.cut, 'cell')} cut because a spreadsheet takes no more.")
    if found.unknown:
        words.append(f"{count(found.unknown, 'row')} with something unknown; the manifest has the reasons.")
    if not found.all_there:
        words.append("Subjects or projects may be missing, because a list could not be read.")
    return words
