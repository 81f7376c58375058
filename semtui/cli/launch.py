"""Runs what the arguments ask for: opens an organization, runs the screen, line mode or an export, and shuts down."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from semtui.cli.commands import module_of
from semtui.cli.connection import Connection
from semtui.settings.contexts import Chosen, Context, choose_context
from semtui.system import crash_report
from semtui.system.errors import ConfigurationError
from semtui.system.gc_tuning import freeze_loaded
from semtui.system.terminal import obstacle, terminal_of, utf8_locale
from semtui.text.clean import clean

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from semtui.cli.opened_snapshot import OpenedSnapshot
    from semtui.organization.store import OrganizationStore
    from semtui.session.manager import SessionManager
    from semtui.session.session import Session
    from semtui.system.debug_log import DebugLog

# These make Textual write keys, screenshots or frames to files and sockets, or load code: a token could be among them.
_TEXTUAL_SWITCHES = ("TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_SCREENSHOT", "TEXTUAL_DRIVER", "TEXTUAL_DEBUG", "TEXTUAL_PRESS")

_NO_KEY_LOG = "SSLKEYLOGFILE is ignored: keys of connections written to a file would give API tokens away."


def _chosen_context(arguments: argparse.Namespace, closing: ExitStack) -> Chosen:
    """The organization to open. Raises ConfigurationError."""
    if arguments.demo:
        if arguments.context or arguments.host:
            raise ConfigurationError("--demo opens the built-in organization; leave out --context and --host.")
        from semtui.demo.server import DemoServer

        server = closing.enter_context(DemoServer())
        host = server.address.removeprefix("http://")
        return Chosen(Context("demo", host, server.address, server.tokens["owner"], demo=True), ())
    return choose_context(context_name=arguments.context, host=arguments.host, environ=os.environ, home=_home())


def _home() -> str:
    """Raises ConfigurationError."""
    home = os.path.expanduser("~")
    if home == "~":
        raise ConfigurationError("Your home directory cannot be found; set HOME to it.")
    return home


def _ca_file(given: Path | None) -> Path | None:
    """The --ca-file, checked to hold certificates. Raises ConfigurationError."""
    if given is None:
        return None
    from semtui.api.certificates import tls_context

    try:
        path = given.expanduser()
    except RuntimeError:
        shown = clean(str(given))
        raise ConfigurationError(f"The home directory in {shown} is unknown; give --ca-file the full path.") from None
    tls_context(path, os.environ)
    return path


def start(arguments: argparse.Namespace) -> int:
    """Run what the arguments ask for; returns the exit status."""
    from semtui.system.hardening import forbid_memory_dumps

    forbid_memory_dumps()
    crash_report.install_hooks()
    status = _start(arguments)
    crash_report.report_survived()
    return 1 if crash_report.has_crashed() and not status else status


def _start(arguments: argparse.Namespace) -> int:
    # Whoever has a connection's keys and a recording of it can read the tokens sent over it.
    key_log = os.environ.pop("SSLKEYLOGFILE", "")
    with ExitStack() as closing:
        try:
            module = module_of(arguments.command) if arguments.command else None
            arguments.ca_file = _ca_file(arguments.ca_file)
            wanted = module and module.order(arguments)
            if module and wanted and wanted.offline:
                freeze_loaded()
                return module.run(wanted, None)
            if module and arguments.file is not None:
                raise ConfigurationError(f"{arguments.command} asks an organization; leave out --from.")
            snapshot = _snapshot(arguments)
            chosen = snapshot.chosen if snapshot else _chosen_context(arguments, closing)
            if key_log:
                chosen = replace(chosen, warnings=(*chosen.warnings, _NO_KEY_LOG))
            if snapshot is None:
                _check_connection_settings(chosen.context, arguments.ca_file)
            if wanted is None and arguments.plain:
                _check_standard_streams()
            elif wanted is None:
                _check_can_draw()
        except ConfigurationError as error:
            print(f"semtui: {error}", file=sys.stderr)
            return 2
        for name in (*_TEXTUAL_SWITCHES, "SEMAPHORE_API_TOKEN"):
            os.environ.pop(name, None)
        try:
            log = _debug_log(closing) if arguments.debug else None
            if module is not None:
                return module.run(wanted, Connection(chosen, arguments.ca_file, log))
            return _run(chosen, arguments, log, snapshot)
        except ConfigurationError as error:
            print(f"semtui: {error}", file=sys.stderr)
            return 2


def _check_connection_settings(context: Context, ca_file: Path | None) -> None:
    """Raises ConfigurationError if the proxy or certificate settings make every request impossible."""
    from semtui.api.network import check_connection_settings
    from semtui.api.proxies import leave_out_socks

    check_connection_settings(context.base_url, ca_file, os.environ)
    leave_out_socks(os.environ)


def _check_can_draw() -> None:
    """Raises ConfigurationError if no screen can be drawn here."""
    # Textual draws on standard error; if that were a file, a token would end up in it.
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise ConfigurationError(
            "semtui needs a terminal to draw on; start it without pipes and redirections. `semtui --plain` and "
            "`semtui export` need none."
        )
    size = os.get_terminal_size(sys.stderr.fileno())
    if words := obstacle(os.environ, size.columns, size.lines):
        raise ConfigurationError(words)


def _check_standard_streams() -> None:
    """Raises ConfigurationError if standard input or output is closed."""
    if sys.stdin is None or sys.stdout is None:
        raise ConfigurationError("Line mode reads standard input and writes standard output; one of them is closed.")


def _debug_log(closing: ExitStack) -> DebugLog:
    """A log of this run; its path is printed at the end. Raises ConfigurationError."""
    from pathlib import Path

    from semtui.system.debug_log import DebugLog
    from semtui.system.private_files import PrivateFileError

    try:
        log = DebugLog(os.environ, Path(_home()))
    except PrivateFileError as error:
        raise ConfigurationError(f"No debug log can be written. {error}") from None
    closing.callback(lambda: print(f"semtui: {log.words}", file=sys.stderr))
    closing.callback(log.close)
    closing.callback(crash_report.log_to, None)
    # The exception that ends the program is reported after the log is closed, so it is logged before that.
    closing.push(lambda kind, error, trace: crash_report.log(error) if error else None)
    crash_report.log_to(log.fault)
    return log


def _snapshot(arguments: argparse.Namespace) -> OpenedSnapshot | None:
    """The snapshot of --from, if given. Raises ConfigurationError."""
    if arguments.file is None:
        return None
    from semtui.cli.opened_snapshot import opened

    return opened(arguments)


def _run(
    chosen: Chosen, arguments: argparse.Namespace, log: DebugLog | None, snapshot: OpenedSnapshot | None = None
) -> int:
    from pathlib import Path

    from semtui.cli.shutdown import orderly
    from semtui.session.manager import SessionManager

    home = Path(_home())
    _use_settings(home)
    organizations = SessionManager(
        environ=os.environ,
        home=home,
        read_only=arguments.read_only,
        read_write=arguments.read_write,
        ca_file=arguments.ca_file,
        log=log,
    )
    with orderly(organizations, drawn=not arguments.plain):
        # Opened before the other imports, so that the connection is prepared while they run.
        session, warnings, store = _open(chosen, organizations, snapshot)
        run = _run_line_mode if arguments.plain else _run_screen
        return run(session, organizations, warnings, store)


def _use_settings(home: Path) -> None:
    """Use the keys, the filters and the look of the user's settings. Raises ConfigurationError."""
    from semtui.settings import keymap, named_filters, screen_settings
    from semtui.settings.key_config import load_keys
    from semtui.settings.organization_marks import settings_path
    from semtui.tui.content.sorts import SORTS

    path = settings_path(os.environ, home)
    keymap.use(load_keys(path))
    screen_settings.use(screen_settings.load_screen_settings(path, SORTS))
    filters = named_filters.load_filters(path)
    if filters:
        from semtui.organization.filters.language import FilterError
        from semtui.organization.filters.matching import check

        for name, text in filters.items():
            try:
                check(text)
            except FilterError as error:
                raise ConfigurationError(f"{named_filters.where(path, name)}: {error}") from None
    named_filters.use(filters)


