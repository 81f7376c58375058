"""The command line: choose an organization, open it, run the screen or export, close everything in order."""

from __future__ import annotations

import argparse
import os
import re
import resource
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from semtui import __version__
from semtui.contexts import Chosen, Context, choose_context
from semtui.export_command import add_export_options, export, order
from semtui.hosts import ConfigurationError
from semtui.terminals import obstacle, terminal_of, utf8_locale
from semtui.text import clean

if TYPE_CHECKING:
    from semtui.debug_log import DebugLog

# They make Textual write keys, pictures or frames to files and sockets, or load code: a token could be among them.
_TEXTUAL_SWITCHES = ("TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_SCREENSHOT", "TEXTUAL_DRIVER", "TEXTUAL_DEBUG", "TEXTUAL_PRESS")


_UNKNOWN = "there is an argument semtui does not know; a token is never one. See semtui --help."
_QUOTES_NOTHING = re.compile(r"argument --[a-z-]+: expected one argument")


class _Parser(argparse.ArgumentParser):
    """Refuses what it does not know without repeating it: somebody may have tried to give a token."""

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        known, unknown = self.parse_known_args(args, namespace)
        if unknown:
            self.error(_UNKNOWN)
        return known

    def error(self, message: str) -> NoReturn:
        super().error(message if _QUOTES_NOTHING.fullmatch(message) else _UNKNOWN)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    # An abbreviation that is no option is unknown too, and must not be quoted as ambiguous.
    parser = _Parser(
        allow_abbrev=False,
        prog="semtui",
        description="Semaphore's People page in a terminal: members, service accounts and their roles.",
        epilog="Without --demo, token and host come from SEMAPHORE_API_TOKEN and SEMAPHORE_HOST, or else from the "
        "active context of ~/.sem.yaml, which Semaphore's own command-line tools write. A token is never taken "
        "from the command line, where others could read it.",
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
    parser.add_argument("--version", action="version", version=f"semtui {__version__}")
    words = "people, service accounts, groups or roles as CSV or JSON; needs no terminal"
    commands = parser.add_subparsers(dest="command", metavar="[export]", title="without the screen")
    exporting = commands.add_parser("export", allow_abbrev=False, help=f"write {words}", description=f"Write {words}.")
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
        type=Path,
        default=argparse.SUPPRESS,
        help="trust the certificate authorities in this PEM file too",
    )


def _chosen(arguments: argparse.Namespace, closing: ExitStack) -> Chosen:
    """The organization to open. Raises ConfigurationError."""
    if arguments.demo:
        if arguments.context or arguments.host:
            raise ConfigurationError("--demo opens the built-in organization; leave out --context and --host.")
        from semtui.demo import DemoServer

        server = closing.enter_context(DemoServer())
        host = server.address.removeprefix("http://")
        return Chosen(Context("demo", host, server.address, server.tokens["owner"]), ())
    return choose_context(context_name=arguments.context, host=arguments.host, environ=os.environ, home=_home())


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        raise ConfigurationError("Your home directory cannot be found; set HOME to it.") from None


def _ca_file(given: Path | None) -> Path | None:
    """The file, seen to hold certificates. Raises ConfigurationError."""
    if given is None:
        return None
    import ssl

    shown = clean(str(given))
    try:
        path = given.expanduser()
        ssl.create_default_context(cafile=path)
        return path
    except RuntimeError:
        raise ConfigurationError(f"The home directory in {shown} is unknown; give --ca-file the whole path.") from None
    except ssl.SSLError:
        raise ConfigurationError(f"{shown} holds no certificates in PEM form; give --ca-file one that does.") from None
    except OSError as error:
        raise ConfigurationError(f"{shown} cannot be read ({error.strerror}); give --ca-file another.") from None


def main(argv: Sequence[str] | None = None) -> int:
    """Run semtui; returns the exit status: 0, 1 after a crash or an incomplete export, 2 when it could not start."""
    arguments = _arguments(argv)
    with ExitStack() as closing:
        try:
            wanted = order(arguments) if arguments.command == "export" else None
            arguments.ca_file = _ca_file(arguments.ca_file)
            chosen = _chosen(arguments, closing)
            # Textual draws on standard error; a token must not end up in a file that leads to.
            if wanted is None:
                _see_that_it_can_draw()
        except ConfigurationError as error:
            print(f"semtui: {error}", file=sys.stderr)
            return 2
        for name in (*_TEXTUAL_SWITCHES, "SEMAPHORE_API_TOKEN"):
            os.environ.pop(name, None)
        try:
            log = _debug_log(closing) if arguments.debug else None
            if wanted is not None:
                return export(chosen, wanted, ca_file=arguments.ca_file, log=log)
            return _run(chosen, arguments, log)
        except ConfigurationError as error:
            print(f"semtui: {error}", file=sys.stderr)
            return 2


def _see_that_it_can_draw() -> None:
    """Raises ConfigurationError where the screen would be of no use."""
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise ConfigurationError(
            "semtui needs a terminal to draw on; start it without pipes and redirections. `semtui export` needs none."
        )
    size = os.get_terminal_size(sys.stderr.fileno())
    if words := obstacle(os.environ, size.columns, size.lines):
        raise ConfigurationError(words)


def _debug_log(closing: ExitStack) -> DebugLog:
    """A log for this run, told of at its end. Raises ConfigurationError."""
    from semtui.debug_log import DebugLog
    from semtui.private_files import PrivateFileError

    try:
        log = DebugLog(os.environ, _home())
    except PrivateFileError as error:
        raise ConfigurationError(f"No debug log can be written. {error}") from None
    closing.callback(lambda: print(f"semtui: the debug log is {clean(str(log.path))} (mode 0600).", file=sys.stderr))
    closing.callback(log.close)
    return log


def _close_memory() -> None:
    """Keep other programs of the same user, and core files, from what this one holds: every token it has seen."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform == "linux":
        import ctypes

        not_dumpable = 4  # PR_SET_DUMPABLE
        ctypes.CDLL(None).prctl(not_dumpable, 0, 0, 0, 0)


def _run(chosen: Chosen, arguments: argparse.Namespace, log: DebugLog | None) -> int:
    from semtui.organizations import Organizations
    from semtui.signals import end_in_order_on_signals, farewell

    _close_memory()
    organizations = Organizations(
        environ=os.environ,
        home=_home(),
        read_only=arguments.read_only,
        read_write=arguments.read_write,
        ca_file=arguments.ca_file,
        log=log,
    )
    end_in_order_on_signals(organizations)
    utf8 = utf8_locale(os.environ, sys.stderr.encoding, sys.flags.utf8_mode)
    terminal = terminal_of(os.environ, utf8=utf8)
    if terminal.remote:
        # Each step of an animation would cross the link.
        os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    try:
        with organizations:
            # Opened before Textual is imported, so that the connection is being prepared meanwhile.
            session = organizations.open(chosen.context)
            from semtui.app import SemtuiApp

            app = SemtuiApp(session, organizations=organizations, warnings=chosen.warnings, terminal=terminal)
            # Over SSH the mouse is worth more for selecting text, and each move of it would cross the link.
            app.run(mouse=not terminal.remote)
            if any(each.writes_under_way for each in organizations.sessions):
                print("semtui: waiting for the end of a request that is still under way…", file=sys.stderr)
    finally:
        for sentence in farewell(organizations):
            print(sentence, file=sys.stderr)
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
