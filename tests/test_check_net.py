"""The rules that `check_net.py` cuts out are still written as it knows them."""

from __future__ import annotations

import pytest

from tests.support.custody_rules import Rule
from tests.support.mutations import ROOT, RULES


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.words)
def test_a_rule_stands_where_it_is_cut_out(rule: Rule) -> None:
    assert (ROOT / rule.file).read_text(encoding="utf-8").count(rule.there) == 1
    assert rule.cut != rule.there
    assert all((ROOT / name).is_file() for name in rule.tests.split())
