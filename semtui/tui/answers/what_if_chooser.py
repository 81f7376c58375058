"""Lets the user choose what would be changed: first how, then, where it takes another, to what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.audit.what_if import offers
from semtui.organization.role_catalog import explanation
from semtui.tui.answers.what_if_questions import TITLE
from semtui.tui.answers.what_if_screen import WhatIfScreen
from semtui.tui.screens.candidate import Candidate
from semtui.tui.screens.chooser import Chooser
from semtui.tui.screens.impact import show_impact, show_traces
from semtui.wording import what_if_offers as words
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from textual.app import App

    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.what_if.offers import Offer
    from semtui.audit.what_if.operations import Operation
    from semtui.organization.store import OrganizationStore
    from semtui.tui.screens.impact import Say

_IMPACT, _TRACES = "impact", "traces"


class WhatIfChoice:
    """Asks what would be changed about a subject or a role, and shows what that would do."""

    def __init__(
        self, app: App[None], store: OrganizationStore, graph: AccessGraph, row_id: str, say: Say | None = None
    ) -> None:
        """`say` shows what is being read of the row besides; without it, nothing more is offered."""
        self._read_more = say
        self._app = app
        self._store = store
        self._row_id = row_id
        self._graph = graph
        self._offers = offers.offers(graph, row_id)

    def ask(self) -> None:
        """Offer the changes of the row."""
        graph, row_id = self._graph, self._row_id
        found = [
            Candidate(
                str(number),
                words.offer_words(graph, each, row_id),
                obstacle=words.lack_words(graph, each, row_id),
            )
            for number, each in enumerate(self._offers)
        ]
        subject = graph.people.by_id.get(row_id)
        if subject is not None and subject.kind != "group" and self._read_more is not None:
            name = name_of(subject)
            found.append(
                Candidate(_IMPACT, f"Impact: what depends on {name}, such as tasks, notifications, accounts created")
            )
            found.append(Candidate(_TRACES, f"Traces: what {name} did last, as far as Semaphore shows"))
        title = f"{TITLE} for {words.row_name(graph, row_id)}?"
        self._app.push_screen(Chooser(title, found, "what would be done"), self._chosen)

    def _chosen(self, number: str | None) -> None:
        if number is None:
            return
        if number in (_IMPACT, _TRACES):
            self._read(number)
            return
        offer = self._offers[int(number)]
        if not offer.needs:
            self._show(offer.operation(self._row_id))
        elif offer.needs == "permissions":
            self._edit(offer)
        else:
            self._choose_other(offer)

    def _read(self, what: str) -> None:
        subject = self._graph.people.by_id.get(self._row_id)
        if subject is not None and self._read_more is not None:
            show = show_impact if what == _IMPACT else show_traces
            show(self._app, self._store, subject, self._read_more)

    def _choose_other(self, offer: Offer) -> None:
        graph, row_id = self._graph, self._row_id
        found = [
            Candidate(each, words.row_name(graph, each), words.other_words(graph, offer, row_id, each), haystack=each)
            for each in offers.others(graph, offer, row_id)
        ]

        def chosen(other_id: str | None) -> None:
            if other_id is not None:
                self._show(offer.operation(row_id, other_id))

        self._app.push_screen(Chooser(words.question_words(graph, offer, row_id), found, "a part of the name"), chosen)

    def _edit(self, offer: Offer) -> None:
        from semtui.tui.answers.permission_picker import PermissionPicker

        present, every = offers.permissions_of(self._graph, self._row_id)

        def picked(edit: tuple[tuple[str, ...], tuple[str, ...]] | None) -> None:
            if edit is not None:
                self._show(offer.operation(self._row_id, added=edit[0], removed=edit[1]))

        title = words.question_words(self._graph, offer, self._row_id)
        meanings = {each: explanation(each) for each in every}
        self._app.push_screen(PermissionPicker(title, meanings, present), picked)

    def _show(self, operation: Operation) -> None:
        self._app.push_screen(WhatIfScreen(self._store, [operation]))
