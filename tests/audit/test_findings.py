"""What the rules find in small organizations: where one fires, where it nearly does, and where a list is missing."""

from __future__ import annotations

import pytest

from semtui.audit.graph import AccessGraph
from semtui.audit.rules import find
from tests.audit.examples import Example, examples
from tests.audit.in_a_line import report_in_a_line
from tests.support.organizations import parse
from tests.support.served import NOW

EXAMPLES = tuple(each for each in examples() if each.question.startswith("findings"))


def found(text: str, *rules: str) -> str:
    """What rules find, in a line."""
    organization = parse(text)
    graph = AccessGraph(organization.people(NOW), organization.projects(NOW))
    return report_in_a_line(organization, find(graph, NOW, rules))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name)
def test_an_example_is_answered(example: Example) -> None:
    organization = example.organization
    graph = AccessGraph(organization.people(NOW), organization.projects(NOW))
    rules = example.question.partition(" ")[2].split(",")
    answer = report_in_a_line(organization, find(graph, NOW, rules))
    assert sorted(answer.split("; ")) == sorted(example.answer.split("; "))
