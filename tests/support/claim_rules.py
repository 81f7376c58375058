"""Rules that keep semtui from claiming what it has not verified: a token that was stored, an account that is ours."""

from __future__ import annotations

from tests.support.rule import Rule

CLAIMS = (
    # A command that is handed a token
    Rule(
        "a secret that may only be hidden is not called absent",
        "semtui.api.secrets_client:SecretsClient.find_secret",
        "await self.check_secrets_right(project_id)",
        "",
        "tests/api/test_secrets_client.py",
    ),
    Rule(
        "a status that does not speak for every part of a command is not believed",
        "semtui.tokens.delivery:deliver",
        "doubt = _RUNS_ON if ending.still_running else command.doubt",
        'doubt = _RUNS_ON if ending.still_running else ""',
        "tests/tokens/test_delivery.py",
    ),
    Rule(
        "the status of a pipeline is that of any part that fails",
        "semtui.tokens.delivery:_shell",
        'return ((bash, "--posix", "-p", "-o", "pipefail"), True)',
        'return ((bash, "--posix", "-p"), True)',
        "tests/tokens/test_delivery.py",
    ),
    Rule(
        "a shell that heeds only the last part of a pipeline is not believed",
        "semtui.tokens.delivery:_shell",
        "return (with_pipefail, True) if has_pipefail else ((_SH,), False)",
        "return (with_pipefail, True) if has_pipefail else ((_SH,), True)",
        "tests/tokens/test_delivery.py",
    ),
    Rule(
        "a command that did not read the token has not stored it",
        "semtui.tokens.delivery:deliver",
        "if ending.unread: ...",
        "if False: ...",
        "tests/tokens/test_delivery.py",
    ),
    Rule(
        "a command that leaves a program running is not believed",
        "semtui.tokens.delivery:deliver",
        "doubt = _RUNS_ON if ending.still_running else command.doubt",
        "doubt = command.doubt",
        "tests/tokens/test_delivery.py",
    ),
    Rule(
        "the status of what stands before ; or || is not taken for known",
        "semtui.system.shell_command:_doubt",
        '{"", "|", "&&"}',
        '{"", "|", "&&", "||"}',
        "tests/system/test_shell_command.py tests/tokens/test_delivery.py",
    ),
    Rule(
        "what brackets and substitutions hide is doubted",
        "semtui.system.shell_command:_PLAIN",
        r'''r"""(?:[\w./+:@%=,~>|& \t-]|'(?![();<>|&]+')[^']*'|"(?![();<>|&]+")[^"$`\\!]*")*"""''',
        r'''r"""(?:[\w./+:@%=,~>|& \t-]|'(?![();<>|&]+')[^']*'|"(?![();<>|&]+")[^"]*")*"""''',
        "tests/system/test_shell_command.py tests/tokens/test_delivery.py",
    ),
    Rule(
        "a part in the background is doubted",
        "semtui.system.shell_command:_doubt",
        '{"", "|", "&&"}',
        '{"", "|", "&&", "&"}',
        "tests/system/test_shell_command.py tests/tokens/test_delivery.py",
    ),
    Rule(
        "a program nobody knows is doubted",
        "semtui.system.shell_command:_doubt_of_last",
        'return "" if any(_is_call_of(words, *store) for store in _STORES) else _unclear(part)',
        'return ""',
        "tests/system/test_shell_command.py tests/tokens/test_delivery.py",
    ),
    Rule(
        "a program of that name in another place is doubted",
        "semtui.system.shell_command:_USUAL_PLACE",
        r'r"^/(?:usr/(?:local/)?)?bin/(?=\w)"',
        r'r"^.*/(?=\w)"',
        "tests/system/test_shell_command.py tests/tokens/test_delivery.py",
    ),
    Rule(
        "a command to run elsewhere is doubted",
        "semtui.system.shell_command:_read_options",
        "not spec",
        'not spec and word != "--"',
        "tests/system/test_shell_command.py tests/tokens/test_delivery.py",
    ),
    Rule(
        "a known program that is told to do something else is doubted",
        "semtui.system.shell_command:_is_call_of",
        "rest[:number] == subcommands",
        "True",
        "tests/system/test_shell_command.py tests/tokens/test_delivery.py",
    ),
    Rule(
        "an option nobody knows is doubted",
        "semtui.system.shell_command:_read_options",
        "return None",
        "continue",
        "tests/system/test_shell_command.py",
    ),
    # A creation whose answer was lost
    Rule(
        "an account somebody else made is not ours",
        "semtui.changes.create_account:_creator",
        "if own_id and creator and (creator != own_id): ...",
        "if False: ...",
        "tests/changes/test_creation.py",
    ),
    Rule(
        "an account is ours only if we know who we are",
        "semtui.changes.create_account:_creator",
        'return "this" if own_id and creator == own_id and same_words else "unknown"',
        'return "this" if same_words else "unknown"',
        "tests/changes/test_creation.py",
    ),
    Rule(
        "an account with another description may not be ours",
        "semtui.changes.create_account:_creator",
        'return "this" if own_id and creator == own_id and same_words else "unknown"',
        'return "this" if own_id and creator == own_id else "unknown"',
        "tests/changes/test_creation.py",
    ),
    Rule(
        "an account that was listed before is not ours",
        "semtui.changes.create_account:_creator",
        "if account.id in sent.known_ids: ...",
        "if False: ...",
        "tests/changes/test_creation.py",
    ),
    Rule(
        "an account made before the request is not ours",
        "semtui.changes.create_account:_creator",
        "if made_at < sent.at - sent.leeway: ...",
        "if False: ...",
        "tests/changes/test_creation.py",
    ),
    Rule(
        "an account made long after the request is not ours",
        "semtui.changes.create_account:_creator",
        "if made_at > sent.at + longest + sent.leeway: ...",
        "if False: ...",
        "tests/changes/test_creation.py",
    ),
    Rule(
        "an account made under a name like it is not ours",
        "semtui.changes.create_account:_creator",
        "if _never_renamed(account) and account.name.strip() != clean(sent.name.strip()): ...",
        "if False: ...",
        "tests/changes/test_creation.py",
    ),
    Rule(
        "an account that was only renamed so does not hide ours",
        "semtui.changes.create_account:check_creation.look",
        'if maker in ("this", "unknown") or (maker == "other" and _never_renamed(account)): ...',
        "if True: ...",
        "tests/changes/test_creation.py",
    ),
)
