"""Offboarding on the screen: what is done about each thing that depends on a person, carried out as one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding

from semtui.changes import offboard
from semtui.changes.offboard import TREATMENTS, Item, Offboarding
from semtui.tui.answers.answer import Answer, AnswerRow
from semtui.tui.answers.answer_screen import AnswerScreen
from semtui.tui.screens.candidate import Candidate
from semtui.tui.screens.carry_out_offboarding import CarryOutOffboarding
from semtui.tui.screens.chooser import Chooser
from semtui.tui.widgets.columns import Column
from semtui.tui.widgets.row_table import RowTable
from semtui.wording import offboarding as words
from semtui.wording.dates import clock_words
from semtui.wording.styled_text import Line
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from semtui.changes.result import ChangeResult
    from semtui.organization.store import OrganizationStore

_COLUMNS = (
    Column("kind", "WHAT", 17, rank=2),
    Column("name", "NAME", 20, share=2),
    Column("treatment", "WHAT IS DONE", 24, share=2),
    Column("result", "RESULT", 16, share=3, rank=1),
)
_NOTHING_CHOSEN = "Nothing is to be sent yet; enter chooses what is done about a row."
_NOTHING_LEFT = "Nothing is left to be sent. E writes the receipt."


class OffboardScreen(AnswerScreen):
    """Lets the user choose what is done about each thing, and carries it out."""

    BINDINGS = [Binding("c", "carry_out", "Carry it out", show=False, priority=True)]

    def __init__(
        self, store: OrganizationStore, plan: Offboarding, changed: Callable[[ChangeResult | None], None]
    ) -> None:
        """`changed` is called after something was sent. `plan` follows what is chosen and done."""
        self.plan, self._back = offboard.with_kept_choices(store.session, plan)
        self._changed = changed
        self._under = ""
        """The row that was under the cursor."""
        super().__init__(store, self._answer)

    def on_mount(self) -> None:
        """Say that earlier choices are back."""
        if self._back:
            self.say(words.BACK)

    def _answer(self) -> Answer:
        plan, session = self.plan, self._store.session
        head = [Line([(words.EXPLAINED, "muted")])]
        if not plan.whole:
            head.append(Line([(words.NOT_WHOLE, "warn")]))
        return Answer(
            f"Offboard {name_of(plan.person)}",
            f"as of {clock_words(session.clock())}",
            head,
            _COLUMNS,
            rows=[_row(each) for each in plan.items],
            hint="enter what is done  c carry it out",
            answered=partial(offboard.receipt, session, plan),
            size=len(plan.items),
            stem="offboarding",
        )

    def lists_changed(self) -> None:
        """The plan is about what was read when it was made."""

    def moved(self) -> None:
        """Tell what is cut in the row under the cursor."""
        super().moved()
        item = self._item
        if item is not None and item.id != self._under:
            # What is cut in the row is read below it; what was said before the first move stays.
            if self._under:
                self._tell(item)
            self._under = item.id

    @property
    def _item(self) -> Item | None:
        row = self.rows.row
        return next((each for each in self.plan.items if row is not None and each.id == row.id), None)

    def _tell(self, item: Item) -> None:
        joint = "" if item.outcome == "planned" else ":"
        told = f"{item.name}{joint} {item.words.rstrip('.')}." if item.words else ""
        self.say(told, words.TONES.get(item.outcome, "plain"))

    @on(RowTable.Chosen)
    def action_deeper(self) -> None:
        """Let the user choose what is done about the row."""
        item = self._item
        if item is None:
            return
        if len(item.choices) < 2 or item.outcome == "done":
            if item.words:
                self._tell(item)
            else:
                self.say("This is done.", "warn")
            return
        self._tell(item)

        def chosen(treatment: str | None) -> None:
            if treatment == "new owner":
                self._choose_owner(item)
            elif treatment is not None:
                self._take(self.plan.chosen(item.id, next(each for each in item.choices if each == treatment)))

        candidates = [Candidate(each, TREATMENTS[each]) for each in item.choices]
        self.app.push_screen(Chooser(f"{item.kind} {item.name}", candidates, "what is done"), chosen)

    def _choose_owner(self, item: Item) -> None:
        people = [
            each for each in self._store.people.subjects if each.kind == "person" and each.id != self.plan.person.id
        ]

        def chosen(name: str | None) -> None:
            if name is not None:
                self._take(self.plan.chosen(item.id, "new owner", name))

        candidates = [Candidate(f"{name_of(each)} [{each.id}]", name_of(each), each.id) for each in people]
        self.app.push_screen(Chooser(f"New owner of {item.name}", candidates, "a name"), chosen)

    def _take(self, plan: Offboarding) -> None:
        self.plan = plan
        offboard.keep_choices(self._store.session, plan)
        self._level.spot = self.rows.spot
        self._draw()

    def action_carry_out(self) -> None:
        """Ask for the name, and carry out what is chosen and not done yet."""
        session = self._store.session
        if reason := session.read_only_reason:
            self.say(reason, "warn")
            return
        if not self.plan.to_send:
            begun = any(each.outcome != "planned" for each in self.plan.items)
            self.say(_NOTHING_LEFT if begun else _NOTHING_CHOSEN, "warn")
            return
        dialog = CarryOutOffboarding(session, self.plan)

        def left(result: ChangeResult | None) -> None:
            self._take(dialog.plan)
            if result is not None:
                again = " c goes on with what was not done." if self.plan.to_send else ""
                self.say(f"{result.sentence}{again} E writes the receipt.", result.tone)
                self._changed(result)

        self.app.push_screen(dialog, left)


def _row(item: Item) -> AnswerRow:
    sent = item.treatment in ("deactivate", "regenerate", "remove")
    outcome = item.outcome if sent and item.outcome != "planned" else ""
    result = ": ".join(filter(None, (outcome, item.words)))
    return AnswerRow(
        item.id,
        {
            "kind": [(item.kind, "muted")],
            "name": [(item.name, "plain")],
            "treatment": [(item.treatment_words, "muted" if item.treatment == "keep" else "strong")],
            "result": [(result, words.TONES.get(outcome, "muted"))],
        },
    )
