"""Rules that keep secrets from memory, disk and network, and what strangers wrote from acting."""

from __future__ import annotations

from tests.support.rule import Rule

SECRECY = (
    # Secrets and strangers
    Rule(
        "a value that Semaphore echoes is not said again",
        "semtui.api.secrets_client:SecretsClient._write_content",
        "answer = replace(answer, body=_without(answer, content))",
        "answer = replace(answer, retry_after=0)",
        "tests/api/test_secrets_client.py",
    ),
    Rule(
        "a token somebody else has just replaced is not replaced unseen",
        "semtui.changes.regenerate_token:Regeneration._request.note",
        "self._check_unchanged(before)",
        "",
        "tests/tui/test_confirmations.py",
    ),
    Rule(
        "a crash tells places and no values",
        "semtui.tui.crash_reporting:CrashReportingApp",
        "def _fatal_error(self) -> None: ...",
        "def _never_called(self) -> None: ...",
        "tests/terminal/test_endings.py",
    ),
    Rule(
        "text from outside is cleaned where it enters",
        "semtui.text.clean:",
        "def clean(text: str, *, limit: int = 4096) -> str: ...",
        "def clean(text: str, *, limit: int = 4096) -> str:\n"
        "    return text\n"
        "def _clean(text: str, *, limit: int = 4096) -> str: ...",
        "tests/text/test_text.py",
    ),
    Rule(
        "what acts does not pass the last door",
        "semtui.tui.terminal.driver:DiffingDriver.write",
        "passed = escape_output(data)",
        "passed = data",
        "tests/terminal/test_strangers.py",
    ),
    Rule(
        "a slow terminal holds up no key",
        "semtui.tui.terminal.driver:DiffingDriver._catch_up",
        "if not self._late or self._outlet.busy: ...",
        "if not self._late: ...",
        "tests/tui/test_frame_diff.py",
    ),
    Rule(
        "what acts does not pass the door of line mode",
        "semtui.plain.console:Console._write",
        "passed = escape_line(text)",
        "passed = text",
        "tests/plain/test_plain.py",
    ),
    Rule(
        "a word typed ahead of its question confirms nothing in line mode",
        "semtui.plain.console:Console._answer",
        "if fresh and self._input.drop(): ...",
        "if False: ...",
        "tests/plain/test_typed_ahead.py",
    ),
    Rule(
        "half a word typed ahead is dropped too",
        "semtui.plain.line_input:_flushed",
        "termios.tcflush(terminal, termios.TCIFLUSH)",
        "pass",
        "tests/plain/test_typed_ahead.py",
    ),
    Rule(
        "line mode asks before it leaves a token nobody stored",
        "semtui.plain.console:Console.leave",
        "if words := self.pending(): ...",
        'if words := "": ...',
        "tests/plain/test_plain_jobs.py",
    ),
    Rule(
        "redirects are not followed",
        "semtui.api.http_clients:ClientFactory.new",
        # Either of the two would do, so both are cut.
        '_(follow_redirects=False, event_hooks={"response": [_set_location_aside]})',
        "_(follow_redirects=True)",
        "tests/api/test_client.py",
    ),
    Rule(
        "certificates are checked",
        "semtui.api.http_clients:ClientFactory.new",
        "_(verify=self._verify)",
        "_(verify=False)",
        "tests/changes/test_matrix.py",
    ),
    Rule(
        "what stopped before the request itself is known not to be sent",
        "semtui.api.transport:Transport._receive",
        "isinstance(error, _NEVER_SENT) or not progress.sent",
        "isinstance(error, _NEVER_SENT)",
        "tests/api/test_proxies.py",
    ),
    Rule(
        "a mark holds whichever way its host is opened",
        "semtui.settings.marked_hosts:MarkedHosts._meaning",
        "host in hosts or mark == name.lower()",
        "mark in (name.lower(), host)",
        "tests/settings/test_marks.py",
    ),
    Rule(
        "read-only lets no write leave",
        "semtui.api.transport:Transport.write",
        "if self.read_only: ...",
        "if False: ...",
        "tests/api/test_client_writes.py",
    ),
    Rule(
        "other programs cannot read the memory",
        "semtui.system.hardening:forbid_memory_dumps",
        "ctypes.CDLL(None).prctl(_NOT_DUMPABLE, 0, 0, 0, 0)",
        "pass",
        "tests/terminal/test_terminal.py",
    ),
    # Memory and the keys of connections
    Rule(
        "every mode closes its memory",
        "semtui.cli.launch:start",
        "forbid_memory_dumps()",
        'if not (arguments.plain or arguments.command == "export"):\n    forbid_memory_dumps()',
        "tests/system/test_hardening.py",
    ),
    Rule(
        "no core file is left",
        "semtui.system.hardening:forbid_memory_dumps",
        "resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))",
        "",
        "tests/system/test_hardening.py",
    ),
    Rule(
        "keys of connections are written nowhere",
        "semtui.api.certificates:_context",
        'os.environ.pop("SSLKEYLOGFILE", None)',
        "",
        "tests/system/test_hardening.py",
    ),
    Rule(
        "that SSLKEYLOGFILE is ignored is said",
        "semtui.cli.launch:_start",
        "if key_log: ...",
        "if False: ...",
        "tests/system/test_hardening.py",
    ),
    # The terminal, when a signal ends the program
    Rule(
        "what a signal undoes on the terminal is what has reached it",
        "semtui.system.terminal_owner:TerminalOwner.take",
        "there, self._there = (self._there, OnTerminal())",
        "there, self._there = (self._there, OnTerminal(True, 1))",
        "tests/terminal/test_suspending.py",
    ),
    Rule(
        "a signal before the screen is no fault",
        "semtui.tui.terminal.driver:DiffingDriver._send",
        "if self._writer_thread is None: ...",
        "if False: ...",
        "tests/terminal/test_suspending.py",
    ),
    Rule(
        "the debug log shortens what others have written",
        "semtui.system.debug_log:DebugLog.request",
        'self.line(f"#{number} {method} {shown_path(path, query)}")',
        'self.line(f"#{number} {method} {path}?{query}")',
        "tests/system/test_debug_log.py",
    ),
)
