"""The page on auditing names every field of a snapshot, every limit, and options that exist."""

from __future__ import annotations

import json
import re
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from semtui.api.permissions import SENSITIVE
from semtui.audit.findings.rules import RULES
from semtui.audit.findings.waivers import read_waivers
from semtui.audit.limits import ASSUMPTIONS, LIMITS
from semtui.audit.reviews.check import DECISIONS
from semtui.audit.reviews.verify import OUTCOMES
from semtui.audit.snapshots.snapshot import snapshot_text
from semtui.wording.coverage import ASSUMPTION_WORDS, LIMIT_WORDS
from semtui.wording.review import DECIDED, FROM_PEOPLE_FILE, WRITTEN
from tests.audit.test_diff import source
from tests.support.organizations import parse

GUIDE = (Path(__file__).parents[2] / ".github" / "AUDIT.md").read_text(encoding="utf-8")
WHOLE = "ee | P ana:Owner | A bot:Member | G ops:Member{ana} | R Cap={o.view} | Q api@ana{ana:Reader} | Z api"


def written() -> dict[str, Any]:
    made = source(parse(WHOLE))
    found: dict[str, Any] = json.loads(snapshot_text(made.people, made.projects, made.head))
    return found


def keys(value: Any) -> set[str]:
    """Every key of an object, and of those within it."""
    if isinstance(value, list):
        return set().union(*map(keys, value))
    if not isinstance(value, dict):
        return set()
    return set(value).union(*map(keys, value.values()))


def test_every_field_of_the_content_is_named() -> None:
    assert keys(written()["content"]) | {
        "content",
        "content_sha256",
        "head",
        "head_sha256",
        "semtui_snapshot",
        "seen",
    } <= set(re.findall(r"`(\w+)`", GUIDE))


def test_every_limit_is_told_there_and_in_words() -> None:
    assert re.findall(r"^\| ([LA]\d+) ", GUIDE, re.MULTILINE) == [*LIMITS, *ASSUMPTIONS]
    assert [*LIMIT_WORDS, *ASSUMPTION_WORDS] == [*LIMITS, *ASSUMPTIONS]


def test_every_sensitive_permission_is_named() -> None:
    assert all(f"`{name.removeprefix('organization.')}`" in GUIDE for name in SENSITIVE)


def test_the_hash_is_worked_out_as_the_page_says() -> None:
    content = written()["content"]
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    assert "ensure_ascii=False, indent=1, sort_keys=True" in GUIDE
    assert sha256(text.encode()).hexdigest() == written()["content_sha256"]


def test_the_hash_of_the_head_is_worked_out_as_the_page_says() -> None:
    sealed = {key: written()[key] for key in ("content_sha256", "head")}
    assert '{key: whole[key] for key in ("content_sha256", "head")}' in GUIDE
    text = json.dumps(sealed, ensure_ascii=False, indent=1, sort_keys=True)
    assert sha256(text.encode()).hexdigest() == written()["head_sha256"]


def test_every_rule_is_named_with_its_severities() -> None:
    section = GUIDE.partition("## Findings")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \|", section, re.MULTILINE))
    assert rows.keys() - {"host", "severity", "until"} == RULES.keys()
    for rule in RULES.values():
        assert set(re.findall(r"high|medium|low|info", rows[rule.id])) == set(rule.severities)


def test_the_waiver_shown_is_understood() -> None:
    (text,) = re.findall(r"^```toml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    assert [each.ticket for each in read_waivers(text, RULES, date(2026, 11, 26))] == ["SEC-412"]


def test_every_column_of_a_review_is_named() -> None:
    section = GUIDE.partition("## An access review")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(\w+)`", section))
    assert {*WRITTEN, *FROM_PEOPLE_FILE, *DECIDED, *DECISIONS} <= named
    assert {*OUTCOMES} <= set(re.findall(r"^\| `([\w ]+)` \|", section, re.MULTILINE))
