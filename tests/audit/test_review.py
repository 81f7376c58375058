"""Access reviews of random organizations: what was not read is never taken for an answer."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semtui.audit.access.graph import AccessGraph
from semtui.audit.findings.rules import RULES
from semtui.audit.limits import LIMITS
from semtui.audit.reviews.access import difference
from semtui.audit.reviews.check import FilledRow, check, moment
from semtui.audit.reviews.manifest import Origin, WrittenTable, manifest_record, review_id, row_id
from semtui.audit.reviews.reading import Manifest, read_manifest
from semtui.audit.reviews.review import Review, review
from semtui.audit.reviews.verify import Verified, verify
from semtui.audit.snapshots.canonical import canonical
from semtui.export.cell_checksums import LENGTH, changed, checksums, normalized
from semtui.export.csv_reading import read_table
from semtui.export.csv_table import table
from semtui.wording.review import DECIDED, WRITTEN, Extras, review_table, table_with_checksums
from semtui.wording.review_filled import verified_words
from semtui.wording.review_findings import CHANGE, REMOVE
from tests.audit.test_diff import source
from tests.support.contract import checked_manifest
from tests.support.exported_texts import computes
from tests.support.organization_strategies import organizations
from tests.support.organizations import Organization, parse
from tests.support.served import NOW

DAY = 86_400


def graph_of(organization: Organization) -> AccessGraph:
    return AccessGraph(organization.people(NOW), organization.projects(NOW))


def reviewed(organization: Organization) -> Review:
    return review(graph_of(organization), NOW)


def manifest_of(organization: Organization) -> Manifest:
    made = source(organization)
    found = reviewed(organization)
    text, row_checksums, cut = table_with_checksums(review_table(found, made, Extras()))
    written = WrittenTable("q4.csv", "csv", text, (*WRITTEN, *DECIDED), row_checksums, len(found.rows), cut)
    record = canonical(manifest_record(found, made, Origin(("semtui", "review")), written))
    checked_manifest(record)
    return read_manifest(record)


def decided(manifest: Manifest, decision: str) -> dict[str, FilledRow]:
    return {each: FilledRow(2, {"row_id": each, "decision": decision}) for each in manifest.rows}


# Truth


@given(organizations())
def test_everybody_has_one_row_and_the_numbers_agree(organization: Organization) -> None:
    graph = graph_of(organization)
    found = review(graph, NOW)
    ids = [row.subject.id for row in found.rows]
    assert sorted(ids) == sorted(graph.index.place_of)
    assert sum(found.everybody.values()) == sum(sum(each.values()) for each in found.levels.values()) == len(ids)
    made = source(organization)
    assert len({row_id(review_id(made), row) for row in found.rows}) == len(ids)


@given(organizations())
def test_lists_that_failed_never_change_a_yes_or_a_no(organization: Organization) -> None:
    truth = {row.subject.id: row for row in reviewed(replace(organization, troubles={})).rows}
    for row in reviewed(organization).rows:
        whole = truth.get(row.subject.id)
        if whole is None or "unknown" in (row.privileged, whole.privileged):
            continue
        assert row.privileged == whole.privileged
        assert set(row.access.sensitive) <= set(whole.access.sensitive)
        if row.access.roles_known and whole.access.roles_known:
            assert {path.role_name for path in row.access.held} == {path.role_name for path in whole.access.held}


@given(organizations())
def test_what_is_left_out_of_the_privileged_is_not(organization: Organization) -> None:
    everybody = reviewed(organization)
    found = review(graph_of(organization), NOW, only_privileged=True)
    assert found.everybody == everybody.everybody
    kept = {row.subject.id for row in found.rows}
    assert kept == {row.subject.id for row in everybody.rows if row.privileged != "no"}


@given(organizations(), organizations())
def test_a_difference_that_is_told_is_one_in_truth(before: Organization, after: Organization) -> None:
    old, new = reviewed(replace(before, troubles={})), reviewed(replace(after, troubles={}))
    was = {row.subject.id: row.access for row in old.rows}
    now = {row.subject.id: row.access for row in new.rows}
    seen_before = {row.subject.id: row.access for row in reviewed(before).rows}
    for row in reviewed(after).rows:
        its_id = row.subject.id
        if not (its_id in seen_before and its_id in was and its_id in now):
            continue
        seen, true = difference(seen_before[its_id], row.access), difference(was[its_id], now[its_id])
        if seen_before[its_id].kind != was[its_id].kind or row.access.kind != now[its_id].kind:
            continue
        assert {(each.role_name, each.group_id) for each in seen.gained} <= {
            (each.role_name, each.group_id) for each in true.gained
        }
        assert {(each.role_name, each.group_id) for each in seen.lost} <= {
            (each.role_name, each.group_id) for each in true.lost
        }
        assert {each.id for each in seen.joined} <= {each.id for each in true.joined}
        assert {each.id for each in seen.left} <= {each.id for each in true.left}
        assert set(seen.sensitive_gained) <= set(true.sensitive_gained)
        assert set(seen.sensitive_lost) <= set(true.sensitive_lost)


def test_roles_that_were_read_only_once_are_neither_gained_nor_lost() -> None:
    whole = "ee | P ana:Owner dan:Member | G ops:Admin{dan}"
    (was,) = [row.access for row in reviewed(parse(whole)).rows if row.access.name == "dan"]
    for fates in ("group_members=failed", "groups=failed"):
        (now,) = [row.access for row in reviewed(parse(f"{whole} | X {fates}")).rows if row.access.name == "dan"]
        assert not now.roles_known, fates
        assert difference(was, now).lost == (), fates
        assert difference(now, was).gained == (), fates


@given(organizations(), organizations())
def test_a_removal_is_done_only_if_nobody_of_that_id_is_there(before: Organization, after: Organization) -> None:
    manifest = manifest_of(replace(before, troubles={}))
    truth = graph_of(replace(after, troubles={}))
    for each in verify(manifest, decided(manifest, "remove"), graph_of(after), NOW + DAY):
        there = truth.knows(manifest.rows[each.row_id].subject_id)
        assert each.outcome != "done" or not there
        assert each.outcome not in ("partly", "not done") or there
        assert verified_words(each).startswith(f"{each.outcome}: ")


@given(organizations(), organizations())
def test_a_change_is_never_done_where_everything_is_as_it_was(before: Organization, after: Organization) -> None:
    manifest = manifest_of(replace(before, troubles={}))
    same = verify(manifest, decided(manifest, "change"), graph_of(replace(before, troubles={})), NOW + DAY)
    assert {each.outcome for each in same} <= {"not done", "unknown"}
    truth = {row.subject.id: row.access for row in reviewed(replace(after, troubles={})).rows}
    for each in verify(manifest, decided(manifest, "change"), graph_of(after), NOW + DAY):
        expected = manifest.rows[each.row_id]
        if each.outcome == "not done":
            assert difference(expected.access, truth[expected.subject_id]).nothing
        if each.outcome == "done" and expected.subject_id in truth:
            assert not difference(expected.access, truth[expected.subject_id]).nothing


def outcomes(before: str, after: str, decision: str, **cells: str) -> dict[str, Verified]:
    manifest = manifest_of(parse(before))
    rows = {each: replace(row, cells={**row.cells, **cells}) for each, row in decided(manifest, decision).items()}
    found = verify(manifest, rows, graph_of(parse(after)), NOW + DAY)
    return {manifest.rows[each.row_id].access.name: each for each in found}


def test_a_level_that_is_kept_through_a_group_is_only_partly_changed() -> None:
    before = "ee | P ana:Owner dan:Admin | G ops:Admin{dan}"
    after = "ee | P ana:Owner dan:Member | G ops:Admin{dan}"
    found = outcomes(before, after, "change")
    assert found["dan"].outcome == "partly"
    assert verified_words(found["dan"]) == (
        "partly: gained Member (manually); lost Admin (manually); still Member (manually); still Admin (manually, "
        "through ops)"
    )
    assert found["ana"].outcome == "not done"


def test_who_is_removed_and_still_in_a_group_is_partly_removed() -> None:
    found = outcomes(
        "ee | P ana:Owner dan:Admin | G ops:Member{dan}", "ee | P ana:Owner | G ops:Member{!dan}", "remove"
    )
    assert found["dan"].outcome == "partly"
    assert "still Member (manually, through ops)" in verified_words(found["dan"])


def test_a_date_that_moved_alone_is_no_proof() -> None:
    found = outcomes(
        "ee | P ana:Owner | A bot:Member<ana -90d -90d", "ee | P ana:Owner | A bot:Member<ana -90d -1d", "change"
    )
    assert found["bot"].outcome == "unknown"
    assert "it has a new token, or was deactivated and reactivated" in verified_words(found["bot"])


def test_what_was_read_before_it_was_carried_out_shows_nothing() -> None:
    text = "ee | P ana:Owner dan:Member"
    found = outcomes(text, text, "remove", carried_out_at_utc="9000-01-01")
    assert {each.outcome for each in found.values()} == {"unknown"}


def test_an_older_list_shows_nothing_of_what_was_done_since() -> None:
    text = "ee | P ana:Owner dan:Member"
    for decision in ("change", "remove"):
        found = outcomes(text, f"{text} | X users=stale", decision)
        assert {verified_words(each) for each in found.values()} == {"unknown: a list that is needed could not be read"}


# Dates


@pytest.mark.parametrize(
    ("written", "start"),
    [
        ("2026-11-27T10:20:30Z", 1_795_774_830),
        ("2026-11-27 10:20:30", 1_795_774_830),
        ("2026/11/27 10:20:30 UTC", 1_795_774_830),
        ("27.11.2026 10:20:30", 1_795_774_830),
        ("27/11/2026 10:20:30", 1_795_774_830),
        ("11/27/2026 10:20:30", 1_795_774_830),
        ("2026-11-27T10:20:30.5+00:00", 1_795_774_830),
    ],
)
def test_a_time_is_understood_as_spreadsheets_write_it(written: str, start: int) -> None:
    assert moment(written) == (start, start)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("3/4/2026", "either"),
        ("", None),
        ("soon", None),
        ("2026-13-01", None),
        ("46353", None),
        ("2026-11-27 25:00", None),
    ],
)
def test_what_is_no_certain_date_is_told(written: str, found: str | None) -> None:
    assert moment(written) == found


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = moment(text)
    assert found is None or found == "either" or found[0] <= found[1]


# Tables


# Python leaves a carriage return without quotes where lines end in a line feed; spreadsheets do not.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12)


@given(
    st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=5),
    st.sampled_from(",;\t|"),
    st.sampled_from(("\n", "\r\n")),
    st.sampled_from((csv.QUOTE_ALL, csv.QUOTE_MINIMAL)),
    st.sampled_from(("utf-8", "utf-8-sig", "utf-16")),
)
def test_a_table_is_read_back_whatever_wrote_it(
    rows: list[list[str]], separator: str, end: str, quoting: int, encoding: str
) -> None:
    columns = ("row_id", "decision", "ticket")
    written = io.StringIO()
    writer = csv.writer(written, delimiter=separator, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([columns, *rows])
    found = read_table(written.getvalue().encode(encoding), columns)
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    assert found.columns == columns
    assert [list(row.cells.values()) for row in found.rows] == kept
    assert not any(row.too_many for row in found.rows)


@given(st.dictionaries(st.sampled_from("abc"), st.text(max_size=12), min_size=3, max_size=3))
def test_a_cell_made_harmless_is_the_same_cell(row: dict[str, str]) -> None:
    columns = sorted(row)
    text = table(columns, [dict(row)]).text
    (read,) = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    assert not [cell for cell in read.values() if computes(cell)]
    wanted = checksums(read, columns)
    assert len(wanted) == LENGTH * len(columns)
    # A spreadsheet removes the apostrophes, or doubles them.
    for other in (
        {column: cell.replace("'", "") for column, cell in read.items()},
        {column: f"'{cell} " for column, cell in read.items()},
    ):
        assert changed(other, columns, wanted) == []
    assert changed({**read, "a": f"{read['a']}x"}, columns, wanted) == ["a"]


def test_a_time_is_the_same_however_it_is_written() -> None:
    same = ("2026-11-27T10:20:30Z", "2026-11-27 10:20:30", "2026-11-27 10:20", "'2026-11-27T10:20:30Z")
    assert len({normalized(each) for each in same}) == 1
    assert normalized("2026-11-27T10:21:30Z") != normalized(same[0])


def test_an_unchanged_table_has_nothing_but_undecided_rows() -> None:
    organization = parse("ee | P ana:Owner dan:Member | A bot:Admin | G ops:Member{dan}")
    manifest = manifest_of(organization)
    text, _, _ = table_with_checksums(review_table(reviewed(organization), source(organization), Extras()))
    rows = [FilledRow(row.line, row.cells) for row in read_table(text.encode(), WRITTEN).rows]
    found = check(manifest, rows, NOW + DAY, lambda cells, wanted: changed(cells, WRITTEN, wanted))
    assert {each.kind for each in found.problems} == {"undecided"}
    assert len(found.problems) == found.rows == 4


def test_suggestions_come_from_rules_there_are() -> None:
    assert {*REMOVE, *CHANGE} <= RULES.keys()
    assert len(LIMITS) == len(set(LIMITS))
