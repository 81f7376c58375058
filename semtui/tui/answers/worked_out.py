"""Answers that take longer than a frame where there are many people: they are worked out off the key path."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from typing import TYPE_CHECKING

from textual import work
from textual.content import Content
from textual.widgets import Static

from semtui.organization.store import MANY
from semtui.tui.answers.answer_screen import AnswerScreen
from semtui.tui.answers.questions import Questions

if TYPE_CHECKING:
    from semtui.audit.contract import Source
    from semtui.organization.store import OrganizationStore
    from semtui.tui.answers.answer import Ask


class WorkedOutQuestions(Questions):
    """Questions about something that is worked out once for the lists as they are."""

    @property
    @abstractmethod
    def worked_out_from(self) -> Source | None:
        """The lists it was worked out from; None before the first time."""

    @abstractmethod
    def work_out(self) -> None:
        """Work it out for the lists as they are, on any thread."""

    @property
    def is_worked_out(self) -> bool:
        """True if that was done for the lists as they are."""
        source = self.worked_out_from
        return source is not None and source.people is self._store.people and source.projects is self._store.projects


class WorkedOutScreen(AnswerScreen):
    """Shows such an answer, or what is being done meanwhile."""

    def __init__(self, store: OrganizationStore, questions: WorkedOutQuestions, ask: Ask, doing: str) -> None:
        """`doing` says what is being done."""
        super().__init__(store, ask)
        self._of = questions
        self._doing = doing
        self._working = False

    def _show(self, *, again: bool = False) -> None:
        if self._store.people.size <= MANY and not self._of.is_worked_out:
            self._of.work_out()
        if self._of.is_worked_out:
            self._draw(again=again)
            return
        if not again:
            self.query_one("#answer-head", Static).update(Content(self._doing))
        # One at a time: the lists may change with every page that arrives.
        if not self._working:
            self._working = True
            self._work_out(again)

    @work(group="work out", description="")
    async def _work_out(self, again: bool) -> None:
        try:
            while self.is_attached and not self._of.is_worked_out:
                await asyncio.to_thread(self._of.work_out)
                if self.is_attached:
                    self._draw(again=again)
                again = True
        finally:
            self._working = False


class WithProjects(WorkedOutScreen):
    """Shows an answer that takes the list of projects too."""

    def on_mount(self) -> None:
        """Load the projects if they are not."""
        listing = self._store.projects.listing
        if not listing.is_known and not listing.loading:
            self._load_projects()

    @work(group="projects", description="")
    async def _load_projects(self) -> None:
        # Without a look at each step: only the whole list counts.
        await self._store.load_projects(lambda: None)
        if self.is_attached:
            self.lists_changed()
