"""Rules that keep a token from being lost or leaked, as `check_net.py` cuts them out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One rule, how it is cut out of a file, and the tests of which one at least must then be red."""

    words: str
    file: str
    there: str
    cut: str
    tests: str


CUSTODY = (
    Rule(
        "a request goes on when nobody waits for it any more",
        "semtui/session/session.py",
        "            future = self._waited_for(self._run(call))\n        return await wait_without_owning(future)\n",
        "            future = self._waited_for(self._run(call))\n"
        "        try:\n            return await wait_without_owning(future)\n"
        "        except asyncio.CancelledError:\n            future.cancel()\n            raise\n",
        "tests/session/test_session.py tests/tokens/test_vault.py",
    ),
    Rule(
        "the end waits for requests under way",
        "semtui/session/session.py",
        "        wait_active(set(self._writes), _SECONDS_TO_FINISH)\n",
        "",
        "tests/session/test_session.py tests/tokens/test_vault.py",
    ),
    Rule(
        "before a token is asked for, that is on record",
        "semtui/session/session.py",
        "            record = vault.begin(account, client.limits, client.server_time)\n",
        "            pass\n",
        "tests/tokens/test_journal.py",
    ),
    Rule(
        "a record stays while its token could be lost",
        "semtui/tokens/vault.py",
        "                self._made.append((token, record))\n",
        "                self.journal.end(record)\n",
        "tests/tokens/test_journal.py tests/changes/test_state_machines.py",
    ),
    Rule(
        "a record stays while its outcome is not known",
        "semtui/session/session.py",
        "            vault.outcome_unknown(record, client.limits)\n",
        "            vault.refused(record)\n",
        "tests/tokens/test_journal.py",
    ),
    Rule(
        "a token is held the moment it is read",
        "semtui/api/token_response.py",
        "                    self._hold_secret(token)\n        except Exception as",
        "                    pass\n        except Exception as",
        "tests/api/test_damaged_tokens.py",
    ),
    Rule(
        "a token nobody stored is rescued",
        "semtui/tokens/vault.py",
        "                self._save(token)\n\n    def close",
        "                pass\n\n    def close",
        "tests/session/test_session.py tests/tokens/test_vault.py",
    ),
    Rule(
        "nothing is sent that the end would not wait for",
        "semtui/session/session.py",
        "            if self.ending:\n",
        "            if False:\n",
        "tests/session/test_session.py tests/tokens/test_vault.py",
    ),
    Rule(
        "no token is asked for once the end has begun",
        "semtui/tokens/vault.py",
        "            if self.ending:\n                self.report_too_late",
        "            if False:\n                self.report_too_late",
        "tests/session/test_session.py tests/tokens/test_vault.py",
    ),
    Rule(
        "no second token is asked for while the first may still come",
        "semtui/tokens/vault.py",
        "        if wait := self.seconds_until_over(account_id, but):\n",
        "        if wait := 0:\n",
        "tests/session/test_session.py tests/tokens/test_vault.py",
    ),
    Rule(
        "nor by another semtui, nor after a new start",
        "semtui/tokens/vault.py",
        "        return max(0.0, *left, *(each.left(now) for each in self._records_of(account_id, but)))\n",
        "        return max(0.0, *left)\n",
        "tests/session/test_session.py tests/tokens/test_vault.py",
    ),
    Rule(
        "what is stored is known the moment it is",
        "semtui/session/session.py",
        "        self.vault.release(token)\n        return words\n",
        "        return words\n",
        "tests/session/test_session.py tests/tokens/test_vault.py tests/tokens/test_delivery.py",
    ),
    Rule(
        "what is held is saved before anything is waited for",
        "semtui/session/session.py",
        "        self.end()\n        wait_active",
        "        self.vault.ending = True\n        wait_active",
        "tests/session/test_session.py tests/tokens/test_vault.py",
    ),
    Rule(
        "what comes during the end is saved at once",
        "semtui/tokens/vault.py",
        "            if self.ending:\n                self._save(token)\n",
        "",
        "tests/session/test_session.py tests/tokens/test_vault.py",
    ),
    Rule(
        "a record is locked before there is anything in it",
        "semtui/system/private_files.py",
        "                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)\n",
        "                pass\n",
        "tests/tokens/test_journal.py",
    ),
    Rule(
        "what another kernel's program does is not judged",
        "semtui/system/processes.py",
        '        return "gone" if restarted else "unknown"\n',
        '        return "gone"\n',
        "tests/tokens/test_journal.py",
    ),
    Rule(
        "no token is made that could be kept nowhere",
        "semtui/tokens/journal.py",
        "        raise PrivateFileError(errors[0])\n",
        "        return Path(), errors[0]\n",
        "tests/tokens/test_storage_locations.py",
    ),
    Rule(
        "a rescue file is private from its first byte",
        "semtui/system/private_files.py",
        "    descriptor = os.open(target, _NEW | os.O_APPEND, 0o600)\n    complete = False\n",
        "    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT, 0o644)\n    complete = False\n",
        "tests/system/test_private_files.py",
    ),
    Rule(
        "leaving an unstored token asks",
        "semtui/tui/screens/token_display.py",
        "        if self._stored:\n            self._close()\n            return\n",
        "        self._close()\n        return\n",
        "tests/tui/test_token_display.py",
    ),
    Rule(
        "what the terminal was sent is not called stored",
        "semtui/tui/screens/token_display.py",
        "            self._sent = True\n",
        '            self._stored = "copied"\n',
        "tests/tui/test_token_display.py",
    ),
    Rule(
        "quitting with an unstored token asks",
        "semtui/tui/app.py",
        "        if pending and warning != self._quit_warning:\n",
        "        if False:\n",
        "tests/tui/test_token_display.py tests/tui/test_people_page.py tests/terminal/test_terminal.py",
    ),
    Rule(
        "signals end the program in order",
        "semtui/cli/launch.py",
        "    ending = install_shutdown_signals(organizations, drawn=not arguments.plain)\n",
        "",
        "tests/terminal/test_endings.py",
    ),
    Rule(
        "a token is masked until it is asked for",
        "semtui/tui/screens/token_display.py",
        "        self._shown = False\n        self._masking",
        "        self._shown = True\n        self._masking",
        "tests/tui/test_token_display.py",
    ),
    Rule(
        "a token stays in the program's memory only as long as it is needed",
        "semtui/tui/screens/token_display.py",
        '        self.app._clipboard = ""\n',
        "",
        "tests/tui/test_token_display.py",
    ),
)
