"""Checks the tests: removes one rule at a time from a copy of semtui, and runs the tests that must notice.

`python -m tests.support.mutations` takes some minutes. It names each rule whose loss no test notices; the exit status
is then 1. Arguments choose the rules that have all of these words.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.change_rules import CHANGES
from tests.support.claim_rules import CLAIMS
from tests.support.command_rules import COMMANDS
from tests.support.custody_rules import CUSTODY
from tests.support.review_rules import REVIEWS
from tests.support.rule import ROOT, Rule
from tests.support.secrecy_rules import SECRECY

_PROGRAM = "run-semtui"
"""The program of the copy: the installed one has every rule."""

RULES = (*CUSTODY, *CLAIMS, *CHANGES, *COMMANDS, *SECRECY, *REVIEWS)


def holds(rule: Rule, copy: Path) -> bool:
    """Whether a test fails without the rule."""
    file = copy / rule.file
    whole = file.read_text(encoding="utf-8")
    file.write_text(rule.without(whole), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "auto", "-p", "no:cacheprovider", *rule.tests.split()]
    try:
        environment = {
            **os.environ,
            "PYTHONPATH": str(copy),
            "PYTHONDONTWRITEBYTECODE": "1",
            "SEMTUI_UNDER_TEST": str(copy / _PROGRAM),
        }
        ran = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    finally:
        file.write_text(whole, encoding="utf-8")
    red = "\nFAILED " in ran.stdout
    if red == (ran.returncode == 0):
        raise SystemExit(f"{rule.words}: the tests could not be run\n{ran.stdout[-3000:]}{ran.stderr[-3000:]}")
    return red


def main(words: list[str]) -> int:
    chosen = [rule for rule in RULES if all(word in rule.words for word in words)]
    loose = []
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory)
        for name in ("semtui", "tests", ".github"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "__snapshots__"))
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, copy / name)
        program = copy / _PROGRAM
        program.write_text(f"#!{sys.executable}\nimport sys\nfrom semtui.__main__ import main\nsys.exit(main())\n")
        program.chmod(0o700)
        for rule in chosen:
            held = holds(rule, copy)
            print(f"{'held ' if held else 'LOOSE'}  {rule.words}", flush=True)
            loose += [] if held else [rule]
    print(f"{len(chosen) - len(loose)} of {len(chosen)} rules are held by a test.")
    return 1 if loose or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
