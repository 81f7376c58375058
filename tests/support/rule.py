"""One rule that semtui keeps, and how it is cut out of a module: by what the code says, not by how it is written.

`place` names a module and what stands in it: `semtui.tokens.vault:TokenVault.begin`, a constant as `…:_STORES`, or the
module itself as `…:`. `there` and `cut` are Python. Lines, comments, quotes and formatting do not matter:

- an expression is replaced by an expression, wherever it stands inside the place;
- statements are replaced by statements, or by none;
- a compound statement whose body is `...` stands for its head alone, as in `if late: ...`; its body stays;
- `_(name=value)` stands for these keyword arguments of any call; other arguments stay.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[2]

_BODIES = ("body", "orelse", "finalbody")


class LostPlaceError(Exception):
    """What a rule cuts out is not there, or is there more than once."""


@dataclass(frozen=True)
class Rule:
    """One rule, how it is cut out of a module, and the tests of which one at least must then be red."""

    words: str
    place: str
    there: str
    cut: str
    tests: str

    @property
    def file(self) -> str:
        """The path of the module, from the root of the project."""
        return f"{self.place.partition(':')[0].replace('.', '/')}.py"

    def without(self, source: str) -> str:
        """The source of the module with the rule cut out, formatted anew. Raises LostPlaceError."""
        tree = ast.parse(source)
        owner = _owner(tree, self.place)
        old, new = ast.parse(self.there).body, ast.parse(self.cut).body
        if len(old) == len(new) == 1 and isinstance(old[0], ast.Expr) and isinstance(new[0], ast.Expr):
            cuts = list(_expressions(owner, old[0].value, new[0].value))
        else:
            cuts = list(_statements(owner, old, new))
        if len(cuts) != 1:
            raise LostPlaceError(f"{self.words}: in {self.place} this is there {len(cuts)} times: {self.there.strip()}")
        cuts[0]()
        return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _owner(tree: ast.Module, place: str) -> ast.AST:
    """What `place` names, in a node of which it is the body. Raises LostPlaceError."""
    found: ast.Module | ast.stmt = tree
    for name in filter(None, place.partition(":")[2].split(".")):
        inside = [each for each in getattr(found, "body", ()) if name in _names(each)]
        if len(inside) != 1:
            raise LostPlaceError(f"There is no {place}.")
        found = inside[0]
    return found if isinstance(found, ast.Module) or hasattr(found, "body") else ast.Module([found], [])


def _names(statement: ast.stmt) -> list[str]:
    """The names a statement defines."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return [each.id for each in targets if isinstance(each, ast.Name)]


def _expressions(owner: ast.AST, old: ast.expr, new: ast.expr) -> Iterator[Callable[[], None]]:
    """How to replace `old` by `new`, for each place where it stands."""
    for parent in ast.walk(owner):
        for name, value in ast.iter_fields(parent):
            for index, each in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if _is_any_call(old) and isinstance(each, ast.Call):
                    if _keywords(old) <= _keywords(each):
                        yield partial(_replace_keywords, each, old, new)
                elif isinstance(each, ast.expr) and ast.unparse(each) == ast.unparse(old):
                    yield partial(_put, parent, name, index, new)


def _is_any_call(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Call) and isinstance(expression.func, ast.Name) and expression.func.id == "_"


def _put(parent: ast.AST, name: str, index: int | None, new: ast.expr) -> None:
    if index is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[index] = new


def _keywords(call: ast.expr) -> set[str]:
    return {ast.unparse(each) for each in getattr(call, "keywords", ())}


def _replace_keywords(call: ast.Call, old: ast.expr, new: ast.expr) -> None:
    gone, added = _keywords(old), getattr(new, "keywords", [])
    call.keywords = [*(each for each in call.keywords if ast.unparse(each) not in gone), *added]


def _statements(owner: ast.AST, old: list[ast.stmt], new: list[ast.stmt]) -> Iterator[Callable[[], None]]:
    """How to replace the statements `old` by `new`, for each place where they stand."""
    for parent in ast.walk(owner):
        for name in _BODIES:
            body: object = getattr(parent, name, None)
            if not isinstance(body, list):
                continue
            for start in range(len(body) - len(old) + 1):
                there = body[start : start + len(old)]
                if all(map(_is_as, there, old)):
                    yield partial(_replace, body, start, there, new)


def _is_as(statement: ast.stmt, pattern: ast.stmt) -> bool:
    """Whether a statement is what the pattern says; of a head alone the body does not matter."""
    if _is_head(pattern) and type(statement) is type(pattern):
        statement = _with_body(statement, pattern)
    return ast.unparse(statement) == ast.unparse(pattern)


def _is_head(statement: ast.stmt) -> bool:
    """Whether the body of a statement is `...`."""
    body: list[ast.stmt] = getattr(statement, "body", [])
    return [ast.unparse(each) for each in body] == ["..."]


def _with_body(statement: ast.stmt, other: ast.stmt) -> ast.stmt:
    """The same statement with everything below its head from another."""
    made = copy.copy(statement)
    for name in (*_BODIES, "handlers"):
        if hasattr(statement, name) and hasattr(other, name):
            setattr(made, name, getattr(other, name))
    return made


def _replace(body: list[ast.stmt], start: int, there: list[ast.stmt], new: list[ast.stmt]) -> None:
    made = [_with_body(each, there[-1]) if _is_head(each) else each for each in new]
    body[start : start + len(there)] = made
    if not body:
        body.append(ast.Pass())
