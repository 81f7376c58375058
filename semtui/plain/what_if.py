"""What would change if somebody were given another role, left a group and so on, in line mode. Nothing is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from semtui.audit.what_if import offers
from semtui.organization.role_catalog import explanation
from semtui.plain.browser import Browser, holding
from semtui.text.counting import count
from semtui.wording import what_if_offers as words

if TYPE_CHECKING:
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.what_if.offers import Offer
    from semtui.audit.what_if.operations import Operation
    from semtui.plain.console import Console


class WhatIfChoice:
    """Asks what would be changed about a subject or a role."""

    def __init__(self, console: Console, graph: AccessGraph, row_id: str) -> None:
        self._console = console
        self._graph = graph
        self._row_id = row_id
        self._name = words.row_name(graph, row_id)

    def ask(self) -> Operation | None:
        """The change that is chosen; None for none."""
        offered = offers.offers(self._graph, self._row_id)
        entries = [words.offer_words(self._graph, each, self._row_id).removesuffix("…") for each in offered]
        while chosen := self._console.menu(f"{self._name}: what would be done?", entries):
            offer = offered[chosen - 1]
            if lack := words.lack_words(self._graph, offer, self._row_id):
                self._console.complain(lack)
            elif (operation := self._completed(offer)) is not None:
                return operation
        return None

    def _completed(self, offer: Offer) -> Operation | None:
        """The change with everything it takes; None if that is not chosen."""
        if offer.needs == "permissions":
            return self._edited(offer)
        other_id = self._other(offer) if offer.needs else ""
        return None if other_id is None else offer.operation(self._row_id, other_id)

    def _other(self, offer: Offer) -> str | None:
        names = {each: words.row_name(self._graph, each) for each in offers.others(self._graph, offer, self._row_id)}

        def rows(typed: str) -> Sequence[str]:
            return [each for each, name in names.items() if holding(typed, name, each)]

        def said(other_id: str) -> str:
            return f"{names[other_id]}, {words.other_words(self._graph, offer, self._row_id, other_id)}".rstrip(", ")

        self._console.say(words.question_words(self._graph, offer, self._row_id))
        noun = "row" if offer.needs == "subject" else offer.needs
        return Browser(self._console, noun, rows, said).choose()

    def _edited(self, offer: Offer) -> Operation | None:
        present, every = offers.permissions_of(self._graph, self._row_id)
        picked = set(present)
        while True:
            added, removed = sorted(picked - {*present}), sorted({*present} - picked)
            so_far = f"{count(len(added), 'permission')} to add, {len(removed)} to remove"
            entries = ("Add a permission", "Remove a permission", f"What would change: {so_far}")
            chosen = self._console.menu(words.question_words(self._graph, offer, self._row_id), entries)
            if not chosen:
                return None
            if chosen == len(entries):
                return offer.operation(self._row_id, added=tuple(added), removed=tuple(removed))
            adding = chosen == 1
            name = self._permission([each for each in every if (each in picked) is not adding])
            if name is not None:
                picked ^= {name}

    def _permission(self, names: Sequence[str]) -> str | None:
        def rows(typed: str) -> Sequence[str]:
            return [name for name in names if holding(typed, name, explanation(name))]

        return Browser(self._console, "permission", rows, lambda name: f"{name}. {explanation(name)}").choose()
