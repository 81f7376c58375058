"""The effective roles of exports, for random organizations: what was not read is never left out without a word."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

from hypothesis import given

from semtui.export.contents import KINDS_OF, export_text
from semtui.export.records import JSON_KEYS, NO_ROLE, NOT_KNOWN
from tests.support.organization_strategies import organizations
from tests.support.organizations import Organization
from tests.support.served import NOW

MARKS = (NOT_KNOWN, "(deactivated)", "(being removed)")


def in_truth(organization: Organization) -> dict[str, set[str]]:
    """The names of the roles everybody holds, by id: their own and those of their groups."""
    people = replace(organization, troubles={}).people(NOW)
    own = {each: {binding.role_name for binding in bindings} for each, bindings in people.bindings_of.items()}
    held = {row.id: set(own.get(row.id, set())) for row in people.subjects}
    for group in people.groups.items:
        for member_id in group.member_ids:
            held.setdefault(member_id, set()).update(own.get(group.id, set()))
    return held


def exported(organization: Organization) -> tuple[dict[str, str], dict[str, Any]]:
    people, projects = organization.people(NOW), organization.projects(NOW)
    table = export_text(people.subjects, people, "csv", "all", projects=projects).text
    lists = json.loads(export_text(people.subjects, people, "json", "all", projects=projects).text)
    rows = {row["id"]: row["effective"] for row in csv.DictReader(io.StringIO(table, newline=""))}
    records = {each["id"]: each["effective"] for kind in KINDS_OF["all"] for each in lists[JSON_KEYS[kind]]}
    return rows, records


@given(organizations())
def test_effective_roles_are_those_in_truth_or_said_to_be_more(organization: Organization) -> None:
    truth = in_truth(organization)
    rows, records = exported(organization)
    assert rows.keys() == records.keys()
    for its_id, effective in records.items():
        names = set(effective["roles"])
        assert names <= truth[its_id]
        assert names == truth[its_id] or not effective["complete"]


@given(organizations())
def test_a_table_and_json_tell_the_same_and_no_cell_is_empty(organization: Organization) -> None:
    rows, records = exported(organization)
    for its_id, cell in rows.items():
        parts = cell.split("; ")
        assert [each for each in parts if each not in (*MARKS, NO_ROLE)] == records[its_id]["roles"]
        assert (NOT_KNOWN in parts) != records[its_id]["complete"]
        assert (cell == NO_ROLE) == (records[its_id] == {"roles": [], "complete": True})
