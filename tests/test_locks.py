"""The locks name exactly what pyproject.toml asks for, each with its hashes, and a release installs what was tested."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NEEDED: list[str] = PROJECT["project"]["dependencies"]
BUILD: list[str] = PROJECT["dependency-groups"]["build"]
DEV: list[str] = PROJECT["project"]["optional-dependencies"]["dev"]
WRITE = "write the locks anew: tox -e lock"


@dataclass(frozen=True)
class Pin:
    """One package of a lock."""

    version: str
    hashes: int
    ours: bool
    """Whether pyproject.toml itself asks for it."""


def pins(lock: str) -> dict[str, Pin]:
    """The packages of `dev` or `release` by name."""
    text = (ROOT / ".github" / "locks" / f"{lock}.txt").read_text(encoding="utf-8")
    found: dict[str, Pin] = {}
    for entry in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]:
        requirement = Requirement(entry.partition("\\")[0])
        (exact,) = requirement.specifier
        assert exact.operator == "=="
        hashes = len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry))
        found[canonicalize_name(requirement.name)] = Pin(exact.version, hashes, "semtui (pyproject.toml" in entry)
    return found


def asked_for(*lists: Iterable[str]) -> dict[str, Requirement]:
    """Requirements by the name of their package."""
    parsed = [Requirement(each) for each_list in lists for each in each_list]
    return {str(canonicalize_name(each.name)): each for each in parsed}


@pytest.mark.parametrize(("lock", "lists"), [("release", (NEEDED, BUILD)), ("dev", (NEEDED, BUILD, DEV))])
def test_a_lock_holds_what_pyproject_asks_for_and_nothing_it_no_longer_does(
    lock: str, lists: tuple[list[str], ...]
) -> None:
    wanted, locked = asked_for(*lists), pins(lock)
    assert {name for name, pin in locked.items() if pin.ours} == set(wanted), WRITE
    outside = [name for name, one in wanted.items() if not one.specifier.contains(locked[name].version)]
    assert outside == [], WRITE


def test_what_builds_semtui_is_locked_too() -> None:
    assert set(asked_for(PROJECT["build-system"]["requires"])) <= set(asked_for(NEEDED, BUILD))


@pytest.mark.parametrize("lock", ["release", "dev"])
def test_everything_in_a_lock_has_hashes(lock: str) -> None:
    assert [name for name, pin in pins(lock).items() if not pin.hashes] == []


def test_a_release_installs_the_versions_that_are_tested() -> None:
    tested = pins("dev")
    assert [name for name, pin in pins("release").items() if tested.get(name, pin).version != pin.version] == []
    assert set(pins("release")) <= set(tested)
