"""The rules that the mutations remove from semtui still stand where they are looked for."""

from __future__ import annotations

import ast

import pytest

from tests.support.mutations import RULES
from tests.support.rule import ROOT, LostPlaceError, Rule

SOURCE = """
LIMITS = (1,  2)

class Door:
    def enter(self, who):
        # Nobody else.
        if who.is_known and \\
                who.may_enter:
            self.let_in(who, twice=False, log='yes')
        return None

    def leave(self, who):
        def say(): return self.let_in(who, 1)
        return None
"""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.words)
def test_a_rule_stands_where_it_is_cut_out(rule: Rule) -> None:
    source = (ROOT / rule.file).read_text(encoding="utf-8")
    without = rule.without(source)
    assert ast.dump(ast.parse(without)) != ast.dump(ast.parse(source))
    assert all((ROOT / name).is_file() for name in rule.tests.split())


def without(place: str, there: str, cut: str) -> str:
    return Rule("a rule", f"semtui.door:{place}", there, cut, "").without(SOURCE)


@pytest.mark.parametrize(
    ("place", "there", "cut", "left"),
    [
        ("LIMITS", "2", "3", "LIMITS = (1, 3)"),
        ("Door.enter", "if who.is_known and who.may_enter: ...", "if True: ...", "        if True:\n            self"),
        ("Door.enter", "who.may_enter", "True", "if who.is_known and True:"),
        ("Door.enter", "_(twice=False)", "_()", "self.let_in(who, log='yes')"),
        ("Door.enter", 'self.let_in(who, twice=False, log="yes")', "", "who.may_enter:\n            pass\n"),
        ("Door.leave.say", "return self.let_in(who, 1)", "x = 1\nreturn x", "            x = 1\n            return x"),
        ("Door", "def leave(self, who): ...", "def stay(self, who): ...", "def stay(self, who):\n\n        def say"),
    ],
)
def test_a_rule_is_found_however_it_is_written(place: str, there: str, cut: str, left: str) -> None:
    assert left in without(place, there, cut)


@pytest.mark.parametrize(
    ("place", "there", "said"),
    [
        ("Door.enter", "who.is_seen", r"^a rule: in semtui.door:Door.enter this is there 0 times: who.is_seen$"),
        ("Door", "return None", "2 times: return None"),
        ("Door.knock", "None", "There is no semtui.door:Door.knock"),
    ],
)
def test_a_rule_that_does_not_find_its_one_place_says_so(place: str, there: str, said: str) -> None:
    with pytest.raises(LostPlaceError, match=said):
        without(place, there, "pass")
