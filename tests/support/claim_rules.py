"""Rules that keep semtui from claiming what it has not verified: a token that was stored, an account that is ours."""

from __future__ import annotations

from tests.support.custody_rules import Rule

CLAIMS = (
    # A command that is handed a token
    Rule(
        "a status that does not speak for every part of a command is not believed",
        "semtui/tokens/delivery.py",
        "    doubt = _RUNS_ON if ending.still_running else command.doubt\n",
        '    doubt = _RUNS_ON if ending.still_running else ""\n',
        "tests/tokens/test_delivery.py",
    ),
    Rule(
        "the status of a pipeline is that of any part that fails",
        "semtui/tokens/delivery.py",
        '        return (bash, "--posix", "-p", "-o", "pipefail"), True\n',
        '        return (bash, "--posix", "-p"), True\n',
        "tests/tokens/test_delivery.py",
    ),
    Rule(
        "a shell that heeds only the last part of a pipeline is not believed",
        "semtui/tokens/delivery.py",
        "    return (with_pipefail, True) if has_pipefail else ((_SH,), False)\n",
        "    return (with_pipefail, True) if has_pipefail else ((_SH,), True)\n",
        "tests/tokens/test_delivery.py",
    ),
    Rule(
        "a command that did not read the token has not stored it",
        "semtui/tokens/delivery.py",
        "    if ending.unread:\n",
        "    if False:\n",
        "tests/tokens/test_delivery.py",
    ),
    Rule(
        "a command that leaves a program running is not believed",
        "semtui/tokens/delivery.py",
        "    doubt = _RUNS_ON if ending.still_running else command.doubt\n",
        "    doubt = command.doubt\n",
        "tests/tokens/test_delivery.py",
    ),
    Rule(
        "the status of what stands before ; or || is not taken for known",
        "semtui/system/shell_command.py",
        '{"", "|", "&&"}',
        '{"", "|", "&&", "||"}',
        "tests/system/test_shell_command.py tests/tokens/test_delivery.py",
    ),
    Rule(
        "what brackets and substitutions hide is doubted",
        "semtui/system/shell_command.py",
        '[^"$`\\\\!]*',
        '[^"]*',
        "tests/system/test_shell_command.py tests/tokens/test_delivery.py",
    ),
    Rule(
        "a part in the background is doubted",
        "semtui/system/shell_command.py",
        '{"", "|", "&&"}',
        '{"", "|", "&&", "&"}',
        "tests/system/test_shell_command.py tests/tokens/test_delivery.py",
    ),
    Rule(
        "a program nobody knows is doubted",
        "semtui/system/shell_command.py",
        '    return "" if any(_is_call_of(words, *store) for store in _STORES) else _unclear(part)\n',
        '    return ""\n',
        "tests/system/test_shell_command.py tests/tokens/test_delivery.py",
    ),
    Rule(
        "a program of that name in another place is doubted",
        "semtui/system/shell_command.py",
        r'r"^/(?:usr/(?:local/)?)?bin/(?=\w)"',
        r'r"^.*/(?=\w)"',
        "tests/system/test_shell_command.py tests/tokens/test_delivery.py",
    ),
    Rule(
        "a command to run elsewhere is doubted",
        "semtui/system/shell_command.py",
        "        if not spec or first in given or ",
        '        if (not spec and word != "--") or first in given or ',
        "tests/system/test_shell_command.py tests/tokens/test_delivery.py",
    ),
    Rule(
        "a known program that is told to do something else is doubted",
        "semtui/system/shell_command.py",
        "        rest[:number] == subcommands\n",
        "        True\n",
        "tests/system/test_shell_command.py tests/tokens/test_delivery.py",
    ),
    Rule(
        "an option nobody knows is doubted",
        "semtui/system/shell_command.py",
        "            return None\n",
        "            continue\n",
        "tests/system/test_shell_command.py",
    ),
    # A creation whose answer was lost
    Rule(
        "an account somebody else made is not ours",
        "semtui/changes/create_account.py",
        "    if own_id and creator and creator != own_id:\n",
        "    if False:\n",
        "tests/changes/test_creation.py",
    ),
    Rule(
        "an account is ours only if we know who we are",
        "semtui/changes/create_account.py",
        '    return "this" if own_id and creator == own_id and same_words else "unknown"\n',
        '    return "this" if same_words else "unknown"\n',
        "tests/changes/test_creation.py",
    ),
    Rule(
        "an account with another description may not be ours",
        "semtui/changes/create_account.py",
        '    return "this" if own_id and creator == own_id and same_words else "unknown"\n',
        '    return "this" if own_id and creator == own_id else "unknown"\n',
        "tests/changes/test_creation.py",
    ),
    Rule(
        "an account that was listed before is not ours",
        "semtui/changes/create_account.py",
        "    if account.id in sent.known_ids:\n",
        "    if False:\n",
        "tests/changes/test_creation.py",
    ),
    Rule(
        "an account made before the request is not ours",
        "semtui/changes/create_account.py",
        "        if made_at < sent.at - sent.leeway:\n",
        "        if False:\n",
        "tests/changes/test_creation.py",
    ),
    Rule(
        "an account made long after the request is not ours",
        "semtui/changes/create_account.py",
        "        if made_at > sent.at + longest + sent.leeway:\n",
        "        if False:\n",
        "tests/changes/test_creation.py",
    ),
    Rule(
        "an account made under a name like it is not ours",
        "semtui/changes/create_account.py",
        "    if _never_renamed(account) and account.name.strip() != clean(sent.name.strip()):\n",
        "    if False:\n",
        "tests/changes/test_creation.py",
    ),
    Rule(
        "an account that was only renamed so does not hide ours",
        "semtui/changes/create_account.py",
        '                if maker in ("this", "unknown") or (maker == "other" and _never_renamed(account)):\n',
        "                if True:\n",
        "tests/changes/test_creation.py",
    ),
)
