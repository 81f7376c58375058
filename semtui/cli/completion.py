"""`semtui completion SHELL`: a script for bash, zsh or fish, made from the parsers.

Names come from the lists that commands read last: the script runs `semtui completion --names KIND`, which reads a file.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from semtui.cli.formats import forms_of
from semtui.cli.headless import print_text
from semtui.system.errors import ConfigurationError

if TYPE_CHECKING:
    from semtui.cli.connection import Connection

SHELLS = ("bash", "zsh", "fish")
NAMES: Mapping[str, str] = {
    "account account": "accounts",
    "rotate account": "accounts",
    "member person": "people",
    "member deactivate": "accounts",
    "member regenerate": "accounts",
    "impact subject": "joining",
    "trace subject": "joining",
    "member member": "members",
    "member role": "roles",
    "group group": "groups",
    "group member": "joining",
    "group add": "joining",
    "group remove": "joining",
    "role role": "roles",
    "role permission": "permissions",
    "role add": "permissions",
    "role remove": "permissions",
    "project project": "projects",
    "project member": "members",
    "project role": "project roles",
    "account role": "roles",
    "group role": "roles",
    "who-can permission": "permissions",
    "why permission": "permissions",
    "why subject": "members",
    "can subject": "members",
    "show given": "everything",
    "compare roles": "roles",
    "on": "projects",
    "context": "contexts",
}
"""Which names an argument takes: by the command and the argument, or by the argument alone."""


@dataclass(frozen=True)
class CompletionOrder:
    """Which script to print, or names of which kind."""

    shell: str
    names: str | None = None
    offline: bool = True


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui completion`."""
    parser.add_argument(
        "shell", metavar="SHELL", nargs="?", default="", help=f"{', '.join(SHELLS[:-1])} or {SHELLS[-1]}"
    )
    parser.add_argument("--names", metavar="KIND", help=argparse.SUPPRESS)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = """\
  bash   semtui completion bash > ~/.local/share/bash-completion/completions/semtui
  zsh    semtui completion zsh > ~/.zfunc/_semtui, with ~/.zfunc in $fpath
  fish   semtui completion fish > ~/.config/fish/completions/semtui.fish

Names of people, accounts, groups, roles and projects are those of the lists a command
read last; completing sends no request."""


def order(arguments: argparse.Namespace) -> CompletionOrder:
    """What was asked for. Raises ConfigurationError."""
    if arguments.names is None and arguments.shell not in SHELLS:
        raise ConfigurationError("SHELL is bash, zsh or fish.")
    return CompletionOrder(arguments.shell, arguments.names)


def run(order: CompletionOrder, connection: Connection | None) -> int:
    """Print the script, or names; returns the exit status."""
    if order.names is not None:
        from semtui.cli.known_names import known_names

        return 0 if print_text("".join(f"{name}\n" for name in known_names(order.names))) else 1
    return 0 if print_text(script(order.shell)) else 1


def script(shell: str) -> str:
    """The script for a shell."""
    import shtab

    from semtui.cli.arguments import whole_parser

    parser = whole_parser()
    for command, action in arguments_of(parser):
        complete = _complete(command, action)
        if complete is not None:
            action.complete = complete  # type: ignore[attr-defined]
    preamble = {"bash": _bash(), "zsh": _zsh(), "fish": ""}[shell]
    text: str = shtab.complete(parser, shell, preamble=preamble)
    return text


def arguments_of(parser: argparse.ArgumentParser, command: str = "") -> Iterator[tuple[str, argparse.Action]]:
    """Every argument of a parser and the parsers of its commands, with the name of the command."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, each in action.choices.items():
                yield from arguments_of(each, command or name)
        else:
            yield command, action


def _complete(command: str, action: argparse.Action) -> Mapping[str, Any] | None:
    """How the value of an argument is completed, by shell; None for one that cannot be."""
    import shtab

    if kind := NAMES.get(f"{command} {action.dest}") or NAMES.get(action.dest):
        words = f"_semtui_{kind.replace(' ', '_')}"
        return {"bash": words, "zsh": words, "fish": f"(semtui completion --names '{kind}')"}
    if action.type is Path or action.metavar in ("PATH", "FILE", "DIR") or action.dest == "token_to":
        files: Mapping[str, Any] = shtab.FILE
        return files
    values = forms_of(action) or _values(command, action.dest)
    if not values:
        return None
    return {
        "bash": f"_semtui_{'_'.join(values).replace('-', '_')}",
        "zsh": f"({' '.join(values)})",
        "fish": " ".join(values),
        "preamble": {"bash": _bash_words(values)},
    }


def _values(command: str, argument: str) -> Sequence[str]:
    """The words an argument takes; none if it takes others."""
    from semtui.changes.invite import PROVIDERS
    from semtui.cli.findings import THRESHOLDS
    from semtui.export.contents import WHATS
    from semtui.wording.listings import LISTED

    found: dict[str, Sequence[str]] = {
        "what": WHATS if command == "export" else LISTED,
        "scope": ("organization", "project"),
        "at": [name for name, _ in PROVIDERS],
        "fail_on": THRESHOLDS,
        "expected": ("yes", "no"),
        "shell": SHELLS,
    }
    return found.get(argument, ())


# Functions of the shells


def _kinds() -> list[str]:
    return sorted({*NAMES.values()})


def _bash() -> str:
    """A name with spaces is one word, and written as bash reads it."""
    functions = [
        f"""\
_semtui_{kind.replace(" ", "_")}() {{
  local name
  while IFS= read -r name; do
    [[ "$name" == "$1"* || "$(printf %q "$name")" == "$1"* ]] && printf '%q\\n' "$name"
  done < <(semtui completion --names '{kind}' 2>/dev/null)
}}"""
        for kind in _kinds()
    ]
    return "\n".join(functions)


def _bash_words(values: Sequence[str]) -> str:
    words = " ".join(values)
    return f"_semtui_{'_'.join(values).replace('-', '_')}() {{ compgen -W '{words}' -- \"$1\"; }}"


def _zsh() -> str:
    functions = [
        f"""\
_semtui_{kind.replace(" ", "_")}() {{
  local -a names
  names=("${{(@f)$(semtui completion --names '{kind}' 2>/dev/null)}}")
  compadd -a names
}}"""
        for kind in _kinds()
    ]
    return "\n".join(functions)
