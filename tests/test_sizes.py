"""No file, function or class is too long to be read at once, and what stands at the top can be counted."""

from __future__ import annotations

import ast
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILE_LINES, FUNCTION_LINES, CLASS_METHODS = 350, 40, 28

# The client is a table of contents of the API.
EXCEPTIONS = {"SemaphoreClient"}


def too_long(file: Path) -> list[str]:
    """What is over a limit in a file, in words."""
    source = file.read_text(encoding="utf-8")
    found = [f"{len(source.splitlines())} lines"] if len(source.splitlines()) > FILE_LINES else []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            found += [f"{node.name}: {lines} lines"] if lines > FUNCTION_LINES else []
        elif isinstance(node, ast.ClassDef) and node.name not in EXCEPTIONS:
            methods = sum(isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) for each in node.body)
            found += [f"{node.name}: {methods} methods"] if methods > CLASS_METHODS else []
    return found


@pytest.mark.parametrize("package", ["semtui"])
def test_nothing_is_over_the_limits(package: str) -> None:
    over = {str(file.relative_to(ROOT)): too_long(file) for file in sorted((ROOT / package).rglob("*.py"))}
    assert {file: words for file, words in over.items() if words} == {}


def test_the_top_level_has_the_six_entries_that_are_settled() -> None:
    made = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()]
    names = {each.name for each in ROOT.iterdir() if not each.name.startswith(".")}
    kept = {name for name in names if not any(fnmatchcase(name, pattern) for pattern in made)}
    assert kept == {"pyproject.toml", "semtui", "tests", "screenshots", "README.md", "LICENSE"}
