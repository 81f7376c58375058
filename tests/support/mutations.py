"""Check the net itself: cut one rule out of semtui at a time, and see that a test falls through.

`python -m tests.support.mutations` does all of it in a copy and takes some minutes; a rule whose loss no test notices
is told, and makes the exit status 1. Words of a rule as arguments choose among them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.claim_rules import CLAIMS
from tests.support.custody_rules import CUSTODY, Rule

ROOT = Path(__file__).parents[2]
_PROGRAM = "run-semtui"
"""In the copy: what is installed is the semtui nothing was cut out of."""


_SENT = (
    "                return await self._exchange("
    "client, request, self.limits.write_total, self.limits.write_bytes, capture)\n"
)

RULES = (
    *CUSTODY,
    *CLAIMS,
    # Truth
    Rule(
        "a write is sent once",
        "semtui/api/transport.py",
        _SENT,
        _SENT.replace("return", "answer =")
        + "                if answer.cut:\n    "
        + _SENT
        + "                return answer\n",
        "tests/changes/test_matrix.py",
    ),
    Rule(
        "a fault of our own loses no token",
        "semtui/api/base_client.py",
        "            capture.rescue()\n",
        "            pass\n",
        "tests/api/test_damaged_tokens.py",
    ),
    Rule(
        "the rest of a damaged answer is read too",
        "semtui/api/recording.py",
        "            if sink.incomplete:\n",
        "            if False:\n",
        "tests/api/test_damaged_tokens.py",
    ),
    Rule(
        "time while stopped does not count",
        "semtui/system/running_time.py",
        "        if late > _STOPPED:\n",
        "        if False:\n",
        "tests/system/test_running_time.py",
    ),
    Rule(
        "an answer is not unpacked past its limit",
        "semtui/api/unpacking.py",
        "reader.decompress(body, most + 1)",
        "reader.decompress(body)",
        "tests/api/test_hostile_answers.py",
    ),
    Rule(
        "a damaged answer still yields its token",
        "semtui/api/token_response.py",
        "        for found in _FIELD.findall(text):\n",
        "        for found in ():\n",
        "tests/api/test_damaged_tokens.py",
    ),
    Rule(
        "“not there” proves nothing while Semaphore may be at work",
        "semtui/changes/reconcile.py",
        "    deadline = clock() + client.limits.poll_for\n",
        "    deadline = clock()\n",
        "tests/changes/test_matrix.py",
    ),
    Rule(
        "a 404 that is no JSON is no proof of deletion",
        "semtui/api/responses.py",
        "    entity_gone = answer.status == 404 and isinstance(_json_or_none(answer), str)\n",
        "    entity_gone = answer.status == 404\n",
        "tests/changes/test_matrix.py",
    ),
    Rule(
        "a 5xx is not a refusal",
        "semtui/api/responses.py",
        "    refused = answer.status in (400, 401, 413, 422)",
        "    refused = answer.status in (400, 401, 413, 422, 500, 504)",
        "tests/changes/test_matrix.py",
    ),
    Rule(
        "a list of several pages is read until it is the same twice",
        "semtui/organization/loading.py",
        "        if incomplete is None and (ids == before or (before is None and single)):\n",
        "        if incomplete is None:\n",
        "tests/changes/test_state_machines.py tests/api/test_whole_lists.py",
    ),
    Rule(
        "somebody else's change is not replaced unseen",
        "semtui/changes/conflicts.py",
        "    if changed:\n",
        "    if False:\n",
        "tests/changes/test_conflicts.py",
    ),
    # Secrets and strangers
    Rule(
        "a token somebody else has just replaced is not replaced unseen",
        "semtui/changes/regenerate_token.py",
        "            self._check_unchanged(before)\n",
        "",
        "tests/tui/test_confirmations.py",
    ),
    Rule(
        "a crash tells places and no values",
        "semtui/tui/crash_reporting.py",
        "    def _fatal_error(self) -> None:\n",
        "    def _never_called(self) -> None:\n",
        "tests/terminal/test_endings.py",
    ),
    Rule(
        "text from outside is cleaned where it enters",
        "semtui/text/clean.py",
        "def clean(text: str, *, limit: int = 4096) -> str:\n",
        "def clean(text: str, *, limit: int = 4096) -> str:\n    return text\n\n\n"
        "def _clean(text: str, *, limit: int = 4096) -> str:\n",
        "tests/text/test_text.py",
    ),
    Rule(
        "what acts does not pass the last door",
        "semtui/tui/terminal/driver.py",
        "        passed = escape_output(data)\n",
        "        passed = data\n",
        "tests/terminal/test_strangers.py",
    ),
    Rule(
        "a slow terminal holds up no key",
        "semtui/tui/terminal/driver.py",
        "        if not self._late or self._outlet.busy:\n",
        "        if not self._late:\n",
        "tests/tui/test_frame_diff.py",
    ),
    Rule(
        "what acts does not pass the door of line mode",
        "semtui/plain/console.py",
        "        passed = escape_line(text)\n",
        "        passed = text\n",
        "tests/plain/test_plain.py",
    ),
    Rule(
        "a word typed ahead of its question confirms nothing in line mode",
        "semtui/plain/console.py",
        "        if fresh and self._input.drop():\n",
        "        if False:\n",
        "tests/plain/test_typed_ahead.py",
    ),
    Rule(
        "half a word typed ahead is dropped too",
        "semtui/plain/line_input.py",
        "        termios.tcflush(terminal, termios.TCIFLUSH)\n",
        "        pass\n",
        "tests/plain/test_typed_ahead.py",
    ),
    Rule(
        "line mode asks before it leaves a token nobody stored",
        "semtui/plain/console.py",
        "        if words := self.pending():\n",
        '        if words := "":\n',
        "tests/plain/test_plain_jobs.py",
    ),
    Rule(
        "redirects are not followed",
        "semtui/api/http_clients.py",
        # Either of the two would do, so that both are cut.
        'follow_redirects=False,\n            event_hooks={"response": [_set_location_aside]},\n',
        "follow_redirects=True,\n",
        "tests/api/test_client.py",
    ),
    Rule(
        "certificates are checked",
        "semtui/api/http_clients.py",
        "            verify=self._verify,\n",
        "            verify=False,\n",
        "tests/changes/test_matrix.py",
    ),
    Rule(
        "what stopped before the request itself is known not to be sent",
        "semtui/api/transport.py",
        " or not progress.sent:\n",
        ":\n",
        "tests/api/test_proxies.py",
    ),
    Rule(
        "a mark holds whichever way its host is opened",
        "semtui/settings/marked_hosts.py",
        "if host in hosts or mark == name.lower()]",
        "if mark in (name.lower(), host)]",
        "tests/settings/test_marks.py",
    ),
    Rule(
        "read-only lets no write leave",
        "semtui/api/transport.py",
        "        if self.read_only:\n",
        "        if False:\n",
        "tests/api/test_client.py",
    ),
    Rule(
        "other programs cannot read the memory",
        "semtui/system/hardening.py",
        "        ctypes.CDLL(None).prctl(_NOT_DUMPABLE, 0, 0, 0, 0)\n",
        "        pass\n",
        "tests/terminal/test_terminal.py",
    ),
    # Memory and the keys of connections
    Rule(
        "every mode closes its memory",
        "semtui/cli/launch.py",
        "    forbid_memory_dumps()\n",
        '    if not (arguments.plain or arguments.command == "export"):\n        forbid_memory_dumps()\n',
        "tests/system/test_hardening.py",
    ),
    Rule(
        "no core file is left",
        "semtui/system/hardening.py",
        "    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))\n",
        "",
        "tests/system/test_hardening.py",
    ),
    Rule(
        "keys of connections are written nowhere",
        "semtui/api/certificates.py",
        '    os.environ.pop("SSLKEYLOGFILE", None)\n',
        "",
        "tests/system/test_hardening.py",
    ),
    Rule(
        "that SSLKEYLOGFILE is ignored is said",
        "semtui/cli/launch.py",
        "            if key_log:\n",
        "            if False:\n",
        "tests/system/test_hardening.py",
    ),
    # The terminal, when a signal ends the program
    Rule(
        "what a signal undoes on the terminal is what has reached it",
        "semtui/system/terminal_owner.py",
        "        there, self._there = self._there, OnTerminal()\n",
        "        there, self._there = self._there, OnTerminal(True, 1)\n",
        "tests/terminal/test_suspending.py",
    ),
    Rule(
        "a signal before the screen is no fault",
        "semtui/tui/terminal/driver.py",
        "        if self._writer_thread is None:\n",
        "        if False:\n",
        "tests/terminal/test_suspending.py",
    ),
    # Changes that were not meant
    Rule(
        "a key meets the screen as the one before left it",
        "semtui/tui/app.py",
        "            await self.key_queue.take(event)\n",
        "            await super().on_event(event)\n",
        "tests/terminal/test_typed_fast.py",
    ),
    Rule(
        "Enter in a field moves on",
        "semtui/tui/screens/form.py",
        "        event.stop()\n        self.focus_next()\n",
        "        event.stop()\n        self.confirm()\n",
        "tests/tui/test_forms.py",
    ),
    Rule(
        "what is typed is kept when a form is left",
        "semtui/tui/screens/request_modal.py",
        "                self._keep_draft()\n",
        "                pass\n",
        "tests/tui/test_forms.py",
    ),
    Rule(
        "the marked row is the chosen one",
        "semtui/tui/widgets/choice_list.py",
        "        self._drawn = here\n",
        "        pass\n",
        "tests/tui/test_choices.py",
    ),
    Rule(
        "a name that two have in common deletes neither",
        "semtui/wording/confirmations.py",
        "    if easy and not others:\n",
        "    if easy:\n",
        "tests/tui/test_lookalikes_typed.py",
    ),
    Rule(
        "the debug log shortens what others have written",
        "semtui/system/debug_log.py",
        "{shown_path(path, query)}",
        "{path}?{query}",
        "tests/system/test_debug_log.py",
    ),
)


def holds(rule: Rule, copy: Path) -> bool:
    """True when a test is red without the rule."""
    file = copy / rule.file
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace(rule.there, rule.cut), encoding="utf-8")
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
        for name in ("semtui", "tests"):
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
