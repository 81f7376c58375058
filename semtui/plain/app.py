"""Line mode: its start and the main menu."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from semtui import __version__
from semtui.api.permissions import MANAGE_PEOPLE, MANAGE_SERVICE_ACCOUNTS
from semtui.organization.store import OrganizationStore
from semtui.plain import accounts, export, groups, members, recovery, roles
from semtui.plain.console import Console, Leave
from semtui.plain.context import Job, PlainContext
from semtui.plain.projects import projects
from semtui.plain.subjects import browse
from semtui.settings.contexts import NONE_TO_OPEN
from semtui.system.errors import ConfigurationError
from semtui.wording import lists as list_words
from semtui.wording.organizations import CHOSEN_BY_VARIABLE

if TYPE_CHECKING:
    from semtui.session.manager import SessionManager
    from semtui.session.session import Session

_CREATE = Job("create", "Create a service account", MANAGE_SERVICE_ACCOUNTS, "")
_CREATE_GROUP = Job("create_group", "Create a group", MANAGE_PEOPLE, "")
_INVITE = Job("invite", "Invite a person", MANAGE_PEOPLE, "")


class PlainApp:
    """Shows one organization after another, until the user leaves."""

    def __init__(
        self,
        session: Session,
        console: Console,
        *,
        organizations: SessionManager | None = None,
        warnings: tuple[str, ...] = (),
        store: OrganizationStore | None = None,
    ) -> None:
        self._console = console
        self._organizations = organizations
        self._warnings = warnings
        self._context = PlainContext(console, store or OrganizationStore(session))

    def run(self) -> None:
        """Run until the user leaves or the input ends."""
        try:
            self._console.say(f"semtui {__version__}, line mode. ? helps, q leaves.")
            self._open()
            while True:
                self._main_menu()
        except Leave:
            return

    def _open(self) -> None:
        """Say which organization this is and what is special about it, then load it."""
        session = self._context.session
        demo = ", the demo organization: nothing real is touched" if session.context.demo else ""
        proxy = f", through the proxy {session.proxy}" if session.proxy else ""
        chosen_by = f", {CHOSEN_BY_VARIABLE}" if session.context.from_environment else ""
        label = f", marked {session.mark.label}" if session.mark.label else ""
        self._console.say(f"Organization {session.context.host}{chosen_by}{label}{demo}{proxy}.")
        for words in filter(None, (session.read_only_reason, *self._warnings)):
            self._console.say(words)
        self._context.load()
        recovery.report_unfinished(self._context)
        recovery.report_due(self._context)

    def _main_menu(self) -> None:
        context = self._context
        counts = list_words.tabs(context.people, context.store.projects)
        works: list[tuple[str, Callable[[], None]]] = [
            (f"Everybody and everything, {counts['all']}", partial(browse, context, None)),
            (f"People, {counts['person']}", partial(browse, context, "person")),
            (f"Service accounts, {counts['account']}", partial(browse, context, "account")),
            (f"Groups, {counts['group']}", partial(browse, context, "group")),
            (f"Roles, {counts['roles']}", partial(roles.roles, context)),
            ("Projects", partial(projects, context)),
            (self._offer(_CREATE), partial(self._do, _CREATE, accounts.create_account)),
            (self._offer(_CREATE_GROUP), partial(self._do, _CREATE_GROUP, groups.create_group)),
            (self._offer(_INVITE), partial(self._do, _INVITE, members.invite)),
            ("Export to a file", partial(export.export, context)),
            ("Reload", self._reload),
            ("Open another organization of ~/.sem.yaml", self._choose_context),
            ("Audit: who can do something, what somebody can do, and why", self._audit),
            ("Changes made through semtui: the journal, and undoing the last", self._changes_made),
        ]
        if recovery.rescued(context):
            works.append(("Open a token saved by an earlier run", partial(recovery.open_rescued, context)))
        # 0 means nothing here: after many of them one too many must not type the next number into a shell.
        works[self._console.menu(self._title, [words for words, _ in works], zero="", stay=True) - 1][1]()

    @property
    def _title(self) -> str:
        age, _ = list_words.age(self._context.people, self._context.session.clock())
        return f"Main menu, {age}" if " ago" in age else "Main menu"

    def _changes_made(self) -> None:
        from semtui.plain.journal import changes_made

        changes_made(self._context)

    def _audit(self) -> None:
        from semtui.plain.audit import audit as ask

        ask(self._context)

    def _offer(self, job: Job) -> str:
        return f"{job.words}: not possible" if self._context.obstacle(job, None) else job.words

    def _do(self, job: Job, work: Callable[[PlainContext], None]) -> None:
        if obstacle := self._context.obstacle(job, None):
            self._console.complain(obstacle)
        else:
            work(self._context)

    def _reload(self) -> None:
        if obstacle := self._context.session.reload_obstacle:
            self._console.complain(obstacle)
            return
        # Permissions may have been granted meanwhile; a refusal met again is remembered again.
        self._context.session.permissions.fetch_again()
        self._context.load()

    def _choose_context(self) -> None:
        try:
            listed = self._organizations.listed() if self._organizations else ()
        except ConfigurationError as error:
            self._console.complain(str(error))
            return
        if not listed:
            self._console.complain(NONE_TO_OPEN)
            return
        entries = []
        for each in listed:
            marks = [each.mark.label, "read-only" if each.mark.read_only else ""]
            here = "open now" if each.name == self._context.session.context.name else ""
            entries.append(", ".join(filter(None, (each.host, f"context {each.name}", *marks, here))))
        if chosen := self._console.menu("Which organization?", entries, zero="stays here"):
            self._switch(listed[chosen - 1].name)

    def _switch(self, name: str) -> None:
        """Close everything of this organization and open that of another context."""
        assert self._organizations is not None, "a context was chosen among its contexts"
        try:
            chosen = self._organizations.choose(name)
            session = self._organizations.open(chosen.context)
        except ConfigurationError as error:
            self._console.complain(str(error))
            return
        self._context.session.close()
        self._warnings = chosen.warnings
        self._context = PlainContext(self._console, OrganizationStore(session))
        self._open()


def run(
    session: Session,
    organizations: SessionManager,
    *,
    warnings: tuple[str, ...] = (),
    ascii_only: bool = False,
    store: OrganizationStore | None = None,
) -> None:
    """Line mode on standard input and output."""
    console = Console(sys.stdin, sys.stdout, ascii_only=ascii_only)
    console.handle_suspension()
    PlainApp(session, console, organizations=organizations, warnings=warnings, store=store).run()
