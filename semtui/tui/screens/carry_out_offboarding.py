"""Asks whether to carry out an offboarding, by the name of the person, and carries it out."""

from __future__ import annotations

from pathlib import Path

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label, Static

from semtui.changes import offboard
from semtui.changes.offboard import Offboarding
from semtui.changes.reconcile import Reconciliation
from semtui.changes.result import ChangeResult
from semtui.session.session import Session
from semtui.tui.screens.typed_confirmation import TypedConfirmation
from semtui.tui.widgets.field import Field
from semtui.tui.widgets.paragraphs import Paragraphs
from semtui.wording.styled_text import Line
from semtui.wording.subjects import name_of


class CarryOutOffboarding(TypedConfirmation):
    """Sends what is chosen, one request after the other; `plan` tells how each ended."""

    VERB = "carry out"
    NAME = "the name"
    PURPOSE = "carry it out"
    UNDONE = "Nothing was sent"
    LEAVE = "Not yet"

    def __init__(self, session: Session, plan: Offboarding) -> None:
        super().__init__(session, plan.person.id, name_of(plan.person))
        self.plan = plan

    def heading(self) -> str:
        """Ask whether to carry it out."""
        return f"Offboard {self.called}: {len(self.plan.to_send)} to do"

    def compose_warning(self) -> ComposeResult:
        """Lay out what is sent, and where new tokens go."""
        yield Paragraphs(
            [Line([(f"{each.name}: ", "strong"), (each.treatment_words, "plain")], 2) for each in self.plan.to_send]
        )
        if any(each.treatment == "regenerate" for each in self.plan.to_send):
            yield Static("Whatever uses a replaced token is locked out within 5 minutes.", classes="warning")
            with Horizontal(classes="field"):
                yield Label("Tokens into")
                yield Field("~", placeholder="a directory; each token gets a new file", id="folder", compact=True)

    @work(group="request", description="")
    async def send_typed(self) -> None:
        """Carry it out."""
        folder = next((Path(each.value.strip() or "~") for each in self.query("#folder").results(Input)), Path("~"))

        def report(plan: Offboarding, words: str) -> None:
            self.plan = plan
            self.say(words)

        async def send() -> ChangeResult:
            self.plan = await offboard.carry_out(self.session, self.plan, folder, report)
            whole = not any(each.outcome not in ("done", "planned") for each in self.plan.items)
            return ChangeResult(offboard.summary(self.plan), self.plan.person.id, tone="good" if whole else "warn")

        async def check() -> Reconciliation:
            # Each request has been looked up by itself.
            return Reconciliation("unknown", offboard.summary(self.plan), self.plan.person.id)

        await self.carry_out("Offboarding…", send, check)
