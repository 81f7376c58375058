"""`semtui man`: a manual page, made from the parsers."""

from __future__ import annotations

import argparse
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui import __version__
from semtui.cli.headless import print_text

if TYPE_CHECKING:
    from semtui.cli.connection import Connection


@dataclass(frozen=True)
class ManOrder:
    """That the page is asked for."""

    offline: bool = True


def add_options(parser: argparse.ArgumentParser) -> None:
    """The help of `semtui man`."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = """\
  semtui man | man -l -                                      reads it
  semtui man > ~/.local/share/man/man1/semtui.1              lets `man semtui` find it"""


def order(arguments: argparse.Namespace) -> ManOrder:
    """What was asked for."""
    return ManOrder()


def run(order: ManOrder, connection: Connection | None) -> int:
    """Print the page; returns the exit status."""
    return 0 if print_text(page()) else 1


def page() -> str:
    """The manual page, in roff."""
    from semtui.cli.arguments import whole_parser

    parser = whole_parser()
    lines = [
        f'.TH SEMTUI 1 "" "semtui {__version__}" "User Commands"',
        ".SH NAME",
        f"semtui \\- {_roff(parser.description or '')}",
        ".SH SYNOPSIS",
        ".B semtui",
        "[options]",
        ".br",
        ".B semtui",
        ".I COMMAND",
        "[options]",
        ".SH DESCRIPTION",
        _roff(parser.epilog or ""),
        ".SH OPTIONS",
        *_options(parser),
        ".SH COMMANDS",
    ]
    for name, command in _commands(parser):
        lines += _command(name, command)
    return "".join(f"{line}\n" for line in lines if line)


def _commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _command(name: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    """One command, and after it its actions."""
    of_connection = {"demo", "context", "host", "read_only", "ca_file", "help"}
    yield f".SS semtui {_roff(' '.join([name, *_positionals(parser)]))}"
    yield _roff(parser.description or "")
    yield from _options(parser, but=of_connection)
    if parser.epilog:
        yield ".PP"
        yield ".nf"
        yield from (_roff(line) or ".sp" for line in parser.epilog.splitlines())
        yield ".fi"
    for action, each in _commands(parser):
        yield from _command(f"{name} {action}", each)


def _positionals(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if not action.option_strings and not isinstance(action, argparse._SubParsersAction):
            yield str(action.metavar or action.dest)


def _options(parser: argparse.ArgumentParser, but: Collection[str] = ()) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction) or action.help == argparse.SUPPRESS or action.dest in but:
            continue
        yield ".TP"
        value = f" \\fI{_roff(str(action.metavar))}\\fR" if action.metavar and action.nargs != 0 else ""
        if action.option_strings:
            yield ", ".join(f"\\fB{_roff(option)}\\fR{value}" for option in action.option_strings)
        else:
            yield f"\\fI{_roff(str(action.metavar or action.dest))}\\fR"
        yield _roff((action.help or "").replace("%%", "%"))


def _roff(text: str) -> str:
    """A text in which roff sees no request and no escape."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("%(prog)s", "semtui")
    text = re.sub(r"^([.'])", r"\\&\1", text, flags=re.MULTILINE)
    return re.sub(r"[^\x00-\x7f]", lambda found: f"\\[u{ord(found[0]):04X}]", text)
