"""Offboard a person: what depends on them, what is to be done about each, and all of it carried out line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from weakref import WeakKeyDictionary

from semtui.api.errors import NotSentError, OutcomeUnknownError, SemaphoreError
from semtui.changes import bulk
from semtui.changes.availability import removal_obstacle
from semtui.changes.regenerate_token import Regeneration
from semtui.history.history import as_one
from semtui.history.record import new_id
from semtui.system.private_files import PrivateFileError
from semtui.text.clean import clean
from semtui.text.counting import count
from semtui.wording import offboarding as wording
from semtui.wording.dates import day_words
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.models import NewToken
    from semtui.audit.impact import Impact
    from semtui.changes.bulk import BulkAction, RowOutcome
    from semtui.history.record import Entry
    from semtui.organization.subject import Subject
    from semtui.session.session import Session
    from semtui.tokens.delivery import Destination
    from semtui.wording.answered import Answered

Treatment = Literal["keep", "deactivate", "regenerate", "remove", "new owner"]
TREATMENTS: dict[Treatment, str] = {
    "keep": "keep as it is",
    "deactivate": "deactivate",
    "regenerate": "regenerate the token",
    "remove": "remove from the organization",
    "new owner": "a new owner, noted in the receipt",
}
_SENT: dict[Treatment, BulkAction] = {"deactivate": "deactivate", "remove": "delete"}
"""What is sent by way of a plan with one row."""
_OPEN: tuple[RowOutcome, ...] = ("planned", "not done")
_BY_HAND = "Semaphore's API cannot change it: do it on the web."


@dataclass(frozen=True)
class Item:
    """One thing that depends on the person, and what is to be done about it."""

    id: str
    kind: str
    """`person`, `account`, `project`, `task`, `notification` or `deployment target`."""
    name: str
    choices: tuple[Treatment, ...]
    treatment: Treatment = "keep"
    note: str = ""
    """Who is to own it."""
    outcome: RowOutcome = "planned"
    words: str = ""
    """What happened, or why there is no choice."""
    subject: Subject | None = None

    @property
    def is_sent(self) -> bool:
        """Whether carrying it out sends something."""
        return self.treatment in ("deactivate", "regenerate", "remove") and self.outcome in _OPEN

    @property
    def treatment_words(self) -> str:
        """What is done about it, in words."""
        return f"new owner: {self.note}" if self.treatment == "new owner" else TREATMENTS[self.treatment]


@dataclass(frozen=True)
class Offboarding:
    """The plan for one person. The person comes last, so that the rest is done while they can still be looked up."""

    person: Subject
    items: tuple[Item, ...]
    whole: bool
    """Whether everything that depends on the person could be read."""
    id: str = field(default_factory=new_id)
    """What its changes share in the journal."""

    @property
    def to_send(self) -> tuple[Item, ...]:
        """What is still to be sent."""
        return tuple(each for each in self.items if each.is_sent)

    def with_item(self, item: Item) -> Offboarding:
        """A copy with one item in its new state."""
        return replace(self, items=tuple(item if each.id == item.id else each for each in self.items))

    def chosen(self, item_id: str, treatment: Treatment, note: str = "") -> Offboarding:
        """A copy in which something else is done about an item."""
        item = next(each for each in self.items if each.id == item_id)
        return self.with_item(replace(item, treatment=treatment, note=note, outcome="planned", words=""))


def offboarding(found: Impact, entries: Sequence[Entry], *, community: bool) -> Offboarding:
    """The plan in which everything is kept. `entries` of the journal tell which tokens were replaced already."""
    person = found.subject
    renewed = {
        each.change.id: each.at for each in entries if each.change.action == "regenerate" and each.outcome == "done"
    }
    obstacle = removal_obstacle(person, community=community)
    items = [_account(each, renewed.get(each.id)) for each in found.created]
    owned: tuple[Treatment, ...] = ("keep", "new owner")
    items += [Item(each.id, "project", each.name, owned) for each in found.owned]
    items += [Item(task.id, "task", f"{project.name}: {task.name}", owned) for project, task in found.ties.tasks]
    items += [Item(each.id, "notification", each.name, owned) for each in found.ties.notifications]
    items += [
        Item(target.id, "deployment target", f"{project.name}: {target.name}", owned)
        for project, target in found.ties.targets
    ]
    choices: tuple[Treatment, ...] = ("keep",) if obstacle else ("keep", "remove")
    items.append(Item(person.id, "person", name_of(person), choices, words=obstacle, subject=person))
    return Offboarding(person, tuple(items), found.whole)


_kept: WeakKeyDictionary[Session, dict[str, Offboarding]] = WeakKeyDictionary()


def keep_choices(session: Session, plan: Offboarding) -> None:
    """Keep what was chosen until the session ends, for when the plan is closed and opened again."""
    _kept.setdefault(session, {})[plan.person.id] = plan


def with_kept_choices(session: Session, plan: Offboarding) -> tuple[Offboarding, bool]:
    """A new plan with what was chosen before and is still to be done, and whether there is any."""
    kept = _kept.get(session, {}).get(plan.person.id)
    again = [each for each in kept.items if each.treatment != "keep" and each.outcome in _OPEN] if kept else []
    offered = {each.id: each.choices for each in plan.items}
    again = [each for each in again if each.treatment in offered.get(each.id, ())]
    for each in again:
        plan = plan.chosen(each.id, each.treatment, each.note)
    return plan, bool(again)


def _account(account: Subject, renewed_at: float | None) -> Item:
    off = account.state == "deactivated"
    choices: tuple[Treatment, ...] = ("keep", "regenerate") if off else ("keep", "deactivate", "regenerate")
    words = "is deactivated already" if off else ""
    if renewed_at is not None:
        words = ", ".join(filter(None, (words, f"token replaced on {day_words(renewed_at)}")))
    return Item(account.id, "account", name_of(account), choices, words=words, subject=account)


async def carry_out(
    session: Session, plan: Offboarding, folder: Path, report: Callable[[Offboarding, str], None]
) -> Offboarding:
    """Do everything that is chosen, one by one, and stop where everything else would fail the same way. New tokens go
    into new files in `folder`. `report` is told the plan and what is being done. Raises no SemaphoreError."""
    for number, item in enumerate(plan.to_send, start=1):
        report(plan, f"{number} of {len(plan.to_send) + number - 1}: {item.name}, {item.treatment_words}…")
        with as_one(plan.id):
            ended, stops = await _done(session, item, folder)
        plan = plan.with_item(ended)
        if stops:
            break
    return plan


async def _done(session: Session, item: Item, folder: Path) -> tuple[Item, bool]:
    assert item.subject is not None, "only people and accounts are changed"
    if item.treatment == "regenerate":
        return await _regenerated(session, item, item.subject, folder)
    plan = bulk.Plan(_SENT[item.treatment], (bulk.PlannedRow(item.subject, ""),))
    try:
        plan = await bulk.recheck_plan(session, plan)
    except SemaphoreError as error:
        return replace(item, outcome="not done", words=f"Nothing was sent: {error}"), True
    stops = False
    if plan.open:
        row, stopping = await bulk.run_plan(session, plan, plan.open[0])
        plan, stops = await bulk.confirm_removals(session, plan.with_step(row)), stopping is not None
    row = plan.steps[0]
    return replace(item, outcome=row.outcome, words=row.words), stops


def token_place(item: Item, folder: Path) -> Destination:
    """The new file for the new token of an account."""
    from semtui.tokens.delivery import Destination, suggested_path

    return Destination(path=folder / Path(suggested_path(item.name)).name)


async def _regenerated(session: Session, item: Item, account: Subject, folder: Path) -> tuple[Item, bool]:
    from semtui.changes.bulk_tokens import answer_lost, delivered

    to = token_place(item, folder)
    row = bulk.PlannedRow(account, "")
    regeneration = Regeneration(session, account, lambda words: None)
    try:
        result = await regeneration.send(to, revoking=False)
    except OutcomeUnknownError:
        row, _ = await answer_lost(row, regeneration.check)
        return replace(item, outcome=row.outcome, words=row.words), False
    except SemaphoreError as error:
        session.permissions.note_refusal(error)
        stops = isinstance(error, bulk.STOPPING) and not isinstance(error, NotSentError)
        return replace(item, outcome="not done" if stops else "refused", words=str(error)), stops
    assert result.token is not None, "a regeneration brings a token"
    row = await delivered(session, row, result.token, to)
    kept = f" {_saved(session, row.token)}" if row.token is not None else ""
    return replace(item, outcome=row.outcome, words=f"{row.words}{kept}"), False


def _saved(session: Session, token: NewToken) -> str:
    """Where a token is that was not delivered."""
    try:
        kept = session.vault.save_privately(token)
    except PrivateFileError:
        kept = None
    where = f"it was saved to {clean(str(kept))}" if kept else "it is kept until semtui ends, and saved then"
    return f"The new token is not lost: {where}."


def summary(plan: Offboarding) -> str:
    """How it ended, in a sentence."""
    sent = [each for each in plan.items if each.treatment in ("deactivate", "regenerate", "remove")]
    done, half = (sum(each.outcome == outcome for each in sent) for outcome in ("done", "partly"))
    noted = sum(each.treatment == "new owner" for each in plan.items)
    words = f"Offboarding {name_of(plan.person)}: {done} of {len(sent)} done"
    parts = [words]
    if half:
        parts.append(f"{half} done in part")
    if left := len(sent) - done - half:
        parts.append(f"{left} not")
    if noted:
        parts.append(f"{count(noted, 'new owner')} noted")
    return f"{', '.join(parts)}."


def receipt(session: Session, plan: Offboarding) -> Answered:
    """What was done about each thing, to be written to a file that only its owner can read."""
    return wording.receipt(
        name_of(plan.person),
        plan.person.id,
        session.context.host,
        session.clock(),
        receipt_rows(plan),
        summary(plan),
    )


def receipt_rows(plan: Offboarding) -> list[dict[str, str]]:
    """What was done about each thing."""
    rows = []
    for each in plan.items:
        sent = each.treatment in ("deactivate", "regenerate", "remove")
        result = each.outcome if sent else _BY_HAND if each.treatment == "new owner" else ""
        rows.append(
            {
                "kind": each.kind,
                "name": each.name,
                "id": each.id,
                "treatment": each.treatment_words,
                "result": "not begun" if result == "planned" else result,
                "words": each.words,
            }
        )
    return rows
