"""The benchmarks run and tell what they found; how fast anything is, no test asks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.whole
def test_they_print_a_table_and_write_it_down(tmp_path: Path) -> None:
    written = tmp_path / "figures.json"
    command = [sys.executable, "-m", "tests.benchmarks", "--rounds", "1", "--sizes", "20,100", "--json", str(written)]
    ran = subprocess.run(
        command, cwd=Path(__file__).parents[1], capture_output=True, text=True, timeout=300, check=True
    )
    found = json.loads(written.read_text())
    assert set(found["sizes"]) == {"20", "100"}
    assert found["sizes"]["100"]["idle bytes"] == 0
    assert {"start to first frame", "a dialog opened and closed"} <= {figure["what"] for figure in found["figures"]}
    first, second = ran.stdout.split("\n\n")
    assert len(first.splitlines()) == len(found["figures"]) + 2
    assert second.startswith("| members | 20 | 100 |")


def test_questions_about_access_are_measured_too() -> None:
    command = [sys.executable, "-m", "tests.benchmarks.access", "--size", "400"]
    ran = subprocess.run(
        command, cwd=Path(__file__).parents[1], capture_output=True, text=True, timeout=120, check=True
    )
    assert "| index |" in ran.stdout
