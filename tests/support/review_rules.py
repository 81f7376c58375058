"""Rules of access reviews, of effective roles and of snapshots: what was not read is no answer, what came back changed
is noticed."""

from __future__ import annotations

from tests.support.rule import Rule

REVIEWS = (
    Rule(
        "an effective role that may be missing is told",
        "semtui.export.records:Records._effective_cell",
        "[*effective.names, *(() if effective.complete else (NOT_KNOWN,))]",
        "[*effective.names]",
        "tests/export/test_export_rows.py",
    ),
    Rule(
        "groups that were not read leave effective roles open",
        "semtui.audit.access.graph:AccessGraph.effective_roles",
        "missing = missing or perhaps is None or not names.issuperset(perhaps)",
        "pass",
        "tests/export/test_export_rows.py",
    ),
    Rule(
        "who may be privileged is reviewed with the privileged",
        "semtui.audit.reviews.review:_Reviewing._privileged",
        '"unknown" if level.possible != "none" else "no"',
        '"no"',
        "tests/audit/test_review.py",
    ),
    Rule(
        "a role that was not read is not lost",
        "semtui.audit.reviews.access:difference",
        "[old[key] for key in old if key not in new] if after.roles_known else []",
        "[old[key] for key in old if key not in new]",
        "tests/audit/test_review.py",
    ),
    Rule(
        "whoever a list lacks that is not whole is not removed",
        "semtui.audit.reviews.verify:_verified",
        "whole = _all_read(graph, expected.access.kind)",
        "whole = True",
        "tests/audit/test_review.py",
    ),
    Rule(
        "an older list does not verify",
        "semtui.audit.reviews.verify:_verified",
        "if graph.stale: ...",
        "if False: ...",
        "tests/audit/test_review.py",
    ),
    Rule(
        "a date that moved is no proof of a change",
        "semtui.audit.reviews.verify:_changed",
        "if moved and found.renamed_from is None: ...",
        "if False: ...",
        "tests/audit/test_review.py",
    ),
    Rule(
        "a row that is lost is told",
        "semtui.audit.reviews.check:check",
        'problems += [Problem("lost", each.subject_id, each.access.name) for each in lost]',
        "pass",
        "tests/cli/test_review_check.py",
    ),
    Rule(
        "a cell that was changed is told",
        "semtui.audit.reviews.check:check",
        'problems += [Problem("changed", its_id, name, row.line, column) for column in columns]',
        "pass",
        "tests/cli/test_review_check.py",
    ),
    Rule(
        "a changed review is not verified",
        "semtui.cli.review_filled:verify_review",
        "if found.altered: ...",
        "if False: ...",
        "tests/cli/test_review_verify.py",
    ),
    Rule(
        "of two files both are written or neither",
        "semtui.cli.headless:write_pair",
        "remove(path)",
        "pass",
        "tests/cli/test_review_command.py",
    ),
    Rule(
        "a column somebody added is harmless",
        "semtui.wording.review_filled:verified_table",
        "escape_formula(clean(column))",
        "column",
        "tests/cli/test_review_verify.py",
    ),
    Rule(
        "a snapshot whose head was changed is refused",
        "semtui.audit.snapshots.reading:read_snapshot",
        'if of_head != checked["head_sha256"]: ...',
        "if False: ...",
        "tests/audit/test_snapshot.py",
    ),
    Rule(
        "a head belongs to one content",
        "semtui.audit.snapshots.snapshot:head_sha256",
        '{"content_sha256": of_content, "head": record}',
        '{"head": record}',
        "tests/audit/test_snapshot.py",
    ),
)
