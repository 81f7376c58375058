"""What is handed to a widget is a literal, or Content: a string would be read as markup, and a name as a command."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import semtui

ROOT = Path(semtui.__file__).parent
FOLDERS = ("pages", "content", "screens", "widgets")
FILES = sorted([*(file for each in FOLDERS for file in (ROOT / "tui" / each).glob("*.py")), ROOT / "tui/app.py"])
WIDGETS = {"Static", "Label", "Button", "RadioButton", "Checkbox", "Option", "Tooltip"}
"""What reads its first argument as markup."""
DRAWN = {"border_title", "border_subtitle", "label", "tooltip", "title", "sub_title", "placeholder"}
"""Attributes that are read as markup when they are set."""
MAKERS = {
    "Content",
    "styled",
    "key_line",
    "organization_line",
    "tab_line",
    "_prompt",
    "effect_lines",
    "permissions_page",
    "_role_words",
}
"""What makes Content, or lines of pieces, of any text."""
CLASS_WORDS = {"BUTTON", "LABEL", "VERB", "LEAVE", "UNKNOWN_OTHERS"}
"""Words of ours, under a name."""
OURS = {
    # A table of two words of ours for each provider.
    ("invite.py", "words"),
    # `Paragraphs` takes lines of pieces and no string at all.
    ("effect.py", "lines"),
    ("new_access.py", "lines"),
    ("form.py", "self.differences()"),
    ("frame.py", "self.content.details(row) if row else ()"),
    # Drawn by a widget that was told `markup=False` where it was made.
    ("bulk.py", "f'{name_of(step.subject)}: {step.words}' if step else ''"),
    # Typed as Content.
    ("lines.py", "line"),
    ("reading.py", "self.hint_line(room)"),
    # Ids, not words.
    ("marked_rows.py", "row_ids"),
}


class Function:
    """One function, and what its names were given."""

    def __init__(self, node: ast.AST) -> None:
        self.given: dict[str, list[ast.expr]] = {}
        for each in ast.walk(node):
            if isinstance(each, ast.Assign):
                for target in each.targets:
                    if isinstance(target, ast.Name):
                        self.given.setdefault(target.id, []).append(each.value)
            elif isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Name):
                self.given.setdefault(each.target.id, []).append(each.value)
            elif isinstance(each, ast.comprehension) and isinstance(each.target, ast.Name):
                # One of many, each as the generator it comes from makes it.
                source = self.given.get(getattr(each.iter, "id", ""), [])
                parts = [part.elt for part in source if isinstance(part, ast.GeneratorExp)]
                self.given.setdefault(each.target.id, []).extend(parts)

    def harmless(self, value: ast.expr) -> bool:
        """True for literals, for Content, and for names that were given nothing else."""
        match value:
            case ast.Constant(value=str() as text):
                return "[" not in text
            case ast.IfExp(body=one, orelse=other):
                return self.harmless(one) and self.harmless(other)
            case ast.Call(func=ast.Attribute(value=inner, attr=name)):
                return name in MAKERS or self.harmless(inner)
            case ast.Call(func=ast.Name(id=name)):
                return name in MAKERS
            case ast.Tuple(elts=[]):
                return True
            case ast.Name(id=name):
                given = self.given.get(name, [])
                return name in MAKERS or (bool(given) and all(map(self.harmless, given)))
            case ast.Attribute(attr=name):
                return name in CLASS_WORDS
        return False


def told_not_to_read_markup(call: ast.Call) -> bool:
    return any(
        word.arg == "markup" and isinstance(word.value, ast.Constant) and word.value.value is False
        for word in call.keywords
    )


def handed_over(node: ast.AST) -> ast.expr | None:
    """What `node` gives a widget to draw, if it does."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in WIDGETS:
            return None if told_not_to_read_markup(node) else first
        case ast.Call(func=ast.Attribute(attr="update" | "notify"), args=[first, *_]):
            return None if told_not_to_read_markup(node) else first
        case ast.Assign(targets=[ast.Attribute(attr=name)], value=value) if name in DRAWN:
            return value
    return None


def strings_drawn(source: str, file: str) -> list[str]:
    found = []
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            names = Function(function)
            drawn = [each for node in ast.walk(function) if (each := handed_over(node)) is not None]
            found += [
                f"{file}:{each.lineno} {ast.unparse(each)}"
                for each in drawn
                if not names.harmless(each) and (file, ast.unparse(each)) not in OURS
            ]
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_string_that_is_not_a_literal_is_handed_to_a_widget(file: Path) -> None:
    assert strings_drawn(file.read_text(encoding="utf-8"), file.name) == []


def test_nothing_is_made_from_markup() -> None:
    assert [file.name for file in ROOT.rglob("*.py") if "from_markup" in file.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    "line",
    [
        "Static(subject.name)",
        'Label(f"Delete {name}?")',
        "self.status.update(str(error))",
        "self.notify(words)",
        "frame.border_title = self.heading()",
        "words = error.message; Static(words)",
        'Option("a" if one else name)',
        'Static("[b]bold[/b]")',
    ],
)
def test_the_net_catches(line: str) -> None:
    assert strings_drawn(f"def draw(self):\n    {line}\n", "x.py") != []
