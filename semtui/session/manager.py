"""Which organization is open, and how another one of ~/.sem.yaml is opened."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.api.network import check_connection_settings
from semtui.session.kept_journal import kept_journal
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Chosen, Context, choose_context
from semtui.settings.marked_hosts import MarkedHosts
from semtui.settings.organization_marks import OrganizationMark, load_marks, settings_path
from semtui.settings.sem_yaml import Entry, load
from semtui.system.private_directories import state_directory
from semtui.text.clean import clean

if TYPE_CHECKING:
    from semtui.system.debug_log import DebugLog


@dataclass(frozen=True)
class ContextEntry:
    """A context of ~/.sem.yaml that can be opened."""

    name: str
    host: str
    mark: OrganizationMark


class SessionManager:
    """Opens sessions, one at a time, and closes all of them at the end. Use as a context manager.

    `read_only` applies to all of them; `read_write` lifts the read-only of organizations marked so.
    """

    def __init__(
        self,
        *,
        environ: Mapping[str, str],
        home: Path,
        read_only: bool = False,
        read_write: bool = False,
        ca_file: Path | None = None,
        log: DebugLog | None = None,
    ) -> None:
        self._log = log
        self._environ = environ
        self._home = home
        self._read_only = read_only
        self._read_write = read_write
        self._ca_file = ca_file
        self._settings_path = settings_path(environ, home)
        self._marked = load_marks(self._settings_path)
        self.sessions: list[Session] = []
        """Every session opened, the current one last."""

    def __enter__(self) -> SessionManager:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self, context: Context) -> Session:
        """Open a session; previous ones stay open until `close`, or until they are closed themselves.

        Raises ConfigurationError when the settings cannot be read.
        """
        mark = self._marks_for(context).of(context.name, context.host)
        read_only = self._read_only or (mark.read_only and not self._read_write)
        # The demo organization ends with this run.
        journal = None if context.demo else kept_journal(self._environ, self._home)
        state = None if context.demo else partial(state_directory, self._environ, self._home)
        options = SessionOptions(
            read_only=read_only, ca_file=self._ca_file, mark=mark, log=self._log, journal=journal, state=state
        )
        session = Session(context, options)
        self.sessions.append(session)
        session.__enter__()
        session.permissions.fetch()
        return session

    def open_snapshot(self, context: Context, words: str) -> Session:
        """Begin a session for a file: it asks nobody. `words` say which, as `snapshot of 2026-11-26 09:00 UTC`."""
        session = Session(context, SessionOptions(snapshot=words, log=self._log))
        self.sessions.append(session)
        session.__enter__()
        return session

    def warnings(self, context: Context) -> tuple[str, ...]:
        """What is wrong with the marks, in sentences. Raises ConfigurationError."""
        return self._marks_for(context).warnings(context.name, context.host)

    def _marks_for(self, context: Context) -> MarkedHosts:
        # The demo organization is nobody's; nothing that matters can happen there.
        if context.demo or not self._marked:
            return MarkedHosts({}, (), self._settings_path)
        return self._marks(self._entries())

    def _marks(self, entries: Sequence[Entry]) -> MarkedHosts:
        return MarkedHosts(self._marked, entries, self._settings_path)

    def _entries(self) -> tuple[Entry, ...]:
        return load(os.path.join(self._home, ".sem.yaml")).entries

    def listed(self) -> tuple[ContextEntry, ...]:
        """The contexts of ~/.sem.yaml as it is now, by name. Raises ConfigurationError."""
        entries = self._entries()
        marks = self._marks(entries)
        found = [
            ContextEntry(clean(entry.name, limit=200), origin.host, marks.of(entry.name, origin.host))
            for entry in entries
            if entry.can_be_opened and (origin := entry.origin) is not None
        ]
        return tuple(sorted(found, key=lambda listed: listed.name.lower()))

    def choose(self, name: str) -> Chosen:
        """The context of that name. Raises ConfigurationError."""
        # What the environment says belongs to the context semtui was started with.
        chosen = choose_context(context_name=name, environ={}, home=self._home)
        check_connection_settings(chosen.context.base_url, self._ca_file, os.environ)
        return chosen

    def close(self) -> None:
        """Save unstored tokens in every session, then close each, even if others fail; that may take 45
        seconds."""
        with ExitStack() as closing:
            for session in self.sessions:
                closing.callback(session.close)
            # What was pushed last comes first.
            for session in self.sessions:
                closing.callback(session.end)
