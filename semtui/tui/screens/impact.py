"""What depends on a person or account, and traces of what they did: read on request, and shown as a page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Protocol, Self

from textual.widgets import Button

from semtui.api.errors import SemaphoreError
from semtui.organization.store import OrganizationStore
from semtui.organization.subject import Subject
from semtui.tui.screens.request_modal import RequestModal
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from textual.app import App

    from semtui.wording.styled_text import Line, Tone

    class Say(Protocol):
        """Shows a sentence in the last line."""

        def __call__(self, words: str, tone: Tone = ...) -> None:
            """Show it."""


class ImpactButton(Button):
    """Shows what depends on the subject of a dialog; sends nothing that changes anything."""

    def __init__(self, store: OrganizationStore, subject: Subject) -> None:
        super().__init__("Impact", id="impact", compact=True)
        self._store = store
        self._subject = subject

    def press(self) -> Self:
        """Read it, and open the page."""
        screen = self.screen
        assert isinstance(screen, RequestModal), "it stands in dialogs that ask before a change"
        show_impact(self.app, self._store, self._subject, screen.say)
        return self


def show_impact(app: App[None], store: OrganizationStore, subject: Subject, say: Say) -> None:
    """Read what depends on somebody, and open the page about it over the present screen."""

    async def lines() -> Sequence[Line]:
        from semtui.audit.access.current import graph_of
        from semtui.audit.impact import impact
        from semtui.organization.ties import load_ties
        from semtui.wording.impact import impact_lines

        ties = await load_ties(store.session.read, store.projects.listing.items)
        graph = graph_of(store.people, store.projects)
        return impact_lines(await asyncio.to_thread(impact, graph, subject, ties))

    _show(app, store, f"What depends on {name_of(subject)}", lines, say)


def show_traces(app: App[None], store: OrganizationStore, subject: Subject, say: Say) -> None:
    """Read what somebody did last, and open the page about it over the present screen."""

    async def lines() -> Sequence[Line]:
        from semtui.organization.traces import load_traces, secret_places
        from semtui.wording.impact import trace_lines

        places = secret_places(await asyncio.to_thread(store.session.history.known), subject.id)
        found = await load_traces(store.session.read, subject.id, store.projects.listing.items, places)
        return trace_lines(found, store.session.clock())

    _show(app, store, f"Traces of {name_of(subject)}", lines, say)


def _show(
    app: App[None],
    store: OrganizationStore,
    title: str,
    lines: Callable[[], Awaitable[Sequence[Line]]],
    say: Say,
) -> None:
    asked_on = app.screen

    async def work() -> None:
        from semtui.tui.screens.text_page import TextPage

        if store.session.snapshot:
            say(store.session.read_only_reason, "warn")
            return
        say(f"{title}: reading…")
        try:
            if not store.projects.listing.is_known:
                await store.load_projects(lambda: None)
            page = await lines()
        except SemaphoreError as error:
            say(str(error), "bad")
            return
        say("")
        # Whoever went on meanwhile is not called back.
        if app.screen is asked_on:
            app.push_screen(TextPage(title, page))

    asked_on.run_worker(work(), group="impact", exclusive=True, description="")
