"""The page about exports: every key and column is explained, every recipe finds what it names."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from semtui.__main__ import main
from semtui.demo.server import DemoServer
from semtui.export.contents import COLUMNS, WHATS
from semtui.export.csv_table import LIMIT

GUIDE = (Path(__file__).parents[2] / ".github/EXPORT.md").read_text(encoding="utf-8")
JSON_PART, CSV_PART = GUIDE.split("\n## CSV\n")
KEYS = re.findall(r"^\| `(\w+)`(?: \*)? \|.*\| `(\.[\w.\[\]]+)` \|$", JSON_PART, re.MULTILINE)
RECIPES = re.findall(r"^jq .*?'(.+)'", JSON_PART, re.MULTILINE)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every list an export can hold, of the demo organization."""
    home = tmp_path_factory.mktemp("home")
    found: dict[str, Any] = {}
    for what in ("all", "projects"):
        path = home / f"{what}.json"
        order = ["export", "--what", what, "--format", "json", "--output", str(path)]
        with DemoServer(group_delay=0) as server, pytest.MonkeyPatch.context() as environment:
            environment.setenv("HOME", str(home))
            environment.setenv("SEMAPHORE_HOST", server.address)
            environment.setenv("SEMAPHORE_API_TOKEN", server.tokens["owner"])
            assert main(order) == 0
        found |= json.loads(path.read_text())
    return found


def values(document: Any, path: str) -> list[Any]:
    """What jq gives for a path of keys and []. A key that is missing is no null here, but a failure."""
    found = [document]
    for key, each in re.findall(r"\.(\w+)(\[\])?", path):
        found = [value[key] for value in found]
        if each:
            found = [item for value in found for item in value]
    return found


def paths(value: Any, path: str) -> set[str]:
    """Every path to a key there is."""
    if isinstance(value, list):
        return {deeper for item in value for deeper in paths(item, f"{path}[]")}
    if isinstance(value, dict):
        below = {deeper for key, item in value.items() for deeper in paths(item, f"{path}.{key}")}
        return {f"{path}.{key}" for key in value} | below
    return set()


@pytest.mark.parametrize(("key", "path"), KEYS)
def test_the_recipe_of_each_key_finds_it(exported: dict[str, Any], key: str, path: str) -> None:
    assert path.removesuffix("[]").endswith(f".{key}")
    assert values(exported, path)


def test_every_key_has_its_recipe(exported: dict[str, Any]) -> None:
    explained = {path.removesuffix("[]") for _, path in KEYS}
    there = {path for path in paths(exported, "") if "[]" in path}
    assert explained == there


def test_longer_recipes_name_keys_that_exist(exported: dict[str, Any]) -> None:
    names = {path.rpartition(".")[2] for path in paths(exported, "")}
    assert len(RECIPES) >= 6
    for recipe in RECIPES:
        used = re.findall(r"\.([a-z_]+)", recipe.replace('"organization.secrets.manage"', ""))
        assert used
        assert set(used) <= names, recipe


def test_every_column_is_explained_and_none_that_is_not_there() -> None:
    explained = {
        name
        for cell in re.findall(r"^\| (`\w+`.*?) \|", CSV_PART, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", cell)
    }
    assert explained == {column for columns in COLUMNS.values() for column in columns}


def test_what_can_be_asked_for_is_told() -> None:
    table = GUIDE.partition("| `--what` |")[2].partition("\n\n")[0]
    for what in WHATS:
        assert f"`{what}`" in table
    assert f"{LIMIT:,} characters" in CSV_PART
