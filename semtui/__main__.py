"""The command line. What is not needed to understand it is imported once it is understood: --help comes at once."""

from __future__ import annotations

import argparse
import gc
import os
import re
import sys

from semtui import __version__

# As in `typing`, whose import would take as long as everything else here.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any, NoReturn


_UNKNOWN = "there is an argument semtui does not know"
_SEE = "A token is never one. See semtui --help."
_QUOTES_NOTHING = r"argument --[a-z-]+: expected one argument"
_VALUE_FOR_NONE = r"argument (?:-\w/)?(--[a-z-]+): ignored explicit argument .*"
_SHORTEST_TOKEN = 20
"""Semaphore's API tokens have that many characters, and may begin with hyphens."""


class _Formatter(argparse.HelpFormatter):
    """As wide as the terminal. To find that out, and to fold a paragraph, argparse by itself loads modules about
    archives and text, which takes longer than all of this."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)

    def _split_lines(self, text: str, width: int) -> list[str]:
        lines = [""]
        for word in text.split():
            if lines[-1] and len(lines[-1]) + len(word) >= width:
                lines.append("")
            lines[-1] += f" {word}" if lines[-1] else word
        return lines

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in self._split_lines(text, width - len(indent)))


class _Version(argparse.Action):
    """Prints the version as it is, without the formatting argparse does."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"semtui {__version__}")
        parser.exit()


def _columns() -> int:
    try:
        return os.get_terminal_size().columns or 80
    except OSError:
        return 80


class _Parser(argparse.ArgumentParser):
    """Refuses what it does not know, and names it as far as it cannot be a token somebody tried to give."""

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
        if valued := re.fullmatch(_VALUE_FOR_NONE, message, re.DOTALL):
            super().error(f"{_UNKNOWN}: a value for {valued[1]}, which takes none. {_SEE}")
        # A word that is no command; the options have not all been looked at.
        self._refuse(
            [
                each
                for each in self._given
                if f"invalid choice: {each!r}" in message or (each[:1] == "-" and _name(each) not in self._options)
            ]
        )

    @property
    def _options(self) -> set[str]:
        commands = [*(self._subparsers._group_actions if self._subparsers else ())]
        parsers = [parser for each in commands for parser in (each.choices or {}).values()]
        return {option for parser in (self, *parsers) for option in parser._option_string_actions}

    def _refuse(self, arguments: Sequence[str]) -> NoReturn:
        """An option is named, and what is close to a known word; anything else is told by its place."""
        import difflib

        named, meant = [], []
        for argument in arguments:
            name = _name(argument)
            close = difflib.get_close_matches(name, [*self._options, "export"], n=1)
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


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    # An abbreviation that is no option is unknown too, and must not be quoted as ambiguous.
    parser = _Parser(
        allow_abbrev=False,
        formatter_class=_Formatter,
        prog="semtui",
        usage="%(prog)s [options]\n       %(prog)s export [options]",
        description="Semaphore's People page in a terminal: members, service accounts and their roles.",
        epilog="Without --demo, token and host come from the context of ~/.sem.yaml that SEM_CONTEXT names, else from "
        "SEMAPHORE_API_TOKEN and SEMAPHORE_HOST, else from the active context. Semaphore's own command-line tools "
        "write that file. A token is never taken from the command line, where others could read it.",
    )
    _add_connection_options(parser)
    parser.set_defaults(demo=False, context=None, host=None, read_only=False, ca_file=None)
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
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    words = "people, service accounts, groups, roles or projects as CSV or JSON; needs no terminal"
    commands = parser.add_subparsers(prog="semtui", dest="command", metavar="[export]", title="without the screen")
    exporting = commands.add_parser(
        "export", allow_abbrev=False, formatter_class=_Formatter, help=f"write {words}", description=f"Write {words}."
    )
    if "export" in (sys.argv[1:] if argv is None else argv):
        from semtui.cli.export import add_export_options

        _add_connection_options(exporting)
        add_export_options(exporting)
    arguments: argparse.Namespace = parser.parse_args(argv)
    return arguments


def _add_connection_options(parser: argparse.ArgumentParser) -> None:
    """The options every command takes. Without defaults: given before the command they must hold after it too."""
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


def _path(text: str) -> Path:
    from pathlib import Path

    return Path(text)


def _tell_crash(*fault: Any) -> None:
    from semtui.system.crash_report import tell_crash

    tell_crash(*fault)


def main(argv: Sequence[str] | None = None) -> int:
    """Run semtui; returns the exit status: 0, 1 after a crash or an incomplete export, 2 when it could not start."""
    # What is loaded at the start stays, and looking through it for garbage again and again takes a tenth of the time to
    # the first frame. `memory.begin_collection` ends this.
    gc.disable()
    sys.excepthook = _tell_crash
    try:
        arguments = _arguments(argv)
        from semtui.cli.launch import start

        return start(arguments)
    finally:
        gc.enable()


if __name__ == "__main__":
    sys.exit(main())
