"""The arguments of each command. An argument that is not understood is never echoed: it may be a token."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from semtui import __version__
from semtui.cli.commands import COMMANDS, module_of

if TYPE_CHECKING:
    from pathlib import Path

_UNKNOWN = "unknown argument"
_SEE = "A token is never one. See semtui --help."
_QUOTES_NOTHING = r"argument --[a-z-]+: expected one argument|the following arguments are required: [A-Za-z, -]+"
_VALUE_FOR_NONE = r"argument (?:-\w/)?(--[a-z-]+): ignored explicit argument .*"
_SHORTEST_TOKEN = 20
"""In characters. Semaphore's API tokens have that many, and may begin with hyphens."""


def _path(given: str) -> Path:
    # Most starts name no file, and importing this takes as long as reading the arguments.
    from pathlib import Path

    return Path(given)


class _Parser(argparse.ArgumentParser):
    """Refuses unknown arguments, and quotes one only if it cannot be a token."""

    _given: Sequence[str] = ()

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        self._given = sys.argv[1:] if args is None else list(args)
        known, unknown = self.parse_known_args(self._given, namespace)
        if unknown:
            self._refuse(unknown)
        return known

    def error(self, message: str) -> NoReturn:
        if re.fullmatch(_QUOTES_NOTHING, message):
            super().error(message)
        if re.match(r"argument ACTION: invalid choice", message):
            super().error(f"the first argument is one of {', '.join(self._actions_by_name)}. {_SEE}")
        if valued := re.fullmatch(_VALUE_FOR_NONE, message, re.DOTALL):
            super().error(f"{_UNKNOWN}: a value for {valued[1]}, which takes none. {_SEE}")
        # An unknown command. argparse stops there, so unknown options have to be found here.
        self._refuse(
            [
                each
                for each in self._given
                if f"invalid choice: {each!r}" in message or (each[:1] == "-" and _name(each) not in self._options)
            ]
        )

    @property
    def _actions_by_name(self) -> dict[str, argparse.ArgumentParser]:
        """The parsers of what comes behind a command's name, or of the commands themselves."""
        groups = self._subparsers._group_actions if self._subparsers else ()
        return {name: parser for each in groups for name, parser in dict[str, Any](each.choices or {}).items()}

    @property
    def _options(self) -> set[str]:
        parsers = self._actions_by_name.values()
        return {option for parser in (self, *parsers) for option in parser._option_string_actions}

    def _refuse(self, arguments: Sequence[str]) -> NoReturn:
        """Quote options and near misses of known words; give only the position of anything else."""
        named, meant = [], []
        for argument in arguments:
            name = _name(argument)
            from difflib import get_close_matches

            close = get_close_matches(name, [*self._options, *COMMANDS], n=1, cutoff=0.7)
            meant += close
            place = f"argument {self._given.index(argument) + 1}" if argument in self._given else "one more"
            named.append(name if close or _is_nameable(name) else place)
        what = f": {', '.join(named)}" if named else ""
        hint = f" Did you mean {' and '.join(dict.fromkeys(meant))}?" if meant else ""
        super().error(f"{_UNKNOWN}{what}.{hint} {_SEE}")


def _name(argument: str) -> str:
    return argument.partition("=")[0]


def _is_nameable(name: str) -> bool:
    return len(name) < _SHORTEST_TOKEN and bool(re.fullmatch(r"-[A-Za-z]|--[a-z]+(-[a-z]+)*", name))


class _CommandParser(_Parser):
    """Adds its options only when the command is used: their help needs modules that the screen does not load."""

    _filled = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        self.fill()
        return super().parse_known_args(args, namespace)

    def fill(self) -> None:
        """Add the options, once."""
        if self._filled:
            return
        self._filled = True
        _add_connection_options(self)
        _, command, *action = self.prog.split()
        # The parsers of actions have been filled by their command.
        if not action:
            module_of(command).add_options(self)


def read_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The parsed arguments; `argv` is the command line without the program's name, None for this process's own.

    Prints and exits for --help, --version, and arguments that are not understood.
    """
    arguments: argparse.Namespace = _parser().parse_args(argv)
    return arguments


def whole_parser() -> argparse.ArgumentParser:
    """The parser with the options of every command, which are otherwise added when the command is used."""
    parser = _parser()
    for command in parser._actions_by_name.values():
        assert isinstance(command, _CommandParser)
        command.fill()
        for action in command._actions_by_name.values():
            assert isinstance(action, _CommandParser)
            action.fill()
    return parser


def _parser() -> _Parser:
    # No abbreviations: argparse would quote an ambiguous one, which may be a token.
    parser = _Parser(
        allow_abbrev=False,
        prog="semtui",
        usage="%(prog)s [options]\n       %(prog)s COMMAND [options]",
        description="Semaphore's People page in a terminal: members, service accounts and their roles.",
        epilog="Without --demo, token and host come from the context of ~/.sem.yaml that SEM_CONTEXT names, else from "
        "SEMAPHORE_API_TOKEN and SEMAPHORE_HOST, else from the active context. Semaphore's own command-line tools "
        "write that file. A token is never taken from the command line, where others could read it.",
    )
    _add_connection_options(parser)
    _add_screen_options(parser)
    parser.set_defaults(demo=False, context=None, host=None, read_only=False, ca_file=None)
    parser.add_argument(
        "--version", action="version", version=f"semtui {__version__}", help="show the version and exit"
    )
    commands = parser.add_subparsers(
        prog="semtui", dest="command", metavar="COMMAND", title="without the screen", parser_class=_CommandParser
    )
    for name, words in COMMANDS.items():
        described = f"{words[0].upper()}{words[1:]}."
        commands.add_parser(name, allow_abbrev=False, help=words, description=described)
    return parser


def _add_screen_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from",
        dest="file",
        metavar="FILE",
        type=_path,
        help="show a snapshot that `semtui snapshot` wrote; needs no token and no network",
    )
    parser.add_argument(
        "--read-write",
        action="store_true",
        help="allow changes in an organization that is marked in semtui's settings, which is read-only otherwise",
    )
    parser.add_argument(
        "--debug",
        action="store_true",
        help="write a log of requests that can be sent to a stranger: no token, no name, no host, no body",
    )
    parser.add_argument(
        "--plain",
        action="store_true",
        help="line mode: numbered menus and plain lines instead of a screen, for screen readers and dumb terminals",
    )


def _add_connection_options(parser: argparse.ArgumentParser) -> None:
    """The options every command takes. No defaults: those of the command would override what was given before it."""
    parser.add_argument(
        "--demo",
        action="store_true",
        default=argparse.SUPPRESS,
        help="open the built-in demo organization; nothing real is touched",
    )
    for option, metavar, words in (
        ("--context", "NAME", "use this context of ~/.sem.yaml"),
        ("--host", "HOST", "the organization's address, as acme.semaphoreci.com"),
    ):
        parser.add_argument(option, metavar=metavar, default=argparse.SUPPRESS, help=words)
    parser.add_argument(
        "--read-only",
        action="store_true",
        default=argparse.SUPPRESS,
        help="send nothing that could change anything",
    )
    parser.add_argument(
        "--ca-file",
        metavar="PATH",
        type=_path,
        default=argparse.SUPPRESS,
        help="trust the certificate authorities in this PEM file too",
    )
