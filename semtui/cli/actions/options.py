"""The options of commands that change something, made from what their actions take."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from semtui.cli.actions.action import Action, Actions
from semtui.cli.actions.step import Wanted, keys_of
from semtui.cli.formats import add_format_option
from semtui.system.errors import ConfigurationError

if TYPE_CHECKING:
    from semtui.cli.actions.step import ActionForm, Argument

FORMS: tuple[ActionForm, ...] = ("text", "json")
STATUS_WORDS = """\
The exit status is 0 when it is done, 1 when Semaphore refused or nothing arrived
there, 2 when it was not started, 4 when it is not known whether it was done, 5 when
only a part of it is known to be done. .github/COMMANDS.md explains more."""

TOLD_STATUS = "The exit status is 0 when it is told, 2 when it cannot be."


@dataclass(frozen=True)
class ActionOptions:
    """The options that all actions have."""

    dry_run: bool = False
    form: ActionForm = "text"
    ids_only: bool = False
    yes: bool = False
    confirm: str | None = None
    read_only: bool = False
    read_write: bool = False


@dataclass(frozen=True)
class ActionOrder:
    """One action that is asked for."""

    command: str
    """As `account create`."""
    action: Action
    wanted: Wanted
    options: ActionOptions
    offline: bool = False


def add_actions(parser: argparse.ArgumentParser, actions: Actions) -> None:
    """Add the actions of a command, each with its options."""
    added = parser.add_subparsers(prog=parser.prog, dest="action", metavar="ACTION", required=True, title="actions")
    for name, action in actions.items():
        described = f"{action.words[0].upper()}{action.words[1:]}."
        of_action = added.add_parser(name, allow_abbrev=False, help=action.words, description=described)
        for argument in action.arguments:
            _add(of_action, argument)
        add_action_options(of_action, dangerous=action.dangerous, sends=action.sends)
        of_action.formatter_class = argparse.RawDescriptionHelpFormatter
        of_action.epilog = "\n\n".join(filter(None, (action.epilog, STATUS_WORDS if action.sends else TOLD_STATUS)))


def _add(parser: argparse.ArgumentParser, argument: Argument) -> None:
    if argument.positional:
        number = "+" if argument.many else None if argument.required else "?"
        parser.add_argument(argument.key, metavar=argument.metavar, nargs=number, help=argument.words)
    elif argument.flag:
        parser.add_argument(f"--{argument.name}", dest=argument.key, action="store_true", help=argument.words)
    else:
        parser.add_argument(
            f"--{argument.name}",
            dest=argument.key,
            metavar=argument.metavar,
            required=argument.required,
            action="append" if argument.many else "store",
            help=argument.words,
        )


def add_action_options(
    parser: argparse.ArgumentParser, *, dangerous: bool, at_id: bool = True, sends: bool = True
) -> None:
    """Add the options that every action has, or every one that `sends` something."""
    if sends:
        parser.add_argument(
            "--dry-run", action="store_true", help="say what it would do and what that changes; send nothing"
        )
    if dangerous:
        parser.add_argument("--yes", action="store_true", help="allow what cannot be undone, or locks somebody out")
        parser.add_argument("--confirm", metavar="NAME", help="the name once more, of what it is done to")
    add_format_option(parser, FORMS)
    if at_id:
        parser.add_argument("--at-id", action="store_true", help="take ids only, never names")
    if sends:
        parser.add_argument(
            "--read-write",
            action="store_true",
            # A default would override what was given before the command.
            default=argparse.SUPPRESS,
            help="allow the change in an organization that is marked in semtui's settings, which is read-only "
            "otherwise",
        )


def action_order(arguments: argparse.Namespace, command: str, actions: Actions) -> ActionOrder:
    """The action that is asked for. Raises ConfigurationError."""
    action = actions[arguments.action]
    wanted = Wanted({key: getattr(arguments, key) for key in keys_of(action.arguments)})
    options = options_of(arguments)
    if not action.sends:
        options = replace(options, read_only=True)
    return ActionOrder(f"{command} {arguments.action}", action, wanted, options)


def options_of(arguments: argparse.Namespace, *, ids_only: bool = False) -> ActionOptions:
    """The options that all actions have; `ids_only` where it is no option. Raises ConfigurationError."""
    form = next((form for form in FORMS if form == arguments.format), None)
    if form is None:
        raise ConfigurationError(f"--format takes {' or '.join(FORMS)}.")
    return ActionOptions(
        dry_run=getattr(arguments, "dry_run", False),
        form=form,
        ids_only=getattr(arguments, "at_id", ids_only),
        yes=getattr(arguments, "yes", False),
        confirm=getattr(arguments, "confirm", None),
        read_only=arguments.read_only,
        read_write=arguments.read_write,
    )
