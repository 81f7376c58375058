"""Offboard a person: each thing that depends on them as a numbered line, then all of it carried out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from semtui.changes import offboard
from semtui.changes.offboard import TREATMENTS
from semtui.plain.browser import Browser
from semtui.plain.speech import file_question
from semtui.system.private_files import PrivateFileError, write_private
from semtui.wording import offboarding as words
from semtui.wording.dates import day_words
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.changes.offboard import Item, Offboarding
    from semtui.organization.subject import Subject
    from semtui.plain.context import PlainContext


def offboard_person(context: PlainContext, person: Subject) -> None:
    """Let the user choose what is done about each thing, and carry it out."""
    from semtui.audit.access.current import graph_of
    from semtui.audit.impact import impact
    from semtui.plain.impact import read_ties

    console, store = context.console, context.store
    if (ties := read_ties(context, person)) is None:
        return
    try:
        entries = context.session.history.entries()
    except PrivateFileError as error:
        console.complain(str(error))
        return
    found = impact(graph_of(store.people, store.projects), person, ties)
    plan = offboard.offboarding(found, entries, community=store.people.community)
    console.say(words.EXPLAINED)
    if not plan.whole:
        console.say(words.NOT_WHOLE)
    plan, back = offboard.with_kept_choices(context.session, plan)
    if back:
        console.say(words.BACK)
    _Plan(context, plan).run()
    context.load()


class _Plan:
    def __init__(self, context: PlainContext, plan: Offboarding) -> None:
        self._context = context
        self._console = context.console
        self._plan = plan

    def run(self) -> None:
        """Offer every item, carrying out, and the receipt, until the user goes back."""
        while True:
            items = self._plan.items
            entries = [_words(each) for each in items]
            entries += [f"Carry out {len(self._plan.to_send)} of them", "Write the receipt to a file"]
            chosen = self._console.menu("What is done about each?", entries)
            if not chosen:
                if self._plan.to_send:
                    self._console.say(words.KEPT)
                return
            if chosen <= len(items):
                self._choose(items[chosen - 1])
            elif chosen == len(items) + 1:
                self._carry_out()
            else:
                self._write()

    def _choose(self, item: Item) -> None:
        if len(item.choices) < 2 or item.outcome == "done":
            self._console.complain(f"{item.name} {item.words}." if item.words else "This is done.")
            return
        chosen = self._console.menu(f"{item.kind} {item.name}", [TREATMENTS[each] for each in item.choices])
        if not chosen:
            return
        treatment, note = item.choices[chosen - 1], ""
        if treatment == "new owner":
            owner = Browser(self._console, "person", self._people, self._context.row_words).choose()
            if owner is None:
                return
            note = f"{name_of(owner)} [{owner.id}]"
        self._take(self._plan.chosen(item.id, treatment, note))

    def _take(self, plan: Offboarding) -> None:
        self._plan = plan
        offboard.keep_choices(self._context.session, plan)

    def _people(self, typed: str) -> Sequence[Subject]:
        return [each for each in self._context.rows(typed, "person") if each.id != self._plan.person.id]

    def _carry_out(self) -> None:
        console, plan = self._console, self._plan
        if not plan.to_send:
            console.complain("Nothing you chose has to be sent.")
            return
        folder = Path("~")
        if any(each.treatment == "regenerate" for each in plan.to_send):
            folder = Path(
                console.text("Directory for new files with the tokens; Enter chooses your home directory") or "~"
            )
        name = name_of(plan.person)
        if not console.confirmed(f"Type {name} to carry it out; Enter cancels", name):
            console.say("Nothing was sent.")
            return
        session = self._context.session
        self._take(
            self._context.wait(offboard.carry_out(session, plan, folder, lambda plan, doing: console.say(doing)))
        )
        for each in self._plan.items:
            if each.outcome != "planned":
                console.say(f"{_words(each)}.")
        console.say(offboard.summary(self._plan))

    def _write(self) -> None:
        session = self._context.session
        receipt = offboard.receipt(session, self._plan)
        suggested = f"~/semtui-offboarding-{day_words(session.clock())}.txt"
        while typed := self._console.text(file_question(suggested)):
            try:
                path = write_private(Path(typed), receipt.write("text"))
            except PrivateFileError as error:
                self._console.complain(str(error))
                continue
            self._console.say(f"Written to {path}.")
            return


def _words(item: Item) -> str:
    sent = item.treatment in ("deactivate", "regenerate", "remove") and item.outcome != "planned"
    return ", ".join(
        filter(None, (f"{item.kind} {item.name}", item.treatment_words, item.outcome if sent else "", item.words))
    )