def _open(
    chosen: Chosen, organizations: SessionManager, snapshot: OpenedSnapshot | None
) -> tuple[Session, tuple[str, ...], OrganizationStore | None]:
    """The session of the organization or snapshot, what to warn of, and the lists of a snapshot."""
    if snapshot is not None:
        session = organizations.open_snapshot(chosen.context, snapshot.words)
        return session, chosen.warnings, snapshot.store(session)
    session = organizations.open(chosen.context)
    return session, (*chosen.warnings, *organizations.warnings(chosen.context)), None


def _run_line_mode(
    session: Session, organizations: SessionManager, warnings: tuple[str, ...], store: OrganizationStore | None
) -> int:
    """Run line mode to its end; returns the exit status."""
    from semtui.plain.app import run

    freeze_loaded()
    utf8 = utf8_locale(os.environ, sys.stdout.encoding, sys.flags.utf8_mode)
    ascii_only = terminal_of(os.environ, utf8=utf8).ascii_only
    run(session, organizations, warnings=warnings, ascii_only=ascii_only, store=store)
    return 0


def _run_screen(
    session: Session, organizations: SessionManager, warnings: tuple[str, ...], store: OrganizationStore | None
) -> int:
    """Run the screen to its end; returns the exit status."""
    # In seconds: the thread that parses long answers yields to a key within a millisecond.
    sys.setswitchinterval(0.001)
    utf8 = utf8_locale(os.environ, sys.stderr.encoding, sys.flags.utf8_mode)
    terminal = terminal_of(os.environ, utf8=utf8)
    if terminal.remote:
        # Every animation step would be sent over the network.
        os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    else:
        # Textual waits one frame before it draws what a key changed; by default its frames are four times as long.
        os.environ.setdefault("TEXTUAL_FPS", "250")
    from semtui.cli.shutdown import WAITING
    from semtui.tui.app import SemtuiApp

    app = SemtuiApp(session, organizations=organizations, store=store, warnings=warnings, terminal=terminal)
    # Over SSH the mouse is left to the terminal for selecting text, and its moves are not sent over the network.
    app.run(mouse=not terminal.remote)
    if any(each.writes_under_way for each in organizations.sessions):
        print(WAITING, file=sys.stderr)
    crash_report.report_first()
    if app.return_code is None:
        raise RuntimeError("The screen ended without being asked to.")
    return app.return_code
