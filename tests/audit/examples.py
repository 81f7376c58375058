"""Organizations with questions about them and the answers: what every part of the audit is held to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.organizations import Organization, parse


@dataclass(frozen=True)
class Example:
    """An organization, a question, and what must come out."""

    name: str
    organization: Organization
    question: str
    answer: str


@cache
def examples() -> tuple[Example, ...]:
    """All of them, in order."""
    text = Path(__file__).with_name("examples.txt").read_text(encoding="utf-8")
    return tuple(map(_example, re.split(r"\n(?=E\d)", text.strip())))


def example(name: str) -> Example:
    """The one of that name."""
    return next(each for each in examples() if each.name == name)


def _example(text: str) -> Example:
    *lines, last = text.splitlines()
    question, _, answer = last.partition("→")
    return Example(lines[0].split()[0], parse("\n".join(lines)), question.strip(), answer.strip())
