"""What every job of line mode needs: the open organization, a way to send requests, and words for their outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from semtui.api.errors import SemaphoreError
from semtui.changes import availability
from semtui.changes.carry_out import carry_out
from semtui.changes.result import ChangeResult
from semtui.plain.browser import LastSearch
from semtui.plain.speech import row_words
from semtui.session.waiting import wait_for
from semtui.text.counting import count
from semtui.wording import lists as list_words
from semtui.wording.tokens import NOT_STORED_YET

if TYPE_CHECKING:
    from semtui.changes.reconcile import Reconciliation
    from semtui.organization.people import People
    from semtui.organization.query import Selection
    from semtui.organization.store import OrganizationStore
    from semtui.organization.subject import Kind, Subject
    from semtui.plain.console import Console
    from semtui.session.session import Session

T = TypeVar("T")


@dataclass(frozen=True)
class Job:
    """An action line mode offers for a row."""

    method: str
    words: str
    permission: str
    needs: str = "row"


class PlainContext:
    """One open organization and the console of its user."""

    def __init__(self, console: Console, store: OrganizationStore) -> None:
        self.console = console
        self.store = store
        self.last_searches: Mapping[str, LastSearch] = {page: LastSearch() for page in ("people", "roles", "projects")}
        """What was searched for last, as on each page of the screen."""
        console.pending = self._pending

    @property
    def session(self) -> Session:
        """The session with Semaphore."""
        return self.store.session

    @property
    def people(self) -> People:
        """The lists as currently known."""
        return self.store.people

    def _pending(self) -> str:
        return NOT_STORED_YET if self.session.unstored_tokens else ""

    def wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Wait for the result without a time limit."""
        return wait_for(self.session, coroutine)

    def wait_for(self, starting: str, coroutine: Coroutine[Any, Any, T]) -> T | None:
        """The same, saying first what is waited for, and then any error; None if there was one."""
        self.console.say(starting)
        try:
            return self.wait(coroutine)
        except SemaphoreError as error:
            self.session.permissions.note_refusal(error)
            self.console.say(str(error))
            return None

    # Lists

    def rows(self, search: str, kind: Kind | None = None) -> Sequence[Subject]:
        """The people, accounts and groups a search finds. Raises FilterError."""
        return self.selection(search, kind).rows

    def selection(self, search: str, kind: Kind | None = None) -> Selection:
        """The same, and for how many more it is not known."""
        from semtui.audit.access.selecting import shown
        from semtui.organization.query import View

        return shown(self.people, self.store.projects, View(kind, search), self.store.as_of)

    def row_words(self, subject: Subject, tab: Kind | None = None) -> str:
        """A row in one line, where rows of the kind `tab` are listed, or of every kind."""
        return row_words(subject, self.people, self.session.clock(), tab)

    def load(self) -> None:
        """Load all lists, and say how that went."""
        known = self.people.users.is_known
        self.console.say(f"{'Reloading' if known else 'Loading'} the lists of {self.session.context.host}…")

        async def everything() -> None:
            await asyncio.gather(self.store.load_people(lambda: None), self.session.permissions.wait())

        self.wait(everything())
        errors = list_words.list_errors(self.people)
        for words, names in errors.items():
            self.console.say(f"{', '.join(names)}: {words}")
        for words in list_words.skew_words(self.session.server_time, self.session.clock()):
            self.console.say(words)
        rows = count(len(self.people.subjects), "row")
        self.console.say(f"{'Reloaded' if known else 'Loaded'} {rows}{', not everything' if errors else ''}.")

    # Changes

    def obstacle(self, job: Job, subject: Subject | None) -> str:
        """Why a job cannot be done to a row; empty when no reason is known."""
        session = self.session
        permission = availability.permission_for(job, subject)
        return availability.session_obstacle(
            job, permission, subject, read_only_reason=session.read_only_reason, denied=session.permissions.denied
        ) or availability.row_obstacle(job, subject, community=self.people.community)

    def carry_out(
        self,
        starting: str,
        send: Callable[[], Awaitable[ChangeResult]],
        check: Callable[[], Awaitable[Reconciliation]],
        refusal_words: Callable[[SemaphoreError], str] = str,
    ) -> ChangeResult | None:
        """Send once, and check the outcome of a lost answer. None if nothing was done and it can be tried again; the
        reason has been said then."""
        self.console.say(starting)
        ended = self.wait(carry_out(self.session, send, check, self.console.say, refusal_words))
        if ended.result is not None:
            return ended.result
        if ended.outcome == "done":
            self.console.say(ended.sentence)
        else:
            self.console.complain(ended.sentence)
        return None if ended.outcome == "not done" else ChangeResult("", ended.subject_id)

    def finish(self, done: ChangeResult | None) -> None:
        """Say what was done, and reload the lists."""
        if done is not None:
            if done.sentence:
                self.console.say(done.sentence)
            self.load()
