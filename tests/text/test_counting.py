"""One of something is never told in the plural."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import semtui
from semtui.text.counting import count

SOURCES = Path(semtui.__file__).parent
PLURAL = re.compile(
    r" (seconds|minutes|hours|days|rows|pages|lines|columns|bytes|files|tokens|requests|accounts|people|members|groups"
    r"|roles|projects|permissions|changes|cells|texts|times)\b"
)

NEVER_ONE = {
    # Limits
    "api/pagination.py: most pages",
    "api/transport.py: most_bytes bytes",
    "api/lost_answers.py: seconds seconds",
    "api/unpacking.py: most bytes",
    # Sizes in the log
    "api/transport.py: len(answer.body) bytes",
    "api/transport.py: len(self.body) bytes)",
    # One of them has words of its own, or is not told
    "export/contents.py: mended texts hold",
    "export/contents.py: number cells were",
    "plain/console.py: more + 1 lines came at once, and this takes one. None was taken: type or paste it again.",
    "text/pasted.py: len(filled) lines were joined with spaces",
    # More than a limit
    "cli/change_files.py: len(found) changes; a file takes ",
    # There are dozens
    "wording/access_answer.py: answer.of_organization permissions of the organization",
    # Told of six people at least
    "wording/findings.py: each.facts.of people reach Owner or Admin.",
    # No number
    "cli/planning.py: changed[other_id].place changes; put the two into files of their own.",
    "changes/custom_role.py: role_words.scope_word(scope) roles is one called ",
}
"""What stands before a plural and cannot be a 1."""


@pytest.mark.parametrize(("number", "words"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1200, "1,200 rows")])
def test_a_number_of_things(number: int, words: str) -> None:
    assert count(number, "row") == words


def numbers_before_plurals(source: str) -> Iterator[str]:
    """What f-strings put before a plural, except limits, which are constants, and what is computed as words."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            for value, text in zip(node.values, node.values[1:], strict=False):
                if isinstance(value, ast.FormattedValue) and isinstance(text, ast.Constant):
                    expression = ast.unparse(value.value)
                    if PLURAL.match(str(text.value)) and not expression.split(".")[-1].isupper():
                        yield f"{expression}{text.value!s}"


def test_no_number_stands_before_a_plural_of_its_own() -> None:
    found = {
        f"{path.relative_to(SOURCES)}: {words}"
        for path in SOURCES.rglob("*.py")
        if "demo" not in path.parts
        for words in numbers_before_plurals(path.read_text(encoding="utf-8"))
    }
    assert found == NEVER_ONE


def test_such_a_number_would_be_found() -> None:
    assert list(numbers_before_plurals('f"asking in {ceil(wait)} seconds…"')) == ["ceil(wait) seconds…"]
    assert list(numbers_before_plurals('f"after {_SECONDS:g} seconds"')) == []
