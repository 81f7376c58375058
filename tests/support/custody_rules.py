"""Rules that keep a token from being lost or leaked."""

from __future__ import annotations

from tests.support.rule import Rule

CUSTODY = (
    Rule(
        "a request goes on when nobody waits for it any more",
        "semtui.session.session:Session.write",
        "return await wait_without_owning(future)",
        "try:\n"
        "    return await wait_without_owning(future)\n"
        "except asyncio.CancelledError:\n"
        "    future.cancel()\n"
        "    raise",
        "tests/session/test_session.py tests/tokens/test_vault.py",
    ),
    Rule(
        "the end waits for requests under way",
        "semtui.session.session:Session._close",
        "wait_active(set(self._writes), _SECONDS_TO_FINISH)",
        "",
        "tests/session/test_session.py tests/tokens/test_vault.py",
    ),
    Rule(
        "before a token is asked for, that is on record",
        "semtui.session.session:Session._make_token.intend",
        "record = vault.begin(account, client.limits, client.server_time)",
        "pass",
        "tests/tokens/test_journal.py",
    ),
    Rule(
        "a record stays while its token could be lost",
        "semtui.tokens.vault:Vault.arrived",
        "self._made.append((token, record))",
        "self.journal.end(record)",
        "tests/tokens/test_journal.py tests/changes/test_state_machines.py",
    ),
    Rule(
        "a record stays while its outcome is not known",
        "semtui.session.session:Session._make_token",
        "vault.outcome_unknown(record, client.limits)",
        "vault.refused(record)",
        "tests/tokens/test_journal.py",
    ),
    Rule(
        "a token is held the moment it is read",
        "semtui.api.token_response:TokenCapture.add",
        "self._hold_secret(token)",
        "pass",
        "tests/api/test_damaged_tokens.py",
    ),
    Rule(
        "a token nobody stored is rescued",
        "semtui.tokens.vault:Vault.end",
        "self._save(token)",
        "pass",
        "tests/session/test_session.py tests/tokens/test_vault.py",
    ),
    Rule(
        "nothing is sent that the end would not wait for",
        "semtui.session.session:Session.write",
        "if self.ending: ...",
        "if False: ...",
        "tests/session/test_session.py tests/tokens/test_vault.py",
    ),
    Rule(
        "no token is asked for once the end has begun",
        "semtui.tokens.vault:Vault.begin",
        "if self.ending: ...",
        "if False: ...",
        "tests/session/test_session.py tests/tokens/test_vault.py",
    ),
    Rule(
        "no second token is asked for while the first may still come",
        "semtui.tokens.vault:Vault.check_no_pending_request",
        "if wait := self.seconds_until_over(account_id, but): ...",
        "if wait := 0: ...",
        "tests/session/test_session.py tests/tokens/test_vault.py",
    ),
    Rule(
        "nor by another semtui, nor after a new start",
        "semtui.tokens.vault:Vault.seconds_until_over",
        "return max(0.0, *left, *(each.left(now) for each in self._records_of(account_id, but)))",
        "return max(0.0, *left)",
        "tests/session/test_session.py tests/tokens/test_vault.py",
    ),
    Rule(
        "what is stored is known the moment it is",
        "semtui.session.session:Session._store",
        "self.vault.release(token)",
        "",
        "tests/session/test_session.py tests/tokens/test_vault.py tests/tokens/test_delivery.py",
    ),
    Rule(
        "what is held is saved before anything is waited for",
        "semtui.session.session:Session._close",
        "self.end()",
        "self.vault.ending = True",
        "tests/session/test_session.py tests/tokens/test_vault.py",
    ),
    Rule(
        "what comes during the end is saved at once",
        "semtui.tokens.vault:Vault.hold",
        "if self.ending:\n    self._save(token)",
        "",
        "tests/session/test_session.py tests/tokens/test_vault.py",
    ),
    Rule(
        "a record is locked before there is anything in it",
        "semtui.system.private_files:_created",
        "fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)",
        "pass",
        "tests/tokens/test_journal.py",
    ),
    Rule(
        "what another kernel's program does is not judged",
        "semtui.system.processes:process_state",
        'return "gone" if restarted else "unknown"',
        'return "gone"',
        "tests/tokens/test_journal.py",
    ),
    Rule(
        "no token is made that could be kept nowhere",
        "semtui.tokens.journal:Journal.begin",
        "raise PrivateFileError(errors[0])",
        "return (Path(), errors[0])",
        "tests/tokens/test_storage_locations.py",
    ),
    Rule(
        "a rescue file is private from its first byte",
        "semtui.system.private_files:_created",
        "descriptor = os.open(target, _NEW | os.O_APPEND, 0o600)",
        "descriptor = os.open(target, os.O_WRONLY | os.O_CREAT, 0o644)",
        "tests/system/test_private_files.py",
    ),
    Rule(
        "leaving an unstored token asks",
        "semtui.tui.screens.token_display:TokenDisplay.action_leave",
        "if self._stored:\n    self._close()\n    return",
        "self._close()\nreturn",
        "tests/tui/test_token_display.py",
    ),
    Rule(
        "what the terminal was sent is not called stored",
        "semtui.tui.screens.token_display:TokenDisplay.action_copy",
        "self._sent = True",
        'self._stored = "copied"',
        "tests/tui/test_token_display.py",
    ),
    Rule(
        "quitting with an unstored token asks",
        "semtui.tui.app:SemtuiApp.action_quit",
        "if pending and warning != self._quit_warning: ...",
        "if False: ...",
        "tests/tui/test_token_display.py tests/tui/test_people_page.py tests/terminal/test_terminal.py",
    ),
    Rule(
        "signals end the program in order",
        "semtui.cli.launch:_run",
        "ending = install_shutdown_signals(organizations, drawn=not arguments.plain)",
        "",
        "tests/terminal/test_endings.py",
    ),
    Rule(
        "a token is masked until it is asked for",
        "semtui.tui.screens.token_display:TokenDisplay.__init__",
        "self._shown = False",
        "self._shown = True",
        "tests/tui/test_token_display.py",
    ),
    Rule(
        "a token stays in the program's memory only as long as it is needed",
        "semtui.tui.screens.token_display:TokenDisplay._send_to_terminal",
        'self.app._clipboard = ""',
        "",
        "tests/tui/test_token_display.py",
    ),
)
