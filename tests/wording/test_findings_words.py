"""Findings in words: every rule has them, and none says what nobody has verified."""

from __future__ import annotations

import re

import pytest

from semtui.audit.access.graph import AccessGraph
from semtui.audit.findings.rules import RULES, find
from semtui.wording.findings import evidence_words, fix_words, not_evaluated_words
from semtui.wording.rules import RULE_WORDS
from tests.audit.test_findings import CASES
from tests.support.organizations import parse
from tests.support.served import NOW

CLAIMS = re.compile(r"\b(secure|compliant|safe|unused|active person|never used)\b", re.IGNORECASE)


def test_every_rule_has_words() -> None:
    assert RULE_WORDS.keys() == RULES.keys()
    for words in RULE_WORDS.values():
        for sentence in filter(None, (words.condition, words.fix, words.misleads, words.not_told)):
            assert re.fullmatch(r"[A-Z].*\.", sentence)
            assert not CLAIMS.search(sentence)


@pytest.mark.parametrize("rule", CASES)
def test_evidence_and_fix_are_sentences(rule: str) -> None:
    told: set[str] = set()
    for text, _ in CASES[rule]:
        organization = parse(text)
        report = find(AccessGraph(organization.people(NOW), organization.projects(NOW)), NOW, (rule,))
        for finding in report.findings:
            told |= {evidence_words(finding), fix_words(finding)}
        for words in map(not_evaluated_words, report.not_evaluated):
            assert re.fullmatch(r"[a-z-]+: not evaluated, because the lists? of .+ incomplete or out of date", words)
    assert told
    for sentence in told:
        assert not sentence[0].islower()
        assert sentence.endswith(".")
        assert ".." not in sentence
        assert not CLAIMS.search(sentence)
