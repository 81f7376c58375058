"""Rules that keep a command from doing what was not asked for, and from saying what is not so."""

from __future__ import annotations

from tests.support.rule import Rule

COMMANDS = (
    Rule(
        "a dangerous command needs --yes and the name",
        "semtui.cli.actions.running:require_confirmation",
        "if wanted is None or (options.yes and options.confirm in wanted.accepted): ...",
        "if True: ...",
        "tests/cli/test_account_commands.py",
    ),
    Rule(
        "a read-only organization refuses a command",
        "semtui.cli.actions.running:open_context",
        "closed = options.read_only or (session.mark.read_only and not options.read_write)",
        "closed = False",
        "tests/cli/test_account_commands.py",
    ),
    Rule(
        "a command whose answer was lost is not called done",
        "semtui.cli.actions.step:Result.outcome",
        "outcomes = {part.outcome for part in self.parts}",
        "outcomes = {'done'}",
        "tests/cli/test_account_commands.py",
    ),
    Rule(
        "a terminal is shown a token only with --show",
        "semtui.cli.actions.tokens:token_destination",
        "if to.stdout and sys.stdout is not None and sys.stdout.isatty() and not wanted.flag('show'): ...",
        "pass",
        "tests/cli/test_action_custody.py",
    ),
    Rule(
        "a plan is refused when the world has drifted",
        "semtui.cli.applying:Applying._step",
        "if (step.title, as_json(step.seen)) == (planned.words, planned.seen): ...",
        "return step",
        "tests/cli/test_plan_and_apply.py",
    ),
    Rule(
        "a change of a plan that is done is not made again",
        "semtui.cli.applying:Applying._step",
        "if state in ('done', 'partly'): ...",
        "pass",
        "tests/cli/test_plan_and_apply.py",
    ),
    Rule(
        "a plan that was touched is refused",
        "semtui.cli.change_files:read_plan",
        "if given != _hash_of(found): ...",
        "pass",
        "tests/cli/test_plan_and_apply.py",
    ),
)
