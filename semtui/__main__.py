"""The command line: choose an organization, open it, run the screen, close everything in order."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from semtui import __version__
from semtui.contexts import Chosen, Context, choose_context
from semtui.hosts import ConfigurationError

# They make Textual write keys, pictures or frames to files and sockets, or load code: a token could be among them.
_TEXTUAL_SWITCHES = ("TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_SCREENSHOT", "TEXTUAL_DRIVER", "TEXTUAL_DEBUG", "TEXTUAL_PRESS")


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="semtui",
        description="Semaphore's People page in a terminal: members, service accounts and their roles.",
        epilog="Without --demo, token and host come from SEMAPHORE_API_TOKEN and SEMAPHORE_HOST, or else from the "
        "active context of ~/.sem.yaml, which Semaphore's own command-line tools write. A token is never taken "
        "from the command line, where others could read it.",
    )
    parser.add_argument(
        "--demo", action="store_true", help="open the built-in demo organization; nothing real is touched"
    )
    parser.add_argument("--context", metavar="NAME", help="use this context of ~/.sem.yaml")
    parser.add_argument("--host", metavar="HOST", help="the organization's address, as acme.semaphoreci.com")
    parser.add_argument("--read-only", action="store_true", help="send nothing that could change anything")
    parser.add_argument(
        "--ca-file", metavar="PATH", type=Path, help="trust the certificate authorities in this PEM file too"
    )
    parser.add_argument("--version", action="version", version=f"semtui {__version__}")
    return parser.parse_args(argv)


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


def _check_ca_file(path: Path | None) -> None:
    if path is None:
        return
    import ssl

    try:
        ssl.create_default_context(cafile=path.expanduser())
    except ssl.SSLError:
        raise ConfigurationError(f"{path} holds no certificates in PEM form; give --ca-file one that does.") from None
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read ({error.strerror}); give --ca-file another.") from None


def main(argv: Sequence[str] | None = None) -> int:
    """Run semtui; returns the exit status: 0, 1 after a crash, 2 when it could not start."""
    arguments = _arguments(argv)
    with ExitStack() as closing:
        try:
            _check_ca_file(arguments.ca_file)
            chosen = _chosen(arguments, closing)
            if not (sys.stdin.isatty() and sys.stdout.isatty()):
                raise ConfigurationError("semtui needs a terminal to draw on; start it without pipes and redirections.")
        except ConfigurationError as error:
            print(f"semtui: {error}", file=sys.stderr)
            return 2
        for name in (*_TEXTUAL_SWITCHES, "SEMAPHORE_API_TOKEN"):
            os.environ.pop(name, None)
        return _run(chosen, arguments)


def _run(chosen: Chosen, arguments: argparse.Namespace) -> int:
    from semtui.session import Session
    from semtui.signals import end_in_order_on_signals, farewell

    session = Session(chosen.context, read_only=arguments.read_only, ca_file=arguments.ca_file)
    end_in_order_on_signals(session)
    try:
        # Entered before Textual is imported, so that the connection is being prepared meanwhile.
        with session:
            from semtui.app import SemtuiApp

            app = SemtuiApp(session, warnings=chosen.warnings)
            app.run()
            if session.writes_under_way:
                print("semtui: waiting for the end of a request that is still under way…", file=sys.stderr)
    finally:
        for sentence in farewell(session):
            print(sentence, file=sys.stderr)
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
